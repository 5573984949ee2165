"""Chains of certificates lead to a pinned root, or nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from tests.means.vouching import BEGIN, END, FOREIGN, KNOWN, ROOT, Paper, named, paper, revoked
from toegang.errors import Malformed, ProofInvalid
from toegang.keys.chains import LONGEST, check_chain, read_roots
from toegang.keys.revocation import RevocationLists

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
PAST = datetime(2026, 1, 1, tzinfo=UTC)
BETWEEN = ROOT.issue(named("between"), ca=True)
LEAF = BETWEEN.issue(named("leaf", "a unit"), model=KNOWN.bytes, host="signer.example")


def chain_of(*papers: Paper) -> list[bytes]:
    return [each.der for each in papers]


@pytest.mark.requires("RFC5280-6.1")
def test_a_chain_is_followed_to_a_pinned_root_and_tells_what_its_leaf_says() -> None:
    for sent in (chain_of(LEAF, BETWEEN), chain_of(LEAF, BETWEEN, ROOT)):
        leaf = check_chain(sent, [FOREIGN.der, ROOT.der], NOW)
        assert (leaf.authority, leaf.version_3, leaf.unit) == (False, True, "a unit")
        assert (leaf.hosts, leaf.model) == (("signer.example",), KNOWN.bytes)


def test_a_leaf_that_is_pinned_itself_needs_nobody_above_it() -> None:
    assert check_chain(chain_of(LEAF), [LEAF.der], NOW).unit == "a unit"


NO_AUTHORITY = ROOT.issue(named("no authority"))
SAME_NAME = paper(ROOT.certificate.subject)
REFUSED = {
    "no certificates": [],
    "one is missing": chain_of(LEAF),
    "another root": chain_of(FOREIGN.issue(named("leaf"))),
    "a root of its own making": chain_of(SAME_NAME.issue(named("leaf")), SAME_NAME),
    "a root of the same name": chain_of(SAME_NAME.issue(named("leaf"))),
    "signed by no authority": chain_of(NO_AUTHORITY.issue(named("leaf")), NO_AUTHORITY),
    "in the wrong order": chain_of(BETWEEN, LEAF),
    "over": chain_of(ROOT.issue(named("leaf"), until=PAST)),
    "over above the leaf": chain_of(
        (old := ROOT.issue(named("between"), ca=True, until=PAST)).issue(named("leaf")), old
    ),
    "too long": chain_of(*[ROOT] * (LONGEST + 1)),
    "not a certificate": [b"0\x82\x01\x00 nothing"],
}


@pytest.mark.parametrize("why", REFUSED)
def test_every_other_chain_is_refused(why: str) -> None:
    with pytest.raises(ProofInvalid):
        check_chain(REFUSED[why], [ROOT.der], NOW)


def test_nothing_is_believed_without_a_root() -> None:
    with pytest.raises(ProofInvalid):
        check_chain(chain_of(LEAF, BETWEEN, ROOT), [], NOW)


def test_roots_are_read_from_a_file_all_of_them_or_none() -> None:
    assert read_roots(ROOT.pem + FOREIGN.pem) == (ROOT.der, FOREIGN.der)
    for other in (b"", b"nothing", ROOT.pem[:200]):
        with pytest.raises(Malformed):
            read_roots(other)


ABOVE = revoked(ROOT)


def asked(*lists: bytes) -> None:
    check_chain(chain_of(LEAF, BETWEEN), [ROOT.der], NOW, RevocationLists.read(lists))


@pytest.mark.requires("RFC5280-6.3.3")
def test_a_chain_of_which_nothing_was_taken_back_is_followed() -> None:
    asked(ABOVE, revoked(BETWEEN, ROOT.issue(named("another"))))
    over = revoked(BETWEEN, until=NOW - timedelta(days=1))
    asked(ABOVE, over)
    assert RevocationLists.read([ABOVE, over]).due == NOW - timedelta(days=1)


TAKEN_BACK = {
    "the leaf": (ABOVE, revoked(BETWEEN, LEAF)),
    "the one between": (revoked(ROOT, BETWEEN), revoked(BETWEEN)),
    "the leaf, by a list that is due": (ABOVE, revoked(BETWEEN, LEAF, until=NOW - timedelta(days=1))),
    "the leaf, by the older of two lists": (ABOVE, revoked(BETWEEN, LEAF), revoked(BETWEEN)),
    "no list of the one between": (ABOVE, revoked(FOREIGN)),
    "no list of the root": (revoked(BETWEEN),),
    "a list that somebody else signed": (ABOVE, revoked(BETWEEN, key=FOREIGN.key)),
    "a list that has not begun": (ABOVE, revoked(BETWEEN, since=NOW + timedelta(days=1))),
}


@pytest.mark.requires("RFC5280-6.3.3")
@pytest.mark.parametrize("why", TAKEN_BACK)
def test_a_chain_that_was_taken_back_or_of_which_no_list_tells_is_refused(why: str) -> None:
    with pytest.raises(ProofInvalid):
        asked(*TAKEN_BACK[why])


@pytest.mark.requires("RFC5280-5.1")
@pytest.mark.parametrize("octets", [b"", b"nothing", b"-----BEGIN X509 CRL-----", revoked(ROOT, part=True)])
def test_what_is_no_whole_list_is_refused_when_it_is_read(octets: bytes) -> None:
    for files in ([octets], [ABOVE, octets], []):
        with pytest.raises(Malformed):
            RevocationLists.read(files)


def extended(extension: x509.ExtensionType) -> bytes:
    """Write a list of the root's with an extension that is not critical."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(ROOT.certificate.subject)
    builder = builder.last_update(BEGIN).next_update(END).add_extension(extension, critical=False)
    return builder.sign(ROOT.key, hashes.SHA256()).public_bytes(Encoding.DER)


OF_PEOPLE_ALONE = x509.IssuingDistributionPoint(
    full_name=None,
    relative_name=None,
    only_contains_user_certs=True,
    only_contains_ca_certs=False,
    only_some_reasons=None,
    indirect_crl=False,
    only_contains_attribute_certs=False,
)
NAMED_ODDLY = x509.UnrecognizedExtension(
    ExtensionOID.ISSUER_ALTERNATIVE_NAME,
    bytes.fromhex("3002a300"),  # an x400Address
)


@pytest.mark.requires("RFC5280-5.2.5")
def test_a_list_of_a_part_that_is_not_said_to_be_critical_is_refused_too() -> None:
    """Of a list of end certificates alone, nobody learns whether an authority was taken back."""
    with pytest.raises(Malformed):
        RevocationLists.read([extended(OF_PEOPLE_ALONE)])


def test_a_list_that_the_library_gives_up_is_told_as_any_that_cannot_be_read() -> None:
    version, known = bytes.fromhex("02010130"), extended(x509.CRLNumber(7))
    assert known.count(version) == 1
    for odd in (extended(NAMED_ODDLY), known.replace(version, bytes.fromhex("02010530"))):
        with pytest.raises(Malformed):
            RevocationLists.read([odd])
