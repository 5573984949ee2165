"""DER and BER-TLV, as states and chips write them."""

from __future__ import annotations

from typing import Final

SEQUENCE: Final = 0x30
SET: Final = 0x31
OCTETS: Final = 0x04
BITS: Final = 0x03


def tlv(tag: int, *parts: bytes) -> bytes:
    """One object of these parts."""
    value = b"".join(parts)
    name = bytes.fromhex(f"{tag:0{2 * ((tag.bit_length() + 7) // 8)}x}")
    if len(value) < 0x80:  # noqa: PLR2004 the short form
        return name + bytes((len(value),)) + value
    size = bytes.fromhex(f"{len(value):x}".zfill(len(f"{len(value):x}") + len(f"{len(value):x}") % 2))
    return name + bytes((0x80 + len(size),)) + size + value


def sequence(*parts: bytes) -> bytes:
    """Parts in their order."""
    return tlv(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """Parts in the order of DER."""
    return tlv(SET, *sorted(parts))


def octets(value: bytes) -> bytes:
    """Return an octet string."""
    return tlv(OCTETS, value)


def bits(value: bytes) -> bytes:
    """Return a bit string of whole octets."""
    return tlv(BITS, b"\x00", value)


def integer(value: int) -> bytes:
    """Return a whole number that is not negative."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def text(value: str) -> bytes:
    """Return a printable string."""
    return tlv(0x13, value.encode("ascii"))


def moment(value: str) -> bytes:
    """Return a moment as YYMMDDhhmmssZ."""
    return tlv(0x17, value.encode("ascii"))


def oid_value(dotted: str) -> bytes:
    """Return the octets of an object identifier, without its tag."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    found = bytearray()
    for number in (40 * first + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        found += bytes(reversed(groups))
    return bytes(found)


def oid(dotted: str) -> bytes:
    """Return an object identifier."""
    return tlv(0x06, oid_value(dotted))


def algorithm(dotted: str, *parameters: bytes) -> bytes:
    """Return an algorithm with its parameters."""
    return sequence(oid(dotted), *parameters)


NULL: Final = b"\x05\x00"


def children(value: bytes) -> list[bytes]:
    """Return the objects in what was written here: tags of one octet, lengths of at most two."""
    found, at = [], 0
    while at < len(value):
        start, size = at, value[at + 1]
        at += 2
        if size > 0x80:  # noqa: PLR2004 the long form
            count = size - 0x80
            size = int.from_bytes(value[at : at + count], "big")
            at += count
        at += size
        found.append(value[start:at])
    return found


def content(value: bytes) -> bytes:
    """Return what stands in an object that was written here."""
    size = value[1]
    return value[2 if size < 0x80 else 2 + size - 0x80 :]  # noqa: PLR2004 the long form
