"""Chains of certificates lead to a pinned root, or nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.means.vouching import FOREIGN, KNOWN, ROOT, Paper, named, paper, revoked
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
