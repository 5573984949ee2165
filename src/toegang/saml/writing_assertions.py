"""An assertion and its parts as octets, in the order of the schema (SAMLCore-2.3.3).

`alone` is for what stands in no assertion: nothing around it declares the namespace of assertions.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from toegang.saml.markup import element, inside, leaf
from toegang.saml.messages import (
    Assertion,
    Attribute,
    AuthnStatement,
    Confirmation,
    EncryptedId,
    NameId,
    Value,
)
from toegang.saml.times import write_moment

VERSION = "2.0"


def write_statements(value: Assertion) -> tuple[bytes, ...]:
    """SAMLCore-2.3.3: return what an assertion holds after its issuer and its signature."""
    return (
        _subject(value),
        *_conditions(value),
        *_advice(value),
        *(_authn(each) for each in (value.authn,) if each),
        *_attributes(value.attributes),
    )


@lru_cache(maxsize=64)
def write_issuer(entity_id: str, *, alone: bool = False) -> bytes:
    """SAMLCore-2.2.5: return who speaks, which is nearly always us; without a format it is an entity."""
    return leaf("saml:Issuer", entity_id, alone=alone)


def write_subject_name(value: NameId | EncryptedId, *, alone: bool = False) -> bytes:
    """SAMLCore-2.2.1: return a name, or the encrypted name as it was given."""
    if isinstance(value, NameId):
        return write_name_id(value, alone=alone)
    return value.octets if alone else inside(value.octets, "saml")


def write_name_id(value: NameId, *, alone: bool = False) -> bytes:
    """SAMLCore-2.2.3: return a NameID."""
    attributes = {
        "Format": value.format or None,
        "NameQualifier": value.name_qualifier or None,
        "SPNameQualifier": value.sp_name_qualifier or None,
    }
    return leaf("saml:NameID", value.value, attributes, alone=alone)


def write_attribute(value: Attribute, *, alone: bool = False) -> bytes:
    """SAMLCore-2.7.3.1: return an attribute with one AttributeValue for each value."""
    return element(
        "saml:Attribute",
        {
            "Name": value.name,
            "NameFormat": value.name_format or None,
            "FriendlyName": value.friendly_name or None,
        },
        *(_value(each) for each in value.values),
        alone=alone,
    )


def moment_or_none(at: datetime | None) -> str | None:
    """Return a moment as it is written, or None, which leaves an attribute out."""
    return write_moment(at) if at else None


def _subject(value: Assertion) -> bytes:
    return element(
        "saml:Subject",
        {},
        write_subject_name(value.subject),
        *(_confirmation(each) for each in value.confirmations),
    )


def _confirmation(value: Confirmation) -> bytes:
    data = {
        "NotBefore": moment_or_none(value.not_before),
        "NotOnOrAfter": moment_or_none(value.not_on_or_after),
        "Recipient": value.recipient or None,
        "InResponseTo": value.in_response_to or None,
        "Address": value.address or None,
    }
    content = (element("saml:SubjectConfirmationData", data),) if any(data.values()) else ()
    return element("saml:SubjectConfirmation", {"Method": value.method}, *content)


def _conditions(value: Assertion) -> tuple[bytes, ...]:
    window = {
        "NotBefore": moment_or_none(value.not_before),
        "NotOnOrAfter": moment_or_none(value.not_on_or_after),
    }
    content = [
        element("saml:AudienceRestriction", {}, *(leaf("saml:Audience", each) for each in group))
        for group in value.audiences
    ]
    if value.one_time:
        content.append(element("saml:OneTimeUse", {}))
    return (element("saml:Conditions", window, *content),) if content or any(window.values()) else ()


def _advice(value: Assertion) -> tuple[bytes, ...]:
    """Embed what others signed, byte for byte (SAMLCore-2.6.1), and what we did, in canonical form."""
    advice = (inside(each, "saml") for each in value.advice)
    return (element("saml:Advice", {}, *advice),) if value.advice else ()


def _authn(value: AuthnStatement) -> bytes:
    context = element(
        "saml:AuthnContext",
        {},
        leaf("saml:AuthnContextClassRef", value.context_class),
        *(leaf("saml:AuthenticatingAuthority", each) for each in value.authorities),
    )
    return element(
        "saml:AuthnStatement",
        {
            "AuthnInstant": write_moment(value.at),
            "SessionIndex": value.session_index or None,
            "SessionNotOnOrAfter": moment_or_none(value.session_until),
        },
        context,
    )


def _attributes(values: tuple[Attribute, ...]) -> tuple[bytes, ...]:
    if not values:
        return ()
    return (element("saml:AttributeStatement", {}, *(write_attribute(each) for each in values)),)


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return leaf("saml:AttributeValue", value)
    return element("saml:AttributeValue", {}, write_subject_name(value))
