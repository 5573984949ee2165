"""HTTP-Redirect: the message is deflated into an address, which is what is signed (SAMLBind-3.4).

parse(query) -> Received -> verify -> VerifiedQuery -> reading.py
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus

from lxml import etree

from toegang.errors import Malformed, ProofInvalid, TooLarge
from toegang.saml.bindings.parameters import (
    RELAY_LIMIT,
    Carrier,
    carrier,
    check_relay_state,
    decode_base64,
    parse_parameters,
    relay_state,
)
from toegang.saml.document import MESSAGE, Unverified, admit, raw
from toegang.saml.keys import SigningKey, TrustedKey, sign_octets, verify_octets
from toegang.saml.placement import SIGNATURE
from toegang.saml.signing import USUAL

DEFLATE: Final = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
_PLAIN_DEFLATE: Final = -15  # RFC1951 without a header
_STEP: Final = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Received:
    """A message out of an address, and what was signed of that address, exactly as it was received.

    `relay_state` is the sender's own; it too is not known to come from the sender before `verify`.
    """

    carrier: Carrier
    document: Unverified
    relay_state: str | None = field(repr=False)
    _signed: bytes = field(repr=False)
    _algorithm: str
    _signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VerifiedQuery:
    """A message whose address was signed by `key`; only `verify` makes it. `element` is for reading.py."""

    carrier: Carrier
    relay_state: str | None = field(repr=False)
    key: TrustedKey
    element: etree._Element = field(repr=False)


def parse(query: bytes, *, relay_limit: int = RELAY_LIMIT) -> Received:
    """SAMLBind-3.4.4.1: take a message out of the query of an address.

    1. Each parameter occurs once, under its own name; exactly one of them holds a message.
    2. The encoding is DEFLATE; it is inflated step by step and never beyond what a message may have.
    3. The document comes through the gate, and has no signature of its own, as the norm demands.
    4. There is a signature, with its algorithm; without either the message is refused here.

    What was signed is put together from the received octets, in the order of the norm: escaping them anew
    could make a signature hold that the sender never made.

    Raises:
        TooLarge: the query, or what it inflates to, is larger than anything honest.
        Malformed: any of the steps.
        ProofInvalid: it is not signed.

    """
    # 1.
    found = parse_parameters(query)
    carried = carrier(found)
    # 2.
    if "SAMLEncoding" in found and found["SAMLEncoding"].text != DEFLATE:
        message = "a SAMLEncoding that is not known"
        raise Malformed(message)
    octets = inflate(decode_base64(found[carried.value].text))
    # 3.
    document = admit(octets)
    if any(child.tag == SIGNATURE for child in raw(document)):
        message = "a message in an address has a signature of its own"
        raise Malformed(message)
    # 4.
    if "SigAlg" not in found or "Signature" not in found:
        message = "the address is not signed"
        raise ProofInvalid(message)
    order = (carried.value, "RelayState", "SigAlg")
    return Received(
        carrier=carried,
        document=document,
        relay_state=relay_state(found, relay_limit),
        _signed=b"&".join(name.encode() + b"=" + found[name].raw for name in order if name in found),
        _algorithm=found["SigAlg"].text,
        _signature=decode_base64(found["Signature"].text),
    )


def verify(received: Received, keys: tuple[TrustedKey, ...]) -> VerifiedQuery:
    """SAMLBind-3.4.4.1: believe a message that one of the keys signed in its address, RelayState too.

    Raises:
        ProofInvalid: none of them did.

    """
    key = verify_octets(received._signed, received._signature, received._algorithm, keys)  # noqa: SLF001
    return VerifiedQuery(
        carrier=received.carrier,
        relay_state=received.relay_state,
        key=key,
        element=raw(received.document),
    )


def address(
    destination: str,
    carried: Carrier,
    octets: bytes,
    state: str | None,
    key: SigningKey,
) -> str:
    """SAMLBind-3.4.4.1: return where the browser takes a message (written without a key), signed.

    Raises:
        Malformed: the state may not be sent.

    """
    algorithm = USUAL[key.kind]
    parameters = [(carried.value, base64.b64encode(deflate(octets)).decode())]
    if state is not None:
        parameters.append(("RelayState", check_relay_state(state)))
    parameters.append(("SigAlg", algorithm.value))
    query = "&".join(f"{name}={quote_plus(value)}" for name, value in parameters)
    signature = base64.b64encode(sign_octets(query.encode(), key, algorithm)).decode()
    joint = "&" if "?" in destination else "?"
    return f"{destination}{joint}{query}&Signature={quote_plus(signature)}"


def deflate(octets: bytes) -> bytes:
    """SAMLBind-3.4.4.1: compress as RFC1951, without a header."""
    packer = zlib.compressobj(wbits=_PLAIN_DEFLATE)
    return packer.compress(octets) + packer.flush()


def inflate(octets: bytes, limit: int = MESSAGE.octets) -> bytes:
    """SAMLBind-3.4.4.1: expand step by step, and stop where it becomes larger than `limit` bytes (S16).

    Raises:
        TooLarge: it does.
        Malformed: it is not whole, not DEFLATE, or has something behind it.

    """
    unpacker = zlib.decompressobj(wbits=_PLAIN_DEFLATE)
    found = bytearray()
    rest = octets
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(rest, _STEP)
            rest = unpacker.unconsumed_tail
            found += piece
            if len(found) > limit:
                message = f"a message that inflates to more than {limit} bytes"
                raise TooLarge(message)
            if not piece and not rest:
                break
    except zlib.error as error:
        message = "not deflated"
        raise Malformed(message) from error
    if not unpacker.eof or unpacker.unused_data:
        message = "a deflated message that is cut off, or has something behind it"
        raise Malformed(message)
    return bytes(found)
