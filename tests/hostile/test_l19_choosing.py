"""L19, O22: what cannot be answered is never offered, and every login that chooses gets an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tests.journeys import acting as a
from tests.journeys.house import BENCH, CLINIC, PORTAL, RESULTS, House, means, service
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow
from tests.journeys.saml_party import ticket
from tests.journeys.test_acting_for_organisations import persons
from tests.journeys.test_browser_edges import csrf
from tests.journeys.test_saml_acting import admitting
from tests.journeys.test_saml_login import DOSSIER
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.catalogue.values import IdentityForm
from toegang.mandates.edge import EdgeId
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.link import Link
from toegang.mandates.moves import Move, Mover
from toegang.mandates.numbers import Number, Numbers
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.scope import Action, Restriction, Scope
from toegang.saml import names

ONLY_LOOKING = Restriction(actions=frozenset({Action.VIEW}))


def asked(**more: str) -> str:
    return CLINIC_PARTY.url(scope=f"openid service:{PORTAL}", **more)


# -- what SAML cannot tell -----------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P2")
async def test_saml_is_answered_by_the_path_that_it_can_be_told_and_not_by_the_first(
    lone_house: House,
) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    restricted = Link(
        principal=mother,
        agent=acts,
        kind=EdgeKind.COURT,
        basis="bewind",
        worth=Level.HIGH,
        from_=None,
        until=None,
        powers=frozenset(Power),
        restriction=ONLY_LOOKING,
    )
    a.told(house, replace(NOTHING_TOLD, links=(restricted,)))
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    came_back = page if page.status_code == 303 else None
    assert came_back is not None, "the law alone cannot be told, so there was nothing to choose"
    await a.given(house, mother, agent=acts, scopes=(Scope.of_service(DOSSIER),))
    again = a.english(house)
    page = await asking.ask(again, asking.request(house), person=str(acts))
    assert "with a mandate" in page.text
    read = await asking.told(house, await a.post(again, page, whom=a.offered(page)[0]))
    assert read.assertion is not None
    assert read.assertion.values(names.GDI_REPRESENTATION_TYPE) == ("urn:toegang:representation:voluntary",)


@pytest.mark.requires("MANDATES-P9")
async def test_a_service_that_is_told_a_bsn_by_saml_is_offered_no_organisation(lone_house: House) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    await a.mandates(house).know(Party(id=a.FIRM, kind=PartyKind.ORGANISATION), now=house.clock.now())
    await a.numbered(house, a.FIRM, "90000001")
    scopes = (Scope.of_service(DOSSIER),)
    await a.given(house, a.FIRM, 1, agent=acts, scopes=scopes)
    await a.given(house, mother, 2, agent=acts, scopes=scopes)
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    assert len(a.offered(page)) == 1
    sealed, login = house.app.rooms.representing.sealed, str(page.url).rpartition("/")[2]
    assert (await a.post(browser, page, whom=sealed.seal(a.FIRM, login))).status_code == 403
    read = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    assert asking.open(read, names.GDI_LEGAL_SUBJECT).value == "999990032"


# -- a request that comes again ------------------------------------------------------------------------------


@pytest.mark.requires("STSAML-4.1")
async def test_a_request_that_was_used_makes_no_register_work_for_it(lone_house: House) -> None:
    house = lone_house
    asking = await admitting(house)
    shared = service(
        DOSSIER,
        CLINIC,
        Level.LOW,
        identity=IdentityForm.BSN,
        representation=a.rules(),
        single_sign_on=a.SINGLE,
    )
    await house.put(shared)
    (acts,) = await persons(house, "999990019")
    registers = a.told(house)
    browser = a.english(house)
    request = asking.request(house)
    assert "SAMLart" in ticket(await asking.ask(browser, request, person=str(acts)))
    once = len(registers.asked)
    assert once
    replayed = await asking.told(house, await asking.ask(browser, request, person=str(acts)))
    assert replayed.assertion is None
    assert len(registers.asked) == once
    # A fresh one asks them, and is answered at once: nobody is there to choose.
    assert "SAMLart" in ticket(await asking.ask(browser, asking.request(house), person=str(acts)))
    assert len(registers.asked) > once


# -- higher, and back ----------------------------------------------------------------------------------------


async def test_back_from_climbing_is_the_list_and_from_there_oneself(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house, a.rules(use=Level.SUBSTANTIAL))
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, asked(), level=str(Level.LOW.value))
    climbing = await a.post(browser, page, do="climb")
    assert "Back to for whom you log in" in climbing.text
    back = await a.post(browser, climbing, do="whom-again")
    assert "For that you log in at level substantial." in back.text
    # Up after all, and then there is somebody to choose.
    climbing = await a.post(browser, back, do="climb")
    chosen = await browser.post(
        str(climbing.url), data={"csrf": csrf(climbing), "means": BENCH}, follow_redirects=False
    )
    high = await follow(browser, chosen.headers["location"], level=str(Level.HIGH.value))
    (whom,) = a.offered(high)
    end = await a.post(browser, high, whom=whom)
    told = claims((await CLINIC_PARTY.redeem(browser, answer(end)["code"])).json()["id_token"])
    assert "represents" in told


async def test_a_climb_that_keeps_falling_short_leaves_the_login_that_there_was(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house, a.rules(use=Level.SUBSTANTIAL))
    browser = a.english(house)
    page = await follow(browser, asked(), level=str(Level.LOW.value))
    for _ in range(6):
        if "For whom do you log in?" in page.text:
            page = await a.post(browser, page, do="climb")
        if "How do you want to log in?" not in page.text:
            break
        sent = await browser.post(str(page.url), data={"csrf": csrf(page), "means": BENCH})
        page = await follow(browser, sent.headers["location"], level=str(Level.LOW.value))
    page = page if page.status_code == 200 else await browser.get(str(page.url))
    end = await a.post(browser, page, do="for-myself")
    assert "code" in answer(end)


@pytest.mark.requires("OIDCC-3.1.2.6")
async def test_a_silent_login_says_whether_somebody_must_log_in_or_choose(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house, a.rules(use=Level.SUBSTANTIAL))
    browser = a.english(house)
    assert answer(await follow(browser, asked(prompt="none")))["error"] == "login_required"
    page = await follow(browser, asked(), level=str(Level.LOW.value))
    assert "code" in answer(await a.post(browser, page, do="for-myself"))
    assert answer(await follow(browser, asked(prompt="none")))["error"] == "interaction_required"
    assert "code" in answer(await follow(browser, CLINIC_PARTY.for_service(RESULTS, prompt="none")))


# -- a statement that is refused at the end ------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P4")
async def test_what_the_law_gave_and_takes_before_the_answer_is_answered_to_the_service(
    lone_house: House,
) -> None:
    house = lone_house
    await a.furnish(house)
    a.told(house, a.parent_of(a.CHILD))
    await a.confirming(house)
    browser = a.english(house)
    page = await follow(browser, asked(claims='{"id_token":{"represents":{"essential":true}}}'))
    page = await a.post(browser, page, whom=a.offered(page)[0])
    a.told(house, NOTHING_TOLD)
    again = await a.post(browser, page, do="confirm", seen=a.seen(page))
    assert "You can no longer log in for who you chose." in again.text
    stopped = await a.post(browser, again, do="stop")
    assert answer(stopped)["error"] == "access_denied"


@dataclass(frozen=True, slots=True)
class Restless:
    """Numbers that are asked while somebody shortens a mandate, every time."""

    inner: Numbers
    house: House
    edge: EdgeId

    async def find(self, numbers: Iterable[Number]) -> Mapping[Number, PartyId]:
        return await self.inner.find(numbers)

    async def of(self, parties: Iterable[PartyId]) -> Mapping[PartyId, tuple[Number, ...]]:
        room, now = a.mandates(self.house), self.house.clock.now()
        edge = await room.edges.find(self.edge)
        portal = self.house.app.rooms.catalogue.current.service(PORTAL)
        assert edge is not None
        assert edge.terms.until is not None
        assert portal is not None
        terms = replace(edge.terms, until=edge.terms.until - timedelta(hours=1))
        shorter = Move(act=Act.RESTRICT, by=Mover.self(edge.principal, Level.HIGH), terms=terms)
        await room.move(edge.id, edge.version, shorter, (portal,), now, NOTHING_TOLD)
        return await self.inner.of(parties)


@pytest.mark.requires("MANDATES-P4")
async def test_a_login_whose_authority_never_stands_still_ends_with_an_answer(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    edge = await a.given(house, a.FIRM)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    page = await follow(browser, asked())
    authorities = house.app.rooms.logins.choosing.authorities
    object.__setattr__(authorities, "numbers", Restless(house.app.rooms.representing.numbers, house, edge.id))
    end = await a.post(browser, page, whom=a.offered(page)[0])
    assert answer(end)["error"] == "temporarily_unavailable"


@pytest.mark.requires("MANDATES-P9")
async def test_no_answer_about_organisations_is_about_a_person(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    portal = house.app.rooms.catalogue.current.service(PORTAL)
    assert portal is not None
    await house.put(
        replace(portal, identity=IdentityForm.KVK),
        means(BENCH, Level.HIGH, gives_bsn=True, gives_organisation=True),
    )
    vouched = await follow(a.english(house), asked(), represents=f"person:{a.MOTHER}")
    assert "code" not in answer(vouched)
