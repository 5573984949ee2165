"""The security object: one signer, over hashes of this form, by algorithms of the list, and nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import core

from demo.documents.encoding import algorithm, integer, octets, sequence, text, tlv
from demo.documents.signing import HASHES_TYPE, Manner, security_object, signed_data
from demo.documents.states import Held, State, elliptic, rivest
from tests.emrtd.refused import refused
from tests.emrtd.sample import NOW, POLICY, signer, state, trust
from toegang.emrtd.asn1 import moment
from toegang.emrtd.faults import Fault
from toegang.emrtd.policy import Policy
from toegang.emrtd.sod import LARGEST, SignedHashes, open_security_object, read_hashes

GROUPS = {1: b"one", 2: b"two", 14: b"fourteen"}
OLD = Policy(old_hashes=True)


def opened(file: bytes, policy: Policy = POLICY) -> SignedHashes:
    return open_security_object(file, trust(), policy, NOW)


@pytest.mark.requires("ICAO9303-10-4.6.2.2", "ICAO9303-10-4.6.2.3", "RFC5652-5.4")
@pytest.mark.parametrize(
    "manner",
    [
        Manner(),
        Manner(hash="sha384"),
        Manner(hash="sha512"),
        Manner(version=1),
        Manner(by_key=True),
        Manner(signed_at=NOW - timedelta(days=30)),
        Manner(shuffled=True),
        Manner(hash="sha384", signature_hash="sha384"),
    ],
)
def test_every_honest_form_is_read(manner: Manner) -> None:
    found = opened(security_object(GROUPS, signer(), manner))
    assert set(found.hashes) == set(GROUPS)
    for number, file in GROUPS.items():
        found.check_group(number, file)


@pytest.mark.parametrize(
    "manner", [Manner(), Manner(pss=True), Manner(generic=True), Manner(hash="sha512", pss=True)]
)
def test_rsa_signs_in_both_ways(manner: Manner) -> None:
    assert opened(security_object(GROUPS, state().signer(rivest()), manner)).signer.country == "NL"


@pytest.mark.requires("ICAO9303-11-5.1")
def test_another_group_than_was_signed_is_refused() -> None:
    found = opened(security_object(GROUPS, signer()))
    with refused(Fault.ALTERED):
        found.check_group(1, b"two")
    with refused(Fault.ALTERED):
        found.check_group(3, b"three")


@pytest.mark.parametrize(
    ("manner", "fault"),
    [
        (Manner(signers=0), Fault.NOT_SIGNED),
        (Manner(signers=2), Fault.NOT_SIGNED),
        (Manner(content_type="1.2.840.113549.1.7.1"), Fault.NOT_SIGNED),
        (Manner(attribute_type="2.23.136.1.1.2"), Fault.NOT_SIGNED),
        (Manner(leave_out=frozenset({"type"})), Fault.NOT_SIGNED),
        (Manner(leave_out=frozenset({"digest"})), Fault.NOT_SIGNED),
        (Manner(leave_out=frozenset({"type", "digest"})), Fault.NOT_SIGNED),
        (Manner(wrong_digest=True), Fault.NOT_SIGNED),
        (Manner(certificates=()), Fault.SIGNER_UNKNOWN),
        (Manner(signature_hash="sha384"), Fault.ALGORITHM),
        (Manner(hash="sha1"), Fault.ALGORITHM),
        (Manner(hash="sha224"), Fault.ALGORITHM),
        (Manner(signed_at=NOW + timedelta(minutes=2)), Fault.NOT_SIGNED),
        (Manner(signed_at=NOW - timedelta(days=3000)), Fault.SIGNER_EXPIRED),
    ],
)
def test_every_other_form_is_refused(manner: Manner, fault: Fault) -> None:
    with refused(fault):
        opened(security_object(GROUPS, signer(), manner))


@pytest.mark.parametrize("name", ["sha1", "sha224"])
def test_old_hashes_count_where_a_policy_says_so_and_nowhere_else(name: str) -> None:
    file = security_object(GROUPS, state().signer(rivest()), Manner(hash=name))
    with refused(Fault.ALGORITHM):
        opened(file)
    # The library verifies no signature over SHA-1 any more on some machines; over the hashes it still does.
    assert opened(file, OLD).function == name


def test_the_signature_of_another_key_is_refused() -> None:
    other = Held(key=elliptic(), certificate=signer().certificate)
    with refused(Fault.NOT_SIGNED):
        opened(security_object(GROUPS, other))


def test_certificates_beside_the_signer_do_not_matter_and_two_of_its_own_do() -> None:
    mine, other = signer().certificate, state().signer().certificate
    assert opened(security_object(GROUPS, signer(), Manner(certificates=(mine, other)))).hashes
    with refused(Fault.SIGNER_UNKNOWN):
        opened(security_object(GROUPS, signer(), Manner(certificates=(mine, mine))))
    with refused(Fault.SIGNER_UNKNOWN):
        opened(security_object(GROUPS, signer(), Manner(certificates=(other,))))
    with refused(Fault.SIGNER_UNKNOWN):
        opened(security_object(GROUPS, signer(), Manner(certificates=(mine, *(other,) * 8))))


def test_a_certificate_in_the_object_never_believes_itself() -> None:
    other = State.founded(NOW)
    held = other.signer()
    beside = Manner(certificates=(held.certificate, other.authority.certificate))
    with refused(Fault.SIGNER_UNKNOWN):
        opened(security_object(GROUPS, held, beside))


SHA256 = "2.16.840.1.101.3.4.2.1"


def entry(number: int, size: int = 32) -> bytes:
    return sequence(integer(number), octets(bytes(size)))


def listed(*entries: bytes, version: int = 0, versions: bytes = b"") -> bytes:
    return sequence(integer(version), algorithm(SHA256), sequence(*entries), versions)


VERSIONS = sequence(text("0108"), text("040000"))


def test_the_list_of_hashes_has_two_forms() -> None:
    assert set(read_hashes(listed(entry(1), entry(14)), old=False)[1]) == {1, 14}
    assert set(read_hashes(listed(entry(1), version=1, versions=VERSIONS), old=False)[1]) == {1}


@pytest.mark.parametrize(
    "content",
    [
        listed(),
        listed(entry(1), entry(1)),
        listed(entry(0)),
        listed(entry(17)),
        listed(entry(1, 31)),
        listed(entry(1, 0)),
        listed(*map(entry, range(1, 18))),
        listed(entry(1), version=1),
        listed(entry(1), versions=VERSIONS),
        listed(entry(1), version=2),
        b"",
        b"\x30\x00",
        sequence(octets(b"x")),
    ],
)
def test_a_list_of_hashes_of_another_form_is_refused(content: bytes) -> None:
    with refused(Fault.UNREADABLE):
        read_hashes(content, old=False)
    file = tlv(0x77, signed_data(content, signer(), Manner(content_type=HASHES_TYPE)))
    with refused(Fault.UNREADABLE, Fault.NOT_SIGNED):
        opened(file)


@pytest.mark.parametrize(
    "octets", [b"\x18\x0e20260101000000", b"\x18\x0f00000101000000Z", b"\x18\x1020260101000000.5"]
)
@pytest.mark.requires("RFC5280-4.1.2.5")
def test_a_moment_says_that_it_is_in_utc(octets: bytes) -> None:
    with refused(Fault.UNREADABLE):
        moment(core.GeneralizedTime.load(octets))
    assert moment(core.GeneralizedTime.load(b"\x18\x0f20260101000000Z")).year == 2026


def test_what_is_around_it_is_refused() -> None:
    file = security_object(GROUPS, signer())
    for other in (b"", file[:-1], file + b"\x00", b"\x60" + file[1:], tlv(0x77), tlv(0x77, file), file[4:]):
        with refused(Fault.UNREADABLE):
            opened(other)
    with refused(Fault.TOO_LARGE):
        opened(tlv(0x77, bytes(LARGEST)))


def test_the_fingerprint_of_the_signer_tells_signers_apart() -> None:
    found = opened(security_object(GROUPS, signer())).signer
    assert found.sha256 == hashlib.sha256(found.signed).hexdigest()
    assert found == replace(found)
