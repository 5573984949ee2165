"""Answers of the userinfo endpoint, plain or signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.errors import ProtocolRefusal
from toegang.oidc.errors import INVALID_REQUEST
from toegang.oidc.times import stamps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.oidc.parameters import Parameters

TYPE = "JWT"
LIFETIME = timedelta(minutes=5)


def userinfo_claims(subject: str, claims: Mapping[str, object]) -> dict[str, object]:
    """OIDCC-5.3.2: the claims released, with the subject of the ID token; absent ones are left out."""
    return {name: value for name, value in claims.items() if value is not None} | {"sub": subject}


def signed_userinfo_claims(
    subject: str, claims: Mapping[str, object], *, issuer: str, client_id: str, now: datetime
) -> dict[str, object]:
    """OIDCC-5.3.2 and NLGOV-OIDC UserInfo: the claims to sign: also who says it, to whom, until when."""
    about = {"iss": issuer, "aud": client_id, **stamps(now, LIFETIME)}
    return userinfo_claims(subject, claims) | about


def presented_token(authorization: str | None, parameters: Parameters) -> tuple[str, str]:
    """RFC6750-2 and RFC9449-7.1: return the scheme, `bearer` or `dpop`, and the token.

    A token in the query is refused by never looking there (RFC9700-4.3.2): pass the form's parameters.

    Raises:
        ProtocolRefusal: none, two, or of another scheme (invalid_request).

    """
    in_form = parameters.get("access_token")
    if authorization is None and in_form is not None:
        return "bearer", in_form
    scheme, _, token = (authorization or "").partition(" ")
    if in_form is not None or scheme.lower() not in {"bearer", "dpop"} or not token.strip():
        raise ProtocolRefusal(INVALID_REQUEST, "present exactly one access token")
    return scheme.lower(), token.strip()
