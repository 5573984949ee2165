"""What becomes of somebody's means when something happens in their life: one line for each kind of event.

The events come from the population register (registers/events.py); what a line says is done by means/life.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.identity.holds import HoldReason

if TYPE_CHECKING:
    from collections.abc import Mapping


class LifeEvent(enum.StrEnum):
    """What the register tells of a person."""

    DEATH = "death"
    DEATH_WITHDRAWN = "death-withdrawn"
    NAME_CHANGE = "name-change"
    ADDRESS_CHANGE = "address-change"
    EMIGRATION = "emigration"
    IMMIGRATION = "immigration"
    NUMBER_CORRECTION = "number-correction"
    DOCUMENT_LOST = "document-lost"
    DOCUMENT_STOLEN = "document-stolen"
    DOCUMENT_FOUND = "document-found"


class Effect(enum.StrEnum):
    """What is done."""

    HOLD = "hold"  # everything stands still, at once, by every means
    LIFT = "lift"  # that is taken back, and all is as it was
    KEEP = "keep"  # nothing: what we show and send is asked of the register anew each time
    VOID_LETTERS = "void-letters"  # codes in letters to an address that is no longer theirs work no more
    MOVE_NUMBER = "move-number"  # the person keeps everything and is found by the new number
    REPORT_DOCUMENT = "report-document"  # what rests on the document hears it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What follows from one kind of event, and on which ground.

    `hold` is the hold that is placed or lifted, `ends_after` how long after that the accounts end.
    `subject` is what its order is kept for: of two events about one subject of one person the later counts.
    """

    effect: Effect
    subject: str
    ground: str
    hold: HoldReason | None = None
    ends_after: timedelta | None = None


RULES: Final[Mapping[LifeEvent, Rule]] = MappingProxyType(
    {
        LifeEvent.DEATH: Rule(
            effect=Effect.HOLD,
            subject="life",
            hold=HoldReason.DIED,
            ends_after=timedelta(days=180),
            ground="eIDAS-2015/1502-2.2.3: a means is revoked in time; GDPR-5.1.e: and not kept for ever",
        ),
        LifeEvent.DEATH_WITHDRAWN: Rule(
            effect=Effect.LIFT,
            subject="life",
            hold=HoldReason.DIED,
            ground="GDPR-5.1.d: what was wrong is put right; the proof that enrolment gave still stands",
        ),
        LifeEvent.NAME_CHANGE: Rule(
            effect=Effect.KEEP,
            subject="name",
            ground="GDPR-5.1.d: we keep no names; each is asked of the register when it is shown",
        ),
        LifeEvent.ADDRESS_CHANGE: Rule(
            effect=Effect.VOID_LETTERS,
            subject="address",
            ground="eIDAS-2015/1502-2.2.2: a code reaches nobody but the person, so not who lives there now",
        ),
        LifeEvent.EMIGRATION: Rule(
            effect=Effect.VOID_LETTERS,
            subject="address",
            ground="eIDAS-2015/1502-2.2.2: as a change of address; letters with a code are not sent abroad",
        ),
        LifeEvent.IMMIGRATION: Rule(
            effect=Effect.VOID_LETTERS,
            subject="address",
            ground="eIDAS-2015/1502-2.2.2: as a change of address; the emigration may be told later",
        ),
        LifeEvent.NUMBER_CORRECTION: Rule(
            effect=Effect.MOVE_NUMBER,
            subject="number",
            hold=HoldReason.TWO_ACCOUNTS,
            ground="GDPR-5.1.d: the number is put right; OIDCC-8.1: names at services stay the person's",
        ),
        LifeEvent.DOCUMENT_LOST: Rule(
            effect=Effect.REPORT_DOCUMENT,
            subject="document",
            ground="eIDAS-2015/1502-2.1.2: evidence that is reported lost proves nobody",
        ),
        LifeEvent.DOCUMENT_STOLEN: Rule(
            effect=Effect.REPORT_DOCUMENT,
            subject="document",
            ground="eIDAS-2015/1502-2.1.2: evidence that is reported stolen proves nobody",
        ),
        LifeEvent.DOCUMENT_FOUND: Rule(
            effect=Effect.REPORT_DOCUMENT,
            subject="document",
            ground="GDPR-5.1.d: what was reported is taken back",
        ),
    }
)
