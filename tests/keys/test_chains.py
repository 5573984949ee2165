"""Chains of certificates lead to a pinned root, or nowhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.means.vouching import FOREIGN, KNOWN, ROOT, Paper, named, paper
from toegang.errors import Malformed, ProofInvalid
from toegang.keys.chains import LONGEST, check_chain, read_roots

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
