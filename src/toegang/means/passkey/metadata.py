"""The metadata of the FIDO Alliance (MDS3): which roots vouch for a model, and which models have fallen.

It is believed when its signature leads to the pinned root, its signer has the pinned name, and no certificate
between them was taken back. Whether it is newer than what was believed before, known_models.py asks.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from fido2.mds3 import AuthenticatorStatus, MetadataBlobPayload

from toegang.errors import Malformed, Misconfigured, ProofInvalid
from toegang.jose.compact import Header, UnverifiedToken
from toegang.jose.public_keys import PublicKey, PublicKeySet
from toegang.jose.segments import decode, parse_object
from toegang.jose.verify import verify
from toegang.keys.chains import check_chain, public_members_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.keys.chains import Leaf
    from toegang.keys.revocation import RevocationLists

LARGEST = 64 * 1024 * 1024
"""Bytes; the metadata of all models of the world is 10 MB."""

HIGHEST: Final = 2**53
"""No metadata has a number as high; what JSON can say of a whole number without doubt."""

SIGNER = "mds.fidoalliance.org"
"""FIDOMDS-3.2: the host that signs it."""

ALGORITHMS = frozenset({"RS256", "ES256"})
"""FIDOMDS-3.1.7, RFC7515-4.1.1: the metadata is a JWT, which says its algorithm; of all, these count."""

PARTS = 3

FALLEN = frozenset(
    {
        AuthenticatorStatus.USER_VERIFICATION_BYPASS,
        AuthenticatorStatus.ATTESTATION_KEY_COMPROMISE,
        AuthenticatorStatus.USER_KEY_REMOTE_COMPROMISE,
        AuthenticatorStatus.USER_KEY_PHYSICAL_COMPROMISE,
        AuthenticatorStatus.REVOKED,
    }
)
"""FIDOMDS-3.1.4: reports after which no key of the model protects what it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What counts of one issue of the metadata, of which `number` is the serial number.

    `renewed_by` is when there is a newer one at the latest; `roots` are those (DER) of each model by its
    AAGUID, `fallen` the models that no longer protect what they should.
    """

    number: int
    renewed_by: date
    roots: dict[str, tuple[bytes, ...]] = field(repr=False)
    fallen: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """Whom to believe: `roots` (DER) that the chain must lead to, the name of its `signer`.

    `lists` are those of certificates that were taken back; None where nobody lays them ready.
    """

    roots: Sequence[bytes] = field(repr=False)
    signer: str = SIGNER
    lists: RevocationLists | None = None


def read_metadata(blob: bytes, pinned: Pinned, now: datetime) -> Metadata:
    """FIDOMDS-3.2: read the metadata of the FIDO Alliance.

    1. signed as they do, the chain in its header leads to a pinned root, holds now, and was not taken back;
    2. its leaf is of the host that signs it: a root of the web's authorities has others below it; 3. the
    signature by that leaf holds; 4. every entry with an AAGUID is read. That its number is no lower than that
    of any that was believed before, the caller must check.

    Raises:
        Misconfigured: a step fails; the text says which.

    """
    # 1.
    if len(blob) > LARGEST:
        message = "passkeys.metadata: larger than any metadata"
        raise Misconfigured(message)
    try:
        token, chain = _parse(blob)
        leaf = check_chain(chain, pinned.roots, now, pinned.lists)
        # 2.
        _check_signer(leaf, pinned.signer)
        # 3.
        believed = verify(token, _key_of(chain[0]), algorithms=ALGORITHMS, types={"jwt", None})
        # 4.
        return _read(MetadataBlobPayload.from_dict(believed.claims))
    except (Malformed, ProofInvalid) as refusal:
        message = f"passkeys.metadata cannot be believed: {refusal.detail}"
        raise Misconfigured(message) from refusal
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = "passkeys.metadata cannot be read"
        raise Misconfigured(message) from error


def _check_signer(leaf: Leaf, signer: str) -> None:
    if signer not in leaf.hosts:
        message = f"its signer is not {signer}"
        raise ProofInvalid(message)


def _parse(blob: bytes) -> tuple[UnverifiedToken, tuple[bytes, ...]]:
    """Take it apart: a token whose header, as no other of ours, brings the certificates of its signer."""
    parts = blob.decode("ascii").split(".")
    if len(parts) != PARTS:
        message = "not a signed token of three parts"
        raise Malformed(message)
    header, claims, signature = parts
    members = parse_object(decode(header))
    found, alg, typ = members.get("x5c"), members.get("alg"), members.get("typ")
    if not isinstance(found, list) or not found or not all(isinstance(each, str) for each in found):
        message = "no chain of certificates in its header"
        raise Malformed(message)
    token = UnverifiedToken(
        header=Header(alg=str(alg), kid=None, typ=None if typ is None else str(typ), cty=None),
        claims=parse_object(decode(claims)),
        signing_input=f"{header}.{claims}".encode(),
        signature=decode(signature),
    )
    return token, tuple(base64.b64decode(each, validate=True) for each in found)


def _key_of(certificate: bytes) -> PublicKeySet:
    key = PublicKey.parse(dict(public_members_of(certificate)))
    return PublicKeySet(keys=() if key is None else (key,))


def _read(payload: MetadataBlobPayload) -> Metadata:
    """FIDOMDS-3.1.6: read what counts; a status that is not known says nothing (FIDOMDS-3.1.4).

    A model falls by its report alone, whatever was reported later, and also where no statement tells of it.
    """
    if not 0 <= payload.no < HIGHEST:
        message = "a number that no metadata has"
        raise Malformed(message)
    roots: dict[str, tuple[bytes, ...]] = {}
    fallen = set()
    for entry in payload.entries:
        if entry.aaguid is None:
            continue
        name = str(entry.aaguid)
        if entry.metadata_statement is not None:
            stated = entry.metadata_statement.attestation_root_certificates
            roots[name] = (*roots.get(name, ()), *stated)
        if any(report.status in FALLEN for report in entry.status_reports):
            fallen.add(name)
    return Metadata(number=payload.no, renewed_by=payload.next_update, roots=roots, fallen=frozenset(fallen))
