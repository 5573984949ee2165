"""L16: what was left to be told when an account came to stand still, or its app stopped, is told still."""

from __future__ import annotations

from dataclasses import replace

from tests.hostile.test_l16_mail import OneApp, brought, tell, with_mail
from tests.means.bureau import Bureau
from toegang.identity.holds import HoldReason
from toegang.means.citizen.holding import By, of_death, place
from toegang.means.citizen.notifying import Teller
from toegang.means.citizen.telling import Notice
from toegang.means.citizen.ways import Way
from toegang.post.texts import SmsPurpose


async def hold(bureau: Bureau, reason: HoldReason) -> None:
    person = (await bureau.account()).person
    assert person is not None
    async with bureau.database.begin() as unit:
        held = replace(of_death(person, bureau.now), reason=reason)
        await place(bureau.desk, unit, held, By.REGISTER, bureau.now)


async def test_what_was_left_before_an_account_stands_still_goes_by_letter_alone(bureau: Bureau) -> None:
    """Number, address and app may be somebody else's by then; that nothing would be told serves them too."""
    await with_mail(bureau, Way.PUSH)
    await tell(bureau)
    await hold(bureau, HoldReason.TWO_ACCOUNTS)
    assert await brought(bureau) == ["letter"]


async def test_who_died_is_told_nothing(bureau: Bureau) -> None:
    await with_mail(bureau, Way.LETTER)
    await tell(bureau)
    await hold(bureau, HoldReason.DIED)
    assert await brought(bureau) == []
    assert "post:failed" not in await bureau.names_of_events()


async def test_a_push_is_not_lost_when_the_only_app_stops_while_it_is_brought(bureau: Bureau) -> None:
    """What was planned is carried as planned; a service that no longer takes it gives the notice back."""
    await with_mail(bureau, Way.PUSH)
    account = await bureau.account()
    notice = Notice(account=account.id, purpose=SmsPurpose.NEW_BROWSER, wanted=frozenset({Way.PUSH}))
    teller = Teller(desk=bureau.desk, clock=bureau.clock, pushing=OneApp(bureau))
    going = await teller.plan(account, notice)
    async with bureau.database.begin() as unit:
        await bureau.desk.accounts.change(unit, account.id, lambda kept: replace(kept, number=None))
        await teller.bring(unit, going, bureau.now)
    assert await brought(bureau, push=True) == ["push", "mail"]
