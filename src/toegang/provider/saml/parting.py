"""Whose session a service provider means when it logs somebody out.

A name that is encrypted for us is opened inside what the partner signed. One that does not open is the name
of nobody, looked for like any other: the answer tells a partner nothing of it (S19).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.errors import Refusal
from toegang.identity.numbers import Bsn
from toegang.provider.saml.letter import Letter
from toegang.provider.saml.profiles import Naming
from toegang.provider.saml.statement import session_index
from toegang.saml.encryption import PRESCRIBED, decrypt_id
from toegang.saml.messages import NameId
from toegang.saml.names import SECTOR_BSN, NameFormat
from toegang.saml.reading import read_name_id

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.provider.grants import Grant, Grants, GrantState
    from toegang.provider.saml.identifiers import Identifiers
    from toegang.provider.saml.partners import Partner
    from toegang.provider.saml.received import Received
    from toegang.saml.messages import EncryptedId, LogoutRequest
    from toegang.saml.own import OwnKeys
    from toegang.saml.reading import Proof


NOBODY = NameId(value="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The logins that a request names; `key` is the fingerprint of ours that opened the name, if one did."""

    states: tuple[GrantState, ...]
    key: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """Finds the part that a partner has in sessions."""

    entity_id: str
    keys: OwnKeys
    grants: Grants
    identifiers: Identifiers

    async def meant(
        self, received: Received, request: LogoutRequest, own_session: str, now: datetime
    ) -> Meant:
        """SAMLCore-3.7.1: return the partner's logins that a request names.

        By the indexes of their sessions, else by a name that is another at every login, else by the
        person's number, else in the session of this browser. Of these, only where the partner itself
        knows the person by this very name.
        """
        partner, subject, key = received.partner, request.subject, ""
        if not isinstance(subject, NameId):
            subject, key = self._opened(subject, received.proof, now)
        person = await self._person(partner, subject)
        found: list[GrantState] = []
        for index in request.session_indexes or (subject.value,):
            state = await self.grants.find(index.removeprefix("_")) if index.startswith("_") else None
            found += [state] if state else []
        if not request.session_indexes and not found:
            found += await self.grants.of_person(person, now) if person else ()
            found += await self.grants.of_session(own_session) if own_session else ()
        mine = (state for state in found if self._is_mine(state.grant, partner, subject, person))
        states = tuple({state.grant.id: state for state in mine}.values())
        return Meant(states=states, key=key if states else "")

    def _opened(self, name: EncryptedId, proof: Proof, now: datetime) -> tuple[NameId, str]:
        """SAMLCore-2.2.4: open a name, also by old ciphers: some software has no others for a logout."""
        try:
            found = decrypt_id(name, self.keys.decryption(now), PRESCRIBED, proof)
            return read_name_id(found.octets), found.key
        except Refusal:
            return NOBODY, ""

    async def _person(self, partner: Partner, subject: NameId) -> PersonId | None:
        """LegacySAML-3: return who has the number in the name, where names are numbers."""
        sector, _, digits = subject.value.partition(":")
        if partner.profile.naming is not Naming.SECTOR or sector != SECTOR_BSN:
            return None
        try:
            person = await self.identifiers.enrolment.find(Bsn.parse(digits))
        except ValueError:
            return None
        return person.id if person else None

    def _is_mine(self, grant: Grant, partner: Partner, subject: NameId, person: PersonId | None) -> bool:
        if grant.client != partner.connection.id or not grant.memory:
            return False
        letter = Letter.read(grant.memory)
        if letter.issuer != partner.entity_id:
            return False
        if partner.profile.naming is Naming.SECTOR:
            return person is not None and grant.proven.subject.person == person
        persistent = partner.profile.naming is Naming.ASKED and letter.name_format == NameFormat.PERSISTENT
        known = grant.subject if persistent else session_index(grant)
        qualified = subject.name_qualifier in {"", self.entity_id}
        return qualified and compare_digest(known.encode(), subject.value.encode())
