"""Documents under octets that no state writes and no chip says: a refusal each time, never a fault.

Every bit of a security object is turned; whatever is read is bent in one to four places, and where it was
signed it is signed as it is then, so that the readers behind the signature are reached too. Repeatable by its
seed; `./toegang test --full` turns every bit and takes 20,000.
"""

from __future__ import annotations

import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.documents.chip import SoftwareChip
from demo.documents.encoding import tlv
from demo.documents.signing import master_list, security_object
from demo.documents.states import MASTER_LIST_SIGNER
from tests.emrtd.reading import key_of, relay, session_for
from tests.emrtd.sample import (
    NOW,
    POLICY,
    licence_of_piet,
    passport_of_willeke,
    session,
    shown_licence,
    shown_passport,
    signer,
    state,
    trust,
)
from tests.volumes import Counting, volume
from toegang.emrtd import apdu, bac, chip_authentication, data_groups, pace, security_infos
from toegang.emrtd.algorithms import public_key
from toegang.emrtd.certificates import Certificate, read_bundle
from toegang.emrtd.ciphers import Suite
from toegang.emrtd.document import UnverifiedDocument
from toegang.emrtd.licence import LicenceData, LicenceLine
from toegang.emrtd.master_list import open_master_list
from toegang.emrtd.mrz import Mrz
from toegang.emrtd.reading import advance
from toegang.emrtd.revocation import RevocationList
from toegang.emrtd.rounds import Round
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.sod import open_security_object, read_hashes
from toegang.emrtd.tlv import check_der, read_one
from toegang.emrtd.verify import verify
from toegang.errors import DocumentRefused

Act = Callable[[bytes], object]

TRIES = volume(700, 20_000)
EVERY = volume(13, 1)
"""Of how many bits one is turned."""
SECONDS = 2.0
MEMORY = 8 * 1024 * 1024
NASTY = (
    b"\x00", b"\xff", b"\x80", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x02\x00", b"\x02\x01\x80",
    b"\x06\x00", b"\x06\x01\xff", b"\x03\x00", b"\x03\x01\x09", b"\x05\x01\x00", b"\x01\x01\x02", b"\x17\x00",
    b"\x18\x0f99991231235959Z", b"\x17\x0d999999999999Z", b"\x31\x00", b"\xa0\x00", b"\x30\x00" * 20,
    b"\x30\x02" * 30, b"\x1f\x81\x01", b"\x7f\x49\x00", b"<" * 50, b"A" * 300, b"\x0c\x02\xc3\x28",
)  # fmt: skip


def test_no_bit_of_a_security_object_can_be_turned(counting: Counting) -> None:
    """Nothing but how the signer is named: large and small letters there are the same (RFC5280-7.1).

    By that name one certificate of those beside it is found, and that one must have signed.
    """
    document = shown_passport()
    octets = document.security_object
    name = signer().parsed.issuer.public_bytes()
    named = range(octets.rindex(name), octets.rindex(name) + len(name))
    believed = []
    for at in counting("bits of a security object", len(octets) * 8):
        if at % EVERY:
            continue
        bent = bytearray(octets)
        bent[at // 8] ^= 1 << at % 8
        with suppress(DocumentRefused):
            verify(replace(document, security_object=bytes(bent)), trust(), POLICY, session(), NOW)
            believed += [] if at // 8 in named and octets[at // 8 : at // 8 + 1].isalpha() else [at]
    assert believed == []


def test_no_bit_of_what_the_chip_said_can_be_turned() -> None:
    document = shown_passport()
    answers: tuple[tuple[bytes, Callable[[bytes], UnverifiedDocument]], ...] = (
        (document.active or b"", lambda answer: replace(document, active=answer)),
        (document.chip or b"", lambda answer: replace(document, chip=answer)),
    )
    for octets, bring in answers:
        for at in range(0, len(octets) * 8, volume(5, 1)):
            bent = bytearray(octets)
            bent[at // 8] ^= 1 << at % 8
            with pytest.raises(DocumentRefused):
                verify(bring(bytes(bent)), trust(), POLICY, session(), NOW)


@pytest.mark.parametrize("size", range(0, 1_000, volume(83, 1)))
def test_a_security_object_that_is_cut_off_is_refused(size: int) -> None:
    octets = shown_passport().security_object
    with pytest.raises(DocumentRefused):
        open_security_object(octets[: min(size, len(octets) - 1)], trust(), POLICY, NOW)


def of_groups(document: UnverifiedDocument, number: int) -> Act:
    """Show a document of which one data group was bent, and signed as it is then."""
    asked = session() if document is shown_passport() else session_for(licence_of_piet())

    def act(octets: bytes) -> None:
        groups = {**document.groups, number: octets}
        signed = security_object(groups, signer())
        verify(replace(document, groups=groups, security_object=signed), trust(), POLICY, asked, NOW)

    return act


def opened(octets: bytes) -> None:
    open_security_object(octets, trust(), POLICY, NOW)


def pace_nonce(octets: bytes) -> None:
    way = pace.choose(security_infos.parse(passport_of_willeke().card_access or b""))
    mapping, _ = pace.map_nonce(way, key_of(passport_of_willeke()), apdu.Response.parse(octets), 5)
    pace.agree(mapping, apdu.Response.parse(octets), 7)


def in_channel(octets: bytes) -> None:
    for suite in Suite:
        Channel.of(suite, b"secret").open(apdu.Response.parse(octets))


def basic(octets: bytes) -> None:
    answer = apdu.Response.parse(octets)
    begun, _ = bac.begin(key_of(passport_of_willeke()), answer, bytes(24))
    bac.finish(begun, answer)


def proof(octets: bytes) -> None:
    file = shown_passport().groups[14]
    key = chip_authentication.choose(data_groups.read_protocols(file))
    chip_authentication.check(key, session(), file, octets)


def answer_to(at: int) -> tuple[str, bytes, Act]:
    """Bend what the chip answered first in one round of a conversation."""
    asked, rounds = session(), conversation()
    before, (octets, *others), after = rounds[:at], rounds[at], rounds[at + 1 :]

    def act(bent: bytes) -> None:
        found = advance(asked, data_groups.Application.TRAVEL, [*before, (bent, *others), *after])
        if isinstance(found, UnverifiedDocument):
            verify(found, trust(), POLICY, asked, NOW)

    return f"round {at}", octets, act


@cache
def conversation() -> list[Round]:
    return relay(SoftwareChip(paper=passport_of_willeke()), session(), data_groups.Application.TRAVEL)


def as_text(parse: Callable[[str], object]) -> Act:
    return lambda octets: parse(octets.decode("latin-1"))


def list_signer() -> bytes:
    signing = state().signer(change=lambda wish: replace(wish, purposes=(MASTER_LIST_SIGNER,)))
    return master_list((state().authority.certificate, signer().certificate), signing)


def honest() -> list[tuple[str, bytes, Act]]:
    """Return what would be read, and who reads it."""
    passport, licence = shown_passport(), shown_licence()
    content = read_one(passport.security_object).value
    point = b"\x7c\x43\x82\x41" + b"\x04" + bytes(64) + b"\x90\x00"
    return [
        ("security object", passport.security_object, opened),
        ("signed data", content, lambda octets: opened(tlv(0x77, octets))),
        ("hashes", content[60:400], lambda octets: read_hashes(octets, old=True)),
        ("DG1", passport.groups[1], of_groups(passport, 1)),
        ("DG11", passport.groups[11], of_groups(passport, 11)),
        ("DG14", passport.groups[14], of_groups(passport, 14)),
        ("DG15", passport.groups[15], of_groups(passport, 15)),
        ("DG1 of a licence", licence.groups[1], of_groups(licence, 1)),
        ("DG13 of a licence", licence.groups[13], of_groups(licence, 13)),
        ("data of a licence", licence.groups[1][2:], LicenceData.parse),
        ("EF.COM", passport_of_willeke().com, data_groups.read_com),
        ("EF.CardAccess", passport.card_access or b"", security_infos.parse),
        ("certificate", signer().certificate, Certificate.parse),
        ("bundle", b"-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n", read_bundle),
        ("key", passport.groups[15][2:], public_key),
        ("revoked", state().revoked(1, 2, 3), RevocationList.parse),
        ("master list", list_signer(), lambda octets: open_master_list(octets, trust(), POLICY, NOW)),
        ("zone", passport_of_willeke().printed.encode(), as_text(Mrz.parse)),
        ("line", licence_of_piet().printed.encode(), as_text(LicenceLine.parse)),
        ("answer", bytes(40) + b"\x90\x00", basic),
        ("nonce", b"\x7c\x12\x80\x10" + bytes(16) + b"\x90\x00", pace_nonce),
        ("point", point, pace_nonce),
        ("protected", bytes.fromhex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"), in_channel),
        ("proof", passport.chip or b"", proof),
        *map(answer_to, (0, 1, 3, 4, 5, 6, 9, 10, 11, 12, 14)),
    ]  # fmt: skip


def bend(random: Random, octets: bytes) -> bytes:
    """Change one to four places: turn, cut, double, insert, or put something nasty."""
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(octets) + 1)
        size = random.choice((1, 1, 2, 8, 60))
        octets = random.choice(
            (
                octets[:at] + octets[at + size :],
                octets[:at] + octets[at : at + size] * 2 + octets[at + size :],
                octets[:at] + random.choice(NASTY) + octets[at:],
                octets[:at] + random.choice(NASTY) + octets[at + size :],
                octets[:at] + random.randbytes(size) + octets[at + size :],
                octets[:at],
            )
        )
    return octets


def test_whatever_is_bent_is_read_or_refused(counting: Counting) -> None:
    random, outcomes = Random(1112), Counter[str]()  # noqa: S311 repeatable
    readers = honest()
    for at in counting("bent documents", TRIES):
        name, octets, act = readers[at % len(readers)]
        bent = bend(random, octets)
        before = time.perf_counter()
        try:
            act(bent)
            outcomes["read"] += 1
        except DocumentRefused:
            outcomes["refused"] += 1
        except Exception as error:
            error.add_note(f"{name}: {bent.hex()}")
            raise
        assert time.perf_counter() - before < SECONDS, f"{name}: {bent.hex()}"
    assert outcomes["refused"] > TRIES / 2
    assert outcomes["read"]


@given(st.binary(max_size=400))
@settings(max_examples=volume(20, 2_000), deadline=None)
def test_octets_from_nowhere_are_refused(octets: bytes) -> None:
    for name, _, act in honest():
        try:
            act(octets)
        except DocumentRefused:
            continue
        except Exception as error:
            error.add_note(f"{name}: {octets.hex()}")
            raise


@given(st.text(max_size=130))
@settings(deadline=None)
def test_texts_from_nowhere_are_no_zones(text: str) -> None:
    for parse in (Mrz.parse, LicenceLine.parse):
        with pytest.raises(DocumentRefused):
            parse(text)


BOMBS = {
    "deep": b"\x30\x82\xff\xfb" * 16_000,
    "wide": b"\x30\x83\x00\xff\xfe" + b"\x05\x00" * 32_767,
    "long length": b"\x77\x83\xff\xff\xff" + bytes(60_000),
    "many sets": b"\x77\x83\x00\xff\xfb" + (b"\x31\x02\x30\x00" * 16_383)[:65_531],
    "long number": b"\x30\x82\xff\x04\x02\x82\xff\x00" + b"\x7f" * 65_280,
    "long name": b"\x30\x82\xff\x04\x06\x82\xff\x00" + b"\xff" * 65_279 + b"\x01",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs_cost_little_time_and_memory(bomb: bytes) -> None:
    octets = b"\x77\x83" + len(bomb[:65_500]).to_bytes(3) + bomb[:65_500]
    acts: tuple[Act, ...] = (
        lambda each: open_security_object(each, trust(), POLICY, NOW),
        Certificate.parse,
        RevocationList.parse,
        lambda each: open_master_list(each, trust(), POLICY, NOW),
        security_infos.parse,
        public_key,
        check_der,
        data_groups.read_com,
    )
    open_security_object(shown_passport().security_object, trust(), POLICY, NOW)
    for act in acts:
        for each in (bomb, octets):
            tracemalloc.start()
            before = time.process_time()
            with suppress(DocumentRefused):  # some are DER, and big
                act(each)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert peak < MEMORY
            assert time.process_time() - before < SECONDS
