"""HTTP-POST: the message stands in a form that the browser sends; it is signed itself (SAMLBind-3.5)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from toegang.errors import Malformed
from toegang.saml.bindings.parameters import (
    RELAY_LIMIT,
    Carrier,
    carrier,
    check_relay_state,
    decode_base64,
    parse_parameters,
    relay_state,
)
from toegang.saml.document import Unverified, admit

Fields = tuple[tuple[str, str], ...]
"""Hidden fields of a form, by name, in order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posted:
    """A message out of a form. `relay_state` is signed by nobody: an opaque string, to be given back."""

    carrier: Carrier
    document: Unverified
    relay_state: str | None = field(repr=False)


def parse(form: bytes, *, relay_limit: int = RELAY_LIMIT) -> Posted:
    """SAMLBind-3.5.4: take a message out of a form; each field occurs once, exactly one holds a message.

    Raises:
        TooLarge: the form or the message is larger than anything honest.
        Malformed: it is no form with one message, or not base64 of a document that the gate lets in.

    """
    found = parse_parameters(form)
    carried = carrier(found)
    if found.keys() & {"SigAlg", "Signature", "SAMLEncoding"}:
        message = "a form with parameters of an address"
        raise Malformed(message)
    return Posted(
        carrier=carried,
        document=admit(decode_base64(found[carried.value].text, lines=True)),
        relay_state=relay_state(found, relay_limit),
    )


def fields(carried: Carrier, octets: bytes, state: str | None, *, relay_limit: int = RELAY_LIMIT) -> Fields:
    """SAMLBind-3.5.4: return the hidden fields that carry a signed message.

    Raises:
        Malformed: the state may not be sent.

    """
    message = (carried.value, base64.b64encode(octets).decode())
    if state is None:
        return (message,)
    return (message, ("RelayState", check_relay_state(state, relay_limit)))
