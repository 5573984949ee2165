"""The pages of teams: who directs a firm divides its clients; to all others there is nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.team_worlds import PAGE, Told
from tests.means.bureau import SANNE
from tests.web.citizens import Town
from tests.web.test_mandate_pages import inside, ready
from toegang.catalogue.representation import EdgeKind
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.bounds import NUMBERS
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.numbers import Number
from toegang.mandates.party import PartyId

FIRM, OTHER = KvkNumber.parse("90000101"), KvkNumber.parse("90000202")
CLIENT, NOBODY = KvkNumber.parse("90000303"), "90000404"
STAFF = Bsn.parse("999990172")
YOURS = "You cannot change teams of this organisation."
THEIRS = "Nobody with this number works for this organisation or is its client."


async def furnish(town: Town) -> dict[Number, PartyId]:
    """Let Sanne direct a firm with somebody who works for it and a client, and not another."""
    await ready(town)
    room, now = town.rooms.representing, town.bureau.clock.now()
    met = dict(await room.numbers.meet([SANNE, FIRM, OTHER, CLIENT, STAFF], now))
    firm = met[FIRM]
    terms = b.terms(from_=now - timedelta(days=1), until=now + timedelta(days=30))

    def edge(number: int, principal: PartyId, agent: PartyId, kind: EdgeKind) -> Edge:
        made = b.edge(principal=principal, agent=agent, kind=kind, initiator=principal, terms=terms)
        return replace(made, id=EdgeId(UUID(int=number)))

    async with room.mandates.units.begin() as unit:
        for party in (b.person(met[STAFF]), b.firm(met[CLIENT]), b.firm(firm), b.firm(met[OTHER])):
            await room.mandates.parties.put(unit, party)
        assert await room.mandates.edges.add(unit, edge(1, firm, met[STAFF], EdgeKind.STAFF))
        assert await room.mandates.edges.add(unit, edge(2, met[CLIENT], firm, EdgeKind.INTERMEDIARY))
    link = b.law(principal=firm, agent=met[SANNE], kind=EdgeKind.STATUTORY, basis="director")
    law = replace(NOTHING_TOLD, links=(replace(link, overrules=False, from_=None),))
    object.__setattr__(room.teams, "laws", Told(law))
    return met


def whom(text: str) -> list[str]:
    return re.findall(r'name="whom" value="([^"]+)"', text)


async def test_who_directs_no_firm_learns_nothing_and_not_without_end(town: Town) -> None:
    await furnish(town)
    browser = await inside(town)
    start = await browser.open("/account/teams")
    for number, said in (
        (OTHER.digits, YOURS),
        (NOBODY, YOURS),
        (STAFF.digits, YOURS),
        ("12", "A KVK number has 8"),
        ("", "Fill in this field."),
    ):
        wrong = await browser.send(start, team_firm=number)
        assert said in wrong.text, number
    for _ in range(NUMBERS.most):
        await browser.send(start, team_firm=NOBODY)
    over = await browser.send(start, team_firm=NOBODY)
    assert YOURS not in over.text
    for address in ("/account/teams/nothing", f"/account/teams/nothing/{UUID(int=1)}"):
        assert (await browser.open(address)).status == 404


async def test_a_team_is_made_filled_emptied_and_removed(town: Town) -> None:
    met = await furnish(town)
    browser = await inside(town)
    firm = await browser.send(await browser.open("/account/teams"), team_firm=FIRM.digits)
    assert firm.title.startswith("Teams of")
    assert "There are no teams here." in firm.text
    assert str(met[FIRM]) not in firm.address
    wrong = await browser.send(firm, team_name=" ")
    assert "Fill in a name." in wrong.text
    team = await browser.send(firm, team_name="Taxes <b>")
    assert team.title == "Team Taxes &lt;b&gt;"
    assert "Taxes <b>" not in team.text
    add = team.address + "/add"
    for number, said in (
        (NOBODY, THEIRS),
        (OTHER.digits, THEIRS),
        (SANNE.digits, THEIRS),
        ("9", "A KVK number"),
    ):
        assert said in (await browser.send(team, add, team_add=number)).text, number
    team = await browser.send(team, add, team_add=STAFF.digits)
    assert "acts for all clients of the organisation" in team.text
    again = await browser.send(team, add, team_add=STAFF.digits)
    assert "Who has this number is on this team already." in again.text
    team = await browser.send(team, add, team_add=CLIENT.digits)
    staff, _, client = whom(team.text)
    assert "Remove this team" not in team.text
    team = await browser.send(team, team.address + "/limit", whom=staff)
    assert "acts for all clients of the organisation" not in team.text
    room = town.rooms.representing
    kept = await room.mandates.edges.find(EdgeId(UUID(int=1)))
    assert kept is not None
    assert kept.terms.teams_only
    altered = await browser.send(team, team.address + "/remove", whom=client[:-2])
    assert altered.status == 400
    for one in (staff, client):
        team = await browser.send(await browser.open(team.address), team.address + "/remove", whom=one)
    assert whom(team.text) == []
    firm = await browser.send(team, team.address + "/close")
    assert "There are no teams here." in firm.text
    assert (await browser.open(team.address)).status == 404


async def test_who_must_log_in_anew_is_back_at_their_team_after_it(town: Town) -> None:
    await furnish(town)
    browser = await inside(town)
    firm = await browser.send(await browser.open("/account/teams"), team_firm=FIRM.digits)
    team = await browser.send(firm, team_name="Taxes")
    town.bureau.later(minutes=16)
    asked = await browser.send(team, team.address + "/add", team_add=STAFF.digits)
    assert asked.title == "Log in with user name and password"
    page = await town.anew(browser, asked)
    assert (page.title, page.address) == ("Team Taxes", team.address)


async def test_who_works_there_and_is_a_client_too_is_added_as_both(town: Town) -> None:
    met = await furnish(town)
    room = town.rooms.representing
    works = await room.mandates.edges.find(EdgeId(UUID(int=1)))
    assert works is not None
    gave = replace(
        works,
        id=EdgeId(UUID(int=3)),
        principal=met[STAFF],
        agent=met[FIRM],
        kind=EdgeKind.VOLUNTARY,
        initiator=met[STAFF],
    )
    async with room.mandates.units.begin() as unit:
        assert await room.mandates.edges.add(unit, gave)
    browser = await inside(town)
    firm = await browser.send(await browser.open("/account/teams"), team_firm=FIRM.digits)
    team = await browser.send(firm, team_name="Taxes")
    for _ in range(2):
        team = await browser.send(team, f"{team.address}/add", team_add=STAFF.digits)
        assert team.wrong == []
    again = await browser.send(team, f"{team.address}/add", team_add=STAFF.digits)
    assert "Who has this number is on this team already." in again.text
    [found] = await room.teams.kept.of(met[FIRM], PAGE)
    now = town.bureau.clock.now()
    assert await room.teams.people(found, PAGE, now) == (met[STAFF],)
    assert await room.teams.clients(found, PAGE, now) == (met[STAFF],)


async def test_a_team_names_nobody_who_works_there_no_more_or_is_no_client_any_more(town: Town) -> None:
    await furnish(town)
    browser = await inside(town)
    firm = await browser.send(await browser.open("/account/teams"), team_firm=FIRM.digits)
    team = await browser.send(firm, team_name="Taxes")
    for number in (STAFF, CLIENT):
        team = await browser.send(team, f"{team.address}/add", team_add=number.digits)
    room, gone = town.rooms.representing, "somebody who has no mandate here any more"
    assert gone not in team.text
    for which in (1, 2):
        edge = await room.mandates.edges.find(EdgeId(UUID(int=which)))
        assert edge is not None
        async with room.mandates.units.begin() as unit:
            ended = replace(edge, state=State.REVOKED, version=edge.version + 1)
            assert await room.mandates.edges.replace(unit, ended, edge.version)
    team = await browser.open(team.address)
    assert team.text.count(f">{gone}<") == len((STAFF, CLIENT))
    for one in dict.fromkeys(whom(team.text)):
        team = await browser.send(await browser.open(team.address), team.address + "/remove", whom=one)
    assert gone not in team.text


@pytest.mark.requires("MANDATES-P3")
async def test_who_no_longer_directs_the_firm_does_nothing_on_a_page_from_before(town: Town) -> None:
    await furnish(town)
    browser = await inside(town)
    firm = await browser.send(await browser.open("/account/teams"), team_firm=FIRM.digits)
    team = await browser.send(firm, team_name="Taxes")
    object.__setattr__(town.rooms.representing.teams, "laws", Told(NOTHING_TOLD))
    assert (await browser.open(team.address)).status == 404
    for what in ("add", "remove", "limit", "close"):
        assert (await browser.send(team, f"{team.address}/{what}", team_add=STAFF.digits)).status == 404
