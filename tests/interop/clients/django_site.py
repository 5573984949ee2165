"""A service provider on Django: `python django_site.py ISSUER PORT FOLDER SECRET SERVICE`.

Settings as in the documentation of mozilla-django-oidc; its backend is extended where that says so: people
are found by `sub`, not by mail address, and the level that was proven is checked and kept.
"""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlencode
from wsgiref.simple_server import make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

LOW = "http://eidas.europa.eu/LoA/low"


def end_at_the_hub(request: HttpRequest) -> str:
    """Return where logging out goes on (the setting OIDC_OP_LOGOUT_URL_METHOD)."""
    hint = request.session.get("oidc_id_token", "")
    back = {"id_token_hint": hint, "post_logout_redirect_uri": f"{settings.HOME}/"}
    return f"{settings.ISSUER}/oidc/logout?{urlencode(back)}"


def configure(issuer: str, port: str, folder: str, secret: str, service: str) -> None:
    """Set everything that Django and the library ask."""
    settings.configure(
        ISSUER=issuer,
        HOME=f"http://localhost:{port}",
        ROOT_URLCONF=__name__,
        SECRET_KEY="obviously-not-a-secret-for-sessions",
        ALLOWED_HOSTS=["localhost"],
        SESSION_COOKIE_NAME="django-session",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/site.db"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "mozilla_django_oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        AUTHENTICATION_BACKENDS=[f"{__name__}.BySubject"],
        LOGIN_REDIRECT_URL="/mine",
        LOGIN_REDIRECT_URL_FAILURE="/refused",
        LOGOUT_REDIRECT_URL="/",
        ALLOW_LOGOUT_GET_METHOD=True,
        OIDC_RP_CLIENT_ID="mozilla-django-oidc",
        OIDC_RP_CLIENT_SECRET=secret,
        OIDC_RP_SIGN_ALGO="RS256",
        OIDC_RP_SCOPES=f"openid profile service:{service}",
        OIDC_OP_AUTHORIZATION_ENDPOINT=f"{issuer}/oidc/authorize",
        OIDC_OP_TOKEN_ENDPOINT=f"{issuer}/oidc/token",
        OIDC_OP_USER_ENDPOINT=f"{issuer}/oidc/userinfo",
        OIDC_OP_JWKS_ENDPOINT=f"{issuer}/oidc/jwks",
        OIDC_OP_LOGOUT_URL_METHOD=f"{__name__}.end_at_the_hub",
        OIDC_TOKEN_USE_BASIC_AUTH=True,
        OIDC_USE_PKCE=True,
        OIDC_STORE_ID_TOKEN=True,
        OIDC_AUTH_REQUEST_EXTRA_PARAMS={"acr_values": LOW},
    )
    django.setup()


configure(*sys.argv[1:])

from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # noqa: E402 needs the settings


class BySubject(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Finds people by the pseudonym that the hub gives, and keeps the level with it."""

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Take the level from the ID token: userinfo does not tell it."""
        told: dict[str, Any] = super().get_userinfo(access_token, id_token, payload)
        return told | {"acr": payload.get("acr")}

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """Refuse a level other than the one that was asked: the library does not look at it."""
        return bool(claims["acr"] == LOW)

    def filter_users_by_claims(self, claims: dict[str, Any]) -> Any:  # noqa: ANN401 Django's own
        """Find by pseudonym: there is no mail address."""
        return self.UserModel.objects.filter(username=claims["sub"])

    def get_username(self, claims: dict[str, Any]) -> str:
        """Call a new user by the pseudonym."""
        return str(claims["sub"])

    def create_user(self, claims: dict[str, Any]) -> Any:  # noqa: ANN401 Django's own
        """Make a user with the name that the hub told."""
        return self.update_user(super().create_user(claims), claims)

    def update_user(self, user: Any, claims: dict[str, Any]) -> Any:  # noqa: ANN401 Django's own
        """Keep the name and the level."""
        user.last_name = claims.get("family_name", "")
        user.save()
        self.request.session["level"] = claims["acr"]
        return user


def home(request: HttpRequest) -> HttpResponse:
    """Say where this is."""
    return JsonResponse({"at": request.path})


def mine(request: HttpRequest) -> HttpResponse:
    """Show what was received."""
    user: Any = request.user
    known = {"sub": user.get_username(), "family_name": getattr(user, "last_name", "")}
    return JsonResponse(known | {"acr": request.session.get("level"), "here": user.is_authenticated})


urlpatterns = [
    path("", home),
    path("refused", home),
    path("mine", mine),
    path("oidc/", include("mozilla_django_oidc.urls")),
]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    make_server("127.0.0.1", int(sys.argv[2]), get_wsgi_application()).serve_forever()
