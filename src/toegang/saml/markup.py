"""Markup as octets: elements built from the inside out, so that what is embedded goes in byte for byte.

A tree would rewrite prefixes and empty elements of what is put into it; joined octets leave a foreign
signature inside as it was made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from toegang.errors import Malformed

Attributes = Mapping[str, str | None]

# XML 1.0 has no way to write these, not even by reference (XML-2.2).
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_IN_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)


def element(name: str, attributes: Attributes, *content: bytes) -> bytes:
    """Return an element with its content as it is given; attributes that are None are left out.

    Raises:
        Malformed: an attribute holds a character that XML cannot write.

    """
    opening = [name]
    opening += [
        f'{key}="{_writable(value).translate(_IN_ATTRIBUTE)}"'
        for key, value in attributes.items()
        if value is not None
    ]
    tag = " ".join(opening).encode()
    if not content:
        return b"<" + tag + b"/>"
    return b"<" + tag + b">" + b"".join(content) + b"</" + name.encode() + b">"


def leaf(name: str, text: str, attributes: Attributes | None = None) -> bytes:
    """Return an element that holds only text.

    Raises:
        Malformed: the text holds a character that XML cannot write.

    """
    return element(name, attributes or {}, _writable(text).translate(_IN_TEXT).encode())


def truth(value: bool | None) -> str | None:  # noqa: FBT001 - the value itself, not a switch
    """Return an xs:boolean; None, which leaves an attribute out, stays None."""
    return None if value is None else str(value).lower()


def _writable(text: str) -> str:
    if _UNWRITABLE.search(text):
        message = "a text holds a character that XML cannot write"
        raise Malformed(message)
    return text
