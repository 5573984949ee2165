"""Certificates and lists written by hand, in forms that no library writes, each refused for what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.documents.encoding import (
    NULL,
    algorithm,
    bits,
    children,
    content,
    integer,
    octets,
    oid,
    sequence,
    set_of,
    tlv,
)
from demo.documents.papers import Features, driving_licence
from demo.documents.signing import HASHES_TYPE, Manner, security_object, signed_data
from demo.documents.states import (
    PrivateKey,
    State,
    elliptic,
    public_octets,
)
from tests.emrtd.reading import read_chip, session_for
from tests.emrtd.refused import refused
from tests.emrtd.sample import EXPIRY, NOW, PIET, POLICY, passport_of_willeke, signer, state
from toegang.emrtd import certificates, chip_authentication, master_list, revocation
from toegang.emrtd.algorithms import public_key
from toegang.emrtd.apdu import Response
from toegang.emrtd.certificates import Certificate, read_bundle
from toegang.emrtd.ciphers import Suite, pad
from toegang.emrtd.cms import open_signed
from toegang.emrtd.data_groups import read_zone
from toegang.emrtd.faults import Fault
from toegang.emrtd.licence import read_licence
from toegang.emrtd.mrz import Mrz, check_digit
from toegang.emrtd.policy import Policy
from toegang.emrtd.revocation import RevocationList
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import ChipKey
from toegang.emrtd.tlv import check_der
from toegang.emrtd.trust import Trust, check_signer
from toegang.emrtd.verify import verify

Parts = list[bytes]
OLD = hashes.SHA1()  # noqa: S303 it is refused
ECDSA_SHA1 = algorithm("1.2.840.10045.4.1")
ECDSA_SHA256 = algorithm("1.2.840.10045.4.3.2")
# The parts of a body: version, number, algorithm, issuer, dates, subject, key, extensions.
ALGORITHM, KEY, EXTENSIONS = 2, 6, 7


def written(
    body: Parts, by: PrivateKey, outer: bytes = ECDSA_SHA256, function: hashes.HashAlgorithm | None = None
) -> bytes:
    """Sign a body and return the whole: the form of certificates and of lists."""
    if not isinstance(by, ec.EllipticCurvePrivateKey):
        raise TypeError(by)
    inner = sequence(*body)
    return sequence(inner, outer, bits(by.sign(inner, ec.ECDSA(function or hashes.SHA256()))))


def body_of(whole: bytes) -> Parts:
    return children(content(children(content(whole))[0]))


def changed(at: int, value: bytes) -> Parts:
    body = body_of(signer().certificate)
    return [*body[:at], value, *body[at + 1 :]]


def extensions_of(whole: bytes) -> Parts:
    return children(content(content(body_of(whole)[EXTENSIONS])))


def with_extensions(*extensions: bytes) -> Parts:
    return changed(EXTENSIONS, tlv(0xA3, sequence(*extensions)))


def judged(whole: bytes, policy: Policy = POLICY) -> Certificate:
    among = Trust.of([state().authority.certificate], lists=[state().revoked()])
    return check_signer(Certificate.parse(whole), among, policy, NOW)


def test_a_body_that_is_signed_again_is_a_certificate() -> None:
    assert judged(written(body_of(signer().certificate), state().authority.key)).country == "NL"


def test_a_certificate_over_an_old_hash_counts_where_a_policy_says_so() -> None:
    whole = written(changed(ALGORITHM, ECDSA_SHA1), state().authority.key, ECDSA_SHA1, OLD)
    with refused(Fault.ALGORITHM):
        judged(whole)
    assert judged(whole, Policy(old_hashes=True)).country == "NL"


def test_a_certificate_with_two_algorithms_is_refused() -> None:
    with refused(Fault.UNREADABLE):
        judged(written(body_of(signer().certificate), state().authority.key, ECDSA_SHA1, OLD))


@pytest.mark.requires("X690-8.6.2")
def test_a_signature_or_key_has_one_form() -> None:
    """An unused bit would make two certificates of one that was signed."""
    key = public_octets(elliptic())
    at = len(key) - 66
    assert key[at : at + 2] == b"\x00\x04"
    with refused(Fault.UNREADABLE, Fault.ALGORITHM):
        public_key(key[:at] + b"\x01" + key[at + 1 : -1] + bytes([key[-1] & 0xFE]))
    for whole, parse in (
        (signer().certificate, Certificate.parse),
        (state().revoked(), RevocationList.parse),
    ):
        body, kind, signature = children(content(whole))
        even = content(signature)[1:-1] + bytes([content(signature)[-1] & 0xFE])
        with refused(Fault.UNREADABLE):
            parse(sequence(body, kind, tlv(0x03, b"\x01", even)))


def test_an_extension_twice_is_refused() -> None:
    every = extensions_of(signer().certificate)
    with refused(Fault.UNREADABLE):
        judged(written(with_extensions(*every, every[0]), state().authority.key))


def test_without_key_identifiers_the_signature_tells_keys_of_one_name_apart() -> None:
    (usage,) = (each for each in extensions_of(signer().certificate) if oid("2.5.29.15") in each)
    bare = with_extensions(usage)
    whole = written(bare, state().authority.key)
    assert Certificate.parse(whole).issuer_key_id is None
    assert judged(whole).country == "NL"
    with refused(Fault.SIGNER_UNKNOWN):
        judged(written(bare, State.founded(NOW).authority.key))


def pss(mask: bytes, *more: bytes) -> bytes:
    hashed = algorithm("2.16.840.1.101.3.4.2.1")
    return algorithm("1.2.840.113549.1.1.10", sequence(tlv(0xA0, hashed), tlv(0xA1, mask), *more))


MGF1 = "1.2.840.113549.1.1.8"


@pytest.mark.parametrize(
    "kind",
    [
        pss(algorithm(MGF1, algorithm("2.16.840.1.101.3.4.2.2")), tlv(0xA2, integer(32))),
        pss(algorithm(MGF1, algorithm("2.16.840.1.101.3.4.2.1")), tlv(0xA2, integer(65))),
        pss(
            algorithm(MGF1, algorithm("2.16.840.1.101.3.4.2.1")),
            tlv(0xA2, integer(32)),
            tlv(0xA3, integer(2)),
        ),
        algorithm("1.2.840.113549.1.1.4", NULL),
        algorithm("1.2.840.10040.4.3"),
        algorithm("1.3.101.112"),
        algorithm("0.4.0.127.0.7.1.1.4.1.3"),
        algorithm("1.2.3.4"),
    ],
)
def test_signatures_of_other_kinds_are_refused(kind: bytes) -> None:
    with refused(Fault.ALGORITHM, Fault.UNREADABLE):
        judged(written(changed(ALGORITHM, kind), state().authority.key, kind))


def test_a_signature_of_another_kind_than_its_key_is_refused() -> None:
    kind = algorithm("1.2.840.113549.1.1.11", NULL)
    with refused(Fault.ALGORITHM):
        judged(written(changed(ALGORITHM, kind), state().authority.key, kind))


def rsa_info(modulus: int, exponent: int) -> bytes:
    return sequence(
        algorithm("1.2.840.113549.1.1.1", NULL), bits(sequence(integer(modulus), integer(exponent)))
    )


@pytest.mark.parametrize(
    "info",
    [
        rsa_info((1 << 2047) + 1, 1 << 64),
        rsa_info((1 << 2047) + 1, 2),
        rsa_info((1 << 2047) + 1, 1),
        rsa_info((1 << 2047) + 1, 0),
        rsa_info(1 << 2047, 65537),
        rsa_info((1 << 8192) + 1, 65537),
        sequence(algorithm("1.2.840.10045.2.1", oid("1.2.840.10045.3.1.7")), bits(b"\x04" + bytes(64))),
        sequence(algorithm("1.2.840.10045.2.1", oid("1.2.840.10045.3.1.7")), bits(b"\x00")),
        sequence(algorithm("1.2.840.10045.2.1", NULL), bits(b"\x04" + bytes(64))),
        ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ],
)
def test_keys_of_other_kinds_are_refused(info: bytes) -> None:
    with refused(Fault.ALGORITHM, Fault.UNREADABLE):
        public_key(info)


# Lists of what was revoked: number, algorithm, issuer, this one, the next one, what, [0].


def body_of_list() -> Parts:
    return body_of(state().revoked(5))


def test_a_list_that_is_signed_again_is_a_list() -> None:
    found = RevocationList.parse(written(body_of_list(), state().authority.key))
    assert found.serials == {5}
    found.check_issued(Certificate.parse(state().authority.certificate), old=False)


def test_a_list_without_the_moment_of_the_next_is_refused() -> None:
    body = body_of_list()
    with refused(Fault.REVOCATION_UNKNOWN):
        RevocationList.parse(written([*body[:4], *body[5:]], state().authority.key))


def test_a_list_with_two_algorithms_or_an_old_one_is_refused() -> None:
    body = body_of_list()
    with refused(Fault.UNREADABLE):
        RevocationList.parse(written(body, state().authority.key, ECDSA_SHA1, OLD))
    old = written([body[0], ECDSA_SHA1, *body[2:]], state().authority.key, ECDSA_SHA1, OLD)
    by = Certificate.parse(state().authority.certificate)
    with refused(Fault.ALGORITHM):
        RevocationList.parse(old).check_issued(by, old=False)
    RevocationList.parse(old).check_issued(by, old=True)


# What was signed in CMS, bent after it was made: nothing of it is under the signature.


def bent_cms(change: Callable[[Parts], Parts], manner: Manner | None = None) -> bytes:
    whole = children(content(signed_data(b"what", signer(), manner or Manner())))
    data = children(content(content(whole[1])))
    return sequence(whole[0], tlv(0xA0, sequence(*change(data))))


def of_info(change: Callable[[Parts], Parts]) -> Callable[[Parts], Parts]:
    def changing(data: Parts) -> Parts:
        info = children(content(content(data[4])))
        return [*data[:4], tlv(0x31, sequence(*change(info)))]

    return changing


NO_DIGEST = sequence(oid("1.2.840.113549.1.9.4"), set_of())
SHA384 = algorithm("2.16.840.1.101.3.4.2.2")


@pytest.mark.requires("RFC5652-5.1", "RFC5652-5.3")
@pytest.mark.parametrize(
    "change",
    [
        lambda data: [integer(1), *data[1:]],
        lambda data: [data[0], set_of(SHA384), *data[2:]],
        lambda data: [data[0], set_of(), *data[2:]],
        of_info(lambda info: [integer(3), *info[1:]]),
        of_info(lambda info: [*info[:3], *info[4:]]),
        of_info(lambda info: [*info[:3], tlv(0xA0), *info[4:]]),
        of_info(lambda info: [*info[:3], tlv(0xA0, *children(content(info[3])) * 2), *info[4:]]),
        of_info(
            lambda info: [*info[:3], tlv(0xA0, sequence(oid("1.2.840.113549.1.9.4"), set_of())), *info[4:]]
        ),
        of_info(lambda info: [*info[:2], SHA384, *info[3:]]),
        lambda data: [*data[:4], tlv(0x31)],
    ],
)
def test_what_stands_around_a_signature_is_not_free(change: Callable[[Parts], Parts]) -> None:
    assert open_signed(bent_cms(lambda data: data), HASHES_TYPE, old=False).content == b"what"
    with refused(Fault.NOT_SIGNED, Fault.ALGORITHM):
        open_signed(bent_cms(change), HASHES_TYPE, old=False)


def test_other_things_than_signed_data_are_refused() -> None:
    other = sequence(oid("1.2.840.113549.1.7.1"), tlv(0xA0, octets(b"what")))
    with refused(Fault.UNREADABLE):
        open_signed(other, HASHES_TYPE, old=False)


# And what is larger than anything, or says nothing.


def test_files_that_are_larger_than_any_are_refused() -> None:
    with refused(Fault.TOO_LARGE):
        Certificate.parse(bytes(certificates.LARGEST + 1))
    with refused(Fault.TOO_LARGE):
        read_bundle(bytes(certificates.LARGEST_BUNDLE + 1))
    with refused(Fault.TOO_LARGE):
        RevocationList.parse(bytes(revocation.LARGEST + 1))
    with refused(Fault.TOO_LARGE):
        among = Trust.of([state().authority.certificate])
        master_list.open_master_list(bytes(master_list.LARGEST + 1), among, POLICY, NOW)


def test_names_and_numbers_without_end_are_refused_before_they_are_read() -> None:
    for part in (tlv(0x06, bytes(65)), tlv(0x02, b"\x7f" * 2_049)):
        with refused(Fault.TOO_LARGE):
            check_der(sequence(part))


def test_a_zone_in_other_letters_is_refused() -> None:
    with refused(Fault.UNREADABLE):
        read_zone(tlv(0x61, tlv(0x5F1F, b"\xff" * 88)))


def test_a_long_number_without_its_digit_is_refused() -> None:
    lines = ["I<BEL590335801<<<<<<<<<<<<<<<<", "9001017F3106251BEL<<<<<<<<<<<", "PEETERS<<AN".ljust(30, "<")]
    whole = check_digit(lines[0][5:] + lines[1][:7] + lines[1][8:15] + lines[1][18:29])
    with refused(Fault.UNREADABLE):
        Mrz.parse("\n".join((lines[0], lines[1] + whole, lines[2])))


def test_an_empty_field_of_a_licence_is_refused() -> None:
    other = driving_licence(replace(PIET, given_names=""), signer(), expiry=EXPIRY)
    with refused(Fault.UNREADABLE):
        read_licence(other.groups[1], 0x61)


def test_protected_answers_of_another_form_are_refused() -> None:
    channel = Channel.of(Suite.AES128, b"secret")
    asked = replace(channel, counter=1)
    for objects in (
        tlv(0x87, b"\x02" + bytes(16)) + tlv(0x99, b"\x90\x00"),
        tlv(0x87, b"\x01") + tlv(0x99, b"\x90\x00"),
        tlv(0x87, b"\x01" + bytes(15)) + tlv(0x99, b"\x90\x00"),
    ):
        code = asked.code(pad(objects, 16))
        answer = objects + tlv(0x8E, code) + b"\x90\x00"
        with refused(Fault.CHANNEL_BROKEN, Fault.UNREADABLE):
            channel.open(Response.parse(answer))


def test_a_chip_key_that_is_not_elliptic_is_refused() -> None:
    key = ChipKey(
        protocol="0.4.0.127.0.7.2.2.3.2.2",
        suite=Suite.AES128,
        key=None,
        public=public_key(rsa_info((1 << 2047) + 1, 65537)),
    )
    with refused(Fault.ALGORITHM):
        chip_authentication.commands(key, session_for())


def test_a_document_whose_signer_signed_no_person_is_refused() -> None:
    paper = passport_of_willeke(Features(active=None, chip=None, pace=None))
    document = read_chip(paper, session_for(paper))
    groups = {2: paper.groups[2]}
    bare = replace(document, groups=groups, security_object=security_object(groups, signer()))
    among = Trust.of([state().authority.certificate], lists=[state().revoked()])
    with refused(Fault.STRIPPED):
        verify(bare, among, POLICY, session_for(), NOW)
