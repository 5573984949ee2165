"""A message of a partner as it arrives, until its signature is held against the partner's pinned keys.

open_message(arrived) -> Claimed -> prove(claimed, snapshot, now) -> Received
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.errors import Malformed, ProofInvalid, ProtocolRefusal
from toegang.provider.saml.partners import Partner, open_partner
from toegang.provider.saml.profiles import LONGEST_RELAY, REQUEST_LIFETIME, SKEW
from toegang.provider.saml.status import REQUEST_DENIED
from toegang.saml import signature
from toegang.saml.bindings import post, redirect, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import Unverified
from toegang.saml.names import Binding
from toegang.saml.reading import Proof

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message as it arrived: its binding, and the octets of the query, the form or the envelope."""

    binding: Binding
    octets: bytes = field(repr=False)

    @property
    def is_answer(self) -> bool:
        """Tell whether it says to be an answer, and not a request."""
        return re.search(rb"(?:^|&)SAMLResponse=", self.octets) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that can be read; `issuer` is who it says it is of, and nobody knows that yet."""

    issuer: str
    relay_state: str | None = field(repr=False)
    message: Unverified | redirect.Received = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message that a key of the partner's pinned metadata signed."""

    partner: Partner
    proof: Proof = field(repr=False)
    relay_state: str | None = field(repr=False)

    def check_issuer(self, issuer: str) -> None:
        """SAMLCore-2.2.5: who speaks in the message is whose keys signed it.

        Raises:
            ProofInvalid: somebody else speaks.

        """
        if issuer != self.partner.entity_id:
            message = "the message is signed by another entity than speaks in it"
            raise ProofInvalid(message)


def open_message(arrived: Arrived) -> Claimed:
    """SAMLBind-3: take a message out of what carried it.

    Raises:
        TooLarge, Malformed, ProtocolRefusal: it cannot be read as a message by this binding.
        ProofInvalid: an address that is not signed at all.

    """
    if arrived.binding is Binding.REDIRECT:
        carried = redirect.parse(arrived.octets, relay_limit=LONGEST_RELAY)
        _check_carrier(carried.carrier, carried.document)
        issuer = carried.document.claimed_issuer
        return Claimed(issuer=issuer, relay_state=carried.relay_state, message=carried)
    if arrived.binding is Binding.POST:
        posted = post.parse(arrived.octets, relay_limit=LONGEST_RELAY)
        document = posted.document
        _check_carrier(posted.carrier, document)
        return Claimed(issuer=document.claimed_issuer, relay_state=posted.relay_state, message=document)
    document = soap.unwrap(arrived.octets)
    return Claimed(issuer=document.claimed_issuer, relay_state=None, message=document)


def _check_carrier(carrier: Carrier, document: Unverified) -> None:
    """SAMLBind-3.5.4: a request travels as `SAMLRequest`, an answer as `SAMLResponse`, and not otherwise."""
    if document.kind[1].endswith("Response") is not (carrier is Carrier.RESPONSE):
        message = "a request in the field of an answer, or an answer in that of a request"
        raise Malformed(message)


def prove(claimed: Claimed, snapshot: Snapshot, now: datetime, *, ending: bool = False) -> Received:
    """SAMLCore-5: find the partner and hold the signature against its pinned keys.

    `ending` lets a closed connection in too.

    Raises:
        UnknownParty, PartyClosed, NotEntitled: there is no such partner now.
        ProofInvalid: none of its keys signed this.

    """
    partner = open_partner(snapshot, claimed.issuer, now, ending=ending)
    keys, message = partner.signing_keys, claimed.message
    proof: Proof
    if isinstance(message, redirect.Received):
        proof = redirect.verify(message, keys)
    else:
        proof = signature.verify(message, keys)
    return Received(partner=partner, proof=proof, relay_state=claimed.relay_state)


def check_moment(issued_at: datetime, now: datetime) -> None:
    """SAMLCore-3.2.1: an old message was kept by somebody; one from the future was made by a wrong clock.

    Raises:
        ProtocolRefusal: it is not of now.

    """
    if not now - REQUEST_LIFETIME - SKEW <= issued_at <= now + SKEW:
        raise ProtocolRefusal(REQUEST_DENIED, "The message is too old, or from the future")
