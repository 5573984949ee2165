"""Whatever a browser sends in the place of a passkey's answer is refused, and nothing worse."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.authenticator import Authenticator, decode, encode
from tests.means.vouching import KNOWN, MODELS, Android, key_description, vouched
from tests.storage.test_passkeys import passkey
from toegang.errors import PasskeyRefused
from toegang.means.passkey import ceremonies
from toegang.means.passkey.attestation import Trusted
from toegang.means.passkey.ceremonies import Site

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SITE = Site(rp_id="toegang.example", origin="https://toegang.example", name="Toegang")
CHALLENGE = "obviously-fake-challenge"
HANDLE = b"h" * 32
TRUSTED = Trusted(models=MODELS, listed={str(KNOWN)})
NEW = ceremonies.ask_to_create(SITE, CHALLENGE, HANDLE, (), attestation=True)
DEVICE = Authenticator(origin=SITE.origin)
CREATED = {True: vouched(SITE.origin).create(NEW), False: DEVICE.create(NEW)}
PROVEN = ceremonies.check_created(ceremonies.read(json.dumps(CREATED[False])), SITE, CHALLENGE, TRUSTED, NOW)
KEPT = passkey(credential=PROVEN.credential, public_key=PROVEN.public_key, handle=HANDLE)
USED = DEVICE.use(ceremonies.ask_to_use(SITE, CHALLENGE))
VERSION_3, NO_VERSION = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x04"
MEMBERS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
OCTETS = st.one_of(
    st.binary(max_size=64),
    st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=12)),  # written over what was there
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


def bent(answer: dict[str, Any], member: str, change: bytes | tuple[int, bytes]) -> dict[str, Any]:
    """Return an answer with other octets in one member."""
    response = dict(answer["response"])
    kept = decode(response.get(member, ""))
    if isinstance(change, tuple):
        at, octets = change[0] % (len(kept) + 1), change[1]
        change = kept[:at] + octets + kept[at + len(octets) :]
    response[member] = encode(change)
    return answer | {"response": response}


def is_refused(answer: object, *, used: bool) -> bool:
    try:
        unproven = ceremonies.read(json.dumps(answer))
        if used:
            ceremonies.check_used(unproven, SITE, CHALLENGE, KEPT)
        else:
            ceremonies.check_created(unproven, SITE, CHALLENGE, TRUSTED, NOW)
    except PasskeyRefused:
        return True
    return False


def test_what_is_not_bent_is_believed() -> None:
    assert not is_refused(USED, used=True)
    assert not any(is_refused(each, used=False) for each in CREATED.values())


@given(st.sampled_from(MEMBERS), OCTETS)
def test_other_octets_prove_nobody(member: str, change: bytes | tuple[int, bytes]) -> None:
    answer = bent(USED, member, change)
    of_no_use = member == "attestationObject" or answer == USED
    assert is_refused(answer, used=True) or of_no_use


@given(st.booleans(), st.sampled_from(MEMBERS), OCTETS)
def test_other_octets_of_a_new_passkey_are_refused_or_say_the_same(
    certified: bool, member: str, change: bytes | tuple[int, bytes]
) -> None:
    is_refused(bent(CREATED[certified], member, change), used=False)


@given(st.booleans(), ANYTHING, st.sampled_from(["id", "rawId", "type", "response", "transports"]))
def test_anything_in_the_place_of_a_member_is_refused_or_does_not_matter(
    used: bool, anything: object, member: str
) -> None:
    answer = USED if used else CREATED[True]
    is_refused(answer | {member: anything}, used=used)
    is_refused(answer | {"response": answer["response"] | {member: anything}}, used=used)


@given(ANYTHING)
def test_anything_at_all_is_refused(anything: object) -> None:
    assert is_refused(anything, used=True)
    assert is_refused(anything, used=False)


@pytest.mark.parametrize("at", [0, 1])
def test_a_certificate_of_no_version_that_there_is_is_refused(at: int) -> None:
    device = vouched(SITE.origin)
    device.further = (device.leaf,)
    answer = device.create(NEW)
    kept = decode(answer["response"]["attestationObject"])
    before = [found.start() for found in re.finditer(re.escape(VERSION_3), kept)]
    assert len(before) == 2
    assert is_refused(bent(answer, "attestationObject", (before[at], NO_VERSION)), used=False) is (at == 0)


DESCRIBED = key_description(bytes(32))


def test_what_a_telephone_says_of_its_key_is_believed() -> None:
    answer = Android(origin=SITE.origin, model=KNOWN.bytes).create(NEW)
    assert ceremonies.check_created(
        ceremonies.read(json.dumps(answer)), SITE, CHALLENGE, TRUSTED, NOW
    ).attested


@pytest.mark.parametrize(
    "said",
    [b"", b"\x30", b"\x30\x80", b"\xff" * 64, DESCRIBED[:-1], DESCRIBED + b"\x05\x00", DESCRIBED],
    ids=["nothing", "cut off", "without an end", "no ASN.1", "one short", "one more", "of another answer"],
)
def test_what_a_telephone_says_that_cannot_be_read_is_refused(said: bytes) -> None:
    answer = Android(origin=SITE.origin, model=KNOWN.bytes, says=lambda _: said).create(NEW)
    assert is_refused(answer, used=False)


@given(st.integers(0, len(DESCRIBED) - 1), st.binary(max_size=8))
def test_bent_words_of_a_telephone_are_refused_or_say_the_same(at: int, octets: bytes) -> None:
    def bend(digest: bytes) -> bytes:
        said = key_description(digest)
        return said[:at] + octets + said[at + len(octets) :]

    is_refused(Android(origin=SITE.origin, model=KNOWN.bytes, says=bend).create(NEW), used=False)
