"""L11: cards that were copied, relayed, replayed, stripped or opened otherwise; readers that lie."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from demo.documents.card_issuing import CardChain
from demo.documents.card_reader import CardReader
from demo.documents.cards import SoftwareCard, card, open_infos
from demo.documents.encoding import set_of
from demo.documents.papers import Features
from demo.documents.states import State, Wish, elliptic
from tests.emrtd.cards import (
    END,
    TODAY,
    check,
    known,
    logged_in,
    opened_by,
    plastic,
    reader_with,
    relayed,
    terminal,
)
from tests.emrtd.refused import refused
from tests.emrtd.sample import NOW, signer, state
from toegang.emrtd.card_login import Opened, VerifiedCard, advance
from toegang.emrtd.faults import Fault
from toegang.emrtd.rounds import Round
from toegang.emrtd.trust import Trust
from toegang.errors import DocumentRefused


@cache
def conversation() -> tuple[Opened, list[Round]]:
    return relayed(plastic(), check())


def test_a_copy_of_a_card_without_its_key_is_refused() -> None:
    copied = replace(plastic(), chip_key=elliptic())
    with refused(Fault.CHIP_NOT_PROVEN):
        logged_in(copied)


def test_a_copy_that_brings_a_key_of_its_own_is_refused() -> None:
    own = card("identity-card", State.founded(NOW).signer(), known(), expiry=END)
    with refused(Fault.SIGNER_UNKNOWN):
        logged_in(own)


def test_the_files_of_another_card_are_no_help() -> None:
    mixed = replace(plastic(), card_security=plastic("driving-licence").card_security)
    with refused(Fault.CHIP_NOT_PROVEN):
        logged_in(mixed)


@pytest.mark.parametrize("number", [2, 3])
def test_what_was_said_in_one_session_is_no_answer_in_another(number: int) -> None:
    said, answers = conversation()
    with refused(Fault.CHIP_NOT_PROVEN):
        advance(check(number), said, answers, NOW)


def test_what_was_said_for_one_service_or_level_is_no_answer_for_another() -> None:
    said, answers = conversation()
    with refused(Fault.CHIP_NOT_PROVEN):
        advance(check(asked=b"another login"), said, answers, NOW)


def test_a_card_that_is_relayed_to_another_session_does_not_take_its_terminal() -> None:
    """The card's own key in the opening is signed: who opened is who is answered."""
    here, there = reader_with(plastic()), reader_with(plastic("driving-licence"))
    said, _ = opened_by(here), opened_by(there)
    first = advance(check(), said, [], NOW)
    assert isinstance(first, tuple)
    answers = [there.relay(first)]
    second = advance(check(), said, answers, NOW)
    assert isinstance(second, tuple)
    answers.append(there.relay(second))
    with refused(Fault.TERMINAL_REFUSED):
        advance(check(), said, answers, NOW)


def test_a_reader_that_names_another_opening_is_refused_by_the_card() -> None:
    made = plastic()
    said = replace(conversation()[0], chip=bytes(32))
    with refused(Fault.TERMINAL_REFUSED):
        relayed(made, check(), said)


def _opened_and_asked(reader: CardReader, said: Opened) -> None:
    answers: list[Round] = []
    while isinstance(sent := advance(check(), said, answers, NOW), tuple):
        answers.append(reader.relay(sent))


def test_a_card_that_was_opened_without_its_pin_answers_no_terminal() -> None:
    """The code that unblocks a PIN opens the card too, and is no PIN."""
    from demo.documents.card_reader import Secret
    from demo.documents.cards import UNBLOCKING

    reader = reader_with(plastic())
    found = reader._open(Secret(reference=UNBLOCKING, password=b"11223344"), terminal().certificate.template)
    said = Opened(card_access=found.card_access, chip=found.chip, authorities=found.authorities)
    with refused(Fault.TERMINAL_REFUSED):
        _opened_and_asked(reader, said)


def test_rights_that_were_not_given_with_the_pin_are_not_used() -> None:
    reader = reader_with(plastic())
    said = opened_by(reader, template=b"")
    with refused(Fault.CHIP_NOT_PROVEN, Fault.TERMINAL_REFUSED):
        _opened_and_asked(reader, said)


@pytest.mark.parametrize(
    "features",
    [Features(chip=1), Features(curve=12, chip_curve=type(elliptic().curve))],
    ids=["3DES", "another curve than was agreed"],
)
def test_a_weaker_way_is_not_taken(features: Features) -> None:
    with refused(Fault.ALGORITHM):
        logged_in(card("identity-card", signer(), known(), expiry=END, features=features))


def test_what_the_card_offers_in_the_open_is_what_was_signed() -> None:
    weaker, honest = open_infos(Features(pace=1)), open_infos(Features())
    for shown in (set_of(*honest, weaker[0]), set_of(honest[0], honest[2])):
        with refused(Fault.DOWNGRADED):
            logged_in(replace(plastic(), card_access=shown))
    with refused(Fault.ALGORITHM):
        logged_in(replace(plastic(), card_access=set_of(*honest[:2])))


def _expired(wish: Wish) -> Wish:
    return replace(wish, ends=NOW - timedelta(days=1))


def test_signers_that_are_over_revoked_or_foreign_are_refused() -> None:
    over = card("identity-card", state().signer(change=_expired), known(), expiry=END)
    with refused(Fault.SIGNER_EXPIRED):
        logged_in(over)
    taken_back = state().revoked(signer().parsed.serial_number)
    believed = Trust.of([state().authority.certificate], lists=[taken_back])
    with refused(Fault.SIGNER_REVOKED):
        logged_in(plastic(), replace(check(), trust=believed))
    unlisted = Trust.of([state().authority.certificate])
    with refused(Fault.REVOCATION_UNKNOWN):
        logged_in(plastic(), replace(check(), trust=unlisted))
    foreign = card("identity-card", State.founded(NOW, "BE").signer(), known(), expiry=END)
    with refused(Fault.SIGNER_UNKNOWN):
        logged_in(foreign)


def test_a_card_that_is_over_is_refused_from_the_day_after_its_last() -> None:
    assert logged_in(replace(plastic(), expiry=TODAY)).expiry == TODAY
    with refused(Fault.EXPIRED):
        logged_in(replace(plastic(), expiry=TODAY - timedelta(days=1)))


def test_a_card_refuses_a_terminal_whose_certificate_is_over_or_of_another_authority() -> None:
    late = SoftwareCard(plastic=plastic(), today=TODAY + timedelta(days=60))
    reader = CardReader(card=late)
    with refused(Fault.TERMINAL_REFUSED):
        _opened_and_asked(reader, opened_by(reader))
    other = CardChain.founded(TODAY).authority
    stranger = replace(plastic(), authority=(other.holder, other.key.public_key()))
    reader = reader_with(stranger)
    with refused(Fault.TERMINAL_REFUSED):
        _opened_and_asked(reader, opened_by(reader))


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("lie", [lambda _: b"\x6a\x82", lambda answer: answer[2:], lambda _: b""])
def test_no_answer_is_left_out_cut_or_bent(at: int, lie: Callable[[bytes], bytes]) -> None:
    said, answers = conversation()
    for place, honest in enumerate(answers[at]):
        bent = lie(honest)
        row = (*answers[at][:place], bent, *answers[at][place + 1 :])
        with refused():
            advance(check(), said, [*answers[:at], row, *answers[at + 1 :]], NOW)


def test_any_octets_are_refused_and_nothing_else_happens() -> None:
    chance = random.Random(20261126)  # noqa: S311 made up octets
    said, answers = conversation()
    for _ in range(400):
        at = chance.randrange(len(answers))
        place = chance.randrange(len(answers[at]))
        octets = bytearray(answers[at][place])
        for _ in range(chance.randrange(1, 4)):
            octets[chance.randrange(len(octets))] = chance.randrange(256)
        if bytes(octets) == answers[at][place]:
            continue
        row = (*answers[at][:place], bytes(octets), *answers[at][place + 1 :])
        with suppress(DocumentRefused):
            found = advance(check(), said, [*answers[:at], row, *answers[at + 1 :]], NOW)
            # What only our own signature covers, and a text beside a plain success, changes nothing here.
            assert isinstance(found, VerifiedCard)
            assert found == advance(check(), said, answers, NOW)
    for _ in range(200):
        junk = chance.randbytes(chance.randrange(0, 90))
        with suppress(DocumentRefused):
            advance(check(), replace(said, card_access=junk), [], NOW)
    with refused(Fault.UNREADABLE):
        Opened(card_access=said.card_access, chip=said.chip, authorities=())
