"""What a purpose wrote for itself in a session: read back whole, and over when another version wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest

from toegang.assurance import Level
from toegang.catalogue.values import MeansId, Text
from toegang.errors import OneTimeGone
from toegang.identity.people import PersonId
from toegang.means.app.values import AppId
from toegang.means.card import logging_in, own_cards
from toegang.means.citizen.account import AccountId
from toegang.means.document import check
from toegang.means.reader import subjects

ID = UUID("01929d2e-0000-7000-8000-000000000001")
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
NAMES = (Text(nl="Dienst", en="Service"), Text(nl="Gemeente", en="Town"))

CHECK = check.About(AccountId(ID), AppId(ID), NOON, NAMES)
ACTIVATION = own_cards.About(AccountId(ID), MeansId("cards"), NOON)
LOGIN = logging_in.About(
    login="a-login",
    reference="QCDD-M2FW-8WT4",
    means=MeansId("cards"),
    service="a-service",
    service_name=NAMES[0],
    provider=NAMES[1],
    level=Level.HIGH,
    known=PersonId(ID),
)
RESULT = {"chip": "0a", "person": str(ID), "at": NOON.isoformat(), "login": "a-login"}

Read = Callable[[str], object]
WRITTEN: dict[str, tuple[str, Read, object]] = {
    "document": (str(CHECK), check.About.of, CHECK),
    "activation": (ACTIVATION.written(), own_cards.About.read, ACTIVATION),
    "login": (LOGIN.written(), logging_in.About.read, LOGIN),
    "result": (
        json.dumps(RESULT),
        lambda written: subjects.read(written, partial(logging_in._proven, MeansId("cards"))),
        logging_in._proven(MeansId("cards"), RESULT),
    ),
}
LATER = {("document", 3)}  # what the first version did not write, and is read without


def without(written: str) -> list[tuple[int, str]]:
    """Return it with each field away, counted from the first."""
    found = json.loads(written)
    if isinstance(found, dict):
        rests = [{name: found[name] for name in found if name != away} for away in found]
    else:
        rests = [found[:at] for at in range(len(found))]
    return [(at, json.dumps(rest)) for at, rest in enumerate(rests)]


@pytest.mark.parametrize("kind", WRITTEN)
def test_it_is_read_as_it_was_written_and_what_a_newer_version_adds_is_passed_over(kind: str) -> None:
    written, read, value = WRITTEN[kind]
    found = json.loads(written)
    more = {**found, "more": 1} if isinstance(found, dict) else [*found, "more"]
    assert read(written) == read(json.dumps(more)) == value


@pytest.mark.parametrize(
    ("kind", "at", "rest"),
    [(kind, at, rest) for kind, row in WRITTEN.items() for at, rest in without(row[0])],
)
def test_without_what_it_needs_it_is_over(kind: str, at: int, rest: str) -> None:
    read = WRITTEN[kind][1]
    if (kind, at) in LATER:
        assert read(rest) != WRITTEN[kind][2]
        return
    with pytest.raises(OneTimeGone):
        read(rest)


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize(
    "written", ["", "{", "7", "null", '"text"', "[1, 2, 3, 4]", "[[], [], [], []]", "{}"]
)
def test_what_is_something_else_altogether_is_over(kind: str, written: str) -> None:
    with pytest.raises(OneTimeGone):
        WRITTEN[kind][1](written)
