"""Facts of registers, as short to write as the tests need."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from stdnum.nl import bsn as check

from toegang.identity.numbers import Bsn, KvkNumber
from toegang.registers.courts import REACH, Measure, MeasureKind, Measures, Representative
from toegang.registers.estates import Certificate, Choice, Estate, Executor, Kin, Kinship, Will
from toegang.registers.organisations import (
    LegalForm,
    Official,
    RegisteredOrganisation,
    Representing,
    Role,
    Standing,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toegang.registers.spoken import Holder

PEOPLE = tuple(Bsn(str(number)) for number in range(999990000, 999990400) if check.is_valid(str(number)))
PERSON, ANN, BEN, CAS, DEE, EVE, *_ = PEOPLE
FIRM, OTHER_FIRM, HOLDING, TOP = (KvkNumber(f"9000000{last}") for last in range(1, 5))
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
BEFORE, LATER = date(2020, 1, 1), date(2024, 1, 1)
TOMORROW = date(2026, 11, 27)


def representative(
    party: Holder, since: date = date(2000, 1, 1), until: date | None = None
) -> Representative:
    return Representative(party=party, since=since, until=until)


def measure(kind: MeasureKind, *parties: Holder | Representative, **changes: Any) -> Measure:  # noqa: ANN401
    """Return an order pronounced and begun on `since`, by default `BEFORE`."""
    since = changes.get("since", BEFORE)
    usual: dict[str, Any] = {
        "number": f"{kind}-{since}",
        "about": PERSON,
        "kind": kind,
        "spheres": REACH[kind],
        "whole": True,
        "pronounced": since,
        "since": since,
        "until": None,
        "needed": None,
        "representatives": tuple(
            each if isinstance(each, Representative) else representative(each) for each in parties
        ),
    }
    return Measure(**usual | changes)


def measures(*found: Measure) -> Measures:
    return Measures(about=PERSON, measures=found, as_of=AT, source="courts")


def kin(party: Holder, kinship: Kinship = Kinship.CHILD, **changes: Any) -> Kin:  # noqa: ANN401 any field
    usual: dict[str, Any] = {"party": party, "kinship": kinship, "choice": Choice.ACCEPTED}
    return Kin(**usual | changes)


def executor(party: Holder, since: date = LATER, **changes: Any) -> Executor:  # noqa: ANN401 any field
    usual: dict[str, Any] = {"party": party, "since": since, "until": None}
    return Executor(**usual | changes)


def certificate(*heirs: Holder, **changes: Any) -> Certificate:  # noqa: ANN401 any field
    usual: dict[str, Any] = {"number": "N-1", "issued": LATER, "heirs": frozenset(heirs)}
    return Certificate(**usual | changes)


def estate(*heirs: Kin, **changes: Any) -> Estate:  # noqa: ANN401 any field
    """Return the estate of who died on `BEFORE` without a will."""
    usual: dict[str, Any] = {
        "deceased": PERSON,
        "died_on": BEFORE,
        "will": Will.NONE,
        "kin": heirs,
        "executors": (),
        "executors_needed": 1,
        "certificate": None,
        "authorised": (),
        "as_of": AT,
        "source": "estates",
    }
    return Estate(**usual | changes)


def alone(party: Holder, **changes: Any) -> Official:  # noqa: ANN401 any field
    usual: dict[str, Any] = {
        "party": party,
        "role": Role.DIRECTOR,
        "representing": Representing.ALONE,
        "since": BEFORE,
        "until": None,
    }
    return Official(**usual | changes)


def joint(party: Holder, needed: int | None = None, **changes: Any) -> Official:  # noqa: ANN401 any field
    return alone(party, representing=Representing.TOGETHER, needed=needed, **changes)


def organisation(kvk: KvkNumber, *officials: Official, **changes: Any) -> RegisteredOrganisation:  # noqa: ANN401
    usual: dict[str, Any] = {
        "kvk": kvk,
        "rsin": None,
        "name": "Voorbeeld B.V.",
        "form": LegalForm.PRIVATE_COMPANY,
        "registered_on": BEFORE,
        "standing": Standing.ACTIVE,
        "standing_since": BEFORE,
        "officials": officials,
        "proxies": (),
        "branches": (),
        "as_of": AT,
        "source": "trade",
    }
    return RegisteredOrganisation(**usual | changes)


def by_number(found: Iterable[RegisteredOrganisation]) -> dict[KvkNumber, RegisteredOrganisation]:
    return {each.kvk: each for each in found}
