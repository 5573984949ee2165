"""HTTP-Artifact: the browser carries a ticket, the message goes from server to server (SAMLBind-3.6)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus

from toegang.errors import Malformed
from toegang.saml.bindings.parameters import (
    RELAY_LIMIT,
    check_relay_state,
    decode_base64,
    parse_parameters,
    relay_state,
)

TYPE_CODE: Final = b"\x00\x04"
HANDLE_BYTES: Final = 20
LENGTH: Final = 2 + 2 + 20 + HANDLE_BYTES
_ESCAPES: Final = str.maketrans({"+": "%2B", "/": "%2F", "=": "%3D"})  # all of base64 that an address escapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """SAMLBind-3.6.4: a ticket of type 4, whose maker is told by `source_id`; `handle` is a secret."""

    endpoint_index: int
    source_id: bytes
    handle: bytes = field(repr=False)

    def write(self) -> str:
        """Return the ticket as it travels."""
        index = self.endpoint_index.to_bytes(2, "big")
        return base64.b64encode(TYPE_CODE + index + self.source_id + self.handle).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a browser brought: the ticket as sent, what is in it, and the sender's own state."""

    text: str = field(repr=False)
    artifact: Artifact
    relay_state: str | None = field(repr=False)


def source_id(entity_id: str) -> bytes:
    """SAMLBind-3.6.4.2: return how a ticket names its maker: the SHA-1 of the entity id. A name, no proof."""
    return hashlib.sha1(entity_id.encode(), usedforsecurity=False).digest()


def make(entity_id: str, handle: bytes, endpoint_index: int = 0) -> Artifact:
    """Return a ticket of this entity; `handle` is 20 random bytes (SAMLBind-3.6.4).

    Raises:
        Malformed: the handle or the index has another size.

    """
    return _checked(Artifact(endpoint_index=endpoint_index, source_id=source_id(entity_id), handle=handle))


def parse(text: str) -> Artifact:
    """SAMLBind-3.6.4: read a ticket; there is one way to write each, so that it can be a key.

    Raises:
        Malformed: it is not of type 4, or not 44 bytes in base64.

    """
    octets = decode_base64(text)
    if len(octets) != LENGTH or octets[:2] != TYPE_CODE:
        message = "not an artifact of type 4"
        raise Malformed(message)
    return Artifact(
        endpoint_index=int.from_bytes(octets[2:4], "big"), source_id=octets[4:24], handle=octets[24:]
    )


def parse_carried(octets: bytes, *, relay_limit: int = RELAY_LIMIT) -> Carried:
    """SAMLBind-3.6.3: read the query of an address, or a form, that brings a ticket.

    Raises:
        TooLarge: more parameters than anything honest has.
        Malformed: there is no ticket, or something beside it that does not belong to one.

    """
    found = parse_parameters(octets)
    ticket = found.get("SAMLart")
    if ticket is None or not found.keys() <= {"SAMLart", "RelayState"}:
        message = "not exactly one SAMLart"
        raise Malformed(message)
    return Carried(text=ticket.text, artifact=parse(ticket.text), relay_state=relay_state(found, relay_limit))


def address(
    destination: str, artifact: Artifact, state: str | None, *, relay_limit: int = RELAY_LIMIT
) -> str:
    """SAMLBind-3.6.3: return where the browser takes the ticket.

    Raises:
        Malformed: the state may not be sent.

    """
    query = f"SAMLart={artifact.write().translate(_ESCAPES)}"
    if state is not None:
        query += f"&RelayState={quote_plus(check_relay_state(state, relay_limit))}"
    return f"{destination}{'&' if '?' in destination else '?'}{query}"


def _checked(artifact: Artifact) -> Artifact:
    if len(artifact.handle) != HANDLE_BYTES or not 0 <= artifact.endpoint_index <= 0xFFFF:  # noqa: PLR2004
        message = "an artifact has a handle of 20 bytes and an index of 2"
        raise Malformed(message)
    return artifact
