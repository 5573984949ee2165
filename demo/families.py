"""The families in the population register of the demo, read from families.yaml.

They are told in two ways, as docs/protocols/population-register.md describes: as records, from which the hub
derives who has authority over a child, and as the register's own answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).parent / "families.yaml"
MAJORITY = 18
USUAL: dict[str, Any] = {
    "native": True,
    "resident": True,
    "settled": None,
    "deceased": None,
    "curatele": None,
    "declaredAdult": None,
    "deeds": [],
    "first": None,
    "second": None,
    "unions": [],
    "rulings": [],
    "children": [],
    "wards": [],
    "investigated": [],
}
NOT_NOW = {
    "type": "GezagNietTeBepalen",
    "toelichting": "gezag is niet te bepalen: een overlijden wordt verwerkt",
}
"""What the register says itself while a death that was reported on its page is being worked on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """Everybody in families.yaml, by number."""

    people: Mapping[str, dict[str, Any]]

    def strangers(self, personas: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return who they are, those who are no persona, as the register answers at /persons/find."""
        return {bsn: _person(found) for bsn, found in self.people.items() if bsn not in personas}

    def record(self, bsn: str, known: Mapping[str, Any], today: date) -> dict[str, Any]:
        """Return a person with their family; `known` is what is registered of them now."""
        family = {name: value for name, value in self.people.get(bsn, {}).items() if name in USUAL}
        parents = {
            place: {"named": True} | parent
            for place in ("first", "second")
            if (parent := family.get(place)) is not None
        }
        unions = [{"ended": None, "end": None} | union for union in family.get("unions", [])]
        now = {
            "bsn": bsn,
            "born": born(str(known["birthDate"]), today),
            "resident": known["resident"],
            "deceased": known["deceasedOn"],
            "unions": unions,
        }
        return USUAL | family | parents | now

    def answers(
        self, bsn: str, known: Mapping[str, Mapping[str, Any]], reported: frozenset[str], today: date
    ) -> list[dict[str, Any]]:
        """Return the register's own answer about a person: authority over them, and by them.

        `reported` are those whose death was reported on the page of the register.
        """
        found = []
        for child in self.people:
            answer = self.answer(child, known, reported, today)
            if answer is not None and (bsn == child or bsn in holders(answer)):
                found.append(_relation(answer, child, known, today))
        return found

    def answer(
        self, child: str, known: Mapping[str, Mapping[str, Any]], reported: frozenset[str], today: date
    ) -> dict[str, Any] | None:
        """Return what the register says itself of a child; None of who is none, or none any more."""
        family = self.people[child]
        if "answer" not in family or is_adult(born(str(known[child]["birthDate"]), today), today):
            return None
        places = [place for place in ("first", "second") if family.get(place)]
        near = {child, *holders(family["answer"]), *(family[place]["bsn"] for place in places)}
        return NOT_NOW if near & reported else family["answer"]


def read_families() -> Families:
    """Read all of them, in the order of the file."""
    return Families(people={found["bsn"]: found for found in yaml.safe_load(FILE.read_text())["people"]})


def born(text: str, today: date) -> str:
    """Return a birth date; `today-18` and `tomorrow-18` are of who turns 18 then."""
    day, _, years = text.partition("-")
    if day not in {"today", "tomorrow"}:
        return text
    at = today + timedelta(days=day == "tomorrow")
    # Their year need not have had a 29 February: who would turn 18 on it today did so yesterday, tomorrow on
    # 1 March.
    leap = (at.month, at.day) == (2, 29)
    beside = "02-28" if day == "today" else "03-01"
    return f"{at.year - int(years):04d}-{beside if leap else at.strftime('%m-%d')}"


def is_adult(birth: str, today: date) -> bool:
    """Tell whether somebody is 18 by this birth date; unknown parts count as the first."""
    return f"{int(birth[:4]) + MAJORITY:04d}{birth[4:]}" <= today.isoformat()


def _person(found: Mapping[str, Any]) -> dict[str, Any]:
    names = found["names"]
    full = " ".join(part for part in (names["given"], names["prefix"], names["family"]) if part)
    return {
        "bsn": found["bsn"],
        "names": names | {"full": full},
        "birthDate": found["born"],
        "address": None,
        "addressSecret": False,
        "resident": found.get("resident", True),
        "deceasedOn": found.get("deceased"),
    }


def holders(answer: Mapping[str, Any]) -> list[str]:
    """Return who has authority by an answer of the file."""
    one = [answer[name] for name in ("ouder", "derde") if name in answer]
    return [*answer.get("ouders", []), *one, *answer.get("derden", [])]


def _relation(
    answer: Mapping[str, Any], child: str, known: Mapping[str, Mapping[str, Any]], today: date
) -> dict[str, Any]:
    """Write an answer of the file in the published form."""

    def party(bsn: str, **kind: str) -> dict[str, Any]:
        return kind | {"burgerservicenummer": bsn, "naam": {"geslachtsnaam": known[bsn]["names"]["family"]}}

    relation: dict[str, Any] = {
        name: answer[name] for name in ("type", "inOnderzoek", "toelichting") if name in answer
    }
    if "ouders" in answer:
        relation["ouders"] = [party(bsn) for bsn in answer["ouders"]]
    if "ouder" in answer:
        relation["ouder"] = party(answer["ouder"])
    if "derde" in answer:
        relation["derde"] = party(answer["derde"], type="BekendeDerde")
    if "derden" in answer:
        relation["derden"] = [party(bsn, type="BekendeDerde") for bsn in answer["derden"]]
    birth = born(str(known[child]["birthDate"]), today).replace("-", "")
    return relation | {"minderjarige": party(child) | {"geboorte": {"datum": birth}}}
