"""A card proves itself in five rounds, and its PIN stays between its holder, the reader and the card."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.documents.card_issuing import CardChain
from demo.documents.card_reader import PinWrongError
from demo.documents.cards import card
from demo.documents.papers import Features
from tests.emrtd.cards import (
    END,
    PIN,
    TODAY,
    chain,
    check,
    known,
    logged_in,
    opened_by,
    plastic,
    reader_with,
    relayed,
)
from tests.emrtd.refused import refused
from tests.emrtd.sample import NOW, signer
from toegang.emrtd.card_login import CardKind, advance
from toegang.emrtd.faults import Fault
from toegang.emrtd.terminals import Terminal


@pytest.mark.requires("TR03110-2-2.3")
@pytest.mark.parametrize("kind", ["identity-card", "driving-licence"])
def test_a_card_with_its_pin_proves_which_card_it_is(kind: str) -> None:
    made = plastic(kind)
    found = logged_in(made)
    public = made.chip_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert found.chip == hashlib.sha256(public).digest()
    assert found.kind is {"identity-card": CardKind.IDENTITY_CARD}.get(kind, CardKind.DRIVING_LICENCE)
    assert (found.expiry, found.issuer) == (END, "NL")


def test_it_takes_five_rounds_and_the_last_is_read_by_nobody_between() -> None:
    made = plastic()
    _, answers = relayed(made, check())
    assert [len(each) for each in answers] == [6, 3, 5, 2, 3]
    for answer in answers[-1]:
        assert END.strftime("%Y%m%d").encode() not in answer


@pytest.mark.parametrize("curve", [12, 15])
def test_other_curves_and_longer_keys_do_as_well(curve: int) -> None:
    from demo.documents.papers import CURVES

    features = Features(curve=curve, chip=4, pace=4, chip_curve=CURVES[curve])
    made = card("identity-card", signer(), known(), expiry=END, features=features)
    assert logged_in(made).kind is CardKind.IDENTITY_CARD


def test_three_wrong_pins_block_it_and_only_its_own_code_unblocks_it() -> None:
    made = plastic()
    reader = reader_with(made)
    for left in (2, 1, 0):
        with pytest.raises(PinWrongError) as caught:
            reader.open("111111")
        assert caught.value.tries_left == left
    with pytest.raises(PinWrongError):
        reader.open(PIN)
    with pytest.raises(PinWrongError):
        reader.unblock("00000000")
    reader.unblock("11223344")
    assert logged_in(made).kind is CardKind.IDENTITY_CARD


def test_a_right_pin_gives_its_tries_back() -> None:
    made = plastic()
    reader = reader_with(made)
    with pytest.raises(PinWrongError):
        reader.open("111111")
    reader.open(PIN)
    assert made.tries == 3


@pytest.mark.requires("TR03110-3-2.4.1")
def test_a_chain_that_no_card_would_take_is_found_when_it_is_loaded() -> None:
    made, other = chain(), CardChain.founded(TODAY)
    certificates = made.certificates
    for wrong in (
        certificates[1:],
        certificates[:1],
        certificates[:2],
        (*certificates[:2], other.certificates[2]),
        (certificates[0], certificates[2]),
        (other.certificates[0], *certificates[1:]),
        (),
    ):
        with refused():
            Terminal.of(wrong, made.terminal.key, TODAY)
    with refused(Fault.SIGNER_EXPIRED):
        Terminal.of(certificates, made.terminal.key, TODAY + timedelta(days=40))
    with refused(Fault.SIGNER_NOT_ENTITLED):
        Terminal.of(certificates, other.terminal.key, TODAY)
    with refused():
        Terminal.of(
            (*certificates[:2], certificates[2][:-1] + bytes([certificates[2][-1] ^ 1])),
            made.terminal.key,
            TODAY,
        )


def test_a_terminal_that_may_be_served_without_the_pin_is_not_loaded() -> None:
    from demo.documents.card_issuing import LOGIN, TERMINAL, CardWish

    made = chain()
    for rights in (LOGIN | 1 << 4, 1 << 8, 0):
        wish = CardWish(holder=b"NLDEMOHUB00002", role=TERMINAL, rights=rights, begins=TODAY, ends=TODAY)
        party = made.verifier.certifies(made.terminal.key, wish)
        with refused(Fault.SIGNER_NOT_ENTITLED):
            Terminal.of((*made.certificates[:2], party.certificate), party.key, TODAY)


def test_a_conversation_is_the_same_whenever_it_is_computed_but_for_our_signature() -> None:
    asked = check()
    said, answers = relayed(plastic(), asked)
    for count in range(len(answers)):
        first, second = (advance(asked, said, answers[:count], NOW) for _ in range(2))
        assert isinstance(first, tuple)
        assert isinstance(second, tuple)
        assert first[1:] == second[1:]


def test_a_card_that_knows_another_authority_is_told_nothing() -> None:
    made = plastic()
    said = opened_by(reader_with(made))
    with refused(Fault.TERMINAL_REFUSED):
        advance(check(), replace(said, authorities=(b"NLOTHERCVCA0001",)), [], NOW)
