"""An assertion and its parts, read from what was verified, in the order of the schema (SAMLCore-2.3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from toegang.errors import Malformed
from toegang.saml.document import canonical
from toegang.saml.elements import (
    Children,
    Element,
    address,
    boolean,
    composed,
    identifier,
    local,
    moment,
    name,
    needed,
    tag,
    text,
    uri,
)
from toegang.saml.messages import (
    Assertion,
    Attribute,
    AuthnStatement,
    Confirmation,
    EncryptedId,
    NameId,
    Value,
)
from toegang.saml.names import DS, SAML, XENC, XSI, NameFormat
from toegang.saml.times import parse_moment

VERSION: Final = "2.0"
LONGEST_NAME: Final = 4_096
"""Characters of a NameID; an encrypted pseudonym in base64 is the longest honest one."""

SIGNATURE: Final = tag(DS, "Signature")
_NAME_ID: Final = tag(SAML, "NameID")
_ENCRYPTED_ID: Final = tag(SAML, "EncryptedID")
_AUTHN: Final = tag(SAML, "AuthnStatement")
_ATTRIBUTES: Final = tag(SAML, "AttributeStatement")
_QUALIFIERS: Final = frozenset({"NameQualifier", "SPNameQualifier", "SPProvidedID"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What every message and assertion begins with."""

    id: str
    issuer: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conditions:
    not_before: datetime | None = None
    not_on_or_after: datetime | None = None
    audiences: tuple[tuple[str, ...], ...] = ()
    one_time: bool = False


def parse_assertion(element: Element, advice: tuple[bytes, ...] = ()) -> Assertion:
    """SAMLCore-2.3.3: read one assertion; `advice` are the assertions of others that stand in it.

    1. Version 2.0, an ID, one issuer that is an entity, one subject that is named or encrypted.
    2. Conditions that are all understood (SAMLCore-2.5.1.1).
    3. At most one authentication statement, and attributes of which no name occurs twice.
    The caller must check every time, audience, confirmation and issuer.

    Raises:
        Malformed: any of these is otherwise, or something stands where it may not.

    """
    # 1.
    children = Children(element)
    head = parse_head(element, children)
    subject, confirmations = _subject(children.one(tag(SAML, "Subject")))
    # 2.
    conditions = _conditions(children.optional(tag(SAML, "Conditions")))
    children.optional(tag(SAML, "Advice"))
    # 3.
    statements = children.many(_AUTHN, _ATTRIBUTES)
    children.end()
    return Assertion(
        id=head.id,
        issuer=head.issuer,
        issued_at=head.issued_at,
        subject=subject,
        confirmations=confirmations,
        not_before=conditions.not_before,
        not_on_or_after=conditions.not_on_or_after,
        audiences=conditions.audiences,
        one_time=conditions.one_time,
        authn=_authn([each for each in statements if each.tag == _AUTHN]),
        attributes=parse_attributes(
            tuple(child for each in statements if each.tag == _ATTRIBUTES for child in _held(each))
        ),
        advice=advice,
    )


def parse_head(element: Element, children: Children) -> Head:
    """SAMLCore-3.2.1 and -2.3.3: read version, ID, moment and issuer; pass over a signature."""
    if element.get("Version") != VERSION:
        message = f"{local(element)} is not of version {VERSION}"
        raise Malformed(message)
    needed(element, "ID")
    issuer = parse_issuer(children.one(tag(SAML, "Issuer")))
    children.optional(SIGNATURE)
    return Head(
        id=identifier(element, "ID"),
        issuer=issuer,
        issued_at=parse_moment(needed(element, "IssueInstant")),
    )


def parse_name(children: Children) -> NameId | EncryptedId | None:
    """SAMLCore-2.2.1: take a name or an encrypted name; None when neither comes next."""
    if (encrypted := children.optional(_ENCRYPTED_ID)) is not None:
        return _encrypted(encrypted)
    if (plain := children.optional(_NAME_ID)) is not None:
        return parse_name_id(plain)
    return None


def parse_name_id(element: Element) -> NameId:
    """SAMLCore-2.2.3: read a NameID, exactly as it is written; blank ones are refused (S30)."""
    return NameId(
        value=check_name(text(element)),
        format=address(element, "Format"),
        name_qualifier=_qualifier(element, "NameQualifier"),
        sp_name_qualifier=_qualifier(element, "SPNameQualifier"),
    )


def check_name(value: str) -> str:
    """SAMLCore-8.3: return a text by which somebody is told apart, in a NameID or an attribute (S30).

    Raises:
        Malformed: it is blank, begins or ends so, has two ways of writing, or is too long.

    """
    if len(value) > LONGEST_NAME:
        message = "a name that is too long"
        raise Malformed(message)
    return name(value, "a name")


def parse_attributes(elements: tuple[Element, ...]) -> tuple[Attribute, ...]:
    """SAMLCore-2.7.3.1: read attributes; no name may occur twice, in whatever format (S30)."""
    found: dict[str, Attribute] = {}
    for element in elements:
        if element.tag != tag(SAML, "Attribute"):
            message = f"{local(element)} stands where an attribute must"
            raise Malformed(message)
        attribute = _attribute(element)
        if attribute.name in found:
            message = "an attribute occurs twice"
            raise Malformed(message)
        found[attribute.name] = attribute
    return tuple(found.values())


def parse_issuer(element: Element) -> str:
    """SAMLCore-2.2.5: an issuer is an entity, and has no qualifiers then (SAMLCore-8.3.6)."""
    if element.get("Format") not in {None, NameFormat.ENTITY}:
        message = "an issuer that is not an entity"
        raise Malformed(message)
    if not _QUALIFIERS.isdisjoint(element.keys()):
        message = "an issuer with qualifiers"
        raise Malformed(message)
    return uri(element)


def _encrypted(element: Element) -> EncryptedId:
    recipients = {each.get("Recipient") for each in element.iter(tag(XENC, "EncryptedKey"))} - {None, ""}
    if len(recipients) > 1:
        message = "an encrypted name for more than one recipient"
        raise Malformed(message)
    return EncryptedId(octets=canonical(element), recipient=next(iter(recipients), None) or "")


def _qualifier(element: Element, key: str) -> str:
    value = element.get(key)
    return "" if value is None else name(value, key)


def _subject(element: Element) -> tuple[NameId | EncryptedId, tuple[Confirmation, ...]]:
    """SAMLCore-2.4.1: a name and how the assertion is bound to who brings it."""
    children = Children(element)
    found = parse_name(children)
    if found is None:
        message = "a subject without a name"
        raise Malformed(message)
    confirmations = children.many(tag(SAML, "SubjectConfirmation"))
    children.end()
    return found, tuple(_confirmation(each) for each in confirmations)


def _confirmation(element: Element) -> Confirmation:
    """SAMLCore-2.4.1.1; a confirmation by somebody else, who has a name of their own, is refused."""
    method = address(element, "Method")
    if not method:
        message = "a confirmation without a method"
        raise Malformed(message)
    children = Children(element)
    data = children.optional(tag(SAML, "SubjectConfirmationData"))
    children.end()
    if data is None:
        return Confirmation(method=method)
    return Confirmation(
        method=method,
        recipient=address(data, "Recipient"),
        not_before=moment(data, "NotBefore"),
        not_on_or_after=moment(data, "NotOnOrAfter"),
        in_response_to=identifier(data, "InResponseTo"),
        address=_qualifier(data, "Address"),
    )


def _conditions(element: Element | None) -> _Conditions:
    """SAMLCore-2.5.1: each condition is understood; one that is not makes the assertion worthless.

    ProxyRestriction is not understood: the hub exists to pass on who somebody is.
    """
    if element is None:
        return _Conditions()
    audiences = []
    one_time = False
    for child in Children(element).rest():
        if child.tag == tag(SAML, "AudienceRestriction"):
            audiences.append(_audiences(child))
        elif child.tag == tag(SAML, "OneTimeUse") and not one_time:
            one_time = True
        else:
            message = f"the condition {local(child)} is not understood, or occurs twice"
            raise Malformed(message)
    return _Conditions(
        not_before=moment(element, "NotBefore"),
        not_on_or_after=moment(element, "NotOnOrAfter"),
        audiences=tuple(audiences),
        one_time=one_time,
    )


def _audiences(element: Element) -> tuple[str, ...]:
    children = Children(element)
    found = tuple(uri(each) for each in children.many(tag(SAML, "Audience")))
    children.end()
    if not found:
        message = "an audience restriction for nobody"
        raise Malformed(message)
    return found


def _authn(elements: list[Element]) -> AuthnStatement | None:
    """SAMLCore-2.7.2: at most one, with a class; what else may describe a context is passed over."""
    if not elements:
        return None
    if len(elements) > 1:
        message = "more than one authentication statement"
        raise Malformed(message)
    children = Children(elements[0])
    children.optional(tag(SAML, "SubjectLocality"))
    context = Children(children.one(tag(SAML, "AuthnContext")))
    children.end()
    context_class = uri(context.one(tag(SAML, "AuthnContextClassRef")))
    context.many(tag(SAML, "AuthnContextDecl"), tag(SAML, "AuthnContextDeclRef"))
    authorities = tuple(uri(each) for each in context.many(tag(SAML, "AuthenticatingAuthority")))
    context.end()
    return AuthnStatement(
        at=parse_moment(needed(elements[0], "AuthnInstant")),
        context_class=context_class,
        session_index=_qualifier(elements[0], "SessionIndex"),
        session_until=moment(elements[0], "SessionNotOnOrAfter"),
        authorities=authorities,
    )


def _held(element: Element) -> tuple[Element, ...]:
    """SAMLCore-2.7.3: return what a statement holds, which is one attribute or more."""
    found = Children(element).rest()
    if not found:
        message = "a statement of no attributes"
        raise Malformed(message)
    return found


def _attribute(element: Element) -> Attribute:
    children = Children(element)
    values = children.many(tag(SAML, "AttributeValue"))
    children.end()
    return Attribute(
        name=name(needed(element, "Name"), "the name of an attribute"),
        values=tuple(value for each in values for value in _values(each)),
        name_format=address(element, "NameFormat"),
        friendly_name=_qualifier(element, "FriendlyName"),
    )


def _values(element: Element) -> tuple[Value, ...]:
    """SAMLCore-2.7.3.1.1: a text, or names; nothing for one that says it is nil."""
    if boolean(element, tag(XSI, "nil")):
        return ()
    if not len(element):
        return (composed(text(element), "a value"),)
    children = Children(element)
    found = []
    while (value := parse_name(children)) is not None:
        found.append(value)
    children.end()
    return tuple(found)
