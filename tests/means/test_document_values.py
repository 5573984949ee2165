"""Whose a document is, what a reader gives, and whom a folder says to believe."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from demo.documents.signing import master_list
from demo.documents.states import MASTER_LIST_SIGNER, State, Wish
from tests.conftest import NOON
from tests.means.bureau import DAAN, SANNE, registered
from tests.means.papers import EXPIRY, card_of, licence_of, passport_of, state, write_trust
from toegang.catalogue.values import Text
from toegang.emrtd.access import Printed
from toegang.emrtd.data_groups import Application
from toegang.emrtd.dates import PartialDate
from toegang.emrtd.document import Holder
from toegang.emrtd.mrz import Mrz, key_of
from toegang.emrtd.policy import SUBSTANTIAL
from toegang.errors import Malformed, Misconfigured
from toegang.means.app.values import AppId
from toegang.means.citizen.account import AccountId
from toegang.means.document.check import About
from toegang.means.document.comparing import is_of
from toegang.means.document.given import read_given
from toegang.means.document.trusting import TrustFolder, dates_in, load
from toegang.registers.population import BirthDate, Names

if TYPE_CHECKING:
    from pathlib import Path

PERSON = registered(SANNE)
BORN = PartialDate(year=1988, month=4, day=12)


def holder(**changes: object) -> Holder:
    made: dict[str, object] = {
        "primary": "DE WIT",
        "secondary": "SANNE",
        "whole_name": True,
        "full_name": None,
        "birth": BORN,
        "bsn": None,
    }
    return Holder(**(made | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "own"),
    [
        ({}, True),
        ({"bsn": SANNE.digits}, True),
        ({"bsn": SANNE.digits, "primary": "HER NAME BEFORE"}, True),
        ({"bsn": "999990032"}, False),
        ({"bsn": "123456789"}, False),
        ({"bsn": "000000000"}, False),
        ({"primary": "WIT"}, False),
        ({"primary": ""}, False),
        ({"primary": "DE WITTE"}, False),
        ({"primary": "DE W"}, False),
        ({"primary": "DE W", "whole_name": False}, True),
        ({"secondary": ""}, False),
        ({"secondary": "SANNE MARIA"}, False),
        ({"primary": "de Wit", "secondary": "Sanne"}, True),
        ({"birth": replace(BORN, year=1888)}, False),
        ({"birth": replace(BORN, day=None)}, False),
        ({"birth": PartialDate(year=None, month=None, day=None)}, False),
    ],
)
def test_a_document_is_of_whom_it_says_and_of_nobody_else(changes: dict[str, object], *, own: bool) -> None:
    assert is_of(holder(**changes), SANNE, PERSON) is own
    assert not is_of(holder(**changes), DAAN, PERSON)
    assert is_of(holder(**changes), None, PERSON) is (own and "bsn" in changes)


@pytest.mark.parametrize(
    ("names", "primary", "secondary", "own"),
    [
        (Names(given="", prefix="", family="Suharti", full="Suharti"), "SUHARTI", "", True),
        (Names(given="", prefix="", family="", full="Suharti"), "SUHARTI", "", True),
        (Names(given="", prefix="", family="Suharti", full="Suharti"), "SUHARTI", "SUHARTI", False),
        (Names(given="Ahmet", prefix="", family="Y\u0131lmaz", full="x"), "YILMAZ", "AHMET", True),
        (Names(given="Piet", prefix="van der", family="Üst", full="x"), "VAN DER UEST", "PIET", True),
        (Names(given="Олена", prefix="", family="Шевченко", full="x"), "SHEVCHENKO", "OLENA", False),
        (Names(given="Олена", prefix="", family="Шевченко", full="x"), "", "", False),
    ],
)
def test_names_are_compared_as_they_are_printed(
    names: Names, primary: str, secondary: str, *, own: bool
) -> None:
    person = replace(PERSON, names=names)
    assert is_of(holder(primary=primary, secondary=secondary), SANNE, person) is own


def test_an_unknown_day_of_birth_is_the_same_where_both_do_not_know_it() -> None:
    person = replace(PERSON, birth_date=BirthDate(year=1988, month=4, day=None))
    assert is_of(holder(birth=replace(BORN, day=None)), SANNE, person)
    assert not is_of(holder(), SANNE, person)


def test_every_way_to_open_a_document_gives_the_same_key() -> None:
    zone = Mrz.parse(passport_of().printed)
    given = json.dumps({"document": "travel", "mrz": passport_of().printed}).encode()
    typed = {"document": "travel", "number": "speci2026", "birth": "880412", "expiry": f"{EXPIRY:%y%m%d}"}
    assert read_given(given).key == read_given(json.dumps(typed).encode()).key == zone.key
    assert key_of("SPECI2027", "880412", f"{EXPIRY:%y%m%d}") == Mrz.parse(card_of().printed).key
    can = read_given(b'{"document": "travel", "can": "123456"}')
    assert (can.application, can.key.printed) == (Application.TRAVEL, Printed.CAN)
    line = read_given(json.dumps({"document": "licence", "line": licence_of().printed}).encode())
    assert line.application is Application.LICENCE


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"[]",
        b'{"document": ["travel"], "can": "123456"}',
        b'{"document": "travel", "can": 123456}',
        b'{"document": "licence", "can": "123456"}',
        b'{"document": "travel", "can": "123456", "more": "x"}',
        b'{"document": "travel", "can": "\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa1\xd9\xa2\xd9\xa3"}',
        b'{"document": "travel", "number": "A", "birth": "000000", "expiry": "310625"}',
    ],
)
def test_what_is_no_way_to_open_one_is_refused(given: bytes) -> None:
    with pytest.raises(Malformed):
        read_given(given)


def test_what_a_check_is_about_is_read_as_it_was_written() -> None:
    id_ = UUID(SANNE_ACCOUNT)
    for names in ((), (Text(nl="a b", en='"c"'), Text(nl="\n", en=""))):
        about = About(AccountId(id_), AppId(id_), NOON, names)
        assert About.of(str(about)) == about


SANNE_ACCOUNT = "01929d2e-0000-7000-8000-000000000001"


def test_a_folder_without_an_authority_is_the_operators_to_mend(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="authorities"):
        load(tmp_path, NOON)


@pytest.mark.parametrize(
    ("part", "octets", "why"),
    [
        ("authorities", b"rubbish", "bad.der"),
        ("authorities", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", "bad.der"),
        ("links", b"rubbish", "bad.der"),
        ("lists", b"rubbish", "bad.der"),
        ("masters", b"rubbish", "bad.der"),
    ],
)
def test_a_file_that_cannot_be_believed_is_named(tmp_path: Path, part: str, octets: bytes, why: str) -> None:
    write_trust(tmp_path, state())
    (tmp_path / part).mkdir(exist_ok=True)
    (tmp_path / part / "bad.der").write_bytes(octets)
    with pytest.raises(Misconfigured, match=why):
        load(tmp_path, NOON)


def test_a_folder_that_changes_counts_by_itself_and_what_is_wrong_in_it_does_not(tmp_path: Path) -> None:
    folder = TrustFolder(path=write_trust(tmp_path, state()), look_every=0)
    assert folder.trust(NOON).covered(SUBSTANTIAL, NOON) == {"NL"}
    (tmp_path / "lists" / "csca.crl").write_bytes(b"rubbish")
    assert folder.trust(NOON).covered(SUBSTANTIAL, NOON) == {"NL"}
    assert folder.fault is not None
    (tmp_path / "lists" / "csca.crl").unlink()
    assert folder.trust(NOON).covered(SUBSTANTIAL, NOON) == frozenset()
    assert folder.fault is None


def test_the_dates_of_a_folder_name_its_authorities_as_people_read_them(tmp_path: Path) -> None:
    (dates,) = dates_in(write_trust(tmp_path, state()))
    assert dates.subject.isprintable()
    assert "Country: NL" in dates.subject


def test_a_folder_that_cannot_be_listed_is_named_and_stops_nobody(tmp_path: Path) -> None:
    folder = TrustFolder(path=write_trust(tmp_path, state()), look_every=0)
    believed = folder.trust(NOON)
    folder.path = tmp_path / ("x" * 300)  # longer than a name may be
    assert dates_in(folder.path) == ()
    assert folder.trust(NOON) is believed
    assert folder.fault is not None
    assert "cannot be read" in folder.fault.detail
    with pytest.raises(Misconfigured, match="cannot be read"):
        load(folder.path, NOON)


def test_a_link_and_a_master_list_bring_more_authorities(tmp_path: Path) -> None:
    write_trust(tmp_path, state())
    _, link = state().next()
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "next.der").write_bytes(link)
    other = State.founded(NOON, "BE")

    def for_lists(wish: Wish) -> Wish:
        return replace(wish, purposes=(MASTER_LIST_SIGNER,))

    signed = master_list((other.authority.certificate,), state().signer(change=for_lists))
    (tmp_path / "masters").mkdir()
    (tmp_path / "masters" / "list.ml").write_bytes(signed)
    assert sorted(each.country for each in load(tmp_path, NOON).authorities) == ["BE", "NL", "NL"]
