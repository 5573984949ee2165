"""A request for a login becomes a login request, or a refusal that reaches who should have it.

Until the signature holds and the return address is one of the pinned metadata, a refusal is a page for the
person: nothing is sent to an address that nobody vouches for. From then on every refusal goes back to the
service (`RefusedAtParty`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.audit.events import RequestRefused
from toegang.catalogue import gate
from toegang.errors import Malformed, Refusal, RefusedAtParty, Replayed
from toegang.login.acting import ForWhom
from toegang.login.request import AskedService, LoginRequest
from toegang.provider.saml import levels
from toegang.provider.saml.letter import Letter, ReturnAddress
from toegang.provider.saml.partners import encryption_keys
from toegang.provider.saml.profiles import REQUEST_LIFETIME, SKEW
from toegang.provider.saml.received import Arrived, Claimed, open_message, prove
from toegang.provider.saml.rules import RULES, RULES_OF_SERVICES, Asked, Found
from toegang.provider.saml.status import status_of
from toegang.provider.saml.targets import (
    consumer_of,
    means_of,
    name_format_of,
    recipient_of,
    requesters_of,
    service_of,
    still_open,
)
from toegang.saml.names import Binding
from toegang.saml.reading import read_authn_request

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.partners.key_uses import KeyUses
    from toegang.catalogue.watch import Catalogue
    from toegang.login.once import FirstUse
    from toegang.provider.saml.unbelieved import Unbelieved
    from toegang.provider.saml.waiting import Waiting
    from toegang.saml.keys import TrustedKey
    from toegang.units import Expiring, Unit, Units

ENDPOINT = "sso"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A request that may begin a login, if the unit that begins it can take its `first_use`."""

    request: LoginRequest
    first_use: FirstUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Decides whether a request may begin a login; `address` is where requests are taken."""

    entity_id: str
    address: str
    catalogue: Catalogue
    seen: Expiring[str]
    waiting: Waiting
    units: Units
    trail: Trail
    uses: KeyUses
    unbelieved: Unbelieved

    async def admit(self, arrived: Arrived, browser: str, language: str, now: datetime) -> Admitted:
        """SAMLProf-4.1.4.1: turn a request into a login request; `browser` is the hash of its secret.

        1. Find the partner, open now, and hold the signature against its pinned keys. 2. The request is
        meant for this address. 3. Its return address is one of the pinned metadata. From here on refusals
        are told there. 4. Apply the rules. 5. Find service, level and means; a request that is refused here
        is used, too. The caller must take `Admitted.first_use` in the unit that begins the login.

        Raises:
            RefusedAtParty: refused, and the service is told.
            Refusal: refused, and only the person can be told.

        """
        claimed = open_message(arrived)
        # 1. to 3.
        try:
            asked, letter, key = self._trusted(claimed, arrived.binding, browser, now)
        except Refusal as refusal:
            await self.unbelieved.record(claimed, ENDPOINT, refusal, now)
            raise
        first_use = _RequestId(self, asked, letter, key)
        # 4.
        try:
            for rule in RULES:
                rule(asked)
        except Refusal as refusal:
            async with self.units.begin() as unit:
                told = await self.refuse(unit, asked, letter, refusal)
            raise told from refusal
        # 5.
        try:
            request = self._login_request(asked, letter, language)
        except Refusal as refusal:
            async with self.units.begin() as unit:
                told = await first_use.take(unit) or await self.refuse(unit, asked, letter, refusal)
            raise told from refusal
        return Admitted(request=request, first_use=first_use)

    def _trusted(
        self, claimed: Claimed, binding: Binding, browser: str, now: datetime
    ) -> tuple[Asked, Letter, TrustedKey]:
        # 1.
        received = prove(claimed, self.catalogue.current, now)
        request, partner = read_authn_request(received.proof), received.partner
        received.check_issuer(request.issuer)
        # 2.
        if request.destination != self.address:
            message = "the request was sent to another address than ours"
            raise Malformed(message)
        # 3.
        consumer = consumer_of(request, partner)
        asked = Asked(
            request=request, partner=partner, binding=binding, relay_state=received.relay_state, now=now
        )
        letter = _letter(asked, Binding(consumer.binding), consumer.location, browser)
        return asked, letter, received.proof.key

    def _login_request(self, asked: Asked, letter: Letter, language: str) -> LoginRequest:
        request, partner, now = asked.request, asked.partner, asked.now
        snapshot, connection = self.catalogue.current, partner.connection
        recipient = recipient_of(request, partner)
        service = gate.open_service(snapshot, service_of(request, partner, snapshot), connection, now)
        # A member with metadata of its own reads what is about its people, and its supplier does not.
        keys_of = recipient if snapshot.entity(recipient) else partner.entity_id
        found = Found(
            asked=asked,
            recipient=recipient,
            service=service,
            can_encrypt=bool(encryption_keys(snapshot, keys_of, now)),
        )
        for rule in RULES_OF_SERVICES:
            rule(found)
        floor = service.level_at(now)
        asking = levels.Asking(connection=connection, profile=partner.profile, floor=floor, now=now)
        asked_levels = levels.resolve(asking, request.requested)
        full = replace(letter, recipient=recipient, keys_of=keys_of, levels=asked_levels)
        organisation = gate.open_organisation(snapshot, service.organisation, now)
        return LoginRequest(
            client=connection.id,
            service=AskedService.of(service, organisation, floor, service.attributes),
            required=asked_levels.required,
            max_age=0 if request.force_authn else None,
            silent=request.passive,
            for_whom=ForWhom.at(service, connection),
            language=language,
            reply_to=full.seal(),
            only_means=means_of(request, still_open(snapshot, now), self.entity_id),
            requesters=requesters_of(request),
        )

    async def refuse(self, unit: Unit, asked: Asked, letter: Letter, refusal: Refusal) -> RefusedAtParty:
        """STSAML-4.4: keep the answer to a request that is refused, and return what brings it there."""
        connection, status, now = asked.partner.connection, status_of(refusal), asked.now
        word = status.second.rpartition(":")[2]
        event = RequestRefused(at=now, client=connection.id, code=refusal.code, rule=word)
        unbound = replace(letter, browser="")
        reply = await self.waiting.refuse(unit, connection.id, unbound, status, now)
        await self.trail.record(unit, event)
        return RefusedAtParty(refusal, reply.location, reply.fields)


@dataclass(frozen=True, slots=True)
class _RequestId:
    """STSAML-4.1: an id is used once; older than is accepted at all, it need not be remembered."""

    admission: Admission
    asked: Asked
    letter: Letter
    key: TrustedKey

    async def claim(self, unit: Unit) -> None:
        """Take it, waiting for nothing (login.once.FirstUse)."""
        await self.admission.seen.claim(unit, self._name, ENDPOINT, self._until)
        await self._note(unit)

    async def take(self, unit: Unit) -> RefusedAtParty | None:
        """Take it, or have the service told that the request was used before."""
        if await self.admission.seen.add(unit, self._name, ENDPOINT, self._until, self.asked.now):
            await self._note(unit)
            return None
        replayed = Replayed("a request with this id was seen before")
        return await self.admission.refuse(unit, self.asked, self.letter, replayed)

    @property
    def _name(self) -> str:
        return f"{self.asked.request.issuer} {self.asked.request.id}"

    @property
    def _until(self) -> datetime:
        return self.asked.request.issued_at + REQUEST_LIFETIME + 2 * SKEW

    async def _note(self, unit: Unit) -> None:
        issuer, key = self.asked.request.issuer, self.key.fingerprint
        await self.admission.uses.seen_key(unit, issuer, key, self.asked.now)


def _letter(asked: Asked, binding: Binding, consumer: str, browser: str) -> Letter:
    """Return what must be known to answer, whatever becomes of the request."""
    partner = asked.partner
    return Letter(
        profile=partner.profile.name,
        issuer=partner.entity_id,
        recipient=partner.entity_id,
        keys_of=partner.entity_id,
        request_id=asked.request.id,
        address=ReturnAddress(consumer=consumer, binding=binding, relay_state=asked.returned_state),
        levels=levels.AskedLevels(required=Level.MINIMAL, vocabulary=partner.profile.scheme.value),
        browser=browser,
        name_format=name_format_of(asked.request, partner),
    )
