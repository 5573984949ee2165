"""Whom an entity belongs to, whom to reach, and what it is certified for, as its metadata says."""

from __future__ import annotations

from typing import Final

from toegang.saml.elements import Children, Element, needed, tag, text
from toegang.saml.metadata.values import EntityContact
from toegang.saml.names import CERTIFICATION, MD, MDATTR, SAML

LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"

Localised = tuple[tuple[str, str], ...]
"""Texts with their languages: (language, text)."""


def parse_localised(elements: tuple[Element, ...]) -> Localised:
    """SAMLMeta-2.2.4: read texts that have a language each."""
    return tuple((needed(each, LANGUAGE), folded(each)) for each in elements)


def parse_organisation(element: Element) -> tuple[Localised, Localised]:
    """SAMLMeta-2.3.2.1: read what people call an organisation, and the addresses of its websites."""
    children = Children(element)
    children.optional(tag(MD, "Extensions"))
    children.many(tag(MD, "OrganizationName"))
    names = parse_localised(children.many(tag(MD, "OrganizationDisplayName")))
    addresses = parse_localised(children.many(tag(MD, "OrganizationURL")))
    children.end()
    return names, addresses


def parse_contact(element: Element) -> EntityContact:
    """SAMLMeta-2.3.2.2: read whom to reach; of several addresses and numbers the first."""
    children = Children(element)
    children.optional(tag(MD, "Extensions"))
    company = children.optional(tag(MD, "Company"))
    names = [children.optional(tag(MD, each)) for each in ("GivenName", "SurName")]
    mails = children.many(tag(MD, "EmailAddress"))
    numbers = children.many(tag(MD, "TelephoneNumber"))
    children.end()
    return EntityContact(
        role=needed(element, "contactType"),
        company="" if company is None else folded(company),
        name=" ".join(folded(each) for each in names if each is not None),
        mail=folded(mails[0]).removeprefix("mailto:") if mails else "",
        telephone=folded(numbers[0]) if numbers else "",
    )


def parse_certifications(extensions: Element) -> tuple[str, ...]:
    """SAML-IAP-2: read which frameworks of assurance the entity says it is certified for."""
    return tuple(
        folded(value)
        for group in extensions.iterchildren(tag(MDATTR, "EntityAttributes"))
        for attribute in group.iterchildren(tag(SAML, "Attribute"))
        if attribute.get("Name") == CERTIFICATION
        for value in attribute.iterchildren(tag(SAML, "AttributeValue"))
    )


def folded(element: Element) -> str:
    """Return a text for people, with white space as they see it."""
    return " ".join(text(element).split())
