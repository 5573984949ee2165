"""Markup as octets: elements built from the inside out, so that what is embedded goes in byte for byte.

A tree would rewrite prefixes and empty elements of what is put into it; joined octets leave a foreign
signature inside as it was made. What is written here is written as its hash is taken (`Canonical`), so that
signing it asks for no tree at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from toegang.errors import Malformed
from toegang.saml.names import PREFIXES

Attributes = Mapping[str, str | None]

# What is not in these classes is escaped, or XML 1.0 has no way to write it, not even by reference (XML-2.2).
_BEYOND = "?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_NOT_TEXT = re.compile(f"[^\t\n -%'-;={_BEYOND}]")
_NOT_ATTRIBUTE = re.compile(f"[^ !#-%'-;=>{_BEYOND}]")
# ASCII that needs no escape anywhere: what consists of it is known sooner than by a pattern.
_PLAIN = bytes(sorted(set(range(0x20, 0x7F)) - set(b'"&<>')))
_ESCAPES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#x9;",
    "\n": "&#xA;",
    "\r": "&#xD;",
}
_DECLARATIONS = {prefix: f' xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items()}


class Canonical(bytes):
    """Content that is written as its hash is taken (EXC-C14N-3), where it stands.

    Made where octets are written and never of octets that came from elsewhere. It holds because each element
    is written so by `element`, and because every message written is compared with what lxml makes of it
    (tests/saml/test_canonical_writing.py).
    """

    __slots__ = ()


def element(name: str, attributes: Attributes, *content: bytes, alone: bool = False) -> bytes:
    """Return an element with its content as it is given; attributes that are None are left out.

    `alone` declares the prefix of its name (`PREFIXES`): for what stands where that is not declared yet. The
    element is `Canonical` when all its content is and no attribute has a prefix.

    Raises:
        Malformed: an attribute holds a character that XML cannot write.

    """
    opening, ours = _DECLARATIONS[name.partition(":")[0]] if alone else "", True
    for key in sorted(attributes) if attributes else ():
        value = attributes[key]
        if value is not None:
            opening += f' {key}="{in_attribute(value)}"'
        ours = ours and ":" not in key
    octets = b"".join((f"<{name}{opening}>".encode(), *content, f"</{name}>".encode()))
    for each in content:
        ours = ours and type(each) is Canonical
    return Canonical(octets) if ours else octets


def leaf(name: str, text: str, attributes: Attributes | None = None, *, alone: bool = False) -> bytes:
    """Return an element that holds only text.

    Raises:
        Malformed: the text holds a character that XML cannot write.

    """
    return element(name, attributes or {}, Canonical(in_text(text).encode()), alone=alone)


def inside(part: bytes, prefix: str) -> bytes:
    """Return an element to stand in one that declares the prefix: it is not declared again (EXC-C14N-3)."""
    start, declaration, rest = part.partition(_DECLARATIONS[prefix].encode())
    if type(part) is not Canonical or not declaration or b">" in start:
        return part
    return Canonical(start + rest)


def followed(whole: bytes, part: bytes, more: bytes) -> bytes:
    """Return an element with `more` put in right after `part`, its first child, which it was made with."""
    start, child, rest = whole.partition(part)
    octets = b"".join((start, child, more, rest))
    return Canonical(octets) if type(whole) is type(more) is Canonical else octets


def in_text(text: str) -> str:
    """Return a text as it is written between tags.

    Raises:
        Malformed: it holds a character that XML cannot write.

    """
    return (
        _NOT_TEXT.sub(_escape, text)
        if text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
        else text
    )


def in_attribute(text: str) -> str:
    """Return a text as it is written in an attribute, in double quotes.

    Raises:
        Malformed: it holds a character that XML cannot write.

    """
    return (
        _NOT_ATTRIBUTE.sub(_escape, text)
        if text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
        else text
    )


def truth(value: bool | None) -> str | None:  # noqa: FBT001 - the value itself, not a switch
    """Return an xs:boolean; None, which leaves an attribute out, stays None."""
    return None if value is None else str(value).lower()


def _escape(found: re.Match[str]) -> str:
    try:
        return _ESCAPES[found[0]]
    except KeyError as error:
        message = "a text holds a character that XML cannot write"
        raise Malformed(message) from error
