"""What is believed of an answer: what the provider's pinned keys signed, for us, now, to what we asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.errors import LevelNotProven, MeansDeclined, ProofInvalid, Refusal, Unavailable
from toegang.saml.bearer import check_around, check_bearer, check_response
from toegang.saml.encryption import decrypt_assertion
from toegang.saml.held import claims_nobody, is_signed, signed_assertion
from toegang.saml.messages import Assertion
from toegang.saml.names import (
    AUTHN_FAILED,
    NO_AUTHN_CONTEXT,
    NO_AVAILABLE_IDP,
    SUCCESS,
    VERSION_MISMATCH,
)
from toegang.saml.reading import read_around, read_assertion, read_response
from toegang.saml.signature import AssertionOnly, Verified, verify_response

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.means.saml.partner import Partner
    from toegang.saml.bearer import Expected
    from toegang.saml.document import Unverified
    from toegang.saml.keys import DecryptionKey
    from toegang.saml.messages import Status

# What is the provider's own trouble: trying later may help.
THEIR_TROUBLE = frozenset({NO_AVAILABLE_IDP, VERSION_MISMATCH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """An assertion that may be believed; `proof` is what was verified of it, `until` how long it counts.

    `as_signed` is the assertion with its signature, to be handed on to others; nothing where it has none.
    """

    assertion: Assertion
    proof: Verified = field(repr=False)
    until: datetime
    as_signed: tuple[bytes, ...] = field(default=(), repr=False)


def believe(
    document: Unverified,
    partner: Partner,
    expected: Expected,
    keys: Sequence[DecryptionKey],
    now: datetime,
) -> Believed:
    """SAMLProf-4.1.4.3: believe a response, or refuse it.

    1. The response, or the one assertion in it, is signed by a pinned key of this provider. One that is not
       signed and speaks of nobody proves nobody: why it says so is not believed.
    2. What a signed response says of itself fits what was asked, and what another says does not contradict
       it; no success is a refusal.
    3. An encrypted assertion is opened only where the response around it was signed.
    4. The assertion is a bearer's, for us, now, in answer to our request (S20).

    Raises:
        ProofInvalid: a step fails, or something cannot be read.
        MeansDeclined, LevelNotProven, Unavailable: the provider says that nobody was proven, and why.

    """
    # 1.
    if claims_nobody(document) and not is_signed(document):
        message = f"{partner.entity_id}: an answer that nobody signed, about nobody"
        raise MeansDeclined(message)
    try:
        proof = verify_response(document, partner.keys)
        # 2. and 3.
        assertion, verified = _assertion(proof, partner, expected, keys, now)
        # 4.
        until = check_bearer(assertion, expected, now)
    except (MeansDeclined, LevelNotProven, ProofInvalid):
        raise
    except Refusal as error:
        message = f"{partner.entity_id}: an answer that cannot be read: {error.detail}"
        raise ProofInvalid(message) from error
    return Believed(assertion=assertion, proof=verified, until=until, as_signed=signed_assertion(document))


def check_failure(response: Verified, expected: Expected, now: datetime) -> None:
    """SAMLCore-3.2.2: refuse what a signed answer says about a login that did not succeed.

    Raises:
        ProofInvalid: it is for another, or of another.
        MeansDeclined, LevelNotProven, Unavailable: it says why nobody was proven.

    """
    told = read_response(response)
    check_response(told, expected, now)
    if told.status.code != SUCCESS:
        raise refusal_of(told.status)


def refusal_of(status: Status) -> Refusal | Unavailable:
    """STSAML-4.4: say what a provider's status means here."""
    words = [each.rpartition(":")[2] for each in (status.code, status.second) if each]
    message = f"the provider answered {' '.join(words)}"
    if status.second == NO_AUTHN_CONTEXT:
        return LevelNotProven(message)
    if status.second in THEIR_TROUBLE or status.code == VERSION_MISMATCH:
        return Unavailable(message)
    if status.second != AUTHN_FAILED:
        message += ", which nobody who logs in can mend"
    return MeansDeclined(message)


def _assertion(
    proof: Verified | AssertionOnly,
    partner: Partner,
    expected: Expected,
    keys: Sequence[DecryptionKey],
    now: datetime,
) -> tuple[Assertion, Verified]:
    if isinstance(proof, AssertionOnly):
        # Whatever the response around it says, anybody may have written (S21): it can only have us refuse.
        check_around(read_around(proof), expected, now)
        return read_assertion(proof.assertion), proof.assertion
    check_failure(proof, expected, now)
    response = read_response(proof)
    if response.assertion is not None:
        return response.assertion, proof
    opened = decrypt_assertion(proof, keys, partner.keys, partner.methods)
    return read_assertion(opened), opened
