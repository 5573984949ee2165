"""What a signer signs: lists of hashes (EF.SOD) and of authorities, in CMS; bent where a test wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from demo.documents.encoding import (
    NULL,
    algorithm,
    children,
    content,
    integer,
    moment,
    octets,
    oid,
    sequence,
    set_of,
    text,
    tlv,
)
from demo.documents.states import Held, moment_of

HASHES_TYPE: Final = "2.23.136.1.1.1"
MASTER_LIST_TYPE: Final = "2.23.136.1.1.2"
_DATA: Final = "1.2.840.113549.1.7.2"
_HASHES: Final = {
    "sha1": ("1.3.14.3.2.26", hashes.SHA1, "1.2.840.10045.4.1", "1.2.840.113549.1.1.5"),
    "sha224": ("2.16.840.1.101.3.4.2.4", hashes.SHA224, "1.2.840.10045.4.3.1", "1.2.840.113549.1.1.14"),
    "sha256": ("2.16.840.1.101.3.4.2.1", hashes.SHA256, "1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11"),
    "sha384": ("2.16.840.1.101.3.4.2.2", hashes.SHA384, "1.2.840.10045.4.3.3", "1.2.840.113549.1.1.12"),
    "sha512": ("2.16.840.1.101.3.4.2.3", hashes.SHA512, "1.2.840.10045.4.3.4", "1.2.840.113549.1.1.13"),
}


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How to sign; honest by default.

    `content_type` stands outside, `attribute_type` in the signed attributes. `leave_out` names attributes,
    `signers` how many there are, `certificates` what stands beside; None is the signer's own.
    """

    hash: str = "sha256"
    signature_hash: str | None = None
    pss: bool = False
    generic: bool = False
    version: int = 0
    signed_at: datetime | None = None
    content_type: str = HASHES_TYPE
    attribute_type: str | None = None
    leave_out: frozenset[str] = frozenset()
    signers: int = 1
    certificates: tuple[bytes, ...] | None = None
    by_key: bool = False
    wrong_digest: bool = False
    shuffled: bool = False


def security_object(groups: Mapping[int, bytes], signer: Held, manner: Manner | None = None) -> bytes:
    """EF.SOD over these files."""
    manner = manner or Manner()
    return tlv(0x77, signed_data(hash_list(groups, manner), signer, manner))


def hash_list(groups: Mapping[int, bytes], manner: Manner) -> bytes:
    """Return the list of hashes; its second form has versions."""
    listed = (
        sequence(integer(number), octets(hashlib.new(manner.hash, file).digest()))
        for number, file in sorted(groups.items())
    )
    versions = (sequence(text("0108"), text("040000")),) if manner.version == 1 else ()
    return sequence(integer(manner.version), algorithm(_HASHES[manner.hash][0]), sequence(*listed), *versions)


def master_list(certificates: tuple[bytes, ...], signer: Held) -> bytes:
    """Return a list of authorities."""
    manner = Manner(content_type=MASTER_LIST_TYPE)
    return signed_data(sequence(integer(0), set_of(*certificates)), signer, manner)


def signed_data(what: bytes, signer: Held, manner: Manner) -> bytes:
    """RFC 5652: these octets, signed."""
    certificates = (signer.certificate,) if manner.certificates is None else manner.certificates
    info = _signer_info(what, signer, manner)
    data = sequence(
        integer(3),
        set_of(algorithm(_HASHES[manner.hash][0])),
        sequence(oid(manner.content_type), tlv(0xA0, octets(what))),
        tlv(0xA0, *sorted(certificates)),
        tlv(0x31, *(info,) * manner.signers),
    )
    return sequence(oid(_DATA), tlv(0xA0, data))


def _signer_info(what: bytes, signer: Held, manner: Manner) -> bytes:
    body = children(content(children(content(signer.certificate))[0]))
    # Version, serial number, algorithm, issuer.
    serial, issuer = body[1], body[3]
    digest = hashlib.new(manner.hash, b"other" if manner.wrong_digest else what).digest()
    attributes = {
        "type": sequence(
            oid("1.2.840.113549.1.9.3"), set_of(oid(manner.attribute_type or manner.content_type))
        ),
        "digest": sequence(oid("1.2.840.113549.1.9.4"), set_of(octets(digest))),
    }
    if manner.signed_at:
        at = moment(moment_of(manner.signed_at))
        attributes["time"] = sequence(oid("1.2.840.113549.1.9.5"), set_of(at))
    kept = [value for name, value in attributes.items() if name not in manner.leave_out]
    shown = sorted(kept, reverse=manner.shuffled)
    kind, signature = _sign(signer, set_of(*kept), manner)
    if manner.by_key:
        return sequence(
            integer(3),
            tlv(0x80, _key_identifier(signer)),
            algorithm(_HASHES[manner.hash][0]),
            tlv(0xA0, *shown),
            kind,
            octets(signature),
        )
    return sequence(
        integer(1),
        sequence(issuer, serial),
        algorithm(_HASHES[manner.hash][0]),
        tlv(0xA0, *shown),
        kind,
        octets(signature),
    )


def _key_identifier(signer: Held) -> bytes:
    found = signer.parsed.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return found.value.digest


def _sign(signer: Held, what: bytes, manner: Manner) -> tuple[bytes, bytes]:
    identifier, function, with_curve, with_rsa = _HASHES[manner.signature_hash or manner.hash]
    if isinstance(signer.key, ec.EllipticCurvePrivateKey):
        return algorithm(with_curve), signer.key.sign(what, ec.ECDSA(function()))
    if not isinstance(signer.key, rsa.RSAPrivateKey):
        raise TypeError(signer.key)
    if not manner.pss:
        named = "1.2.840.113549.1.1.1" if manner.generic else with_rsa
        return algorithm(named, NULL), signer.key.sign(what, padding.PKCS1v15(), function())
    hashed = algorithm(identifier)
    parameters = sequence(
        tlv(0xA0, hashed),
        tlv(0xA1, algorithm("1.2.840.113549.1.1.8", hashed)),
        tlv(0xA2, integer(function().digest_size)),
    )
    signature = signer.key.sign(
        what, padding.PSS(padding.MGF1(function()), function().digest_size), function()
    )
    return algorithm("1.2.840.113549.1.1.10", parameters), signature
