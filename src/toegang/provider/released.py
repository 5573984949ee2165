"""What a service is told from the population register about who logged in, in any protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from toegang.catalogue.values import Attribute

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.registers.population import Registered

ADULT = 18
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")  # ages are counted in days of Dutch law


def value_of(attribute: Attribute, registered: Registered, now: datetime) -> str | bool | None:
    """Return the value of an attribute; None when the register has none."""
    names = registered.names
    if attribute is Attribute.GIVEN_NAMES:
        return names.given or None
    if attribute is Attribute.FAMILY_NAME:
        return " ".join(part for part in (names.prefix, names.family) if part) or None
    if attribute is Attribute.BIRTH_DATE:
        return str(registered.birth_date)
    return registered.birth_date.is_at_least(ADULT, now.astimezone(_AMSTERDAM).date())


def text_of(attribute: Attribute, registered: Registered, now: datetime) -> str:
    """Return the same as text: `true` and `false` for what is true or not, empty for what is not there."""
    value = value_of(attribute, registered, now)
    return str(value).lower() if isinstance(value, bool) else value or ""
