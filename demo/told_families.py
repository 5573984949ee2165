"""The families of the demo in words, for the page of the population register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from demo.families import born, holders

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from demo.families import Families

SAID = {
    "GezamenlijkOuderlijkGezag": ("{who} hebben samen het gezag.", "{who} have authority together."),
    "EenhoofdigOuderlijkGezag": ("{who} heeft alleen het gezag.", "{who} has authority alone."),
    "GezamenlijkGezag": (
        "{who} hebben samen het gezag. Een van hen is geen ouder.",
        "{who} have authority together. One of them is no parent.",
    ),
    "Voogdij": ("{who} is voogd.", "{who} is the guardian."),
    "TijdelijkGeenGezag": ("Niemand heeft nu het gezag.", "Nobody has authority now."),
    "GezagNietTeBepalen": (
        "Het register kan niet zeggen wie het gezag heeft.",
        "The register cannot tell who has authority.",
    ),
}
GROWN_UP = ("Is volwassen: niemand heeft nog gezag.", "Is an adult: nobody has authority any more.")
INVESTIGATED = (" De gemeente onderzoekt dit.", " The municipality is looking into it.")
FOSTERED = (
    " Dit kind woont bij de voogd als pleegkind. Een pleegouder die geen voogd is, heeft geen gezag.",
    " This child lives with the guardian as a foster child. A foster parent who is no guardian has none.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChild:
    """A child on the page, in two languages."""

    bsn: str
    name: str
    born: str
    said: str
    said_en: str


def tell(
    families: Families, known: Mapping[str, Mapping[str, Any]], reported: frozenset[str], today: date
) -> tuple[ToldChild, ...]:
    """Tell of every child who has authority over it, as the register says."""
    return tuple(
        _told(child, known, families.answer(child, known, reported, today), today, "fostered" in family)
        for child, family in families.people.items()
        if "answer" in family
    )


def _told(
    child: str,
    known: Mapping[str, Mapping[str, Any]],
    answer: Mapping[str, Any] | None,
    today: date,
    fostered: bool,  # noqa: FBT001 one of the facts of a child
) -> ToldChild:
    texts = GROWN_UP if answer is None else SAID[answer["type"]]
    names = [str(known[bsn]["names"]["full"]) for bsn in (() if answer is None else holders(answer))]
    more = INVESTIGATED if answer is not None and answer.get("inOnderzoek") else ("", "")
    said, said_en = (
        text.format(who=joint.join(names)) + after + home
        for text, joint, after, home in zip(
            texts, (" en ", " and "), more, FOSTERED if fostered else ("", ""), strict=True
        )
    )
    return ToldChild(
        bsn=child,
        name=str(known[child]["names"]["full"]),
        born=born(str(known[child]["birthDate"]), today),
        said=said,
        said_en=said_en,
    )
