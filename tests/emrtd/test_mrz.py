"""Zones: the specimens of the norm and of the Netherlands, and everything that is not one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.documents.zones import Person, card_zone, digit, key_of_zone, licence_line, passport_zone
from tests.emrtd.refused import refused
from toegang.emrtd.dates import PartialDate, PrintedDate
from toegang.emrtd.faults import Fault
from toegang.emrtd.licence import LicenceLine
from toegang.emrtd.mrz import Form, Mrz, check_digit
from toegang.emrtd.names import PrintedName, same_name, spellings

TODAY = date(2026, 11, 26)
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<\n"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
DUTCH_PASSPORT = "P<NLDDE<BRUIJN<<WILLEKE<LISELOTTE<<<<<<<<<<<\nSPECI20142NLD6503101F2403096999999990<<<<<84"
DUTCH_CARD = "I<NLDSPECI20142999999990<<<<<8\n6503101F2403096NLD<<<<<<<<<<<8\nDE<BRUIJN<<WILLEKE<LISELOTTE<<"


@pytest.mark.requires("ICAO9303-5-4.2", "ICAO9303-6-4.2", "ICAO9303-4-4.2", "ICAO9303-3-4.9")
@pytest.mark.parametrize(
    ("text", "form", "number"),
    [(TD1, Form.TD1, "D23145890"), (TD2, Form.TD2, "D23145890"), (TD3, Form.TD3, "L898902C3")],
)
def test_the_specimens_of_the_norm_are_read(text: str, form: Form, number: str) -> None:
    found = Mrz.parse(text)
    assert (found.form, found.number, found.issuer, found.nationality, found.sex) == (
        form,
        number,
        "UTO",
        "UTO",
        "F",
    )
    assert found.name == PrintedName(primary="ERIKSSON", secondary="ANNA MARIA", whole=True)
    assert found.birth == PrintedDate(year=74, month=8, day=12)
    assert found.expiry.as_end(TODAY) == date(2012, 4, 15)
    assert found.bsn is None
    assert Mrz.parse(text.replace("\n", "")) == found


def test_what_is_optional_is_there() -> None:
    assert Mrz.parse(TD3).optional == "ZE184226B"
    assert Mrz.parse(TD1).optional == ""


@pytest.mark.parametrize("text", [DUTCH_PASSPORT, DUTCH_CARD])
def test_dutch_documents_have_a_citizen_service_number(text: str) -> None:
    found = Mrz.parse(text)
    assert (found.bsn, found.number, found.issuer) == ("999999990", "SPECI2014", "NLD")
    assert found.name == PrintedName(primary="DE BRUIJN", secondary="WILLEKE LISELOTTE", whole=True)


def test_the_same_digits_of_another_state_are_no_citizen_service_number() -> None:
    person = Person(family_name="X", given_names="Y", birth=date(1990, 1, 1), bsn="999999990")
    assert Mrz.parse(passport_zone(person, "A", TODAY, issuer="BEL")).bsn is None
    assert Mrz.parse(passport_zone(person, "A", TODAY)).bsn == "999999990"


@pytest.mark.requires("ICAO9303-5-4.2.2")
def test_a_long_number_goes_on_in_the_optional_data() -> None:
    person = Person(family_name="Peeters", given_names="An", birth=date(1990, 1, 1), nationality="BEL")
    zone = card_zone(person, "590335801461", TODAY, issuer="BEL", code="ID")
    found = Mrz.parse(zone)
    assert found.number == "590335801461"
    assert found.key.information == key_of_zone(zone)


@given(at=st.integers(0, 87), sign=st.sampled_from("0123456789ABCXYZ<"))
def test_no_sign_of_numbers_and_dates_changes_unseen(at: int, sign: str) -> None:
    signs = TD3.replace("\n", "")
    bent = signs[:at] + sign + signs[at + 1 :]
    checked = {*range(44, 54), *range(57, 64), *range(65, 88)}
    if at in checked and _weight_of(sign, signs[at]):
        with refused(Fault.UNREADABLE):
            Mrz.parse(bent)


def _weight_of(one: str, other: str) -> int:
    """Two signs with one value by ten have the same check digit: that is as strong as the norm makes it."""
    value = {sign: int(sign, 36) % 10 for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | {"<": 0}
    return (value[one] - value[other]) % 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P<UTO",
        TD3[:-1],
        TD3 + "<",
        TD3.lower(),
        TD3.replace("ERIKSSON", "ÉRIKSSON"),
        TD3.replace("P<UTO", "1<UTO"),
        TD3.replace("P<UTO", "P<U1O"),
        TD3.replace("F1204159", "Q1204159"),
        TD3.replace("ERIKSSON<<ANNA<MARIA", "<" * 20),
        TD3.replace("UTO7408122", "U<O7408122"),
        "\x00" * 88,
        "<" * 88,
        "٣" * 88,
        "0" * 90,
        TD3 * 100,
    ],
)
def test_what_is_no_zone_is_refused(text: str) -> None:
    with refused(Fault.UNREADABLE, Fault.TOO_LARGE):
        Mrz.parse(text)


def test_a_date_that_is_not_in_the_calendar_is_refused() -> None:
    person = Person(family_name="X", given_names="Y", birth=date(1990, 1, 1))
    zone = passport_zone(person, "A", TODAY).replace("\n", "")
    birth = "901301"
    second = zone[44:57] + birth + digit(birth) + zone[64:87]
    whole = check_digit(second[:10] + second[13:20] + second[21:43])
    with refused(Fault.UNREADABLE):
        Mrz.parse(zone[:44] + second + whole)


@pytest.mark.requires("ICAO9303-3-4.8")
def test_unknown_parts_of_a_birth_stay_unknown() -> None:
    assert PrintedDate.parse("50<<<<").as_birth(TODAY) == PartialDate(year=1950, month=None, day=None)
    assert PrintedDate.parse("<<<<<<").as_birth(TODAY) == PartialDate(year=None, month=None, day=None)
    with refused(Fault.UNREADABLE):
        PrintedDate.parse("2<0101")


@pytest.mark.parametrize(
    ("text", "year"),
    [("261126", 2026), ("261127", 1926), ("000101", 2000), ("270101", 1927), ("260101", 2026)],
)
def test_a_birth_lies_in_the_past(text: str, year: int) -> None:
    assert PrintedDate.parse(text).as_birth(TODAY).year == year


@pytest.mark.parametrize(
    ("text", "year"), [("310625", 2031), ("991231", 1999), ("760101", 2076), ("770101", 1977)]
)
def test_an_end_lies_nearby(text: str, year: int) -> None:
    assert PrintedDate.parse(text).as_end(TODAY).year == year


def test_an_end_that_is_not_known_is_refused() -> None:
    for text in ("31<<<<", "310229"):
        with refused(Fault.UNREADABLE):
            PrintedDate.parse(text).as_end(TODAY)


def test_an_end_of_last_century_is_read_so_early_in_a_century() -> None:
    assert PrintedDate.parse("010101").as_end(date(2099, 1, 1)).year == 2101


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("De Bruijn", "DE BRUIJN"),
        ("Van 't Hof", "VAN T HOF"),
        ("D’Arcy-Smith", "DARCY SMITH"),  # noqa: RUF001 as people write it
        ("Müller", "MUELLER"),
        ("Müller", "MULLER"),
        ("Ångström", "AANGSTROEM"),
        ("Ångström", "ANGSTROM"),
        ("Groß", "GROSS"),
        ("Łukasz", "LUKASZ"),
        ("Çelik Şahin", "CELIK SAHIN"),
        ("Ĳsbrand", "IJSBRAND"),
        ("Renée", "RENEE"),
    ],
)
@pytest.mark.requires("ICAO9303-3-6.A")
def test_a_name_is_spelled_as_documents_do(name: str, printed: str) -> None:
    assert same_name(printed, name)
    assert not same_name(printed + "X", name)


def test_a_name_in_other_letters_has_no_spelling() -> None:
    assert spellings("王小明") == frozenset()
    assert not same_name("", "王小明")


def test_a_name_that_was_cut_off_is_compared_as_far_as_it_goes() -> None:
    assert same_name("WILHELMINA", "Wilhelmina Frederika", whole=False)
    assert not same_name("WILHELMINA", "Wilhelmina Frederika")


def test_a_name_of_many_spellings_takes_no_time() -> None:
    assert len(spellings("Ä" * 200)) <= 64


@pytest.mark.requires("ISO18013-3-B.8")
def test_the_line_of_a_licence_is_read() -> None:
    found = LicenceLine.parse("D1NLD15094962111659VW87Z78NB84\n")
    assert (found.issuer, found.number) == ("NLD", "5094962111")
    assert found.key.information == "1NLD15094962111659VW87Z78NB8"
    assert LicenceLine.parse(licence_line("1234567890")).number == "1234567890"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "D1NLD15094962111659VW87Z78NB85",
        "D1NLD15094962111659VW87Z78NB8",
        "P1NLD15094962111659VW87Z78NB84",
        "D" * 30,
    ],
)
def test_what_is_no_line_of_a_licence_is_refused(text: str) -> None:
    with refused(Fault.UNREADABLE):
        LicenceLine.parse(text)
