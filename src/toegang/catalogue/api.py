"""What a client may ask of the hub's interfaces for systems, without anybody logging in."""

from __future__ import annotations

import enum
from dataclasses import dataclass

USUAL_PER_HOUR = 1_000
MOST_PER_HOUR = 1_000_000


class ApiScope(enum.StrEnum):
    """RFC6749-3.3: what an access token for a system can be good for; the words never change."""

    EVALUATE = "mandates:evaluate"  # may this one act for that one
    SEARCH = "mandates:search"  # for whom, by whom, what
    STATUS = "mandates:status"  # whether what a login stated still holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What a client may ask.

    `per_hour` is how many questions it has per clock hour, each one in a batch counted. `events_uri` is where
    it is told that what a login stated has ended (RFC8935-2); empty: nowhere.
    """

    scopes: tuple[ApiScope, ...]
    per_hour: int = USUAL_PER_HOUR
    events_uri: str = ""
