"""Campaigns: whom the hub invites, on their way to a service, to climb a step."""

from __future__ import annotations

from dataclasses import dataclass, field

from toegang.assurance import Step
from toegang.catalogue.parts import CampaignId, ServiceId, Text, Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """An invitation to climb a step: to whom, where, how often, and what it says.

    Whose account stands at one of `steps` is invited to `leads_to`, at `services` (empty: at all of them);
    `share` out of a hundred people are, always the same ones. Each is shown it `most` times, at least
    `again_after` days apart. Who reaches the step within `within` days after they started has finished. Of
    several the one of the highest `priority` is shown. `enabled` is the operator's stop.
    """

    id: CampaignId
    names: Text
    title: Text
    text: Text
    steps: tuple[Step, ...]
    leads_to: Step
    services: tuple[ServiceId, ...] = ()
    share: int = 100
    most: int = 3
    again_after: int = 30
    within: int = 30
    priority: int = 0
    enabled: bool = True
    validity: Validity = field(default_factory=Validity)
