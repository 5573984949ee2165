"""Whom to believe: authorities, links between their keys, lists of what was revoked, lists of many states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from demo.documents.encoding import integer, sequence, set_of, text
from demo.documents.signing import MASTER_LIST_TYPE, Manner, master_list, security_object, signed_data
from demo.documents.states import (
    MASTER_LIST_SIGNER,
    YEAR,
    Held,
    State,
    Wish,
    authority_wish,
    certified,
    elliptic,
    explicit_key,
    public_octets,
    rivest,
    self_signed,
)
from tests.emrtd.refused import refused
from tests.emrtd.sample import NOW, POLICY, signer, state, trust
from toegang.emrtd.algorithms import public_key
from toegang.emrtd.certificates import Certificate, read_bundle
from toegang.emrtd.faults import Fault
from toegang.emrtd.master_list import open_master_list
from toegang.emrtd.policy import Policy
from toegang.emrtd.revocation import RevocationList
from toegang.emrtd.trust import Trust, check_signer

GROUPS = {1: b"one", 14: b"fourteen"}
UNCHECKED = Policy(revocation=False)


def believed(held: Held, among: Trust, policy: Policy = POLICY) -> Certificate:
    return check_signer(Certificate.parse(held.certificate), among, policy, NOW)


@pytest.mark.requires("ICAO9303-12-6.1.2")
def test_a_signer_of_a_believed_authority_is_believed() -> None:
    assert believed(signer(), trust()).country == "NL"


@pytest.mark.parametrize("key", [elliptic, lambda: elliptic(ec.SECP384R1), rivest])
@pytest.mark.requires("ICAO9303-12-4.1.6")
def test_authorities_have_keys_of_every_kind_on_the_list(key: object) -> None:
    found = State.founded(NOW, key=key())  # type: ignore[operator]
    among = Trust.of([found.authority.certificate], lists=[found.revoked()])
    believed(found.signer(), among)


def test_an_authority_signs_by_pss_too() -> None:
    found = State.founded(NOW, key=rivest())
    among = Trust.of([found.authority.certificate], lists=[found.revoked()])
    believed(found.signer(change=lambda wish: replace(wish, pss=True)), among)


@pytest.mark.requires("ICAO9303-12-4.1.6.3")
def test_a_curve_may_be_written_out_and_is_the_same_curve() -> None:
    wish = replace(authority_wish(NOW, "NL"), explicit=True)
    found = State(authority=self_signed(elliptic(), wish), now=NOW)
    assert Certificate.parse(found.authority.certificate).key.curve.name == "brainpoolP256r1"  # type: ignore[union-attr]


def test_a_curve_with_another_generator_is_another_curve() -> None:
    key = elliptic()
    named = public_octets(key)
    point = named[-65:]
    assert public_key(explicit_key(named)) == key.public_key()
    with refused(Fault.ALGORITHM):
        public_key(explicit_key(named, generator=point))


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP256K1()), ec.generate_private_key(ec.SECP224R1()), rivest(1024)]
)
def test_keys_that_are_on_no_list_are_refused(key: object) -> None:
    with refused(Fault.ALGORITHM):
        public_key(public_octets(key))  # type: ignore[arg-type]


def test_an_authority_that_is_not_believed_vouches_for_nobody() -> None:
    other = State.founded(NOW)
    with refused(Fault.SIGNER_UNKNOWN):
        believed(other.signer(), trust())
    with refused(Fault.SIGNER_UNKNOWN):
        believed(State.founded(NOW, "BE").signer(), trust())
    with refused(Fault.SIGNER_UNKNOWN):
        believed(signer(), Trust.of([]))


@pytest.mark.requires("ICAO9303-12-4.1.4.3")
def test_a_link_makes_the_next_key_believed() -> None:
    then = state()
    now, link = then.next()
    after, further = now.next()
    among = Trust.of([then.authority.certificate], [further, link], [after.revoked()])
    for each in (then, now, after):
        believed(each.signer(), among)
    with refused(Fault.SIGNER_UNKNOWN):
        believed(now.signer(), Trust.of([then.authority.certificate], lists=[then.revoked()]))


def test_a_link_to_nothing_that_is_believed_is_refused() -> None:
    now, link = State.founded(NOW).next()
    del now
    with refused(Fault.SIGNER_UNKNOWN):
        Trust.of([state().authority.certificate], [link])


def bent(change: object) -> Held:
    return state().signer(change=change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda wish: replace(wish, ca=True), Fault.SIGNER_NOT_ENTITLED),
        (lambda wish: replace(wish, usages=frozenset()), Fault.SIGNER_NOT_ENTITLED),
        (
            lambda wish: replace(wish, usages=frozenset({"digital_signature", "key_cert_sign"})),
            Fault.SIGNER_NOT_ENTITLED,
        ),
        (lambda wish: replace(wish, ends=NOW - timedelta(seconds=1)), Fault.SIGNER_EXPIRED),
        (lambda wish: replace(wish, begins=NOW + timedelta(seconds=1)), Fault.SIGNER_EXPIRED),
        (lambda wish: replace(wish, country="BE"), Fault.SIGNER_NOT_ENTITLED),
        (
            lambda wish: replace(wish, critical=x509.ObjectIdentifier("1.2.3.4")),
            Fault.SIGNER_NOT_ENTITLED,
        ),
    ],
)
def test_a_signer_that_may_not_sign_is_refused(change: object, fault: Fault) -> None:
    with refused(fault):
        believed(bent(change), trust())


@pytest.mark.parametrize("country", ["", "N1"])
def test_a_name_without_a_country_is_refused(country: str) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"x{country}")])
    key = elliptic()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + YEAR)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    with refused(Fault.SIGNER_NOT_ENTITLED):
        Certificate.parse(made)


@pytest.mark.parametrize("usages", [frozenset(), frozenset({"crl_sign"}), frozenset({"digital_signature"})])
def test_an_authority_that_may_not_sign_certificates_is_none(usages: frozenset[str]) -> None:
    wish = replace(authority_wish(NOW, "NL"), usages=usages)
    with refused(Fault.SIGNER_NOT_ENTITLED):
        Trust.of([self_signed(elliptic(), wish).certificate])
    with refused(Fault.SIGNER_NOT_ENTITLED):
        Trust.of([signer().certificate])


def test_an_authority_that_is_over_vouches_for_nobody() -> None:
    wish = replace(authority_wish(NOW, "NL"), ends=NOW - timedelta(days=1))
    old = State(authority=self_signed(elliptic(), wish), now=NOW)
    with refused(Fault.SIGNER_EXPIRED):
        believed(old.signer(), Trust.of([old.authority.certificate], lists=[old.revoked()]))


@pytest.mark.requires("ICAO9303-12-7.1.4", "RFC5280-6.3.3")
def test_what_was_revoked_is_refused_also_by_a_list_that_is_old() -> None:
    serial = signer().parsed.serial_number
    root = state().authority.certificate
    fresh = Trust.of([root], lists=[state().revoked(serial)])
    old = Trust.of([root], lists=[state().revoked(serial, at=NOW - YEAR), state().revoked()])
    for among in (fresh, old):
        for policy in (POLICY, UNCHECKED):
            with refused(Fault.SIGNER_REVOKED):
                believed(signer(), among, policy)


def test_an_authority_that_was_revoked_is_refused() -> None:
    serial = state().authority.parsed.serial_number
    with refused(Fault.SIGNER_REVOKED):
        believed(signer(), Trust.of([state().authority.certificate], lists=[state().revoked(serial)]))


def test_without_a_fresh_list_nobody_knows() -> None:
    root = state().authority.certificate
    other = State.founded(NOW, "BE")
    lists: tuple[list[bytes], ...] = (
        [],
        [state().revoked(at=NOW - YEAR)],
        [state().revoked(at=NOW + timedelta(days=1))],
        [State.founded(NOW).revoked()],
        [other.revoked()],
    )
    for each in lists:
        among = Trust.of([root, other.authority.certificate], lists=each)
        with refused(Fault.REVOCATION_UNKNOWN):
            believed(signer(), among)
        believed(signer(), among, UNCHECKED)


def test_a_list_counts_until_the_moment_of_the_next() -> None:
    listed = RevocationList.parse(state().revoked(at=NOW - timedelta(days=90)))
    assert not listed.fresh(NOW)
    assert listed.fresh(NOW - timedelta(seconds=1))


def test_a_list_by_the_next_key_counts_for_the_key_before() -> None:
    then, serial = state(), signer().parsed.serial_number
    now, link = then.next()
    among = Trust.of([then.authority.certificate], [link], [now.revoked(serial)])
    with refused(Fault.SIGNER_REVOKED):
        believed(signer(), among)


def test_a_list_by_a_key_that_may_not_sign_lists_counts_for_nothing() -> None:
    wish = replace(authority_wish(NOW, "NL"), usages=frozenset({"key_cert_sign"}))
    found = State(authority=self_signed(elliptic(), wish), now=NOW)
    with refused(Fault.REVOCATION_UNKNOWN):
        believed(found.signer(), Trust.of([found.authority.certificate], lists=[found.revoked()]))


def test_a_list_that_was_bent_counts_for_nothing() -> None:
    listed = bytearray(state().revoked(signer().parsed.serial_number))
    listed[-1] ^= 1
    among = Trust.of([state().authority.certificate], lists=[bytes(listed)])
    with refused(Fault.REVOCATION_UNKNOWN):
        believed(signer(), among)


def test_a_list_of_something_else_is_refused() -> None:
    authority = state().authority
    made = x509.CertificateRevocationListBuilder(
        issuer_name=authority.parsed.subject, last_update=NOW, next_update=NOW + YEAR
    ).add_extension(x509.DeltaCRLIndicator(1), critical=True)
    with refused(Fault.REVOCATION_UNKNOWN):
        RevocationList.parse(made.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER))


def test_certificates_come_in_files_of_both_kinds() -> None:
    both = state().authority.certificate, signer().certificate
    written = b"".join(x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in both)
    assert read_bundle(written) == both
    assert read_bundle(both[0]) == both[:1]
    with refused(Fault.UNREADABLE):
        read_bundle(b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----")


def lister(change: object = lambda wish: wish) -> Held:
    def of_lists(wish: Wish) -> Wish:
        return change(replace(wish, purposes=(MASTER_LIST_SIGNER,)))  # type: ignore[operator,no-any-return]

    return state().signer(change=of_lists)


@pytest.mark.requires("ICAO9303-12-9.1", "ICAO9303-12-9.2")
def test_a_master_list_makes_the_authorities_in_it_believed() -> None:
    other = State.founded(NOW, "BE")
    odd = certified(ec.generate_private_key(ec.SECP224R1()), authority_wish(NOW, "FR"), state().authority)
    nonsense = sequence(sequence(text("no certificate")))
    listed = master_list(
        (
            state().authority.certificate,
            other.authority.certificate,
            odd.certificate,
            signer().certificate,
            nonsense,
        ),
        lister(),
    )
    found = open_master_list(listed, trust(), POLICY, NOW)
    assert found.left_out == 3
    assert {each.country for each in found.authorities} == {"NL", "BE"}
    among = trust().plus(found.authorities)
    assert len(among.authorities) == 2
    believed(other.signer(), among, UNCHECKED)


@pytest.mark.parametrize(
    "content",
    [b"", sequence(), sequence(integer(1), set_of()), sequence(integer(0)), sequence(integer(0), sequence())],
)
def test_a_master_list_of_another_form_is_refused(content: bytes) -> None:
    listed = signed_data(content, lister(), Manner(content_type=MASTER_LIST_TYPE))
    with refused(Fault.UNREADABLE, Fault.NOT_SIGNED):
        open_master_list(listed, trust(), POLICY, NOW)


def test_a_master_list_by_others_is_refused() -> None:
    certificates = (state().authority.certificate,)
    with refused(Fault.SIGNER_NOT_ENTITLED):
        open_master_list(master_list(certificates, signer()), trust(), POLICY, NOW)
    with refused(Fault.SIGNER_UNKNOWN):
        open_master_list(master_list(certificates, State.founded(NOW).signer()), trust(), POLICY, NOW)
    with refused(Fault.SIGNER_EXPIRED):
        stale = lister(lambda wish: replace(wish, ends=NOW - timedelta(days=1)))
        open_master_list(master_list(certificates, stale), trust(), POLICY, NOW)
    with refused():
        open_master_list(security_object(GROUPS, signer(), Manner()), trust(), POLICY, NOW)
