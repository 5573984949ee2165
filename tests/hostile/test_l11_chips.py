"""L11: copies without their chip, answers to other questions, chips opened too weakly or by somebody else.

The data and its signature are right each time: what is refused is the chip, or who shows it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from demo.documents.papers import Features, passport
from demo.documents.signing import security_object
from demo.documents.states import State
from demo.documents.zones import key_of_zone, licence_line, passport_zone
from tests.emrtd.reading import can_of, key_of, read_chip, session_for
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
    session,
    shown_licence,
    shown_passport,
    signer,
)
from tests.emrtd.showing import shown, without
from toegang.emrtd.access import Access, AccessKey
from toegang.emrtd.data_groups import Application
from toegang.emrtd.faults import Fault
from toegang.emrtd.licence import LicenceLine


@pytest.mark.requires("ICAO9303-11-6.1", "ICAO9303-11-6.2", "TR03105-5.1")
def test_a_copy_without_a_chip_is_refused() -> None:
    with refused(Fault.CLONE_POSSIBLE):
        shown(replace(shown_passport(), active=None, chip=None))


def test_a_document_whose_chip_cannot_prove_itself_is_refused() -> None:
    paper = passport_of_willeke(Features(active=None, chip=None))
    with refused(Fault.CLONE_POSSIBLE):
        shown(read_chip(paper, session()))


@pytest.mark.parametrize("numbers", [(14,), (15,), (14, 15)])
def test_keys_that_were_signed_and_are_not_shown_are_refused(numbers: tuple[int, ...]) -> None:
    for document in (
        without(shown_passport(), *numbers),
        replace(without(shown_passport(), *numbers), active=None),
        replace(without(shown_passport(), *numbers), chip=None),
        replace(without(shown_passport(), *numbers), active=None, chip=None),
    ):
        for policy in (POLICY, replace(POLICY, chip_proof=False)):
            with refused(Fault.STRIPPED):
                shown(document, policy=policy)


def test_keys_of_a_licence_that_are_not_shown_are_refused() -> None:
    for number in (13, 14):
        with refused(Fault.STRIPPED):
            shown(without(shown_licence(), number), asked=session_for(licence_of_piet()))


def test_a_person_that_is_not_shown_is_refused() -> None:
    with refused(Fault.STRIPPED):
        shown(without(shown_passport(), 1))


def test_a_list_of_hashes_without_the_keys_needs_a_believed_signer() -> None:
    document = without(shown_passport(), 14, 15)
    stripped = security_object(document.groups, State.founded(NOW).signer())
    with refused(Fault.SIGNER_UNKNOWN):
        shown(replace(document, security_object=stripped, active=None, chip=None))


def test_a_copy_with_keys_of_its_own_is_refused() -> None:
    """The forger has the data and the signature, and a chip with keys that were not signed for it."""
    paper = passport_of_willeke()
    forged = passport(WILLEKE, signer(), expiry=EXPIRY)
    copy = replace(paper, active_key=forged.active_key, chip_key=forged.chip_key)
    active = read_chip(copy, session(), chip=False)
    with refused(Fault.CHIP_NOT_PROVEN):
        shown(active)
    with refused(Fault.CHIP_NOT_PROVEN):
        shown(replace(active, chip=shown_passport().chip))
    with refused(Fault.CHANNEL_BROKEN):
        shown(replace(read_chip(copy, session(), active=False, chip=False), chip=b"\x90\x00"))
    keys = {14: forged.groups[14], 15: forged.groups[15]}
    with refused(Fault.ALTERED):
        shown(replace(active, groups={**active.groups, **keys}))


@pytest.mark.requires("ICAO9303-11-6.1.2.1")
def test_answers_to_another_session_are_refused() -> None:
    other = replace(session_for(passport_of_willeke(), number=2))
    for document in (
        shown_passport(),
        replace(shown_passport(), chip=None),
        replace(shown_passport(), active=None),
    ):
        with refused(Fault.CHIP_NOT_PROVEN, Fault.CHANNEL_BROKEN):
            shown(document, asked=other)


def test_a_secret_of_the_server_is_what_an_answer_of_the_chip_needs() -> None:
    document = replace(shown_passport(), active=None)
    with refused(Fault.CHANNEL_BROKEN):
        shown(document, asked=replace(session(), secret=b"z" * 32))


def test_a_wrong_answer_is_not_made_good_by_a_right_one() -> None:
    for document in (
        replace(shown_passport(), active=bytes(64)),
        replace(shown_passport(), chip=b"\x90\x00"),
    ):
        for policy in (POLICY, replace(POLICY, chip_proof=False)):
            with refused(Fault.CHIP_NOT_PROVEN, Fault.CHANNEL_BROKEN):
                shown(document, policy=policy)


def test_answers_in_each_other_s_place_are_refused() -> None:
    document = shown_passport()
    with refused(Fault.CHIP_NOT_PROVEN, Fault.CHANNEL_BROKEN):
        shown(replace(document, active=document.chip, chip=document.active))


def test_an_answer_of_a_chip_without_a_key_for_it_is_refused() -> None:
    paper = passport_of_willeke(Features(active=None, chip=None))
    bare = read_chip(paper, session())
    plain = passport_of_willeke(Features(active=None, chip=None, pace=None))
    none = read_chip(plain, session())
    for document in (
        replace(bare, active=bytes(64)),
        replace(bare, chip=b"\x90\x00"),
        replace(none, chip=b"\x90\x00"),
    ):
        with refused(Fault.CHIP_NOT_PROVEN):
            shown(document)


# How it was opened, and by whom.


@pytest.mark.requires("ICAO9303-11-4.2", "ICAO9303-11-9.2.11")
def test_a_chip_that_offers_pace_and_was_opened_without_is_refused() -> None:
    hidden = replace(passport_of_willeke(), card_access=None)
    document = read_chip(hidden, session())
    assert document.access is Access.BAC
    for bent in (document, replace(document, card_access=passport_of_willeke().card_access)):
        with refused(Fault.DOWNGRADED):
            shown(bent)


def test_what_is_open_on_the_chip_must_be_what_was_signed() -> None:
    weaker = passport_of_willeke(Features(pace=1)).card_access
    elsewhere = passport_of_willeke(Features(curve=12)).card_access
    for card_access in (None, weaker, elsewhere):
        with refused(Fault.DOWNGRADED):
            shown(replace(shown_passport(), card_access=card_access))
    plain = passport_of_willeke(Features(pace=None))
    read = read_chip(plain, session_for(plain))
    with refused(Fault.DOWNGRADED):
        shown(replace(read, card_access=weaker), asked=session_for(plain))
    with refused(Fault.DOWNGRADED):
        shown(replace(read, access=Access.PACE), asked=session_for(plain))


def keyed(zone: str) -> AccessKey:
    return replace(key_of(passport_of_willeke()), information=key_of_zone(zone))


def test_a_document_of_somebody_else_is_refused() -> None:
    """The chip is real; what was announced is the zone of another person, or of another document."""
    other = passport(PIET, signer(), number="OTHER1234", expiry=EXPIRY)
    for key in (
        key_of(other),
        key_of(card_of_willeke()),
        keyed(passport_zone(WILLEKE, "SPECI2026", EXPIRY + timedelta(days=1))),
        keyed(passport_zone(replace(WILLEKE, birth=PIET.birth), "SPECI2026", EXPIRY)),
    ):
        with refused(Fault.OTHER_DOCUMENT):
            shown(shown_passport(), asked=replace(session(), key=key))


def test_a_licence_of_somebody_else_is_refused() -> None:
    line = LicenceLine.parse(licence_line("1234567890"))
    asked = replace(session_for(licence_of_piet()), key=line.key)
    with refused(Fault.OTHER_DOCUMENT):
        shown(shown_licence(), asked=asked)


def test_a_number_on_a_card_does_not_stand_in_the_data_and_its_channel_is_the_proof() -> None:
    asked = replace(session(), key=can_of(passport_of_willeke()))
    assert shown(shown_passport(), asked=asked).number == "SPECI2026"


def test_a_document_that_is_over_is_refused() -> None:
    old = passport(WILLEKE, signer(), expiry=NOW.date() - timedelta(days=1))
    with refused(Fault.EXPIRED):
        shown(read_chip(old, session_for(old)), asked=session_for(old))


def test_a_travel_document_that_is_shown_as_a_licence_is_refused() -> None:
    with refused(Fault.UNREADABLE, Fault.STRIPPED, Fault.ALTERED):
        shown(replace(shown_passport(), application=Application.LICENCE))
    with refused(Fault.UNREADABLE, Fault.STRIPPED, Fault.ALTERED):
        shown(replace(shown_licence(), application=Application.TRAVEL), asked=session_for(licence_of_piet()))
