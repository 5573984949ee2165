"""S11: documents that two parsers read in two ways. One parser reads here, and only what it wrote itself."""

from __future__ import annotations

import codecs

import pytest

from tests.saml.judging import judge
from tests.saml.parties import assertion, response, signed
from toegang.errors import Malformed
from toegang.saml.document import admit, raw

ANSWER = signed(response(signed(assertion())))


def bent(old: str, new: str) -> bytes:
    """Return the genuine answer with one place changed, and see that the place was there."""
    text = ANSWER.replace(old, new, 1)
    assert text != ANSWER
    return text.encode()


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE a>",
        "<!DOCTYPE a [<!ENTITY b 'attacker'>]>",
        "<!DOCTYPE a [<!ATTLIST samlp:Response Version CDATA '2.0'>]>",
        "<!DOCTYPE a SYSTEM 'file:///etc/hosts'>",
        "<!doctype a>",
        "<?xml version='1.0'?><!DOCTYPE a>",
        "\n<?xml version='1.0'?>",
        "<?xml version='1.1'?>",
        "<?xml version='1.0' encoding='UTF-16'?>",
        "<?xml version='1.0' encoding='ISO-8859-1'?>",
        "<?xml version='1.0' encoding='UTF-7'?>",
        "<?xml version='1.0' encoding='utf8'?>",
        "<?xml version='1.0' standalone='maybe'?>",
        "<?xml version='1.0'?><?xml version='1.0'?>",
        "x",
        "\x00",
        "&#32;",
    ],
)
def test_what_stands_before_the_root_is_an_xml_declaration_or_white_space(before: str) -> None:
    assert isinstance(judge(before.encode() + ANSWER.encode()).refusal, Malformed)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\ufeff",
        "\n ",
        "<?xml version='1.0'?>\n",
        '<?xml version="1.0" encoding="UTF-8"?>',
        "\ufeff<?xml version='1.0' encoding='utf-8' standalone='yes' ?>",
    ],
)
def test_an_ordinary_declaration_and_a_byte_order_mark_are_passed_over(before: str) -> None:
    assert judge(before.encode() + ANSWER.encode()).refusal is None


@pytest.mark.parametrize("after", ["x", "<a/>", "&#0;", "\x00", "<", ANSWER])
def test_nothing_stands_after_the_root(after: str) -> None:
    assert isinstance(judge(ANSWER.encode() + after.encode()).refusal, Malformed)


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037", "latin-1", "shift_jis"]
)
def test_another_encoding_is_refused_with_or_without_a_mark(encoding: str) -> None:
    text = signed(response(assertion(name="é"))).replace("&#233;", "é")
    try:
        octets = text.encode(encoding)
    except UnicodeEncodeError:
        octets = text.replace("é", "e").encode(encoding) + b"\x80"
    for form in (octets, b"<?xml version='1.0' encoding='" + encoding.encode() + b"'?>" + octets):
        assert judge(form).refusal is not None
    assert isinstance(judge(codecs.BOM_UTF8 * 2 + text.encode()).refusal, Malformed)


@pytest.mark.parametrize(
    "octets", [b"\xc0\xbc", b"\xe0\x80\xbc", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff", b"\x1b", b"\x0c"]
)
def test_octets_that_are_no_characters_are_refused(octets: bytes) -> None:
    at = ANSWER.index("somebody")
    forged = ANSWER[:at].encode() + octets + ANSWER[at:].encode()
    assert isinstance(judge(forged).refusal, Malformed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' ID="_resp"', ' ID="_resp" ID="_evil"'),
        (' ID="_resp"', ' ID="_resp" xmlns:a="urn:x" xmlns:b="urn:x" a:ID="1" b:ID="2"'),
        (' ID="_resp"', ' ID="_resp" evil:ID="_evil"'),
        (' ID="_resp"', ' ID="_resp" Id="_resp"'),
        (' ID="_resp"', ' ID="_resp" id="_a1"'),
        (' ID="_resp"', ' ID="_resp" xml:id="_resp"'),
        (' ID="_resp"', ' ID="_resp" xml:id="not an id"'),
        ("<saml:Issuer>", '<saml:Issuer xmlns:xml="urn:x">'),
        ("<saml:Issuer>", '<saml:Issuer xmlns:xmlns="urn:x">'),
        ("<saml:Issuer>", '<saml:Issuer xmlns:a="">'),
        ("<saml:Issuer>", '<saml:Issuer xmlns:xmla="http://www.w3.org/XML/1998/namespace">'),
        ("<saml:Issuer>", '<saml:Issuer a:b:c="">'),
        ("somebody", "some\ufeffbody"),
        ('xmlns:samlp="', 'xmlns:sam\ufefflp="urn:x" xmlns:samlp="'),
        ("somebody", "&evil;"),
        ("somebody", "&#0;"),
        ("somebody", "&#x1F;"),
        ("somebody", "&#xD800;"),
        ("somebody", "&#xFFFF;"),
        ("somebody", "&#x110000;"),
        ("somebody", "&"),
        ("somebody", "some<body"),
        ("somebody", "some]]>body"),
        ("<saml:NameID ", "<saml:NameID\x85"),
    ],
)
def test_what_is_not_well_formed_with_namespaces_is_refused(old: str, new: str) -> None:
    assert isinstance(judge(bent(old, new)).refusal, Malformed)


@pytest.mark.parametrize(
    "octets", [b"", b" ", b"<", b"<a", b"</a>", b"<a></b>", b"<a><b></a></b>", b"{}", b"\xef\xbb\xbf"]
)
def test_what_is_no_document_is_refused(octets: bytes) -> None:
    with pytest.raises(Malformed):
        admit(octets)


def test_a_character_reference_is_the_character_and_is_hashed_as_that() -> None:
    assert judge(bent("somebody", "s&#111;me&#x62;ody")).refusal is None
    assert b"somebody" in judge(bent("somebody", "s&#111;me&#x62;ody")).believed
    assert judge(bent("somebody", "somebody&#32;")).refusal is not None
    assert raw(admit(b"<a>&lt;&#38;&amp;&#60;</a>")).text == "<&&<"


def test_a_prefix_that_means_something_else_inside_is_no_disguise() -> None:
    for old, new in (
        ("<saml:Subject>", '<saml:Subject xmlns:saml="urn:example:other">'),
        ("<ds:SignedInfo>", '<ds:SignedInfo xmlns:ds="urn:example:other">'),
        ("<saml:Issuer>", '<saml:Issuer xmlns="urn:oasis:names:tc:SAML:2.0:protocol">'),
    ):
        verdict = judge(bent(old, new))
        genuine = judge(ANSWER.encode())
        # Declaring a prefix that nothing uses changes nothing of what was signed.
        assert verdict.refusal is not None or verdict.believed == genuine.believed


def test_what_is_believed_is_what_the_verified_octets_say_and_nothing_around_them() -> None:
    outside = response(signed(assertion())).replace("Success", "Responder").replace("_r1", "_evil", 1)
    verdict = judge(outside.encode())
    assert verdict.refusal is None
    assert b"samlp" not in verdict.believed
    assert verdict.believed.startswith(b"<saml:Assertion ")
