"""Userinfo: what a service is entitled to learn about the person, read from its source when asked.

A BSN leaves encrypted or not at all; attributes come from the population register at that moment, so
nothing about the person is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue.values import IdentityForm
from toegang.errors import NotEntitled, PersonNotFound, ProofInvalid, ProtocolRefusal
from toegang.jose.sign import sign
from toegang.oidc import dpop
from toegang.oidc import userinfo as messages
from toegang.oidc.binding import Binding, Confirmation, token_type
from toegang.oidc.errors import INVALID_TOKEN
from toegang.provider.oidc.admit import CLAIMS
from toegang.provider.released import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.catalogue.values import Client
    from toegang.identity.enrolment import Enrolment
    from toegang.keys.presented import PresentedCertificate
    from toegang.login.flow import Logins
    from toegang.oidc.dpop import Nonces
    from toegang.oidc.parameters import Parameters
    from toegang.provider.grants import Grant, GrantState
    from toegang.provider.oidc.backchannel import BackChannel
    from toegang.provider.oidc.issue import Issuance
    from toegang.registers.population import Population

BSN_CLAIM = "urn:nl-eid-gdi:1.0:id:legacy-BSN"  # the identifier type's own name (STSAML-identifiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A request at userinfo: the method, the headers that count, the form, and its line's certificate.

    `alias` is the address of userinfo where TLS asks for a certificate (RFC8705-5), if there is one.
    """

    method: str
    alias: str = ""
    authorization: str | None
    proofs: Sequence[str]
    form: Parameters
    certificate: PresentedCertificate | None = None


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
    nonces: Nonces
    back: BackChannel

    async def answer(self, presented: Presented, now: datetime) -> UserInfoAnswer:
        """OIDCC-5.3: answer who presents an access token of ours.

        1. The token is ours and of now. 2. Its grant lives. 3. The caller holds the key or certificate
        that it is bound to (RFC9449-7, RFC8705-3). 4. Everyone may still take part.
        5. Claims are read and handed over.

        Raises:
            Refusal: word_for gives the protocol's word for userinfo.

        """
        # 1. and 2.
        scheme, text = messages.presented_token(presented.authorization, presented.form)
        state = (await self.issuance.access.open(text, now)).state
        # 3.
        await self._check_possession(scheme, text, presented, state, now)
        # 4.
        grant = state.grant
        self.issuance.check_still_open(grant, now)
        await self.logins.check_usable(grant.proven, now, state.bearing)
        # 5.
        client = self.issuance.catalogue.current.client(grant.client)
        if client is None:
            message = "the client is gone"
            raise ProofInvalid(message)
        return self._written(client, grant, await self._claims(client, grant, now), now)

    async def _check_possession(
        self, scheme: str, text: str, presented: Presented, state: GrantState, now: datetime
    ) -> None:
        binding = Binding.parse(state.bound_key)
        if scheme != token_type(binding).lower():
            raise ProtocolRefusal(INVALID_TOKEN, "the token is presented in the wrong way")
        if binding is None:
            return
        if binding.by is Confirmation.CERTIFICATE:
            _check_certificate(presented.certificate, binding, now)
            return
        about = dpop.ProvenRequest(
            method=presented.method,
            url=self.url,
            alias=presented.alias,
            access_token=text,
            bound_to=binding.thumbprint,
        )
        shown = dpop.check_proof(presented.proofs, about, nonces=self.nonces, now=now)
        refusal = await self.back.first_proof(shown, state.grant.client, "userinfo", now)
        if refusal is not None:
            raise refusal

    async def _claims(self, client: Client, grant: Grant, now: datetime) -> dict[str, object]:
        wants_bsn = grant.identity is IdentityForm.BSN
        if not wants_bsn and not grant.attributes:
            return {}
        person_id = grant.proven.subject.person
        person = None if person_id is None else await self.enrolment.people.find(person_id)
        if person is None:
            message = "nobody is known behind this login"
            raise NotEntitled(message)
        bsn = self.enrolment.bsn_of(person)
        found: dict[str, object] = {}
        if wants_bsn and client.userinfo_encryption:
            found[BSN_CLAIM] = bsn.digits
        if grant.attributes:
            registered = await self.population.find(bsn)
            if registered is None:
                raise PersonNotFound
            granted = (attribute.attribute for attribute in grant.attributes)
            found |= {CLAIMS[each]: value_of(each, registered, now) for each in granted}
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


def _check_certificate(certificate: PresentedCertificate | None, binding: Binding, now: datetime) -> None:
    """RFC8705-3: the token is presented over a line with the certificate that it is bound to."""
    if certificate is None or certificate.thumbprint != binding.thumbprint or not certificate.covers(now):
        raise ProtocolRefusal(INVALID_TOKEN, "the token is bound to another certificate")
