"""Identity providers that are means: they say that somebody logged out there, and answer when we said so.

Only who signs with a pinned key of the identity provider is believed, and only about its own sessions (S27).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import Malformed, OneTimeGone, ProofInvalid, Refusal, Replayed, UnknownParty
from toegang.means.external.sessions import is_told
from toegang.means.saml.partner import role_of
from toegang.provider.logout.means import EndedElsewhere
from toegang.provider.logout.records import ReturnTo
from toegang.provider.saml.letter import PROVIDER
from toegang.provider.saml.logout import Answered, AnswerTo
from toegang.provider.saml.profiles import LONGEST_RELAY, REQUEST_LIFETIME, SKEW
from toegang.provider.saml.received import check_moment, open_message
from toegang.provider.saml.status import UNKNOWN_PRINCIPAL, status_of
from toegang.provider.saml.telling import is_whole
from toegang.saml import signature
from toegang.saml.bindings import redirect
from toegang.saml.keys import trusted_key
from toegang.saml.messages import NameId
from toegang.saml.metadata.values import KeyUse
from toegang.saml.names import Binding
from toegang.saml.reading import read_logout_request, read_logout_response

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.partners.key_uses import KeyUses
    from toegang.catalogue.values import AdmittedMeans
    from toegang.catalogue.watch import Catalogue
    from toegang.means.saml.kind import SamlMeans
    from toegang.provider.logout.leave import Logouts
    from toegang.provider.logout.means import MeansEndings
    from toegang.provider.saml.logout import LogoutReplies
    from toegang.provider.saml.received import Arrived
    from toegang.saml.messages import LogoutRequest
    from toegang.saml.metadata.values import IdentityProviderRole
    from toegang.saml.reading import Proof
    from toegang.units import Expiring, Units

NOBODY = NameId(value="\x00")  # no name that is read holds one
KIND = "saml"
ENDPOINT = "means-slo"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Received:
    admission: AdmittedMeans
    issuer: str
    role: IdentityProviderRole
    proof: Proof
    relay_state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansLogout:
    """The single logout service toward identity providers; `address` is its own."""

    address: str
    catalogue: Catalogue
    seen: Expiring[str]
    answers: LogoutReplies
    endings: MeansEndings
    logouts: Logouts
    means: SamlMeans
    units: Units
    uses: KeyUses

    async def log_out(self, arrived: Arrived, browser: str, now: datetime) -> Answered:
        """SAMLProf-4.4.3.2: end our sessions that rest on those that an identity provider ended.

        1. Its signature holds, closed or not, and the request is for us. 2. It is of now and was not seen
        before. 3. What rests on the sessions that it names ends. 4. It is answered when all were told.

        Raises:
            Refusal: it is no request of an admitted identity provider.

        """
        # 1.
        received = self._proven(arrived)
        request = read_logout_request(received.proof)
        self._check_for_us(received, request.issuer, request.destination)
        to = self._answer_to(received, request, arrived.binding)
        name = received.admission.names
        try:
            # 2.
            await self._check(request, now)
            # 3.
            ended, ours = self._ended(received, request, now)
            await self.uses.note(received.issuer, (received.proof.key.fingerprint, ours), now)
            back = ReturnTo(provider=PROVIDER, letter=to.write())
            begun = await self.endings.end(ended, now, back, browser)
        except Refusal as refusal:
            return Answered(name=name, reply=self.answers.signed(to, status_of(refusal), now))
        # 4.
        if begun is None:
            return Answered(name=name, reply=self.answers.signed(to, UNKNOWN_PRINCIPAL, now))
        return Answered(name=name, logout=begun)

    async def take(self, arrived: Arrived, browser: str, now: datetime) -> str:
        """SAMLProf-4.4.3.4: note what an identity provider answers; return the logout that it is of.

        Raises:
            Refusal: it is no answer to what this browser was sent there with; nothing was noted.

        """
        received = self._proven(arrived)
        answer = read_logout_response(received.proof)
        self._check_for_us(received, answer.issuer, answer.destination)
        check_moment(answer.issued_at, now)
        asked = await self.logouts.find_asked(answer.in_response_to, browser, now)
        if asked is None:
            message = "nobody asked for this answer in this browser"
            raise OneTimeGone(message)
        if asked.party != received.admission.id:
            message = "the answer is of another party than was asked"
            raise ProofInvalid(message)
        await self.uses.note(received.issuer, (received.proof.key.fingerprint,), now)
        await self.logouts.answered(answer.in_response_to, asked, now, confirmed=is_whole(answer))
        return asked.chain

    def _proven(self, arrived: Arrived) -> _Received:
        claimed, snapshot = open_message(arrived), self.catalogue.current
        admitted = (
            each
            for each in snapshot.all_means()
            if each.kind == KIND and is_told(each) and each.setting("entity_id") == claimed.issuer
        )
        admission = next(admitted, None)
        if admission is None:
            message = "no admitted identity provider of this name that is told of logouts"
            raise UnknownParty(message)
        role, message_ = role_of(snapshot, claimed.issuer), claimed.message
        keys = tuple(trusted_key(key) for key in role.keys if key.use is not KeyUse.ENCRYPTION)
        if isinstance(message_, redirect.Received):
            proof: Proof = redirect.verify(message_, keys)
        else:
            proof = signature.verify(message_, keys)
        return _Received(
            admission=admission,
            issuer=claimed.issuer,
            role=role,
            proof=proof,
            relay_state=claimed.relay_state,
        )

    def _check_for_us(self, received: _Received, issuer: str, destination: str) -> None:
        if issuer != received.issuer:
            message = "the message is signed by another entity than speaks in it"
            raise ProofInvalid(message)
        if destination != self.address:
            message = "the message was sent to another address than ours"
            raise Malformed(message)

    async def _check(self, request: LogoutRequest, now: datetime) -> None:
        check_moment(request.issued_at, now)
        if request.not_on_or_after is not None and request.not_on_or_after <= now - SKEW:
            message = "the request is past its NotOnOrAfter"
            raise Malformed(message)
        until = request.issued_at + REQUEST_LIFETIME + 2 * SKEW
        async with self.units.begin() as unit:
            first = await self.seen.add(unit, f"{request.issuer} {request.id}", ENDPOINT, until, now)
        if not first:
            raise Replayed

    def _ended(
        self, received: _Received, request: LogoutRequest, now: datetime
    ) -> tuple[EndedElsewhere, str]:
        """Return what ended, and the fingerprint of our key that the name was encrypted for, if it was.

        A name that does not open is the name of nobody, so that the answer tells nothing of it (S19).
        """
        subject, key = request.subject, ""
        if not isinstance(subject, NameId):
            try:
                subject, key = self.means.opened(received.admission, subject, received.proof, now)
            except Refusal:
                subject = NOBODY
        ended = EndedElsewhere(
            party=received.issuer,
            means=received.admission.id,
            name=subject.value,
            indexes=request.session_indexes,
        )
        return ended, key

    def _answer_to(self, received: _Received, request: LogoutRequest, binding: Binding) -> AnswerTo:
        at = next((each for each in received.role.logout if each.binding == binding), None)
        return AnswerTo(
            connection=received.admission.id,
            request=request.id,
            binding=binding,
            location=(at.response_location or at.location) if at else "",
            relay_state=received.relay_state,
            relay_limit=LONGEST_RELAY,
        )
