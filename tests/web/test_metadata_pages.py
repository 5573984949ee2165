"""Uploading a partner's metadata: looked at first, taken over once, by the operator who looked."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from tests.journeys.house import TOWN
from tests.saml.described import KEY, KEYS, provider
from tests.saml.parties import HUB, SP, certificate
from tests.saml.strategies import partner_key
from tests.web.citizens import Browser, Page, Town
from tests.web.test_cockpit_pages import KEYS as COCKPIT
from tests.web.test_cockpit_pages import entity, operator, put, resident
from toegang.audit.encoding import decode
from toegang.audit.event import Event
from toegang.audit.events import MetadataPinned, MetadataRefused, MetadataUploaded, UploadedEntity
from toegang.catalogue.partners.uploads import LARGEST, LIFETIME, MOST
from toegang.catalogue.values import Entity, RoleHolder
from toegang.keys.certificates import read, read_base64, spoken
from toegang.saml.metadata.values import EntityMetadata, KeyUse
from toegang.saml.metadata.write import Group, write_metadata
from toegang.storage.tree import TreeTables

PAGE = "/cockpit/metadata"
FAR = datetime(2099, 1, 1, tzinfo=UTC)
ONE = replace(provider(1), valid_until=FAR)
TWO = replace(provider(2), valid_until=FAR)
SIGNER = read(certificate("rsa", HUB))
STRANGER = read(certificate("rsa", SP))
PEM = SIGNER.pem.encode()
OWNER = {"organisation": str(TOWN)}
OLD_KEY = partner_key("p384", KeyUse.SIGNING, SP, "old")


def written(*entities: EntityMetadata) -> bytes:
    return write_metadata(entities[0] if len(entities) == 1 else Group(members=entities), "_all", KEY)


async def upload(browser: Browser, octets: bytes, name: str = "one.xml", **fields: str) -> Page:
    """Fill in the form, with the certificate of who signs as a file unless another pin is given."""
    files = {"metadata": (name, octets)}
    if not {"signer", "sha256"} & set(fields):
        files["signer_file"] = ("signer.pem", PEM)
    return await browser.upload(await browser.open(PAGE), files, **(OWNER | fields))


def mark_of(page: Page) -> str:
    (found,) = re.findall(r'name="mark" value="([0-9a-f]{64})"', page.text)
    return str(found)


async def take_over(browser: Browser, page: Page) -> Page:
    return await browser.send(page, do="take-over", mark=mark_of(page))


def known(town: Town, about: EntityMetadata = ONE) -> Entity | None:
    return town.rooms.catalogue.current.entity(about.entity_id)


async def events(town: Town) -> list[Event]:
    waiting = await TreeTables(database=town.bureau.database).waiting(10_000)
    return [decode(each.body, {}) for each in waiting]


def why(page: Page) -> str:
    """Return why an upload was refused, once it says so as such a page should."""
    assert page.title == "This file is not taken over"
    assert "Reference code" in page.text
    (found,) = re.findall(r"<dd>upload-refused ([a-z-]+)</dd>", page.text)
    return str(found)


async def test_who_is_no_operator_uploads_nothing(town: Town) -> None:
    browser, _ = await resident(town)
    page = await browser.open(PAGE)
    assert (page.status, page.title) == (403, "This page is for operators")
    sent = await browser.upload(page, {"metadata": ("one.xml", written(ONE))})
    assert (sent.status, sent.title) == (403, "This page is for operators")


async def test_who_is_not_inside_sends_nothing_and_comes_to_the_page_by_logging_in(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await browser.open(PAGE)
    sent = await browser.upload(replace(page, address=PAGE), {"metadata": ("one.xml", written(ONE))})
    assert (sent.status, sent.title) == (403, "This page is too old")
    assert (await town.anew(browser, await browser.open(PAGE))).address == PAGE


@pytest.mark.parametrize(
    ("files", "fields", "wrong"),
    [
        ({"metadata": ("", b"")}, {"sha256": "0" * 64}, ["metadata"]),
        ({"metadata": ("a.xml", b"<a/>")}, {}, ["signer_file"]),
        ({"metadata": ("a.xml", b"<a/>")}, {"sha256": "abc"}, ["sha256"]),
        ({"metadata": ("a.xml", b"<a/>")}, {"sha256": "0" * 64, "signer": SIGNER.pem}, ["sha256"]),
        ({"metadata": ("a.xml", b"<a/>")}, {"signer": "-----BEGIN"}, ["signer"]),
        ({"metadata": ("a.xml", b"<a/>"), "signer_file": ("a.pem", b"no")}, {}, ["signer_file"]),
        (
            {"metadata": ("a.xml", b"<a/>"), "signer_file": ("a.pem", certificate("weak", HUB))},
            {},
            ["signer_file"],
        ),
        ({"metadata": ("a.xml", b"<a/>")}, {"signer": SIGNER.pem, "organisation": "x"}, ["organisation"]),
    ],
)
async def test_a_field_that_is_wrong_is_told_at_that_field(
    town: Town, files: dict[str, tuple[str, bytes]], fields: dict[str, str], wrong: list[str]
) -> None:
    browser, _ = await operator(town)
    page = await browser.upload(await browser.open(PAGE), files, **fields)
    assert (page.status, page.wrong) == (400, wrong)
    assert page.title == "Upload the metadata of a partner"


async def test_an_operator_sees_what_would_change_and_takes_it_over(town: Town) -> None:
    browser, page = await operator(town)
    assert PAGE in page.text
    octets = written(ONE)
    page = await upload(browser, octets)
    assert (page.status, page.title) == (200, "What would change")
    for told in (ONE.entity_id, spoken(sha256(octets).hexdigest()), spoken(SIGNER.sha256), "New: signing"):
        assert told in page.text
    assert "https://sp1.example/saml/acs/0" in page.text
    assert "a certificate of this partner ends" in page.text
    assert known(town) is None
    done = await take_over(browser, page)
    assert (done.status, done.title) == (200, "The metadata is taken over")
    found = known(town)
    assert found is not None
    assert (found.metadata, found.source, found.organisation) == (ONE, "one.xml", TOWN)
    assert found.signers == (SIGNER.base64,)


async def test_the_trail_has_who_took_over_what(town: Town) -> None:
    browser, _ = await operator(town)
    octets = written(ONE, TWO)
    await take_over(browser, await upload(browser, octets))
    found = await events(town)
    (pinned,) = [each for each in found if isinstance(each, MetadataPinned)]
    assert (pinned.by, pinned.pins, pinned.entities) == ("op-1", (SIGNER.sha256,), 2)
    (told,) = [each for each in found if isinstance(each, MetadataUploaded)]
    assert (told.by, told.sha256, told.anew) == ("op-1", sha256(octets).hexdigest(), False)
    assert told.entities == tuple(UploadedEntity(entity_id=each.entity_id, what="new") for each in (ONE, TWO))


async def test_a_file_that_nobody_signed_is_believed_by_its_hash_however_that_is_written(town: Town) -> None:
    browser, _ = await operator(town)
    octets = written(ONE)
    page = await upload(browser, octets, sha256=spoken(sha256(octets).hexdigest()))
    assert "it is the file with the SHA-256 that was agreed" in page.text
    assert (await take_over(browser, page)).title == "The metadata is taken over"
    found = known(town)
    assert found is not None
    assert found.sha256 == sha256(octets).hexdigest()


async def test_keys_and_addresses_that_go_are_told_with_what_that_means(town: Town) -> None:
    role = ONE.service_provider
    assert role is not None
    old = replace(role, keys=(OLD_KEY, *role.keys[1:]), consumers=role.consumers[:2])
    await put(town, entity(metadata=replace(ONE, service_provider=old), source="one.xml"))
    browser, _ = await operator(town)
    page = await upload(browser, written(replace(ONE, cache_seconds=60)))
    text = re.sub(r"\s+", " ", page.text)
    kept = read_base64(KEYS[2].certificate).sha256[:16]
    assert "Changes" in text
    gone = read(certificate("p384", SP)).sha256[:16]
    assert re.search(rf"Goes: signing</dt><dd><span class=\"nl-code\">{gone}", text)
    assert "What this key signs is refused at once." in text
    assert text.count("Goes: ") == 1
    assert re.search(r"New: answers go there</dt><dd>https://sp1.example/saml/acs/2", text)
    assert re.search(rf"Stays: encryption</dt><dd><span class=\"nl-code\">{kept}", text)


async def test_who_was_known_from_elsewhere_stays_unless_the_operator_says_otherwise(town: Town) -> None:
    before = entity(signers=(b64encode(certificate("rsa", SP)).decode(),))
    await put(town, before)
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE))
    assert "Not taken over: what we know came from elsewhere" in page.text
    assert "There is nothing to take over." in page.text
    assert 'value="take-over"' not in page.text
    await browser.send(page, do="take-over", mark=mark_of(page))
    assert known(town) == before
    page = await upload(browser, written(ONE), anew="yes")
    assert "From now on we believe this partner by another certificate or file than before." in page.text
    assert "Up to now the metadata was fetched every night." in page.text
    await take_over(browser, page)
    found = known(town)
    assert found is not None
    assert found.signers == (SIGNER.base64,)


async def test_who_nobody_named_is_told_so_and_left_out(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE), organisation="")
    assert "Not taken over: nobody in the catalogue has this entity" in page.text
    assert "There is nothing to take over." in page.text


async def test_what_was_shown_is_taken_over_once(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE))
    assert (await take_over(browser, page)).status == 200
    assert why(await take_over(browser, page)) == "upload-gone"
    assert why(await browser.open(page.address)) == "upload-gone"
    assert len([each for each in await events(town) if isinstance(each, MetadataUploaded)]) == 1


async def test_an_upload_that_was_left_is_gone(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE))
    left = await browser.send(page, do="stop", mark=mark_of(page))
    assert (left.status, left.address) == (200, PAGE)
    assert why(await take_over(browser, page)) == "upload-gone"
    assert known(town) is None


async def test_an_upload_ends_after_some_minutes(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE))
    town.bureau.later(minutes=int(LIFETIME / timedelta(minutes=1)))
    assert why(await take_over(browser, page)) == "upload-gone"
    assert known(town) is None


async def test_another_browser_of_the_same_operator_does_not_have_it(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE))
    other = town.browser()
    town.bureau.later(minutes=2)
    await town.anew(other, await other.open(COCKPIT))
    assert why(await other.open(page.address)) == "upload-elsewhere"
    form = replace(await other.open(PAGE), address=page.address)
    assert why(await other.send(form, do="take-over", mark=mark_of(page))) == "upload-elsewhere"
    assert why(await other.send(form, do="stop")) == "upload-elsewhere"
    assert (await take_over(browser, page)).status == 200


async def test_who_is_no_operator_any_more_takes_nothing_over(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE))
    (held,) = [each for each in town.rooms.catalogue.current.records() if isinstance(each, RoleHolder)]
    await put(town, replace(held, enabled=False))
    assert (await take_over(browser, page)).status == 403
    assert known(town) is None


async def test_a_catalogue_that_changed_meanwhile_is_looked_at_again(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE), anew="yes")
    await put(town, entity())
    changed = await take_over(browser, page)
    assert why(changed) == "changed-meanwhile"
    assert known(town) == entity()
    again = await browser.open(page.address)
    assert "Changes" in again.text
    assert mark_of(again) != mark_of(page)
    assert (await take_over(browser, again)).title == "The metadata is taken over"


async def test_a_change_of_somebody_else_does_not_come_in_between(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE))
    await put(town, entity(id=TWO.entity_id, metadata=TWO))
    assert (await take_over(browser, page)).title == "The metadata is taken over"


async def test_two_tabs_each_have_their_own_and_the_second_sees_what_the_first_did(town: Town) -> None:
    browser, _ = await operator(town)
    first, second = await upload(browser, written(ONE)), await upload(browser, written(ONE))
    assert first.address != second.address
    assert (await take_over(browser, first)).status == 200
    assert why(await take_over(browser, second)) == "changed-meanwhile"
    assert "There is nothing to take over." in (await browser.open(second.address)).text


async def test_of_two_at_once_one_takes_it_over(town: Town) -> None:
    browser, _ = await operator(town)
    page = await upload(browser, written(ONE))
    both = await asyncio.gather(take_over(browser, page), take_over(browser, page))
    assert sorted(each.status for each in both) == [200, 400]
    (late,) = [each for each in both if each.status == 400]
    assert why(late) in {"upload-gone", "changed-meanwhile"}
    assert len([each for each in await events(town) if isinstance(each, MetadataUploaded)]) == 1


async def test_of_two_uploads_at_once_none_is_lost(town: Town) -> None:
    browser, _ = await operator(town)
    pages = [await upload(browser, written(each)) for each in (ONE, TWO)]
    done = await asyncio.gather(*(take_over(browser, page) for page in pages))
    for page, answer in zip(pages, done, strict=True):
        if answer.status != 200:
            assert why(answer) == "changed-meanwhile"
            assert (await take_over(browser, await browser.open(page.address))).status == 200
    assert known(town, ONE)
    assert known(town, TWO)


async def test_a_form_of_another_site_is_not_read(town: Town) -> None:
    browser, _ = await operator(town)
    files = {"metadata": ("one.xml", written(ONE)), "signer_file": ("signer.pem", PEM)}
    page = await browser.open(PAGE)
    for forged in (replace(page, text=page.text.replace(page.csrf, "0" * 64)), replace(page, text="")):
        sent = await browser.upload(forged, files, **OWNER)
        assert (sent.status, sent.title) == (403, "This page is too old")
    browser.http.headers["origin"] = "https://evil.example"
    assert (await browser.upload(page, files, **OWNER)).status == 403


async def test_a_large_document_and_one_with_many_entities_are_for_the_command(town: Town) -> None:
    browser, _ = await operator(town)
    assert why(await upload(browser, b" " * (LARGEST + 70_000))) == "too-large"
    many = tuple(replace(ONE, entity_id=f"https://sp{number}.example") for number in range(MOST + 1))
    assert why(await upload(browser, written(*many))) == "too-many"
    (told,) = [each for each in await events(town) if isinstance(each, MetadataRefused)]
    assert (told.by, told.why) == ("op-1", "too-many")


async def test_the_pages_speak_dutch(town: Town) -> None:
    browser, _ = await operator(town)
    browser.http.headers["accept-language"] = "nl"
    assert (await browser.open(PAGE)).title == "Metadata van een partner uploaden"
    page = await upload(browser, written(ONE))
    assert page.title == "Wat er zou veranderen"
    assert (await take_over(browser, page)).title == "De metadata is overgenomen"
    page = await upload(browser, written(ONE), signer=STRANGER.pem)
    assert page.title == "Dit bestand is niet overgenomen"
    assert "met een andere sleutel" in page.text
