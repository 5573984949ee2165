"""The office of mandates and the help desk, as pages: what they show, and what is done with two."""

from __future__ import annotations

import pytest

from tests.journeys.house import PORTAL
from tests.means.bureau import DAAN, SANNE
from tests.web.citizens import Town
from tests.web.desks import inside
from tests.web.officers import (
    EXPLAIN,
    GROUND,
    OFFICE,
    THIRD,
    Officers,
    appointed,
    office_in,
    proposal,
    version,
)
from tests.web.test_announced_pages import announced
from toegang.assurance import Level
from toegang.catalogue.values import Role
from toegang.mandates.edge import State

ASKED = {"explain_words": "clinic", "explain_level": "25"}
OTHER_RULES = "on this service has other rules."


@pytest.fixture
async def office(town: Town) -> Officers:
    return await office_in(town)


async def test_an_officer_finds_a_mandate_by_its_reference_and_not_who_the_two_are(office: Officers) -> None:
    start = await office.first.open(OFFICE)
    assert start.title == "Decide about a mandate"
    for wrong in ("", "x", "018f0000-0000-7000-8000-00000000ffff"):
        page = await office.first.send(start, office_reference=wrong)
        assert (page.status, "There is no mandate with this reference." in page.text) == (400, True)
    page = await office.first.send(start, office_reference=f" {office.edge.id} ")
    assert (page.status, page.address, page.title) == (200, office.address, "A mandate")
    assert "in force" in page.text
    assert "Nowhere yet." in page.text
    for who in (office.edge.principal, office.edge.agent, "Sanne", SANNE.digits, DAAN.digits):
        assert str(who) not in page.text


async def test_one_lets_it_stand_still_and_two_let_it_go_on_end_it_or_call_it_void(office: Officers) -> None:
    page = await office.proposed("suspend")
    assert "stands still: we look into it" in page.text
    assert "propose: let it go on" in page.text
    page = await office.proposed("resume")
    assert ("What is proposed" in page.text, "I agree" in page.text) == (True, False)
    assert (await office.kept()).state is State.SUSPENDED
    page = await office.answered("confirm")
    assert "in force" in page.text
    page = await office.proposed("void")
    assert (await office.answered("decline")).title == "A mandate"
    page = await office.proposed("void")
    assert "What is proposed" not in (await office.answered("withdraw", office.first)).text
    assert (await office.kept()).state is State.ACTIVE
    await office.proposed("void")
    page = await office.answered("confirm")
    assert "declared void" in page.text
    assert "Nothing can be decided about this mandate any more." in page.text
    assert (await office.kept()).state is State.VOID
    names = await office.town.bureau.names_of_events()
    assert names.count("mandate:order-proposed") == 4
    assert names.count("mandate:order-dropped") == 2
    assert names.count("mandate:ordered") == 3


async def test_what_is_not_filled_in_right_is_told_at_its_field(office: Officers) -> None:
    page = await office.first.open(office.address)
    wrong = await office.first.send(page, version=version(page), office_decision="told by her son")
    assert wrong.status == 400
    for said in ("What must happen: Choose", "Why: Choose", "Never fill in a name."):
        assert said in wrong.text
    wrong = await office.first.send(
        page, version=version(page), office_order="void", **{**GROUND, "office_cause": "dispute"}
    )
    assert "This cause is not enough for what must happen." in wrong.text
    assert proposal(wrong) == ""


async def test_who_has_a_role_finds_the_way_from_my_account(office: Officers) -> None:
    page = await office.first.open("/account")
    assert ('href="/cockpit/mandates"' in page.text, 'href="/cockpit/explain"' in page.text) == (True, False)


async def test_the_help_desk_is_told_why_and_both_read_that_somebody_looked(office: Officers) -> None:
    town = office.town
    desk = await inside(town, THIRD, "help-desk", Level.LOW)
    await appointed(town, desk, Role.HELP_DESK, EXPLAIN)
    start = await desk.open(EXPLAIN)
    assert start.title == "Why may somebody act for another?"
    page = await desk.send(start, explain_actor=DAAN.digits, explain_principal=SANNE.digits, **ASKED)
    assert (page.status, "Service: Choose" in page.text) == (400, True)
    chosen = {**ASKED, "explain_service": str(PORTAL)}
    page = await desk.send(start, explain_actor=DAAN.digits, explain_principal=SANNE.digits, **chosen)
    assert (page.status, page.title) == (200, "Yes, this is possible")
    assert str(office.edge.id) in page.text
    assert "this one counts" in page.text
    assert "Sanne" not in page.text
    assert OTHER_RULES not in page.text
    still = await office.proposed("suspend")
    assert "stands still" in still.text
    page = await desk.send(start, explain_actor=DAAN.digits, explain_principal=SANNE.digits, **chosen)
    assert page.title == "No, this is not possible"
    assert "it stands still: we look into it" in page.text
    low = {**chosen, "explain_level": "10"}
    page = await desk.send(start, explain_actor=DAAN.digits, explain_principal=SANNE.digits, **low)
    assert page.title == "Not at this level"
    assert (await town.bureau.names_of_events()).count("mandate:explained") == 3


async def test_the_help_desk_is_told_that_an_answer_counts_until_other_rules_begin(office: Officers) -> None:
    town = office.town
    desk = await inside(town, THIRD, "help-desk", Level.LOW)
    await appointed(town, desk, Role.HELP_DESK, EXPLAIN)
    start = await desk.open(EXPLAIN)
    await announced(town, None, 30)
    chosen = {**ASKED, "explain_service": str(PORTAL)}
    page = await desk.send(start, explain_actor=DAAN.digits, explain_principal=SANNE.digits, **chosen)
    assert page.title == "Yes, this is possible"
    assert OTHER_RULES in page.text


async def test_what_the_help_desk_fills_in_wrong_is_told_and_nothing_is_asked(office: Officers) -> None:
    town = office.town
    desk = await inside(town, THIRD, "help-desk", Level.LOW)
    await appointed(town, desk, Role.HELP_DESK, EXPLAIN)
    start = await desk.open(EXPLAIN)
    page = await desk.send(start, explain_actor="12", explain_level="21", explain_words="nothing like it")
    assert page.status == 400
    for said in ("BSN of who acts:", "No such service where people act for others."):
        assert said in page.text
    assert "mandate:explained" not in await town.bureau.names_of_events()


async def test_what_waits_is_listed_for_the_colleague_who_may_agree(office: Officers) -> None:
    assert "Nothing that you may see." in (await office.second.open(OFFICE)).text
    await office.proposed("void")
    mine, page = await office.first.open(OFFICE), await office.second.open(OFFICE)
    for told in ("declare it void", "Why: fraud", "FRD-2027-0041", "Ends by itself on", office.address):
        assert told in mine.text
        assert told in page.text
    assert "You proposed this. Another officer may agree." in mine.text
    assert "You may agree, and so may any officer but who proposed it." in page.text
    for who in (office.edge.principal, office.edge.agent, "Sanne", SANNE.digits, DAAN.digits):
        assert str(who) not in page.text
    await office.answered("confirm")
    assert office.address not in (await office.second.open(OFFICE)).text


async def test_both_sides_read_that_somebody_looked_at_their_mandate(office: Officers) -> None:
    for _ in range(2):
        await office.first.open(office.address)
    await office.first.open(OFFICE)
    assert (await office.town.bureau.names_of_events()).count("mandate:looked-at") == 1
    for bsn, name in ((SANNE, "sanne-reads"), (DAAN, "daan-reads")):
        theirs = await inside(office.town, bsn, name)
        page = await theirs.open("/account/trail")
        assert "Somebody of our office looked at how a mandate of yours stands" in page.text


async def test_what_a_forged_form_shows_is_put_down_too(office: Officers) -> None:
    start = await office.first.open(OFFICE)
    wrong = await office.first.send(start, office.address, office_order="sign")
    assert wrong.status == 400
    assert (await office.town.bureau.names_of_events()).count("mandate:looked-at") == 1
