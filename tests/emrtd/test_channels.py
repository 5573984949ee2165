"""Channels to a chip: opened by what is printed, closed by anything that is not the chip's next answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo.documents.chip import SoftwareChip
from demo.documents.papers import CHIP_MAPPING, Features
from tests.emrtd.reading import (
    Conversation,
    can_of,
    key_of,
    open_basic,
    open_pace,
    session_for,
)
from tests.emrtd.refused import refused
from tests.emrtd.sample import card_of_willeke, licence_of_piet, passport_of_willeke
from toegang.emrtd import apdu, bac, pace
from toegang.emrtd.access import AccessKey, Printed
from toegang.emrtd.apdu import LONGEST_RESPONSE, Command, Response
from toegang.emrtd.ciphers import Suite, pad, unpad
from toegang.emrtd.curves import CURVES, P256, Curve
from toegang.emrtd.faults import Fault
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import parse

SUITES = {1: Suite.TDES, 2: Suite.AES128, 3: Suite.AES192, 4: Suite.AES256}


def opened_by_pace(features: Features) -> Conversation:
    paper = passport_of_willeke(features)
    talk = Conversation(SoftwareChip(paper=paper))
    open_pace(talk, key_of(paper), session_for(), paper.card_access or b"")
    return talk


@pytest.mark.requires("ICAO9303-11-4.4.1", "ICAO9303-11-9.8.7.1", "ICAO9303-11-9.8.6.1")
@pytest.mark.parametrize("suite", SUITES)
def test_pace_opens_a_channel_in_every_suite(suite: int) -> None:
    talk = opened_by_pace(Features(pace=suite, active=None, chip=None))
    assert talk.channel is not None
    assert talk.channel.suite is SUITES[suite]
    apdu.succeeded(talk.say(apdu.select_application(apdu.TRAVEL_APPLICATION)), "the application")
    assert talk.file(1) == talk.chip.paper.groups[1]


@pytest.mark.requires("ICAO9303-11-9.5.1")
@pytest.mark.parametrize("curve", [12, 13, 15, 16, 17, 18])
def test_pace_opens_a_channel_on_every_curve(curve: int) -> None:
    assert opened_by_pace(Features(curve=curve, active=None, chip=None)).channel is not None


def test_a_chip_that_adds_a_proof_of_its_own_is_opened_all_the_same() -> None:
    talk = opened_by_pace(Features(mapping=CHIP_MAPPING, active=None, chip=None))
    assert talk.channel is not None


def test_pace_opens_a_channel_by_the_number_on_a_card() -> None:
    paper = card_of_willeke()
    talk = Conversation(SoftwareChip(paper=paper))
    open_pace(talk, can_of(paper), session_for(), paper.card_access or b"")
    assert talk.channel is not None


def test_basic_access_opens_a_licence_by_its_line() -> None:
    paper = licence_of_piet()
    talk = Conversation(SoftwareChip(paper=paper))
    apdu.succeeded(talk.say(apdu.select_application(apdu.LICENCE_APPLICATION)), "the application")
    open_basic(talk, key_of(paper), session_for())
    assert talk.file(5) == paper.groups[5]


@pytest.mark.requires("ICAO9303-11-4.3.1")
def test_another_key_does_not_open_a_chip() -> None:
    paper, other = passport_of_willeke(), card_of_willeke()
    talk = Conversation(SoftwareChip(paper=paper))
    talk.say(apdu.select_application(apdu.TRAVEL_APPLICATION))
    with refused(Fault.ACCESS_REFUSED):
        open_basic(talk, key_of(other), session_for())
    with refused(Fault.ACCESS_REFUSED):
        open_pace(talk, key_of(other), session_for(), paper.card_access or b"")
    with refused(Fault.ACCESS_REFUSED):
        open_pace(talk, AccessKey.of_can("654321"), session_for(), paper.card_access or b"")


def test_a_chip_that_does_not_know_what_is_printed_is_no_chip_of_this_document() -> None:
    mine, other = key_of(passport_of_willeke()), passport_of_willeke(Features(active=None))
    chip = SoftwareChip(paper=replace(other, opens="L898902C<369080619406236"))
    begun, command = bac.begin(mine, Response(data=bytes(8), status=0x9000), bytes(24))
    for answer in (b"\x00" * 40 + b"\x90\x00", b"\x90\x00", chip.send(command.encode())):
        with refused(Fault.ACCESS_REFUSED):
            bac.finish(begun, Response.parse(answer))


def test_basic_access_with_a_number_of_a_card_is_refused() -> None:
    with refused(Fault.ACCESS_REFUSED):
        bac.begin(AccessKey.of_can("123456"), Response(data=bytes(8), status=0x9000), bytes(24))


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])
def test_what_is_no_number_of_a_card_is_refused(digits: str) -> None:
    with refused(Fault.UNREADABLE):
        AccessKey.of_can(digits)


def test_an_answer_to_another_challenge_is_refused() -> None:
    key = key_of(passport_of_willeke())
    chip = SoftwareChip(paper=passport_of_willeke())
    first = bac.begin(key, Response.parse(chip.send(apdu.get_challenge().encode())), bytes(24))
    answer = Response.parse(chip.send(first[1].encode()))
    other = replace(first[0], challenge=b"\x01" * 8)
    with refused(Fault.ACCESS_REFUSED):
        bac.finish(other, answer)
    assert bac.finish(first[0], answer).counter


def way_and_mapping() -> tuple[pace.Way, pace.Mapping]:
    way = pace.choose(parse(passport_of_willeke().card_access or b""))
    nonce = Response(data=bytes.fromhex("7C128010") + bytes(16), status=0x9000)
    mapping, _ = pace.map_nonce(way, AccessKey.of_can("123456"), nonce, 5)
    return way, mapping


@pytest.mark.requires("ICAO9303-11-4.4.1")
def test_a_chip_that_sends_our_own_key_back_is_refused() -> None:
    way, mapping = way_and_mapping()
    own = way.curve.encode(way.curve.multiply(5, way.curve.g))
    with refused(Fault.ACCESS_REFUSED):
        pace.agree(mapping, Response(data=bytes.fromhex("7C438241") + own, status=0x9000), 7)
    theirs = way.curve.encode(way.curve.multiply(11, way.curve.g))
    agreement, _ = pace.agree(mapping, Response(data=bytes.fromhex("7C438241") + theirs, status=0x9000), 7)
    ours = way.curve.encode(agreement.public)
    with refused(Fault.ACCESS_REFUSED):
        pace.confirm(agreement, Response(data=bytes.fromhex("7C438441") + ours, status=0x9000))


def test_points_beside_the_curve_are_refused() -> None:
    way, mapping = way_and_mapping()
    size = way.curve.size
    for point in (
        b"\x04" + bytes(2 * size),
        b"\x04" + b"\xff" * 2 * size,
        b"\x02" + bytes(size),
        b"\x00",
        b"\x05" + way.curve.encode(way.curve.g)[1:],
    ):
        field = bytes([0x82, len(point)]) + point
        answer = Response(data=bytes([0x7C, len(field)]) + field, status=0x9000)
        with refused(Fault.ALGORITHM, Fault.UNREADABLE):
            pace.agree(mapping, answer, 7)


@pytest.mark.parametrize("data", ["", "7C00", "7C028000", "7C03800100", "7D00", "7C0A80088888888888888888"])
def test_answers_without_a_nonce_are_refused(data: str) -> None:
    way = pace.choose(parse(passport_of_willeke().card_access or b""))
    answer = Response(data=bytes.fromhex(data), status=0x9000)
    with refused(Fault.UNREADABLE, Fault.ACCESS_REFUSED):
        pace.map_nonce(way, AccessKey.of_can("123456"), answer, 5)


def test_a_chip_that_offers_nothing_that_we_take_is_refused() -> None:
    mapping = bytes.fromhex("31143012060A04007F0007020204040202010202010D")
    assert parse(mapping).offers_pace
    with refused(Fault.ACCESS_REFUSED):
        pace.choose(parse(mapping))


def test_the_strongest_way_is_taken() -> None:
    info = "3012060A04007F000702020402{:02X}0201020201{:02X}"
    ways = "".join(info.format(suite, curve) for suite, curve in ((1, 18), (2, 13), (2, 16)))
    chosen = pace.choose(parse(bytes.fromhex("313C" + ways)))
    assert (chosen.suite, chosen.curve.number) == (Suite.AES128, 16)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_curves_are_those_of_the_library(curve: Curve) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    for factor in (1, 2, 3, curve.n - 1, curve.n // 3):
        known = ec.derive_private_key(factor, curve.native()).public_key().public_numbers()
        assert curve.multiply(factor, curve.g) == (known.x, known.y) == curve.public(factor)
        assert curve.agreed(factor, curve.g) == known.x.to_bytes(curve.size)
    with refused(Fault.ALGORITHM):
        curve.multiply(curve.n, curve.g)
    with refused(Fault.ALGORITHM):
        curve.public(curve.n)
    with refused(Fault.ALGORITHM):
        curve.add(curve.g, curve.multiply(curve.n - 1, curve.g))
    assert curve.add(curve.g, curve.g) == curve.multiply(2, curve.g)


def test_a_private_key_is_never_nought_and_within_the_order() -> None:
    assert P256.scalar(bytes(40)) == 1
    assert 0 < P256.scalar(b"\xff" * 40) < P256.n


@pytest.fixture(params=SUITES.values(), ids=lambda suite: suite.name)
def channel(request: pytest.FixtureRequest) -> Channel:
    return Channel.of(request.param, b"a secret")


def answer_of(channel: Channel, data: bytes) -> tuple[Channel, Response]:
    """Return what a chip would answer: another channel of the same keys, written by the demo."""
    from demo.documents.ciphering import Protection

    suite = {value: key for key, value in SUITES.items()}[channel.suite]
    chip = Protection.of(suite, b"a secret", channel.counter)
    return channel, Response.parse(chip.wrap(data, 0x9000))


@pytest.mark.requires("ICAO9303-11-9.8.4", "ICAO9303-11-9.8.5")
def test_no_bit_of_an_answer_can_be_bent(channel: Channel) -> None:
    asked, answer = answer_of(channel, b"what the chip says")
    assert asked.open(answer)[1].data == b"what the chip says"
    octets = answer.encode()
    for at in range(len(octets) * 8):
        bent = bytearray(octets)
        bent[at // 8] ^= 1 << at % 8
        with refused():
            asked.open(Response.parse(bytes(bent)))


def test_an_answer_counts_once_and_in_its_place(channel: Channel) -> None:
    asked, answer = answer_of(channel, b"one")
    after, _ = asked.open(answer)
    for other in (
        after,
        replace(asked, counter=asked.counter + 1),
        replace(asked, counter=asked.counter - 1 & 0xFF),
    ):
        with refused(Fault.CHANNEL_BROKEN):
            other.open(answer)


@pytest.mark.parametrize(
    "octets", ["9000", "6988", "990290009000", "99029000 8E00 9000", "8E08 0000000000000000 9000"]
)
def test_an_answer_without_a_code_is_refused(channel: Channel, octets: str) -> None:
    with refused(Fault.CHANNEL_BROKEN):
        channel.open(Response.parse(bytes.fromhex(octets)))


def test_what_is_sent_is_as_long_as_it_must_be(channel: Channel) -> None:
    _, long = channel.protect(Command(ins=0x88, data=bytes(300), expected=65536))
    assert long.expected == 65536
    assert long.encode()[4] == 0
    _, short = channel.protect(Command(ins=0x88, data=b"x", expected=8))
    assert short.expected == 256
    _, none = channel.protect(Command(ins=0xA4, data=b"x"))
    assert b"\x97" not in none.data[:1]
    _, odd = channel.protect(Command(ins=0xB1, data=b"x"))
    assert odd.data[0] == 0x85


def test_padding_comes_off_as_it_went_on() -> None:
    for size in range(20):
        assert unpad(pad(bytes(size), 8)) == bytes(size)
    with refused(Fault.CHANNEL_BROKEN):
        unpad(bytes(8))


def test_what_is_no_response_is_refused() -> None:
    for octets in (b"", b"\x90"):
        with refused(Fault.UNREADABLE):
            Response.parse(octets)
    with refused(Fault.TOO_LARGE):
        Response.parse(bytes(LONGEST_RESPONSE + 1))


def test_a_command_that_is_longer_than_any_is_refused() -> None:
    with refused(Fault.TOO_LARGE):
        Command(ins=0x88, data=bytes(65_536)).encode()


def test_keys_and_numbers_are_not_shown() -> None:
    paper = passport_of_willeke()
    session = session_for(paper)
    shown = repr((key_of(paper), session, Channel.of(Suite.AES128, b"x"), AccessKey.of_can("123456")))
    assert "SPECI" not in shown
    assert "123456" not in shown
    assert "\\x" not in shown
    assert key_of(paper).printed is Printed.MRZ
