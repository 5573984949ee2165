"""S30: an identity smuggled in: by a name given twice, by blanks, by look-alikes, by another's qualifier."""

from __future__ import annotations

import pytest

from tests.hostile.savers import saver_of, savings_bank
from tests.journeys.house import House
from tests.means.savings_bank import savings
from tests.saml.parties import assertion, response, signed, trusted
from toegang.errors import Malformed, Refusal
from toegang.saml.document import admit
from toegang.saml.messages import Assertion, Attribute, NameId
from toegang.saml.reading import read_assertion
from toegang.saml.signature import AssertionOnly, verify_response

ROLE = (
    '<saml:Attribute Name="urn:example:role"><saml:AttributeValue>reader</saml:AttributeValue>'
    "</saml:Attribute>"
)
NAME = ">somebody</saml:NameID>"


def read(text: str) -> Assertion:
    """Read what a trusted party really signed."""
    answer = verify_response(admit(response(signed(text)).encode()), [trusted()])
    assert isinstance(answer, AssertionOnly)
    return read_assertion(answer.assertion)


def changed(old: str, new: str) -> str:
    text = assertion().replace(old, new, 1)
    assert text != assertion()
    return text


def test_what_is_changed_here_is_read_as_it_was_signed() -> None:
    told = read(assertion())
    assert isinstance(told.subject, NameId)
    assert (told.subject.value, told.values("urn:example:role")) == ("somebody", ("reader",))


@pytest.mark.parametrize(
    "second",
    [
        ROLE,
        ROLE.replace("reader", "owner"),
        ROLE.replace(">reader", ">owner").replace("<saml:Attribute ", '<saml:Attribute FriendlyName="role" '),
        ROLE.replace(
            "<saml:Attribute ",
            '<saml:Attribute NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic" ',
        ),
    ],
)
@pytest.mark.requires("SAMLCore-2.7.3.1")
def test_an_attribute_that_is_given_twice_is_none(second: str) -> None:
    with pytest.raises(Malformed):
        read(changed(ROLE, ROLE + second))
    with pytest.raises(Malformed):
        read(
            changed(
                "</saml:AttributeStatement>",
                f"</saml:AttributeStatement><saml:AttributeStatement>{second}</saml:AttributeStatement>",
            )
        )


def test_a_friendly_name_is_a_word_for_people_and_finds_nothing() -> None:
    told = read(changed("<saml:Attribute ", '<saml:Attribute FriendlyName="urn:example:owner" '))
    assert told.values("urn:example:owner") == ()


def test_names_are_told_apart_to_the_letter() -> None:
    told = read(changed(ROLE, ROLE + ROLE.replace(":role", ":Role").replace("reader", "owner")))
    assert told.values("urn:example:role") == ("reader",)
    assert told.values("urn:example:Role") == ("owner",)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\n",
        " somebody",
        "somebody ",
        "some\tbody",
        "\u00a0somebody",
        "somebody\u2003",
        "some\u0007body".replace("\u0007", "\u0085"),
        "e\u0301",
        "\u212b",
        "<saml:NameID>somebody</saml:NameID>",
        "some<b/>body",
    ],
)
@pytest.mark.requires("SAMLCore-2.2.3")
def test_a_name_that_is_blank_or_has_two_ways_of_writing_is_refused(name: str) -> None:
    with pytest.raises(Refusal):
        read(changed(NAME, f">{name}</saml:NameID>"))


def test_a_look_alike_is_somebody_else() -> None:
    cyrillic = "s\u043emebody"
    told = read(changed(NAME, f">{cyrillic}</saml:NameID>"))
    assert isinstance(told.subject, NameId)
    assert told.subject.value == cyrillic
    assert told.subject.value != "somebody"


def test_a_qualifier_is_kept_apart_from_the_name() -> None:
    told = read(changed("<saml:NameID ", '<saml:NameID NameQualifier="https://other.example/" '))
    assert isinstance(told.subject, NameId)
    assert (told.subject.value, told.subject.name_qualifier) == ("somebody", "https://other.example/")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<saml:Subject>", "<saml:Subject><saml:NameID>attacker</saml:NameID>"),
        ("</saml:NameID>", "</saml:NameID><saml:NameID>attacker</saml:NameID>"),
        (
            "</saml:Subject>",
            "</saml:Subject><saml:Subject><saml:NameID>attacker</saml:NameID></saml:Subject>",
        ),
        ("<saml:Issuer>", "<saml:Issuer>https://other.example/</saml:Issuer><saml:Issuer>"),
        ("<saml:Issuer>", '<saml:Issuer NameQualifier="https://other.example/">'),
        (
            "</saml:AuthnStatement>",
            '</saml:AuthnStatement><saml:AuthnStatement AuthnInstant="2026-01-01T00:00:00Z"/>',
        ),
        ("<saml:Conditions ", "text<saml:Conditions "),
        ("</saml:Audience>", "<b/></saml:Audience>"),
    ],
)
def test_there_is_one_of_each_that_says_who_it_is(old: str, new: str) -> None:
    with pytest.raises(Refusal):
        read(changed(old, new))


BLANK = ("", " ", " 4711", "4711\n", "4711\u00a0", "47\x8511", "x" * 5_000)


@pytest.mark.parametrize("text", BLANK, ids=range(len(BLANK)))
@pytest.mark.requires("SAMLCore-8.3")
async def test_an_attribute_that_names_the_person_is_held_to_what_a_name_is(
    lone_house: House, text: str
) -> None:
    """Whoever is named by nothing would otherwise be one and the same person: everybody without a name."""
    async with savings_bank(lone_house) as bank:
        await lone_house.put(savings(bank, settings={"subject": "urn:bank:customer"}))
        saver = saver_of(lone_house, bank)
        await saver.leave()
        told = (Attribute(name="urn:bank:customer", values=(text,)),)
        page = await saver.answer(attributes=told)
    assert (page.status_code, "proof-invalid" in page.text) == (400, True)
