"""An external OpenID provider as a login means: from what a login asks to what may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.errors import (
    LevelNotProven,
    LevelUnreachable,
    Malformed,
    MeansDeclined,
    NotEntitled,
    ProofInvalid,
    ProtocolRefusal,
    Unavailable,
)
from toegang.identity.numbers import Bsn
from toegang.identity.subject import Subject
from toegang.means.base import Authentication, Factor, Go
from toegang.means.external import levels
from toegang.means.external.errands import Errand
from toegang.means.external.numbers import exact
from toegang.means.external.sessions import Farewell, Known
from toegang.means.oidc.id_token import Answer, believe, check_same
from toegang.means.oidc.provider import Provider
from toegang.means.oidc.request import Secrets, address, parameters
from toegang.oidc.errors import (
    SERVER_ERROR,
    TEMPORARILY_UNAVAILABLE,
    UNMET_AUTHENTICATION_REQUIREMENTS,
)
from toegang.oidc.parameters import parse_parameters

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import AdmittedMeans, MeansId
    from toegang.catalogue.watch import Catalogue
    from toegang.ids import Ids
    from toegang.means.base import Ask
    from toegang.means.external.errands import Errands
    from toegang.means.external.linking import Linking
    from toegang.means.external.sessions import ForeignSessions
    from toegang.means.oidc.calls import Calls, Tokens
    from toegang.means.oidc.id_token import Told
    from toegang.means.oidc.metadata import Directory, Metadata
    from toegang.oidc.parameters import Parameters

CALLBACK = "/means/oidc/callback/"
LOGGED_OUT = "/means/oidc/logged-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A browser that came back: on which errand, and with what."""

    errand: Errand
    told: Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcMeans:
    """The hub as the client of OpenID providers; `address` is the hub's own."""

    address: str
    catalogue: Catalogue
    errands: Errands
    directory: Directory
    calls: Calls
    linking: Linking
    elsewhere: ForeignSessions
    ids: Ids

    def reach(self, admission: AdmittedMeans) -> Level:
        """Return the highest level that the provider has a name for."""
        return levels.reach(admission)

    def pages(self, admission: AdmittedMeans) -> tuple[str, ...]:
        """Return the origins of the provider's pages."""
        return Provider.of(admission).pages

    async def proves(self, admission: AdmittedMeans, subject: Subject) -> bool:
        """Tell whether the person has a link with the provider, or it is the same account there."""
        return await self.linking.proves(admission, Provider.of(admission).issuer, subject)

    async def check_usable(self, proven: Authentication, now: datetime) -> None:  # noqa: ARG002 no end date
        """Refuse what was proven by a link that has ended.

        Raises:
            AccountClosed: it may no longer be used.

        """
        await self.linking.check_usable(proven)

    async def start(self, ask: Ask, now: datetime) -> Go:
        """Remember what is asked, and send the browser to the provider.

        The request is left at the provider beforehand where it takes that (RFC9126).

        Raises:
            LevelUnreachable: the provider has no name for the level.
            Unavailable: the provider does not answer.
            Misconfigured: its settings are not right, or its pages are where they should not be.

        """
        if levels.reach(ask.admission) < ask.required:
            raise LevelUnreachable
        provider = Provider.of(ask.admission)
        metadata = await self.directory.metadata(provider, now)
        provider.check_page(metadata.authorization)
        secrets = Secrets(state=self.ids.token(), nonce=self.ids.token(), verifier=self.ids.token(48))
        asked = parameters(provider, ask, secrets, self._return_to(provider.means), now)
        if metadata.pushed:
            name = await self.calls.push(provider, metadata, asked, now)
            asked = {"client_id": provider.client_id, "request_uri": name}
        errand = Errand.of(ask, provider.issuer, secrets.nonce, now, secrets.verifier)
        await self.errands.keep(secrets.state, errand, now)
        return Go(location=address(metadata.authorization, asked))

    async def take(self, means: MeansId, octets: bytes, browser: str, now: datetime) -> Returned:
        """Find the errand of a browser that came back, once.

        Raises:
            Malformed, TooLarge: what it brings cannot be read.
            OneTimeGone: nothing was asked, it was answered before, or it took too long.
            LoginElsewhere: another browser asked it.

        """
        try:
            told = parse_parameters(octets)
        except ProtocolRefusal as refusal:
            raise Malformed(refusal.detail) from refusal
        errand = await self.errands.take(told.get("state", ""), browser, now, means)
        return Returned(errand=errand, told=told)

    async def prove(self, returned: Returned, now: datetime) -> Authentication:
        """Find out who was proven.

        1. the means is open now; 2. the answer is of the provider that was asked (RFC9207-2.4); 3. it is
        no error; 4. the code is exchanged, with the verifier; 5. the ID token is believed; 6. its level is
        what the admission's table says; 7. the person is found by their link.

        Raises:
            PartyClosed, UnknownParty: the means was closed meanwhile.
            ProofInvalid: a check fails.
            MeansDeclined: the provider did not log the person in.
            LevelNotProven: not at the level asked.
            Unavailable: it does not answer.
            LinkedElsewhere: the account is a means of somebody with another BSN.

        """
        errand, told = returned.errand, returned.told
        # 1.
        admission = gate.open_means(self.catalogue.current, errand.means, now)
        provider = Provider.of(admission)
        metadata = await self.directory.metadata(provider, now)
        # 2.
        _check_issuer(told, provider, errand, required=metadata.sends_issuer)
        # 3.
        if "error" in told:
            raise _refusal(told["error"])
        code = told.get("code")
        if code is None:
            message = "an answer with neither a code nor an error"
            raise ProofInvalid(message)
        # 4.
        grant = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._return_to(provider.means),
            "code_verifier": errand.verifier,
        }
        tokens = await self.calls.exchange(provider, metadata, grant, now)
        # 5.
        answer = Answer.of(tokens, code)
        keys = await self.directory.keys(provider, answer.unverified.header.kid, now)
        believed = believe(answer, provider, keys, errand, now)
        # 6.
        sid = believed.claims.get("sid")
        known = Known(name=believed.subject, index=sid if isinstance(sid, str) else "", hint=tokens.id_token)
        proven = Authentication(
            subject=Subject(issuer=provider.issuer, identifier=believed.subject),
            means=admission.id,
            level=levels.level_of(admission, believed.acr, now),
            at=believed.at,
            factors=(Factor.EXTERNAL,),
            elsewhere=await self.elsewhere.keep(admission, provider.issuer, known, now),
        )
        # 7.
        bsn = await self._bsn(provider, metadata, tokens, believed)
        return await self.linking.recognise(proven, bsn, now)

    async def farewell(self, admission: AdmittedMeans, known: Known, now: datetime) -> Farewell:
        """OIDCRPL-2: write a request to log out there; in a form, since an ID token stands in no address.

        Raises:
            NotEntitled: the provider has no address for it.
            Unavailable, Misconfigured: what it says of itself cannot be had, or is not right.

        """
        provider = Provider.of(admission)
        metadata = await self.directory.metadata(provider, now)
        if not metadata.end_session:
            message = f"{provider.issuer}: nowhere to log out"
            raise NotEntitled(message)
        provider.check_page(metadata.end_session)
        state = self.ids.token()
        fields = (
            ("id_token_hint", known.hint),
            ("client_id", provider.client_id),
            ("post_logout_redirect_uri", self.address + LOGGED_OUT),
            ("state", state),
        )
        return Farewell(request=state, location=metadata.end_session, fields=fields)

    async def _bsn(
        self, provider: Provider, metadata: Metadata, tokens: Tokens, believed: Told
    ) -> Bsn | None:
        """Return the BSN that an admitted provider tells, in the ID token or at userinfo."""
        if not provider.bsn_claim:
            return None
        found = believed.claims.get(provider.bsn_claim)
        if found is None and metadata.userinfo:
            userinfo = await self.calls.userinfo(provider, metadata, tokens.access_token)
            check_same(believed, userinfo)
            found = userinfo.get(provider.bsn_claim)
        try:
            return Bsn.parse(exact(found if isinstance(found, str) else ""))
        except ValueError:
            message = f"{provider.issuer}: admitted to give the BSN, and gave none"
            raise ProofInvalid(message) from None

    def _return_to(self, means: MeansId) -> str:
        """RFC9700-4.4.2: each provider sends its answers to an address of its own."""
        return self.address + CALLBACK + means


def _check_issuer(told: Parameters, provider: Provider, errand: Errand, *, required: bool) -> None:
    """RFC9207-2.4: the answer is of the provider that was asked, and says so where it promised to."""
    issuer = told.get("iss")
    right = provider.issuer == errand.party and issuer in (
        {errand.party} if required else {None, errand.party}
    )
    if not right:
        message = f"an answer of another party than {errand.party}, which was asked"
        raise ProofInvalid(message)


def _refusal(word: str) -> MeansDeclined | LevelNotProven | Unavailable:
    """OIDCC-3.1.2.6: say what a provider's error means here."""
    message = f"the provider answered {word[:64]!r}"
    if word == UNMET_AUTHENTICATION_REQUIREMENTS:
        return LevelNotProven(message)
    if word in {SERVER_ERROR, TEMPORARILY_UNAVAILABLE}:
        return Unavailable(message)
    return MeansDeclined(message)
