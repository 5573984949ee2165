"""A thousand hostile documents and more: not one is believed, and not one is anything but refused.

What S01 to S19 show one by one is drawn here from a generator: wrapped, transplanted, cut off, written
otherwise and signed again. The short form makes some 2,000 different ones, the full form 40,000.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.saml.bending import bendings
from tests.saml.forgeries import EVIL, genuine, some_forgeries
from tests.saml.judging import judge
from tests.volumes import Counting, counting, volume
from toegang.errors import Refusal
from toegang.saml.document import METADATA, admit

__all__ = ["counting"]

WRAPPED = volume(700, 12_000)
BENT = volume(15, 350)  # of each of nine kinds of each genuine document
TEXTS = volume(300, 50_000)
AT_LEAST = volume(1_500, 35_000)


def test_a_thousand_hostile_documents_are_refused(counting: Counting) -> None:
    forged = {forgery.octets() for forgery in some_forgeries(WRAPPED, seed=1)}
    told = {base.text: judge(base.text.encode()).believed for base in genuine()}
    bent = {each.octets: each for each in bendings(BENT)}
    assert len(forged | bent.keys()) >= AT_LEAST
    for octets, _ in zip(forged, counting("wrapped", len(forged)), strict=True):
        assert judge(octets).refusal is not None
    believed = 0
    for octets, _ in zip(bent, counting("bent", len(bent)), strict=True):
        each, verdict = bent[octets], judge(octets)
        if verdict.refusal is None:
            # Something changed that nobody signed, such as a blank in a hash or the certificate shown.
            assert not each.harmful, each.how
            assert verdict.believed in told.values(), each.how
            believed += 1
        assert EVIL.encode() not in verdict.believed
    assert believed < len(bent) / 4


@given(st.binary(max_size=400))
@settings(max_examples=TEXTS, deadline=None)
def test_whatever_octets_come_they_are_admitted_or_refused(octets: bytes) -> None:
    for limits in (None, METADATA):
        try:
            admit(octets) if limits is None else admit(octets, limits)
        except Refusal:
            continue


@given(st.text(alphabet="<>/&;#x!?[]-='\" :abIDd\n\ufeffé\x00", max_size=120))
@settings(max_examples=TEXTS, deadline=None)
def test_whatever_looks_like_a_document_is_admitted_or_refused(text: str) -> None:
    for form in (text, f"<a>{text}</a>", f"<a {text}/>", f"<?xml {text}?><a/>"):
        try:
            admit(form.encode())
        except Refusal:
            continue
