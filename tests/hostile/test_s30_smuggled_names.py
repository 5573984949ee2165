"""S30: names that look like other names, and attributes that are there twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from tests.saml.answers import ADMISSION, PARTNER, SUBJECT, outcome, say, signed, written
from tests.saml.parties import IDP, assertion, element
from tests.saml.samples import KEY, proven
from toegang.errors import Malformed
from toegang.means.saml.partner import Speaks
from toegang.saml import reading
from toegang.saml.messages import Assertion, NameId
from toegang.saml.signing import sign
from toegang.saml.writing import SignedPart

ATTRIBUTE = """<saml:Attribute Name="urn:example:role"><saml:AttributeValue>reader</saml:AttributeValue>\
</saml:Attribute>"""
END = "</saml:AttributeStatement>"


def read(text: str) -> Assertion:
    return reading.read_assertion(proven(sign(element(text), KEY)))


def named(value: str) -> Assertion:
    """Read an assertion about somebody of this name, whatever characters it has."""
    found = element(assertion())
    [name] = found.iter("{urn:oasis:names:tc:SAML:2.0:assertion}NameID")
    name.text = value
    return reading.read_assertion(proven(sign(found, KEY)))


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "\t",
        "\n  \n",
        " x",
        "x ",
        "x\n",
        "\u00a0x",
        "x\u2003",
        "\u3000",
        "a\nb",
        "a\tb",
        "a\x85b",
        "x" * 4_097,
    ],
)
@pytest.mark.requires("SAMLCore-2.2.3")
def test_a_name_that_is_blank_or_begins_or_ends_blank_is_refused(value: str) -> None:
    with pytest.raises(Malformed):
        named(value)


@pytest.mark.parametrize("value", ["e\u0301", "\u212b", "\u2126", "\u0344", "\u1100\u1161"])
def test_a_name_with_two_ways_of_writing_is_refused_in_all_but_one(value: str) -> None:
    with pytest.raises(Malformed):
        named(value)


@pytest.mark.parametrize(
    "value", ["Sanne", "sanne", "SANNE", "\u0455anne", "sa\u200bnne", "s\u00e1nne", "a b", "1e3", "007"]
)
def test_names_that_differ_in_anything_are_different_names(value: str) -> None:
    assert named(value).subject == NameId(
        value=value, format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    )


@pytest.mark.parametrize(
    "smuggled",
    [
        ATTRIBUTE,
        ATTRIBUTE.replace("reader", "admin"),
        ATTRIBUTE.replace("<saml:Attribute ", '<saml:Attribute NameFormat="urn:x" '),
        ATTRIBUTE.replace("<saml:Attribute ", '<saml:Attribute FriendlyName="other" '),
        f"{END}<saml:AttributeStatement>{ATTRIBUTE}",
    ],
)
@pytest.mark.requires("SAMLCore-2.7.3")
def test_an_attribute_that_is_there_twice_is_refused(smuggled: str) -> None:
    with pytest.raises(Malformed):
        read(assertion().replace(END, smuggled + END))


def test_a_friendly_name_is_never_the_name() -> None:
    found = read(
        assertion().replace(
            END, ATTRIBUTE.replace('Name="urn:example:role"', 'Name="urn:y" FriendlyName="urn:x"') + END
        )
    )
    assert (found.values("urn:x"), found.values("urn:y")) == ((), ("reader",))
    assert found.values("URN:Y") == ()


@pytest.mark.parametrize("name", ["", " ", "urn:x ", "e\u0301", "a\tb"])
def test_an_attribute_with_a_name_that_could_be_another_is_refused(name: str) -> None:
    found = element(assertion())
    for each in found.iter("{urn:oasis:names:tc:SAML:2.0:assertion}Attribute"):
        each.set("Name", name)
    with pytest.raises(Malformed):
        reading.read_assertion(proven(sign(found, KEY)))


def test_attributes_of_a_foreign_namespace_are_not_taken_for_ours() -> None:
    found = element(assertion())
    foreign = "{urn:evil}"
    [name] = found.iter("{urn:oasis:names:tc:SAML:2.0:assertion}NameID")
    name.set(foreign + "NameQualifier", "urn:evil")
    found.set(foreign + "Version", "3.0")
    octets = sign(found, KEY)
    assert b"urn:evil" in etree.tostring(etree.fromstring(octets))
    assert reading.read_assertion(proven(octets)) == read(assertion())


@pytest.mark.parametrize(
    "number",
    [
        "99999001\uff19",
        "9999.90.019",
        "999 990 019",
        "\u0669\u0669\u0669\u0669\u0669\u0660\u0660\u0661\u0669",
    ],
)
def test_a_number_is_written_in_one_way(number: str) -> None:
    settings = (("entity_id", IDP), ("speaks", "digid3"))
    admission = replace(ADMISSION, gives_bsn=True, settings=settings)
    partner = replace(PARTNER, admission=admission, speaks=Speaks.DIGID3)

    def told(digits: str) -> str:
        return outcome(
            signed(written(say(f"{SUBJECT}/saml:NameID", f"s00000000:{digits}")), SignedPart.BOTH), partner
        )

    assert told("999990019") == ""
    assert told(number) == "proof-invalid"
