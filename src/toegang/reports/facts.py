"""Which event counts as what: the trail folded into counts per day.

Days are those of Europe/Amsterdam. Folding is a sum, so the same trail gives the same counts however
it is cut up.
"""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from toegang.assurance import Level, step_of
from toegang.assurance.steps import ACCOUNT, APP, PASSKEY
from toegang.audit.events import (
    AccountStepChanged,
    CampaignDeclined,
    CampaignFinished,
    CampaignRefused,
    CampaignShown,
    CampaignStarted,
    LoginCancelled,
    LoginCompleted,
    LoginRefused,
    MandateBegun,
    MandateMoved,
    MandateReasonGiven,
    MandateUsed,
    PasskeyAdded,
    PasskeyChanged,
    PasskeyStopped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from toegang.audit.events import Event
    from toegang.units import Unit

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

ELSEWHERE = "elsewhere"
"""In the place of a step: a means of another party, which is no step of the hub's own."""

NOWHERE = "none"
"""In the place of a step: an account that was not there yet, or can no longer be used."""

BY_OFFICE = "revoke-by-office"
"""In the place of an act: an authority ended a mandate, which is no act of who gave it."""

_FACTORS = {"app": APP, "passkey": PASSKEY}
"""What a login at level low was done with, by its factors; without these with a text message."""

CAMPAIGN_EVENTS = (CampaignShown, CampaignStarted, CampaignFinished, CampaignDeclined, CampaignRefused)
PASSKEY_CHANGES = (PasskeyAdded, PasskeyChanged, PasskeyStopped)
COUNTED = tuple(
    kind.name
    for kind in (
        *(LoginCompleted, LoginRefused, LoginCancelled, AccountStepChanged),
        *(*CAMPAIGN_EVENTS, *PASSKEY_CHANGES),
        *(MandateBegun, MandateMoved, MandateReasonGiven, MandateUsed),
    )
)
"""The names of the events that are counted."""


class Subject(enum.StrEnum):
    """What is counted."""

    LOGIN = "login"  # logins completed; `detail` is the step
    REFUSAL = "refusal"  # logins refused or stopped; `detail` is the code
    ACCOUNT = "account"  # accounts that came to a step (`detail`) and level, minus those that left it
    MOVE = "move"  # accounts that went from one step to another; `detail` is both
    CAMPAIGN = "campaign"  # what people did with invitations; `detail` is the campaign and what
    ACTING = "acting"  # logins in which somebody acted for another; `detail` is the ground
    MANDATE = "mandate"  # what was done with mandates; `detail` is the act
    REASON = "reason"  # why people ended mandates, as far as they told; `detail` is the reason
    PASSKEY = "passkey"  # passkeys that were added, minus those that were stopped; `detail` is their bond


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fact:
    """What one count is about; empty words and level 0 where something does not apply."""

    day: date
    subject: Subject
    organisation: str = ""
    sector: str = ""
    service: str = ""
    means: str = ""
    level: int = 0
    two_factor: bool = False
    detail: str = ""


class FactStore(Protocol):
    """Keeps the counts, and up to which index of the trail they go."""

    async def cursor(self) -> int:
        """Return the index of the first event that was not counted yet."""
        ...

    async def add(self, unit: Unit, counts: Mapping[Fact, int], before: int, after: int) -> bool:
        """Add counts and move the cursor; False, changing nothing, when it no longer stands at `before`."""
        ...

    async def clear(self, unit: Unit) -> None:
        """Forget every count and set the cursor to 0."""
        ...

    async def facts(self, subject: Subject, from_: date | None, until: date) -> Sequence[tuple[Fact, int]]:
        """Return counts of days `[from_, until)` in the order of their facts."""
        ...


def fold(events: Iterable[Event]) -> Counter[Fact]:
    """Count events. A count may be 0: then something happened and was undone."""
    counts: Counter[Fact] = Counter()
    for event in events:
        for fact, count in facts_of(event):
            counts[fact] += count
    return counts


def facts_of(event: Event) -> tuple[tuple[Fact, int], ...]:
    """Return what one event adds."""
    if isinstance(event, LoginCompleted):
        return ((_login(event), 1),)
    if isinstance(event, LoginRefused | LoginCancelled):
        return ((_refusal(event), 1),)
    if isinstance(event, AccountStepChanged):
        return _moved(event)
    if isinstance(event, CAMPAIGN_EVENTS):
        detail = f"{event.campaign}:{event.name.partition(':')[2]}"
        return ((Fact(day=_day(event), subject=Subject.CAMPAIGN, detail=detail), 1),)
    if isinstance(event, PASSKEY_CHANGES):
        return _passkeys(event)
    return _of_mandates(event)


def _of_mandates(event: Event) -> tuple[tuple[Fact, int], ...]:
    if isinstance(event, MandateUsed):
        ground = event.basis[-1] if event.basis else ""
        return ((Fact(day=_day(event), subject=Subject.ACTING, service=event.service, detail=ground), 1),)
    if isinstance(event, MandateBegun | MandateMoved):
        # What came into force is no line of its own: less the acts that brought it there it tells small ones.
        return ((Fact(day=_day(event), subject=Subject.MANDATE, detail=_act(event)), 1),)
    if isinstance(event, MandateReasonGiven):
        return ((Fact(day=_day(event), subject=Subject.REASON, detail=event.reason), 1),)
    return ()


def _act(event: MandateBegun | MandateMoved) -> str:
    """Return the act; people and the office end one by the same, and are told apart."""
    by_office = isinstance(event, MandateMoved) and event.act == "revoke" and event.side == "office"
    return BY_OFFICE if by_office else event.act


def _day(event: Event) -> date:
    return event.at.astimezone(AMSTERDAM).date()


def _moved(event: AccountStepChanged) -> tuple[tuple[Fact, int], ...]:
    """Return one account less where it stood, one more where it stands, and the move."""
    day, words = _day(event), [step.value if step else NOWHERE for step in (event.before, event.after)]
    sides = ((event.level_before, words[0], -1), (event.level_after, words[1], 1))
    counts = [
        (Fact(day=day, subject=Subject.ACCOUNT, level=int(level), detail=word), count)
        for level, word, count in sides
        if level is not None
    ]
    if words[0] != words[1]:
        counts.append((Fact(day=day, subject=Subject.MOVE, detail=f"{words[0]}>{words[1]}"), 1))
    return tuple(counts)


def _step(event: LoginCompleted) -> str:
    """Return the step that a login was done with."""
    if "external" in event.factors:
        return ELSEWHERE
    kind = next((_FACTORS[factor] for factor in event.factors if factor in _FACTORS), ACCOUNT)
    return step_of(kind, event.proven).value


def _passkeys(event: PasskeyAdded | PasskeyChanged | PasskeyStopped) -> tuple[tuple[Fact, int], ...]:
    day = _day(event)
    one = Fact(day=day, subject=Subject.PASSKEY, means=event.means, detail=event.bond)
    if isinstance(event, PasskeyAdded):
        return ((one, 1),)
    if isinstance(event, PasskeyStopped):
        return ((one, -1),)
    return ((replace(one, detail=event.bond_before), -1), (one, 1))


def _login(event: LoginCompleted) -> Fact:
    return Fact(
        day=_day(event),
        subject=Subject.LOGIN,
        organisation=event.organisation,
        sector=event.sector,
        service=str(event.service),
        means=event.means,
        level=int(event.proven),
        # From midden up a level stands for two factors; below it the factors themselves tell.
        two_factor=event.proven >= Level.LOW or len(set(event.factors)) > 1,
        detail=_step(event),
    )


def _refusal(event: LoginRefused | LoginCancelled) -> Fact:
    return Fact(
        day=_day(event),
        subject=Subject.REFUSAL,
        organisation=event.organisation,
        sector=event.sector,
        service=str(event.service),
        means=event.means or "",
        detail=event.code if isinstance(event, LoginRefused) else "cancelled",
    )
