"""The time claims of a token that someone else made: numbers, in bounds, and now within them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.clock import epoch, from_epoch
from toegang.errors import ProofInvalid

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.jose.segments import JsonObject

SKEW = timedelta(seconds=10)
"""How far ahead of ours another party's clock may run (FAPI2-5.3.2.1: 10 s SHALL be accepted)."""

LAST_MOMENT = 253_402_300_799
"""9999-12-31T23:59:59Z in seconds; what is beyond is not a date."""


def moment(claims: JsonObject, name: str) -> datetime | None:
    """RFC7519-2: read a NumericDate, or None when it is absent.

    Raises:
        ProofInvalid: it is there but is not a date.

    """
    if name not in claims:
        return None
    value = claims[name]
    # True is a number in Python, and is not a date.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LAST_MOMENT:
        message = f"{name} is not a date"
        raise ProofInvalid(message)
    return from_epoch(value)


def required(claims: JsonObject, name: str) -> datetime:
    """Read a NumericDate that must be there.

    Raises:
        ProofInvalid: it is absent or not a date.

    """
    at = moment(claims, name)
    if at is None:
        message = f"{name} is missing"
        raise ProofInvalid(message)
    return at


def check_not_over(claims: JsonObject, now: datetime, *, longest: timedelta) -> datetime:
    """RFC7519-4.1.4: `exp` is there, ahead, and at most `longest` (plus SKEW) ahead; returns it.

    Raises:
        ProofInvalid: it is not.

    """
    expires = required(claims, "exp")
    if expires <= now:
        message = "the token has expired"
        raise ProofInvalid(message)
    if expires > now + longest + SKEW:
        message = "the token lives longer than is accepted"
        raise ProofInvalid(message)
    return expires


def check_begun(claims: JsonObject, name: str, now: datetime, *, oldest: timedelta) -> None:
    """RFC7519-4.1.5 and -4.1.6: if `name` is there, it is not ahead (beyond SKEW) nor older than `oldest`.

    Raises:
        ProofInvalid: it is.

    """
    at = moment(claims, name)
    if at is None:
        return
    if at > now + SKEW:
        message = f"{name} is in the future"
        raise ProofInvalid(message)
    if at < now - oldest - SKEW:
        message = f"{name} is too long ago"
        raise ProofInvalid(message)


def stamps(now: datetime, lifetime: timedelta) -> dict[str, int]:
    """Return `iat`, `nbf` and `exp` for a token of ours."""
    return {"iat": epoch(now), "nbf": epoch(now), "exp": epoch(now + lifetime)}
