"""Messages, metadata and bindings under octets that nobody honest sends: a refusal each time, never a fault.

What would be read is taken and bent in one to four places; half of it is signed as it is then, so that the
readers behind the signature are reached too. Repeatable by its seed; `./toegang test --full` takes 100,000.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random
from urllib.parse import quote_plus, urlencode

from lxml import etree

from tests.saml.described import HUB_ITSELF, NOW, provider
from tests.saml.samples import (
    ASSERTION,
    KEY,
    LOGGED_OUT,
    LOGOUT,
    REQUEST,
    RESOLVE,
    RESOLVED,
    RESPONSE,
    TRUST,
)
from tests.volumes import Counting, volume
from toegang.errors import Misconfigured, Refusal
from toegang.saml import reading, writing
from toegang.saml.bindings import artifact, post, redirect, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import admit
from toegang.saml.messages import NameId
from toegang.saml.metadata.read import Pinned, fingerprint, read_metadata
from toegang.saml.metadata.write import Group, write_metadata
from toegang.saml.signature import AssertionOnly, verify, verify_response
from toegang.saml.signing import sign

Act = Callable[[bytes], object]

TRIES = volume(2_000, 100_000)
NASTY = (
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\xf0\x9f\x92\xa9", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"e\xcc\x81",
    b"<", b">", b"&", b"&#0;", b"&#x10FFFF;", b"&amp;", b"&evil;", b"]]>", b"<![CDATA[", b"<!--", b"-->",
    b"<?x?>", b"<!DOCTYPE x>", b'"', b"'", b"=", b"/", b":", b"#", b"%", b"%00", b"%zz", b"+", b"\r\n", b" ",
    b'xmlns=""', b' xmlns:saml="urn:x"', b' ID="_request"', b' xml:id="a"', b' Version="2.0"', b"-1",
    b"65536", b"1e999", b"9" * 400, b"A" * 5_000, b"2026-13-45T99:99:99Z", b"9999-12-31T23:59:59.999999Z",
    b"0001-01-01T00:00:00Z", b"P1Y", b"true", b"[" * 50, b"<a>" * 60, b"<saml:Assertion/>",
    b"<ds:Signature/>", b"<saml:Issuer>x</saml:Issuer>", b"<samlp:Extensions/>", b"<md:EntityDescriptor/>", b"https://[::1",
    b"AAQ",
)  # fmt: skip


def read_all(octets: bytes) -> None:
    """Verify and read as every kind of message; only one can be right."""
    proof = verify(admit(octets), TRUST)
    for read in (
        reading.read_authn_request,
        reading.read_artifact_resolve,
        reading.read_artifact_response,
        reading.read_assertion,
        reading.read_logout_request,
        reading.read_logout_response,
        reading.read_response,
    ):
        try:
            read(proof)
        except Refusal:
            continue
        return


def read_answer(octets: bytes) -> None:
    found = verify_response(admit(octets), TRUST)
    if isinstance(found, AssertionOnly):
        reading.read_assertion(found.assertion)
    else:
        reading.read_response(found)


def read_query(query: bytes) -> None:
    reading.read_authn_request(redirect.verify(redirect.parse(query), TRUST))


def read_envelope(octets: bytes) -> None:
    found = reading.read_artifact_response(verify(soap.unwrap(octets), TRUST))
    if found.message:
        read_answer(found.message)


def read_pinned(octets: bytes) -> None:
    read_metadata(octets, Pinned(sha256=fingerprint(octets)), NOW)


def as_text(parse: Callable[[str], object]) -> Act:
    return lambda octets: parse(octets.decode("utf-8", "surrogateescape"))


def signed_anew(act: Act) -> Act:
    """Have what was bent signed as it is then, when it can be."""

    def acting(octets: bytes) -> None:
        # What cannot be signed comes to the gate as it is.
        with suppress(etree.XMLSyntaxError, ValueError, Misconfigured):
            octets = sign(etree.fromstring(octets), KEY)
        act(octets)

    return acting


def deflated_anew(octets: bytes) -> None:
    """Carry what was bent in an address that is signed as it is then."""
    query = redirect.address("https://x.example/", Carrier.REQUEST, octets, None, KEY).partition("?")[2]
    read_query(query.encode())


def encoded_anew(octets: bytes) -> None:
    post.parse(urlencode({"SAMLResponse": base64.b64encode(octets).decode()}).encode())


BARE = {
    "request": writing.authn_request(REQUEST, None),
    "logout": writing.logout_request(LOGOUT, None),
    "logged out": writing.logout_response(LOGGED_OUT, None),
    "assertion": writing.assertion(ASSERTION, None),
}
QUERY = redirect.address("https://x.example/", Carrier.REQUEST, BARE["request"], "state", KEY).partition("?")[
    2
]
ANSWER = writing.response(RESPONSE, KEY)
TICKET = artifact.make("https://x.example/", b"h" * 20)
SEEDS: tuple[tuple[bytes, Act], ...] = (
    *((octets, signed_anew(read_all)) for octets in BARE.values()),
    (writing.artifact_resolve(RESOLVE, KEY), read_all),
    (ANSWER, read_answer),
    (writing.response(RESPONSE, KEY, signed=writing.SignedPart.ASSERTION), signed_anew(read_answer)),
    (soap.wrap(writing.artifact_response(replace(RESOLVED, message=ANSWER), KEY)), read_envelope),
    (BARE["request"], deflated_anew),
    (QUERY.encode(), read_query),
    (ANSWER, encoded_anew),
    (urlencode(post.fields(Carrier.RESPONSE, ANSWER, "state")).encode(), post.parse),
    (urlencode({"SAMLart": TICKET.write(), "RelayState": "x"}).encode(), artifact.parse_carried),
    (TICKET.write().encode(), as_text(artifact.parse)),
    (redirect.deflate(BARE["request"]), redirect.inflate),
    (write_metadata(HUB_ITSELF, "_ours", KEY), read_pinned),
    (write_metadata(Group(members=(provider(0), provider(1))), "_group", KEY), read_pinned),
    (writing.name_id(NameId(value="somebody", format="urn:x")), reading.read_name_id),
)


def bent(random: Random, octets: bytes) -> bytes:
    """Bend octets in one place: put something in, take something out, double, move or flip it."""
    begin = random.randrange(len(octets) + 1)
    end = min(len(octets), begin + random.choice((0, 1, 2, 5, 20, 100)))
    match random.randrange(7):
        case 0:
            return octets[:begin] + random.choice(NASTY) + octets[end:]
        case 1:
            return octets[:begin] + octets[end:]
        case 2:
            return octets[:end] + octets[begin:]
        case 3:
            there = random.randrange(len(octets) + 1)
            return octets[:there] + octets[begin:end] + octets[there:]
        case 4:
            return (
                octets[:begin]
                + bytes(each ^ 1 << random.randrange(8) for each in octets[begin:end])
                + octets[end:]
            )
        case 5:
            tokens = octets.split(b'"')
            at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
            tokens[at] = tokens[other] if random.random() < 0.5 else random.choice(NASTY)
            return b'"'.join(tokens)
        case _:
            tokens = octets.split(b"<")
            at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
            return b"<".join(tokens)


def test_whatever_is_bent_is_read_or_refused(counting: Counting) -> None:
    random = Random(20260101)  # noqa: S311 - repeatable, nothing secret
    seen: Counter[str] = Counter()
    for _ in counting("bent messages", TRIES):
        octets, act = random.choice(SEEDS)
        for _ in range(random.randint(1, 4)):
            octets = bent(random, octets)
        try:
            act(octets)
        except Refusal as refusal:
            seen[refusal.code] += 1
        else:
            seen["read"] += 1
    # It reached the gate, the signatures and the readers.
    assert seen.keys() >= {"malformed", "proof-invalid", "read"}


def test_every_seed_is_read_as_it_is() -> None:
    for octets, act in SEEDS:
        act(octets)


def test_octets_without_any_form_cause_no_fault() -> None:
    random = Random(20260102)  # noqa: S311
    for _ in range(volume(200, 10_000)):
        octets = random.randbytes(random.choice((0, 1, 3, 30, 300)))
        for _, act in SEEDS:
            with suppress(Refusal):
                act(octets)
        with suppress(Refusal):
            redirect.parse(b"SAMLRequest=" + quote_plus(octets).encode())
