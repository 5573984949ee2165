"""Who may act for another at the services of the demo that admit it."""

from __future__ import annotations

from typing import Any

TAXES: dict[str, Any] = {
    "version": 2,
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
}
"""Who may act for another with the taxes: whoever may do so at all, also a firm and its staff."""

CARE: dict[str, Any] = {
    "version": 2,
    "kinds": ["court", "parental", "voluntary", "employee", "helper"],
    "since": "2026-01-01",
    "groups": [{"id": "zorg", "since": "2026-01-01", "names": {"nl": "Zorg", "en": "Care"}}],
    "powers": ["personal-care"],
    "child_until": 12,
}
"""Who may act for another with care: parents while a child is under 12."""
