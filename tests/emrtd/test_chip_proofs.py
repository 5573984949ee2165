"""The chip's own proofs: for this key, for this session, in this form, and for nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from demo.documents.chip import SoftwareChip, recoverable
from demo.documents.encoding import bits, integer, oid, sequence, set_of, tlv
from demo.documents.papers import CHIP, PLAIN_SHA256, Features
from demo.documents.states import elliptic, public_octets, rivest
from tests.emrtd.reading import Conversation, key_of, open_pace, prove_chip, read_chip, session_for
from tests.emrtd.refused import refused
from tests.emrtd.sample import passport_of_willeke
from toegang.emrtd import active_authentication, apdu, chip_authentication
from toegang.emrtd.active_authentication import challenge, check
from toegang.emrtd.algorithms import Hash
from toegang.emrtd.data_groups import read_protocols
from toegang.emrtd.faults import Fault
from toegang.emrtd.security_infos import parse
from toegang.emrtd.sessions import Session


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rivest()


def random(size: int) -> bytes:
    return hashlib.shake_128(b"random").digest(size)


ASKED = b"question"


@pytest.mark.requires("ICAO9303-11-6.1.2.2", "ISO9796-2-8")
@pytest.mark.parametrize("name", ["sha256", "sha512"])
def test_what_a_chip_signs_by_rsa_is_believed_for_this_challenge_only(name: str) -> None:
    signature = recoverable(rsa_key(), ASKED, random, name)
    check(rsa_key().public_key(), None, ASKED, signature)
    with refused(Fault.CHIP_NOT_PROVEN):
        check(rsa_key().public_key(), None, b"quaestio", signature)
    with refused(Fault.CHIP_NOT_PROVEN):
        check(rivest().public_key(), None, ASKED, signature)


@pytest.mark.parametrize("name", ["sha1", "sha224"])
def test_old_hashes_of_a_chip_count_where_a_policy_says_so(name: str) -> None:
    signature = recoverable(rsa_key(), ASKED, random, name)
    with refused(Fault.ALGORITHM):
        check(rsa_key().public_key(), None, ASKED, signature)
    check(rsa_key().public_key(), None, ASKED, signature, old=True)


def test_the_smaller_of_two_signatures_counts_too() -> None:
    """ISO9796-2-B.4: a signer may give the rest to the modulus instead."""
    modulus = rsa_key().public_key().public_numbers().n
    signature = recoverable(rsa_key(), ASKED, random)
    other = (modulus - int.from_bytes(signature)).to_bytes(len(signature))
    check(rsa_key().public_key(), None, ASKED, other)


def opened_as(block: bytes) -> bytes:
    """Return what opens to this block, under our key."""
    numbers = rsa_key().private_numbers()
    return pow(int.from_bytes(block), numbers.d, numbers.public_numbers.n).to_bytes(256)


def test_blocks_of_another_form_are_refused() -> None:
    part = random(256 - 35)
    hashed = hashlib.sha256(part + ASKED).digest()
    good = b"\x6a" + part + hashed + b"\x34\xcc"
    check(rsa_key().public_key(), None, ASKED, opened_as(good))
    for bad in (
        b"\x4a" + good[1:],
        b"\x6b" + good[1:],
        good[:-2] + b"\x36\xcc",
        good[:-2] + b"\x33\xcc",
        good[:-2] + b"\x00\xcc",
        b"\x6a" + b"\x00" * (256 - 35) + hashed + b"\x34\xcc",
        good[:-3] + bytes([good[-3] ^ 1]) + good[-2:],
        b"\x6a" + bytes(254) + b"\xbc",
    ):
        with refused(Fault.CHIP_NOT_PROVEN, Fault.ALGORITHM):
            check(rsa_key().public_key(), None, ASKED, opened_as(bad), old=True)


@pytest.mark.parametrize(
    "signature", [b"", b"\x01", bytes(255), bytes(256), b"\xff" * 256, bytes(257), bytes(2000)]
)
def test_octets_that_are_no_signature_are_refused(signature: bytes) -> None:
    with refused(Fault.CHIP_NOT_PROVEN):
        check(rsa_key().public_key(), None, ASKED, signature)


def plain(key: ec.EllipticCurvePrivateKey, asked: bytes, function: hashes.HashAlgorithm) -> bytes:
    size = (key.key_size + 7) // 8
    return b"".join(each.to_bytes(size) for each in decode_dss_signature(key.sign(asked, ec.ECDSA(function))))


@pytest.mark.requires("ICAO9303-11-6.1.2.3", "TR03111-5.2.1")
def test_what_a_chip_signs_on_a_curve_is_believed_for_this_challenge_only() -> None:
    key = elliptic()
    signature = plain(key, ASKED, hashes.SHA256())
    check(key.public_key(), Hash.SHA256, ASKED, signature)
    for public, named, asked, other in (
        (key.public_key(), Hash.SHA256, b"quaestio", signature),
        (key.public_key(), None, ASKED, signature),
        (elliptic().public_key(), Hash.SHA256, ASKED, signature),
        (key.public_key(), Hash.SHA256, ASKED, signature + b"\x00"),
        (key.public_key(), Hash.SHA256, ASKED, signature[:-2]),
        (key.public_key(), Hash.SHA256, ASKED, bytes(64)),
        (key.public_key(), Hash.SHA256, ASKED, b"\xff" * 64),
        (key.public_key(), Hash.SHA256, ASKED, key.sign(ASKED, ec.ECDSA(hashes.SHA256()))),
    ):
        with refused(Fault.CHIP_NOT_PROVEN):
            check(public, named, asked, other)


def test_a_hash_that_is_longer_than_the_key_is_refused() -> None:
    key = elliptic()
    with refused(Fault.ALGORITHM):
        check(key.public_key(), Hash.SHA512, ASKED, plain(key, ASKED, hashes.SHA512()))


@pytest.mark.requires("ICAO9303-11-6.1.2.1")
def test_each_session_asks_another_challenge_of_eight_octets() -> None:
    asked = {challenge(session_for(number=each)) for each in range(1, 50)}
    assert len(asked) == 49
    assert {len(each) for each in asked} == {8}
    one = session_for()
    assert challenge(one) == challenge(replace(one, secret=b"x" * 32))
    assert (
        active_authentication.command(one).encode() == bytes.fromhex("0088000008") + challenge(one) + b"\x00"
    )
    assert active_authentication.command(one, extended=True).expected == 65536


def test_what_stays_at_the_server_depends_on_all_of_a_session() -> None:
    one = session_for()
    drawn = {
        one.private("a", 32),
        one.private("b", 32),
        replace(one, nonce=b"n" * 32).private("a", 32),
        replace(one, secret=b"s" * 32).private("a", 32),
        one.public("a", 32),
    }
    assert len(drawn) == 5
    assert one.private("a", 128)[:32] == one.private("a", 32)
    assert len({one.private("a", 128)[at : at + 32] for at in range(0, 128, 32)}) == 4


@pytest.mark.parametrize(("nonce", "secret"), [(31, 32), (32, 31), (0, 32)])
def test_a_session_that_could_be_guessed_is_refused(nonce: int, secret: int) -> None:
    with refused(Fault.UNREADABLE):
        Session(nonce=bytes(nonce), secret=bytes(secret))


FEATURES = [
    Features(chip=1),
    Features(chip=2),
    Features(chip=3),
    Features(chip=4),
    Features(chip_curve=ec.SECP256R1),
    Features(chip_curve=ec.SECP384R1),
    Features(chip_curve=ec.BrainpoolP512R1),
    Features(chip_curve=ec.SECP521R1),
]


@pytest.mark.requires("ICAO9303-11-6.2.1", "ICAO9303-11-6.2.4")
@pytest.mark.parametrize("features", FEATURES)
def test_only_the_chip_with_the_key_answers_in_the_new_channel(features: Features) -> None:
    paper, session = passport_of_willeke(features), session_for()
    key = chip_authentication.choose(read_protocols(paper.groups[14]))
    proof = read_chip(paper, session).chip
    assert proof is not None
    chip_authentication.check(key, session, paper.groups[14], proof)
    with refused(Fault.CHANNEL_BROKEN):
        chip_authentication.check(key, session_for(number=2), paper.groups[14], proof)
    with refused(Fault.CHANNEL_BROKEN):
        chip_authentication.check(key, replace(session, secret=b"y" * 32), paper.groups[14], proof)
    with refused(Fault.CHIP_NOT_PROVEN):
        chip_authentication.check(key, session, b"other" + paper.groups[14], proof)


def test_a_chip_without_the_key_proves_nothing() -> None:
    paper, session = passport_of_willeke(), session_for()
    clone = replace(paper, chip_key=elliptic())
    talk = Conversation(SoftwareChip(paper=clone))
    open_pace(talk, key_of(clone), session, clone.card_access or b"")
    apdu.succeeded(talk.say(apdu.select_application(clone.application)), "the application")
    key = chip_authentication.choose(read_protocols(paper.groups[14]))
    for command in chip_authentication.commands(key, session):
        talk.say(command)
    answer = talk.chip.send(chip_authentication.proof_command(key, session).encode())
    for bad in (answer, b"", b"\x90\x00", b"\x69\x88", bytes(100), bytes(70_000)):
        with refused(Fault.CHANNEL_BROKEN, Fault.UNREADABLE, Fault.TOO_LARGE):
            chip_authentication.check(key, session, paper.groups[14], bad)


def test_a_chip_that_does_not_take_part_is_refused() -> None:
    paper = passport_of_willeke()
    talk = Conversation(SoftwareChip(paper=replace(paper, features=Features(chip=None))))
    open_pace(talk, key_of(paper), session_for(), paper.card_access or b"")
    talk.say(apdu.select_application(paper.application))
    with refused(Fault.ACCESS_REFUSED):
        prove_chip(talk, paper.groups[14], session_for())


BSI = "0.4.0.127.0.7"


def infos(*entries: bytes) -> bytes:
    return set_of(*entries)


def key_info(number: int | None = None) -> bytes:
    numbered = () if number is None else (integer(number),)
    return sequence(oid(f"{BSI}.2.2.1.2"), public_octets(elliptic()), *numbered)


@pytest.mark.requires("ICAO9303-11-9.2.5", "ICAO9303-11-9.2.6")
def test_keys_go_with_the_protocols_that_name_them() -> None:
    found = parse(
        infos(
            sequence(oid(f"{CHIP}.2"), integer(1), integer(7)),
            sequence(oid(f"{CHIP}.4"), integer(1), integer(300)),
            key_info(7),
            key_info(300),
        )
    )
    assert [(each.key, each.protocol[-1]) for each in found.chip_keys] == [(300, "4"), (7, "2")]
    number = tlv(0x84, (300).to_bytes(2))
    assert number in chip_authentication.commands(found.chip_keys[0], session_for())[0].data


def test_a_key_that_no_protocol_names_is_for_3des() -> None:
    found = parse(infos(key_info()))
    assert [each.protocol[-1] for each in found.chip_keys] == ["1"]


def test_a_document_without_a_key_has_no_chip_authentication() -> None:
    with refused(Fault.CHIP_NOT_PROVEN):
        chip_authentication.choose(parse(infos(sequence(oid(f"{CHIP}.2"), integer(1)))))


def test_protocols_that_nobody_knows_are_left_out() -> None:
    odd = sequence(oid("1.2.3.5"), tlv(0xA0, tlv(0x83, b"x")), tlv(0x40, b"y"))
    found = parse(infos(sequence(oid("1.2.3.4"), integer(1)), sequence(oid(f"{BSI}.2.2.2"), integer(1)), odd))
    assert (found.pace, found.chip_keys, found.active_hash) == ((), (), None)
    assert not found.offers_pace


@pytest.mark.parametrize(
    "entry",
    [
        sequence(oid("2.23.136.1.1.5"), integer(2), oid(PLAIN_SHA256)),
        sequence(oid("2.23.136.1.1.5"), integer(1), oid(f"{BSI}.1.1.4.1.1")),
        sequence(oid("2.23.136.1.1.5"), integer(1), oid("1.2.3")),
        sequence(oid("2.23.136.1.1.5"), integer(1)),
        sequence(oid(f"{BSI}.2.2.1.2"), integer(1)),
        sequence(oid(f"{BSI}.2.2.1.2"), sequence(sequence(oid(f"{BSI}.1.2"), integer(10)), bits(b"\x04"))),
        sequence(oid(f"{BSI}.2.2.1.2"), public_octets(ec.derive_private_key(2026, ec.SECP224R1()))),
    ],
)
def test_a_way_that_is_on_no_list_proves_nothing(entry: bytes) -> None:
    found = parse(infos(entry, sequence(oid(f"{CHIP}.2"), integer(1))))
    assert (found.active_hash, found.chip_keys) == (None, ())


def test_active_authentication_in_two_ways_is_refused() -> None:
    info = sequence(oid("2.23.136.1.1.5"), integer(1), oid(PLAIN_SHA256))
    other = sequence(oid("2.23.136.1.1.5"), integer(1), oid(f"{BSI}.1.1.4.1.5"))
    with refused(Fault.UNREADABLE):
        parse(infos(info, other))


@pytest.mark.requires("ICAO9303-11-9.5.1")
def test_a_curve_may_be_named_by_its_number() -> None:
    key = elliptic()
    named = sequence(sequence(oid(f"{BSI}.1.2"), integer(13)), bits(public_octets(key)[-65:]))
    found = parse(infos(sequence(oid(f"{CHIP}.2"), integer(1)), sequence(oid(f"{BSI}.2.2.1.2"), named)))
    assert [each.public for each in found.chip_keys] == [key.public_key()]


@pytest.mark.parametrize(
    "entry",
    [
        sequence(oid(f"{BSI}.2.2.4.2.2"), integer(1), integer(13)),
        sequence(oid(f"{CHIP}.2"), integer(1), oid("1.2.3")),
        sequence(oid(f"{BSI}.2.2.4.2.2"), sequence()),
    ],
)
def test_protocols_that_are_known_and_written_otherwise_are_refused(entry: bytes) -> None:
    with refused(Fault.ALGORITHM, Fault.UNREADABLE):
        parse(infos(entry))


@pytest.mark.parametrize(
    "octets", [b"", b"\x31\x00\x00", b"\x30\x00", b"\x31\x80\x00\x00", b"\x31\x02\x05\x00"]
)
def test_what_are_no_security_infos_is_refused(octets: bytes) -> None:
    with refused(Fault.UNREADABLE):
        parse(octets)
