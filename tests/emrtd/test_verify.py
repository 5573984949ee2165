"""The one door: what is believed of a whole document, and by which proofs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from demo.documents.encoding import tlv
from demo.documents.papers import Features, Paper, details, driving_licence, passport
from demo.documents.zones import Person
from tests.emrtd.reading import can_of, read_chip, session_for
from tests.emrtd.refused import refused
from tests.emrtd.sample import (
    EXPIRY,
    NOW,
    PIET,
    POLICY,
    WILLEKE,
    card_of_willeke,
    licence_of_piet,
    passport_of_willeke,
    signer,
    trust,
)
from toegang.emrtd.access import Access
from toegang.emrtd.data_groups import Application, read_com, read_details
from toegang.emrtd.dates import PartialDate
from toegang.emrtd.document import DocumentKind, Proof, UnverifiedDocument, VerifiedDocument
from toegang.emrtd.faults import Fault
from toegang.emrtd.licence import read_licence
from toegang.emrtd.names import same_name
from toegang.emrtd.policy import Policy
from toegang.emrtd.sessions import Session
from toegang.emrtd.verify import verify

EVERY = frozenset(Proof)


def verified(document: UnverifiedDocument, session: Session, policy: Policy = POLICY) -> VerifiedDocument:
    return verify(document, trust(), policy, session, NOW)


def read_and_verified(paper: Paper, **how: bool) -> VerifiedDocument:
    session = session_for(paper)
    return verified(read_chip(paper, session, **how), session)  # type: ignore[arg-type]


@pytest.mark.requires("ICAO9303-11-5.1", "ICAO9303-11-6.1", "ICAO9303-11-6.2", "TR03105-5.1")
def test_a_passport_is_believed_with_all_that_it_proves() -> None:
    found = read_and_verified(passport_of_willeke())
    assert (found.kind, found.issuer, found.number) == (DocumentKind.PASSPORT, "NLD", "SPECI2026")
    assert (found.nationality, found.expiry, found.proofs) == ("NLD", EXPIRY, EVERY)
    holder = found.holder
    assert same_name(holder.primary, WILLEKE.family_name)
    assert same_name(holder.secondary, WILLEKE.given_names)
    assert holder.full_name == "De Bruijn<<Willeke Liselotte"
    assert holder.birth == PartialDate(year=1965, month=3, day=10)
    assert holder.bsn == "999999990"


def test_an_identity_card_is_believed() -> None:
    found = read_and_verified(card_of_willeke())
    assert (found.kind, found.holder.bsn, found.proofs) == (DocumentKind.IDENTITY_CARD, "999999990", EVERY)


@pytest.mark.requires("ISO18013-2-C.4", "ISO18013-3-8.3")
def test_a_driving_licence_is_believed() -> None:
    found = read_and_verified(licence_of_piet())
    assert (found.kind, found.issuer, found.number) == (DocumentKind.DRIVING_LICENCE, "NLD", "5094962111")
    assert (found.nationality, found.expiry, found.proofs) == (None, EXPIRY, EVERY)
    assert (found.holder.primary, found.holder.secondary) == ("Van der Üst", "Piet")
    assert (found.holder.birth, found.holder.bsn) == (PartialDate(year=1980, month=1, day=2), None)


@pytest.mark.parametrize("features", [Features(active="rsa"), Features(chip=None), Features(pace=None)])
def test_chips_of_other_makes_are_believed(features: Features) -> None:
    assert Proof.ACTIVE in read_and_verified(passport_of_willeke(features)).proofs


@pytest.mark.parametrize(("active", "chip"), [(True, False), (False, True)])
def test_one_proof_of_the_chip_is_enough(active: bool, chip: bool) -> None:
    found = read_and_verified(passport_of_willeke(), active=active, chip=chip)
    assert found.proofs == EVERY - {Proof.CHIP if active else Proof.ACTIVE}


def test_a_copy_is_believed_only_where_a_policy_asks_no_chip() -> None:
    paper = passport_of_willeke()
    session = session_for(paper)
    document = read_chip(paper, session, active=False, chip=False)
    with refused(Fault.CLONE_POSSIBLE):
        verified(document, session)
    assert verified(document, session, replace(POLICY, chip_proof=False)).proofs == {Proof.PASSIVE}


def test_a_document_opened_by_its_number_on_the_card_is_believed() -> None:
    paper = card_of_willeke()
    session = replace(session_for(), key=can_of(paper))
    assert verified(read_chip(paper, session, key=can_of(paper)), session).proofs == EVERY


def test_pictures_need_not_be_shown_and_may_be() -> None:
    paper, session = passport_of_willeke(), session_for(passport_of_willeke())
    document = read_chip(paper, session)
    assert 2 not in document.groups
    groups = {**document.groups, 2: paper.groups[2]}
    assert verified(replace(document, groups=groups), session).proofs == EVERY


def test_a_document_counts_through_its_last_day_in_amsterdam() -> None:
    paper, session = passport_of_willeke(), session_for(passport_of_willeke())
    document = read_chip(paper, session)
    midnight = datetime.fromisoformat("2031-06-26T00:00:00+02:00")
    policy = replace(POLICY, revocation=False)
    assert verify(document, trust(), policy, session, midnight - timedelta(seconds=1)).expiry == EXPIRY
    with refused(Fault.EXPIRED):
        verify(document, trust(), policy, session, midnight)


def test_who_is_older_than_a_hundred_is_not_made_younger() -> None:
    person = Person(family_name="Oud", given_names="Jan", birth=date(1924, 5, 6))
    assert read_and_verified(passport(person, signer(), expiry=EXPIRY)).holder.birth.year == 1924


def with_details(file: bytes) -> Paper:
    paper = passport_of_willeke()
    groups = {**paper.groups, 11: file}
    return replace(paper, groups=groups).signed_again(signer())


def test_two_dates_of_birth_are_refused() -> None:
    other = replace(WILLEKE, birth=date(1966, 3, 10))
    with refused(Fault.UNREADABLE):
        read_and_verified(with_details(details(other)))


@pytest.mark.requires("ICAO9303-10-4.7.11")
def test_details_are_read_in_both_forms_and_may_lack() -> None:
    assert read_details(details(WILLEKE)) == read_details(details(WILLEKE, packed=True))
    assert read_details(tlv(0x6B, tlv(0x5C))).full_name is None
    assert read_details(tlv(0x6B, tlv(0x5F2B, b"19650000"))).birth == PartialDate(
        year=1965, month=None, day=None
    )


@pytest.mark.parametrize(
    "file",
    [
        tlv(0x6B, tlv(0x5F2B, b"19651301")),
        tlv(0x6B, tlv(0x5F2B, b"1965")),
        tlv(0x6B, tlv(0x5F2B, b"")),
        tlv(0x6B, tlv(0x5F0E, b"\xff")),
        tlv(0x6B, tlv(0x5F0E, b"a\x00b")),
        tlv(0x6B, tlv(0x5F0E, b"a" * 513)),
        tlv(0x6C, b""),
    ],
)
def test_details_of_another_form_are_refused(file: bytes) -> None:
    with refused(Fault.UNREADABLE):
        read_details(file)


def test_a_list_of_data_groups_is_read_and_not_believed() -> None:
    assert read_com(passport_of_willeke().com) == {0x61, 0x75, 0x6B, 0x6E, 0x6F}
    for file in (b"", tlv(0x60), tlv(0x60, tlv(0x5C, bytes(17))), tlv(0x61, tlv(0x5C, b"a"))):
        with refused(Fault.UNREADABLE):
            read_com(file)


@pytest.mark.parametrize("tag", [0x5F03, 0x5F04, 0x5F05, 0x5F06, 0x5F0B, 0x5F0E])
def test_a_licence_without_a_field_is_refused(tag: int) -> None:
    file = licence_of_piet().groups[1]
    with refused(Fault.UNREADABLE):
        read_licence(file.replace(tag.to_bytes(2), b"\x5f\x7e"), 0x61)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (bytes.fromhex("5F060402011980"), bytes.fromhex("5F060432011980")),
        (bytes.fromhex("5F060402011980"), bytes.fromhex("5F06040201198A")),
        (b"Piet", b"Pi\x00t"),
        (b"Piet", b"    "),
    ],
)
def test_a_licence_with_a_field_of_other_signs_is_refused(old: bytes, new: bytes) -> None:
    file = licence_of_piet().groups[1]
    assert old in file
    with refused(Fault.UNREADABLE):
        read_licence(file.replace(old, new), 0x61)


def test_names_in_latin_letters_of_one_octet_are_read_too() -> None:
    file = driving_licence(PIET, signer(), expiry=EXPIRY).groups[1]
    name = "Van der Üst".encode()
    other = tlv(0x61, file[2:].replace(name, "Van der Üsts".encode("latin-1")))
    assert read_licence(other, 0x61).surname == "Van der Üsts"


def test_a_data_group_that_does_not_exist_is_refused() -> None:
    assert Application.LICENCE.tag_of(13) == 0x6F
    for number in (0, 15, -1):
        with refused(Fault.UNREADABLE):
            Application.LICENCE.tag_of(number)


def test_nothing_about_a_person_is_shown() -> None:
    found = read_and_verified(passport_of_willeke())
    shown = repr(found) + repr(found.holder) + repr(read_chip(passport_of_willeke(), session_for()))
    for secret in ("999999990", "BRUIJN", "Bruijn", "SPECI", "1965"):
        assert secret not in shown
    assert Access.PACE.value in shown
