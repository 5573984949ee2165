"""A push service, as the browser's maker or the telephone's runs one: it brings what it cannot read.

RFC 8030 with RFC 8292 in front: who pushes proves the key that the subscription was made for. Its messages
are fetched with GET instead of HTTP/2 server push (RFC 8030 section 6), since the demo speaks HTTP/1.1. All
is in memory, and gone when it stops.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from demo.app_device import decode, encode
from demo.web import EVERYWHERE, PAGES, read_at_most, routes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from demo.places import Places

LARGEST = 4096  # octets of a message (RFC8030-7.2)
PATIENCE = 10.0  # seconds that a receiver waits for a message
POINT = 65


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """One message, sealed for its receiver."""

    name: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Subscribed:
    """One subscription: who may push to it (a key), and what waits; of one topic only the newest."""

    key: str
    waiting: dict[str, Pushed] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PushService:
    """The subscriptions, by the name that receivers know, and by the name to push to."""

    own: dict[str, Subscribed] = field(default_factory=dict)
    pushes: dict[str, Subscribed] = field(default_factory=dict)

    async def subscribe(self, request: Request) -> Response:
        """RFC8030-4: make a subscription for whoever has the key that is named in the body."""
        made = Subscribed(key=(await request.body()).decode("ascii", "replace"))
        own, push = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.own[own] = self.pushes[push] = made
        link = f'<{request.base_url}push/{push}>; rel="urn:ietf:params:push"'
        headers = {"location": f"{request.base_url}subscriptions/{own}", "link": link}
        return Response(status_code=201, headers=headers)

    async def push(self, request: Request) -> Response:
        """RFC8030-5: take a message for a subscription."""
        name = str(request.path_params["name"])
        found = self.pushes.get(name)
        if found is None:
            return Response(status_code=410)
        if not proven(request, found.key):
            return Response(status_code=403)
        body = await read_at_most(request, LARGEST)
        if body is None:
            return Response(status_code=413)
        if not request.headers.get("ttl", "").isdigit():
            return Response(status_code=400)
        message = Pushed(
            name=secrets.token_urlsafe(16),
            headers={
                each: request.headers.get(each, "") for each in ("content-encoding", "urgency", "topic")
            },
            body=body,
        )
        found.waiting[message.headers["topic"] or message.name] = message
        found.count += 1
        found.came.set()
        return Response(status_code=201, headers={"location": f"{request.base_url}messages/{message.name}"})

    async def receive(self, request: Request) -> Response:
        """Hand the oldest message to its receiver, once; wait a while for it."""
        found = self.own.get(str(request.path_params["name"]))
        if found is None:
            return Response(status_code=404)
        try:
            async with asyncio.timeout(PATIENCE):
                while not found.waiting:
                    found.came.clear()
                    await found.came.wait()
        except TimeoutError:
            return Response(status_code=204)
        message = found.waiting.pop(next(iter(found.waiting)))
        return Response(message.body, headers=dict(message.headers))

    async def end(self, request: Request) -> Response:
        """RFC8030-7.3: end a subscription; who pushes to it hears that it is gone."""
        found = self.own.pop(str(request.path_params["name"]), None)
        for name in [name for name, each in self.pushes.items() if each is found]:
            del self.pushes[name]
        return Response(status_code=204)

    async def show(self, request: Request) -> Response:
        """Show what a push service sees: that something was brought, and nothing of what."""
        counts = [(name[:6], each.count, len(each.waiting)) for name, each in self.pushes.items()]
        return PAGES.TemplateResponse(request, "pushservice.html", {"subscriptions": counts})


def proven(request: Request, key: str) -> bool:
    """RFC8292-4.2: tell whether the request was signed for us by the key of the subscription."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    parts = dict(part.strip().split("=", 1) for part in given.split(",") if "=" in part)
    if scheme != "vapid" or parts.get("k") != key:
        return False
    point = decode(key)
    if len(point) != POINT:
        return False
    x, y = encode(point[1:33]), encode(point[33:])
    try:
        public = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
        told = jwt.decode(parts.get("t", ""), public, algorithms=["ES256"])
    except (JoseError, ValueError):
        return False
    registry = jwt.JWTClaimsRegistry(aud={"essential": True, "value": str(request.base_url).rstrip("/")})
    try:
        registry.validate(told.claims)
    except JoseError:
        return False
    return "exp" in told.claims


def build(_: Places) -> Starlette:
    """Make the push service."""
    service = PushService()
    routes = routes_of(
        Route("/subscribe", service.subscribe, methods=["POST"]),
        Route("/push/{name}", service.push, methods=["POST"]),
        Route("/subscriptions/{name}", service.receive, methods=["GET"]),
        Route("/subscriptions/{name}", service.end, methods=["DELETE"]),
        Route("/", service.show),
    )
    return Starlette(routes=routes, middleware=EVERYWHERE)
