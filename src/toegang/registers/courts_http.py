"""The register of courts over HTTP, as docs/protocols/authority-registers.md describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.identity.numbers import Bsn
from toegang.registers.courts import REACH, Measure, MeasureKind, Measures, Representative, Sphere
from toegang.registers.spoken import (
    PartyBody,
    Register,
    day,
    holder_of,
    listed,
    moment,
    period,
    reference,
    understood,
)

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.outbound.client import Outbound, Response
    from toegang.registers.spoken import Held, Holder

PARTY: Final = "court-register"
MOST_MEASURES: Final = 50
MOST_REPRESENTATIVES: Final = 10


class RepresentativeBody(msgspec.Struct, frozen=True):
    """One representative in an answer."""

    party: PartyBody
    since: str
    until: str | None = None


class MeasureBody(msgspec.Struct, frozen=True, rename="camel"):
    """One order in an answer; what is not named here is not read."""

    number: str
    about: str
    kind: str
    spheres: list[str]
    pronounced: str
    since: str
    representatives: list[RepresentativeBody]
    whole: bool
    needed: int | None = None
    until: str | None = None
    replaces: str | None = None
    disputed: bool = False
    recorded_at: str | None = None


class MeasuresBody(msgspec.Struct, frozen=True):
    """An answer about one person."""

    measures: list[MeasureBody]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCourts:
    """Asks the register at `url`; the bearer `secret` proves us, empty where the connection does."""

    outbound: Outbound
    clock: Clock
    url: str
    secret: str = field(repr=False)

    async def find(self, bsn: Bsn) -> Measures:
        """Return every order about this person.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        response = await self._register.ask("find", {"bsn": bsn.digits})
        return read(response, bsn, self.url, self.clock.now())

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        """Return at most so many of those whom `holder` represents by an order.

        Raises:
            Unavailable: as `find`.

        """
        return await self._register.held_by(holder, after, most)

    @property
    def _register(self) -> Register:
        return Register(outbound=self.outbound, party=PARTY, url=self.url, secret=self.secret)


def read(response: Response, bsn: Bsn, source: str, now: datetime) -> Measures:
    """Read an answer about one person strictly.

    Raises:
        Unavailable: another status, not the agreed form, or about another person.

    """

    def all_of(body: MeasuresBody) -> Measures:
        measures = listed(body.measures, lambda each: _measure(each, bsn))
        if len({each.number for each in measures}) != len(measures) or len(measures) > MOST_MEASURES:
            message = "two orders with one number, or more than anybody has"
            raise ValueError(message)
        return Measures(about=bsn, measures=measures, as_of=now, source=source)

    return understood(response, PARTY, MeasuresBody, all_of)


def _measure(body: MeasureBody, about: Bsn) -> Measure:
    kind = MeasureKind(body.kind)
    spheres = frozenset(map(Sphere, body.spheres))
    since, until = period(body.since, body.until)
    representatives = listed(body.representatives, _representative)
    if (
        Bsn.parse(body.about) != about
        or not spheres
        or not spheres <= REACH[kind]
        or len(representatives) > MOST_REPRESENTATIVES
        or not 1 <= (1 if body.needed is None else body.needed) <= MOST_REPRESENTATIVES
        or any(each.party == about for each in representatives)
        or body.replaces == body.number
    ):
        message = "an order that cannot be, or about another person"
        raise ValueError(message)
    return Measure(
        number=reference(body.number),
        about=about,
        kind=kind,
        spheres=spheres,
        whole=body.whole,
        pronounced=day(body.pronounced),
        since=since,
        until=until,
        needed=body.needed,
        representatives=representatives,
        replaces=None if body.replaces is None else reference(body.replaces),
        disputed=body.disputed,
        recorded_at=moment(body.recorded_at),
    )


def _representative(body: RepresentativeBody) -> Representative:
    since, until = period(body.since, body.until)
    return Representative(party=holder_of(body.party), since=since, until=until)
