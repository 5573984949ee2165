"""Who of the demo acts for whom, to be tried: by whose account, at which service, and why that may.

The page of the registers shows it, docs/mandates.md has it as a table, and tests/browser/test_personas.py
walks all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from demo import hospital, municipality
from demo.personas import read_personas
from demo.words import Words

if TYPE_CHECKING:
    from demo.personas import Account
    from demo.relying import Offer, Registration

Where = tuple["Registration", "Offer"]


def _at(registration: Registration, path: str) -> Where:
    return registration, next(offer for offer in registration.offers if offer.path == path)


TAXES: Final = _at(municipality.REGISTRATION, "belastingen")
CARE: Final = _at(hospital.REGISTRATION, "zorg-regelen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One login for somebody else; `grounds` are what the service is told, as `representation.basis`.

    `number` is typed where the page with everybody would be too long.
    """

    persona: str
    where: Where
    whom: str
    grounds: tuple[str, ...]
    because: Words
    number: str = ""


ACTS: Final = (
    Act(
        persona="sanne",
        where=CARE,
        whom="Noor Visser",
        grounds=("parental-joint",),
        because=Words("ouder van een kind van 11", "parent of a child of 11"),
    ),
    Act(
        persona="sanne",
        where=TAXES,
        whom="Milan Visser",
        grounds=("parental-joint",),
        because=Words(
            "ouder van een kind van 13; zorg houdt op bij 12", "parent of a child of 13; care stops at 12"
        ),
    ),
    Act(
        persona="sanne",
        where=TAXES,
        whom="Fleur Visser",
        grounds=("parental-joint",),
        because=Words("ouder van een kind van 17", "parent of a child of 17"),
    ),
    Act(
        persona="suharti",
        where=CARE,
        whom="Finn Postma",
        grounds=("guardianship",),
        because=Words("pleegmoeder die ook voogd is", "foster mother who is the guardian too"),
    ),
    Act(
        persona="suharti",
        where=TAXES,
        whom="Truus Meijer",
        grounds=("bewind",),
        because=Words("bewindvoerder, als privépersoon", "administrator by the court, privately"),
    ),
    Act(
        persona="pieter",
        where=CARE,
        whom="Gerda van Dam",
        grounds=("employee", "curatele"),
        because=Words(
            "werkt bij Kompas, dat beroepshalve curator is", "works for Kompas, a professional curator"
        ),
    ),
    Act(
        persona="pieter",
        where=TAXES,
        whom="Aaltje Smit",
        grounds=("heir",),
        because=Words("enige erfgenaam van zijn zus", "only heir of his sister"),
    ),
    Act(
        persona="nadia",
        where=TAXES,
        whom="Gijs Hendriks",
        grounds=("executor",),
        because=Words("executeur van een nalatenschap", "executor of an estate"),
    ),
    Act(
        persona="nadia",
        where=TAXES,
        whom="Klant 2000 van Balans",
        number="99002000",
        grounds=("staff", "intermediary"),
        because=Words(
            "doet bij Balans de administratie van 2.000 klanten", "does the books of 2,000 clients at Balans"
        ),
    ),
    Act(
        persona="maximiliaan",
        where=TAXES,
        whom="Nadia el Amrani",
        grounds=("voluntary",),
        because=Words("mag van haar alleen meekijken", "may look along, and do nothing else"),
    ),
    Act(
        persona="maximiliaan",
        where=CARE,
        whom="Fatima Haidari",
        grounds=("employee", "helper"),
        because=Words("helpt mensen in de bibliotheek", "helps people at the library"),
    ),
)

THEMSELVES: Final = (("noor", CARE), ("milan", CARE), ("fleur", TAXES))
"""Children who log in for themselves, and where: they are asked nothing, and nobody is acted for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One of them as the page shows it."""

    account: Account
    act: Act


def tried() -> tuple[Tried, ...]:
    """Return all of them, with the account of who acts."""
    accounts = {persona.id: persona.account for persona in read_personas()}
    return tuple(
        Tried(account=account, act=act) for act in ACTS if (account := accounts[act.persona]) is not None
    )
