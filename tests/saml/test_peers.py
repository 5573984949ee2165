"""What others say of the same documents: where a strict peer refuses, we refuse; what we sign, they believe.

The peers are signxml (the same parser, other rules) and bergshamra (nothing in common with us). Both are
asked about every signature in a document, as we verify every one.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.saml.bending import bendings
from tests.saml.crafting import craft
from tests.saml.forgeries import genuine, some_forgeries
from tests.saml.judging import judge
from tests.saml.parties import (
    IDP,
    KINDS,
    artifact_response,
    assertion,
    element,
    envelope,
    request,
    response,
    signed,
    signing,
)
from tests.saml.peers import bergshamra_says, bergshamra_writes, signxml_says
from tests.volumes import Counting, counting, volume
from toegang.saml.algorithms import SignatureAlgorithm
from toegang.saml.document import admit, canonical, raw
from toegang.saml.signing import sign

__all__ = ["counting"]

PEERS = {"signxml": signxml_says, "bergshamra": bergshamra_says}
FORGED = volume(400, 30_000)
BENT = volume(12, 350)  # of each of nine kinds of each genuine document

# Where we believe what a peer refuses, by the beginning of its reason, and why we may.
# There is none: the gate and the reading of signatures were made stricter until the list was empty.
BELIEVED_ALL_THE_SAME: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.requires("XMLDSIG-3.1", "SAMLCore-5.4")
def test_what_we_sign_is_believed_by_others(peer: str, kind: str) -> None:
    key = signing(kind)
    for algorithm in (each for each in SignatureAlgorithm if each.fits(key.kind)):
        octets = sign(element(request(IDP)), key, algorithm=algorithm)
        assert PEERS[peer](octets, kind) == ""
    nested = signed(artifact_response(signed(response(signed(assertion(), key)), key)), key)
    assert PEERS[peer](envelope(nested).encode(), kind) == ""


@pytest.mark.parametrize("peer", PEERS)
def test_what_an_honest_party_sends_is_believed_by_all_of_us(peer: str) -> None:
    for base in genuine():
        assert judge(base.text.encode()).refusal is None
        assert PEERS[peer](base.text.encode()) == ""
    kept = craft(response(assertion()), prefixes="saml samlp")
    assert judge(kept.encode()).refusal is None
    assert PEERS[peer](kept.encode()) == ""


@given(
    text=st.text(alphabet="<>&\"' \t\r\n\u00e9\u0301\u2028\U0001f600]x"),
    value=st.text(alphabet="<>&\"' \t\r\n\u00e9x"),
    prefixes=st.lists(st.sampled_from(["", ":a", ":b", ":c"]), min_size=1, max_size=6),
)
@settings(max_examples=volume(100, 10_000), deadline=None)
@pytest.mark.requires("EXC-C14N-3")
def test_another_parser_and_writer_come_to_the_same_octets(
    text: str, value: str, prefixes: list[str]
) -> None:
    """What is believed cannot be read in two ways: two parsers that share nothing write it alike."""
    root = etree.Element("{urn:root}root")
    at = root
    for number, prefix in enumerate(prefixes):
        names = {prefix[1:] or None: f"urn:{prefix[1:] or 'default'}", "unused": "urn:unused"}
        at = etree.SubElement(at, f"{{urn:{prefix[1:] or 'default'}}}e{number}", nsmap=names)
        at.set(f"{{urn:{prefix[1:]}}}z" if prefix else "z", value)
        at.set("b", value)
        at.text, at.tail = text, text
    octets = canonical(raw(admit(etree.tostring(root))))
    assert bergshamra_writes(etree.tostring(root)) == octets
    assert bergshamra_writes(octets) == octets


@pytest.mark.requires("XMLDSIG-3.2")
def test_what_a_strict_peer_refuses_we_refuse(counting: Counting) -> None:
    documents = {bent.octets for bent in bendings(BENT, seed=2)}
    documents |= {forgery.octets() for forgery in some_forgeries(FORGED, seed=2)}
    alone = []
    for octets, _ in zip(sorted(documents), counting("documents compared", len(documents)), strict=True):
        verdict = judge(octets)
        if verdict.refusal is not None:
            continue
        assert bergshamra_writes(verdict.believed) == verdict.believed
        for name, says in PEERS.items():
            reason = says(octets)
            if reason and not any(
                name == peer and reason.startswith(start) for peer, start in BELIEVED_ALL_THE_SAME
            ):
                alone.append((name, reason, octets))
    assert alone == []
