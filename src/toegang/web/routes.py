"""Every URL on one screen: method, path, handler. The hot ones stand first: they are looked at in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.web import (
    access,
    account,
    app,
    app_api,
    apply,
    bringing,
    cards,
    checking,
    choosing,
    citizen,
    cockpit,
    desk,
    desk_endings,
    desk_mandates,
    elsewhere,
    explaining,
    health,
    linking,
    login,
    logout,
    logout_elsewhere,
    office,
    oidc,
    own_apps,
    own_cards,
    own_passkeys,
    pairing,
    passkeys,
    public,
    reader_api,
    recover,
    saml,
    security_txt,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.web.rooms import Rooms

    Handler = Callable[[Request, Rooms], Awaitable[Response]]

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/oidc/authorize", oidc.authorize),
    ("POST", "/oidc/authorize", oidc.authorize),
    ("POST", "/oidc/token", oidc.token),
    ("GET", "/oidc/userinfo", oidc.userinfo),
    ("POST", "/oidc/userinfo", oidc.userinfo),
    ("GET", "/login/{login}", login.show),
    ("POST", "/login/{login}", login.act),
    ("POST", "/login/{login}" + choosing.SUGGESTED_AT, choosing.suggest),
    ("POST", "/oidc/par", oidc.push),
    ("GET", "/oidc/authorize/{posted}", oidc.authorize_posted),
    ("GET", "/.well-known/openid-configuration", oidc.discovery),
    ("GET", "/.well-known/oauth-authorization-server", oidc.discovery),
    ("GET", "/oidc/jwks", oidc.jwks),
    ("POST", "/oidc/introspect", oidc.introspect),
    ("POST", "/oidc/revoke", oidc.revoke),
    ("GET", "/oidc/logout", oidc.logout),
    ("POST", "/oidc/logout", oidc.logout_posted),
    *saml.ROUTES,
    *logout.ROUTES,
    *logout_elsewhere.ROUTES,
    *citizen.ROUTES,
    *elsewhere.ROUTES,
    *apply.ROUTES,
    *recover.ROUTES,
    *account.ROUTES,
    *app.ROUTES,
    *app_api.ROUTES,
    *reader_api.ROUTES,
    *checking.ROUTES,
    *pairing.ROUTES,
    *own_apps.ROUTES,
    *passkeys.ROUTES,
    *own_passkeys.ROUTES,
    *cards.ROUTES,
    *own_cards.ROUTES,
    *linking.ROUTES,
    *cockpit.ROUTES,
    *bringing.ROUTES,
    *office.ROUTES,
    *explaining.ROUTES,
    *desk.ROUTES,
    *desk_mandates.ROUTES,
    *desk_endings.ROUTES,
    *access.ROUTES,
    *public.ROUTES,
    *health.ROUTES,
    *security_txt.ROUTES,
)
