"""A mail address is no way in: guessed, replayed, bombed, enumerated or gone, and nothing is lost by it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from demo.app_push import Pushes
from tests.means.bureau import DAAN, NUMBER, SANNE, Bureau, browser, particulars, signed_in
from tests.means.bureau import OTHER as NEW
from toegang.assurance import Level
from toegang.audit.events import AccountMailSet, PostFailed
from toegang.errors import CredentialsWrong, LoginElsewhere, Malformed, OneTimeGone, TooManyTries
from toegang.means.citizen.misuse import Report
from toegang.means.citizen.notifying import Notices, Teller
from toegang.means.citizen.own_notices import OwnNotices
from toegang.means.citizen.recovering import Claimant
from toegang.means.citizen.telling import KIND, Notice, Subscribed
from toegang.means.citizen.ways import Way, Ways
from toegang.post import letter, mail, push, sms
from toegang.post.delivery import Delivery, Route
from toegang.post.mail_address import MailAddress
from toegang.post.push import Subscription
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.account import Account
    from toegang.means.citizen.own_account import SignedIn
    from toegang.post.outbox import Message
    from toegang.units import Unit

ADDRESS = MailAddress.parse("sanne@post.example")
OTHER = MailAddress.parse("thief@post.example")


AN_APP = Subscribed(
    app="an-app",
    subscription=Subscription.parse(*Pushes(endpoint="https://push.example/1").told().values()),
)


class Refusing:
    """A party that never takes what it is brought (post.outbox.Carrier)."""

    async def carry(self, message: Message) -> None:
        raise Malformed(message.kind)


class Taking:
    """A party that takes all (post.outbox.Carrier)."""

    async def carry(self, message: Message) -> None:
        """Take it."""


class OneApp:
    """An app that shows notices (means.citizen.notifying.Pushing)."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau

    async def subscribed(self, account: Account) -> tuple[Subscribed, ...]:
        return (AN_APP,) if account.number is not None else ()

    async def push(self, unit: Unit, apps: tuple[Subscribed, ...], notice: str, now: datetime) -> None:
        content = json.dumps({"notice": notice, "apps": [each.app for each in apps]}).encode()
        message = Notice.read(notice).message(self.bureau.desk.ids, now)
        await self.bureau.outbox.put(unit, replace(message, kind=push.KIND, payload=content), now)


async def own_of(bureau: Bureau) -> tuple[SignedIn, OwnNotices]:
    await bureau.active()
    return await fresh(bureau), bureau.door.own_notices


async def fresh(bureau: Bureau, name: str = "sanne88") -> SignedIn:
    """Log in to My account just now, at the level of the account."""
    bureau.later(minutes=2)
    return signed_in((await bureau.sign_in(Level.LOW, name=name)).authentication)


async def daan_of(bureau: Bureau) -> SignedIn:
    """Be Daan, who has an account too."""
    await bureau.active(particulars(DAAN), name="daan88")
    return await fresh(bureau, "daan88")


async def with_mail(bureau: Bureau, *ways: Way) -> tuple[SignedIn, OwnNotices]:
    """Have an address that was confirmed, and be told by these ways."""
    me, own = await own_of(bureau)
    change = await own.give_mail(me, browser(), ADDRESS, bureau.now)
    await own.confirm_mail(me, browser(), change, await bureau.mailed_code(), bureau.now)
    if ways:
        await own.set_ways(me, Ways(ways=frozenset(ways)), frozenset(Way), bureau.now)
    await bureau.texts()
    await bureau.mails()
    await bureau.sent(KIND)
    return me, own


def delivery(bureau: Bureau, **refused: bool) -> Delivery:
    """Carry what leaves the house; the ways that are named take nothing."""
    desk = bureau.desk
    teller = Teller(desk=desk, clock=bureau.clock, pushing=OneApp(bureau))
    kinds = {sms.KIND: "text", mail.KIND: "mail", push.KIND: "push", letter.KIND: "letter"}
    routes = {
        kind: Route(carrier=Refusing() if refused.get(name) else Taking(), lost=teller.again)
        for kind, name in kinds.items()
    }
    routes[KIND] = Route(carrier=Notices(teller=teller))
    return Delivery(
        outbox=bureau.outbox,
        units=desk.units,
        trail=desk.trail,
        clock=bureau.clock,
        ids=desk.ids,
        routes=routes,
    )


async def brought(bureau: Bureau, **refused: bool) -> list[str]:
    """Carry until nothing is left; return the kinds that were tried, in order."""
    carrying, tried = delivery(bureau, **refused), []
    for _ in range(8):
        for kind in carrying.routes:
            count = await carrying.deliver_due(kind)
            tried += [kind] * count
    return [kind for kind in tried if kind != KIND]


async def tell(bureau: Bureau) -> None:
    """Let something happen of which the person is told."""
    account = await bureau.account()
    message = Notice(
        account=account.id, purpose=SmsPurpose.NEW_BROWSER, wanted=Ways.parse(account.notices).ways
    ).message(bureau.desk.ids, bureau.now)
    async with bureau.database.begin() as unit:
        await bureau.outbox.put(unit, message, bureau.now)


async def test_a_code_counts_once_in_its_own_browser_of_its_own_account_and_for_a_short_time(
    bureau: Bureau,
) -> None:
    me, own = await own_of(bureau)
    change = await own.give_mail(me, browser(), ADDRESS, bureau.now)
    code = await bureau.mailed_code()
    with pytest.raises(LoginElsewhere):
        await own.confirm_mail(me, browser("thief"), change, code, bureau.now)
    with pytest.raises(CredentialsWrong):
        await own.confirm_mail(me, browser(), change, "000000" if code != "000000" else "1", bureau.now)
    await own.confirm_mail(me, browser(), change, code, bureau.now)
    with pytest.raises(OneTimeGone):
        await own.confirm_mail(me, browser(), change, code, bureau.now)
    daan = await daan_of(bureau)
    theirs = await own.give_mail(daan, browser(), ADDRESS, bureau.now)
    with pytest.raises(OneTimeGone):
        await own.confirm_mail(me, browser(), theirs, await bureau.mailed_code(), bureau.now)


async def test_a_code_is_gone_after_a_quarter_of_an_hour_and_after_five_guesses(bureau: Bureau) -> None:
    me, own = await own_of(bureau)
    change = await own.give_mail(me, browser(), ADDRESS, bureau.now)
    code = await bureau.mailed_code()
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            await own.confirm_mail(me, browser(), change, "x", bureau.now)
    with pytest.raises(OneTimeGone):
        await own.confirm_mail(me, browser(), change, code, bureau.now)
    again = await own.give_mail(me, browser(), ADDRESS, bureau.now)
    code = await bureau.mailed_code()
    bureau.later(minutes=15)
    fresh = replace(me, at=bureau.now)
    with pytest.raises(OneTimeGone):
        await own.confirm_mail(fresh, browser(), again, code, bureau.now)
    assert (await bureau.account()).mail is None


async def test_nobody_is_bombed_with_codes_by_one_account_or_by_many(bureau: Bureau) -> None:
    me, own = await own_of(bureau)
    daan = await daan_of(bureau)
    sent = 0
    for who in (me, daan) * 6:
        bureau.later(minutes=2)
        try:
            await own.give_mail(replace(who, at=bureau.now), browser(), ADDRESS, bureau.now)
        except TooManyTries:
            continue
        sent += 1
    assert sent == bureau.desk.policy.mail_daily.most
    for number in range(12):
        bureau.later(minutes=2)
        to = MailAddress.parse(f"somebody{number}@post.example")
        try:
            await own.give_mail(replace(me, at=bureau.now), browser(), to, bureau.now)
        except TooManyTries:
            break
        sent += 1
    assert sent < bureau.desk.policy.mail_daily.most + bureau.desk.policy.mail_of_account.most


async def test_an_account_that_asked_enough_keeps_nobody_from_their_own_address(bureau: Bureau) -> None:
    me, own = await own_of(bureau)
    daan = await daan_of(bureau)

    async def asks(who: SignedIn, to: MailAddress) -> None:
        bureau.later(minutes=2)
        await own.give_mail(replace(who, at=bureau.now), browser(), to, bureau.now)

    for number in range(bureau.desk.policy.mail_of_account.most):
        await asks(me, MailAddress.parse(f"somebody{number}@post.example"))
    for _ in range(bureau.desk.policy.mail_daily.most):
        with pytest.raises(TooManyTries):
            await asks(me, OTHER)
    await asks(daan, OTHER)
    assert (await bureau.mails())[-1]["to"] == OTHER.address


async def test_an_address_of_somebody_else_is_answered_as_any_other(bureau: Bureau) -> None:
    me, own = await with_mail(bureau)
    daan = await daan_of(bureau)
    for who, to in ((daan, ADDRESS), (daan, OTHER)):
        change = await own.give_mail(who, browser(), to, bureau.now)
        code = await bureau.mailed_code()
        await own.confirm_mail(who, browser(), change, code, bureau.now)
    assert me.account != daan.account
    kept = [(await bureau.account(name)).mail for name in ("sanne88", "daan88")]
    assert all(each and b"post.example" not in each for each in kept)
    events = [event for event in await bureau.events() if isinstance(event, AccountMailSet)]
    assert [(event.known_before, event.known) for event in events] == [
        (False, True),
        (False, True),
        (True, True),
    ]
    assert "post.example" not in repr(events)


async def test_a_change_is_told_to_the_old_address_and_the_chosen_way_and_so_is_a_removal(
    bureau: Bureau,
) -> None:
    me, own = await with_mail(bureau)
    change = await own.give_mail(me, browser(), OTHER, bureau.now)
    await own.confirm_mail(me, browser(), change, await bureau.mailed_code(), bureau.now)
    assert [each["to"] for each in await bureau.mails()] == [ADDRESS.address]
    assert "e-mailadres" in (await bureau.texts())[-1]["text"]
    await own.set_ways(me, Ways(ways=frozenset({Way.MAIL})), frozenset(Way), bureau.now)
    assert "anders" in (await bureau.texts())[-1]["text"]
    await own.remove_mail(me, bureau.now)
    assert [each["to"] for each in await bureau.mails()] == [OTHER.address]
    after = await bureau.account()
    assert (after.mail, after.notices) == (None, "text")


@pytest.mark.parametrize("refused", [False, True])
async def test_a_first_address_is_never_told_to_itself_alone(bureau: Bureau, *, refused: bool) -> None:
    """Who has no number, or one that takes nothing, would else not hear of a thief's address."""
    await bureau.active(number=NUMBER if refused else None)
    bureau.later(minutes=2)
    me = signed_in((await bureau.sign_in(Level.LOW if refused else Level.BASIC)).authentication)
    change = await bureau.door.own_notices.give_mail(me, browser(), OTHER, bureau.now)
    code = await bureau.mailed_code()
    await bureau.texts()
    await bureau.letters()
    await bureau.door.own_notices.confirm_mail(me, browser(), change, code, bureau.now)
    tried = await brought(bureau, text=True, push=True)
    assert tried == (["sms", "push", "letter"] if refused else ["letter"])


async def test_a_notice_is_not_lost_when_a_way_fails_but_goes_the_next_one(bureau: Bureau) -> None:
    await with_mail(bureau, Way.MAIL)
    await tell(bureau)
    assert await brought(bureau) == ["mail"]
    await tell(bureau)
    assert await brought(bureau, mail=True) == ["mail", "sms"]
    await tell(bureau)
    assert await brought(bureau, mail=True, text=True) == ["mail", "sms", "push"]
    await tell(bureau)
    assert await brought(bureau, mail=True, text=True, push=True) == ["mail", "sms", "push", "letter"]
    failed = [event for event in await bureau.events() if isinstance(event, PostFailed)]
    assert len(failed) == 1 + 2 + 3


async def test_a_push_whose_app_is_gone_is_told_by_text_message(bureau: Bureau) -> None:
    await with_mail(bureau, Way.PUSH)
    await tell(bureau)
    assert await brought(bureau, push=True) == ["push", "sms"]


async def test_who_chose_two_ways_gets_no_third_when_the_second_fails(bureau: Bureau) -> None:
    await with_mail(bureau, Way.TEXT, Way.MAIL)
    await tell(bureau)
    assert sorted(await brought(bureau, mail=True)) == ["mail", "sms"]


@pytest.mark.parametrize("by", ["person", "operator"])
async def test_an_account_that_was_misused_is_told_of_no_more_at_the_address_of_a_thief(
    bureau: Bureau, by: str
) -> None:
    """As a thief's app stops (L16): else the new password of its person would be told to the thief alone."""
    me, _ = await with_mail(bureau, Way.MAIL)
    if by == "person":
        await bureau.door.reporting.report(me.account, Report(), bureau.now)
        # It may also be a thief who reports: the address that is forgotten hears so, once.
        removed = [each for each in await bureau.mails() if "weggehaald" in each["text"]]
        assert [each["to"] for each in removed] == [ADDRESS.address]
    else:
        await bureau.door.operating.block(me.account, "fraud", bureau.now)
        await bureau.door.operating.unblock(me.account, bureau.now)
    mine, recovering = Claimant(name="sanne88", bsn=SANNE), bureau.door.recovering
    await recovering.ask(browser(), mine, "nl", bureau.now)
    code = await bureau.letter_code()
    await bureau.mails()
    id_ = await recovering.open(browser(), mine, code, bureau.now, keep_number=False)
    await recovering.choose_password(id_, browser(), NEW, bureau.now)
    assert (await bureau.account()).mail is None
    assert await brought(bureau) == ["sms"]
    *_, last = [each for each in await bureau.events() if isinstance(each, AccountMailSet)]
    assert (last.known_before, last.known) == (True, False)


@pytest.mark.parametrize("keep_number", [True, False])
async def test_who_proves_no_more_than_the_letter_keeps_no_address_of_a_thief(
    bureau: Bureau, *, keep_number: bool
) -> None:
    """L16: who had the password could have given another address; with the number it is the person's own."""
    await with_mail(bureau)
    mine, recovering = Claimant(name="sanne88", bsn=SANNE), bureau.door.recovering
    await recovering.ask(browser(), mine, "nl", bureau.now)
    id_ = await recovering.open(
        browser(), mine, await bureau.letter_code(), bureau.now, keep_number=keep_number
    )
    if keep_number:
        await recovering.send_code(id_, browser(), bureau.now)
        await recovering.prove_number(id_, browser(), await bureau.texted_code(), bureau.now)
    await recovering.choose_password(id_, browser(), NEW, bureau.now)
    assert ((await bureau.account()).mail is not None) is keep_number
    told = [each["to"] for each in await bureau.mails() if "weggehaald" in each["text"]]
    assert told == ([] if keep_number else [ADDRESS.address])


async def test_a_report_of_misuse_reaches_the_operators_without_whose_account_it_is(bureau: Bureau) -> None:
    me, _ = await own_of(bureau)
    code = await bureau.door.reporting.report(me.account, Report(login="FAKE-CODE-01"), bureau.now)
    (mailed,) = await bureau.mails()
    assert mailed["to"] == "misuse@operators.example"
    assert code in mailed["subject"]
    assert code in mailed["text"]
    assert "FAKE-CODE-01" in mailed["text"]
    for secret in ("999990019", "sanne88", str(me.account), "Sanne"):
        assert secret not in json.dumps(mailed)


async def test_choices_that_are_turned_over_and_over_do_not_bomb_the_person(bureau: Bureau) -> None:
    me, own = await own_of(bureau)
    most = bureau.desk.policy.notice_changes.most
    for number in range(most):
        await own.set_ways(me, Ways(logins=bool(number % 2)), frozenset(Way), bureau.now)
    with pytest.raises(TooManyTries):
        await own.set_ways(me, Ways(logins=False), frozenset(Way), bureau.now)
    assert len(await bureau.texts()) == most
