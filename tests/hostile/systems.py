"""A town with a system that asks for itself: its key, its tokens, its questions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

import httpx2

from tests.journeys.house import ISSUER, PERMIT, REDIRECT, TOWN, House, client, service
from tests.mandates import builders
from tests.oidc.clients import KEY, OTHER_KEY, PROOF_KEY, assertion, proof
from toegang.assurance import Level
from toegang.catalogue.api import Api, ApiScope
from toegang.catalogue.representation import EdgeKind, LimitKind, Representation
from toegang.catalogue.values import Client, ClientId, IdentityForm, Service, ServiceId
from toegang.clock import epoch
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.edge import Edge, EdgeId, Under
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.moves import Mover
from toegang.mandates.numbers import Number
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.oidc.client_assertion import ASSERTION_TYPE
from toegang.oidc.dpop import ProvenRequest
from toegang.oidc.profile import ClientAuthentication

SYSTEM, OTHER = ClientId("town-system"), ClientId("other-system")
EVERYTHING = Api(scopes=tuple(ApiScope))
NUMBERS = count()
EVALUATION, EVALUATIONS = "/access/v1/evaluation", "/access/v1/evaluations"


def system(id_: ClientId = SYSTEM, services: tuple[ServiceId, ...] = (PERMIT,), **more: object) -> Client:
    """Return a client that logs nobody in, and proves itself by its key."""
    public = {name: KEY.jwk[name] for name in ("kty", "crv", "x", "y")} | {"kid": KEY.kid, "use": "sig"}
    made: dict[str, object] = {
        "redirect_uris": (),
        "post_logout_redirect_uris": (),
        "authentication": ClientAuthentication.PRIVATE_KEY_JWT,
        "secret_hashes": (),
        "jwks": json.dumps({"keys": [public]}),
        "api": EVERYTHING,
    }
    return client(id_, TOWN, services, **(made | more))


def logs_in(client_: Client) -> Client:
    """Return a client that also logs people in."""
    return replace(client_, redirect_uris=(REDIRECT,))


@dataclass(slots=True)
class Caller:
    """A system that calls; every assertion and proof that it shows is new, unless it is told otherwise."""

    house: House
    id: ClientId = SYSTEM
    nonce: str = ""

    def sign(self, **bent: object) -> dict[str, str]:
        now = epoch(self.house.clock.now())
        jti = f"{self.id}-{next(NUMBERS)}"
        made = {"iss": self.id, "sub": self.id, "aud": ISSUER, "iat": now, "exp": now + 300, "jti": jti}
        key = OTHER_KEY if bent.pop("foreign", False) else KEY
        shown = assertion(key, "JWT", **(made | bent))
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": shown}

    def prove(self, path: str, token: str | None = None, **bent: object) -> dict[str, str]:
        about = ProvenRequest(method="POST", url=ISSUER + path, access_token=token)
        now, jti = epoch(self.house.clock.now()), f"{self.id}-proof-{next(NUMBERS)}"
        made: dict[str, Any] = {"iat": now, "jti": jti, "nonce": self.nonce} | bent
        return {"dpop": proof(about, key=PROOF_KEY, **made)}

    async def ask_token(self, headers: dict[str, str] | None = None, /, **form: str) -> httpx2.Response:
        asked = {"grant_type": "client_credentials"} | self.sign() | form
        return await self.house.browser().post("/oidc/token", data=asked, headers=headers or {})

    async def token(self, scope: str = "") -> str:
        answer = await self.ask_token(**({"scope": scope} if scope else {}))
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["access_token"]
        return found

    async def post(self, path: str, body: object, token: str, **headers: str) -> httpx2.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {token}", "content-type": "application/json", **headers}
        return await self.house.browser().post(path, content=content, headers=sent)


SANNE, PIETER, NOOR = (Bsn.parse(digits) for digits in ("999990019", "999990020", "999990032"))
NOBODY = Bsn.parse("999990044")
FIRM = KvkNumber.parse("90001234")
RULES = Representation(version=1, kinds=tuple(EdgeKind), limits=tuple(LimitKind))


def admits(id_: ServiceId = PERMIT, **more: object) -> Service:
    """Return a service of the town that people act for others at, and that is entitled to the BSN."""
    return service(id_, TOWN, Level.LOW, **({"identity": IdentityForm.BSN, "representation": RULES} | more))


@dataclass(slots=True)
class World:
    """People and firms whom the house met, and the mandates that they gave."""

    house: House
    ids: dict[Number, PartyId] = field(default_factory=dict)

    async def meet(self, *numbers: Number) -> None:
        """Know adults and firms that stand in the registers."""
        room, now = self.house.app.rooms.representing, self.house.clock.now()
        self.ids |= await room.numbers.meet(numbers, now)
        for number in numbers:
            make = builders.person if isinstance(number, Bsn) else builders.firm
            await room.mandates.know(make(self.ids[number]), now=now)

    async def give(
        self, principal: Number, agent: Number, *, under: Under | None = None, **terms: object
    ) -> Edge:
        """Have one give the other a mandate for the permit, for a month."""
        now = self.house.clock.now()
        organisation = isinstance(principal, KvkNumber)
        kind = EdgeKind.EMPLOYEE if organisation else EdgeKind.VOLUNTARY
        made = builders.edge(
            id=EdgeId(self.house.app.rooms.ids.uuid()),
            principal=self.ids[principal],
            agent=self.ids[agent],
            initiator=self.ids[principal],
            kind=kind,
            since=now,
            under=under,
            terms=builders.terms(
                **(
                    {"scopes": (Scope.of_service(PERMIT),), "from_": now, "until": now + timedelta(days=30)}
                    | terms
                )
            ),
        )
        room = self.house.app.rooms.representing.mandates
        async with room.units.begin() as unit:
            assert await room.edges.add(unit, made)
        return made

    async def revoke(self, edge: Edge) -> None:
        """Have the principal take it back."""
        by = Mover.self(edge.principal, Level.LOW)
        room, now = self.house.app.rooms.representing.mandates, self.house.clock.now()
        await room.move(edge.id, edge.version, builders.move(Act.REVOKE, by), (), now, NOTHING_TOLD)


async def open_world(house: House) -> World:
    """Have Sanne give Pieter a mandate for the town's permit; Noor has none."""
    await house.put(admits(), system())
    world = World(house)
    await world.meet(SANNE, PIETER, NOOR, FIRM)
    await world.give(SANNE, PIETER)
    return world


def question(actor: Number | str, principal: Number | str, **more: object) -> dict[str, object]:
    """Return an evaluation: may one act for the other."""
    return {
        "subject": named(actor),
        "action": {"name": "act"},
        "resource": named(principal) | {"properties": {"service": str(PERMIT)}},
    } | more


def named(who: Number | str) -> dict[str, object]:
    """Return a subject or resource by its number, or by a pseudonym."""
    if isinstance(who, str):
        return {"type": "pseudonym", "id": who}
    return {"type": "bsn" if isinstance(who, Bsn) else "kvk", "id": who.digits}
