"""What the municipality does when the hub tells it that a login's authority has ended (RFC 8935).

A notice is a signed token: it is believed when the hub signed it for us and not long ago. Who was logged in
by that authority is logged out; what was received stands at the counter. The same notice may come again.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import joserfc.errors
import joserfc.jwk
import joserfc.jwt
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.places import Party
from demo.web import read_at_most

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from starlette.requests import Request

    from demo.places import Places
    from demo.web import Sessions

PATH: Final = "/notices"
MEDIA_TYPE: Final = "application/secevent+jwt"
TYPE: Final = "secevent+jwt"
ENDED: Final = "urn:toegang:event:statement-ended"
ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""As for an ID token of profile `nlgov`, whose first the hub signs by."""

OLDEST: Final = 86_400 + 300  # seconds: the hub tries for a day
LARGEST: Final = 8_192  # bytes
SHOWN: Final = 5
REMEMBERED: Final = 10_000
_LOG: Final = logging.getLogger(__name__)


class Unbelieved(Exception):
    """A notice is not acted on; the text is the word of RFC8935-2.4 for why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An authority that ended: of which login, and when; `sessions` is how many were logged out by it."""

    statement: str
    at: datetime
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Receives them. `audience` is our client at the hub; `now` tells the seconds since 1970."""

    issuer: str
    audience: str
    http: httpx2.AsyncClient
    sessions: Sessions
    now: Callable[[], float] = time.time
    received: deque[Notice] = field(default_factory=lambda: deque(maxlen=SHOWN))
    seen: dict[str, None] = field(default_factory=dict)

    async def receive(self, request: Request) -> Response:
        """RFC8935-2: take a notice (202), or say why it is not believed (400)."""
        if request.headers.get("content-type", "") != MEDIA_TYPE:
            return _refused("invalid_request")
        body = await read_at_most(request, LARGEST)
        if body is None or not body.isascii():
            return _refused("invalid_request")
        try:
            claims = await self._believed(body.decode())
        except Unbelieved as error:
            return _refused(str(error))
        if claims["jti"] not in self.seen:
            self._act(claims)
        return Response(status_code=202)

    async def _believed(self, text: str) -> dict[str, Any]:
        """RFC8417-2.2: return the claims of what the hub signed for us, about a login's authority."""
        try:
            token = joserfc.jwt.decode(text, await self._keys(), algorithms=list(ALGORITHMS))
        except joserfc.errors.DecodeError:
            raise Unbelieved("invalid_request") from None  # noqa: EM101 a word of the standard
        except joserfc.errors.JoseError:
            raise Unbelieved("invalid_key") from None  # noqa: EM101 a word of the standard
        except (ValueError, TypeError):  # the second of a header that has `crit` as a number
            raise Unbelieved("invalid_request") from None  # noqa: EM101 a word of the standard
        claims: dict[str, Any] = dict(token.claims)
        about, issued = claims.get("sub_id"), claims.get("iat")
        another = {"sub", "exp", "nonce"} & claims.keys()  # RFC8417-2.2: it is no token of a login
        rules = (
            (token.header.get("typ") == TYPE, "invalid_request"),
            (claims.get("iss") == self.issuer, "invalid_issuer"),
            (claims.get("aud") == self.audience, "invalid_audience"),
            (isinstance(claims.get("jti"), str) and not another, "invalid_request"),
            (isinstance(issued, int) and self.now() - issued < OLDEST, "invalid_request"),
            (isinstance(claims.get("events"), dict) and ENDED in claims["events"], "invalid_request"),
            (isinstance(about, dict) and isinstance(about.get("id"), str), "invalid_request"),
        )
        for holds, why in rules:
            if not holds:
                raise Unbelieved(why)
        return claims

    async def _keys(self) -> joserfc.jwk.KeySet:
        told = (await self.http.get(f"{self.issuer}/.well-known/openid-configuration")).json()
        return joserfc.jwk.KeySet.import_key_set((await self.http.get(told["jwks_uri"])).json())

    def _act(self, claims: dict[str, Any]) -> None:
        self.seen[claims["jti"]] = None
        if len(self.seen) > REMEMBERED:
            del self.seen[next(iter(self.seen))]
        statement = claims["sub_id"]["id"]

        def rests_on_it(session: dict[str, Any]) -> bool:
            logins = session.get("logins", {}).values()
            return any(_statement(login["claims"]) == statement for login in logins)

        ended = self.sessions.end_where(rests_on_it)
        at = datetime.fromtimestamp(claims.get("toe", claims["iat"]), UTC)
        self.received.appendleft(Notice(statement=statement, at=at, sessions=ended))


def notices_of(places: Places, audience: str, http: httpx2.AsyncClient, sessions: Sessions) -> Notices:
    """Return what receives the notices of our client at the hub of the demo."""
    return Notices(issuer=places.url(Party.HUB), audience=audience, http=http, sessions=sessions)


def route(notices: Notices) -> Route:
    """Return where the hub brings them."""
    return Route(PATH, notices.receive, methods=["POST"])


def _statement(claims: dict[str, Any]) -> str | None:
    found: str | None = claims.get("representation", {}).get("statement")
    return found


def _refused(why: str) -> Response:
    _LOG.warning("a notice is not believed: %s", why)
    return JSONResponse({"err": why, "description": "this notice is not believed"}, 400)
