"""Families over HTTP, as docs/protocols/population-register.md describes the question."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.identity.numbers import Bsn
from toegang.registers.families import (
    MOST_ASKED,
    Award,
    Deed,
    End,
    Parent,
    Part,
    PartialDate,
    Record,
    Records,
    Ruling,
    Sex,
    Union,
)
from toegang.registers.spoken import EARLIEST_YEAR, LATEST_YEAR, Register, listed, understood

if TYPE_CHECKING:
    from toegang.clock import Clock
    from toegang.outbound.client import Outbound

PARTY: Final = "population-register"


class ParentBody(msgspec.Struct, frozen=True):
    """A legal parent in an answer; `bsn` is null for who is not registered."""

    bsn: str | None
    named: bool
    sex: str
    since: str | None
    deeds: list[str]


class UnionBody(msgspec.Struct, frozen=True):
    """A marriage or partnership in an answer."""

    partner: str | None
    began: str
    ended: str | None = None
    end: str | None = None


class RulingBody(msgspec.Struct, frozen=True):
    """A ruling in an answer."""

    award: str
    since: str | None
    thirds: list[str]


class RecordBody(msgspec.Struct, frozen=True, rename="camel"):
    """One person in an answer; what is not named here is not read. Nothing that counts may be left out."""

    bsn: str
    born: str
    native: bool | None
    resident: bool
    settled: str | None
    deceased: str | None
    curatele: str | None
    declared_adult: str | None
    deeds: list[str]
    first: ParentBody | None
    second: ParentBody | None
    unions: list[UnionBody]
    rulings: list[RulingBody]
    children: list[str]
    wards: list[str]
    investigated: list[str]


class AnswerBody(msgspec.Struct, frozen=True):
    """An answer: those whom the register knows of the people who were asked."""

    records: list[RecordBody]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpFamilies:
    """Asks the register at `url`; the bearer `secret` proves us, empty where the connection does."""

    outbound: Outbound
    clock: Clock
    url: str
    secret: str = field(repr=False)

    async def find(self, people: frozenset[Bsn]) -> Records:
        """Find at most MOST_ASKED people with their families.

        Raises:
            ValueError: more are asked.
            Unavailable: the register does not answer, or not in its own form.

        """
        asked = numbers(people)
        register = Register(outbound=self.outbound, party=PARTY, url=self.url, secret=self.secret)

        def read(body: AnswerBody) -> Records:
            found = {record.bsn: record for record in map(_record, body.records)}
            if len(found) < len(body.records) or not found.keys() <= people:
                message = "somebody twice, or who was not asked"
                raise ValueError(message)
            return Records(people=MappingProxyType(found), as_of=self.clock.now(), source=self.url)

        return understood(await register.ask("families/find", {"bsns": asked}), PARTY, AnswerBody, read)


def numbers(people: frozenset[Bsn]) -> list[str]:
    """Write those about whom is asked, in a fixed order.

    Raises:
        ValueError: nobody, or more than one question takes.

    """
    if not 0 < len(people) <= MOST_ASKED:
        message = f"a question is about at most {MOST_ASKED} people"
        raise ValueError(message)
    return sorted(bsn.digits for bsn in people)


def _record(body: RecordBody) -> Record:
    bsn = Bsn.parse(body.bsn)
    first, second = _parent(body.first), _parent(body.second)
    unions = listed(body.unions, _union)
    children, wards = listed(body.children, Bsn.parse), listed(body.wards, Bsn.parse)
    relatives = (*children, *wards, *(union.partner for union in unions))
    if bsn in {*relatives, *(parent.bsn for parent in (first, second) if parent is not None)}:
        message = "nobody is their own relative"
        raise ValueError(message)
    return Record(
        bsn=bsn,
        born=date_of(body.born),
        native=body.native,
        resident=body.resident,
        settled=_perhaps(body.settled),
        deceased=_perhaps(body.deceased),
        curatele=_perhaps(body.curatele),
        declared_adult=_perhaps(body.declared_adult),
        deeds=frozenset(listed(body.deeds, Deed)),
        first=first,
        second=second,
        unions=unions,
        rulings=listed(body.rulings, _ruling),
        children=children,
        wards=wards,
        investigated=frozenset(listed(body.investigated, Part)),
    )


def _parent(body: ParentBody | None) -> Parent | None:
    if body is None:
        return None
    if body.bsn is not None and not body.named:
        message = "who has a number is known"
        raise ValueError(message)
    return Parent(
        bsn=_number(body.bsn),
        named=body.named,
        sex=Sex(body.sex),
        since=_perhaps(body.since),
        deeds=frozenset(listed(body.deeds, Deed)),
    )


def _union(body: UnionBody) -> Union:
    began, ended = date_of(body.began), _perhaps(body.ended)
    if (ended is None and body.end is not None) or (ended is not None and ended.latest() < began.earliest()):
        message = "a marriage ends once, and not before it began"
        raise ValueError(message)
    return Union(
        partner=_number(body.partner),
        began=began,
        ended=ended,
        end=None if body.end is None else End(body.end),
    )


def _ruling(body: RulingBody) -> Ruling:
    thirds = frozenset(listed(body.thirds, Bsn.parse))
    if thirds and body.award not in {Award.FIRST_AND_THIRD, Award.SECOND_AND_THIRD, Award.THIRD}:
        message = "a third party in a ruling that has none"
        raise ValueError(message)
    return Ruling(award=Award(body.award), since=_perhaps(body.since), thirds=thirds)


def _number(text: str | None) -> Bsn | None:
    return None if text is None else Bsn.parse(text)


def _perhaps(text: str | None) -> PartialDate | None:
    return None if text is None else date_of(text)


def date_of(text: str) -> PartialDate:
    """Read a date of which parts may be unknown.

    Raises:
        ValueError: no date, or none of our age.

    """
    found = PartialDate.parse(text)
    if found.year is not None and not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        message = "a date of another age"
        raise ValueError(message)
    return found
