"""An organisation asks many clients at once by a list: what is refused, what is asked, and what is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

import pytest

from bench.means import BenchMeans
from tests.journeys.house import PORTAL, House
from tests.mandates.builders import rules
from tests.mandates.giving_people import Firms
from tests.mandates.legal.facts import organisation
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Browser, Page, Town
from tests.web.firms import edge as firm_edge
from tests.web.test_giving_to_several import checked
from tests.web.test_mandate_pages import OTHER, inside, ready
from tests.web.test_mandates_of import KOMPAS, directed, in_name, no_longer
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Service
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.asking_many import WITHIN
from toegang.mandates.bounds import FINDING, FINDING_AS_FIRM
from toegang.mandates.drafts import MOST_LISTED
from toegang.mandates.edge import Edge, State
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.mandates.voluntary import Actor
from toegang.mandates.why import Why
from toegang.web.number_files import LARGEST
from toegang.web.words_of_mandates import OBJECTIONS

BORN = "12-04-1988"
BAKERY, BUTCHER, UNKNOWN = (KvkNumber.parse(each) for each in ("90000303", "90000202", "90000505"))
PEOPLE = f"{DAAN.digits} {BORN}\n\n{OTHER.digits};{BORN}\r\n"
SPACED = PEOPLE.replace(";", " ")


@dataclass
class Ticking:
    """A clock that goes on by so much each time that it is asked."""

    at: datetime
    step: timedelta

    def now(self) -> datetime:
        self.at += self.step
        return self.at


async def furnished(town: Town) -> dict[str, PartyId]:
    """Let Sanne direct a firm, and two others stand in the trade register."""
    parties = await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    kompas = await directed(town, parties[SANNE])
    firms = town.rooms.representing.voluntary.finding.organisations
    assert isinstance(firms, Firms)
    for each in (BAKERY, BUTCHER):
        firms.told[each] = organisation(each, name=f"Firm {each.digits}")
    return {"kompas": kompas, "sanne": parties[SANNE], "daan": parties[DAAN]}


async def at_list(town: Town) -> tuple[Browser, Page]:
    browser, page = await in_name(town)
    first = await browser.open(page.address + "/ask")
    assert "Ask many clients at once" in first.text
    return browser, await browser.open(first.address + "/many")


async def bring(browser: Browser, page: Page, octets: bytes, **fields: str) -> Page:
    at = replace(page, address=page.address + "/file")
    return await browser.upload(at, {"client_file": ("clients.csv", octets)}, **fields)


def lines(page: Page) -> list[tuple[str, str]]:
    return re.findall(r"<dt>Line (.*?)</dt><dd>(.*?)</dd>", page.text)


def strangers(begin: int) -> str:
    """Return a list as long as can be of numbers that nobody has."""
    found = filter(is_bsn, (f"{number:09d}" for number in range(100_000_000, 100_020_000)))
    return "\n".join(f"{each} {BORN}" for each in islice(found, begin, begin + MOST_LISTED))


def is_bsn(digits: str) -> bool:
    try:
        Bsn.parse(digits)
    except ValueError:
        return False
    return True


async def waiting(town: Town, who: dict[str, PartyId]) -> Sequence[Edge]:
    by = Actor(party=who["kompas"], level=Level.HIGH, by=who["sanne"])
    cut = Cut(size=500)
    leaf = await town.rooms.representing.voluntary.page(by, Listing.WAITING, cut, town.bureau.clock.now())
    return leaf.edges


async def test_a_person_in_their_own_name_has_no_such_page(town: Town) -> None:
    await furnished(town)
    browser = await inside(town)
    first = await browser.open("/account/mandates/ask")
    assert "Ask many clients at once" not in first.text
    for address in ("/account/mandates/ask/many", "/account/mandates/ask/many/file"):
        assert (await browser.open(address)).status == 404
        assert (await browser.send(first, address, client_list=PEOPLE)).status == 404


async def test_who_decides_for_it_no_longer_and_who_never_did_find_nothing_and_ask_nobody(
    town: Town,
) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    check = await checked(browser, await browser.send(page, client_list=PEOPLE))
    await no_longer(town, who["kompas"])
    foreign = "/account/mandates/for/" + "A" * 60 + "/ask/many"
    told = [
        await browser.open(page.address),
        await browser.send(page, client_list=PEOPLE),
        await bring(browser, page, PEOPLE.encode()),
        await browser.send(check),
        await browser.open(check.address.replace("/check", "/asked")),
        await browser.open(check.address.replace("/check", "/asked/file")),
        await browser.open(foreign),
    ]
    assert len({(each.status, each.title) for each in told}) == 1
    assert told[0].status >= 400
    assert await waiting(town, who) == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("x", [("1", "no valid KVK number or BSN")]),
        (f"{DAAN.digits}\n{BAKERY.digits}", [("1", "no valid date of birth behind the BSN")]),
        (f"{DAAN.digits} 31-02-1988", [("1", "no valid date of birth behind the BSN")]),
        (f"{BAKERY.digits} {BORN}", [("1", "no valid KVK number or BSN")]),
        (f"{BAKERY.digits}\n\n{BAKERY.digits}", [("2", "stands on this list twice")]),
        (f"{SPACED}{DAAN.digits} 13-04-1988", [("3", "stands on this list twice")]),
        (f"{SPACED}{BAKERY.digits}", [("3", "another kind of number than the first line")]),
        (f"{BAKERY.digits}\n{KOMPAS.digits}", [("2", "You cannot do this for yourself, or on both sides.")]),
        (
            f"{UNKNOWN.digits}\n{BAKERY.digits}",
            [("1", "The trade register has no organisation with this KVK number.")],
        ),
    ],
)
async def test_a_list_with_a_wrong_line_is_refused_whole_and_says_which(
    town: Town, typed: str, said: list[tuple[str, str]]
) -> None:
    await furnished(town)
    browser, page = await at_list(town)
    for refused in (await browser.send(page, client_list=typed), await bring(browser, page, typed.encode())):
        assert refused.status == 400
        assert lines(refused) == said
        assert "Some lines are not right." in refused.text


async def test_a_list_that_is_none_or_too_long_is_refused(town: Town) -> None:
    await furnished(town)
    browser, page = await at_list(town)
    long = "\n".join(["x"] * (MOST_LISTED + 1))
    for typed, why in ((" \n", "Fill in this field."), (long, "This list is too long.")):
        refused = await browser.send(page, client_list=typed)
        assert (refused.status, refused.wrong) == (400, ["client_list"])
        assert why in refused.text
    wrong = (b"", b"a;b\n1;2\n", b"PK\x03\x04\x00\x00", b"9" * (LARGEST + 9_000), long.encode())
    for octets in wrong:
        refused = await bring(browser, page, octets)
        assert (refused.status, refused.wrong) == (400, ["client_file"])


async def test_people_are_asked_once_for_all_by_a_file_as_a_spreadsheet_writes_it(town: Town) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    table = f"Naam;BSN;Geboortedatum\nDaan;{DAAN.digits};12-4-1988\n;{OTHER.digits};1988-04-12\n".encode()
    check = await checked(browser, await bring(browser, page, table))
    assert check.title == "Is this what you ask?"
    assert "2 clients from your list" in check.text
    done = await browser.send(check)
    assert done.title == "Your clients are asked"
    assert "2 clients were asked." in done.text
    # L03: of who is there and who is not the same is told.
    assert lines(done) == [
        (f"1, ends in {DAAN.digits[-3:]}", "asked, not answered yet"),
        (f"2, ends in {OTHER.digits[-3:]}", "asked, not answered yet"),
    ]
    edges = await waiting(town, who)
    assert [(each.state, each.agent, each.version) for each in edges] == [
        (State.REQUESTED, who["kompas"], 1)
    ] * 2
    assert sum(each.principal == who["daan"] for each in edges) == 1
    file = await browser.http.get(done.address + "/file")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.text.splitlines()[1] == f'1,{DAAN.digits[-3:]},"asked, not answered yet"'


async def test_a_draft_used_twice_or_in_two_tabs_asks_nobody_again(town: Town) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    check = await checked(browser, await browser.send(page, client_list=PEOPLE))
    first = await browser.send(check)
    edges = await waiting(town, who)
    again = await browser.send(check)
    assert again.address == first.address
    assert lines(again) == lines(first)
    assert (await browser.open(check.address)).address == first.address
    assert {each.id for each in await waiting(town, who)} == {each.id for each in edges}
    # Another list with the same: what waits is told of both alike, and nobody is asked twice.
    twice = await browser.send(await checked(browser, await browser.send(page, client_list=PEOPLE)))
    said = "You asked or offered this before, and it still waits for an answer."
    assert [what for _, what in lines(twice)] == [said, said]
    assert "0 clients were asked." in twice.text
    assert len(await waiting(town, who)) == 2


async def test_one_who_is_asked_already_hinders_none_of_the_others(town: Town) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    await browser.send(await checked(browser, await browser.send(page, client_list=BAKERY.digits)))
    both = f"{BAKERY.digits}\n{BUTCHER.digits}"
    done = await browser.send(await checked(browser, await browser.send(page, client_list=both)))
    assert "1 client was asked." in done.text
    assert [what for _, what in lines(done)][1] == "asked, not answered yet"
    assert len(await waiting(town, who)) == 2


async def test_slow_registers_leave_the_rest_to_another_go(town: Town) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    check = await checked(browser, await browser.send(page, client_list=PEOPLE))
    drafts, now = town.rooms.representing.drafts, town.bureau.clock.now()
    object.__setattr__(town.rooms, "clock", Ticking(now, WITHIN * 0.6))
    done = await browser.send(check)
    object.__setattr__(town.rooms, "clock", town.bureau.clock)
    assert "1 client is not asked yet." in done.text
    assert [what for _, what in lines(done)] == ["asked, not answered yet", "not asked yet"]
    rest = await browser.open(check.address)
    assert "1 client from your list" in rest.text
    over = await browser.send(rest)
    assert [what for _, what in lines(over)] == ["asked, not answered yet"] * 2
    assert len(await waiting(town, who)) == 2
    assert drafts is town.rooms.representing.drafts


async def test_a_list_that_cannot_be_looked_up_in_time_is_refused_and_the_rest_does_not_count(
    town: Town,
) -> None:
    await furnished(town)
    browser, page = await at_list(town)
    for _ in range(2 * FINDING_AS_FIRM.most // MOST_LISTED):
        object.__setattr__(town.rooms, "clock", Ticking(town.bureau.clock.now(), WITHIN * 0.6))
        slow = await browser.send(page, client_list=strangers(0))
        object.__setattr__(town.rooms, "clock", town.bureau.clock)
        assert (slow.status, slow.wrong) == (400, ["client_list"])
        assert "takes too long" in slow.text
    assert (await browser.send(page, client_list=PEOPLE)).title == "What is it for?"


async def test_a_register_that_is_silent_halfway_asks_nobody_and_loses_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    check = await checked(browser, await browser.send(page, client_list=PEOPLE))

    async def silent(*_: object) -> None:
        told = "silent"
        raise Unavailable(told)

    with monkeypatch.context() as patch:
        patch.setattr("toegang.mandates.finding.Finding.meet", silent)
        done = await browser.send(check)
    assert [what for _, what in lines(done)] == ["not asked yet"] * 2
    assert await waiting(town, who) == ()
    await browser.send(await browser.open(check.address))
    assert len(await waiting(town, who)) == 2


async def test_a_list_gets_round_no_count_of_who_is_looked_for(town: Town) -> None:
    await furnished(town)
    browser, page = await at_list(town)
    assert FINDING.most < FINDING_AS_FIRM.most
    for begin in range(0, FINDING_AS_FIRM.most, MOST_LISTED):
        assert (await browser.send(page, client_list=strangers(begin))).title == "What is it for?"
    assert (await browser.send(page, client_list=PEOPLE)).status == 429
    one = await browser.open(page.address.removesuffix("/many"))
    assert (await browser.send(one, bsn=DAAN.digits, birth_date=BORN)).status == 429
    # It is the count of the firm, and of nobody who acts for it.
    own = await browser.open("/account/mandates/ask")
    assert (await browser.send(own, bsn=DAAN.digits, birth_date=BORN)).title == "What may you do for them?"


async def test_who_only_works_for_the_organisation_finds_no_such_page(town: Town) -> None:
    parties = await ready(town)
    kompas = await directed(town, parties[DAAN])
    room, sanne = town.rooms.representing, parties[SANNE]
    works = firm_edge(town, 1, (kompas, sanne), EdgeKind.EMPLOYEE, 20)
    async with room.mandates.units.begin() as unit:
        assert await room.mandates.edges.add(unit, works)
    browser = await inside(town)
    form = await browser.open("/account/mandates/ask")
    at = f"/account/mandates/for/{room.sealed.seal(kompas, f'mandates {sanne}')}/ask/many"
    foreign = await browser.open("/account/mandates/for/" + "A" * 60 + "/ask/many")
    told = [
        await browser.open(at),
        await browser.send(form, at, client_list=PEOPLE),
        await bring(browser, replace(form, address=at), PEOPLE.encode()),
    ]
    assert {(each.status, each.title) for each in told} == {(foreign.status, foreign.title)}
    assert foreign.status >= 400
    assert await waiting(town, {"kompas": kompas, "sanne": sanne}) == ()


async def test_who_logged_in_below_what_a_service_asks_of_who_administers_asks_nobody(town: Town) -> None:
    who = await furnished(town)
    kept = town.rooms.catalogue.current.service(PORTAL)
    assert isinstance(kept, Service)
    house = House(app=town.app, web=None, clock=town.bureau.clock, means=BenchMeans())  # type: ignore[arg-type]  # only its catalogue
    await house.put(replace(kept, representation=rules(administer=Level.HIGH)))
    browser, page = await at_list(town)
    done = await browser.send(await checked(browser, await browser.send(page, client_list=PEOPLE)))
    assert "0 clients were asked." in done.text
    assert {what for _, what in lines(done)} == {OBJECTIONS[Why.LEVEL_TOO_LOW]}
    assert await waiting(town, who) == ()


async def test_a_stranger_and_a_forged_form_get_nothing(town: Town) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    at = page.address
    for response in (
        await browser.http.post(at, data={"csrf": "forged", "client_list": PEOPLE}),
        await browser.http.post(at + "/file", data={"csrf": "forged"}, files={"client_file": ("x", b"1")}),
        await town.browser().http.post(at, data={"client_list": PEOPLE}),
        await town.browser().http.post(at + "/file", files={"client_file": ("x", PEOPLE.encode())}),
    ):
        assert response.status_code == 403
    check = await checked(browser, await browser.send(page, client_list=PEOPLE))
    stranger = await town.browser().http.get(check.address.replace("/check", "/asked"))
    assert stranger.status_code == 303
    assert (await browser.open(check.address.replace("/check", "/asked"))).text.count("not asked yet") >= 2
    assert await waiting(town, who) == ()
    # A draft of one client has no such page.
    one = await browser.send(await browser.open(at.removesuffix("/many")), kvk=BAKERY.digits)
    assert (await browser.open(one.address.replace("/services", "/asked"))).status >= 400
