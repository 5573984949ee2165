"""A service provider of the demo: a small web application on Authlib, a library that is not ours.

It logs in by the profile that the hub calls `nlgov`: authorization code, PKCE, a pushed request (RFC9126)
and private_key_jwt. Its pages show what it received and why. Its sessions are in memory.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx2
import joserfc.errors
import joserfc.jwe
import joserfc.jwk
import joserfc.jwt
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from demo.limits import in_words, limits_of, may
from demo.places import ALGORITHMS, Party
from demo.web import AWAY, EVERYWHERE, PAGES, Sessions, SessionsOf, language_of, routes_of
from demo.words import LEVELS, Words, ground_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from demo.places import Places

UNKNOWN: Final = Words("?", "?")
"""What a level is called that nobody knows."""

EXPLAINED: Final = {
    "acr": Words(
        "Hoe zeker het is dat u het bent: het niveau waarmee u bent ingelogd.",
        "How sure it is that it is you: the level at which you logged in.",
    ),
    "auth_time": Words(
        "Wanneer u inlogde, in seconden sinds 1970.", "When you logged in, in seconds since 1970."
    ),
    "represents": Words(
        "Voor wie u iets regelt. Uw eigen kenmerk staat bij sub: u bent wie inlogde.",
        "For whom you act. Your own mark stands at sub: you are who logged in.",
    ),
    "representation": Words(
        "Waarom u dat mag, op welk niveau en tot wanneer; en waar de website vraagt of het nog zo is.",
        "Why you may, at which level and until when; and where the website asks whether it still is so.",
    ),
}
"""What every login tells, whatever the service."""

ENVELOPE: Final = frozenset({"iss", "aud", "iat", "exp", "nbf", "jti"})
"""Claims about the message, not about the person."""

ACT_FOR: Final = "urn:toegang:act-for"
"""The type of `authorization_details` by which somebody is asked who acts for another."""

LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """Another button: it asks for who acts for another by these kinds of authority, and for nobody else."""

    whose: Words
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Something to be paid, in eurocents."""

    id: str
    name: Words
    cents: int

    @property
    def euros(self) -> str:
        """The amount as it is written."""
        return f"{self.cents / 100:.2f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service that people log in for: `acr` is the level that it must ask, `why` the reason.

    `scope` is what it asks besides `openid`: `profile` for the attributes that it is entitled to.
    `further` is a second button, if there is one; `bills` can be paid there.
    """

    path: str
    id: str
    name: Words
    acr: str
    why: Words
    scope: str = ""
    further: Further | None = None
    bills: tuple[Bill, ...] = ()

    @property
    def details(self) -> str:
        """RFC9396-2: return what the second button asks, as JSON; empty without one."""
        if self.further is None:
            return ""
        return json.dumps([{"type": ACT_FOR, "service": self.id, "kinds": self.further.kinds}])


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A service provider as the hub's catalogue knows it; `explained` tells what claims are for."""

    party: Party
    client_id: str
    name: Words
    offers: tuple[Offer, ...]
    explained: dict[str, Words]

    def offer(self, path: str) -> Offer | None:
        """Find a service by its path."""
        return next((offer for offer in self.offers if offer.path == path), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relying:
    """The web application of one service provider."""

    registration: Registration
    places: Places
    hub: Any
    sessions: Sessions

    async def hub_away(self, request: Request, _: Exception) -> Response:
        """Say so when the hub does not answer."""
        return self._page(request, "refused.html", 502, error={"error": "hub_unavailable"}, away=AWAY)

    async def home(self, request: Request) -> Response:
        """Show the services, and which of them this browser is logged in for."""
        return self._page(request, "relying.html", logins=request.session.get("logins", {}))

    async def login(self, request: Request) -> Response:
        """RFC9126-2: push what is asked to the hub, then send the browser there with the reference to it."""
        offer = self.registration.offer(request.path_params["path"])
        if offer is None:
            return RedirectResponse("/")
        redirect_uri = f"{self.places.url(self.registration.party)}/callback"
        by_details = offer.further and request.query_params.get("ask") == "details"
        more = {"authorization_details": offer.details} if by_details else {}
        asked: dict[str, str] = await self.hub.create_authorization_url(
            redirect_uri,
            scope=f"openid service:{offer.id} {offer.scope}".strip(),
            acr_values=offer.acr,
            ui_locales=language_of(request),
            **more,
        )
        await self.hub.save_authorize_data(request, redirect_uri=redirect_uri, **asked)
        request.session["asked"] = offer.path
        metadata = await self.hub.load_server_metadata()
        pushed = await self._push(metadata, dict(parse_qsl(urlsplit(asked["url"]).query)))
        if "request_uri" not in pushed:
            return self._refused(request, pushed)
        query = urlencode({"client_id": self.registration.client_id, "request_uri": pushed["request_uri"]})
        return RedirectResponse(f"{metadata['authorization_endpoint']}?{query}", 302)

    async def callback(self, request: Request) -> Response:
        """OIDCC-3.1.2.5: take the code to the token endpoint, check the tokens, keep what they say."""
        try:
            token = await self.hub.authorize_access_token(request)
            told = await self._userinfo(token)
        except (AuthlibBaseError, joserfc.errors.JoseError) as error:
            return self._refused(request, {"error": error.error, "error_description": error.description})
        login = {"claims": dict(token["userinfo"]), "userinfo": told, "id_token": token["id_token"]}
        # RFC9396-7: what was granted of it comes with the tokens.
        login["details"] = token.get("authorization_details")
        request.session.setdefault("logins", {})[request.session.pop("asked", "")] = login
        return RedirectResponse(f"/{self._path_of(login, request)}", 303)

    async def service(self, request: Request) -> Response:
        """Show a service to who is logged in for it; send others to log in, at its own level."""
        offer = self.registration.offer(request.path_params["path"])
        login = request.session.get("logins", {}).get(request.path_params["path"])
        if offer is None or login is None:
            return RedirectResponse("/" if offer is None else f"/login/{offer.path}")
        level = LEVELS.get(login["claims"].get("acr", ""), UNKNOWN).said(language_of(request))
        context = {"offer": offer, "login": login, "level": level, "pretty": _pretty(login)}
        told = login["claims"] | login["userinfo"]
        limits = limits_of(told)
        context["represented"], context["limits"] = represented(told), in_words(limits)
        context["to_pay"] = [(bill, may(limits, "submit", bill.cents)) for bill in offer.bills]
        return self._page(request, "received.html", **context)

    async def logout(self, request: Request) -> Response:
        """OIDCRPL-2: end the session here, then ask the hub to end its own."""
        logins = request.session.pop("logins", {})
        if not logins:
            return RedirectResponse("/", 303)
        hint = next(reversed(logins.values()))["id_token"]
        back = f"{self.places.url(self.registration.party)}/"
        asked = await self.hub.create_logout_url(post_logout_redirect_uri=back, id_token_hint=hint)
        return RedirectResponse(asked["url"], 303)

    async def backchannel_logout(self, request: Request) -> Response:
        """OIDCBCL-2.6: end the sessions of a login that ended at the hub."""
        tokens = parse_qs((await request.body()).decode("utf-8", "replace")).get("logout_token", [])
        claims = await self._logout_claims(tokens[0]) if tokens else None
        if claims is None:
            return PlainTextResponse("not a logout token", 400)
        about = "sid" if "sid" in claims else "sub"

        def is_meant(session: dict[str, Any]) -> bool:
            logins = session.get("logins", {}).values()
            return any(login["claims"].get(about) == claims[about] for login in logins)

        self.sessions.end_where(is_meant)
        return PlainTextResponse("")

    async def _push(self, metadata: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
        async with self.hub._get_oauth_client(**metadata) as client:  # noqa: SLF001 Authlib has no own call for this
            response = await client.post(
                metadata["pushed_authorization_request_endpoint"],
                data=asked,
                auth=client.client_auth("private_key_jwt"),
                headers={"Accept": "application/json"},
            )
        return dict(response.json())

    async def _userinfo(self, token: dict[str, Any]) -> dict[str, Any]:
        """OIDCC-5.3.2: fetch what the hub tells; encrypted for us, and signed by the hub inside."""
        metadata = await self.hub.load_server_metadata()
        response = await self.hub.get(metadata["userinfo_endpoint"], token=token)
        response.raise_for_status()
        key = self.places.private_key(self.registration.party, "enc")
        signed = joserfc.jwe.decrypt_compact(response.text, key, algorithms=[ALGORITHMS["enc"], "A256GCM"])
        told = await self._signed((signed.plaintext or b"").decode(), "userinfo_signing_alg_values_supported")
        self._rules(metadata).validate(told)
        # OIDCC-5.3.2: about the same person as the ID token, or it is not to be used.
        joserfc.jwt.JWTClaimsRegistry(sub={"essential": True, "value": token["userinfo"]["sub"]}).validate(
            told
        )
        return {name: value for name, value in told.items() if name not in ENVELOPE}

    async def _signed(self, token: str, supported: str) -> dict[str, Any]:
        metadata = await self.hub.load_server_metadata()
        keys = joserfc.jwk.KeySet.import_key_set(await self.hub.fetch_jwk_set())
        return dict(joserfc.jwt.decode(token, keys, algorithms=metadata[supported]).claims)

    def _rules(self, metadata: dict[str, Any], **more: Any) -> joserfc.jwt.JWTClaimsRegistry:  # noqa: ANN401
        return joserfc.jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": metadata["issuer"]},
            aud={"essential": True, "value": self.registration.client_id},
            **more,
        )

    async def _logout_claims(self, token: str) -> dict[str, Any] | None:
        metadata = await self.hub.load_server_metadata()
        try:
            claims = await self._signed(token, "id_token_signing_alg_values_supported")
            self._rules(metadata, events={"essential": True}).validate(claims)
        except (joserfc.errors.JoseError, ValueError):
            return None
        named = "sid" in claims or "sub" in claims
        return claims if named and "nonce" not in claims and LOGOUT_EVENT in claims["events"] else None

    def _path_of(self, login: dict[str, Any], request: Request) -> str:
        logins = request.session["logins"]
        return next((path for path, kept in logins.items() if kept is login), "")

    def _refused(self, request: Request, error: dict[str, Any]) -> Response:
        return self._page(request, "refused.html", 400, error=error)

    def _page(self, request: Request, name: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
        shared = {"registration": self.registration, "levels": LEVELS}
        return PAGES.TemplateResponse(request, name, shared | context, status)


def sessions_of(registration: Registration) -> Sessions:
    """Return the sessions of a service provider."""
    return Sessions(cookie=f"demo-{registration.party}")


def build_relying(
    places: Places,
    registration: Registration,
    further: Sequence[Route] = (),
    sessions: Sessions | None = None,
) -> Starlette:
    """Make the web application of a service provider; `further` are pages of its own."""
    sessions = sessions_of(registration) if sessions is None else sessions
    relying = Relying(
        registration=registration, places=places, hub=_hub(places, registration), sessions=sessions
    )
    routes = routes_of(
        Route("/", relying.home),
        Route("/login/{path}", relying.login),
        Route("/callback", relying.callback),
        Route("/logout", relying.logout, methods=["POST"]),
        Route("/backchannel-logout", relying.backchannel_logout, methods=["POST"]),
    )
    routes += [*further, Route("/{path}", relying.service)]
    middleware = [*EVERYWHERE, Middleware(SessionsOf, sessions=sessions)]
    return Starlette(
        routes=routes, middleware=middleware, exception_handlers={httpx2.HTTPError: relying.hub_away}
    )


def _hub(places: Places, registration: Registration) -> Any:  # noqa: ANN401 Authlib has no types
    issuer = places.url(Party.HUB)
    key = places.private_key(registration.party, "sig")
    # The issuer as audience, so that no other party can use the assertion (draft-ietf-oauth-rfc7523bis-4).
    proof = PrivateKeyJWT(issuer, headers={"kid": key.kid}, alg=ALGORITHMS["sig"])
    return OAuth().register(
        name="hub",
        client_id=registration.client_id,
        client_secret=key,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"token_endpoint_auth_method": "private_key_jwt", "code_challenge_method": "S256"},
        client_auth_methods=[proof],
    )


def represented(told: dict[str, Any]) -> dict[str, Any] | None:
    """NLGOV-OIDC: return whom a login is about, the innermost in a chain, and on which ground; None: oneself.

    A service provider must look: who takes `sub` for whom it is about gives one person's affairs to another.
    """
    found = told.get("represents")
    if not found:
        return None
    while found.get("represents"):
        found = found["represents"]
    basis = told.get("representation", {}).get("basis", [])
    number = next((each["sub"] for each in found.get("alt_sub", ())), found["sub"])
    return {"number": number, "basis": [ground_words(each) for each in basis]}


def _pretty(login: dict[str, Any]) -> str:
    shown = {"id_token": login["claims"], "userinfo": login["userinfo"]}
    return json.dumps(shown, indent=2, ensure_ascii=False, sort_keys=True)
