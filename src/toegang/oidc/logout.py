"""Logging out: a client that asks for it, and the token that tells other clients about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.errors import Misconfigured, ProtocolRefusal
from toegang.oidc.errors import INVALID_REQUEST
from toegang.oidc.times import stamps

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.oidc.parameters import Parameters

TYPE = "logout+jwt"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFETIME = timedelta(minutes=2)
STATE_LIMIT = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutRequest:
    """OIDCRPL-2: a request to end the session; nothing in it is proven. Confirm when the hint is absent."""

    id_token_hint: str | None = field(repr=False)
    client_id: str | None
    post_logout_redirect_uri: str | None
    state: str | None
    ui_locales: tuple[str, ...]

    @classmethod
    def parse(cls, parameters: Parameters) -> LogoutRequest:
        """OIDCRPL-2: read the request; `logout_hint` is not used, so that it cannot name a person.

        Raises:
            ProtocolRefusal: a state that is too long (invalid_request).

        """
        state = parameters.get("state")
        if state is not None and (len(state) > STATE_LIMIT or not state.isprintable()):
            raise ProtocolRefusal(INVALID_REQUEST, "state is too long, or not printable")
        return cls(
            id_token_hint=parameters.get("id_token_hint"),
            client_id=parameters.get("client_id"),
            post_logout_redirect_uri=parameters.get("post_logout_redirect_uri"),
            state=state,
            ui_locales=tuple(parameters.get("ui_locales", "").split()[:16]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedSession:
    """Whose session ended at which client; at least one of subject and sid."""

    issuer: str
    client_id: str
    subject: str | None
    sid: str | None


def logout_token_claims(ended: EndedSession, *, jti: str, now: datetime) -> dict[str, object]:
    """OIDCBCL-2.4: the claims to sign under type logout+jwt; a nonce MUST NOT be there.

    Raises:
        Misconfigured: neither subject nor sid: nobody could tell which session ended.

    """
    if ended.subject is None and ended.sid is None:
        message = "a logout token needs a subject or a sid"
        raise Misconfigured(message)
    claims: dict[str, object] = {
        "iss": ended.issuer,
        "aud": ended.client_id,
        "jti": jti,
        "events": {EVENT: {}},
        **stamps(now, LIFETIME),
    }
    if ended.subject is not None:
        claims["sub"] = ended.subject
    if ended.sid is not None:
        claims["sid"] = ended.sid
    return claims
