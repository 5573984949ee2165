"""RFC7578-4: forms with files, read as strictly as browsers write them.

Whole, in memory, and only after whoever sends it was found to be somebody who may: how much is read is for
the caller to say. What no browser of today sends is refused, not repaired: a preamble, nested parts, other
encodings, a name twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from toegang.errors import Malformed, TooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PARTS = 16
LONGEST_HEAD = 1_024  # octets of the headers of a part
LONGEST_TEXT = 65_536  # octets of a field that is no file
_MEDIA = re.compile(
    r"multipart/form-data;\s*boundary=(?:([0-9A-Za-z'+_./:=?-]{1,70})|\"([0-9A-Za-z'()+_,./:=? -]{1,70})\")"
)
_DISPOSITION = re.compile(r'form-data; name="([^"]+)"(; filename="([^"]*)")?')


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that was sent, by the name that its sender gives it."""

    name: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form with files; a field for a file in which none was chosen is left out."""

    fields: Mapping[str, str]
    files: Mapping[str, File]


NO_FILES: Mapping[str, File] = MappingProxyType({})


def parse_multipart(media_type: str, body: bytes) -> Sent:
    """RFC7578-4.1: read a form with files, every name once.

    Raises:
        Malformed: it is not as browsers write it.
        TooLarge: more parts or longer fields than any form of ours has.

    """
    fields: dict[str, str] = {}
    files: dict[str, File] = {}
    for part in _parts(body, _boundary(media_type)):
        head, blank, content = part.partition(b"\r\n\r\n")
        name, file_name = _named(head)
        if not blank or name in fields or name in files:
            message = "a part without a blank line, or a name twice"
            raise Malformed(message)
        if file_name is None:
            fields[name] = _text(content)
        elif file_name or content:
            files[name] = File(name=file_name, octets=content)
    return Sent(fields=fields, files=files)


def _boundary(media_type: str) -> bytes:
    """RFC2046-5.1.1: return what stands between the parts."""
    found = _MEDIA.fullmatch(media_type.strip())
    if found is None:
        message = "no form with files"
        raise Malformed(message)
    return (found[1] or found[2]).encode("ascii")


def _parts(body: bytes, boundary: bytes) -> list[bytes]:
    """Cut at the boundaries; nothing stands before the first or after the last."""
    first, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS + 2)
    if len(parts) > MOST_PARTS + 1:
        message = "more parts than any form has"
        raise TooLarge(message)
    if first or not parts or parts.pop() not in {b"--", b"--\r\n"}:
        message = "something before the first part or after the last, or no last part"
        raise Malformed(message)
    if not all(part.startswith(b"\r\n") for part in parts):
        message = "a boundary that does not end its line"
        raise Malformed(message)
    return [part[2:] for part in parts]


def _named(head: bytes) -> tuple[str, str | None]:
    """RFC7578-4.2: return the name of a part, and that of the file in it, if it is one."""
    if len(head) > LONGEST_HEAD:
        message = "the headers of a part are too long"
        raise TooLarge(message)
    headers = [line.partition(":") for line in _text(head).split("\r\n")]
    found = {name.lower(): value.strip() for name, _, value in headers}
    # RFC7578-4.7: an encoding of a part is deprecated; no browser sends one.
    if len(found) != len(headers) or not found.keys() <= {"content-disposition", "content-type"}:
        message = "a part with a header twice, or one that no form has"
        raise Malformed(message)
    named = _DISPOSITION.fullmatch(found.get("content-disposition", ""))
    if named is None:
        message = "a part without a name"
        raise Malformed(message)
    return named[1], named[3] if named[2] else None


def _text(octets: bytes) -> str:
    if len(octets) > LONGEST_TEXT:
        message = "a field is too long"
        raise TooLarge(message)
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "a field that is not UTF-8"
        raise Malformed(message) from error
    if "\x00" in text:
        message = "a field that holds a zero"
        raise Malformed(message)
    return text
