"""One signed document, spoiled in every way that attacks on signatures and parsers begin with (S01-S18)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree
from xmlsec import constants

from tests.saml.crafting import craft, native, shared_secret
from tests.saml.parties import certificate, signed, signing
from toegang.saml.names import DS, SAML

THIEF: Final = "https://thief.example/metadata"
SIGNATURE: Final = re.compile(r"<ds:Signature[ >].*?</ds:Signature>", re.DOTALL)
Element = etree._Element


def spoiled(octets: bytes, who: str) -> dict[str, bytes]:
    """Return the spoiled forms of a document that `who` signed with its RSA key, each by its name."""
    found = {**dict(_resigned(octets, who)), **dict(_wrapped(octets)), **dict(_rewritten(octets))}
    return {name: made for name, made in found.items() if made != octets}


def _resigned(octets: bytes, who: str) -> Iterator[tuple[str, bytes]]:
    text = octets.decode()
    bare = SIGNATURE.sub("", text)
    yield "unsigned", bare.encode()
    yield "signed by a thief", signed(bare, signing("rsa", THIEF)).encode()
    yield (
        "signed by a thief, shown as its own",
        craft(bare, key=native("rsa", THIEF), certificate_of=who).encode(),
    )
    key = native("rsa", who)
    yield "by SHA-1", craft(bare, key=key, algorithm=constants.TransformRsaSha1).encode()
    yield "with a SHA-1 hash", craft(bare, key=key, digest=constants.TransformSha1).encode()
    secret = shared_secret(certificate("rsa", who))
    yield "by HMAC", craft(bare, key=secret, algorithm=constants.TransformHmacSha256).encode()
    yield "by a reference to nothing", craft(bare, key=key, uri="").encode()
    yield "without transforms", craft(bare, key=key, transforms=()).encode()
    yield (
        "by inclusive canonicalisation",
        craft(bare, key=key, canonicalisation=constants.TransformInclC14N).encode(),
    )
    first = SIGNATURE.search(text)
    assert first is not None
    yield "signed twice", text.replace(first[0], first[0] * 2, 1).encode()
    yield (
        "signed at the end",
        re.sub(r"(</[^>]*>)$", lambda end: first[0] + end[1], text.replace(first[0], "", 1)).encode(),
    )


def _wrapped(octets: bytes) -> Iterator[tuple[str, bytes]]:
    """Have something else read, with the genuine document in or beside it."""
    places: dict[str, Callable[[Element, Element], None]] = {
        "first": lambda evil, genuine: evil.insert(0, genuine),
        "last": lambda evil, genuine: evil.append(genuine),
        "in extensions": lambda evil, genuine: _inside(
            evil, "{urn:oasis:names:tc:SAML:2.0:protocol}Extensions", genuine
        ),
        "in an object": lambda evil, genuine: _inside(evil, f"{{{DS}}}Object", genuine),
        "in its signature": _in_signature,
    }
    for place, put in places.items():
        for same in (False, True):
            genuine = etree.fromstring(octets)
            evil = etree.fromstring(SIGNATURE.sub("", octets.decode()))
            if not same:
                evil.set("ID", "_evil")
            put(evil, genuine)
            yield f"around the genuine one, {place}{', by the same ID' if same else ''}", etree.tostring(evil)


def _inside(evil: Element, tag: str, genuine: Element) -> None:
    place = etree.Element(tag)
    place.append(genuine)
    evil.insert(1, place)


def _in_signature(evil: Element, genuine: Element) -> None:
    signature = genuine.find(f"{{{DS}}}Signature")
    assert signature is not None
    genuine.remove(signature)
    etree.SubElement(signature, f"{{{DS}}}Object").append(genuine)
    first = next(iter(evil), None)
    evil.insert(int(first is not None and first.tag == f"{{{SAML}}}Issuer"), signature)


def _rewritten(octets: bytes) -> Iterator[tuple[str, bytes]]:
    text = octets.decode()
    changed = etree.fromstring(octets)
    changed.set("Consent", "urn:changed")
    yield "changed", etree.tostring(changed)
    issuer = "</saml:Issuer>"
    for name, piece in (("comment", "<!---->"), ("instruction", "<?x?>"), ("section", "<![CDATA[]]>")):
        yield f"a {name} in the issuer", text.replace(issuer, piece + issuer, 1).encode()
    yield "a document type", b'<!DOCTYPE x [<!ENTITY e "x">]>' + octets
    yield "a relative namespace", text.replace(" ID=", ' xmlns:r="relative" ID=', 1).encode()
    yield "deep", text.replace(issuer, issuer + "<a>" * 60 + "</a>" * 60, 1).encode()
    yield "wide", text.replace(" ID=", " " + " ".join(f'a{n}=""' for n in range(40)) + " ID=", 1).encode()
    yield "cut off", octets[:-1]
    yield "twice", octets * 2
    yield "in UTF-16", text.encode("utf-16")
