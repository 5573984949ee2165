"""Moments and numbers in the words of a language, by the clock of the Netherlands."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from toegang.web.languages import Language

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def in_language(language: Language) -> Mapping[str, Callable[..., str]]:
    """Return the filters of the templates: day, month, clock, moment, number, euros, share."""
    # British English: the day comes before the month, as it does in Dutch.
    locale = "en_GB" if language.value == "en" else language.value

    def day(at: date) -> str:
        """Return 7 maart 2026, for a date or an aware datetime."""
        local = at.astimezone(AMSTERDAM) if hasattr(at, "astimezone") else at
        return format_date(local, "d MMMM y", locale=locale)

    def month(at: date) -> str:
        """Return mrt 2026, for a date."""
        return format_date(at, "MMM y", locale=locale)

    def clock(at: datetime) -> str:
        """Return 14:32."""
        return f"{at.astimezone(AMSTERDAM):%H:%M}"  # alike in every language; babel would read a locale first

    def moment(at: datetime) -> str:
        """Return 7 maart 2026, 14:32."""
        return format_datetime(at, "d MMMM y, HH:mm", tzinfo=AMSTERDAM, locale=locale)

    def number(value: int | Decimal) -> str:
        """Return 12.500."""
        return format_decimal(value, locale=locale)

    def euros(cents: int) -> str:
        """Return € 1.250,50, for eurocents."""
        return format_currency(Decimal(cents) / 100, "EUR", locale=locale)

    def share(value: float) -> str:
        """Return 84,2% for 0.842."""
        return format_percent(value, "#,##0.0%", locale=locale)

    return {
        "day": day,
        "month": month,
        "clock": clock,
        "moment": moment,
        "number": number,
        "euros": euros,
        "share": share,
    }
