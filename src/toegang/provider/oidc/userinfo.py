"""Userinfo: what a service is entitled to learn about the person, read from its source when asked.

A BSN leaves encrypted or not at all; attributes come from the population register at that moment, so
nothing about the person is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue.values import IdentityForm
from toegang.errors import NotEntitled, PersonNotFound, ProofInvalid
from toegang.jose.sign import sign
from toegang.oidc import userinfo as messages
from toegang.oidc.binding import Binding
from toegang.provider.oidc.admit import CLAIMS
from toegang.provider.oidc.possession import Use
from toegang.provider.oidc.represents import claims_of
from toegang.provider.released import value_of

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import Client
    from toegang.identity.enrolment import Enrolment
    from toegang.identity.people import PersonId
    from toegang.login.flow import Logins
    from toegang.provider.grants import Grant
    from toegang.provider.oidc.issue import Issuance
    from toegang.provider.oidc.possession import Possessions, Presented
    from toegang.registers.population import Population

BSN_CLAIM = "urn:nl-eid-gdi:1.0:id:legacy-BSN"  # the identifier type's own name (STSAML-identifiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfoAnswer:
    """Claims as a JSON object, or a signed (and encrypted) token when the client registered for that."""

    claims: dict[str, object] | None = None
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo:
    """The userinfo endpoint's use case; `url` is its own address."""

    url: str
    issuance: Issuance
    logins: Logins
    enrolment: Enrolment
    population: Population
    possessions: Possessions

    async def answer(self, presented: Presented, now: datetime) -> UserInfoAnswer:
        """OIDCC-5.3: answer who presents an access token of ours.

        1. The token is ours and of now. 2. Its grant lives. 3. The caller holds the key or certificate
        that it is bound to (RFC9449-7, RFC8705-3). 4. Everyone may still take part.
        5. Claims are read and handed over.

        Raises:
            Refusal: word_for gives the protocol's word for userinfo.

        """
        # 1. and 2.
        _, text = presented.token()
        state = (await self.issuance.access.open(text, now)).state
        grant = state.grant
        # 3.
        use = Use(
            client=grant.client, binding=Binding.parse(state.bound_key), endpoint="userinfo", url=self.url
        )
        await self.possessions.check(presented, use, now)
        # 4.
        self.issuance.check_still_open(grant, now)
        await self.logins.check_usable(grant.proven, now, state.bearing, grant.statement)
        # 5.
        client = self.issuance.catalogue.current.client(grant.client)
        if client is None:
            message = "the client is gone"
            raise ProofInvalid(message)
        return self._written(client, grant, await self._claims(client, grant, now), now)

    async def _claims(self, client: Client, grant: Grant, now: datetime) -> dict[str, object]:
        wants_bsn = grant.identity is IdentityForm.BSN
        acting = claims_of(grant, self.issuance.issuer)
        if not wants_bsn and not grant.attributes:
            return acting
        person_id = grant.proven.subject.person
        person = None if person_id is None else await self.enrolment.people.find(person_id)
        if person is None:
            message = "nobody is known behind this login"
            raise NotEntitled(message)
        bsn = self.enrolment.bsn_of(person)
        found: dict[str, object] = dict(acting)
        if wants_bsn and client.userinfo_encryption:
            found[BSN_CLAIM] = bsn.digits
            found |= claims_of(grant, self.issuance.issuer, await self._numbers(grant))
        if grant.attributes:
            registered = await self.population.find(bsn)
            if registered is None:
                raise PersonNotFound
            granted = (attribute.attribute for attribute in grant.attributes)
            found |= {CLAIMS[each]: value_of(each, registered, now) for each in granted}
        return found

    async def _numbers(self, grant: Grant) -> dict[PersonId, str]:
        """Return the numbers of the people who are represented, for a service that is told BSNs."""
        found = {}
        for person_id in {each.person for each in grant.chain if each.person is not None}:
            person = await self.enrolment.people.find(person_id)
            if person is not None:
                found[person_id] = self.enrolment.bsn_of(person).digits
        return found

    def _written(
        self, client: Client, grant: Grant, claims: dict[str, object], now: datetime
    ) -> UserInfoAnswer:
        """OIDCC-5.3.2: plain JSON, or signed, or signed and encrypted, as the client registered."""
        if not client.userinfo_signed_alg and not client.userinfo_encryption:
            return UserInfoAnswer(claims=messages.userinfo_claims(grant.subject, claims))
        about = messages.signed_userinfo_claims(
            grant.subject, claims, issuer=self.issuance.issuer, client_id=client.id, now=now
        )
        key = self.issuance.signing_key(client, now, client.userinfo_signed_alg)
        signed = sign(about, key, messages.TYPE)
        return UserInfoAnswer(token=self.issuance.encrypted(signed, client, client.userinfo_encryption))
