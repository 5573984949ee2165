"""Pushed authorization requests: a client leaves its request with us before it sends the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import RequestPushed
from toegang.errors import Refusal
from toegang.provider.oidc.admit import Pushed

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.ids import Ids
    from toegang.provider.oidc.admit import Admission
    from toegang.provider.oidc.backchannel import BackChannel, Call, Caller
    from toegang.units import Expiring, Units

# How a client proves itself stays out of what is kept.
_CREDENTIALS = ("client_secret", "client_assertion", "client_assertion_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedAnswer:
    """RFC9126-2.2: under which name the request is kept, and for how many seconds."""

    request_id: str
    expires_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedRequests:
    """The pushed authorization request endpoint's use case."""

    units: Units
    back: BackChannel
    admission: Admission
    pushed: Expiring[Pushed]
    trail: Trail
    ids: Ids

    async def push(self, call: Call, now: datetime) -> PushedAnswer:
        """RFC9126-2: keep a request of a client that proved itself, after every check that can be made.

        Raises:
            Refusal: as the authorization endpoint would, in the protocol's own form.

        """
        caller = await self.back.holder(call, now)
        kept = await self._checked(call, caller, now)
        client = caller.client
        request_id, lifetime = self.ids.token(), client.profile.pushed_lifetime
        async with self.units.begin() as unit:
            refusal = await self.back.first_use(unit, caller, now)
            if refusal is None:
                await self.pushed.add(unit, request_id, kept, now + lifetime, now)
                await self.trail.record(unit, RequestPushed(at=now, client=client.client.id))
        if refusal is not None:
            raise refusal
        return PushedAnswer(request_id=request_id, expires_in=int(lifetime.total_seconds()))

    async def _checked(self, call: Call, caller: Caller, now: datetime) -> Pushed:
        client, possession = caller.client.client, caller.possession
        key = possession.thumbprint if possession else ""
        asked = {name: value for name, value in call.form.items() if name not in _CREDENTIALS}
        asked.setdefault("client_id", client.id)
        try:
            parameters = self.admission.check_pushed(client, asked, key, now)
        except Refusal as refusal:
            await self.admission.record_refused(client.id, refusal, now)
            await self.back.spend(caller, now)
            raise
        return Pushed(client=client.id, parameters=parameters, proof_key=key)
