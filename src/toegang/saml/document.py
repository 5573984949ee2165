"""The gate: octets from outside become a document that nobody can read yet.

    admit(octets) -> Unverified -> signature.verify -> Verified -> reading.py

An `Unverified` tells what it claims to be and whom it claims to come from, so that the keys to verify it
with can be found; nothing else of it can be read outside this room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from lxml import etree

from toegang.errors import Malformed, TooLarge
from toegang.saml.names import SAML
from toegang.saml.placement import check_places, tag_of
from toegang.saml.why import Why

Kind = tuple[str, str]
"""A namespace and a local name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """More than this is not honest. Sizes in octets; `comments` may stand in the file and are not read."""

    octets: int
    depth: int
    elements: int
    attributes: int
    attributes_each: int
    namespaces: int
    comments: bool = False


MESSAGE: Final = Limits(
    octets=256 * 1024, depth=40, elements=4_000, attributes=8_000, attributes_each=32, namespaces=512
)
METADATA: Final = Limits(
    octets=256 * 1024 * 1024,
    depth=40,
    elements=3_000_000,
    attributes=4_000_000,
    attributes_each=64,
    namespaces=1_000_000,
    comments=True,
)

DECLARATION = re.compile(
    rb"""<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')"""
    rb"""(?:\s+encoding\s*=\s*(?:"[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8'))?"""
    rb"""(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>"""
)
# It begins with letters, not with what stands before them: letters are found without trying every octet.
NAMESPACE = re.compile(rb"""xmlns(?<=\sxmlns)(?::[^\s=>"']+)?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:[^&\s]+")
LOOKAHEAD = 10_000_000
"""Octets that the parser takes without being told that a document may be large."""
WHITE = b" \t\r\n"
LONGEST_NAMESPACE = 256  # octets
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unverified:
    """A well-formed document that came through the gate; by whom it was made is not known."""

    _element: etree._Element = field(repr=False)

    @property
    def kind(self) -> Kind:
        """What it claims to be."""
        return kind_of(self._element)

    @property
    def claimed_id(self) -> str:
        """The ID that it gives itself, '' for none; only to find what it answers to."""
        return self._element.get("ID", "")

    @property
    def claimed_issuer(self) -> str:
        """SAMLCore-3.2.1: the entity that it says it comes from, '' for none; only to find its keys.

        Metadata gives its entityID instead.
        """
        if (entity := self._element.get("entityID")) is not None:
            return entity
        first = next(iter(self._element), None)
        if first is None or first.tag != f"{{{SAML}}}Issuer" or len(first):
            return ""
        return (first.text or "").strip()


def admit(octets: bytes, limits: Limits = MESSAGE) -> Unverified:
    """Take a document from outside, or refuse it before anything of it is believed.

    1. It is no larger than anything honest, and UTF-8 (a byte order mark is passed over).
    2. After an XML declaration nothing begins with `<!` or `<?`: no DOCTYPE, entity, CDATA section,
       comment or processing instruction (metadata may hold comments, which the parser leaves out).
    3. Every namespace is an absolute URI, written without references (XMLC14N-1.3).
    4. It is well-formed, and its prefixes are declared; nothing is fetched or expanded.
    5. It has no more elements, attributes and depth than anything honest, and no ID twice.
    6. Signatures and assertions stand only where they may (placement.py).

    Raises:
        TooLarge: step 1 or 5, by size.
        Malformed: any other step.

    """
    # 1.
    if len(octets) > limits.octets:
        message = f"a document of {len(octets)} octets"
        raise TooLarge(message, why=Why.TOO_LARGE)
    octets = octets.removeprefix(BYTE_ORDER_MARK)
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "the document is not UTF-8"
        raise Malformed(message, why=Why.NOT_XML) from error
    # 2. and 3.
    _check_markup(octets, limits)
    _check_namespaces(octets, limits)
    # 4.
    root = _parse(octets, limits)
    # 5.
    _check_shape(root, limits)
    # 6.
    check_places(root)
    return Unverified(_element=root)


def enclosed(document: Unverified, *path: Kind) -> Unverified:
    """Step down to the message in an envelope, each step the only element of its name; '*' is any name.

    What is enclosed keeps its surroundings, so that a signature made over it there still holds.

    Raises:
        Malformed: a step leads to no element or to more than one, or text stands beside it.

    """
    element = document._element  # noqa: SLF001 - the same module
    for namespace, name in path:
        found = list(element.iterchildren(f"{{{namespace}}}{name}"))
        if len(found) != 1 or has_text(element):
            message = f"{len(found)} elements {name} where one must be, or text beside it"
            raise Malformed(message)
        element = found[0]
    return Unverified(_element=element)


def raw(document: Unverified) -> etree._Element:
    """Return the tree itself: for signature.py, which believes nothing of it before it is verified."""
    return document._element  # noqa: SLF001 - the same module


def reparse(octets: bytes) -> etree._Element:
    """Read canonical octets that this room made itself.

    Raises:
        Malformed: they cannot be read, which octets from `canonical` never cause.

    """
    return _parse(octets, METADATA)


def canonical(element: etree._Element, prefixes: tuple[str, ...] = ()) -> bytes:
    """EXC-C14N-3: the exclusive canonical form of an element in its surroundings, without comments.

    Raises:
        Malformed: it has no canonical form; what cannot be written is never taken for nothing.

    """
    try:
        octets: bytes = etree.tostring(
            element,
            method="c14n",
            exclusive=True,
            with_comments=False,
            inclusive_ns_prefixes=prefixes or None,
        )
    except (etree.LxmlError, ValueError) as error:
        message = "an element has no canonical form"
        raise Malformed(message) from error
    if not octets:
        message = "an element has an empty canonical form"
        raise Malformed(message)
    return octets


def kind_of(element: etree._Element) -> Kind:
    """Return the namespace ('' for none) and the local name of an element."""
    namespace, _, name = tag_of(element).rpartition("}")
    return namespace[1:], name


def has_text(element: etree._Element) -> bool:
    """Say whether text other than white space stands beside the children of an element."""
    beside = [element.text or "", *[each.tail or "" for each in element]]
    return bool("".join(beside).strip())


def _check_markup(octets: bytes, limits: Limits) -> None:
    # Counted in the octets too, where it costs no memory: an element of five octets takes a hundred.
    if octets.count(b"<") > 2 * limits.elements + limits.attributes_each:
        message = "more tags than anything honest has"
        raise TooLarge(message)
    declared = DECLARATION.match(octets)
    rest = octets[declared.end() :] if declared else octets
    if not rest.lstrip(WHITE).startswith(b"<") or BYTE_ORDER_MARK in rest:
        message = "something before the first element, or a byte order mark that is not the first"
        raise Malformed(message, why=Why.NOT_XML)
    if b"<?" in rest or b"\x00" in octets:
        message = "a processing instruction, a strange XML declaration, or a NUL"
        raise Malformed(message, why=Why.DOCTYPE)
    comments = rest.count(b"<!--") if limits.comments else 0
    if rest.count(b"<!") != comments:
        message = "a document type, a comment or a CDATA section"
        raise Malformed(message, why=Why.DOCTYPE)


def _check_namespaces(octets: bytes, limits: Limits) -> None:
    found = NAMESPACE.findall(octets)
    if len(found) > limits.namespaces:
        message = f"{len(found)} namespace declarations"
        raise TooLarge(message)
    for uri in {double or single for double, single in found}:
        # The canonical form repeats it at every element that uses it: 4,000 times 60,000 octets is a bomb.
        if len(uri) > LONGEST_NAMESPACE:
            message = f"a namespace of {len(uri)} octets"
            raise TooLarge(message)
        if uri and not ABSOLUTE.fullmatch(uri):
            message = "a namespace that is no absolute URI"
            raise Malformed(message)


def _parse(octets: bytes, limits: Limits) -> etree._Element:
    try:
        return etree.fromstring(octets, _parser(huge=limits.octets > LOOKAHEAD, comments=limits.comments))
    except (etree.XMLSyntaxError, ValueError) as error:
        message = "the document is not well-formed XML with namespaces"
        raise Malformed(message, why=Why.NOT_XML) from error


@cache
def _parser(*, huge: bool, comments: bool) -> etree.XMLParser[etree._Element]:
    """Return a parser that fetches and expands nothing; it forgets each document, and is made once."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=huge,
        recover=False,
        remove_comments=comments,
        strip_cdata=False,
    )


@cache
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


def _check_shape(root: etree._Element, limits: Limits) -> None:
    if _deeper_than(limits.depth)(root.getroottree()):
        message = f"elements deeper than {limits.depth}"
        raise TooLarge(message)
    attributes = 0
    ids: set[str] = set()
    for elements, element in enumerate(root.iter(), start=1):
        # Counted before they are looked at: asking for all of n attributes takes n times n steps.
        held = len(element.attrib)
        attributes += held
        if held > limits.attributes_each or elements > limits.elements or attributes > limits.attributes:
            message = f"{elements} elements with {attributes} attributes"
            raise TooLarge(message)
        for name, value in element.items() if held else ():
            if name[-2:].lower() == "id" and name.rpartition("}")[2].lower() == "id":
                if value in ids:
                    message = "an ID occurs twice"
                    raise Malformed(message)
                ids.add(value)
