"""Signatures in XML verified: what was signed becomes a new object, and only that can be read (XMLDSIG).

    verify(document, keys) -> Verified                    the document itself is signed
    verify_response(document, keys) -> Verified | AssertionOnly

A `Verified` is parsed anew from exactly those octets whose hash was signed. Nothing that stood beside
them exists in it, and no other parser ever saw other octets.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Final

import xmlsec
from lxml import etree
from xmlsec import constants

from toegang.errors import Malformed, ProofInvalid
from toegang.saml.algorithms import DigestAlgorithm, SignatureAlgorithm
from toegang.saml.document import Kind, Unverified, canonical, has_text, kind_of, raw, reparse
from toegang.saml.keys import TrustedKey
from toegang.saml.placement import ADVICE, ASSERTION, RESPONSE, SIGNATURE, tag_of
from toegang.saml.signed_info import SignedInfo, own_prefixes, read_signature
from toegang.saml.why import Why

MOST_KEYS: Final = 16
"""A party has a current and a next key, perhaps a handful; trying more is work for a forger's pleasure."""
TRANSFORMS: Final = (constants.TransformEnveloped, constants.TransformExclC14N)
NATIVE: Final = {
    SignatureAlgorithm.RSA_SHA256: constants.TransformRsaSha256,
    SignatureAlgorithm.RSA_SHA384: constants.TransformRsaSha384,
    SignatureAlgorithm.RSA_SHA512: constants.TransformRsaSha512,
    SignatureAlgorithm.ECDSA_SHA256: constants.TransformEcdsaSha256,
    SignatureAlgorithm.ECDSA_SHA384: constants.TransformEcdsaSha384,
}
NATIVE_DIGESTS: Final = {
    DigestAlgorithm.SHA256: constants.TransformSha256,
    DigestAlgorithm.SHA384: constants.TransformSha384,
    DigestAlgorithm.SHA512: constants.TransformSha512,
}


@dataclass(slots=True, kw_only=True, eq=False)
class Verified:
    """What was signed, and nothing else; only the functions of this room make one, and nobody changes it.

    `octets` are the canonical form that the signature covers, without the signature itself; `key` made the
    signature. `advice` are the assertions of others inside, as opaque octets to be verified on their own.
    `opened_by` is the fingerprint of the key of ours that it was encrypted for, empty when it was not.
    """

    octets: bytes = field(repr=False)
    key: TrustedKey
    advice: tuple[bytes, ...] = field(default=(), repr=False)
    opened_by: str = ""
    _element: etree._Element | None = field(default=None, init=False, repr=False)

    @property
    def element(self) -> etree._Element:
        """What `octets` say, parsed from them and nothing else; for this room only."""
        if self._element is None:
            self._element = reparse(self.octets)
        return self._element

    @property
    def kind(self) -> Kind:
        """The namespace and the name of what was signed."""
        return kind_of(self.element)

    @property
    def id(self) -> str:
        """The ID by which the signature refers to it."""
        return self.element.get("ID", "")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssertionOnly:
    """A response that is not signed around an assertion that is.

    Only `assertion` may be believed. What the response itself says (its status, whom it answers, where it
    was sent) anybody can have written: it is bound to a request by what stands inside the assertion.
    """

    assertion: Verified
    response: Unverified


def verify(document: Unverified, keys: Sequence[TrustedKey]) -> Verified:
    """XMLDSIG-3.2 and SAMLCore-5.4: check the signature of the document itself.

    1. It has a signature as its own child, at its place (which the gate saw to), that refers by one
       Reference to its ID, with the transforms and algorithms accepted here (signed_info.py).
    2. Its canonical form without the signature has the hash that the signature gives.
    3. Another library, told which key to use and where to look, agrees about hash and signature.
    4. That canonical form, parsed anew, is what was signed.
    The caller must have found the keys by the claimed issuer in pinned metadata, and must check that the
    issuer inside is the same, and every time, address and audience.

    Raises:
        ProofInvalid: there is no signature, or it does not hold; which step is in the detail, for the log.

    """
    element = raw(document)
    # 1.
    signature = _signature_of(element)
    if signature is None:
        message = "a message that must be signed is not"
        raise ProofInvalid(message, why=Why.UNSIGNED)
    info = read_signature(signature, element)
    # 2.
    octets = _canonical_without(signature, info.prefixes)
    if not hmac.compare_digest(info.digest.digest(octets), info.digest_value):
        message = "the hash of the signed element is another"
        raise ProofInvalid(message, why=Why.CHANGED_AFTER_SIGNING)
    # 3.
    key = _signer(element, signature, info, keys)
    # 4. It is parsed when it is first read.
    return Verified(octets=octets, key=key, advice=advice_of(element))


def verify_response(document: Unverified, keys: Sequence[TrustedKey]) -> Verified | AssertionOnly:
    """SAMLProf-4.1.4.5: check a response, signed itself or around a signed assertion.

    1. It is a response; the gate saw to it that it holds at most one assertion.
    2. Signed itself: that signature holds, and so does the assertion's own, if it has one.
    3. Else its assertion is signed, and only that is verified. An encrypted assertion is not signed until
       it is opened, and is not opened before something around it was verified.

    Raises:
        ProofInvalid: nothing is signed, or any signature that is there does not hold.

    """
    element = raw(document)
    # 1.
    if tag_of(element) != RESPONSE or has_text(element):
        message = "not a response, or one with text beside its elements"
        raise ProofInvalid(message)
    inner = element.find(ASSERTION)
    signed_inside = inner is not None and _signature_of(inner) is not None
    # 2.
    if _signature_of(element) is not None:
        response = verify(document, keys)
        if inner is not None and signed_inside:
            verify(Unverified(_element=inner), keys)
        return response
    # 3.
    if inner is None or not signed_inside:
        message = "neither the response nor its assertion is signed"
        raise ProofInvalid(message)
    return AssertionOnly(assertion=verify(Unverified(_element=inner), keys), response=document)


def advice_of(element: etree._Element) -> tuple[bytes, ...]:
    """SAMLCore-2.6.1: what others asserted, each in the form that its own signature covers."""
    assertions = [element] if tag_of(element) == ASSERTION else element.iterchildren(ASSERTION)
    return tuple(
        canonical(told, own_prefixes(told))
        for assertion in assertions
        for advice in assertion.iterchildren(ADVICE)
        for told in advice.iterchildren(ASSERTION)
    )


def _signature_of(element: etree._Element) -> etree._Element | None:
    """XMLDSIG-4.1: the signature that is the element's own child."""
    return next(element.iterchildren(SIGNATURE), None)


def _canonical_without(signature: etree._Element, prefixes: tuple[str, ...]) -> bytes:
    """XMLDSIG-6.6.4: the canonical form of the signed element, as if the signature were not there.

    It is taken out of a copy: one that is put back would be written with the names for namespaces that are
    known around it, and not hold a second time, nor before the eyes of the other library. The text after it
    is not part of it.
    """
    copied = _copy_of(signature)
    parent, before = copied.getparent(), copied.getprevious()
    if parent is None:
        message = "a signature that stands on its own"
        raise ProofInvalid(message)
    if before is None:
        parent.text = (parent.text or "") + (copied.tail or "") or None
    else:
        before.tail = (before.tail or "") + (copied.tail or "") or None
    copied.tail = None
    parent.remove(copied)
    try:
        return canonical(parent, prefixes)
    except Malformed as error:
        message = "the signed element has no canonical form"
        raise ProofInvalid(message) from error


def _copy_of(signature: etree._Element) -> etree._Element:
    """Return the signature in a copy of the whole document, so with the namespaces that surround it."""
    steps, each = [], signature
    while (parent := each.getparent()) is not None:
        steps.append(parent.index(each))
        each = parent
    found = copy(each)  # of an element, that is a copy of all in it
    for step in reversed(steps):
        found = found[step]
    return found


def _signer(
    element: etree._Element, signature: etree._Element, info: SignedInfo, keys: Sequence[TrustedKey]
) -> TrustedKey:
    """Return the trusted key that made the signature; those that KeyInfo hints at are tried first."""
    fitting = [key for key in keys if info.algorithm.fits(key.kind)]
    fitting.sort(key=lambda key: not info.hints(key))
    for key in fitting[:MOST_KEYS]:
        context = xmlsec.SignatureContext()
        context.key = key.native
        for transform in (*TRANSFORMS, NATIVE_DIGESTS[info.digest]):
            context.enable_reference_transform(transform)
        for transform in (constants.TransformExclC14N, NATIVE[info.algorithm]):
            context.enable_signature_transform(transform)
        try:
            context.register_id(element, "ID")
            context.verify(signature)
        except xmlsec.Error:
            continue
        return key
    message = "the signature is of none of the party's keys"
    raise ProofInvalid(message, why=Why.OTHER_SIGNER)
