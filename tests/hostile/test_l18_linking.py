"""L18: an account elsewhere is linked by issuer and identifier alone, in one sitting; never given away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.hostile.conftest import town
from tests.journeys.house import HUB, text
from tests.journeys.party import TOWN_PARTY
from tests.means.bureau import DAAN, SANNE
from tests.means.elsewhere import BANK, OTHER_BANK, bank
from tests.means.openid_provider import openid_provider
from tests.web.citizens import CITIZEN, Town
from tests.web.linked import Linked, code_of, open_linked, put
from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import AccountClosed, LinkedElsewhere
from toegang.identity.people import PersonId
from toegang.identity.subject import Subject
from toegang.ids import SystemIds
from toegang.means.base import Authentication, Factor
from toegang.means.external.linking import BY_PERSON, Link, Linking, Vouched

__all__ = ["town"]
BSN: dict[str, Any] = {"gives_bsn": True, "settings": {"bsn_claim": "bsn"}}


@pytest.fixture
async def linked(town: Town) -> AsyncIterator[Linked]:
    async with open_linked(town) as opened:
        yield opened


def somebody() -> PersonId:
    return PersonId(SystemIds().uuid())


def elsewhere(linked: Linked, identifier: str = "a", **changed: Any) -> Authentication:  # noqa: ANN401
    proven = Authentication(
        subject=Subject(issuer=linked.bank.url, identifier=identifier),
        means=BANK,
        level=Level.SUBSTANTIAL,
        at=linked.town.bureau.now,
        factors=(Factor.EXTERNAL,),
    )
    return replace(proven, **changed)


async def make(
    linked: Linked,
    person: PersonId,
    proven: Authentication,
    level: Level = Level.LOW,
    at: datetime | None = None,
    by: Subject | None = None,
) -> Link | object:
    """Link what was proven, as vouched for by a card unless `by` says what else did."""
    linking: Linking = linked.town.rooms.linking
    by = by or Subject(issuer="card", identifier="chip", person=person)
    vouched = Vouched(person=person, by=by, level=level, at=at or linked.town.bureau.now)
    async with linking.units.begin() as unit:
        return await linking.make(unit, vouched, proven, linked.town.bureau.now)


async def person_of(linked: Linked, proven: Authentication) -> PersonId | None:
    found = await linked.town.rooms.linking.recognise(proven, None, linked.town.bureau.now)
    return found.subject.person


async def test_what_is_one_persons_is_never_anothers_not_even_after_its_end(linked: Linked) -> None:
    first, second, proven = somebody(), somebody(), elsewhere(linked)
    link = await make(linked, first, proven)
    assert isinstance(link, Link)
    assert isinstance(await make(linked, second, proven), LinkedElsewhere)
    await linked.town.rooms.linking.end(first, link.id, BY_PERSON, linked.town.bureau.now)
    assert isinstance(await make(linked, second, proven), LinkedElsewhere)
    assert await person_of(linked, proven) is None
    assert (await linked.town.bureau.names_of_events()).count("link:refused") == 2


async def test_nobody_ends_the_link_of_somebody_else(linked: Linked) -> None:
    first, proven = somebody(), elsewhere(linked)
    link = await make(linked, first, proven)
    assert isinstance(link, Link)
    await linked.town.rooms.linking.end(somebody(), link.id, BY_PERSON, linked.town.bureau.now)
    assert await person_of(linked, proven) == first


async def test_an_ended_link_comes_back_only_by_linking_anew_and_its_old_proofs_never(linked: Linked) -> None:
    person, old = somebody(), elsewhere(linked)
    link = await make(linked, person, old)
    assert isinstance(link, Link)
    linking, bureau = linked.town.rooms.linking, linked.town.bureau
    recognised = await linking.recognise(old, None, bureau.now)
    await linking.check_usable(recognised)
    await linking.end(person, link.id, BY_PERSON, bureau.now)
    with pytest.raises(AccountClosed):
        await linking.check_usable(recognised)
    bureau.later(minutes=5)
    again = await make(linked, person, elsewhere(linked), Level.BASIC)
    assert isinstance(again, Link)
    assert again.id != link.id
    assert again.level is Level.BASIC
    with pytest.raises(AccountClosed):
        await linking.check_usable(recognised)


async def test_of_many_who_link_one_account_at_once_one_person_gets_it(linked: Linked) -> None:
    proven = elsewhere(linked)
    made = await asyncio.gather(*(make(linked, somebody(), proven) for _ in range(8)))
    assert sum(isinstance(each, Link) for each in made) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [(("https://a.example", "b|c"), ("https://a.example|b", "c")), (("ab", "c"), ("a", "bc"))],
)
async def test_no_two_accounts_are_found_as_one(
    linked: Linked, first: tuple[str, str], second: tuple[str, str]
) -> None:
    linking = linked.town.rooms.linking
    assert linking.account(*first) != linking.account(*second)


async def test_the_identifier_is_kept_nowhere(linked: Linked) -> None:
    proven = elsewhere(linked, "an-identifier-to-be-found")
    assert isinstance(await make(linked, somebody(), proven), Link)
    rows = await linked.town.bureau.database.all("SELECT * FROM links", {})
    assert rows
    assert b"an-identifier-to-be-found" not in repr(rows).encode()


async def test_a_mail_address_or_name_links_nothing(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    await linked.link(inside, claims={"sub": "one", "email": "sanne@example.org", "name": "S. de Wit"})
    told = {"sub": "two", "email": "sanne@example.org", "email_verified": True, "name": "S. de Wit"}
    page = await linked.to_service(linked.town.browser(), claims=told)
    assert code_of(page) == ""
    assert "we do not know whose it is" in page.text


async def test_the_same_identifier_at_another_provider_is_another_account(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    await linked.link(inside)
    async with openid_provider(linked.town.bureau.clock) as other:
        await put(linked.town, bank(other, OTHER_BANK))
        browser = linked.town.browser()
        page = await browser.send(await browser.open(TOWN_PARTY.url()), means=OTHER_BANK)
        page = await browser.open(other.answer(page.address))
    assert code_of(page) == ""


async def test_a_proposal_works_once_and_in_one_browser(linked: Linked) -> None:
    inside, thief = linked.town.browser(), linked.town.browser()
    await linked.town.resident(inside)
    page = await linked.at_bank(inside, await inside.send(await linked.choosing(inside), means=BANK))
    await linked.choosing(thief)
    assert (await thief.open(page.address)).status == 403
    assert (await inside.send(page, do="link")).title == "Linked login means"
    assert (await inside.send(page, page.address, do="link")).status == 400


async def test_a_proposal_of_a_means_that_was_closed_meanwhile_links_nothing(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    page = await linked.at_bank(inside, await inside.send(await linked.choosing(inside), means=BANK))
    await put(linked.town, bank(linked.bank, blocked=True))
    assert (await inside.send(page, do="link")).status == 403
    assert await linked.links() == ()


async def test_a_means_that_may_no_longer_be_linked_is_not_at_the_last_step_either(linked: Linked) -> None:
    """S23: whether a means may be linked is asked where it is linked, in My account and within a login."""
    inside = linked.town.browser()
    await linked.town.resident(inside)
    page = await linked.at_bank(inside, await inside.send(await linked.choosing(inside), means=BANK))
    browser = linked.town.browser()
    within = await browser.send(await linked.to_service(browser), means=CITIZEN.id)
    within = await linked.town.anew(browser, within)
    await put(linked.town, bank(linked.bank, linkable=False))
    assert (await inside.send(page, do="link")).status == 400
    assert code_of(await browser.send(within, do="link")) == ""
    assert await linked.links() == ()
    assert code_of(await browser.send(within, do="no-link"))


async def test_a_means_that_counts_for_less_meanwhile_links_nothing_until_it_counts_again(
    linked: Linked,
) -> None:
    inside, counts = linked.town.browser(), replace(CITIZEN, gives_bsn=True)
    await linked.town.resident(inside)
    page = await linked.at_bank(inside, await inside.send(await linked.choosing(inside), means=BANK))
    await put(linked.town, replace(counts, ceiling=Level.BASIC))
    assert (await inside.send(page, do="link")).title == "No login means fits"
    assert await linked.links() == ()
    await put(linked.town, counts)
    await inside.send(page, do="link")
    assert [link.level for link in await linked.links()] == [Level.LOW]


async def test_a_form_of_another_site_neither_links_nor_unlinks(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    page = await linked.at_bank(inside, await inside.send(await linked.choosing(inside), means=BANK))
    assert (await inside.http.post(page.address, data={"do": "link"})).status_code == 403
    assert await linked.links() == ()
    await inside.send(page, do="link")
    [link] = await linked.links()
    assert (await inside.http.post("/account/links", data={"link": str(link.id)})).status_code == 403
    assert len(await linked.links()) == 1


async def test_a_bsn_of_an_admitted_bank_makes_the_link_by_itself(linked: Linked) -> None:
    await linked.town.resident(linked.town.browser())
    await put(linked.town, bank(linked.bank, **BSN))
    browser = linked.town.browser()
    page = await linked.to_service(browser, claims={"bsn": SANNE.digits})
    assert SANNE.digits in (await linked.told(browser, page)).values()
    assert len(await linked.links()) == 1


async def test_a_bsn_in_the_answer_of_a_bank_that_is_not_admitted_to_give_it_is_not_read(
    linked: Linked,
) -> None:
    await put(linked.town, bank(linked.bank, settings={"bsn_claim": "bsn"}))
    page = await linked.to_service(linked.town.browser(), claims={"bsn": SANNE.digits})
    assert code_of(page) == ""


@pytest.mark.parametrize(
    "bsn",
    [
        "",
        "123456789",
        " 999990019",
        "9999.90.019",
        "\uff19\uff19999\uff10\uff1019",
        None,
        999990019,
        ["999990019"],
    ],
)
async def test_a_bank_that_gives_no_good_bsn_proves_nothing(linked: Linked, bsn: object) -> None:
    await put(linked.town, bank(linked.bank, **BSN))
    page = await linked.to_service(linked.town.browser(), claims={"bsn": bsn})
    assert "proof-invalid" in page.text


async def test_an_identifier_that_was_given_to_somebody_else_is_refused(linked: Linked) -> None:
    await put(linked.town, bank(linked.bank, **BSN))
    assert code_of(await linked.to_service(linked.town.browser(), claims={"bsn": SANNE.digits}))
    page = await linked.to_service(linked.town.browser(), claims={"bsn": DAAN.digits})
    assert "linked-elsewhere" in page.text
    assert "link:refused" in await linked.town.bureau.names_of_events()


async def test_a_link_that_the_person_undid_is_not_made_again_by_a_bsn(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    await put(linked.town, bank(linked.bank, **BSN))
    await linked.to_service(linked.town.browser(), claims={"bsn": SANNE.digits})
    [link] = await linked.links()
    await inside.send(await inside.open("/account/links"), link=str(link.id))
    page = await linked.to_service(linked.town.browser(), claims={"bsn": SANNE.digits})
    assert code_of(page) == ""
    assert await linked.links() == ()


async def test_what_a_link_proved_counts_no_more_once_it_has_ended(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    await linked.link(inside)
    browser = linked.town.browser()
    page = await linked.to_service(browser)
    tokens = (await TOWN_PARTY.redeem(browser.http, code_of(page))).json()
    [link] = await linked.links()
    await inside.send(await inside.open("/account/links"), link=str(link.id))
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert (await browser.http.get("/oidc/userinfo", headers=bearer)).status_code == 401


async def test_a_linked_means_does_not_vouch_for_another(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    await linked.link(inside)
    async with openid_provider(linked.town.bureau.clock) as other:
        await put(linked.town, bank(other, OTHER_BANK))
        browser = linked.town.browser()
        page = await browser.send(await browser.open(TOWN_PARTY.url()), means=OTHER_BANK)
        page = await browser.open(other.answer(page.address))
    assert f'value="{BANK}"' not in page.text
    assert f'value="{CITIZEN.id}"' in page.text


async def test_somebody_elses_account_cannot_step_up_a_login(linked: Linked) -> None:
    """The person logs in too low with one bank; an account of nobody, or of another, cannot raise it."""
    third_bank = MeansId("third-bank")
    inside = linked.town.browser()
    await linked.town.resident(inside)
    await linked.link(inside)
    async with openid_provider(linked.town.bureau.clock) as other:
        third = bank(other, third_bank, organisation=HUB, names=text("third"))
        await put(linked.town, third)
        browser = linked.town.browser()
        page = await browser.open(TOWN_PARTY.url(acr_values="http://eidas.europa.eu/LoA/substantial"))
        page = await linked.at_bank(browser, await browser.send(page, means=BANK))
        assert page.title == "How do you want to log in?"
        assert f'value="{third_bank}"' not in page.text
        page = await browser.send(page, means=third_bank)  # not on the page, but on offer
        page = await browser.open(other.answer(page.address))
    assert "step-out-of-order" in page.text
