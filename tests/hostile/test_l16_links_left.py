"""L16: who had an account of somebody may have linked one of their own elsewhere, to come back by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.hostile.test_desk_accounts import hold, person_of
from tests.hostile.test_l16_recovery_bypass import MINE, NEW, letter
from tests.hostile.test_l18_linking import elsewhere, make
from tests.hostile.test_l18_linking import person_of as known_by
from tests.means.bureau import DAAN, OTHER, SANNE, Bureau, browser, particulars
from tests.web.citizens import open_town
from tests.web.linked import Linked, code_of, open_linked
from toegang.assurance import Level
from toegang.audit.events import LinkEnded
from toegang.errors import AccountClosed, LinkedElsewhere
from toegang.identity.subject import Subject
from toegang.means.citizen.misuse import Report, Stop
from toegang.means.external.linking import Link

Change = Callable[[Bureau], Awaitable[None]]


@pytest.fixture
async def linked(house_secrets: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Linked]:
    """Open a town with a bank on a database of this test's own, where Sanne has an account."""
    async with open_town(house_secrets, tmp_path, database_url) as town, open_linked(town) as opened:
        await town.bureau.active()
        yield opened


async def reported(bureau: Bureau) -> None:
    await bureau.door.reporting.report((await bureau.account()).id, Report(), bureau.now)


async def devices_reported(bureau: Bureau) -> None:
    report = Report(stop=Stop.DEVICES)
    await bureau.door.reporting.report((await bureau.account()).id, report, bureau.now)


async def sessions_reported(bureau: Bureau) -> None:
    report = Report(stop=Stop.SESSIONS)
    await bureau.door.reporting.report((await bureau.account()).id, report, bureau.now)


async def reported_outside(bureau: Bureau) -> None:
    await bureau.door.reporting.report_outside(browser(), MINE, bureau.now)


async def blocked(bureau: Bureau) -> None:
    await bureau.door.operating.block((await bureau.account()).id, "fraud", bureau.now)


async def ended(bureau: Bureau) -> None:
    await bureau.door.operating.end((await bureau.account()).id, "person", bureau.now)


async def replaced(bureau: Bureau) -> None:
    await bureau.active(name="sanne99", password=OTHER, number=None)


async def recovered(bureau: Bureau) -> None:
    await recover(bureau, keep_number=False)


async def recovered_with_number(bureau: Bureau) -> None:
    await recover(bureau, keep_number=True)


async def suspended(bureau: Bureau) -> None:
    await hold(bureau, SANNE)


async def recover(bureau: Bureau, *, keep_number: bool) -> None:
    recovering, code = bureau.door.recovering, await letter(bureau)
    id_ = await recovering.open(browser(), MINE, code, bureau.now, keep_number=keep_number)
    if keep_number:
        await recovering.send_code(id_, browser(), bureau.now)
        await recovering.prove_number(id_, browser(), await bureau.texted_code(), bureau.now)
    await recovering.choose_password(id_, browser(), NEW, bureau.now)


@pytest.mark.parametrize(
    ("change", "why", "told"),
    [
        (reported, "misuse", True),
        (devices_reported, "misuse", True),
        (blocked, "blocked", True),
        (recovered, "recovered", True),
        (ended, "ended", False),
        (replaced, "ended", False),
    ],
)
async def test_a_link_that_a_thief_may_have_made_ends_with_what_stops_the_thief(
    linked: Linked, change: Change, why: str, told: bool
) -> None:
    bureau, proven = linked.town.bureau, elsewhere(linked)
    await make(linked, await person_of(bureau, SANNE), proven, Level.SUBSTANTIAL)
    recognised = await linked.town.rooms.linking.recognise(proven, None, bureau.now)
    await bureau.texts()
    await change(bureau)
    with pytest.raises(AccountClosed):
        await linked.town.rooms.linking.check_usable(recognised)
    assert await known_by(linked, proven) is None
    [event] = [each for each in await bureau.events() if isinstance(each, LinkEnded)]
    assert (event.by, event.means) == (why, proven.means)
    assert (
        any("taken off" in each["text"] or "losgemaakt" in each["text"] for each in await bureau.texts())
        == told
    )


@pytest.mark.parametrize("change", [sessions_reported, reported_outside, recovered_with_number, suspended])
async def test_what_stops_no_thief_for_good_ends_no_link(linked: Linked, change: Change) -> None:
    """L02: nobody outside undoes the links of somebody else by a report."""
    person = await person_of(linked.town.bureau, SANNE)
    await make(linked, person, elsewhere(linked))
    await change(linked.town.bureau)
    assert await known_by(linked, elsewhere(linked)) == person


async def test_a_link_that_no_account_can_vouch_for_stays(linked: Linked) -> None:
    """High is proven by a BSN that the other party told, and by no account, app or passkey."""
    person = await person_of(linked.town.bureau, SANNE)
    await make(linked, person, elsewhere(linked), Level.HIGH)
    await reported(linked.town.bureau)
    assert await known_by(linked, elsewhere(linked)) == person


async def test_links_of_others_stay_and_an_application_ends_none(linked: Linked) -> None:
    bureau = linked.town.bureau
    await bureau.active(particulars(DAAN), name="daan99", password=OTHER, number=None)
    daan, sanne = await person_of(bureau, DAAN), await person_of(bureau, SANNE)
    await make(linked, daan, elsewhere(linked, "his"))
    await make(linked, sanne, elsewhere(linked, "hers"))
    await bureau.apply(name="sanne99", password=OTHER, number=None)
    await bureau.door.operating.end((await bureau.account("sanne99")).id, "operator", bureau.now)
    assert await known_by(linked, elsewhere(linked, "hers")) == sanne
    await reported(bureau)
    assert await known_by(linked, elsewhere(linked, "hers")) is None
    assert await known_by(linked, elsewhere(linked, "his")) == daan


async def test_the_person_links_their_own_again_and_the_thief_nothing_of_theirs(linked: Linked) -> None:
    bureau = linked.town.bureau
    person = await person_of(bureau, SANNE)
    await make(linked, person, elsewhere(linked))
    await reported(bureau)
    await recovered(bureau)
    await bureau.active(particulars(DAAN), name="daan99", password=OTHER, number=None)
    assert isinstance(await make(linked, await person_of(bureau, DAAN), elsewhere(linked)), LinkedElsewhere)
    bureau.later(minutes=1)
    assert isinstance(await make(linked, person, elsewhere(linked)), Link)
    assert await known_by(linked, elsewhere(linked)) == person


@pytest.mark.parametrize("change", [reported, devices_reported, blocked, recovered, ended, replaced])
async def test_a_link_that_is_made_in_that_very_moment_does_not_outlive_it(
    linked: Linked, change: Change
) -> None:
    """A thief who is on the last page of linking when the account is stopped: before it, or not at all."""
    bureau = linked.town.bureau
    person, began = await person_of(bureau, SANNE), bureau.now
    by = Subject(issuer=bureau.desk.means, identifier=str((await bureau.account()).id), person=person)
    bureau.later(minutes=1)
    accounts = [elsewhere(linked, str(number)) for number in range(6)]
    made = [make(linked, person, each, at=began, by=by) for each in accounts]
    results = await asyncio.gather(*made[:3], change(bureau), *made[3:])
    assert {type(each) for each in results} <= {Link, AccountClosed, type(None)}
    assert [await known_by(linked, each) for each in accounts] == [None] * 6
    assert isinstance(await make(linked, person, elsewhere(linked, "7"), at=began, by=by), AccountClosed)


async def test_two_reports_end_a_link_once(linked: Linked) -> None:
    await make(linked, await person_of(linked.town.bureau, SANNE), elsewhere(linked))
    await devices_reported(linked.town.bureau)
    await reported(linked.town.bureau)
    assert (await linked.town.bureau.names_of_events()).count("link:ended") == 1


async def test_after_a_report_the_bank_of_the_thief_opens_no_service(linked: Linked) -> None:
    """On the pages, from the link to the service that asks who it is."""
    thief, owner = linked.town.browser(), linked.town.browser()
    await linked.link(thief)
    assert code_of(await linked.to_service(linked.town.browser()))
    page = await linked.town.sign_in(owner, await owner.open("/account"))
    page = await owner.open("/account/misuse")
    told = await owner.send(page, stop="account", do="report")
    assert "Your account is blocked" in told.text
    assert not code_of(await linked.to_service(linked.town.browser()))
