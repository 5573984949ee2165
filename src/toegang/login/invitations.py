"""What an invitation to climb a step is, what a person answered to earlier ones, and when to ask again."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from toegang.assurance import Step
from toegang.catalogue.parts import CampaignId, Text

if TYPE_CHECKING:
    from toegang.catalogue.campaign import Campaign
    from toegang.identity.people import PersonId
    from toegang.units import Unit

QUIET = timedelta(days=1)
"""How long nobody is invited again after an invitation, by whichever campaign."""


class Reaction(enum.StrEnum):
    """What a person did with an invitation."""

    NOTHING = "nothing"
    STARTED = "started"  # takes the step now; the login waits
    RETURNED = "returned"  # came back, and goes on
    DECLINED = "declined"  # goes on without it
    NEVER = "never"  # and does not want to be asked again
    WITHDRAWN = "withdrawn"  # the campaign was stopped meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation as it stands in a login: it keeps the words with which it was shown.

    `step` is where the person's account stands, `within` in how many days the step is to be reached.
    """

    campaign: CampaignId
    title: Text
    text: Text
    step: Step
    leads_to: Step
    within: int
    reaction: Reaction = Reaction.NOTHING

    @property
    def open(self) -> bool:
        """Tell whether the login still waits at it."""
        return self.reaction in {Reaction.NOTHING, Reaction.STARTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one person did with one campaign; `started_at` is gone once the step was reached."""

    campaign: CampaignId
    leads_to: Step
    within: int
    shown: int
    shown_at: datetime
    started_at: datetime | None = None
    never: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one person did with every campaign that they were shown."""

    campaigns: tuple[Answered, ...] = ()

    def welcomes(self, campaign: Campaign, now: datetime) -> bool:
        """Tell whether the person may be shown this campaign now."""
        if any(now < each.shown_at + QUIET for each in self.campaigns):
            return False
        if any(each.never and each.leads_to is campaign.leads_to for each in self.campaigns):
            return False
        kept = self._of(campaign.id)
        if kept is None:
            return True
        return kept.shown < campaign.most and now >= kept.shown_at + timedelta(days=campaign.again_after)

    def after(self, invitation: Invitation, now: datetime) -> Answers:
        """Return them after what was done with an invitation now."""
        kept = self._of(invitation.campaign) or Answered(
            campaign=invitation.campaign,
            leads_to=invitation.leads_to,
            within=invitation.within,
            shown=0,
            shown_at=now,
        )
        if invitation.reaction is Reaction.NOTHING:
            kept = replace(kept, shown=kept.shown + 1, shown_at=now)
        elif invitation.reaction is Reaction.STARTED:
            kept = replace(kept, started_at=now, within=invitation.within)
        elif invitation.reaction is Reaction.NEVER:
            kept = replace(kept, never=True)
        return self._with(kept)

    def reached(self, step: Step, now: datetime) -> tuple[Answers, tuple[tuple[Answered, int], ...]]:
        """Return them after a step was reached, and what that finishes, with the days since each start."""
        found = []
        after = self
        for each in self.campaigns:
            if each.started_at is None or not step.reaches(each.leads_to):
                continue
            days = (now - each.started_at).days
            after = after._with(replace(each, started_at=None))
            if days < each.within:
                found.append((each, days))
        return after, tuple(found)

    def _of(self, campaign: CampaignId) -> Answered | None:
        return next((each for each in self.campaigns if each.campaign == campaign), None)

    def _with(self, kept: Answered) -> Answers:
        others = tuple(each for each in self.campaigns if each.campaign != kept.campaign)
        return Answers(campaigns=(*others, kept))


class AnswerStore(Protocol):
    """Keeps what people answered, for as long as they have an account."""

    async def find(self, person: PersonId) -> Answers:
        """Return it; nothing where nothing is kept, or can be read."""
        ...

    async def hold(self, unit: Unit, person: PersonId) -> Answers:
        """Return it, holding what is kept against others until the unit ends."""
        ...

    async def write(self, unit: Unit, person: PersonId, answers: Answers) -> None:
        """Write what this unit holds."""
        ...

    async def erase(self, unit: Unit, person: PersonId) -> None:
        """GDPR-17: forget it all; a second time nothing happens."""
        ...
