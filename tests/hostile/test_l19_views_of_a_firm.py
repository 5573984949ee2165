"""L19, L03: what an organisation reads of its clients and people is for who may act in its name alone."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.hostile.test_l19_in_another_name import director
from tests.mandates import builders as b
from tests.mandates.giving_people import Courts
from tests.mandates.team_worlds import Told
from tests.means.bureau import DAAN, SANNE
from tests.web.citizens import Page, Town
from tests.web.firms import BAKERY, NOBODY, OTHER_FIRM, STAFF, STRANGER, Firm, edge, firm
from tests.web.test_mandate_pages import inside
from tests.web.test_mandates_of import in_name
from tests.web.test_own_clients import NONE, clients, listed, teams_of
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.law import NOTHING_TOLD


def paths(at: str, teams: str) -> tuple[str, ...]:
    """Return every page that shows something of the firm."""
    own = (f"{at}/clients", f"{at}/ending/received", f"{at}/ending/workers", f"{at}/list/received/file")
    return (*own, f"{teams}/unassigned", f"{teams}/colleagues")


def names_in(page: Page) -> list[str]:
    return re.findall("Jongste|Elders|Fictief", page.text)


async def addresses(town: Town, made: Firm) -> tuple[str, str]:
    """Return where the pages of a firm stand, for Sanne."""
    me, seal = made.met[SANNE], town.rooms.representing.sealed.seal
    return (
        f"/account/mandates/for/{seal(made.id, f'mandates {me}')}",
        f"/account/teams/{seal(made.id, f'teams {me}')}",
    )


async def told(town: Town, made: Firm, needed: int | None) -> None:
    """Have registers tell how many directors act together, of whom Sanne is one; None: she is none."""
    courts = town.rooms.representing.voluntary.laws
    assert isinstance(courts, Courts)
    links = () if needed is None else (director(made.id, made.met[SANNE], needed),)
    law = replace(NOTHING_TOLD, links=links)
    courts.told[made.id] = law
    object.__setattr__(town.rooms.representing.teams, "laws", Told(law))


async def test_an_employee_without_the_right_reads_nothing_however_much_they_may_do(town: Town) -> None:
    made = await firm(town)
    works = edge(town, 8, (made.id, made.met[SANNE]), EdgeKind.EMPLOYEE, 50)
    async with town.rooms.representing.mandates.units.begin() as unit:
        assert await town.rooms.representing.mandates.edges.add(unit, works)
    await told(town, made, None)
    browser = await inside(town)
    at, teams = await addresses(town, made)
    for path in paths(at, teams):
        page = await browser.open(path)
        assert (page.status, names_in(page)) == (404, []), path
    form = await browser.open("/account/teams")
    for path in (f"{at}/clients", f"{at}/clients/names", f"{teams}/unassigned"):
        page = await browser.send(form, path, client_name="bakkerij", client_number=BAKERY.digits)
        assert (page.status, names_in(page)) == (404, []), path


async def test_who_directs_together_reads_of_clients_and_changes_no_team(town: Town) -> None:
    made = await firm(town)
    await told(town, made, 2)
    browser = await inside(town)
    at, teams = await addresses(town, made)
    assert listed(await browser.open(f"{at}/clients")) == ["01", "02"]
    for path in (f"{teams}/unassigned", f"{teams}/colleagues"):
        assert (await browser.open(path)).status == 404
    assert teams.rpartition("/")[0] + "/" not in (await browser.open(at)).text


async def test_a_sealed_name_opens_no_other_firm_no_person_and_no_other_page(town: Town) -> None:
    made = await firm(town)
    browser, page = await in_name(town)
    me, seal = made.met[SANNE], town.rooms.representing.sealed.seal
    for whom in (made.met[OTHER_FIRM], made.met[DAAN], made.met[BAKERY], me):
        at, teams = await addresses(town, replace(made, id=whom))
        law = replace(NOTHING_TOLD, links=(b.law(principal=made.id, agent=me, kind=EdgeKind.STATUTORY),))
        object.__setattr__(town.rooms.representing.teams, "laws", Told(law))
        for path in paths(at, teams):
            answer = await browser.open(path)
            assert (answer.status, names_in(answer)) == (404, []), path
    # What was sealed for one page is nobody on another.
    for place in (
        f"mandates {me}",
        f"teams {me}",
        f"clients {made.met[OTHER_FIRM]} {me}",
        f"clients {made.id} {made.met[DAAN]}",
    ):
        for field in ("whom", "names_after"):
            form = {"client_name": "bakk", field: seal(made.met[BAKERY], place)}
            assert (await browser.send(page, f"{page.address}/clients", **form)).status == 400, place
    # And what is sealed right, of who is no client, shows nothing of them.
    right = seal(made.met[STRANGER], f"clients {made.id} {me}")
    assert names_in(await browser.send(page, f"{page.address}/clients", whom=right)) == []


async def test_of_numbers_of_nobody_and_of_strangers_the_same_is_told_and_asked(town: Town) -> None:
    browser, page, _ = await clients(town)
    answers = [
        await browser.send(page, client_number=number) for number in (NOBODY, STRANGER.digits, STAFF.digits)
    ]
    assert all(NONE in each.text for each in answers)
    shown = {re.sub(r'name="csrf" value="[^"]+"', "", each.text) for each in answers}
    assert len(shown) == 1


async def test_forms_of_another_site_and_without_their_proof_change_and_tell_nothing(town: Town) -> None:
    browser, page, _ = await clients(town)
    teams = await teams_of(browser, page.address)
    team = await browser.send(teams, team_name="Zorg")
    for path in (
        page.address,
        f"{page.address}/names",
        f"{teams.address}/unassigned",
        f"{team.address}/find",
        f"{team.address}/names",
    ):
        bare = await browser.http.post(path, data={"client_name": "bakkerij"})
        fields = {"csrf": page.csrf, "client_name": "bakkerij"}
        foreign = await browser.http.post(path, data=fields, headers={"origin": "https://evil.example"})
        for answer in (bare, foreign):
            assert answer.status_code == 403, path
            assert "Jongste" not in answer.text
