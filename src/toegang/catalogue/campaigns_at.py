"""Which campaigns there are at a service, the most important first: looked up by every login."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toegang.catalogue.campaign import Campaign
    from toegang.catalogue.parts import ServiceId


@dataclass(frozen=True, slots=True)
class CampaignsAt:
    """Those of each service that is named by one, and those of every other service; closed ones too."""

    named: Mapping[ServiceId, tuple[Campaign, ...]] = field(default_factory=dict)
    others: tuple[Campaign, ...] = ()

    @classmethod
    def of(cls, campaigns: Iterable[Campaign]) -> CampaignsAt:
        """Put campaigns in order, for each service."""
        ordered = sorted(campaigns, key=lambda each: (-each.priority, each.id))
        named = {service for each in ordered for service in each.services}
        return cls(
            {
                service: tuple(each for each in ordered if not each.services or service in each.services)
                for service in named
            },
            tuple(each for each in ordered if not each.services),
        )

    def at(self, service: ServiceId) -> tuple[Campaign, ...]:
        """Return those at a service, the most important first."""
        return self.named.get(service, self.others)
