"""Second opinions on a signed document: two libraries of others, one of them with another XML parser."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pybergshamra
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from lxml import etree
from signxml.verifier import SignatureConfiguration, XMLVerifier

from tests.saml.parties import IDP, certificate
from toegang.saml.algorithms import EXCLUSIVE_C14N
from toegang.saml.names import DS

WHILE_VALID = datetime(2020, 6, 1, tzinfo=UTC)
SIGNATURE = f"{{{DS}}}Signature"


def signxml_says(octets: bytes, kind: str = "rsa", who: str = IDP) -> str:
    """Return why signxml does not believe every signature in the document; '' when it does."""
    try:
        root = etree.fromstring(octets)
        signed = [each.getparent() for each in root.iter(SIGNATURE)]
        for element in signed or [root]:
            XMLVerifier().verify(
                element,
                x509_cert=load_der_x509_certificate(certificate(kind, who)),
                id_attribute="ID",
                expect_config=SignatureConfiguration(location="./", verification_time=WHILE_VALID),
            )
    except Exception as error:  # noqa: BLE001 - its errors have no common root, and any is a refusal
        return f"{type(error).__name__}: {error}"
    return ""


def bergshamra_says(octets: bytes, kind: str = "rsa", who: str = IDP) -> str:
    """Return why bergshamra does not believe every signature in the document; '' when it does."""
    try:
        results = pybergshamra.verify_all(_context(kind, who), octets.decode("utf-8"))
    except Exception as error:  # noqa: BLE001 - any error is a refusal
        return f"{type(error).__name__}: {error}"
    wrong = [result.reason for result in results if not (result and result.all_reference_digests_verified)]
    return "; ".join(map(str, wrong))


def bergshamra_writes(octets: bytes) -> bytes:
    """Return the exclusive canonical form of a document as bergshamra's own parser and writer make it."""
    mode = pybergshamra.C14nMode.from_uri(EXCLUSIVE_C14N)
    if mode is None:
        raise LookupError(EXCLUSIVE_C14N)
    return bytes(pybergshamra.canonicalize(octets.decode("utf-8"), mode))


@cache
def _context(kind: str, who: str) -> pybergshamra.DsigContext:
    public = load_der_x509_certificate(certificate(kind, who)).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    keys = pybergshamra.KeysManager()
    keys.add_key(pybergshamra.load_spki_pem(pem))
    return pybergshamra.DsigContext(keys, trusted_keys_only=True, strict_verification=True)
