"""What every back-channel endpoint does first: who calls, with which key, and never twice the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.audit.events import ClientRefused
from toegang.catalogue.values import ClientId
from toegang.errors import ClientNotProven, ProtocolRefusal, Refusal, Replayed
from toegang.oidc import dpop
from toegang.oidc.binding import Binding, Confirmation
from toegang.oidc.client_assertion import Door
from toegang.oidc.errors import INVALID_DPOP_PROOF, INVALID_GRANT
from toegang.oidc.token_request import parse_client
from toegang.provider.flood import Flood
from toegang.provider.oidc.clients import AuthenticatedClient, check_client

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.watch import Catalogue
    from toegang.keys.presented import PresentedCertificate
    from toegang.oidc.client_assertion import ProvenClient
    from toegang.oidc.dpop import Nonces, Possession
    from toegang.oidc.parameters import Parameters
    from toegang.units import Expiring, Unit, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request at a back-channel endpoint: its address, headers and form, and its line's certificate.

    `alias` is its address on the host where TLS asks for a certificate (RFC8705-5), if there is one.
    """

    url: str
    alias: str = ""
    endpoint: str
    authorization: str | None
    proofs: Sequence[str]
    form: Parameters
    certificate: PresentedCertificate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls at `endpoint`: the client that proved itself, and the key that it holds if it shows one."""

    endpoint: str
    client: AuthenticatedClient
    possession: Possession | None = None

    @property
    def binding(self) -> Binding | None:
        """RFC9449-5 and RFC8705-3: what its tokens are bound to: the key, else the certificate."""
        if self.possession is not None:
            return Binding(Confirmation.KEY, self.possession.thumbprint)
        certificate = self.client.certificate
        return Binding(Confirmation.CERTIFICATE, certificate.thumbprint) if certificate else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackChannel:
    """Checks who calls; what it accepted is remembered in the unit of the act."""

    issuer: str
    token_endpoint: str
    catalogue: Catalogue
    units: Units
    seen: Expiring[str]
    trail: Trail
    nonces: Nonces
    flood: Flood = field(default_factory=Flood)

    async def client(self, call: Call, now: datetime, *, ending: bool = False) -> AuthenticatedClient:
        """OIDCC-9: return the client that proved itself; a failure is recorded.

        `ending` lets in a client that was closed, to give up what it holds.

        Raises:
            ClientNotProven: nobody did.
            ProtocolRefusal: by two methods at once.

        """
        door = Door(issuer=self.issuer, token_endpoint=self.token_endpoint, called=call.url)
        named, presented = call.form.get("client_id", ""), None
        try:
            presented = parse_client(call.authorization, call.form, call.certificate)
            named = presented.client_id
            return check_client(presented, self.catalogue.current, door, now, ending=ending)
        except ClientNotProven as refusal:
            if named:
                await self._refused(named, call, refusal, "credentials" if presented else "missing", now)
            raise

    async def holder(self, call: Call, now: datetime) -> Caller:
        """RFC9449-5: return the client that proved itself, with the key that it holds if it shows one.

        The caller must `spend` what was shown when the request is refused before `first_use`.

        Raises:
            ClientNotProven: nobody did.
            ProtocolRefusal: the proof of possession is not valid.
            NonceRequired: the proof must carry a nonce of ours; all of it may come again with that.

        """
        bare = Caller(endpoint=call.endpoint, client=await self.client(call, now))
        if not call.proofs:
            return bare
        about = dpop.ProvenRequest(method="POST", url=call.url, alias=call.alias)
        try:
            possession = dpop.check_proof(call.proofs, about, nonces=self.nonces, now=now)
        except ProtocolRefusal:
            await self.spend(bare, now)
            raise
        return replace(bare, possession=possession)

    async def first_use(self, unit: Unit, caller: Caller, now: datetime) -> Refusal | None:
        """Remember the assertion and the proof that were shown; the Refusal when either was seen before.

        O11, O12: a second taker gets nothing, on whichever node.
        """
        assertion, possession = caller.client.assertion, caller.possession
        refusal: Refusal | None = None
        if assertion is not None and not await self._add_assertion(unit, assertion, now):
            refusal = ClientNotProven("the assertion was used before")
        elif possession is not None and not await self._add_proof(unit, possession, now):
            refusal = Replayed("the DPoP proof was used before")
        if refusal is not None:
            event = _replayed(caller.client.client.id, caller.endpoint, refusal, now)
            await self.trail.record(unit, event)
        return refusal

    async def spend(self, caller: Caller, now: datetime) -> None:
        """Use up what came with a request that is refused, so that it serves no other request (O11, O12)."""
        assertion, possession = caller.client.assertion, caller.possession
        if assertion is None and possession is None:
            return
        async with self.units.begin() as unit:
            if assertion is not None:
                await self._add_assertion(unit, assertion, now)
            if possession is not None:
                await self._add_proof(unit, possession, now)

    async def first_proof(
        self, possession: Possession, client: ClientId, endpoint: str, now: datetime
    ) -> Refusal | None:
        """RFC9449-11.1: remember a proof shown with an access token; the Refusal when it was seen before."""
        async with self.units.begin() as unit:
            if await self._add_proof(unit, possession, now):
                return None
            refusal = Replayed("the DPoP proof was used before")
            await self.trail.record(unit, _replayed(client, endpoint, refusal, now))
        return refusal

    async def _add_assertion(self, unit: Unit, shown: ProvenClient, now: datetime) -> bool:
        return await self.seen.add(unit, "assertion " + shown.assertion_id, "", shown.expires, now)

    async def _add_proof(self, unit: Unit, shown: Possession, now: datetime) -> bool:
        return await self.seen.add(unit, "dpop " + shown.proof_id, "", shown.expires, now)

    async def _refused(self, named: str, call: Call, refusal: Refusal, proof: str, now: datetime) -> None:
        """Record it; of a flood of what is alike, and anybody can send that, few."""
        client = named if self.catalogue.current.client(ClientId(named)) is not None else None
        times = self.flood.count((client or "", call.endpoint, refusal.code, proof), now)
        if times is None:
            return
        event = ClientRefused(
            at=now, client=client, endpoint=call.endpoint, code=refusal.code, proof=proof, times=times
        )
        async with self.units.begin() as unit:
            await self.trail.record(unit, event)


def check_possession_shown(caller: Caller) -> None:
    """RFC9449-5: a client whose profile or registration asks for bound tokens shows its key.

    FAPI2-5.3.2.1: a certificate binds them as well, unless the registration asks for the key itself.

    Raises:
        ProtocolRefusal: it showed none.

    """
    client = caller.client
    asked = client.client.dpop_required or (client.profile.dpop and client.certificate is None)
    if asked and caller.possession is None:
        raise ProtocolRefusal(INVALID_DPOP_PROOF, "this client's tokens are bound to a key; show it")


def check_bound(caller: Caller, binding: Binding | None) -> None:
    """RFC9449-5: tokens that are bound go to who shows the key or certificate, and to nobody else.

    Raises:
        ProtocolRefusal: none was shown, or another.

    """
    if binding is None:
        return
    if binding.by is Confirmation.CERTIFICATE:
        _check_certificate(caller.client.certificate, binding)
        return
    if caller.possession is None:
        raise ProtocolRefusal(INVALID_DPOP_PROOF, "these tokens are bound to a key; show it")
    if not compare_digest(caller.possession.thumbprint, binding.thumbprint):
        raise ProtocolRefusal(INVALID_DPOP_PROOF, "the DPoP proof is not valid", "bound to another key")


def _check_certificate(certificate: PresentedCertificate | None, binding: Binding) -> None:
    if certificate is None or certificate.thumbprint != binding.thumbprint:
        raise ProtocolRefusal(INVALID_GRANT, "these tokens are bound to another certificate")


def _replayed(client: str, endpoint: str, refusal: Refusal, now: datetime) -> ClientRefused:
    return ClientRefused(at=now, client=client, endpoint=endpoint, code=refusal.code, proof="replayed")
