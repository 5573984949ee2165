"""Inviting people, on their way to a service, to climb a step: whom, when, and what they made of it.

An invitation never stands in the way: it comes after everything that the service asked was proven and
agreed to, is looked for once in a login, costs nothing where there is no campaign, and whatever goes wrong
with it leaves the login as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from toegang import log
from toegang.audit.events import CampaignFinished, Personal
from toegang.catalogue import gate
from toegang.errors import ToegangError
from toegang.login import facts
from toegang.login.invitations import Invitation
from toegang.means.base import Factor

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.assurance import Step
    from toegang.audit.event import Event
    from toegang.catalogue.campaign import Campaign
    from toegang.catalogue.parts import CampaignId
    from toegang.catalogue.watch import Catalogue
    from toegang.identity.people import PersonId
    from toegang.keys.secret import FindingKey
    from toegang.login.invitations import AnswerStore
    from toegang.login.transaction import Transaction
    from toegang.means.ladder import Standing
    from toegang.units import Unit

HUNDRED = 100
OTHERS = frozenset({Factor.EXTERNAL, Factor.BENCH})
"""Factors of means that are not the hub's own: whom they prove has nothing to climb here."""


class Standings(Protocol):
    """Tells where accounts stand (means.ladder.StandingStore)."""

    async def find(self, person: PersonId) -> Standing | None:
        """Find it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Inviting:
    """Finds the one invitation that a login may show, and keeps what became of it."""

    catalogue: Catalogue
    standings: Standings
    answers: AnswerStore
    share: FindingKey

    def looks(self, transaction: Transaction, now: datetime) -> bool:
        """Tell whether an invitation is to be looked for: once, and only where there is a campaign.

        Never in a login without pages, one that the service asked for again or about somebody in
        particular, one on the way from an app, or one of somebody whom we do not know as themselves.
        """
        request = transaction.request
        if transaction.considered or _person(transaction) is None or not request.service.invitations:
            return False
        if request.silent or request.hurried or request.max_age is not None or request.hinted is not None:
            return False
        return any(_is_open(each, now) for each in self.catalogue.current.campaigns_at(request.service.id))

    async def find(self, transaction: Transaction, now: datetime) -> Invitation | None:
        """Return the invitation for who was proven; None, too, when that cannot be told."""
        person = _person(transaction)
        if person is None:
            return None
        try:
            return await self._find(transaction, person, now)
        except ToegangError as error:
            log.trouble("campaign:trouble", error, reference=transaction.reference)
            return None

    async def note(
        self, unit: Unit, before: Transaction, after: Transaction, now: datetime
    ) -> tuple[Event, ...]:
        """Keep what a change of a login's record did with its invitation; return what is to be recorded."""
        invitation, person = after.invitation, _person(after)
        if invitation is None or invitation == before.invitation or person is None:
            return ()
        answers = await self.answers.hold(unit, person)
        await self.answers.write(unit, person, answers.after(invitation, now))
        return facts.invited(after, invitation, now)

    def check_open(self, invitation: Invitation, now: datetime) -> None:
        """Refuse an invitation of a campaign that was stopped meanwhile.

        Raises:
            UnknownParty, PartyClosed: it is so.

        """
        gate.open_campaign(self.catalogue.current, invitation.campaign, now)

    async def _find(self, transaction: Transaction, person: PersonId, now: datetime) -> Invitation | None:
        standing = await self.standings.find(person)
        place = standing.place if standing else None
        if place is None:
            return None
        campaigns = [
            each
            for each in self.catalogue.current.campaigns_at(transaction.request.service.id)
            if _is_open(each, now)
            and place.step in each.steps
            and self._is_meant(each.id, each.share, person)
        ]
        if not campaigns:
            return None
        answers = await self.answers.find(person)
        campaign = next((each for each in campaigns if answers.welcomes(each, now)), None)
        if campaign is None:
            return None
        return Invitation(
            campaign=campaign.id,
            title=campaign.title,
            text=campaign.text,
            step=place.step,
            leads_to=campaign.leads_to,
            within=campaign.within,
        )

    def _is_meant(self, campaign: CampaignId, share: int, person: PersonId) -> bool:
        """Tell whether a person is among the share of people of a campaign: always the same ones."""
        drawn = self.share.find(f"{campaign}\0".encode() + person.bytes)
        return int.from_bytes(drawn[:8], "big") % HUNDRED < share


@dataclass(frozen=True, slots=True)
class Finishing:
    """Takes note of who reached the step that they were invited to (means.ladder.Climbs)."""

    answers: AnswerStore

    async def climbed(self, unit: Unit, person: PersonId, step: Step, now: datetime) -> tuple[Event, ...]:
        """Take note of the step; return which campaigns that finishes."""
        before = await self.answers.hold(unit, person)
        after, finished = before.reached(step, now)
        if after != before:
            await self.answers.write(unit, person, after)
        return tuple(
            CampaignFinished(
                at=now,
                campaign=each.campaign,
                leads_to=each.leads_to,
                days=days,
                person=Personal.of(person),
            )
            for each, days in finished
        )

    async def left(self, unit: Unit, person: PersonId) -> None:
        """GDPR-17: forget what the person answered."""
        await self.answers.erase(unit, person)


def _is_open(campaign: Campaign, now: datetime) -> bool:
    return campaign.enabled and campaign.validity.covers(now)


def _person(transaction: Transaction) -> PersonId | None:
    """Return who may be invited: who was proven by the hub's own means, for themselves."""
    best = transaction.best
    if best is None or transaction.principal is not None or OTHERS & set(best.authentication.factors):
        return None
    proven = best.authentication
    return None if proven.represented is not None else proven.subject.person
