"""The door of the desk: one attribute for each of the two things that are done there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toegang.mandates.desk.ending import EndingAtDesk
    from toegang.mandates.desk.giving import GivingAtDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class MandatesAtDesk:
    """What handlers may do at a desk with mandates."""

    giving: GivingAtDesk
    ending: EndingAtDesk
