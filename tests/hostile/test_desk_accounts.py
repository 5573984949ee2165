"""An account opened at a desk: for who has none, by two officers, with a password that neither knows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from demo.app_device import Refused
from tests.means.bureau import (
    DAAN,
    GOOD,
    OTHER,
    SANNE,
    Bureau,
    browser,
    particulars,
    registered,
)
from tests.web.citizens import Page, Town
from tests.web.desks import AGREE, GIVEN, NOTED, Desks, desks_in, inside, shown_on
from tests.web.linked import put
from toegang.assurance import Level
from toegang.audit.events import AccountActivated, DeskIdentityChecked
from toegang.emrtd.document import DocumentKind
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    NotEntitled,
    OneTimeGone,
    Refusal,
    TooManyTries,
    ValueRefused,
)
from toegang.identity.holds import HoldReason
from toegang.identity.numbers import Bsn
from toegang.identity.people import PersonId
from toegang.means.app.desk_account import DeskAccount
from toegang.means.app.visits import Asked, Officer, Seen
from toegang.means.citizen.account import Act, Status
from toegang.means.citizen.attempts import Credentials
from toegang.means.citizen.by_desk import keep_code
from toegang.means.citizen.holding import By, of_death, place
from toegang.means.citizen.records import Proven
from toegang.means.citizen.standing import withdrawn
from toegang.registers.population import BirthDate

NEWCOMER = Bsn.parse("999990408")
BORN = BirthDate.parse("1988-04-12")
OTHER_DAY = BirthDate.parse("1988-04-13")
NAME = "newcomer88"
FORM = "Help somebody to get an account"
CODE_PAGE = "I have a code of a desk"
CREDENTIALS_PAGE = "Choose a user name and a password"
READY = "Your account is ready"
Change = Callable[[Bureau], Awaitable[None]]


@pytest.fixture
async def desks(town: Town) -> Desks:
    """Open a desk, where somebody comes by whom the register alone knows."""
    town.bureau.register.people[NEWCOMER] = registered(NEWCOMER)
    return await desks_in(town)


async def given(desks: Desks) -> str:
    """Have a code for an account given."""
    page = await desks.looked(shown_on(await desks.noted_account(NEWCOMER)))
    return shown_on(await desks.decided(page, "give"))


async def code_for(bureau: Bureau, bsn: Bsn = NEWCOMER) -> str:
    """Have a code made, as it is once two officers agreed."""
    bureau.register.people.setdefault(bsn, registered(bsn))
    async with bureau.database.begin() as unit:
        person = await bureau.desk.enrolment.enrol(unit, bsn, bureau.now)
        code, _ = await keep_code(bureau.desk, unit, "FAKE-VISIT-01", person.id, bureau.now)
    return code


async def begun(bureau: Bureau, code: str, name: str = NAME, who: str = "own") -> str:
    """Fill in the code and choose name and password, up to the last page."""
    visitor, door = browser(who), bureau.door
    id_ = await door.by_desk.begin(visitor, code, BORN, "nl", bureau.now)
    typed = Credentials(name=name, password=GOOD)
    await door.applying.choose_credentials(id_, visitor, typed, bureau.now)
    return id_


async def finished(bureau: Bureau, id_: str, who: str = "own") -> None:
    await bureau.door.applying.finish(id_, browser(who), bureau.now)


async def person_of(bureau: Bureau, bsn: Bsn = NEWCOMER) -> PersonId:
    person = await bureau.desk.enrolment.find(bsn)
    assert person is not None
    return person.id


async def filled_in(desks: Desks, code: str, born: str = "12-04-1988") -> Page:
    own = desks.town.browser()
    return await own.send(await own.open("/account/desk"), desk_code=code, birth_date=born, do="begin")


async def test_two_officers_and_a_password_that_only_the_person_knows(desks: Desks) -> None:
    noted = await desks.noted_account(NEWCOMER)
    assert noted.title == NOTED
    page = await desks.looked(shown_on(noted))
    assert (page.title, "an account" in page.text, "12-04-1988" in page.text) == (AGREE, True, True)
    page = await desks.decided(page, "give")
    assert (page.title, "/account/desk" in page.text) == (GIVEN, True)
    own, bureau = desks.town.browser(), desks.town.bureau
    first = await own.open("/account/desk")
    page = await own.send(first, desk_code=shown_on(page).lower(), birth_date="12-04-1988", do="begin")
    assert page.title == CREDENTIALS_PAGE
    page = await own.send(page, user_name=NAME, new_password=OTHER, repeat_password=OTHER, do="choose")
    page = await own.send(page, telephone="06 87654321", do="send")
    page = await own.send(page, code=await bureau.texted_code(), do="confirm")
    assert page.title == READY
    account = await bureau.account(NAME)
    assert (account.status, account.reach) == (Status.ACTIVE, Level.LOW)
    assert [each["purpose"] for each in await bureau.letters()][-1] == "account-opened-letter"
    assert "ready for use" in (await bureau.texts())[-1]["text"]
    events = await bureau.events()
    (seen,) = (each for each in events if isinstance(each, DeskIdentityChecked))
    activated = [each for each in events if isinstance(each, AccountActivated)][-1]
    assert (seen.asked, activated.case) == ("account", seen.case)
    assert isinstance(await bureau.password(await bureau.start(), NAME, OTHER), Proven)


async def suspended(bureau: Bureau) -> None:
    await acted(bureau, Act.SUSPEND)


async def locked(bureau: Bureau) -> None:
    await acted(bureau, Act.LOCK)


async def blocked(bureau: Bureau) -> None:
    await acted(bureau, Act.BLOCK)


async def acted(bureau: Bureau, act: Act) -> None:
    account = await bureau.account()
    async with bureau.database.begin() as unit:
        await bureau.desk.accounts.change(unit, account.id, lambda kept: withdrawn(kept, act, bureau.now))


async def held(bureau: Bureau) -> None:
    await hold(bureau, SANNE)


async def nothing(bureau: Bureau) -> None:
    assert (await bureau.account()).status is Status.ACTIVE


async def hold(bureau: Bureau, bsn: Bsn) -> None:
    dead = of_death(await person_of(bureau, bsn), bureau.now)
    async with bureau.database.begin() as unit:
        await place(bureau.desk, unit, replace(dead, reason=HoldReason.TWO_ACCOUNTS), By.REGISTER, bureau.now)


@pytest.mark.parametrize("change", [nothing, suspended, locked, blocked, held])
async def test_who_has_an_account_in_whatever_state_gets_no_second_one(
    bureau: Bureau, change: Change
) -> None:
    """A desk would be a way around the letter that a recovery asks (security line L16)."""
    await bureau.active()
    await change(bureau)
    officer = Officer(name="clerk", organisation="town", person=None)
    with pytest.raises(ValueRefused) as found:
        await DeskAccount(desk=bureau.desk).entitled(officer, SANNE, bureau.now)
    assert (found.value.field, found.value.reason) == ("bsn", "desk-has-account")
    code = await code_for(bureau, SANNE)
    with pytest.raises(AccountClosed):
        await finished(bureau, await begun(bureau, code))
    assert len(await bureau.desk.accounts.of_person(await person_of(bureau, SANNE))) == 1


async def test_the_page_refuses_who_is_unknown_has_died_or_has_an_account(desks: Desks) -> None:
    people = desks.town.bureau.register.people
    for bsn in (Bsn.parse("999990251"), SANNE):
        assert (await desks.noted_account(bsn)).wrong == ["bsn"]
    people[NEWCOMER] = registered(NEWCOMER, deceased_on=date(2027, 2, 1))
    page = await desks.noted_account(NEWCOMER)
    assert (page.title, page.wrong) == (FORM, ["bsn"])
    assert "desk:identity-checked" not in await desks.town.bureau.names_of_events()


async def test_nobody_opens_an_account_for_themselves(desks: Desks) -> None:
    """Neither who checks nor who agrees is the person: also a clerk whose only means is a card."""
    assert "You cannot do this for yourself" in (await desks.noted_account(DAAN)).text
    at_desk, bureau = desks.town.rooms.apps.at_desk, desks.town.bureau
    async with bureau.database.begin() as unit:
        person = (await bureau.desk.enrolment.enrol(unit, NEWCOMER, bureau.now)).id
    with_a_card, other = (
        Officer(name=name, organisation="town", person=own) for name, own in (("a", person), ("b", None))
    )
    seen = Seen(bsn=NEWCOMER, document=DocumentKind.PASSPORT, number="SPECI2014", same=True)
    with pytest.raises(NotEntitled):
        await at_desk.open(with_a_card, seen, "nl", bureau.now, Asked.ACCOUNT)
    noted = await at_desk.open(other, seen, "nl", bureau.now, Asked.ACCOUNT)
    for officer in (with_a_card, other):
        with pytest.raises(NotEntitled):
            await at_desk.give(officer, noted.case, bureau.now)
    assert "desk:code-given" not in await bureau.names_of_events()


async def test_a_clerk_does_not_agree_with_their_own_visit(desks: Desks) -> None:
    name = shown_on(await desks.noted_account(NEWCOMER))
    assert "nor agree with your own visit" in (await desks.looked(name, desks.clerk)).text


async def test_a_clerk_below_substantial_or_who_is_none_notes_nothing(desks: Desks) -> None:
    weak = await inside(desks.town, Bsn.parse("999990020"), "weak-clerk", Level.LOW)
    for address in ("/desk/account",):
        assert (await weak.open(address)).title != FORM
    stranger = await inside(desks.town, Bsn.parse("999990044"), "stranger-demo")
    page = await stranger.open("/desk/account")
    assert page.status == 403


async def test_who_got_an_account_since_is_given_no_code(desks: Desks) -> None:
    name = shown_on(await desks.noted_account(NEWCOMER))
    page = await desks.looked(name)
    await desks.town.bureau.active(particulars(NEWCOMER), name="by-letter")
    page = await desks.decided(page, "give")
    assert (page.status, page.wrong) == (400, ["case"])


async def test_a_code_found_on_paper_opens_nothing_and_guessing_the_date_spends_it(bureau: Bureau) -> None:
    code = await code_for(bureau)
    for _ in range(bureau.desk.policy.letter_code_tries):
        with pytest.raises(OneTimeGone):
            await bureau.door.by_desk.begin(browser("finder"), code, OTHER_DAY, "nl", bureau.now)
    with pytest.raises(OneTimeGone):
        await bureau.door.by_desk.begin(browser(), code, BORN, "nl", bureau.now)


async def test_a_wrong_code_and_a_wrong_date_are_answered_alike(desks: Desks) -> None:
    code = await given(desks)
    told = [
        await filled_in(desks, *typed) for typed in (("2345-6789-BCDF", "12-04-1988"), (code, "13-04-1988"))
    ]
    assert {(page.status, page.title, tuple(page.wrong)) for page in told} == {
        (told[0].status, CODE_PAGE, ("desk_code",))
    }
    assert (await filled_in(desks, code)).title == CREDENTIALS_PAGE


@pytest.mark.parametrize(
    ("code", "born", "wrong"), [("", "12-04-1988", "desk_code"), ("x", "", "birth_date")]
)
async def test_what_cannot_be_read_is_told_at_its_field(
    desks: Desks, code: str, born: str, wrong: str
) -> None:
    assert (await filled_in(desks, code, born)).wrong == [wrong]


async def test_guessing_codes_is_stopped(bureau: Bureau) -> None:
    code = await code_for(bureau)
    for guess in range(bureau.desk.policy.desk_codes.most):
        with pytest.raises(OneTimeGone):
            await bureau.door.by_desk.begin(browser(), f"2345-6789-{guess:04d}", BORN, "nl", bureau.now)
    with pytest.raises(TooManyTries):
        await bureau.door.by_desk.begin(browser(), code, BORN, "nl", bureau.now)


async def test_a_code_opens_one_account_however_many_pages_began_with_it(each_bureau: Bureau) -> None:
    bureau = each_bureau
    code = await code_for(bureau)
    ids = [await begun(bureau, code, f"newcomer{n}", str(n)) for n in range(3)]
    ended = await asyncio.gather(
        *(finished(bureau, id_, str(n)) for n, id_ in enumerate(ids)), return_exceptions=True
    )
    assert ended.count(None) == 1
    assert all(isinstance(each, Refusal) for each in ended if each is not None)
    assert len(await bureau.desk.accounts.of_person(await person_of(bureau))) == 1
    with pytest.raises(OneTimeGone):
        await begun(bureau, code)


async def test_who_is_interrupted_begins_again_with_the_same_code(bureau: Bureau) -> None:
    code = await code_for(bureau)
    await begun(bureau, code)
    bureau.later(hours=12)
    await finished(bureau, await begun(bureau, code))
    assert (await bureau.account(NAME)).status is Status.ACTIVE


async def test_a_name_that_somebody_takes_meanwhile_costs_no_code(bureau: Bureau) -> None:
    code = await code_for(bureau)
    id_ = await begun(bureau, code)
    await bureau.apply(name=NAME)
    with pytest.raises(ValueRefused) as found:
        await finished(bureau, id_)
    assert found.value.reason == "name.taken"
    again = Credentials(name="newcomer89", password=GOOD)
    await bureau.door.applying.choose_credentials(id_, browser(), again, bureau.now)
    await finished(bureau, id_)
    assert (await bureau.account("newcomer89")).status is Status.ACTIVE


async def test_a_code_is_too_old_after_its_days_also_on_pages_that_it_opened(bureau: Bureau) -> None:
    code, lifetime = await code_for(bureau), bureau.desk.policy.desk_code_lifetime
    bureau.clock.advance(lifetime - timedelta(minutes=1))
    id_ = await begun(bureau, code)
    bureau.later(minutes=1)
    with pytest.raises(Refusal):
        await finished(bureau, id_)
    with pytest.raises(OneTimeGone):
        await begun(bureau, code, who="late")


async def died(bureau: Bureau) -> None:
    bureau.register.people[NEWCOMER] = registered(NEWCOMER, deceased_on=date(2027, 2, 1))


async def held_since(bureau: Bureau) -> None:
    await hold(bureau, NEWCOMER)


async def by_letter(bureau: Bureau) -> None:
    await bureau.active(particulars(NEWCOMER), name="by-letter")


@pytest.mark.parametrize("change", [died, held_since, by_letter])
async def test_what_happened_since_the_code_was_filled_in_counts(bureau: Bureau, change: Change) -> None:
    id_ = await begun(bureau, await code_for(bureau))
    await change(bureau)
    with pytest.raises(AccountClosed):
        await finished(bureau, id_)
    assert await bureau.desk.accounts.find_by_name(bureau.desk.keys.name(NAME)) is None


async def test_an_application_that_waits_for_its_letter_makes_room(bureau: Bureau) -> None:
    """The letter that never came is why somebody is at the desk; its code activates nothing afterwards."""
    bureau.register.people[NEWCOMER] = registered(NEWCOMER)
    await bureau.apply(particulars(NEWCOMER), name="by-letter")
    await finished(bureau, await begun(bureau, await code_for(bureau)))
    assert await bureau.desk.accounts.find_by_name(bureau.desk.keys.name("by-letter")) is None
    with pytest.raises(CredentialsWrong):
        await bureau.password(await bureau.start(), "by-letter")


async def test_somebody_without_an_address_gets_an_account_and_is_told_by_text_message(
    bureau: Bureau,
) -> None:
    bureau.register.people[NEWCOMER] = registered(NEWCOMER, address=None, resident=False)
    id_ = await begun(bureau, await code_for(bureau))
    await bureau.door.applying.give_number(id_, browser(), "06 87654321", bureau.now)
    await bureau.door.applying.confirm_number(id_, browser(), await bureau.texted_code(), bureau.now)
    await finished(bureau, id_)
    assert await bureau.letters() == []
    assert "klaar voor gebruik" in (await bureau.texts())[-1]["text"]


async def test_a_code_for_an_account_adds_no_app_and_the_other_way_around(desks: Desks) -> None:
    code = await given(desks)
    with pytest.raises(Refused) as found:
        await desks.phones.device().bring_desk_code(code)
    assert found.value.code == "one-time-gone"
    assert (await filled_in(desks, await desks.code())).wrong == ["desk_code"]


async def test_a_closed_app_does_not_keep_a_desk_from_opening_accounts(desks: Desks) -> None:
    for means in [*desks.town.rooms.catalogue.current.all_means()]:
        if means.kind == "app":
            await put(desks.town, replace(means, blocked=True))
    assert (await filled_in(desks, await given(desks))).title == CREDENTIALS_PAGE


async def test_neither_code_nor_number_is_kept_readably(desks: Desks) -> None:
    code = await given(desks)
    database = desks.town.bureau.database
    kept = await database.all("SELECT body FROM expiring UNION ALL SELECT body FROM trail")
    assert not any(code.encode() in row[0] or NEWCOMER.digits.encode() in row[0] for row in kept)
