"""S01-S08: signature wrapping. A genuine signature stands in the document, and something else is read.

The eight classic ways, each in every genuine document that it can be done to; then every combination of
choices, drawn from 90,000 (the full form takes 26,000 of them).
"""

from __future__ import annotations

import pytest

from tests.saml.forgeries import EVIL, RESPONSE, Forgery, genuine, some_forgeries
from tests.saml.judging import judge
from tests.volumes import Counting, counting, volume

__all__ = ["counting"]

FORGED = volume(1_200, 26_000)
# What each way does with the genuine element, its signature and the ID of the evil one.
CLASSIC = {
    "S01": ("response", "in its signature", "copied", "another"),
    "S02": ("response", "before it", "loose beside", "another"),
    "S03": ("assertion", "after it", "left in place", "another"),
    "S04": ("assertion", "last in it", "left in place", "another"),
    "S05": ("assertion", "after it", "moved", "another"),
    "S06": ("assertion", "in its signature", "moved", "another"),
    "S07": ("assertion", "in Extensions", "left in place", "the same"),
    "S08": ("assertion", "in an Object", "moved", "another"),
}


@pytest.mark.parametrize("base", genuine(), ids=lambda base: f"{base.name}/{base.target.rpartition('}')[2]}")
def test_the_documents_that_are_forged_here_are_themselves_believed(base: object) -> None:
    text = getattr(base, "text")  # noqa: B009 - parametrised values have no type
    verdict = judge(text.encode())
    assert verdict.refusal is None
    assert b"somebody" in verdict.believed


@pytest.mark.parametrize("way", CLASSIC)
@pytest.mark.requires("SAMLCore-5.4.2")
def test_each_classic_way_is_refused_whatever_was_signed(way: str) -> None:
    about, carrier, signature, identity = CLASSIC[way]
    bases = [base for base in genuine() if (base.target == RESPONSE) == (about == "response")]
    for base in bases:
        for trick in ("none", "default namespace", "older namespace", "redeclared prefix"):
            forgery = Forgery(
                base=base,
                carrier=carrier,
                signature=signature,
                identity=identity,
                reference="as it was",
                trick=trick,
            )
            assert judge(forgery.octets()).refusal is not None, forgery


@pytest.mark.requires("XMLDSIG-8.1.2")
def test_no_combination_of_choices_is_believed(counting: Counting) -> None:
    forged = {forgery.octets(): forgery for forgery in some_forgeries(FORGED)}
    assert len(forged) > FORGED * 0.8  # some choices come to the same document
    octets = list(forged)
    for at in counting("forged documents", len(octets)):
        verdict = judge(octets[at])
        assert verdict.refusal is not None, forged[octets[at]]
        assert EVIL.encode() not in verdict.believed
