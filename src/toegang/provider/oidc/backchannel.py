"""What every back-channel endpoint does first: who calls, with which key, and never twice the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import ClientRefused
from toegang.errors import ClientNotProven, ProtocolRefusal, Refusal, Replayed
from toegang.oidc import dpop
from toegang.oidc.client_assertion import Door
from toegang.oidc.errors import INVALID_DPOP_PROOF
from toegang.oidc.token_request import parse_client
from toegang.provider.oidc.clients import AuthenticatedClient, check_client

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.watch import Catalogue
    from toegang.oidc.dpop import Nonces, Possession
    from toegang.oidc.parameters import Parameters
    from toegang.units import Expiring, Unit, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request at a back-channel endpoint: its address, headers and form."""

    url: str
    endpoint: str
    authorization: str | None
    proofs: Sequence[str]
    form: Parameters


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

    async def client(self, call: Call, now: datetime, *, ending: bool = False) -> AuthenticatedClient:
        """OIDCC-9: return the client that proved itself; a failure is recorded.

        `ending` lets in a client that was closed, to give up what it holds.

        Raises:
            ClientNotProven: nobody did.
            ProtocolRefusal: by two methods at once.

        """
        door = Door(issuer=self.issuer, token_endpoint=self.token_endpoint, called=call.url)
        named = call.form.get("client_id", "")
        try:
            presented = parse_client(call.authorization, call.form)
            named = presented.client_id
            return check_client(presented, self.catalogue.current, door, now, ending=ending)
        except ClientNotProven as refusal:
            await self._refused(named, call, refusal, now)
            raise

    def possession(self, call: Call, now: datetime, *, bound_to: str | None) -> Possession | None:
        """RFC9449-5: return the key that the caller holds, None when it shows none.

        Raises:
            ProtocolRefusal: the proof is not valid, or missing though the tokens are bound to a key.
            NonceRequired: the proof must carry a nonce of ours.

        """
        if not call.proofs:
            if bound_to:
                raise ProtocolRefusal(INVALID_DPOP_PROOF, "these tokens are bound to a key; show it")
            return None
        about = dpop.ProvenRequest(method="POST", url=call.url, bound_to=bound_to or None)
        return dpop.check_proof(call.proofs, about, nonces=self.nonces, now=now)

    async def first_use(
        self,
        unit: Unit,
        now: datetime,
        *,
        client: AuthenticatedClient | None = None,
        possession: Possession | None = None,
    ) -> Refusal | None:
        """Remember the assertion and the proof that were shown; the Refusal when either was seen before.

        O11, O12: a second taker gets nothing, on whichever node.
        """
        if client is not None and client.assertion is not None:
            shown = client.assertion
            if not await self.seen.add(unit, "assertion " + shown.assertion_id, "", shown.expires, now):
                return ClientNotProven("the assertion was used before")
        if possession is not None:
            proof = "dpop " + possession.proof_id
            if not await self.seen.add(unit, proof, "", possession.expires, now):
                return Replayed("the DPoP proof was used before")
        return None

    async def _refused(self, named: str, call: Call, refusal: Refusal, now: datetime) -> None:
        known = self.catalogue.current.client(named) is not None  # type: ignore[arg-type]
        event = ClientRefused(
            at=now,
            client=named if known else None,
            endpoint=call.endpoint,
            code=refusal.code,
            proof="missing" if not refusal.detail else "credentials",
        )
        async with self.units.begin() as unit:
            await self.trail.record(unit, event)
