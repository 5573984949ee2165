"""An app at a desk: who works there, and what a clerk cannot do alone, or for themselves."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest

from demo.app_device import Refused
from tests.conftest import NOON
from tests.journeys.house import HUB, TOWN
from tests.means.bureau import DAAN, SANNE, registered
from tests.means.telephones import APP, PIN
from tests.web.citizens import Town
from tests.web.desks import (
    AGREE,
    FATIMA,
    GIVEN,
    NOTED,
    START,
    VISIT,
    Desks,
    appoint,
    desks_in,
    inside,
    shown_on,
)
from tests.web.linked import code_of, put
from toegang.assurance import Level
from toegang.catalogue.values import Validity
from toegang.emrtd.document import DocumentKind
from toegang.errors import StepOutOfOrder, TooManyTries, ValueRefused
from toegang.identity.numbers import Bsn
from toegang.ids import SystemIds
from toegang.means.app.at_desk import AtDesk
from toegang.means.app.visits import (
    CASES,
    NEXT,
    Case,
    CaseAction,
    CaseState,
    DeskRule,
    Officer,
    Seen,
)
from toegang.means.citizen.account import AccountId

THIRD = Bsn.parse("999990408")
OVER = Validity(until=NOON - timedelta(hours=1))
LETTERS = "Letters in large print for somebody"
TURNED_AWAY = "This page is for people who work at a desk"


@pytest.fixture
async def desks(town: Town) -> Desks:
    return await desks_in(town)


def case(state: CaseState) -> Case:
    ids = SystemIds()
    return Case(
        organisation="town",
        clerk="c",
        account=AccountId(ids.uuid()),
        person=ids.uuid(),  # type: ignore[arg-type]
        document="passport",
        language="nl",
        state=state,
    )


async def refused(desks: Desks, code: str) -> str:
    """Return the code with which the code of a desk was refused."""
    with pytest.raises(Refused) as found:
        await desks.phones.device().bring_desk_code(code)
    return found.value.code


def test_every_step_of_a_visit_that_is_not_in_the_table_is_refused() -> None:
    for state, action in itertools.product(CaseState, CaseAction):
        after = case(state).after(action)
        if (state, action) in NEXT:
            assert isinstance(after, Case)
        else:
            assert isinstance(after, StepOutOfOrder)


async def test_two_officers_and_the_persons_own_telephone(desks: Desks) -> None:
    noted = await desks.noted()
    assert noted.title == NOTED
    page = await desks.looked(shown_on(noted))
    assert (page.title, "S. de Wit" in page.text, "12-04-1988" in page.text) == (AGREE, True, True)
    assert SANNE.digits not in page.text
    given = await desks.decided(page, "give")
    assert given.title == GIVEN
    device = desks.phones.device()
    session = await device.bring_desk_code(shown_on(given).lower().replace("-", " "))
    assert (session.kind, session.details["ground"]) == ("activation", "desk")
    assert (await device.activate(session, PIN))["status"] == "active"
    assert code_of(await desks.phones.log_in(desks.town.browser(), device))
    assert "An app was added" in (await desks.town.bureau.texts())[-1]["text"]
    assert "app-added-letter" in [each["purpose"] for each in await desks.town.bureau.letters()]
    names = [each for each in await desks.town.bureau.names_of_events() if each.startswith("desk:")]
    assert names == ["desk:identity-checked", "desk:code-given"]


async def test_who_is_no_clerk_sees_nothing_but_their_own_name(town: Town) -> None:
    await desks_in(town)
    stranger = await inside(town, THIRD, "third-demo")
    page = await stranger.open("/desk")
    assert (page.status, page.title) == (403, TURNED_AWAY)
    csrf = town.rooms.cookies.proof(stranger.http.cookies["toegang-browser"])
    for address in ("/desk", "/desk/case", "/desk/case/decide", "/desk/letters"):
        page = await stranger.send(page, address, csrf=csrf, case="x", do="give", **VISIT)
        assert (page.status, page.title) == (403, TURNED_AWAY)


async def test_a_clerk_who_is_inside_below_substantial_logs_in_first(town: Town) -> None:
    await desks_in(town)
    weak = await inside(town, THIRD, "third-demo", Level.LOW)
    page = await weak.open("/desk")
    assert page.title not in {START, TURNED_AWAY}


@pytest.mark.parametrize("change", [{"enabled": False}, {"validity": OVER}])
async def test_a_role_that_is_over_opens_no_entry(desks: Desks, change: dict[str, object]) -> None:
    noted = shown_on(await desks.noted())
    page = await desks.looked(noted)
    holders = [each for each in desks.town.rooms.catalogue.current.records() if hasattr(each, "role")]
    for holder in holders:
        await put(desks.town, replace(holder, **change))  # type: ignore[arg-type]
    await closed_everywhere(desks, page.csrf)


async def test_a_closed_organisation_has_no_desk(desks: Desks) -> None:
    page = await desks.looked(shown_on(await desks.noted()))
    kept = desks.town.rooms.catalogue.current.organisation(TOWN)
    assert kept is not None
    await put(desks.town, replace(kept, enabled=False))
    await closed_everywhere(desks, page.csrf)


async def closed_everywhere(desks: Desks, csrf: str) -> None:
    page = await desks.second.open("/desk")
    assert (page.status, page.title) == (403, TURNED_AWAY)
    for address in ("/desk", "/desk/case", "/desk/case/decide"):
        page = await desks.second.send(page, address, csrf=csrf, case="x", do="give", **VISIT)
        assert (page.status, page.title) == (403, TURNED_AWAY)


async def test_a_clerk_does_not_agree_with_their_own_visit(desks: Desks) -> None:
    name = shown_on(await desks.noted())
    page = await desks.looked(name, desks.clerk)
    assert "nor agree with your own visit" in page.text
    page = await desks.clerk.send(page, "/desk/case/decide", case=name, do="give")
    assert page.status == 403
    assert "desk:code-given" not in await desks.town.bureau.names_of_events()


@pytest.mark.parametrize("bsn", [DAAN, FATIMA])
async def test_nobody_gets_an_app_for_themselves(desks: Desks, bsn: object) -> None:
    """Neither who checks nor who agrees is the person."""
    page = await desks.noted(bsn=bsn.digits)  # type: ignore[attr-defined]
    if bsn == DAAN:
        assert "You cannot do this for yourself" in page.text
        return
    page = await desks.looked(shown_on(page))
    assert "You cannot do this for yourself" in page.text


async def test_an_officer_of_another_organisation_finds_no_visit(desks: Desks) -> None:
    other = await inside(desks.town, THIRD, "third-demo")
    await appoint(desks.town, other, HUB)
    name = shown_on(await desks.noted())
    page = await desks.looked(name, other)
    assert (page.status, page.wrong) == (400, ["case"])
    page = await other.send(page, "/desk/case/decide", case=name, do="give")
    assert (page.status, page.wrong) == (400, ["case"])


async def test_a_code_is_given_once_and_used_once_within_half_an_hour(desks: Desks) -> None:
    name = shown_on(await desks.noted())
    page = await desks.looked(name)
    pages = await asyncio.gather(
        *(desks.second.send(page, "/desk/case/decide", case=name, do="give") for _ in range(6))
    )
    codes = [shown_on(each) for each in pages if each.title == GIVEN]
    assert len(codes) == 1
    await desks.phones.device().bring_desk_code(codes[0])
    assert await refused(desks, codes[0]) == "one-time-gone"
    late = await desks.code()
    desks.town.bureau.later(minutes=30)
    assert await refused(desks, late) == "one-time-gone"


async def test_who_does_not_agree_gives_no_code_and_it_is_over(desks: Desks) -> None:
    name = shown_on(await desks.noted())
    page = await desks.looked(name)
    assert (await desks.second.send(page, "/desk/case/decide", case=name, do="refuse")).title == START
    page = await desks.second.send(page, "/desk/case/decide", case=name, do="give")
    assert (page.status, page.wrong) == (400, ["case"])
    assert (await desks.town.bureau.names_of_events())[-1] == "desk:refused"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bsn", "123456789"),
        ("bsn", "999990251"),
        ("document", ""),
        ("document", "library-card"),
        ("document_number", "12"),
        ("document_number", "<script>"),
        ("same_person", ""),
    ],
)
async def test_what_was_not_seen_is_not_noted(desks: Desks, field: str, value: str) -> None:
    page = await desks.noted(**{field: value})
    assert (page.title, page.wrong) == (START, [field])
    assert "desk:identity-checked" not in await desks.town.bureau.names_of_events()


@pytest.mark.parametrize(
    ("field", "value"),
    [("bsn", "999990251"), ("document_number", "12"), ("same_person", ""), ("letter_size", "huge")],
)
async def test_letters_are_made_large_for_nobody_who_was_not_seen(
    desks: Desks, field: str, value: str
) -> None:
    page = await desks.clerk.open("/desk/letters")
    page = await desks.clerk.send(page, **(VISIT | {"letter_size": "large"} | {field: value}))
    assert (page.title, page.wrong) == (LETTERS, [field])
    assert not (await desks.town.bureau.account()).large_print


async def test_nobody_notes_at_the_desk_how_they_read_themselves(desks: Desks) -> None:
    page = await desks.clerk.open("/desk/letters")
    page = await desks.clerk.send(page, **(VISIT | {"bsn": DAAN.digits, "letter_size": "large"}))
    assert "You cannot do this for yourself" in page.text


async def test_somebody_who_died_gets_no_app(desks: Desks) -> None:
    desks.town.bureau.register.people[SANNE] = registered(SANNE, deceased_on=date(2027, 2, 1))
    assert (await desks.noted()).wrong == ["bsn"]


async def test_guessing_codes_of_desks_is_stopped(desks: Desks) -> None:
    most = desks.town.rooms.apps.meeting.desk.policy.codes.most
    for guess in range(most):
        assert await refused(desks, f"2345-6789-{guess:04d}") == "one-time-gone"
    assert await refused(desks, "2345-6789-BCDF") == "too-many-tries"


async def test_a_clerk_does_not_ask_about_everybody(desks: Desks) -> None:
    """What is answered tells who has an account, so that what comes to nothing counts as well."""
    at_desk, now = desks.town.rooms.apps.at_desk, desks.town.bureau.now
    officer, other = (Officer(name=name, organisation="town", person=None) for name in ("a", "b"))
    unknown, known = (
        Seen(bsn=each, document=DocumentKind.PASSPORT, number="SPECI2014", same=True)
        for each in (Bsn.parse("999990251"), SANNE)
    )
    for _ in range(CASES.most):
        with pytest.raises(ValueRefused):
            await at_desk.open(officer, unknown, "nl", now)
    for seen in (unknown, known):
        with pytest.raises(TooManyTries):
            await at_desk.open(officer, seen, "nl", now)
    assert (await at_desk.open(other, known, "nl", now)).case


async def test_a_code_gives_nothing_once_the_means_or_the_account_is_closed(desks: Desks) -> None:
    code, device = await desks.code(), desks.phones.device()
    session = await device.bring_desk_code(code)
    kept = await desks.town.bureau.account()
    await desks.town.rooms.citizen.operating.block(kept.id, "fraud", desks.town.bureau.now)
    with pytest.raises(Refused) as found:
        await device.activate(session, PIN)
    assert found.value.code == "account-closed"
    await put(desks.town, replace(APP, blocked=True))
    assert await refused(desks, code) == "party-closed"


async def test_neither_code_nor_document_stands_in_the_trail_or_the_database(desks: Desks) -> None:
    code = await desks.code()
    database = desks.town.bureau.database
    kept = [row[0] for row in await database.all("SELECT body FROM expiring")]
    assert not any(code.encode() in body or b"SPECI2014" in body for body in kept)
    trail = [row[0] for row in await database.all("SELECT body FROM trail")]
    assert not any(b"SPECI2014" in body or SANNE.digits.encode() in body for body in trail)


async def test_where_policy_asks_no_second_officer_the_first_gives_the_code(desks: Desks) -> None:
    at_desk = AtDesk(desk=desks.town.rooms.apps.meeting.desk, rule=DeskRule(second=False))
    officer = Officer(name="a clerk", organisation="town", person=None)
    seen = Seen(bsn=SANNE, document=DocumentKind.PASSPORT, number="SPECI2014", same=True)
    given = await at_desk.open(officer, seen, "nl", desks.town.bureau.now)
    assert (await desks.phones.device().bring_desk_code(given.code)).kind == "activation"


async def test_a_session_of_a_desk_is_no_login_and_has_no_page(desks: Desks, town: Town) -> None:
    device = desks.phones.device()
    session = await device.bring_desk_code(await desks.code())
    await device.refuse_to_be_added(session)
    with pytest.raises(Refused) as found:
        await device.activate(session, PIN)
    assert found.value.code == "step-out-of-order"
    assert (await town.bureau.names_of_events())[-1] == "app:activation-refused"
