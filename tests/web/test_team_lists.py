"""Filling a team from a list: looked at line by line, done as shown, and telling nothing of strangers."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from uuid import UUID

import pytest

from tests.mandates.team_worlds import PAGE, Told
from tests.means.bureau import SANNE
from tests.web.citizens import Browser, Page, Town
from tests.web.test_mandate_pages import inside
from tests.web.test_team_pages import CLIENT, FIRM, NOBODY, OTHER, STAFF, furnish
from toegang.audit.events import TeamChanged
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.bounds import LISTS, STRANGERS
from toegang.mandates.edge import EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.searching import KIND
from toegang.web.number_files import LARGEST
from toegang.web.team_lists import MOST

NOT_THEIRS = "does not work for this organisation and is no client of it"
LIST = f" {CLIENT.digits}\n\n{STAFF.digits}\r\n{OTHER.digits}\n{NOBODY}\n{CLIENT.digits}\n12\n<b>9"


async def at_team(town: Town) -> tuple[Browser, Page]:
    browser = await inside(town)
    firm = await browser.send(await browser.open("/account/teams"), team_firm=FIRM.digits)
    team = await browser.send(firm, team_name="Taxes")
    return browser, await browser.open(f"{team.address}/many")


def lines(page: Page) -> list[tuple[str, str]]:
    return [(unescape(one), two) for one, two in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.text)]


def read(page: Page) -> str:
    found = re.search(r'name="team_read" value="([^"]+)"', page.text)
    return found[1] if found else ""


async def test_a_list_that_is_none_is_refused_and_not_without_end(town: Town) -> None:
    await furnish(town)
    browser, page = await at_team(town)
    for typed, said in ((" \n ", "Fill in this field."), (f"{NOBODY}\n" * (MOST + 1), "too long")):
        assert said in (await browser.send(page, team_numbers=typed)).text
    for _ in range(LISTS.most):
        await browser.send(page, team_numbers=NOBODY)
    assert lines(await browser.send(page, team_numbers=NOBODY)) == []


async def test_numbers_of_strangers_are_tried_by_lists_not_without_end_and_those_of_clients_count_for_nothing(
    town: Town,
) -> None:
    await furnish(town)
    browser, page = await at_team(town)
    for begin in range(50_000_000, 50_000_000 + STRANGERS.most, MOST):
        assert lines(await browser.send(page, team_numbers=CLIENT.digits))
        tried = await browser.send(page, team_numbers="\n".join(map(str, range(begin, begin + MOST))))
        assert {said for _, said in lines(tried)} == {NOT_THEIRS}
    over = await browser.send(page, team_numbers=NOBODY)
    assert lines(over) == []
    assert "You tried too often." in over.text


@pytest.mark.requires("MANDATES-P20")
async def test_a_list_tells_nothing_of_who_is_no_client_and_adds_nobody_before_it_was_seen(
    town: Town,
) -> None:
    met = await furnish(town)
    browser, page = await at_team(town)
    looked = await browser.send(page, team_numbers=LIST)
    assert lines(looked) == [
        (CLIENT.digits, "client: this team will be for them"),
        (STAFF.digits, "employee: comes on this team"),
        (OTHER.digits, NOT_THEIRS),
        (NOBODY, NOT_THEIRS),
        (CLIENT.digits, "stands on this list twice"),
        ("12", "no valid KVK number or BSN"),
        ("<b>9", "no valid KVK number or BSN"),
    ]
    assert "<b>9" not in looked.text
    room, now = town.rooms.representing, town.bureau.clock.now()
    [team] = await room.teams.kept.of(met[FIRM], PAGE)
    # A yes to something else is none: to another list, and to what was never shown.
    for typed, yes in ((f"{LIST}\n9", read(looked)), (LIST, "0" * 64), (LIST, "")):
        again = await browser.send(looked, team_numbers=typed, team_read=yes)
        assert "Something changed meanwhile." in again.text
    assert await room.teams.people(team, PAGE, now) == ()
    assert await room.teams.clients(team, PAGE, now) == ()
    done = await browser.send(looked, team_numbers=LIST, team_read=read(looked))
    assert "2 were added." in done.text
    assert lines(done)[:2] == [(CLIENT.digits, "client: added"), (STAFF.digits, "employee: added")]
    assert await room.teams.people(team, PAGE, now) == (met[STAFF],)
    assert await room.teams.clients(team, PAGE, now) == (met[CLIENT],)
    told = [each for each in await town.bureau.events() if isinstance(each, TeamChanged)]
    assert sorted(each.what for each in told) == ["client-added", "made", "person-added"]
    names = await town.bureau.database.all("SELECT 1 FROM outbox WHERE kind = :kind", {"kind": KIND})
    assert len(names) == 1
    # The same yes again finds them there, and adds nobody twice.
    twice = await browser.send(looked, team_numbers=LIST, team_read=read(looked))
    assert lines(twice)[0] == (CLIENT.digits, "is on this team already")
    assert "There is nobody to add." in twice.text


async def bring(browser: Browser, page: Page, octets: bytes, **fields: str) -> Page:
    """Send the form of the file, which has an address of its own."""
    at = replace(page, address=page.address.removesuffix("/file") + "/file")
    return await browser.upload(at, {"team_file": ("clients.csv", octets)}, **fields)


async def test_a_file_is_a_list_as_a_pasted_one_is(town: Town) -> None:
    met = await furnish(town)
    browser, page = await at_team(town)
    table = f"naam;bsn;kvk\nEen;;{CLIENT.digits}\nTwee;{STAFF.digits};\nDrie;;{NOBODY}\n".encode()
    looked = await bring(browser, page, table)
    assert lines(looked) == [
        (CLIENT.digits, "client: this team will be for them"),
        (STAFF.digits, "employee: comes on this team"),
        (NOBODY, NOT_THEIRS),
    ]
    room, now = town.rooms.representing, town.bureau.clock.now()
    [team] = await room.teams.kept.of(met[FIRM], PAGE)
    assert await room.teams.people(team, PAGE, now) == ()
    typed = f"{CLIENT.digits}\n{STAFF.digits}\n{NOBODY}"
    done = await browser.send(looked, page.address, team_numbers=typed, team_read=read(looked))
    assert "2 were added." in done.text
    assert await room.teams.people(team, PAGE, now) == (met[STAFF],)
    assert await room.teams.clients(team, PAGE, now) == (met[CLIENT],)


@pytest.mark.requires("ASVS-V5.2.1")
async def test_a_file_is_refused_for_what_a_list_is_refused_for_and_for_what_it_is(town: Town) -> None:
    met = await furnish(town)
    browser, page = await at_team(town)
    for octets, said in (
        (b"", "Choose a file."),
        (b"\x00\x01", "We cannot read this file."),
        (b"naam;telefoon\nEen;999993653\n", "We do not know which column has the numbers."),
        (b"bsn\n", "There are no numbers in this file."),
        (f"{NOBODY}\n".encode() * (MOST + 1), "too long"),
        (b"1\n" * LARGEST, "This file is too large."),
    ):
        refused = await bring(browser, page, octets)
        assert said in unescape(refused.text), said
        assert 'id="team_file-error"' in refused.text
        assert lines(refused) == []
    # It says yes to nothing: what was seen of a list is sent with that list only.
    looked = await bring(browser, page, CLIENT.digits.encode())
    again = await bring(browser, page, CLIENT.digits.encode(), team_read=read(looked))
    assert lines(again) == [(CLIENT.digits, "client: this team will be for them")]
    [team] = await town.rooms.representing.teams.kept.of(met[FIRM], PAGE)
    assert await town.rooms.representing.teams.clients(team, PAGE, town.bureau.clock.now()) == ()
    for _ in range(LISTS.most):
        await bring(browser, page, NOBODY.encode())
    assert "You tried too often." in (await bring(browser, page, NOBODY.encode())).text


async def test_a_file_is_read_of_who_logged_in_just_now_and_from_a_page_of_ours_only(town: Town) -> None:
    await furnish(town)
    browser, page = await at_team(town)
    forged = await browser.upload(
        replace(page, address=f"{page.address}/file", text=""), {"team_file": ("x", b"1")}, csrf="forged"
    )
    assert forged.status == 403
    assert read(forged) == ""
    stranger = town.browser()
    sent = await stranger.http.post(f"{page.address}/file", files={"team_file": ("x", b"90000303")})
    assert sent.status_code == 403


async def test_who_is_both_is_added_as_both_and_who_left_meanwhile_is_not(town: Town) -> None:
    met = await furnish(town)
    room = town.rooms.representing
    works = await room.mandates.edges.find(EdgeId(UUID(int=1)))
    gives = await room.mandates.edges.find(EdgeId(UUID(int=2)))
    assert works is not None
    assert gives is not None
    gave = replace(
        works, id=EdgeId(UUID(int=3)), principal=met[STAFF], agent=met[FIRM], kind=EdgeKind.VOLUNTARY
    )
    async with room.mandates.units.begin() as unit:
        assert await room.mandates.edges.add(unit, replace(gave, initiator=met[STAFF]))
    browser, page = await at_team(town)
    typed = f"{STAFF.digits}\n{CLIENT.digits}"
    looked = await browser.send(page, team_numbers=typed)
    assert lines(looked)[0] == (STAFF.digits, "employee and client: is added as both")
    async with room.mandates.units.begin() as unit:
        over = replace(gives, state=State.REVOKED, version=gives.version + 1)
        assert await room.mandates.edges.replace(unit, over, gives.version)
    again = await browser.send(looked, team_numbers=typed, team_read=read(looked))
    assert "Something changed meanwhile." in again.text
    assert lines(again)[1] == (CLIENT.digits, NOT_THEIRS)
    await browser.send(again, team_numbers=typed, team_read=read(again))
    [team] = await room.teams.kept.of(met[FIRM], PAGE)
    now = town.bureau.clock.now()
    assert await room.teams.people(team, PAGE, now) == (met[STAFF],)
    assert await room.teams.clients(team, PAGE, now) == (met[STAFF],)


@pytest.mark.requires("MANDATES-P3")
async def test_who_no_longer_directs_the_firm_fills_no_team_of_it(town: Town) -> None:
    await furnish(town)
    browser, page = await at_team(town)
    looked = await browser.send(page, team_numbers=LIST)
    object.__setattr__(town.rooms.representing.teams, "laws", Told(NOTHING_TOLD))
    assert (await browser.open(page.address)).status == 404
    gone = await browser.send(looked, team_numbers=LIST, team_read=read(looked))
    assert gone.status == 404
    assert SANNE.digits not in gone.text
    for octets in (CLIENT.digits.encode(), b"", b"1\n" * LARGEST):
        assert (await bring(browser, page, octets)).status == 404
