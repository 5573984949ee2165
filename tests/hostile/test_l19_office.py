"""L19: insiders at the office of mandates and at the help desk, alone, under two names, late, or forged."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOON
from tests.journeys.house import PORTAL
from tests.means.bureau import DAAN, SANNE
from tests.web.citizens import Town
from tests.web.desks import inside
from tests.web.linked import put
from tests.web.officers import (
    EXPLAIN,
    FIRST,
    GROUND,
    OFFICE,
    THIRD,
    Officers,
    appointed,
    office_in,
    officer,
    proposal,
    version,
)
from toegang.assurance import Level
from toegang.catalogue.values import Role, RoleHolder, Validity
from toegang.identity.numbers import Bsn
from toegang.mandates.bounds import EXPLAINING
from toegang.mandates.edge import State
from toegang.mandates.proposing import PROPOSALS_LIVE
from toegang.mandates.voluntary import Actor

NOBODY = Bsn.parse("123456782")
OVER = Validity(until=NOON - timedelta(days=1))
SAID = {
    "yourself": "You proposed this yourself.",
    "changed": "Something changed meanwhile.",
    "not-apart": "You cannot help with this mandate",
    "gone": "is no officer any more",
}


@pytest.fixture
async def office(town: Town) -> Officers:
    return await office_in(town)


def holders(town: Town) -> list[RoleHolder]:
    return [each for each in town.rooms.catalogue.current.records() if isinstance(each, RoleHolder)]


# -- who comes in --------------------------------------------------------------------------------------------


async def test_who_is_not_inside_or_with_one_factor_logs_in_first(office: Officers) -> None:
    weak = await inside(office.town, THIRD, "third-demo", Level.BASIC)
    for browser in (office.town.browser(), weak):
        for address in (OFFICE, office.address, EXPLAIN):
            page = await browser.open(address)
            assert page.title not in {
                "Decide about a mandate",
                "A mandate",
                "Why may somebody act for another?",
            }
            assert str(office.edge.id) not in page.text


@pytest.mark.parametrize("role", [None, Role.OPERATOR, Role.SUPERVISOR, Role.HELP_DESK, Role.DESK_CLERK])
async def test_another_role_opens_nothing_at_the_office(office: Officers, role: Role | None) -> None:
    other = await inside(office.town, THIRD, "third-demo", Level.LOW)
    if role is not None:
        await appointed(office.town, other, role)
    await office.proposed()
    page = await other.open(office.address)
    assert (page.status, page.title) == (403, "This page is for the office of mandates")
    csrf = office.town.rooms.cookies.proof(other.http.cookies["toegang-browser"])
    for address in (OFFICE, office.address, f"{office.address}/proposal"):
        page = await other.send(page, address, csrf=csrf, office_order="suspend", do="confirm", **GROUND)
        assert page.status == 403
    assert (await office.kept()) == office.edge


@pytest.mark.parametrize("change", [{"enabled": False}, {"validity": OVER}])
async def test_a_role_that_is_over_decides_nothing_and_its_proposals_are_done_by_nobody(
    office: Officers, change: dict[str, object]
) -> None:
    page = await office.proposed()
    (first,) = [each for each in holders(office.town) if each.subject == await _name(office)]
    await put(office.town, replace(first, **change))  # type: ignore[arg-type]
    assert (await office.first.open(office.address)).status == 403
    refused = await office.answered("withdraw", office.first, page)
    assert refused.status == 403
    assert SAID["gone"] in (await office.answered("confirm")).text
    assert (await office.kept()).state is State.ACTIVE
    assert "What is proposed" not in (await office.answered("decline")).text


async def _name(office: Officers) -> str:
    found = await office.town.rooms.representing.office.find(office.edge.id, office.town.bureau.clock.now())
    assert found is not None
    return found.by


@pytest.mark.parametrize("path", ["", "/proposal"])
async def test_a_form_of_another_site_or_without_its_proof_does_nothing(office: Officers, path: str) -> None:
    page = await office.proposed()
    fields = {
        "version": version(page),
        "proposal": proposal(page),
        "do": "confirm",
        "office_order": "suspend",
    }
    for csrf in ("", "x", page.csrf[::-1]):
        refused = await office.second.send(page, office.address + path, **{**fields, **GROUND, "csrf": csrf})
        assert refused.status == 403
    assert (await office.kept()) == office.edge


# -- four eyes -----------------------------------------------------------------------------------------------


async def test_nobody_is_both_also_not_with_two_accounts_or_two_roles(office: Officers) -> None:
    page = await office.proposed()
    assert 'value="confirm"' not in page.text
    for do in ("confirm", "decline"):
        assert SAID["yourself"] in (await office.answered(do, office.first, page)).text
    again = await office.town.rooms.representing.office.find(office.edge.id, office.town.bureau.clock.now())
    (first,) = [each for each in holders(office.town) if again is not None and each.subject == again.by]
    await put(office.town, replace(first, id="another-id", name="A. Nother"))
    assert SAID["yourself"] in (await office.answered("confirm", office.first, page)).text
    assert (await office.kept()).state is State.ACTIVE


@pytest.mark.parametrize("bsn", [SANNE, DAAN])
async def test_an_officer_decides_nothing_about_a_mandate_of_their_own(office: Officers, bsn: Bsn) -> None:
    mine = await officer(office.town, bsn, "own-mandate")
    for order in ("suspend", "void"):
        assert SAID["not-apart"] in (await office.proposed(order, mine)).text
    await office.proposed()
    seen = await office.second.open(office.address)
    for do in ("confirm", "decline"):
        forged = {"version": version(seen), "proposal": proposal(seen), "do": do}
        page = await mine.open(office.address)
        assert "What is proposed" not in page.text  # it would warn who commits fraud
        assert SAID["not-apart"] in (await mine.send(page, f"{office.address}/proposal", **forged)).text
    assert (await office.kept()) == office.edge
    assert proposal(await office.second.open(office.address)) == proposal(seen)


async def test_a_proposal_that_is_over_is_done_by_nobody(office: Officers) -> None:
    page = await office.proposed()
    seen = await office.second.open(office.address)
    assert proposal(seen) == proposal(page)
    now = office.town.bureau.clock.now() + PROPOSALS_LIVE
    door = office.town.rooms.representing.office
    assert await door.find(office.edge.id, now) is None
    await office.answered("withdraw", office.first)
    for do in ("confirm", "decline"):
        assert SAID["changed"] in (await office.answered(do, page=seen)).text
    assert (await office.kept()) == office.edge


async def test_a_forged_reference_or_another_proposal_is_nothing(office: Officers) -> None:
    for forged in (f"{OFFICE}/x", f"{OFFICE}/018f0000-0000-7000-8000-00000000ffff", f"{OFFICE}/%00"):
        assert (await office.first.open(forged)).status == 404
    await office.proposed("void")
    first = await office.second.open(office.address)
    await office.answered("withdraw", office.first)
    await office.proposed("revoke")
    # A page from before, of what was withdrawn meanwhile: it is not taken for what is proposed now.
    assert SAID["changed"] in (await office.answered("confirm", page=first)).text
    assert (await office.kept()) == office.edge


async def test_of_two_seconds_at_once_one_wins_and_the_other_is_told(office: Officers) -> None:
    await office.proposed()
    third = await officer(office.town, THIRD, "third-officer")
    pages = [await each.open(office.address) for each in (office.second, third)]
    done = await asyncio.gather(
        *(
            office.answered("confirm", each, page)
            for each, page in zip((office.second, third), pages, strict=True)
        )
    )
    assert sorted(each.status for each in done) == [200, 400]
    assert (await office.town.bureau.names_of_events()).count("mandate:ordered") == 1
    assert (await office.kept()).version == office.edge.version + 1


async def test_what_changed_or_ended_meanwhile_is_told(office: Officers) -> None:
    await office.proposed()
    seen = await office.second.open(office.address)
    page = await office.proposed("suspend")  # it is urgent, also while something is proposed
    assert (proposal(page), "stands still" in page.text) == (proposal(seen), True)
    sanne = Actor(party=office.edge.principal, level=Level.LOW)
    now = office.town.bureau.clock.now()
    await office.town.rooms.representing.voluntary.end(
        sanne, office.edge.id, (await office.kept()).version, now
    )
    assert SAID["changed"] in (await office.answered("confirm", page=seen)).text
    late = await office.second.open(office.address)
    assert "The mandate changed meanwhile. This cannot be done any more." in late.text
    assert 'value="confirm"' not in late.text
    assert "This cannot be done now." in (await office.answered("confirm", page=late)).text
    assert "What is proposed" not in (await office.answered("withdraw", office.first, page)).text


# -- the help desk -------------------------------------------------------------------------------------------


async def test_an_officer_explains_nothing_and_the_help_desk_learns_not_whose_a_number_is(
    office: Officers,
) -> None:
    """L03: of a number that is nobody's the page says what it says of two who let nobody act."""
    assert (await office.first.open(EXPLAIN)).title == "This page is for the help desk"
    desk = await inside(office.town, THIRD, "help-desk", Level.LOW)
    await appointed(office.town, desk, Role.HELP_DESK, EXPLAIN)
    start = await desk.open(EXPLAIN)
    asked = {"explain_service": str(PORTAL), "explain_level": "25"}
    pages = [
        await desk.send(start, explain_actor=actor.digits, explain_principal=principal.digits, **asked)
        for actor, principal in ((SANNE, DAAN), (SANNE, NOBODY), (NOBODY, SANNE), (NOBODY, FIRST))
    ]
    assert {each.title for each in pages} == {"No, this is not possible"}
    assert len({each.text.replace(each.csrf, "") for each in pages}) == 1
    assert all(NOBODY.digits not in each.address + each.text for each in pages)
    for _ in range(EXPLAINING.most - len(pages)):
        await desk.send(start, explain_actor=NOBODY.digits, explain_principal=DAAN.digits, **asked)
    over = await desk.send(start, explain_actor=DAAN.digits, explain_principal=SANNE.digits, **asked)
    assert over.status == 429
    names = await office.town.bureau.names_of_events()
    assert names.count("mandate:explained") == EXPLAINING.most
