"""What the trail says of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.audit.event import Personal
from toegang.audit.events import MandateJobEnded, MandateJobOrdered
from toegang.mandates.job import JobKind

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.job import Job
    from toegang.mandates.party import PartyId

_OF_PEOPLE: Final = frozenset({JobKind.END_EVERYTHING, JobKind.HAND_OVER})
"""Kinds that people order, and no command."""


def ordered_event(job: Job, now: datetime) -> MandateJobOrdered:
    """Return that a job was ordered."""
    person = _person(job)
    return MandateJobOrdered(
        at=now,
        job=str(job.id),
        kind=job.kind.value,
        ground="" if person else job.ground,
        total=job.total,
        by="" if person else job.by,
        person=person,
        reference=str(job.id),
    )


def ended_event(
    job: Job, now: datetime, *, why: str = "", by: str = "", ender: PartyId | None = None
) -> MandateJobEnded:
    """Return that a job, as it is by now, is over; `ender` is who ended it for one of two organisations."""
    return MandateJobEnded(
        at=now,
        job=str(job.id),
        kind=job.kind.value,
        state=job.state.value,
        moved=job.done,
        refused=job.refused,
        why=why,
        by=by,
        person=_person(job),
        ender=Personal.maybe(ender),
        reference=str(job.id),
    )


def _person(job: Job) -> Personal | None:
    return Personal.of(job.by) if job.kind in _OF_PEOPLE else None
