"""Genuine documents that are cut off, pasted together, written otherwise, signed again or changed a little.

Beside tests/saml/forgeries.py, where a genuine element stays whole. `harmful` ones must be refused; others
may be believed, but only as exactly what was signed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from xmlsec import constants

from tests.saml.crafting import craft, native, shared_secret
from tests.saml.forgeries import EVIL, Genuine, genuine
from tests.saml.parties import IDP, SP, assertion, certificate, element, request, response, signed, signing

THIEF: Final = "https://thief.example/metadata"
SIGNATURE: Final = re.compile(r"<ds:Signature .*?</ds:Signature>", re.DOTALL)
LETTERS: Final = "<>&\"'/= #:;!?-[]\x00\x08\x7f\x85\ufeff\u2028é0aZ_.\n\r\t"
PIECES: Final = (
    "<!---->",
    "<?a?>",
    "<![CDATA[a]]>",
    "<!DOCTYPE a>",
    "&a;",
    "&#0;",
    "&#x41;",
    "<a/>",
    "<ds:Signature/>",
    "<saml:Assertion/>",
    '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">attacker</saml:NameID>',
    ' ID="_a1"',
    ' xmlns:saml="urn:x"',
    ' xmlns="relative"',
    ' xmlns=""',
)
ENCODINGS: Final = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp037")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bent:
    """A changed document, the genuine one that it was made of, and how."""

    how: str
    octets: bytes
    base: Genuine
    harmful: bool


def bendings(each: int, seed: int = 5) -> Iterator[Bent]:
    """Return every kind of change to every genuine document; of the random kinds, `each` of each.

    A change that leaves a document as it was is none.
    """
    return (bent for bent in _bendings(each, seed) if bent.octets != bent.base.text.encode())


def _bendings(each: int, seed: int) -> Iterator[Bent]:
    random = Random(seed)  # noqa: S311 - which letter is no secret
    for base in genuine():
        for how, octets in itertools.chain(_resigned(base), _transplanted(base), _recoded(base)):
            yield Bent(how=how, octets=octets, base=base, harmful=how != "utf-8-sig")
        for _ in range(each):
            for how, octets in _random(base, random):
                yield Bent(how=how, octets=octets, base=base, harmful=how == "cut off")


def _evil(base: Genuine) -> str:
    return base.text.replace("somebody", EVIL).replace("reader", "owner")


def _resigned(base: Genuine) -> Iterator[tuple[str, bytes]]:
    """Sign it again by a key that nobody trusts, or in a way that nobody should."""
    bare = SIGNATURE.sub("", base.text).replace("somebody", EVIL)
    if "Envelope" in bare:
        return
    yield "unsigned", bare.encode()
    yield "signed by a thief", signed(bare, signing(who=THIEF)).encode()
    yield "signed by another party", signed(bare, signing(who=SP)).encode()
    for kind in ("p256", "p384"):
        yield f"signed by a key of kind {kind}", signed(bare, signing(kind, THIEF)).encode()
    yield "shown as ours", craft(bare, key=native(who=THIEF), certificate_of=IDP, name="k1").encode()
    for secret in (certificate(), b"secret"):
        key = shared_secret(secret)
        yield "by HMAC", craft(bare, key=key, algorithm=constants.TransformHmacSha256).encode()
    for uri in ("", "#xpointer(/)"):
        yield "signed whole", craft(bare, uri=uri).encode()
    yield "without transforms", craft(bare, transforms=()).encode()
    yield "by SHA-1", craft(bare, algorithm=constants.TransformRsaSha1).encode()


def _transplanted(base: Genuine) -> Iterator[tuple[str, bytes]]:
    """Put signatures of other documents of the same signer in the place of its own."""
    others = (signed(request()), signed(assertion("_a2")), signed(response(assertion("_a3"))))
    found = SIGNATURE.findall(base.text)
    for own in found:
        for other in others:
            foreign = SIGNATURE.findall(other)[0]
            yield "another's signature", base.text.replace(own, foreign, 1).encode()
            renamed = re.sub(r'URI="#[^"]*"', re.search(r'URI="#[^"]*"', own)[0], foreign)  # type: ignore[index]
            yield "another's, renamed", base.text.replace(own, renamed, 1).encode()
        for name in ("DigestValue", "SignatureValue"):
            pattern = re.compile(rf"<ds:{name}>[^<]*</ds:{name}>")
            theirs = pattern.findall(others[0])[0]
            yield f"another's {name}", base.text.replace(own, pattern.sub(theirs, own), 1).encode()
    yield "another says it", _evil(base).encode() if "EncryptedAssertion" not in base.text else b""


def _recoded(base: Genuine) -> Iterator[tuple[str, bytes]]:
    """Write it in another encoding, in another order, or prettily."""
    for encoding in ENCODINGS:
        yield encoding, base.text.encode(encoding)
    yield "twice", (base.text * 2).encode()
    yield "reversed", base.text[::-1].encode()
    yield "upper case", base.text.upper().encode()
    yield "pretty", base.text.replace("><", ">\n  <").encode()
    yield "no prefix", base.text.replace("saml:Assertion", "Assertion").encode()
    inner = list(element(base.text))
    yield "nothing but its parts", b"".join(repr(each.tag).encode() for each in inner)


def _random(base: Genuine, random: Random) -> Iterator[tuple[str, bytes]]:
    """Change a letter, put a piece in, cut a part off, out, or paste it elsewhere."""
    text = base.text
    at, other = sorted(random.sample(range(1, len(text)), 2))
    piece, letter = random.choice(PIECES), random.choice(LETTERS)
    yield "a letter changed", (text[:at] + letter + text[at + 1 :]).encode()
    yield "a letter put in", (text[:at] + letter + text[at:]).encode()
    yield "a letter left out", (text[:at] + text[at + 1 :]).encode()
    yield "a piece put in", (text[:at] + piece + text[at:]).encode()
    yield "cut off", text[:at].encode()
    yield "cut out", (text[:at] + text[other:]).encode()
    yield "doubled", (text[:other] + text[at:]).encode()
    tags = [found.start() for found in re.finditer("<", text)]
    start = random.choice(tags)
    yield "a piece before a tag", (text[:start] + piece + text[start:]).encode()
    octets = bytearray(text.encode())
    octets[at % len(octets)] ^= 1 << random.randrange(8)
    yield "a bit turned", bytes(octets)
