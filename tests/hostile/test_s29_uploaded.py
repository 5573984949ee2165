"""S29 and S17 at the page where operators upload metadata: each refusal as a page, and nothing changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

import httpx2
import pytest
from starlette.types import ASGIApp

from tests.conftest import NOON
from tests.hostile.test_s15_bombs import BOMBS
from tests.hostile.test_s29_partners_taken_over import robbed, signed_anew
from tests.hostile.wire import Sent, call
from tests.journeys.house import ISSUER
from tests.saml.described import KEY, provider
from tests.saml.parties import IDP, SP, certificate, request, signed, signing
from tests.saml.spoiling import SIGNATURE
from tests.saml.strategies import partner_key
from tests.web.citizens import Browser, Page, Town
from tests.web.test_cockpit_pages import entity, operator, put
from tests.web.test_metadata_pages import PAGE, events, mark_of, take_over, upload, why
from toegang.audit.events import MetadataRefused
from toegang.catalogue.partners.bringing import name_of_file
from toegang.catalogue.partners.sources import sources_of
from toegang.catalogue.partners.uploads import LARGEST
from toegang.catalogue.values import Entity
from toegang.keys.certificates import read
from toegang.saml.metadata.values import EntityMetadata, KeyUse
from toegang.saml.metadata.write import Group, write_metadata

FAR = datetime(2099, 1, 1, tzinfo=UTC)
VICTIM, OTHER = (replace(provider(number), valid_until=FAR) for number in (1, 2))
OWN = write_metadata(VICTIM, "_one", KEY)
UNSIGNED = SIGNATURE.sub("", OWN.decode()).encode()
WEAK = re.compile(r"(?s)(<ds:X509Certificate>)[^<]*")


def weakened(kind: str) -> bytes:
    """Return the victim's metadata, signed as it should be, with a key of this kind in it."""
    key = partner_key(kind, KeyUse.SIGNING, IDP, "weak")
    return signed_anew(lambda text: WEAK.sub(rf"\g<1>{key.certificate}", text, count=1))


def by_sha1() -> bytes:
    """Return the victim's metadata with a signature by SHA-1, of the key that is trusted."""
    return OWN.replace(b"xmldsig-more#rsa-sha256", b"xmldsig-core#rsa-sha1")


DOCUMENTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "unsigned": ("unsigned", lambda: UNSIGNED),
    "signed by somebody else": ("other-signer", lambda: write_metadata(VICTIM, "_one", signing("rsa", SP))),
    "changed after signing": (
        "changed-after-signing",
        lambda: OWN.replace(b"sp1.example/saml/slo", b"evil.example"),
    ),
    "signed by SHA-1": ("weak-algorithm", by_sha1),
    "no longer in force": (
        "ended",
        lambda: write_metadata(replace(VICTIM, valid_until=NOON), "_one", KEY),
    ),
    "a group with one that is no longer in force": (
        "ended",
        lambda: write_metadata(Group(members=(OTHER, replace(VICTIM, valid_until=NOON))), "_all", KEY),
    ),
    "the same entity twice": (
        "named-twice",
        lambda: write_metadata(Group(members=(VICTIM, robbed(VICTIM))), "_all", KEY),
    ),
    "a document type": ("doctype", lambda: b'<!DOCTYPE a [<!ENTITY b "c">]>' + OWN),
    "billion laughs": ("doctype", BOMBS["billion laughs"].encode),
    "a processing instruction": ("doctype", lambda: OWN.replace(b"</", b"<?php ?></", 1)),
    "deep": ("not-xml", lambda: b"<a>" * 100_000),
    "very deep, and closed": ("too-large", lambda: b"<a>" * 100 + b"</a>" * 100),
    "no XML": ("not-xml", lambda: b"hello"),
    "another encoding": ("not-xml", lambda: OWN.decode().encode("utf-16")),
    "a weak key": ("weak-key", lambda: weakened("weak")),
    "a small exponent": ("weak-key", lambda: weakened("small exponent")),
    "a strange curve": ("weak-key", lambda: weakened("p521")),
    "a certificate that is none": (
        "malformed",
        lambda: signed_anew(lambda text: WEAK.sub(r"\g<1>AAAA", text, count=1)),
    ),
    "a key for nothing": (
        "malformed",
        lambda: signed_anew(lambda text: text.replace('use="signing"', 'use="anything"')),
    ),
    "who signs without a key": (
        "no-key",
        lambda: signed_anew(lambda text: re.sub(r"(?s)<md:KeyDescriptor.*</md:KeyDescriptor>", "", text)),
    ),
    "an address by http": (
        "not-https",
        lambda: signed_anew(lambda text: text.replace("https://sp1.example/saml/slo", "http://a.example")),
    ),
    "a script for an address": (
        "not-https",
        lambda: signed_anew(lambda text: re.sub(r'Location="[^"]*"', 'Location="javascript:alert(1)"', text)),
    ),
    "an address with a password": (
        "not-https",
        lambda: signed_anew(
            lambda text: text.replace("https://sp1.example/saml/slo", "https://a:b@evil.example")
        ),
    ),
    "a message": ("not-metadata", lambda: signed(request(), KEY).encode()),
    "a page": ("unsigned", lambda: b"<html><body>404</body></html>"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator at the page."""

    town: Town
    browser: Browser

    def known(self) -> list[Entity]:
        return [each for each in self.town.rooms.catalogue.current.records() if isinstance(each, Entity)]


@pytest.fixture
async def desk(town: Town) -> Desk:
    browser, _ = await operator(town)
    return Desk(town, browser)


async def test_every_document_that_may_not_be_is_refused_with_the_reason(desk: Desk) -> None:
    said = {}
    for name, (_, document) in DOCUMENTS.items():
        page = await upload(desk.browser, document())
        assert page.status == 400, name
        said[name] = why(page)
    assert said == {name: reason for name, (reason, _) in DOCUMENTS.items()}
    assert desk.known() == []
    told = [each for each in await events(desk.town) if isinstance(each, MetadataRefused)]
    assert [each.why for each in told] == list(said.values())
    assert {each.by for each in told} == {"op-1"}


async def test_a_refusal_in_dutch_is_as_clear_and_names_the_entity_and_a_code(desk: Desk) -> None:
    desk.browser.http.headers["accept-language"] = "nl"
    for name, (reason, document) in DOCUMENTS.items():
        page = await upload(desk.browser, document())
        assert page.title == "Dit bestand is niet overgenomen", name
        assert f"upload-refused {reason}" in page.text
        assert re.search(r"Referentiecode</dt><dd>[A-Z0-9-]{8,}", page.text), name
    page = await upload(desk.browser, weakened("weak"))
    assert VICTIM.entity_id in page.text


async def test_a_pin_of_another_document_or_of_somebody_else_opens_nothing(desk: Desk) -> None:
    other = sha256(OWN + b"\n").hexdigest()
    assert why(await upload(desk.browser, OWN, sha256=other)) == "other-document"
    stranger = read(certificate("rsa", SP)).pem
    assert why(await upload(desk.browser, OWN, signer=stranger)) == "other-signer"
    assert why(await upload(desk.browser, UNSIGNED, signer=stranger)) == "unsigned"
    assert desk.known() == []


async def test_a_hash_believes_the_document_and_not_what_may_not_be(desk: Desk) -> None:
    for name in ("no longer in force", "a document type", "a weak key", "an address by http", "deep"):
        reason, document = DOCUMENTS[name]
        octets = document()
        assert why(await upload(desk.browser, octets, sha256=sha256(octets).hexdigest())) == reason


@pytest.mark.requires("SAML-MetaIOP-2.6.1")
async def test_a_supplier_cannot_take_over_the_name_of_somebody_else(desk: Desk) -> None:
    known = entity(metadata=VICTIM, signers=(read(certificate("rsa", SP)).base64,))
    await put(desk.town, known)
    octets = write_metadata(Group(members=(OTHER, robbed(VICTIM))), "_all", KEY)
    page = await upload(desk.browser, octets)
    assert "Not taken over: what we know came from elsewhere" in page.text
    assert page.text.count(">Keys</h3>") == 1
    await take_over(desk.browser, page)
    assert [each for each in desk.known() if each.id == known.id] == [known]
    assert {each.id for each in desk.known()} == {known.id, OTHER.entity_id}


async def test_a_document_larger_than_the_page_takes_is_not_read(desk: Desk) -> None:
    comment = b"<!--" + b" " * LARGEST + b"-->"
    assert why(await upload(desk.browser, OWN + comment)) == "too-large"
    just = OWN + b"<!--" + b" " * (LARGEST - len(OWN) - 7) + b"-->"
    assert len(just) == LARGEST
    assert (await upload(desk.browser, just)).title == "What would change"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("https://evil.example/metadata", "metadata"),
        ("..\\..\\secrets\\seal", "seal"),
        ("/etc/passwd", "passwd"),
        ("https:", "https:"),
        ("", "metadata.xml"),
        ("..", ".."),
        ("a\r\nb.xml", "metadata.xml"),
        ("\u202egpj.xml", "metadata.xml"),
        ("x" * 1_000 + ".xml", "x" * 96 + ".xml"),
    ],
)
def test_the_name_of_a_file_never_is_an_address_or_a_path(name: str, kept: str) -> None:
    assert name_of_file(name) == kept


async def test_a_file_named_like_an_address_is_not_fetched_from_there(desk: Desk) -> None:
    page = await upload(desk.browser, OWN, "https://evil.example/metadata")
    await take_over(desk.browser, page)
    (found,) = desk.known()
    assert found.source == "metadata"
    assert sources_of(desk.town.rooms.catalogue.current) == ()


async def test_markup_in_the_name_of_a_file_or_an_entity_stays_text(desk: Desk) -> None:
    page = await upload(desk.browser, OWN, "<script>alert(1)</script>.xml")
    assert "<script>" not in page.text
    odd: EntityMetadata = replace(VICTIM, entity_id="urn:a:&lt;script>alert(1)&lt;/script>")
    page = await upload(desk.browser, write_metadata(odd, "_one", KEY))
    assert "<script>" not in page.text


async def test_what_was_shown_cannot_be_exchanged_for_something_else(desk: Desk) -> None:
    shown = await upload(desk.browser, OWN)
    stolen = await upload(desk.browser, write_metadata(robbed(VICTIM), "_one", KEY), "two.xml")
    # The mark of one upload with the name of another.
    for page, mark in ((stolen, "0" * 64), (stolen, "")):
        sent = await desk.browser.send(page, do="take-over", mark=mark)
        assert why(sent) == "changed-meanwhile"
    assert desk.known() == []
    await desk.browser.send(shown, do="take-over", mark=mark_of(shown), metadata=OWN.decode())
    (found,) = desk.known()
    assert found.metadata == VICTIM


async def test_a_form_that_says_that_it_is_small_is_cut_off_where_it_is_not(desk: Desk) -> None:
    page: Page = await desk.browser.open(PAGE)
    cookies = "; ".join(f"{name}={value}" for name, value in desk.browser.http.cookies.items())
    body = (
        b'--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n' + page.csrf.encode() + b"\r\n"
        b'--x\r\ncontent-disposition: form-data; name="metadata"; filename="a"\r\n\r\n'
    )
    headers = (
        (b"host", ISSUER.partition("://")[2].encode()),
        (b"cookie", cookies.encode()),
        (b"content-type", b"multipart/form-data; boundary=x"),
        (b"content-length", b"10"),
        (b"accept-language", b"en"),
    )
    sent = Sent(method="POST", target=PAGE.encode(), headers=headers, body=body + b"a" * (2 * LARGEST))
    answer = await call(web_of(desk), sent)
    assert answer.status == 400
    assert b"upload-refused too-large" in answer.body
    for half in (body, body[:40], b"", b"--x--"):
        answer = await call(web_of(desk), sent.but(body=half))
        assert answer.status in {400, 403}, half


def web_of(desk: Desk) -> ASGIApp:
    assert isinstance(desk.town.web, httpx2.ASGITransport)
    return desk.town.web.app


@pytest.mark.parametrize("name", ["/saml/metadata", "/saml/mandates/metadata"])
async def test_nobody_is_taken_over_under_a_name_of_our_own(desk: Desk, name: str) -> None:
    ours = replace(VICTIM, entity_id=ISSUER + name)
    for fields in ({}, {"anew": "yes"}):
        page = await upload(desk.browser, write_metadata(Group(members=(ours, OTHER)), "_all", KEY), **fields)
        await take_over(desk.browser, page)
        assert {each.id for each in desk.known()} == {OTHER.entity_id}
