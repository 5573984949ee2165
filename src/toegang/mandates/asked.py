"""Asked: how often one may ask another for a mandate, so that nobody is worn down by asking (P29)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MOST_ASKED: Final = 5
"""Requests from one agent to one principal."""
WITHIN: Final = timedelta(days=30)
"""In so long, from the first of them on."""
COOL_DOWN: Final = timedelta(days=30)
"""After a request was declined, its agent asks that principal nothing for so long."""
