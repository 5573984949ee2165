"""Signatures in XML made (XMLDSIG-4): one form, written in canonical form and put in right after the issuer.

What is written here is written as its hash is taken, so that nothing is parsed or canonicalised to sign it;
what holds something of others is read first.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Final

from lxml import etree

from toegang.errors import Misconfigured
from toegang.saml.algorithms import (
    ENVELOPED,
    EXCLUSIVE_C14N,
    DigestAlgorithm,
    KeyKind,
    SignatureAlgorithm,
)
from toegang.saml.document import canonical, reparse
from toegang.saml.keys import SigningKey, sign_octets
from toegang.saml.markup import Canonical, element, inside, leaf
from toegang.saml.names import DS
from toegang.saml.placement import ISSUER, SIGNATURE, tag_of
from toegang.saml.signed_info import ID

USUAL: Final = {
    KeyKind.RSA: SignatureAlgorithm.RSA_SHA256,
    KeyKind.P256: SignatureAlgorithm.ECDSA_SHA256,
    KeyKind.P384: SignatureAlgorithm.ECDSA_SHA384,
}
DIGESTS: Final = {
    SignatureAlgorithm.RSA_SHA384: DigestAlgorithm.SHA384,
    SignatureAlgorithm.RSA_SHA512: DigestAlgorithm.SHA512,
    SignatureAlgorithm.ECDSA_SHA384: DigestAlgorithm.SHA384,
}


def signature_over(octets: bytes, identity: str, key: SigningKey) -> bytes:
    """SAMLCore-5.4: return a signature over an element with this ID, by the usual algorithm of the key.

    It belongs right after the element's issuer; what the element holds may not change afterwards, so
    signatures inside it are made first.

    Raises:
        Misconfigured: the identity is none.

    """
    hashed = octets if type(octets) is Canonical else canonical(reparse(octets))
    return _signature(hashed, identity, USUAL[key.kind], key, _about(key.name, key.certificate))


def sign(
    tree: etree._Element,
    key: SigningKey,
    *,
    algorithm: SignatureAlgorithm | None = None,
    with_name: bool = True,
    with_certificate: bool = True,
) -> bytes:
    """SAMLCore-5.4: put a signature right after the issuer of a tree (in metadata: first); return the octets.

    The usual algorithm is the one with SHA-256, or the one of the key's curve.

    Raises:
        Misconfigured: the element has no ID, is signed already, or the key does not sign so.

    """
    if next(tree.iterchildren(SIGNATURE), None) is not None:
        message = "an element is signed once"
        raise Misconfigured(message)
    about = _about(key.name if with_name else "", key.certificate if with_certificate else "")
    made = _signature(canonical(tree), tree.get("ID", ""), algorithm or USUAL[key.kind], key, about)
    first = next(iter(tree), None)
    tree.insert(int(first is not None and tag_of(first) == ISSUER), etree.fromstring(made))
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=False, with_tail=False)


def _signature(
    hashed: bytes, identity: str, algorithm: SignatureAlgorithm, key: SigningKey, about: bytes
) -> bytes:
    """XMLDSIG-4.2: return ds:Signature over a canonical form; what is signed is its SignedInfo, alone."""
    if not ID.fullmatch(identity):
        message = "only an element with an ID is signed"
        raise Misconfigured(message)
    digest = DIGESTS.get(algorithm, DigestAlgorithm.SHA256)
    info = _signed_info(algorithm, digest, identity, digest.digest(hashed))
    value = Canonical(base64.b64encode(sign_octets(info, key, algorithm)))
    signed_value = element("ds:SignatureValue", {}, value)
    return element("ds:Signature", {}, inside(info, "ds"), signed_value, about, alone=True)


def _signed_info(
    algorithm: SignatureAlgorithm, digest: DigestAlgorithm, identity: str, hashed: bytes
) -> bytes:
    """XMLDSIG-4.4: write what is signed, octet for octet."""
    return Canonical(
        f'<ds:SignedInfo xmlns:ds="{DS}">'
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{algorithm}"></ds:SignatureMethod>'
        f'<ds:Reference URI="#{identity}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>'
        f'<ds:Transform Algorithm="{EXCLUSIVE_C14N}"></ds:Transform>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{digest}"></ds:DigestMethod>'
        f"<ds:DigestValue>{base64.b64encode(hashed).decode()}</ds:DigestValue></ds:Reference></ds:SignedInfo>".encode(
            "ascii"
        )
    )


@lru_cache(maxsize=64)
def _about(name: str, certificate: str) -> bytes:
    """XMLDSIG-4.5: return ds:KeyInfo with what is told of a key, or nothing; written once for each key."""
    told = []
    if name:
        told.append(leaf("ds:KeyName", name))
    if certificate:
        told.append(element("ds:X509Data", {}, leaf("ds:X509Certificate", certificate)))
    return element("ds:KeyInfo", {}, *told) if told else Canonical()
