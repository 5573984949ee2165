"""Models of authenticators: the roots that vouch for each, from the operator's files, read without network.

Two sources, which may stand beside each other: certificates that the operator laid ready for a model, and the
metadata of the FIDO Alliance (MDS3), believed when its signature leads to the pinned root and its signer has
the pinned name. A model that the metadata reports as fallen is trusted by neither.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fido2.mds3 import AuthenticatorStatus, MetadataBlobPayload

from toegang.errors import Malformed, Misconfigured, ProofInvalid
from toegang.jose.compact import Header, UnverifiedToken
from toegang.jose.public_keys import PublicKey, PublicKeySet
from toegang.jose.segments import decode, parse_object
from toegang.jose.verify import verify
from toegang.keys.chains import check_chain, public_members_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from fido2.mds3 import MetadataBlobPayloadEntry

    from toegang.keys.chains import Leaf

LARGEST = 64 * 1024 * 1024
"""Bytes; the metadata of all models of the world is 10 MB."""

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
class Models:
    """The roots (DER) of each model by its AAGUID; `renewed_by` is when the metadata should be newer."""

    roots: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    fallen: frozenset[str] = frozenset()
    renewed_by: date | None = None

    def roots_of(self, model: str) -> tuple[bytes, ...]:
        """Return the roots that may vouch for a model; none for one that nobody knows, or that has fallen."""
        return () if model in self.fallen else self.roots.get(model, ())

    def beside(self, roots: Mapping[str, tuple[bytes, ...]]) -> Models:
        """Return these with roots that were laid ready for models."""
        names = {*self.roots, *roots}
        merged = {each: (*self.roots.get(each, ()), *roots.get(each, ())) for each in names}
        return Models(roots=merged, fallen=self.fallen, renewed_by=self.renewed_by)


def read_metadata(blob: bytes, roots: Sequence[bytes], now: datetime, signer: str = SIGNER) -> Models:
    """FIDOMDS-3.2: read the metadata of the FIDO Alliance.

    1. signed as they do, the chain in its header leads to a pinned root (DER), and holds now; 2. its
    leaf is of the host that signs it: a root of the web's authorities has others below it; 3. the signature
    by that leaf holds; 4. every entry with an AAGUID is read.

    Raises:
        Misconfigured: a step fails; the text says which.

    """
    # 1.
    if len(blob) > LARGEST:
        message = "passkeys.metadata: larger than any metadata"
        raise Misconfigured(message)
    try:
        token, chain = _parse(blob)
        leaf = check_chain(chain, roots, now)
        # 2.
        _check_signer(leaf, signer)
        # 3.
        believed = verify(token, _key_of(chain[0]), algorithms=ALGORITHMS, types={"jwt", None})
        # 4.
        payload = MetadataBlobPayload.from_dict(believed.claims)
        return _models(payload.entries, payload.next_update)
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


def _models(entries: Sequence[MetadataBlobPayloadEntry], renewed_by: date) -> Models:
    roots: dict[str, tuple[bytes, ...]] = {}
    fallen = set()
    for entry in entries:
        statement = entry.metadata_statement
        if entry.aaguid is None or statement is None:
            continue
        name = str(entry.aaguid)
        roots[name] = tuple(statement.attestation_root_certificates)
        if any(report.status in FALLEN for report in entry.status_reports):
            fallen.add(name)
    return Models(roots=roots, fallen=frozenset(fallen), renewed_by=renewed_by)
