"""What people do with invitations to climb a step."""

from dataclasses import dataclass
from typing import ClassVar

from toegang.assurance import Step
from toegang.audit.event import Event, Personal
from toegang.audit.events.login import LoginEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEvent(LoginEvent):
    """What every event of an invitation in a login says.

    `campaign` is its id in the catalogue, `step` the step at which the person's account stands, `leads_to`
    the step that they are invited to. `person` is the person's id, so that people can see what was asked of
    them.
    """

    campaign: str
    step: Step
    leads_to: Step
    person: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignShown(CampaignEvent):
    """The invitation was shown."""

    name: ClassVar[str] = "campaign:shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStarted(CampaignEvent):
    """The person chose to take the step now."""

    name: ClassVar[str] = "campaign:started"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDeclined(CampaignEvent):
    """The person went on without it, and may be asked again."""

    name: ClassVar[str] = "campaign:declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRefused(CampaignEvent):
    """The person went on, and does not want to be asked to take this step again."""

    name: ClassVar[str] = "campaign:never-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFinished(Event):
    """An account reached the step, within the days that the campaign counts after its person started.

    `campaign` is its id in the catalogue, `leads_to` the step, `days` how many whole days after the start.
    `person` is the person's id, so that the line stands in their own history.
    """

    name: ClassVar[str] = "campaign:finished"

    campaign: str
    leads_to: Step
    days: int
    person: Personal | None = None
