"""What a signature says of itself (XMLDSIG-4.4): one form, read strictly; every other form is refused.

    Signature
    ├── SignedInfo
    │   ├── CanonicalizationMethod   exclusive, without comments
    │   ├── SignatureMethod          of the list in algorithms.py, without parameters
    │   └── Reference URI="#ID"      of the element that holds the signature, and no second one
    │       ├── Transforms           enveloped, then exclusive canonicalisation
    │       ├── DigestMethod
    │       └── DigestValue
    ├── SignatureValue
    └── KeyInfo                      may be absent; only a hint

Everything is found step by step from the signature down, never by searching (S13).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import field
from typing import TYPE_CHECKING, Final, TypeVar

from toegang.errors import ProofInvalid
from toegang.hot import hot
from toegang.saml.algorithms import ENVELOPED, EXCLUSIVE_C14N, DigestAlgorithm, SignatureAlgorithm
from toegang.saml.document import has_text, kind_of
from toegang.saml.names import DS
from toegang.saml.placement import KEY_INFO, SIGNATURE, SIGNATURE_VALUE, SIGNED_INFO, tag_of
from toegang.saml.why import Why

if TYPE_CHECKING:
    import enum

    from lxml import etree

    from toegang.saml.keys import TrustedKey

    E = TypeVar("E", bound=enum.StrEnum)

ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,255}")
PREFIX: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
MOST_PREFIXES: Final = 32
MOST_HINTS: Final = 8
INCLUSIVE_NAMESPACES: Final = f"{{{EXCLUSIVE_C14N}}}InclusiveNamespaces"

_CANONICALIZATION_METHOD: Final = f"{{{DS}}}CanonicalizationMethod"
_SIGNATURE_METHOD: Final = f"{{{DS}}}SignatureMethod"
_REFERENCE: Final = f"{{{DS}}}Reference"
_TRANSFORMS: Final = f"{{{DS}}}Transforms"
_TRANSFORM: Final = f"{{{DS}}}Transform"
_DIGEST_METHOD: Final = f"{{{DS}}}DigestMethod"
_DIGEST_VALUE: Final = f"{{{DS}}}DigestValue"
_KEY_NAME: Final = f"{{{DS}}}KeyName"
_X509_DATA: Final = f"{{{DS}}}X509Data"
_X509_CERTIFICATE: Final = f"{{{DS}}}X509Certificate"


@hot(frozen=True, slots=True, kw_only=True)
class SignedInfo:
    """What a signature refers to and how it was made, out of the allow-lists.

    `prefixes` are the namespaces that the canonical form keeps although nothing shows them (EXC-C14N-2.1).
    """

    algorithm: SignatureAlgorithm
    digest: DigestAlgorithm
    digest_value: bytes
    prefixes: tuple[str, ...]
    key_names: tuple[str, ...] = ()
    certificates: tuple[str, ...] = field(default=(), repr=False)

    def hints(self, key: TrustedKey) -> bool:
        """Say whether KeyInfo points at this trusted key; that is worth trying it first, no more."""
        return key.fingerprint in self.certificates or bool(key.name and key.name in self.key_names)


def read_signature(signature: etree._Element, signed: etree._Element) -> SignedInfo:
    """XMLDSIG-4.3: read the signature that `signed` holds.

    Raises:
        ProofInvalid: it has another form than the one accepted, or refers to something else.

    """
    parts = list(signature)
    if len(parts) == 2:  # noqa: PLR2004 - without KeyInfo
        info, value = _exactly(signature, SIGNED_INFO, SIGNATURE_VALUE)
    else:
        info, value, _ = _exactly(signature, SIGNED_INFO, SIGNATURE_VALUE, KEY_INFO)
    _decoded(value)
    method, algorithm, reference = _exactly(info, _CANONICALIZATION_METHOD, _SIGNATURE_METHOD, _REFERENCE)
    _canonicalisation(method)
    transforms, digest, hashed = _reference(reference, signed)
    names, certificates = _about(parts[2]) if len(parts) > 2 else ((), ())  # noqa: PLR2004
    return SignedInfo(
        algorithm=_named(algorithm, SignatureAlgorithm),
        digest=_named(digest, DigestAlgorithm),
        digest_value=_decoded(hashed),
        prefixes=_transforms(transforms),
        key_names=names,
        certificates=certificates,
    )


def own_prefixes(element: etree._Element) -> tuple[str, ...]:
    """Return the prefixes that the element's own signature keeps; () when it has none of this form."""
    at: etree._Element | None = element
    for step in (SIGNATURE, SIGNED_INFO, _REFERENCE, _TRANSFORMS):
        at = None if at is None else next(at.iterchildren(step), None)
    if at is None:
        return ()
    try:
        return _transforms(at)
    except ProofInvalid:
        return ()


def _exactly(parent: etree._Element, *tags: str) -> list[etree._Element]:
    """Return the children, which must be these, once each, in this order, with nothing said between them."""
    found = list(parent)
    if [each.tag for each in found] != list(tags) or has_text(parent):
        message = f"a {tag_of(parent)} of another form"
        raise ProofInvalid(message)
    return found


def _reference(reference: etree._Element, signed: etree._Element) -> list[etree._Element]:
    """XMLDSIG-4.4.3.2 and SAMLCore-5.4.2: it refers to the element around the signature, by its ID."""
    identity = signed.get("ID", "")
    if not ID.fullmatch(identity) or reference.get("URI") != f"#{identity}":
        message = "the signature refers to something else than what holds it"
        raise ProofInvalid(message)
    return _exactly(reference, _TRANSFORMS, _DIGEST_METHOD, _DIGEST_VALUE)


def _transforms(transforms: etree._Element) -> tuple[str, ...]:
    """SAMLCore-5.4.4: the signature is taken out, then the exclusive form; nothing that computes."""
    enveloped, exclusive = _exactly(transforms, _TRANSFORM, _TRANSFORM)
    if enveloped.get("Algorithm") != ENVELOPED or len(enveloped):
        message = "a first transform that is not the enveloped signature"
        raise ProofInvalid(message)
    return _canonicalisation(exclusive)


def _canonicalisation(method: etree._Element) -> tuple[str, ...]:
    """EXC-C14N-2.1: without comments, perhaps with prefixes to keep; those are returned."""
    if method.get("Algorithm") != EXCLUSIVE_C14N:
        message = "a canonicalisation that is not the exclusive one without comments"
        raise ProofInvalid(message)
    if not len(method):
        return ()
    (kept,) = _exactly(method, INCLUSIVE_NAMESPACES)
    prefixes = tuple(kept.get("PrefixList", "").split())
    if len(kept) or len(prefixes) > MOST_PREFIXES or not all(map(PREFIX.fullmatch, prefixes)):
        message = "prefixes to keep that are none, or too many"
        raise ProofInvalid(message)
    return prefixes


def _named(method: etree._Element, among: type[E]) -> E:
    try:
        named = among(method.get("Algorithm", ""))
    except ValueError as error:
        message = f"a {tag_of(method)} that is not accepted"
        raise ProofInvalid(message, why=Why.WEAK_ALGORITHM) from error
    if len(method):
        message = f"a {tag_of(method)} with parameters"
        raise ProofInvalid(message)
    return named


def _decoded(element: etree._Element) -> bytes:
    """XMLSchema-2-3.2.16: base64 in the only way of writing that there is, white space apart."""
    text = "".join((element.text or "").split())
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        message = f"a {tag_of(element)} that is not base64"
        raise ProofInvalid(message) from error
    if not octets or len(element) or base64.b64encode(octets).decode("ascii") != text:
        message = f"a {tag_of(element)} that is empty, holds elements or is not written as base64 is"
        raise ProofInvalid(message)
    return octets


def _about(key_info: etree._Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """XMLDSIG-4.5: return the key names and the fingerprints of certificates that KeyInfo shows.

    Nothing of it is trusted and most is passed over, but it has the form of the schema or is refused.
    """
    names = [_leaf(each) for each in key_info.iterchildren(_KEY_NAME)]
    data = list(key_info.iterchildren(_X509_DATA))
    prints = [
        hashlib.sha256(_decoded(shown)).hexdigest()
        for each in data
        for shown in each.iterchildren(_X509_CERTIFICATE)
    ]
    strange = any(not kind_of(each)[0] for each in key_info.iterdescendants())
    if strange or any(map(has_text, (key_info, *data))):
        message = "a KeyInfo of another form"
        raise ProofInvalid(message)
    return tuple(names[:MOST_HINTS]), tuple(prints[:MOST_HINTS])


def _leaf(element: etree._Element) -> str:
    if len(element):
        message = f"a {tag_of(element)} that holds elements"
        raise ProofInvalid(message)
    return (element.text or "").strip()
