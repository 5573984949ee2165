"""The cockpit: who may look, and what is told of partners and their keys."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from demo.documents.card_issuing import CardChain
from demo.documents.states import YEAR, State
from tests.conftest import NOON
from tests.journeys.house import CLINIC, TOWN, records
from tests.saml.described import provider
from tests.saml.parties import HUB, certificate
from tests.web.citizens import Browser, Page, Town
from toegang import config
from toegang.app.partners import further
from toegang.audit.trail import Trail
from toegang.catalogue.partners.store import SourceState
from toegang.catalogue.records import Change
from toegang.catalogue.values import Entity, EntityId, Organisation, Record, Role, RoleHolder
from toegang.catalogue.write import CatalogueEditor, Edit
from toegang.ids import SystemIds
from toegang.keys.ring import Use
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.partners import PartnerTables
from toegang.storage.trail import TrailTables

KEYS = "/cockpit/keys"
ONE = provider(1)
SOURCE = "https://sp1.example/metadata"
DAY = timedelta(days=1)


async def put(town: Town, *changed: Record) -> None:
    """Change the catalogue, as an operator would."""
    database, catalogue = town.bureau.database, town.rooms.catalogue
    trail: Trail = TrailTables(database=database, ids=SystemIds())
    editor = CatalogueEditor(store=CatalogueTables(database), trail=trail)
    edit = Edit(base=catalogue.current, changes=tuple(map(Change.put, changed)), by="test", reason="test")
    async with database.begin() as unit:
        assert await editor.write(unit, edit, NOON) is not None
    await catalogue.refresh()


def entity(**changes: object) -> Entity:
    made = Entity(
        id=EntityId(ONE.entity_id),
        organisation=TOWN,
        metadata=replace(ONE, valid_until=datetime(2099, 1, 1, tzinfo=UTC)),
        fetched_at=NOON,
        source=SOURCE,
        signers=(b64encode(certificate("rsa", HUB)).decode(),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def resident(town: Town) -> tuple[Browser, Page]:
    """Be inside with two factors, as nobody in particular, at the cockpit."""
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.anew(browser, await browser.open(KEYS))
    return browser, page


async def operator(town: Town) -> tuple[Browser, Page]:
    """Be inside as an operator, who gave the name that the page told to who keeps the catalogue."""
    browser, _ = await resident(town)
    return await operator_from(town, browser)


async def operator_from(town: Town, browser: Browser) -> tuple[Browser, Page]:
    page = await browser.open(KEYS)
    (name,) = re.findall(r'<span class="nl-code">([\w-]{43})</span>', page.text)
    await put(town, RoleHolder(id="op-1", subject=name, name="O. Perator", role=Role.OPERATOR))
    return browser, await browser.open(KEYS)


async def test_who_is_not_inside_logs_in_with_two_factors_and_comes_to_the_page(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.sign_in(browser, await browser.open(KEYS))
    assert page.title == "Fill in the code from the text message"
    page = await browser.send(page, code=await town.bureau.texted_code(), do="confirm")
    assert page.address == KEYS


async def test_who_came_in_with_a_password_alone_proves_more_first(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    assert (await town.sign_in(browser, await browser.open("/account"))).title == "My account"
    assert (await browser.open(KEYS)).title in {
        "Log in with user name and password",
        "Fill in the code from the text message",
    }


@pytest.mark.parametrize("page", [KEYS, f"{KEYS}/partner?entity={quote(ONE.entity_id)}"])
async def test_who_is_no_operator_sees_nothing_but_their_own_name(town: Town, page: str) -> None:
    await put(town, entity())
    browser, _ = await resident(town)
    found = await browser.open(page)
    assert (found.status, found.title) == (403, "This page is for operators")
    assert ONE.entity_id not in found.text


@pytest.mark.parametrize("changes", [{"enabled": False}, {"role": Role.SUPERVISOR}, {"organisation": TOWN}])
async def test_who_is_no_operator_of_the_hub_any_more_sees_nothing(
    town: Town, changes: dict[str, object]
) -> None:
    browser, page = await operator(town)
    assert page.status == 200
    (held,) = [each for each in town.rooms.catalogue.current.records() if isinstance(each, RoleHolder)]
    await put(town, replace(held, **changes))  # type: ignore[arg-type]
    assert (await browser.open(KEYS)).status == 403


async def test_an_operator_sees_our_keys_and_the_partners(town: Town) -> None:
    await put(town, entity())
    _, page = await operator(town)
    assert (page.status, page.title) == (200, "Keys of partners")
    assert page.text.count("in use") >= 2
    assert "declaring mandates" in page.text
    assert "1 partner found." in page.text
    assert ONE.entity_id in page.text
    assert "a certificate of this partner ends" in page.text


async def test_an_operator_sees_of_whom_documents_and_cards_are_believed_and_what_ends(
    town: Town, tmp_path: Path
) -> None:
    believed = tmp_path / "authorities"
    believed.mkdir()
    for years in (0, 14, 15, 16):  # founded so long ago, each for fifteen years from then
        state = State.founded(NOON - years * YEAR)
        (believed / f"{years}.cer").write_bytes(state.authority.certificate)
    (tmp_path / "1.cvcert").write_bytes(CardChain.founded(NOON.date()).certificates[-1])
    cards = config.Cards(trust=tmp_path, terminal=tmp_path)
    settings = replace(town.app.ground.settings, cards=cards)
    town.rooms.cockpit.further = partial(further, settings)
    _, page = await operator(town)
    told = page.text.partition("Documents and cards</h2>")[2].partition("<h2")[0]
    assert told.count("believed of cards with an e-function") == 4
    assert told.count("what we show to cards") == 1
    assert told.count("<strong>over</strong>") == 2
    assert "good" in told


async def test_a_partner_is_told_with_its_keys_those_of_ours_and_what_goes_wrong(town: Town) -> None:
    await put(town, entity())
    store, (ours,) = PartnerTables(town.bureau.database), own_encryption_keys(town)
    theirs = town.rooms.cockpit
    async with store.database.begin() as unit:
        await store.seen_key(unit, ONE.entity_id, ours, NOON - DAY)
        failing = SourceState(source=SOURCE, tried_at=NOON, failing_since=NOON - DAY, failure="unavailable")
        await store.put_source(unit, failing)
    browser, _ = await operator(town)
    page = await browser.open(f"{KEYS}/partner?entity={quote(ONE.entity_id)}")
    assert page.status == 200
    assert "the metadata of this partner cannot be fetched or believed" in page.text
    assert ours[:16] in page.text
    view = await theirs.partner(ONE.entity_id, NOON)
    assert [key.state.value for key, _ in view.ours] == ["active"]
    assert (await browser.open(f"{KEYS}/partner?entity=nobody")).status in {400, 403, 404}


def own_encryption_keys(town: Town) -> list[str]:
    ring = town.rooms.cockpit.keys.ring()
    found = [key.certificate for key in ring.announced(Use.ENCRYPTION, NOON)]
    return [each.sha256 for each in found if each]


async def test_many_partners_are_searched_and_turned_over(town: Town) -> None:
    (clinic,) = [each for each in records() if isinstance(each, Organisation) and each.id == CLINIC]
    many = (
        entity(
            id=EntityId(f"https://sp{number}.example/md"),
            metadata=replace(ONE, entity_id=f"https://sp{number}.example/md"),
            organisation=CLINIC if number == 7 else TOWN,
        )
        for number in range(60)
    )
    await put(town, *many)
    browser, page = await operator(town)
    assert "60 partners found." in page.text
    assert page.text.count("/cockpit/keys/partner?entity=") == 25
    after = await browser.open(f"{KEYS}?partner=&from=50")
    assert after.text.count("/cockpit/keys/partner?entity=") == 10
    one = await browser.open(f"{KEYS}?partner={quote(clinic.names.en)}")
    assert "1 partner found." in one.text
    assert "0 partners found." in (await browser.open(f"{KEYS}?partner=%22%3E%3Cscript%3E&from=x")).text


async def test_my_account_shows_operators_the_way_and_nobody_else(town: Town) -> None:
    browser, _ = await resident(town)
    assert KEYS not in (await browser.open("/account")).text
    browser, _ = await operator_from(town, browser)
    assert KEYS in (await browser.open("/account")).text
