"""An ended login becomes an answer to its client: a code to redeem, or an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang import errors
from toegang.errors import OneTimeGone, PartyClosed, Refusal
from toegang.login.request import Outcome
from toegang.oidc.errors import SERVER_ERROR, Endpoint, OAuthError, word_for
from toegang.provider.oidc.clients import profile_of
from toegang.provider.oidc.grants import Grant
from toegang.provider.oidc.letter import Letter
from toegang.provider.oidc.levels import answer_name

if TYPE_CHECKING:
    from toegang.catalogue.watch import Catalogue
    from toegang.ids import Ids
    from toegang.login.answer import Refused, Reply
    from toegang.login.request import LoginRequest
    from toegang.provider.oidc.admit import Pushed
    from toegang.provider.oidc.grants import Grants
    from toegang.pseudonyms import Pairwise
    from toegang.units import Expiring, Unit

# Every refusal by which a login can end, by its code (errors.py).
_REFUSALS: dict[str, type[Refusal]] = {
    kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refusal)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdAnswerer:
    """Answers OpenID Connect clients (login.answer.Answerer)."""

    catalogue: Catalogue
    grants: Grants
    pushed: Expiring[Pushed]
    pairwise: Pairwise
    ids: Ids

    async def answer(self, unit: Unit, request: LoginRequest, end: Outcome | Refused) -> Reply:
        """OIDCC-3.1.2.5 and -3.1.2.6: keep a grant and answer with its code, or answer with an error."""
        letter = Letter.open(request.reply_to)
        if not isinstance(end, Outcome):
            return _told(letter, _word(end.code))
        if letter.pushed and await self.pushed.take(unit, letter.pushed, end.completed_at) is None:
            # RFC9126-7.3: the request was answered once, in another tab.
            return _told(letter, word_for(OneTimeGone(), Endpoint.AUTHORIZATION))
        try:
            grant = self._grant(letter, end)
        except Refusal as refusal:
            return _told(letter, word_for(refusal, Endpoint.AUTHORIZATION))
        code = self.ids.token()
        await self.grants.add(unit, grant, code)
        return letter.address.reply({"code": code})

    def _grant(self, letter: Letter, outcome: Outcome) -> Grant:
        client = self.catalogue.current.client(outcome.request.client)
        if client is None:
            message = "the client is gone from the catalogue"
            raise PartyClosed(message)
        profile, now, service = profile_of(client), outcome.completed_at, outcome.request.service
        lifetime = max(profile.access_token_lifetime, profile.refresh_lifetime)
        return Grant(
            id=str(self.ids.uuid()),
            reference=outcome.reference,
            session=outcome.session,
            client=client.id,
            organisation=service.organisation,
            service=service.id,
            subject=self._subject(outcome),
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
        )

    def _subject(self, outcome: Outcome) -> str:
        """OIDCC-8.1: the person's name in this service's sector, by whatever means they came."""
        actor, service = outcome.actor, outcome.request.service
        sector, version = service.pseudonym_sector, service.pseudonym_version
        if actor.person is not None:
            return self.pairwise.of_person(actor.person, sector, version)
        return self.pairwise.of_account(actor.issuer, actor.identifier, sector, version)


def _told(letter: Letter, word: OAuthError) -> Reply:
    return letter.address.reply({"error": word.error, "error_description": word.description})


def _word(code: str) -> OAuthError:
    refusal = _REFUSALS.get(code)
    if refusal is None:
        return OAuthError(error=SERVER_ERROR, description="something went wrong here", status=500)
    return word_for(refusal.__new__(refusal), Endpoint.AUTHORIZATION)
