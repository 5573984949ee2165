"""Services about organisations: who works for one logs in with a citizen's means, and acts for it."""

from __future__ import annotations

from dataclasses import replace

import httpx2
import pytest

from tests.journeys import acting as a
from tests.journeys.house import BENCH, CLINIC, CLINIC_CLIENT, PORTAL, RESULTS, House, client, means, service
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow
from tests.journeys.saml_party import SamlParty, enrol
from tests.journeys.test_browser_edges import csrf
from tests.journeys.test_saml_login import DOSSIER, party
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.identity.numbers import Rsin
from toegang.login.steps import MOST_ATTEMPTS
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.scope import Scope
from toegang.saml import names

KVK = "urn:nl-eid-gdi:1.0:id:KvKnr"
RSIN = "urn:nl-eid-gdi:1.0:id:RSIN"


def asked(**more: str) -> str:
    return CLINIC_PARTY.for_service(PORTAL, **more)


async def about_organisations(
    house: House, form: IdentityForm = IdentityForm.KVK, *, understood: bool = True
) -> None:
    """Have the portal be about organisations, with a citizen's means that vouches for none."""
    await a.furnish(house, representation=understood)
    portal = house.app.rooms.catalogue.current.service(PORTAL)
    assert portal is not None
    await house.put(replace(portal, identity=form), means(BENCH, Level.HIGH, gives_bsn=True))


async def redeemed(browser: httpx2.AsyncClient, end: httpx2.Response) -> dict[str, object]:
    response = await CLINIC_PARTY.redeem(browser, answer(end)["code"])
    return claims(response.json()["id_token"])


@pytest.mark.requires("MANDATES-P9")
async def test_nobody_logs_in_as_themselves_where_it_is_about_organisations(lone_house: House) -> None:
    house = lone_house
    await about_organisations(house)
    await a.given(house, a.MOTHER)  # a person, who has no number of the trade register
    browser = a.english(house)
    page = await follow(browser, asked())
    assert "This service is for organisations." in page.text
    assert "We found no organisation that you can log in for here." in page.text
    assert "For myself" not in page.text
    assert a.offered(page) == []
    assert (await a.post(browser, page, do="for-myself")).status_code == 400
    sealed, login = house.app.rooms.representing.sealed, str(page.url).rpartition("/")[2]
    assert (await a.post(browser, page, whom=sealed.seal(a.MOTHER, login))).status_code == 403
    gone = await a.post(browser, await browser.get(str(page.url)), do="stop")
    assert answer(gone)["error"] == "access_denied"
    assert answer(await follow(browser, asked(prompt="none")))["error"] == "login_required"
    assert "code" in answer(await follow(browser, CLINIC_PARTY.for_service(RESULTS)))
    assert answer(await follow(browser, asked(prompt="none")))["error"] == "interaction_required"


@pytest.mark.requires("MANDATES-P9")
async def test_without_representation_a_citizens_means_serves_no_organisation(lone_house: House) -> None:
    await about_organisations(lone_house, understood=False)
    page = await follow(a.english(lone_house), asked())
    assert "cannot say for which organisation you act." in page.text


async def test_a_stranger_is_asked_to_link_their_account_before_they_choose(lone_house: House) -> None:
    house = lone_house
    await about_organisations(house)
    await house.put(means(BENCH, Level.HIGH, gives_bsn=False, linkable=True))
    page = await follow(a.english(house), asked(), person="")
    assert "For whom do you log in?" not in page.text


@pytest.mark.requires("NLGOV-OIDC-represents")
async def test_who_works_for_a_firm_acts_for_it_with_a_citizens_means(lone_house: House) -> None:
    house = lone_house
    await about_organisations(house)
    await a.given(house, a.FIRM)
    browser = a.english(house)
    page = await follow(browser, asked())
    assert a.offered(page) == []  # it has no number to tell it by
    await a.numbered(house, a.FIRM, "90000001")
    page = await browser.get(str(page.url))
    told = await redeemed(browser, await a.post(browser, page, whom=a.offered(page)[0]))
    assert (told["represents"]["sub"], told["represents"]["sub_id_type"]) == ("90000001", KVK)  # type: ignore[index]
    assert told["sub"] != "90000001"


async def test_a_firm_is_told_by_the_number_that_the_service_goes_by(lone_house: House) -> None:
    house = lone_house
    await about_organisations(house, IdentityForm.RSIN)
    await a.given(house, a.FIRM)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    page = await follow(browser, asked())
    assert a.offered(page) == []
    assert await house.app.rooms.representing.numbers.also(a.FIRM, Rsin.parse("999990019"))
    page = await browser.get(str(page.url))
    told = await redeemed(browser, await a.post(browser, page, whom=a.offered(page)[0]))
    assert (told["represents"]["sub"], told["represents"]["sub_id_type"]) == ("999990019", RSIN)  # type: ignore[index]


async def business(house: House, identity: IdentityForm) -> SamlParty:
    """Open a service of the business scheme that admits people who act for others."""
    asking = SamlParty(
        profile=SamlProfile.ETD,
        services=(DOSSIER,),
        more={**party(SamlProfile.ETD).more, "representation": True},
    )
    opened = service(DOSSIER, CLINIC, Level.LOW, identity=identity, representation=a.rules(depth=3))
    await house.put(opened, means(BENCH, Level.HIGH, gives_bsn=True), *asking.records(house))
    a.told(house)
    return asking


async def persons(house: House, *digits: str) -> list[PartyId]:
    """Make people who are known as parties."""
    made = [PartyId(await enrol(house, each)) for each in digits]
    for person in made:
        await a.mandates(house).know(
            Party(id=person, kind=PartyKind.PERSON, born=a.BORN), now=house.clock.now()
        )
    return made


@pytest.mark.requires("ETD-1.13", "MANDATES-P1")
async def test_the_business_scheme_is_told_a_firm_by_a_mandate_of_the_firm(lone_house: House) -> None:
    house = lone_house
    asking = await business(house, IdentityForm.KVK)
    (acts,) = await persons(house, "999990019")
    await a.mandates(house).know(Party(id=a.FIRM, kind=PartyKind.ORGANISATION), now=house.clock.now())
    await a.numbered(house, a.FIRM, "90000001")
    scopes = (Scope.of_service(DOSSIER),)
    edge = await a.given(house, a.FIRM, agent=acts, level=Level.LOW, scopes=scopes)
    assert edge.kind is EdgeKind.EMPLOYEE
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    read = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    legal, acting = asking.open(read, names.ETD_LEGAL_SUBJECT), asking.open(read, names.ETD_ACTING_SUBJECT)
    assert (legal.value, legal.name_qualifier) == ("90000001", names.ETD_KVK)
    assert acting.name_qualifier == names.ETD_PSEUDONYM
    assert read.assertion is not None
    assert read.assertion.authn is not None
    # The lowest of the login, at high, and of the mandate.
    assert read.assertion.authn.context_class == "urn:etoegang:core:assurance-class:loa2plus"
    nobody = a.english(house)
    page = await asking.ask(nobody, asking.request(house), person=str((await persons(house, "999990032"))[0]))
    assert "We found no organisation that you can log in for here." in page.text
    stopped = await asking.told(house, await a.post(nobody, page, do="stop"))
    assert stopped.assertion is None
    assert stopped.response.status.message == "Authentication cancelled"


async def test_a_client_that_is_registered_for_it_may_ask_for_both_its_services(lone_house: House) -> None:
    house = lone_house
    await about_organisations(house)
    await house.put(client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS), representation=True))
    alone = await follow(a.english(house), CLINIC_PARTY.for_service(RESULTS))
    assert "code" in answer(alone)


async def test_who_is_logged_in_as_a_citizen_still_chooses_a_means_that_vouches_for_an_organisation(
    lone_house: House,
) -> None:
    house = lone_house
    await a.furnish(house)
    asking = SamlParty(profile=SamlProfile.ETD, services=(DOSSIER,), more=party(SamlProfile.ETD).more)
    opened = service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.KVK, single_sign_on=a.SINGLE)
    vouches = means(BENCH, Level.HIGH, gives_bsn=True, gives_organisation=True)
    await house.put(opened, vouches, *asking.records(house))
    browser = a.english(house)
    assert "code" in answer(await follow(browser, CLINIC_PARTY.for_service(RESULTS)))
    came_back = await asking.ask(browser, asking.request(house), represents="kvk:90000001")
    told = await asking.told(house, came_back)
    assert asking.open(told, names.ETD_LEGAL_SUBJECT).value == "90000001"


async def by_another(browser: httpx2.AsyncClient, page: httpx2.Response, person: PartyId) -> httpx2.Response:
    """Choose a means on the page that offers them, and log in as somebody."""
    chosen = {"csrf": csrf(page), "means": str(BENCH)}
    gone = await browser.post(str(page.url).partition("?")[0], data=chosen)
    return await follow(browser, f"{gone.headers['location']}?person={person}")


@pytest.mark.requires("MANDATES-P9")
async def test_who_is_logged_in_and_acts_for_no_organisation_can_log_in_anew_in_the_same_login(
    lone_house: House,
) -> None:
    house = lone_house
    await about_organisations(house)
    await a.given(house, a.FIRM, agent=a.OTHER)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    assert "code" in answer(await follow(browser, CLINIC_PARTY.for_service(RESULTS)))
    page = await follow(browser, asked())
    assert "We found no organisation that you can log in for here." in page.text
    anew = await a.post(browser, page, do="another-means")
    assert str(anew.url) == str(page.url)
    assert f'value="{BENCH}"' in anew.text
    page = await by_another(browser, anew, a.OTHER)
    told = await redeemed(browser, await a.post(browser, page, whom=a.offered(page)[0]))
    assert told["represents"]["sub"] == "90000001"  # type: ignore[index]
    # Who was logged in before is not any more, and nothing of them was told.
    again = await follow(browser, CLINIC_PARTY.for_service(RESULTS, prompt="none"))
    assert (await redeemed(browser, again))["sub"] == told["sub"]


async def test_of_two_tabs_the_one_that_logs_in_anew_leaves_the_other_nothing_to_choose_or_agree_to(
    lone_house: House,
) -> None:
    house = lone_house
    await about_organisations(house)
    await a.confirming(house)
    await a.given(house, a.FIRM)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    one = await follow(browser, asked())
    whom = a.offered(one)[0]
    anew = await a.post(browser, one, do="another-means")
    assert (await a.post(browser, one, whom=whom)).status_code in {400, 403}
    assert (await a.post(browser, one, do="another-means")).status_code == 400
    page = await by_another(browser, anew, a.OTHER)
    assert a.offered(page) == []
    # What the first person could choose is nothing to the second.
    assert (await a.post(browser, one, whom=whom)).status_code == 403
    page = await by_another(browser, await a.post(browser, page, do="another-means"), a.ACTOR)
    confirming = await a.post(browser, page, whom=a.offered(page)[0])
    seen = a.seen(confirming)
    assert (await a.post(browser, page, do="another-means")).status_code == 400
    end = await a.post(browser, confirming, do="confirm", seen=seen)
    assert answer(end)["state"] == "a-state"
    assert (await redeemed(browser, end))["represents"]["sub"] == "90000001"  # type: ignore[index]


async def test_who_may_log_in_for_themselves_is_not_asked_for_another_means(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, asked())
    assert "another-means" not in page.text
    assert (await a.post(browser, page, do="another-means")).status_code == 400


async def test_logging_in_anew_has_an_end(lone_house: House) -> None:
    house = lone_house
    await about_organisations(house)
    browser = a.english(house)
    page = await follow(browser, asked())
    for _ in range(MOST_ATTEMPTS - 1):
        assert "another-means" in page.text
        page = await by_another(browser, await a.post(browser, page, do="another-means"), a.OTHER)
    assert "another-means" not in page.text
    assert (await a.post(browser, page, do="another-means")).status_code == 400
    assert answer(await a.post(browser, page, do="stop"))["error"] == "access_denied"
