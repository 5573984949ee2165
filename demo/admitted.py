"""Who may act for another at the services of the demo that admit it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from toegang.mandates.party import AMSTERDAM

if TYPE_CHECKING:
    from datetime import datetime

TAXES: dict[str, Any] = {
    "version": 3,
    "kinds": [
        "court",
        "parental",
        "estate",
        "statutory",
        "proxy",
        "voluntary",
        "intermediary",
        "employee",
        "staff",
        "helper",
    ],
    "depth": 3,
    "since": "2026-01-01",
    "groups": [{"id": "belastingen", "since": "2026-01-01", "names": {"nl": "Belastingen", "en": "Taxes"}}],
    "powers": ["property"],
    "letter": True,
    "desk": True,
    "limits": ["actions", "amount"],
}
"""Who may act for another with the taxes: whoever may do so at all, also a firm and its staff.

The portal holds them to what they may do there and to amounts (demo/limits.py).
"""

CARE: dict[str, Any] = {
    "version": 2,
    "kinds": ["court", "parental", "voluntary", "employee", "helper"],
    "since": "2026-01-01",
    "groups": [{"id": "zorg", "since": "2026-01-01", "names": {"nl": "Zorg", "en": "Care"}}],
    "powers": ["personal-care"],
    "child_until": 12,
}
"""Who may act for another with care: parents while a child is under 12."""

CONTACT: dict[str, Any] = {"version": 1, "kinds": ["voluntary"], "acceptance": False, "one_agent": True}
"""One acts at a time as somebody's contact with the town: a later mandate takes the place of the earlier."""

GRANTS: dict[str, Any] = {"version": 1, "kinds": ["statutory", "employee"], "administer": "substantial"}
"""Who gives a mandate in an organisation's name, as its director does, logs in higher than who acts by it."""


def with_change(rules: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return rules that announce, on the first of the month after next, that people give no mandate any more.

    The version counts months, so that a demo that is begun again announces the next one.
    """
    today = now.astimezone(AMSTERDAM)
    month = today.year * 12 + today.month - 1
    year, place = divmod(month + 2, 12)
    kinds = [kind for kind in rules["kinds"] if kind != "voluntary"]
    later = {**deepcopy(rules), "version": month + 1, "kinds": kinds}
    announced = {"from": f"{year}-{place + 1:02d}-01", "rules": later}
    return {**rules, "version": month, "announced": announced}
