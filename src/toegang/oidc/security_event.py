"""Security event tokens: one signed fact that a receiver should act on, pushed to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.clock import epoch
from toegang.errors import Malformed
from toegang.jose.segments import parse_object

if TYPE_CHECKING:
    from datetime import datetime

TYPE: Final = "secevent+jwt"
MEDIA_TYPE: Final = "application/secevent+jwt"
STATEMENT_ENDED: Final = "urn:toegang:event:statement-ended"
"""What somebody acts by, as a login stated it, has ended or changed; `sub_id` names the statement."""

REFUSALS: Final = frozenset(
    {
        "invalid_request",
        "invalid_key",
        "invalid_issuer",
        "invalid_audience",
        "authentication_failed",
        "access_denied",
    }
)
"""RFC8935-2.4: the words by which a receiver says why it takes no event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent:
    """RFC8417-2: what happened, to what (an opaque id of ours, RFC9493-3.2.7), when, and whom it is told."""

    issuer: str
    audience: str
    kind: str
    about: str
    at: datetime


def security_event_claims(event: SecurityEvent, *, jti: str, now: datetime) -> dict[str, object]:
    """RFC8417-2.2: the claims to sign under type secevent+jwt.

    Without `exp` (RFC8417-2.2) and without `sub`, so that nobody takes it for a token of a login
    (RFC8417-4.5).
    """
    return {
        "iss": event.issuer,
        "aud": event.audience,
        "jti": jti,
        "iat": epoch(now),
        "toe": epoch(event.at),
        "sub_id": {"format": "opaque", "id": event.about},
        "events": {event.kind: {}},
    }


def refusal_in(body: bytes) -> str:
    """RFC8935-2.3: return the receiver's word for why it takes no event; empty for none that is known."""
    try:
        word = parse_object(body).get("err")
    except Malformed:
        return ""
    return next((each for each in REFUSALS if each == word), "")
