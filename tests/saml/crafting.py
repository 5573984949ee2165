"""Signatures that are made for real in ways that honest parties do not, so that refusing them is no luck."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from typing import Any

import xmlsec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from lxml import etree
from xmlsec import constants, template

from tests.saml.parties import IDP, certificate, element, private_key

Transform = Any
DS = "http://www.w3.org/2000/09/xmldsig#"
USUAL = (constants.TransformEnveloped, constants.TransformExclC14N)


@cache
def native(kind: str = "rsa", who: str = IDP) -> xmlsec.Key:
    """Return a party's private key as xmlsec holds it."""
    pem = private_key(kind, who).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return xmlsec.Key.from_memory(pem, constants.KeyDataFormatPem)


def shared_secret(secret: bytes) -> xmlsec.Key:
    """Return octets as a key for HMAC."""
    return xmlsec.Key.from_binary_data(constants.KeyDataHmac, secret)


def craft(
    text: str,
    *,
    key: xmlsec.Key | None = None,
    algorithm: Transform = constants.TransformRsaSha256,
    digest: Transform = constants.TransformSha256,
    canonicalisation: Transform = constants.TransformExclC14N,
    transforms: Sequence[Transform] = USUAL,
    prefixes: str = "",
    uri: str | None = None,
    at: int = 1,
    certificate_of: str = "",
    name: str = "",
) -> str:
    """Sign the root of the text by whatever is asked, and return it."""
    root = element(text)
    signature = template.create(root, canonicalisation, algorithm, ns="ds")
    target = "#" + root.get("ID", "") if uri is None else uri
    reference = template.add_reference(signature, digest, uri=target)
    for transform in transforms:
        added = template.add_transform(reference, transform)
        if prefixes and transform is constants.TransformExclC14N:
            template.transform_add_c14n_inclusive_namespaces(added, prefixes)
    if name or certificate_of:
        about = template.ensure_key_info(signature)
        if name:
            template.add_key_name(about, name)
        if certificate_of:
            shown = etree.SubElement(etree.SubElement(about, f"{{{DS}}}X509Data"), f"{{{DS}}}X509Certificate")
            shown.text = base64.b64encode(certificate("rsa", certificate_of)).decode()
    root.insert(at, signature)
    context = xmlsec.SignatureContext()
    context.key = key or native()
    if root.get("ID") is not None:
        context.register_id(root, "ID")
    context.sign(signature)
    return etree.tostring(root).decode()
