"""The register's own answer over HTTP: the published interface of the national register, version 2 (GEZAG).

Names and explanations in its answers are not read: nobody needs them, and they would reach a log one day.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.identity.numbers import Bsn
from toegang.registers.custody import Answers, Custody, Relation
from toegang.registers.families_http import date_of, numbers
from toegang.registers.spoken import ANSWER_BYTES, listed, understood

if TYPE_CHECKING:
    from toegang.clock import Clock
    from toegang.outbound.client import Outbound
    from toegang.registers.families import PartialDate

PARTY: Final = "custody-register"
PATH: Final = "api/v1/opvragenBevoegdheidTotGezag"
VERSION: Final = "2"
_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_THIRDS: Final = {"BekendeDerde": True, "OnbekendeDerde": False}


class BirthBody(msgspec.Struct, frozen=True):
    """A birth in an answer, `YYYYMMDD` with zeros for what is unknown."""

    datum: str


class PartyBody(msgspec.Struct, frozen=True):
    """A parent or a third in an answer; who has no number is known by name only."""

    burgerservicenummer: str | None = None
    type: str | None = None


class MinorBody(msgspec.Struct, frozen=True):
    """The minor in an answer."""

    burgerservicenummer: str
    geboorte: BirthBody | None = None


class RelationBody(msgspec.Struct, frozen=True, rename="camel"):
    """One relation in an answer; which members there are depends on its type."""

    type: str
    minderjarige: MinorBody
    in_onderzoek: bool = False
    ouders: list[PartyBody] | None = None
    ouder: PartyBody | None = None
    derde: PartyBody | None = None
    derden: list[PartyBody] | None = None


class PersonBody(msgspec.Struct, frozen=True):
    """What there is over and by one person."""

    burgerservicenummer: str
    gezag: list[RelationBody]


class AnswerBody(msgspec.Struct, frozen=True):
    """An answer, by whom it was asked about."""

    personen: list[PersonBody]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCustodyRegister:
    """Asks the register at `url`; the bearer `secret` proves us, empty where the connection does."""

    outbound: Outbound
    clock: Clock
    url: str
    secret: str = field(repr=False)

    async def find(self, people: frozenset[Bsn]) -> Answers:
        """Find what there is over and by at most MOST_ASKED people.

        Raises:
            ValueError: more are asked.
            Unavailable: the register does not answer, or not in its own form.

        """
        proof = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        response = await self.outbound.request(
            PARTY,
            "POST",
            f"{self.url}/{PATH}",
            headers={"Content-Type": "application/json", "Accept-Gezag-Version": VERSION} | proof,
            content=json.dumps({"burgerservicenummer": numbers(people)}).encode(),
            limit=ANSWER_BYTES,
        )

        def read(body: AnswerBody) -> Answers:
            about = {
                Bsn.parse(each.burgerservicenummer): listed(each.gezag, _custody) for each in body.personen
            }
            if len(about) < len(body.personen) or not about.keys() <= people:
                message = "somebody twice, or who was not asked"
                raise ValueError(message)
            if not all(_concerns(bsn, each) for bsn, found in about.items() for each in found):
                message = "a relation that does not concern who was asked about"
                raise ValueError(message)
            return Answers(about=MappingProxyType(about), as_of=self.clock.now(), source=self.url)

        return understood(response, PARTY, AnswerBody, read)


def _concerns(bsn: Bsn, found: Custody) -> bool:
    return bsn == found.child or bsn in found.holders


def _custody(body: RelationBody) -> Custody:
    relation = Relation(body.type)
    parties = _parties(relation, body)
    holders = frozenset(Bsn.parse(each.burgerservicenummer) for each in parties if each.burgerservicenummer)
    child = Bsn.parse(body.minderjarige.burgerservicenummer)
    named = [each for each in parties if each.burgerservicenummer]
    if len(holders) < len(named) or child in holders:
        message = "somebody has authority twice, or over themselves"
        raise ValueError(message)
    born = body.minderjarige.geboorte
    return Custody(
        child=child,
        born=None if born is None else _born(born.datum),
        relation=relation,
        holders=holders,
        unnamed=max(len(parties) - len(named), int(relation is Relation.GUARDIANSHIP and not parties)),
        investigated=body.in_onderzoek,
    )


def _parties(relation: Relation, body: RelationBody) -> list[PartyBody]:
    """Return who has it: exactly the members that its type has.

    Raises:
        ValueError: others, fewer or more.

    """
    third = [body.derde] if body.derde is not None else []
    parent = [body.ouder] if body.ouder is not None else []
    given = {"ouders": body.ouders or [], "ouder": parent, "derde": third, "derden": body.derden or []}
    sizes = tuple(len(found) for found in given.values())
    if sizes not in _MEMBERS[relation]:
        message = "a relation with other members than its type has"
        raise ValueError(message)
    if any(each.type not in _THIRDS for each in third) or any(
        not _THIRDS[each.type or ""] and each.burgerservicenummer for each in third
    ):
        message = "a third who is neither known nor unknown"
        raise ValueError(message)
    return [party for found in given.values() for party in found]


_MEMBERS: Final[dict[Relation, frozenset[tuple[int, ...]]]] = {
    Relation.JOINT: frozenset({(2, 0, 0, 0)}),
    Relation.SOLE: frozenset({(0, 1, 0, 0)}),
    Relation.WITH_THIRD: frozenset({(0, 1, 1, 0)}),
    Relation.GUARDIANSHIP: frozenset({(0, 0, 0, 0), (0, 0, 0, 1), (0, 0, 0, 2)}),
    Relation.NONE_FOR_NOW: frozenset({(0, 0, 0, 0)}),
    Relation.UNDETERMINED: frozenset({(0, 0, 0, 0)}),
}
"""How many parents, one parent, a third and thirds each type has."""


def _born(text: str) -> PartialDate:
    found = _DATE.fullmatch(text)
    if found is None:
        message = "a birth date is written YYYYMMDD"
        raise ValueError(message)
    return date_of("-".join(found.groups()))
