"""What every record is made of: ids, texts and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

OrganisationId = NewType("OrganisationId", str)  # short name in the catalogue: `gemeente-zandvoort`
ServiceId = NewType("ServiceId", UUID)
ClientId = NewType("ClientId", str)
MeansId = NewType("MeansId", str)
EntityId = NewType("EntityId", str)  # what a partner in SAML calls itself: a URI
CampaignId = NewType("CampaignId", str)


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people, in every language of the hub."""

    nl: str
    en: str

    def __getitem__(self, language: str) -> str:
        """Return the text in `language` (`nl` or `en`; anything else reads Dutch)."""
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """When something holds, `[from_, until)` in UTC; None is open at that end."""

    from_: datetime | None = None
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Tell whether `at` lies inside."""
        return (self.from_ is None or self.from_ <= at) and (self.until is None or at < self.until)
