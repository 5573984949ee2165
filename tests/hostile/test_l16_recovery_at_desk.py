"""Line L16: whom no letter reaches recovers at a desk, where an account can be opened; nobody else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.hostile.test_desk_accounts import (
    NEWCOMER,
    Change,
    begun,
    blocked,
    code_for,
    finished,
    held,
    locked,
    nothing,
    person_of,
    suspended,
)
from tests.means.bureau import SANNE, Bureau, registered
from tests.web.citizens import Town
from tests.web.desks import desks_in, shown_on
from toegang.assurance import Level
from toegang.errors import AccountClosed, CredentialsWrong
from toegang.means.app.desk_account import DeskAccount
from toegang.means.app.visits import Officer
from toegang.means.citizen.account import Status
from toegang.means.citizen.ways import Way, Ways


@pytest.mark.parametrize("change", [nothing, suspended, locked])
async def test_whom_no_letter_reaches_recovers_where_their_account_could_be_opened(
    each_bureau: Bureau, change: Change
) -> None:
    """eIDAS-2015/1502-2.2.3: two officers see person and document; what the old account had is gone."""
    bureau = each_bureau
    await bureau.active()
    await change(bureau)
    bureau.register.people[SANNE] = registered(SANNE, address=None)
    officer = Officer(name="clerk", organisation="town", person=None)
    await DeskAccount(desk=bureau.desk).entitled(officer, SANNE, bureau.now)
    await bureau.texts()
    await bureau.sent("account:proofs-withdrawn")
    person = await person_of(bureau, SANNE)
    [old] = await bureau.desk.accounts.of_person(person)
    await finished(bureau, await begun(bureau, await code_for(bureau, SANNE)))
    [new] = await bureau.desk.accounts.of_person(person)
    assert (new.status, new.reach) == (Status.ACTIVE, Level.BASIC)
    assert new.id != old.id
    assert len(await bureau.sent("account:proofs-withdrawn")) == 1
    [told] = await bureau.texts()
    assert "Uw account is beëindigd" in told["text"], "at the number of before"
    with pytest.raises(CredentialsWrong):
        await bureau.password(await bureau.start(), "sanne88")


@pytest.mark.parametrize("change", [blocked, held])
async def test_who_was_stopped_is_not_let_in_again_at_a_desk(bureau: Bureau, change: Change) -> None:
    await bureau.active()
    await change(bureau)
    bureau.register.people[SANNE] = registered(SANNE, address=None)
    with pytest.raises(AccountClosed):
        await finished(bureau, await begun(bureau, await code_for(bureau, SANNE)))


async def test_who_has_an_address_again_since_the_visit_recovers_by_letter(bureau: Bureau) -> None:
    await bureau.active()
    bureau.register.people[SANNE] = registered(SANNE, address=None)
    id_ = await begun(bureau, await code_for(bureau, SANNE))
    bureau.register.people[SANNE] = registered(SANNE)
    with pytest.raises(AccountClosed):
        await finished(bureau, id_)


async def test_a_code_of_before_an_account_was_opened_takes_nothing_over(bureau: Bureau) -> None:
    """A paper that was lost, in the hands of who knows the date of birth; another visit gave the account."""
    bureau.register.people[SANNE] = registered(SANNE, address=None)
    lost = await code_for(bureau, SANNE)
    bureau.later(hours=1)
    await finished(bureau, await begun(bureau, await code_for(bureau, SANNE), "sanne88"))
    [own] = await bureau.desk.accounts.of_person(await person_of(bureau, SANNE))
    with pytest.raises(AccountClosed):
        await finished(bureau, await begun(bureau, lost, "thief88", "thief"), "thief")
    assert await bureau.desk.accounts.of_person(await person_of(bureau, SANNE)) == (own,)


@pytest.mark.parametrize("way", [Way.LETTER, Way.PUSH, Way.MAIL])
async def test_that_another_account_took_its_place_is_told_at_once_whatever_was_chosen(
    bureau: Bureau, way: Way
) -> None:
    """L06: number and mail address go with the account, and no letter comes: told later is never told."""
    await bureau.active()
    before = await bureau.account()
    chosen = replace(before, notices=Ways(ways=frozenset({way})).written())
    async with bureau.database.begin() as unit:
        await bureau.desk.accounts.change(unit, before.id, lambda _: chosen)
    bureau.register.people[SANNE] = registered(SANNE, address=None)
    await bureau.texts()
    await finished(bureau, await begun(bureau, await code_for(bureau, SANNE)))
    [told] = await bureau.texts()
    assert "Uw account is beëindigd" in told["text"]


async def test_the_officer_who_agrees_sees_that_an_account_takes_the_place_of_another(town: Town) -> None:
    desks, people = await desks_in(town), town.bureau.register.people
    people[SANNE] = replace(people[SANNE], address=None)
    seen = await desks.looked(shown_on(await desks.noted_account(SANNE)))
    assert "an account, in the place of the one that the person has" in seen.text
    people[NEWCOMER] = registered(NEWCOMER)
    seen = await desks.looked(shown_on(await desks.noted_account(NEWCOMER)))
    assert "an account" in seen.text
    assert "in the place of" not in seen.text
