"""Tags, lengths and values, strictly: as chips write their files (BER), and as signed things are (DER).

Lengths are definite, nothing follows the last octet, and neither depth nor number is without bound. What is
hashed or signed is never what was read again from these values: the octets themselves are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from toegang.emrtd.faults import Fault, refuse

MOST_OBJECTS: Final = 256
"""In one template; a list of 16 data groups is the longest honest one."""
MOST_NODES: Final = 6_000
"""In one signed structure; an EF.SOD with two certificates has some 300."""
DEEPEST: Final = 24
# Octets of what readers turn into numbers: a modulus of 8,192 bits, the name of an algorithm.
_LONGEST: Final = {0x02: 2_048, 0x06: 64}
CONSTRUCTED: Final = 0x20
_LOW_TAG: Final = 0x1F
_MORE: Final = 0x80
_LONGEST_LENGTH: Final = 3  # octets: 16 MiB
_LONGEST_TAG: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tlv:
    """One object: its tag with all of its octets, as 0x7F60, and its value."""

    tag: int
    value: bytes = field(repr=False)

    @property
    def constructed(self) -> bool:
        """ISO7816-4-5.2.2.1: whether the tag says that its value is made of objects."""
        first = self.tag
        while first > 0xFF:  # noqa: PLR2004 one octet
            first >>= 8
        return bool(first & CONSTRUCTED)


def read_one(octets: bytes, tag: int | None = None) -> Tlv:
    """Read exactly one object, of this tag when it is given.

    Raises:
        DocumentRefused: it is cut off, followed by something, of indefinite length, or has another tag.

    """
    found, end = _read(octets, 0)
    if end != len(octets):
        refuse(Fault.UNREADABLE, "octets after the end of an object")
    if tag is not None and found.tag != tag:
        refuse(Fault.UNREADABLE, f"tag {found.tag:X} where {tag:X} belongs")
    return found


def read_all(octets: bytes, most: int = MOST_OBJECTS) -> tuple[Tlv, ...]:
    """Read objects until the octets are used up.

    Raises:
        DocumentRefused: the last is cut off, one is of indefinite length, or there are too many.

    """
    found: list[Tlv] = []
    at = 0
    while at < len(octets):
        if len(found) == most:
            refuse(Fault.TOO_LARGE, "more objects in a template than anything honest")
        each, at = _read(octets, at)
        found.append(each)
    return tuple(found)


def read_set(octets: bytes) -> dict[int, bytes]:
    """Read objects that each stand there once, by their tags.

    Raises:
        DocumentRefused: as `read_all`, or a tag stands there twice.

    """
    found: dict[int, bytes] = {}
    for each in read_all(octets):
        if each.tag in found:
            refuse(Fault.UNREADABLE, f"tag {each.tag:X} twice in a template")
        found[each.tag] = each.value
    return found


def whole_size(start: bytes) -> int:
    """Return how many octets an object has, by its first ones: tag and length with them.

    Raises:
        DocumentRefused: they do not begin an object of definite length.

    """
    _, at = _tag(start, 0)
    length, at = _length(start, at)
    return at + length


def encode(tag: int, value: bytes) -> bytes:
    """Write one object, with the shortest length."""
    head = tag.to_bytes((tag.bit_length() + 7) // 8 or 1)
    size = len(value)
    if size < _MORE:
        return head + bytes([size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return head + bytes([_MORE | len(length)]) + length + value


def check_der(octets: bytes, nodes: int = MOST_NODES) -> None:
    """X690-10: refuse what is not one DER object: every length definite and the shortest, all of it used.

    Raises:
        DocumentRefused: it is not, or it is deeper or has more parts than anything honest.

    """
    left = nodes
    waiting = [(0, len(octets), 0)]
    while waiting:
        at, until, depth = waiting.pop()
        if depth > DEEPEST:
            refuse(Fault.TOO_LARGE, "a structure is nested deeper than anything honest")
        while at < until:
            left -= 1
            if left < 0:
                refuse(Fault.TOO_LARGE, "a structure has more parts than anything honest")
            start, end = _der_bounds(octets, at, until)
            if octets[at] & CONSTRUCTED:
                waiting.append((start, end, depth + 1))
            at = end
            if depth == 0 and at != until:
                refuse(Fault.UNREADABLE, "octets after the end of a structure")
    if not octets:
        refuse(Fault.UNREADABLE, "nothing where a structure belongs")


def _der_bounds(octets: bytes, at: int, until: int) -> tuple[int, int]:
    if octets[at] & _LOW_TAG == _LOW_TAG:
        refuse(Fault.UNREADABLE, "a tag of several octets in a signed structure")
    length, start = _length(octets, at + 1)
    if length < _MORE <= octets[at + 1] or (start - at > 2 and octets[at + 2] == 0):  # noqa: PLR2004 first length octet
        refuse(Fault.UNREADABLE, "a length that is not the shortest")
    end = start + length
    if end > until:
        refuse(Fault.UNREADABLE, "a part is longer than what holds it")
    if length > _LONGEST.get(octets[at], length):
        refuse(Fault.TOO_LARGE, "a number or a name that is longer than anything honest")
    return start, end


def _read(octets: bytes, at: int) -> tuple[Tlv, int]:
    tag, at = _tag(octets, at)
    length, at = _length(octets, at)
    end = at + length
    if end > len(octets):
        refuse(Fault.UNREADABLE, "an object is cut off")
    return Tlv(tag=tag, value=octets[at:end]), end


def _tag(octets: bytes, at: int) -> tuple[int, int]:
    """ISO7816-4-5.2.2.1: one to three octets; small numbers may use the long form there."""
    if at >= len(octets):
        refuse(Fault.UNREADABLE, "an object is cut off")
    end = at + 1
    if octets[at] & _LOW_TAG == _LOW_TAG:
        while end < len(octets) and octets[end] & _MORE:
            end += 1
        end += 1
    if end - at > _LONGEST_TAG or end > len(octets) or octets[at] == 0:
        refuse(Fault.UNREADABLE, "not a tag")
    return int.from_bytes(octets[at:end]), end


def _length(octets: bytes, at: int) -> tuple[int, int]:
    if at >= len(octets):
        refuse(Fault.UNREADABLE, "an object is cut off")
    first = octets[at]
    if first < _MORE:
        return first, at + 1
    count = first & ~_MORE
    if count == 0:
        refuse(Fault.UNREADABLE, "a length is indefinite")
    if count > _LONGEST_LENGTH:
        refuse(Fault.TOO_LARGE, "an object is longer than anything honest")
    end = at + 1 + count
    if end > len(octets):
        refuse(Fault.UNREADABLE, "a length is cut off")
    return int.from_bytes(octets[at + 1 : end]), end
