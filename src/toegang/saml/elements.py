"""Elements of what was verified, read strictly: children in the order of the schema, texts without elements.

For the files beside it only. Every function takes an element that stands in something verified, and raises
`Malformed` where it is not what the norm says.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Final

from lxml import etree

from toegang.errors import Malformed
from toegang.saml.times import parse_moment

Element = etree._Element  # noqa: SLF001 - lxml gives the type of its elements no public name

HIGHEST_INDEX: Final = 65_535  # xs:unsignedShort
LONGEST_URI: Final = 1_024  # SAMLCore-8.3.6

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,255}")
_WHITE: Final = " \t\r\n"
_BLANK = re.compile(f"[{_WHITE}]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_INDEX = re.compile(r"[0-9]{1,5}")
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


def tag(namespace: str, name: str) -> str:
    """Return a name as lxml writes it."""
    return f"{{{namespace}}}{name}"


def local(element: Element) -> str:
    """Return an element's name without its namespace, for the log."""
    return str(element.tag).rpartition("}")[2]


class Children:
    """The child elements of one element, taken from first to last; what nobody takes is refused at `end`."""

    def __init__(self, element: Element) -> None:
        """Stand before the first child; text between children is white space only (SAMLCore-1.3.1)."""
        self._parent, self._rest = element, list(element)
        beside = [element.text or "", *[child.tail or "" for child in self._rest]]
        if "".join(beside).strip(_WHITE):
            message = f"{local(element)} holds text beside elements"
            raise Malformed(message)
        self._at = 0

    def optional(self, name: str) -> Element | None:
        """Take the next child if it has this name."""
        if self._at < len(self._rest) and self._rest[self._at].tag == name:
            self._at += 1
            return self._rest[self._at - 1]
        return None

    def one(self, name: str) -> Element:
        """Take the next child; it must have this name."""
        found = self.optional(name)
        if found is None:
            message = f"{local(self._parent)} has no {name.rpartition('}')[2]} where it must stand"
            raise Malformed(message)
        return found

    def many(self, *names: str) -> tuple[Element, ...]:
        """Take the next children as long as they have one of these names."""
        begin = self._at
        while self._at < len(self._rest) and self._rest[self._at].tag in names:
            self._at += 1
        return tuple(self._rest[begin : self._at])

    def rest(self) -> tuple[Element, ...]:
        """Take all children that are left."""
        begin, self._at = self._at, len(self._rest)
        return tuple(self._rest[begin:])

    def end(self) -> None:
        """Refuse a child that nobody took."""
        if self._at < len(self._rest):
            message = f"{local(self._parent)} holds {local(self._rest[self._at])} where it may not stand"
            raise Malformed(message)


def text(element: Element) -> str:
    """Return the text of an element that holds nothing else, exactly as it was written."""
    if len(element):
        message = f"{local(element)} holds an element where a text stands"
        raise Malformed(message)
    return element.text or ""


def uri(element: Element) -> str:
    """Return an xs:anyURI: white space around it does not count (XMLSchema-2-4.3.6), none may be in it."""
    return _uri(text(element).strip(_WHITE), local(element))


def name(value: str, what: str) -> str:
    """Return a text by which something is told apart: not blank, in one form of writing only (S30).

    Two names that look alike may not both exist: it is in Unicode's composed form, without white space at
    its ends and without control characters.
    """
    if not value or value != value.strip() or _CONTROLS.search(value):
        message = f"{what} is blank or holds blanks at its ends or controls"
        raise Malformed(message)
    return composed(value, what)


def composed(value: str, what: str) -> str:
    """Return a text that is in Unicode's composed form: one way to write what looks the same (S30)."""
    if not unicodedata.is_normalized("NFC", value):
        message = f"{what} is not in Unicode's composed form"
        raise Malformed(message)
    return value


def needed(element: Element, key: str) -> str:
    """Return an attribute that must be there and not be empty."""
    value = element.get(key)
    if not value:
        message = f"{local(element)} has no {key}"
        raise Malformed(message)
    return value


def identifier(element: Element, key: str) -> str:
    """Return an attribute of type xs:ID or xs:NCName, at most 256 characters; empty when it is not there."""
    value = element.get(key)
    if value is not None and not _ID.fullmatch(value):
        message = f"{key} of {local(element)} is not an identifier"
        raise Malformed(message)
    return value or ""


def address(element: Element, key: str) -> str:
    """Return an attribute of type xs:anyURI; empty when it is not there, and not empty when it is."""
    value = element.get(key)
    return "" if value is None else _uri(value, key)


def boolean(element: Element, key: str) -> bool | None:
    """Return an xs:boolean; None when it is not there."""
    value = element.get(key)
    if value is None:
        return None
    if value not in _BOOLEANS:
        message = f"{key} of {local(element)} is not true or false"
        raise Malformed(message)
    return _BOOLEANS[value]


def index(element: Element, key: str) -> int | None:
    """Return an xs:unsignedShort: 0 to 65535; None when it is not there."""
    value = element.get(key)
    if value is None:
        return None
    if not _INDEX.fullmatch(value) or int(value) > HIGHEST_INDEX:
        message = f"{key} of {local(element)} is not a number from 0 to {HIGHEST_INDEX}"
        raise Malformed(message)
    return int(value)


def moment(element: Element, key: str) -> datetime | None:
    """Return an xs:dateTime in UTC; None when it is not there."""
    value = element.get(key)
    return None if value is None else parse_moment(value)


def octets_of(element: Element) -> bytes:
    """Return an element as a document of its own, with every namespace that was in force where it stood.

    Written inclusively (XMLC14N-1.1): a signature inside, also one over names of namespaces in its
    content, holds in the new document exactly when it held in the old one.
    """
    try:
        return etree.tostring(element, method="c14n", with_comments=False)
    except (etree.LxmlError, ValueError) as error:
        message = f"{local(element)} has no canonical form"
        raise Malformed(message) from error


def _uri(value: str, what: str) -> str:
    if not value or len(value) > LONGEST_URI or _BLANK.search(value):
        message = f"{what} is not a URI"
        raise Malformed(message)
    return name(value, what)
