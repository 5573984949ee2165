"""Forged documents: a genuine signature, and something else that wants to be read in its stead.

Every forgery is a genuine document that is taken apart and put together again, by five choices: which
document, where the genuine element goes, what becomes of its signature, which ID the evil one carries, what
the signature refers to, and a trick with namespaces. Not one of them may be believed.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from lxml import etree

from tests.saml.parties import (
    HUB,
    artifact_response,
    assertion,
    element,
    envelope,
    response,
    signed,
    trusted,
)
from toegang.saml.encryption import encrypt_assertion
from toegang.saml.names import DS, SAML, SAMLP

EVIL = "attacker"
SIGNATURE = f"{{{DS}}}Signature"
ASSERTION = f"{{{SAML}}}Assertion"
RESPONSE = f"{{{SAMLP}}}Response"
Element = etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Genuine:
    """A document that is believed, and the name of the element in it that is forged."""

    name: str
    text: str
    target: str


@cache
def genuine() -> tuple[Genuine, ...]:
    """Return documents as honest parties send them: each is believed as it is."""
    inner = signed(assertion())
    sealed = encrypt_assertion(inner.encode(), HUB, trusted(who=HUB)).decode()
    answers = {
        "response signed": signed(response(assertion())),
        "assertion signed": response(inner),
        "both signed": signed(response(inner)),
        "encrypted inside": signed(response(sealed)),
    }
    found = [
        Genuine(name=name, text=text, target=target)
        for name, text in answers.items()
        for target in (RESPONSE, ASSERTION)
        if not (target == ASSERTION and name == "encrypted inside")
    ]
    return (*found, *(_enveloped(each) for each in found if each.name == "both signed"))


def _enveloped(each: Genuine) -> Genuine:
    text = envelope(signed(artifact_response(each.text)))
    return Genuine(name=f"{each.name}, by artifact", text=text, target=each.target)


Carrier = Callable[[Element, Element], None]


def _inside(path: str, *, first: bool = False) -> Carrier:
    """Put the genuine element in the evil one, at the end of a path that is made where it lacks."""

    def carry(evil: Element, original: Element) -> None:
        at = evil
        for tag in filter(None, path.split(" ")):
            found = at.find(tag)
            at = etree.SubElement(at, tag) if found is None else found
        at.insert(0 if first else len(at), original)

    return carry


def _beside(*, after: bool) -> Carrier:
    def carry(evil: Element, original: Element) -> None:
        parent = evil.getparent()
        if parent is None:
            evil.insert(len(evil) if after else 0, original)
        else:
            parent.insert(parent.index(evil) + after, original)

    return carry


CARRIERS: dict[str, Carrier] = {
    "before it": _beside(after=False),
    "after it": _beside(after=True),
    "first in it": _inside("", first=True),
    "last in it": _inside(""),
    "in its signature": _inside(SIGNATURE),
    "first in its signature": _inside(SIGNATURE, first=True),
    "in an Object": _inside(f"{SIGNATURE} {{{DS}}}Object"),
    "in KeyInfo": _inside(f"{SIGNATURE} {{{DS}}}KeyInfo"),
    "in SignedInfo": _inside(f"{SIGNATURE} {{{DS}}}SignedInfo"),
    "in Extensions": _inside(f"{{{SAMLP}}}Extensions"),
    "in StatusDetail": _inside(f"{{{SAMLP}}}Status {{{SAMLP}}}StatusDetail"),
    "in its subject": _inside(f"{{{SAML}}}Subject {{{SAML}}}SubjectConfirmation"),
    "in an attribute": _inside(f"{{{SAML}}}AttributeStatement {{{SAML}}}Attribute {{{SAML}}}AttributeValue"),
    "in Advice": _inside(f"{{{SAML}}}Advice"),
    "in Advice of its assertion": _inside(f"{ASSERTION} {{{SAML}}}Advice"),
    "in a wrapper": _inside("{urn:example:wrapper}wrapper"),
}
SIGNATURES = ("left in place", "moved", "copied", "loose beside", "doubled")
IDS = ("the same", "another", "none", "in Id too", "in xml:id")
REFERENCES = ("as it was", "empty", "to the evil one", "by xpointer", "absent")
TRICKS = ("none", "default namespace", "older namespace", "redeclared prefix", "upper case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """The five choices; `octets` puts the document together."""

    base: Genuine
    carrier: str
    signature: str
    identity: str
    reference: str
    trick: str

    def octets(self) -> bytes:
        """Forge the document."""
        root = element(self.base.text)
        original = root if root.tag == self.base.target else root.find(f".//{self.base.target}")
        if original is None:
            raise LookupError(self.base)
        evil = _bent(original)
        _identify(evil, self.identity)
        parent = original.getparent()
        if parent is not None:
            parent.replace(original, evil)
        _place_signature(evil, original, self.signature)
        CARRIERS[self.carrier](evil, original)
        document = root if parent is not None else evil
        _refer(document, self.reference, evil)
        return _tricked(etree.tostring(document), self.trick)


def forgeries() -> Iterator[Forgery]:
    """Return every combination of choices, in one order."""
    for base, carrier, signature, identity, reference, trick in itertools.product(
        genuine(), CARRIERS, SIGNATURES, IDS, REFERENCES, TRICKS
    ):
        yield Forgery(
            base=base,
            carrier=carrier,
            signature=signature,
            identity=identity,
            reference=reference,
            trick=trick,
        )


def some_forgeries(number: int, seed: int = 3) -> list[Forgery]:
    """Return so many different ones, drawn over all choices alike."""
    return Random(seed).sample(list(forgeries()), number)  # noqa: S311 - which ones is no secret


def _bent(original: Element) -> Element:
    """Return a copy that says what the forger wants."""
    evil = copy.deepcopy(original)
    evil.tail = original.tail
    for signature in evil.iter(SIGNATURE):
        if (parent := signature.getparent()) is not None:
            parent.remove(signature)
    for name in evil.iter(f"{{{SAML}}}NameID"):
        name.text = EVIL
    for name in evil.iter(f"{{{SAML}}}EncryptedAssertion"):
        if (parent := name.getparent()) is not None:
            parent.replace(name, element(assertion("_e1", EVIL)))
    return evil


def _identify(evil: Element, how: str) -> None:
    identity = evil.get("ID", "")
    if how == "the same":
        return
    for number, inner in enumerate(evil.iterdescendants("{*}*")):
        if "ID" in inner.attrib:
            inner.set("ID", f"_evil{number}")
    evil.set("ID", "_evil")
    if how == "none":
        del evil.attrib["ID"]
    elif how == "in Id too":
        evil.set("Id", identity)
    elif how == "in xml:id":
        evil.set("{http://www.w3.org/XML/1998/namespace}id", identity)


def _place_signature(evil: Element, original: Element, how: str) -> None:
    found = original.find(SIGNATURE)
    if found is None or how == "left in place":
        return
    copies = {"moved": 1, "copied": 1, "loose beside": 0, "doubled": 2}[how]
    for _ in range(copies):
        evil.insert(1, copy.deepcopy(found))
    if how == "loose beside" and (parent := evil.getparent()) is not None:
        parent.insert(0, copy.deepcopy(found))
    if how != "copied":
        original.remove(found)


def _refer(document: Element, how: str, evil: Element) -> None:
    for reference in document.iter(f"{{{DS}}}Reference"):
        if how == "empty":
            reference.set("URI", "")
        elif how == "to the evil one":
            reference.set("URI", "#" + evil.get("ID", ""))
        elif how == "by xpointer":
            reference.set("URI", f"#xpointer(id('{reference.get('URI', '')[1:]}'))")
        elif how == "absent":
            del reference.attrib["URI"]


def _tricked(octets: bytes, how: str) -> bytes:
    """Change how the first assertion or response is named, as another parser would perhaps not notice."""
    if how == "default namespace":
        return octets.replace(b"<saml:Issuer>", b'<Issuer xmlns="%s">' % SAML.encode(), 1).replace(
            b"</saml:Issuer>", b"</Issuer>", 1
        )
    if how == "older namespace":
        return octets.replace(SAML.encode(), b"urn:oasis:names:tc:SAML:1.0:assertion", 1)
    if how == "redeclared prefix":
        return octets.replace(b"<ds:Signature ", b'<ds:Signature xmlns:saml="urn:example:other" ', 1)
    if how == "upper case":
        return octets.replace(b"saml:Assertion", b"saml:ASSERTION").replace(b' ID="', b' id="', 1)
    return octets
