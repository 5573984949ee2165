"""An ended login becomes an answer to its client: a code to redeem, or an error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang import errors
from toegang.errors import NotEntitled, OneTimeGone, PartyClosed, Refusal, ToegangError, UserInteractionNeeded
from toegang.oidc.errors import SERVER_ERROR, Endpoint, OAuthError, word_for
from toegang.provider import told_names
from toegang.provider.grants import Grant
from toegang.provider.oidc.clients import profile_of
from toegang.provider.oidc.details import granted
from toegang.provider.oidc.letter import Letter
from toegang.provider.oidc.levels import answer_name

if TYPE_CHECKING:
    from toegang.catalogue.watch import Catalogue
    from toegang.identity.subject import Represented, Subject
    from toegang.ids import Ids
    from toegang.login.answer import Refused, Reply
    from toegang.login.request import Actor, LoginRequest, Outcome
    from toegang.provider.grants import Grants
    from toegang.provider.oidc.admit import Pushed
    from toegang.pseudonyms import Pairwise
    from toegang.pseudonyms.known import KnownPseudonyms
    from toegang.units import Expiring, Unit

# Everything by which a login can end, by its code (errors).
_REFUSALS: dict[str, type[ToegangError]] = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ToegangError)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdAnswerer:
    """Answers OpenID Connect clients (login.answer.Answerer)."""

    catalogue: Catalogue
    grants: Grants
    pushed: Expiring[Pushed]
    pairwise: Pairwise
    names: KnownPseudonyms
    ids: Ids

    def check_subject(self, request: LoginRequest, subject: Subject) -> None:
        """OIDCC-3.1.2.2: refuse another subject than `claims` asks for (login.answer.Answerer).

        Raises:
            UserInteractionNeeded: it is somebody else.

        """
        asked = Letter.open(request.reply_to).subjects
        if asked:
            _check_asked(asked, self._subject(request, subject))

    async def answer(self, unit: Unit, request: LoginRequest, outcome: Outcome) -> Reply | Refusal:
        """OIDCC-3.1.2.5: keep a grant and answer with its code; a Refusal when that may not be."""
        letter = Letter.open(request.reply_to)
        try:
            grant = self._grant(letter, outcome)
        except Refusal as refusal:
            return refusal
        if letter.pushed and await self.pushed.take(unit, letter.pushed, outcome.completed_at) is None:
            # RFC9126-7.3: the request was answered once, in another tab.
            return OneTimeGone("the pushed request was answered before")
        code = self.ids.token()
        await self.grants.add(unit, grant, code)
        await told_names.note(unit, self.names, outcome, self.catalogue.current)
        return letter.address.reply({"code": code})

    async def refuse(self, unit: Unit, request: LoginRequest, refused: Refused) -> Reply:
        """OIDCC-3.1.2.6: answer with an error; that uses a pushed request up too (RFC9126-7.3)."""
        letter = Letter.open(request.reply_to)
        if letter.pushed:
            await self.pushed.take(unit, letter.pushed, refused.ended_at)
        word = _word(refused.code)
        return letter.address.reply({"error": word.error, "error_description": word.description})

    def _grant(self, letter: Letter, outcome: Outcome) -> Grant:
        client = self.catalogue.current.client(outcome.request.client)
        if client is None:
            message = "the client is gone from the catalogue"
            raise PartyClosed(message)
        profile, now, service = profile_of(client), outcome.completed_at, outcome.request.service
        if outcome.represented is not None and not client.representation:
            # MANDATES-P9: it would take this for a login of who acts, and for nothing more.
            message = f"client {client.id} does not know what acting for another is"
            raise NotEntitled(message)
        if service.identity.of_organisation and (outcome.represented is None or outcome.represented.person):
            message = "the service is about organisations, and nobody acts for one"
            raise NotEntitled(message)
        subject = self._subject(outcome.request, outcome.actor)
        _check_asked(letter.subjects, subject)
        lifetime = max(profile.access_token_lifetime, profile.refresh_lifetime)
        grant = Grant(
            id=str(self.ids.uuid()),
            reference=outcome.reference,
            session=outcome.session,
            client=client.id,
            organisation=service.organisation,
            service=service.id,
            subject=subject,
            proven=outcome.proven,
            authenticated_at=outcome.authenticated_at,
            acr=answer_name(client, letter.levels, outcome.level, now),
            scope=letter.scope,
            nonce=letter.nonce,
            redirect_uri=letter.address.redirect_uri,
            challenge=letter.challenge,
            proof_key=letter.proof_key,
            identity=service.identity,
            attributes=service.attributes,
            answered_at=now,
            code_until=now + profile.code_lifetime,
            until=now + lifetime,
            level=outcome.level,
            browser=outcome.browser,
            own_level=outcome.own_level,
            chain=outcome.chain,
            names=tuple(self._name(outcome.request, each) for each in outcome.chain),
            statement=outcome.statement,
        )
        return replace(grant, details=granted(grant, letter.address.issuer)) if letter.detailed else grant

    def _name(self, request: LoginRequest, represented: Represented) -> str:
        """NLGOV-OIDC-represents: an organisation goes by its number, a person by their name here."""
        if represented.person is None:
            return represented.number
        sector, version = request.service.pseudonym_sector, request.service.pseudonym_version
        return self.pairwise.of_person(represented.person, sector, version)

    def _subject(self, request: LoginRequest, who: Actor | Subject) -> str:
        """OIDCC-8.1: the person's name in this service's sector, by whatever means they came."""
        sector, version = request.service.pseudonym_sector, request.service.pseudonym_version
        if who.person is not None:
            return self.pairwise.of_person(who.person, sector, version)
        return self.pairwise.of_account(who.issuer, who.identifier, sector, version)


def _check_asked(asked: tuple[str, ...], subject: str) -> None:
    # Every one is compared, each in constant time: who tries names learns nothing from how long it took.
    matches = [compare_digest(each.encode(), subject.encode()) for each in asked]
    if asked and not any(matches):
        message = "the client asked for somebody else"
        raise UserInteractionNeeded(message)


def _word(code: str) -> OAuthError:
    refusal = _REFUSALS.get(code)
    if refusal is NotEntitled:
        # RFC6749-4.1.2.1: the client was let in; it is this login that may not be.
        return word_for(Refusal(), Endpoint.AUTHORIZATION)
    if refusal is None:
        return OAuthError(error=SERVER_ERROR, description="something went wrong here", status=500)
    return word_for(refusal.__new__(refusal), Endpoint.AUTHORIZATION)
