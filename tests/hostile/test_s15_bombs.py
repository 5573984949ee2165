"""S15: documents that fetch files, grow when read, or are deep, wide or long without end."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from tests.saml.judging import judge
from tests.saml.parties import assertion, response, signed
from toegang.errors import Malformed, Refusal, TooLarge
from toegang.saml.document import LONGEST_NAMESPACE, MESSAGE, METADATA, Limits, admit

LONGEST = 1.0
"""Seconds of the processor that a document of the largest size may take before it is refused."""
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOMBS = {
    "entity in a file": '<!DOCTYPE a [<!ENTITY b SYSTEM "{file}">]><a>&b;</a>',
    "entity at an address": '<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1:1/b">]><a>&b;</a>',
    "document type in a file": '<!DOCTYPE a SYSTEM "{file}"><a/>',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % b SYSTEM "{file}"> %b;]><a/>',
    "billion laughs": f'<!DOCTYPE a [<!ENTITY e0 "ha">{ENTITIES}]><a>&e11;</a>',
    "quadratic": f'<!DOCTYPE a [<!ENTITY b "{"x" * 50_000}">]><a>{"&b;" * 5_000}</a>',
    "entity in an attribute": '<!DOCTYPE a [<!ENTITY b "c">]><a b="&b;"/>',
    "lower case": '<!doctype a [<!entity b "c">]><a/>',
    "after a comment": '<!-- --><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "undeclared entity": "<a>&b;</a>",
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("limits", [MESSAGE, METADATA], ids=["message", "metadata"])
def test_a_document_type_or_an_entity_never_reaches_the_parser(
    bomb: str, limits: Limits, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("<!ENTITY c 'd'>")
    text = BOMBS[bomb].replace("{file}", (tmp_path / "secret").as_uri())
    with pytest.raises(Malformed):
        admit(text.encode(), limits)


def test_an_inclusion_is_an_element_like_any_other_and_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{tmp_path / "secret"}"/>'
    )
    text = signed(response(assertion(name=include)))
    verdict = judge(text.encode())
    assert b"secret</" not in verdict.believed


def wide(number: int) -> str:
    return "<a " + " ".join(f'a{n}=""' for n in range(number)) + "/>"


def deep(number: int) -> str:
    return "<a>" * number + "</a>" * number


LARGE = {
    "octets": "<a>" + "x" * MESSAGE.octets + "</a>",
    "attributes of one element": wide(20_000),
    "one attribute too many": wide(MESSAGE.attributes_each + 1),
    "depth": deep(30_000),
    "one level too deep": deep(MESSAGE.depth + 1),
    "elements": f"<a>{'<b/>' * 60_000}</a>",
    "one element too many": f"<a>{'<b/>' * MESSAGE.elements}</a>",
    "attributes": "<a>" + '<b c="" d="" e="" f=""/>' * (MESSAGE.attributes // 4 + 1) + "</a>",
    "namespaces": "<a " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(10_000)) + "/>",
    "one namespace again and again": "<a>" + '<b xmlns:c="urn:c"/>' * (MESSAGE.namespaces + 1) + "</a>",
    "prefixes inside each other": "".join(f'<a xmlns:n{n}="urn:{n}">' for n in range(200)) + "</a>" * 200,
    "long names": f"<{'a' * 100_000}/>",
    "references": f"<a>{'&#60;' * 50_000}</a>",
}


@pytest.mark.parametrize("large", LARGE)
@pytest.mark.requires("SAMLBind-3.5.5")
def test_more_than_anything_honest_is_refused_at_once_and_in_little_memory(large: str) -> None:
    before, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    octets = LARGE[large].encode()
    if large == "references":
        admit(octets)  # within the limits: it only has to be quick
    else:
        with pytest.raises(Refusal):
            admit(octets)
    assert time.process_time() - before < LONGEST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < 128 * 1024  # KiB


def test_up_to_the_limits_a_document_is_admitted() -> None:
    admit(deep(MESSAGE.depth).encode())
    admit(wide(MESSAGE.attributes_each).encode())
    admit(f"<a>{'<b/>' * (MESSAGE.elements - 1)}</a>".encode())
    admit(("<a>" + "x" * (MESSAGE.octets - 7) + "</a>").encode())
    for text in (deep(MESSAGE.depth + 1), wide(MESSAGE.attributes_each + 1)):
        with pytest.raises(TooLarge):
            admit(text.encode())


@pytest.mark.parametrize(("number", "length"), [(1, 60_000), (1, 200), (100, 200), (400, 60)])
def test_a_canonical_form_is_not_much_larger_than_the_document(number: int, length: int) -> None:
    """A namespace is written again at every element that uses it, before anything was verified."""
    names = " ".join(f'xmlns:n{n}="urn:{"x" * length}{n}"' for n in range(number))
    inner = "".join(f"<n{n % number}:a/>" for n in range(3_000))
    extensions = f"<samlp:Extensions {names}>{inner}</samlp:Extensions><samlp:Status>"
    text = signed(response(assertion()).replace("<samlp:Status>", extensions))
    before, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    verdict = judge(text.encode())
    assert (verdict.refusal is None) is (length <= LONGEST_NAMESPACE)
    assert time.process_time() - before < LONGEST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < 128 * 1024  # KiB
