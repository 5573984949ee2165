"""The clients of an organisation on its pages: listed, found, ended in time and put on teams."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.mandates.team_worlds import Told
from tests.means.bureau import DAAN, SANNE
from tests.web.citizens import Browser, Page, Town
from tests.web.firms import BAKERY, NOBODY, STAFF, STRANGER, Firm, edge, firm
from tests.web.test_mandates_of import in_name, no_longer
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.bounds import LOOKING, NUMBERS, SUGGESTING
from toegang.mandates.edge import State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import PartyId
from toegang.web.mandate_files import IN_ONE
from toegang.web.own_clients import ON_A_PAGE

NONE = "Nobody with this name or number is a client of this organisation."


async def clients(town: Town) -> tuple[Browser, Page, Firm]:
    made = await firm(town)
    browser, page = await in_name(town)
    assert 'class="nl-link" href="' + page.address + '/clients"' in page.text
    return browser, await browser.open(page.address + "/clients"), made


def listed(page: Page) -> list[str]:
    return re.findall(r"/one/00000000-0000-0000-0000-0000000000(\w\w)\"", page.text)


def boxes(page: Page) -> list[str]:
    return re.findall(r'type="checkbox"|name="(client-[^"]+)"', page.text)


async def test_who_may_not_act_in_its_name_finds_nothing_there(town: Town) -> None:
    browser, page, made = await clients(town)
    at = page.address
    team = await teams_of(browser, at)
    await no_longer(town, made.id)
    object.__setattr__(town.rooms.representing.teams, "laws", Told(NOTHING_TOLD))
    answers = [
        await browser.open(at),
        await browser.open(at.replace("/clients", "/ending/received")),
        await browser.send(page, client_name="bakkerij"),
        await browser.send(page, at + "/names", client_name="bakkerij"),
        await browser.open(team.address + "/unassigned"),
        await browser.open(team.address + "/colleagues"),
        await browser.send(page, team.address + "/unassigned"),
    ]
    assert {each.status for each in answers} == {404}
    assert not any("Jongste" in each.text for each in answers)


async def test_there_are_no_clients_of_a_person(town: Town) -> None:
    browser, page, _ = await clients(town)
    for path in ("/account/mandates/clients", "/account/mandates/ending/received"):
        assert (await browser.open(path)).status == 404
    ending = page.address.replace("/clients", "/ending/")
    for word in ("nothing", "ended", "to-answer"):
        assert (await browser.open(ending + word)).status == 404


async def teams_of(browser: Browser, clients_at: str) -> Page:
    page = await browser.open(clients_at.replace("/clients", ""))
    address = re.search(r'href="(/account/teams/[^"/]+)"', page.text)
    assert address is not None
    return await browser.open(address[1])


async def test_clients_stand_there_those_that_end_first_first_and_as_a_file(town: Town) -> None:
    browser, page, made = await clients(town)
    assert page.title == "Clients of Kompas B.V."
    assert listed(page) == ["01", "02"]
    assert "Bakkerij De Jongste B.V." in page.text
    # Forged places begin somewhere on one's own list, or at its first.
    later = (town.bureau.clock.now() + timedelta(days=30)).isoformat().replace("+", "%2B")
    for query, left in (
        (f"?ends={later}&edge={made.edges['staff'].id}", ["02"]),
        ("?ends=x&edge=y", ["01", "02"]),
        ("?ends=9999-12-31T23:59:59.999999%2B00:00&edge=ffffffff-ffff-ffff-ffff-ffffffffffff", []),
        ("?ends=0001-01-01T00:00:00%2B00:00&edge=00000000-0000-0000-0000-000000000000", ["01", "02"]),
    ):
        assert listed(await browser.open(page.address + query)) == left, query
    file = await browser.open(page.address.replace("/clients", "/list/received/file"))
    assert file.text.count("\n") == 3
    assert "Bakkerij De Jongste B.V." in file.text


async def test_a_client_is_found_by_name_or_number_and_nobody_elses(town: Town) -> None:
    browser, page, _ = await clients(town)
    for fields, found in (
        ({"client_name": "BAKK"}, ["02"]),
        ({"client_name": "de jong"}, ["02"]),
        ({"client_name": "elders"}, []),
        ({"client_number": BAKERY.digits}, ["02"]),
        ({"client_number": DAAN.digits}, ["01"]),
    ):
        answer = await browser.send(page, **fields)
        assert (listed(answer), answer.wrong) == (found, []), fields
        assert answer.address == page.address, "what was typed is in no address"
    for fields, said in (
        ({"client_name": "b"}, "at least two letters"),
        ({"client_number": NOBODY}, NONE),
        ({"client_number": STRANGER.digits}, NONE),
        ({"client_number": STAFF.digits}, NONE),
        ({"client_number": "12"}, "A KVK number has 8"),
        ({"client_number": ""}, "Fill in this field."),
    ):
        answer = await browser.send(page, **fields)
        assert said in answer.text, fields
        assert answer.wrong == [next(iter(fields))]
    for sealed in ("", "x", "A" * 60):
        forged = await browser.send(page, client_name="bakk", names_after=sealed)
        assert forged.status == (400 if sealed else 200)
        assert (await browser.send(page, whom=sealed)).status == 400


@pytest.mark.requires("MANDATES-P29")
async def test_whoever_tries_names_or_numbers_without_end_waits(town: Town) -> None:
    browser, page, _ = await clients(town)
    for _ in range(NUMBERS.most):
        await browser.send(page, client_number=NOBODY)
    assert "You tried too often." in (await browser.send(page, client_number=BAKERY.digits)).text
    for _ in range(LOOKING.most):
        await browser.send(page, client_name="zz")
    assert "You tried too often." in (await browser.send(page, client_name="bakkerij")).text
    for _ in range(SUGGESTING.most):
        await browser.send(page, page.address + "/names", client_name="zz")
    over = await browser.send(page, page.address + "/names", client_name="bakkerij")
    assert (over.status, "data-id" in over.text) == (429, False)
    assert int(over.headers["retry-after"]) > 0


async def test_what_ends_soon_can_be_renewed_from_there(town: Town) -> None:
    browser, page, _ = await clients(town)
    ending = page.address.replace("/clients", "/ending/")
    for word, days, found in (
        ("received", "", ["01"]),
        ("received", "30", ["01"]),
        ("received", "90", ["01", "02"]),
        ("received", "-1", ["01"]),
        ("workers", "30", []),
        ("workers", "60", ["04"]),
        ("given", "90", []),
    ):
        assert listed(await browser.open(f"{ending}{word}?days={days}")) == found, (word, days)
    page = await browser.open(f"{ending}received?days=30")
    assert page.title == "What ends soon"
    file = await browser.open(re.findall(r'href="([^"]+/file[^"]*)"', page.text)[0].replace("&amp;", "&"))
    assert file.text.count("\n") == 2
    [renew] = re.findall(r'action="([^"]+/renew)"', page.text)
    page = await browser.send(page, renew)
    assert page.title == "Until when?"
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    page = await browser.send(await browser.send(page, until=day[1]))
    assert page.title == "A mandate of Kompas B.V."
    assert "asked, not answered yet" in page.text


async def test_clients_of_no_team_are_put_on_one_several_at_once(town: Town) -> None:
    browser, page, made = await clients(town)
    firms = await teams_of(browser, page.address)
    assert "/unassigned" not in firms.text, "without a team there is nothing to put anybody on"
    team = await browser.send(firms, team_name="Zorg")
    which = team.address.rpartition("/")[2]
    page = await browser.open(firms.address + "/unassigned")
    assert page.title == "Clients of no team"
    ticked = {each: "yes" for each in boxes(page) if each}
    assert len(ticked) == 2
    # Refused: nobody, no team, another firm's team, a box of somebody else's or nobody's.
    assert (await browser.send(page, team=which)).wrong == ["clients"]
    for forged in ("", "x", str(made.id), str(made.met[STAFF])):
        assert (await browser.send(page, team=forged, **ticked)).wrong == ["team"], forged
    assert (await browser.send(page, team=which, **{"client-AAAA": "yes"})).status == 404
    seal, me = town.rooms.representing.sealed.seal, f"teams {await sanne(town)}"
    stranger = {f"client-{seal(made.met[STRANGER], me)}": "yes"}
    assert "added" not in (await browser.send(page, team=which, **stranger)).text
    done = await browser.send(page, team=which, **ticked)
    assert "2 were added." in done.text
    assert "Every client is in a team." in done.text
    assert (await browser.open(team.address)).text.count("Not for this team any more") == 2


async def sanne(town: Town) -> PartyId:
    return (await town.rooms.representing.numbers.meet([SANNE], town.bureau.clock.now()))[SANNE]


async def test_who_works_there_stands_with_their_teams(town: Town) -> None:
    browser, page, _ = await clients(town)
    firms = await teams_of(browser, page.address)
    team = await browser.send(firms, team_name="Zorg <b>")
    page = await browser.open(firms.address + "/colleagues")
    assert page.title == "Who works for Kompas B.V."
    assert "on no team" in page.text
    await browser.send(team, team.address + "/add", team_add=STAFF.digits)
    page = await browser.open(firms.address + "/colleagues")
    assert f'href="{team.address}">Team Zorg &lt;b&gt;' in page.text
    assert "acts for all clients of the organisation" in page.text


async def test_a_team_gets_a_client_by_name_with_a_script_and_without(town: Town) -> None:
    browser, page, made = await clients(town)
    firms = await teams_of(browser, page.address)
    team = await browser.send(firms, team_name="Zorg")
    find, names = team.address + "/find", team.address + "/names"
    for words in ("b", "elders", "zz", "%"):
        assert "data-id" not in (await browser.send(team, names, client_name=words)).text
    [first] = re.findall(r'data-id="([^"]+)"', (await browser.send(team, names, client_name="daan")).text)
    found = await browser.send(team, find, client_name="bakkerij")
    [second] = re.findall(r'name="whom" value="([^"]+)"', found.text)
    assert "Bakkerij Elders" not in found.text
    for whom in (first, second):
        team = await browser.send(team, find, whom=whom)
        assert (team.title, team.wrong) == ("Team Zorg", [])
    assert team.text.count("Not for this team any more") == 2
    again = await browser.send(team, find, whom=first)
    assert "on this team already" in again.text
    # Sealed by themselves for this page it is still nobody's client.
    forged = town.rooms.representing.sealed.seal(made.met[STRANGER], f"teams {await sanne(town)}")
    assert NONE in (await browser.send(team, find, whom=forged)).text
    assert (await browser.send(team, find, whom="x")).status == 400


async def test_who_ended_their_mandate_is_found_by_name_no_more(town: Town) -> None:
    browser, page, made = await clients(town)
    kept = made.edges["bakery"]
    room = town.rooms.representing.mandates
    async with room.units.begin() as unit:
        over = replace(kept, state=State.REVOKED, version=2, since=town.bureau.clock.now())
        assert await room.edges.replace(unit, over, 1)
        more = edge(town, 9, (made.met[BAKERY], made.met[STRANGER]), EdgeKind.INTERMEDIARY, 9)
        assert await room.edges.add(unit, more)
    assert listed(await browser.send(page, client_name="bakkerij")) == []
    assert NONE in (await browser.send(page, client_number=BAKERY.digits)).text
    assert "data-id" not in (await browser.send(page, page.address + "/names", client_name="bakk")).text
    assert listed(await browser.open(page.address)) == ["01"]


async def test_a_long_list_goes_on_page_by_page_and_file_by_file(town: Town) -> None:
    browser, page, made = await clients(town)
    room = town.rooms.representing.mandates
    ends = (made.met[DAAN], made.id)
    async with room.units.begin() as unit:
        for number in range(0x100, 0x100 + IN_ONE):
            assert await room.edges.add(unit, edge(town, number, ends, EdgeKind.VOLUNTARY, 30))
    page = await browser.open(page.address)
    assert page.text.count("Look at this mandate, or end it") == ON_A_PAGE
    beyond = re.search(r'href="([^"]+)">Go on after this file', page.text)
    assert beyond is not None
    last = await browser.open(beyond[1].replace("&amp;", "&"))
    assert last.text.count("Look at this mandate, or end it") == len(("daan", "bakery"))
    assert "Go on after this file" not in last.text
