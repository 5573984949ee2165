"""A whole conversation: each round follows from the session and the answers, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo.documents.chip import SoftwareChip
from demo.documents.encoding import tlv
from demo.documents.papers import Features, Paper
from tests.emrtd.reading import application_of, can_of, read_chip, relay, session_for
from tests.emrtd.refused import refused
from tests.emrtd.sample import (
    NOW,
    POLICY,
    card_of_willeke,
    licence_of_piet,
    passport_of_willeke,
    trust,
)
from toegang.emrtd.access import Access
from toegang.emrtd.apdu import select_file
from toegang.emrtd.data_groups import Application
from toegang.emrtd.document import UnverifiedDocument
from toegang.emrtd.faults import Fault
from toegang.emrtd.reading import CARD_ACCESS, advance
from toegang.emrtd.rounds import Round
from toegang.emrtd.sessions import Session
from toegang.emrtd.verify import verify

TRAVEL = Application.TRAVEL


def said(paper: Paper, session: Session) -> list[Round]:
    return relay(SoftwareChip(paper=paper), session, application_of(paper))


@pytest.mark.requires("ICAO9303-11-J.1", "ICAO9303-11-4.2")
@pytest.mark.parametrize("paper", [passport_of_willeke(), card_of_willeke(), licence_of_piet()])
def test_a_chip_is_opened_read_and_asked_for_every_proof(paper: Paper) -> None:
    found = read_chip(paper, session_for(paper))
    assert found.access is (Access.PACE if paper.card_access else Access.BAC)
    assert found.card_access == paper.card_access
    assert found.security_object == paper.security_object
    assert found.active
    assert found.chip
    for number, file in found.groups.items():
        assert file == paper.groups[number]


def test_nothing_is_read_that_nobody_needs() -> None:
    assert set(read_chip(passport_of_willeke(), session_for()).groups) == {1, 11, 14, 15}
    assert set(read_chip(licence_of_piet(), session_for()).groups) == {1, 13, 14}


def test_the_first_round_is_in_the_open_and_the_same_for_every_document() -> None:
    first = advance(session_for(passport_of_willeke()), TRAVEL, [])
    assert first == advance(session_for(card_of_willeke(), number=2), TRAVEL, [])
    assert isinstance(first, tuple)
    assert first[0] == select_file(CARD_ACCESS).encode()


def test_a_conversation_is_the_same_whenever_it_is_computed() -> None:
    paper = passport_of_willeke()
    session = session_for(paper)
    answers = said(paper, session)
    for count in range(len(answers)):
        assert advance(session, TRAVEL, answers[:count]) == advance(session, TRAVEL, answers[:count])
    assert len(answers) <= 15


def test_what_was_heard_in_one_session_is_no_answer_in_another() -> None:
    for paper in (passport_of_willeke(), licence_of_piet()):
        answers = said(paper, session_for(paper))
        with refused(Fault.ACCESS_REFUSED):
            advance(session_for(paper, number=2), application_of(paper), answers)


def test_another_key_does_not_open_the_chip() -> None:
    for paper, other in ((passport_of_willeke(), card_of_willeke()),):
        with refused(Fault.ACCESS_REFUSED):
            said(paper, session_for(other))
    with refused(Fault.ACCESS_REFUSED):
        said(passport_of_willeke(), session_for())
    plain = passport_of_willeke(Features(pace=None))
    with refused(Fault.ACCESS_REFUSED):
        said(plain, replace(session_for(), key=can_of(plain)))


def test_answers_too_many_or_too_few_are_refused() -> None:
    paper = passport_of_willeke()
    session = session_for(paper)
    answers = said(paper, session)
    for bad in (
        [*answers, ()],
        [*answers, answers[-1]],
        [answers[0][:1], *answers[1:]],
        [(*answers[0], b"\x90\x00"), *answers[1:]],
        [()],
        answers[1:],
    ):
        with refused():
            advance(session, TRAVEL, bad)


def test_no_answer_can_be_bent_or_change_places() -> None:
    paper = passport_of_willeke()
    session = session_for(paper)
    answers = said(paper, session)
    for at, each in enumerate(answers[:-1]):
        for place, octets in enumerate(each):
            bent = octets[:-3] + bytes([octets[-3] ^ 1]) + octets[-2:] if len(octets) > 2 else b"\x69\x82"
            other = (*each[:place], bent, *each[place + 1 :])
            spoiled = [*answers[:at], other, *answers[at + 1 :]]
            if at < 2:  # EF.CardAccess is open: what was bent in it shows in DG14, and the way of PACE fails
                with refused():
                    verified(session, spoiled)
            else:
                with refused(Fault.ACCESS_REFUSED, Fault.CHANNEL_BROKEN, Fault.ALGORITHM):
                    advance(session, TRAVEL, spoiled)
        if len(each) > 1 and at > 1:
            with refused(Fault.CHANNEL_BROKEN):
                advance(session, TRAVEL, [*answers[:at], each[::-1], *answers[at + 1 :]])


def verified(session: Session, answers: list[Round]) -> None:
    found = advance(session, TRAVEL, answers)
    assert isinstance(found, UnverifiedDocument)
    verify(found, trust(), POLICY, session, NOW)


def test_a_chip_that_says_no_is_refused() -> None:
    paper = passport_of_willeke()
    session = session_for(paper)
    answers = said(paper, session)
    for at in range(1, len(answers) - 1):
        no = tuple(b"\x69\x82" for _ in answers[at])
        with refused(Fault.ACCESS_REFUSED, Fault.CHANNEL_BROKEN):
            advance(session, TRAVEL, [*answers[:at], no, *answers[at + 1 :]])


def test_keys_that_the_chip_does_not_tell_of_are_missed() -> None:
    """EF.COM is signed by nobody: a chip, or who sits before it, may leave a data group out of it."""
    paper = passport_of_willeke()

    class Silent(SoftwareChip):
        def _file(self, short: int) -> bytes | None:
            found = super()._file(short)
            if short == 0x1E and found:
                return tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"), tlv(0x5C, b"\x61\x75"))
            return found

    session = session_for(paper)
    found = advance(session, TRAVEL, relay(Silent(paper=paper), session, TRAVEL))
    assert isinstance(found, UnverifiedDocument)
    with refused(Fault.STRIPPED):
        verify(found, trust(), POLICY, session, NOW)


def test_a_file_without_end_is_not_read() -> None:
    paper = passport_of_willeke()
    endless = replace(paper, groups={**paper.groups, 11: tlv(0x6B, bytes(40_000))})
    with refused(Fault.TOO_LARGE):
        said(endless, session_for(paper))


def test_a_chip_without_proofs_is_read_all_the_same() -> None:
    paper = passport_of_willeke(Features(active=None, chip=None))
    found = read_chip(paper, session_for(paper))
    assert (found.active, found.chip) == (None, None)
