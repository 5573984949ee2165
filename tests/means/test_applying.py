"""Applying: the same answer for everybody, a letter for whom it fits, one account per person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.means.bureau import (
    DAAN,
    GOOD,
    NOBODY,
    NUMBER,
    OTHER,
    SANNE,
    Bureau,
    browser,
    particulars,
    registered,
)
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    LoginElsewhere,
    LoginUnknown,
    NumberNotUsable,
    OneTimeGone,
    PasswordTooWeak,
    StepOutOfOrder,
    TooManyTries,
    ValueRefused,
)
from toegang.means.citizen.account import Status
from toegang.means.citizen.applying import Particulars
from toegang.means.citizen.attempts import Credentials
from toegang.means.citizen.records import Proven
from toegang.registers.population import BirthDate

UNFIT = {
    "nobody has this number": particulars(NOBODY),
    "another birth date": particulars(birth_date=BirthDate.parse("1988-04-13")),
    "another postcode": particulars(postcode="1234 AC"),
    "another house": particulars(house_number=6),
}
UNREACHABLE: dict[str, dict[str, object]] = {
    "has died": {"deceased_on": date(2027, 1, 1)},
    "lives abroad": {"resident": False},
    "has no address": {"address": None},
}


@pytest.mark.parametrize("who", UNFIT.values(), ids=UNFIT.keys())
async def test_an_application_that_fits_nobody_ends_like_any_other_but_brings_no_letter(
    bureau: Bureau, who: Particulars
) -> None:
    await bureau.apply(who)
    assert await bureau.letters() == []
    account = await bureau.account()
    assert (account.status, account.person) == (Status.REQUESTED, None)
    assert "account:activation-sent" not in await bureau.names_of_events()


@pytest.mark.parametrize("changes", UNREACHABLE.values(), ids=UNREACHABLE.keys())
async def test_whom_no_letter_reaches_gets_none(bureau: Bureau, changes: dict[str, object]) -> None:
    bureau.register.people[SANNE] = registered(SANNE, **changes)
    await bureau.apply()
    assert await bureau.letters() == []


async def test_an_application_for_somebody_who_is_blocked_brings_no_letter(bureau: Bureau) -> None:
    await bureau.active()
    await bureau.door.operating.block((await bureau.account()).id, "fraud", bureau.now)
    await bureau.apply(name="sanne99")
    assert await bureau.letters() == []


async def test_a_secret_address_gets_the_letter_and_stands_nowhere_else(bureau: Bureau) -> None:
    bureau.register.people[SANNE] = registered(SANNE, address_secret=True)
    await bureau.apply()
    (letter,) = await bureau.letters()
    assert letter["address"] == ["Dorpsstraat 5", "1234 AB  Voorbeeld"]
    assert "Dorpsstraat" not in repr(await bureau.events())


async def test_the_code_from_the_letter_activates_the_account_and_ends_the_sign_in(bureau: Bureau) -> None:
    proven = await bureau.active()
    account = await bureau.account()
    assert account.status is Status.ACTIVE
    assert proven.authentication.subject.identifier == str(account.id)
    assert "account:activated" in await bureau.names_of_events()


async def test_the_letter_says_the_last_day_in_the_netherlands(bureau: Bureau) -> None:
    await bureau.apply()
    (letter,) = await bureau.letters()
    values = letter["values"]
    assert isinstance(values, dict)
    assert values["last_day"] == "21 maart 2027"


@pytest.mark.parametrize(("days", "works"), [(20, True), (21, False)])
async def test_the_code_works_through_its_last_day(bureau: Bureau, days: int, works: bool) -> None:
    await bureau.apply()
    code = await bureau.letter_code()
    bureau.later(days=days)
    login = await bureau.start()
    if works:
        await bureau.password(login)
        assert isinstance(
            await bureau.door.signing_in.activate(login, browser(), code.lower(), bureau.now), Proven
        )
    else:
        with pytest.raises(CredentialsWrong):
            await bureau.password(login)


async def test_five_wrong_codes_spend_the_letter_and_each_was_counted(bureau: Bureau) -> None:
    await bureau.apply()
    code = await bureau.letter_code()
    login = await bureau.start()
    await bureau.password(login)
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            await bureau.door.signing_in.activate(login, browser(), "wrong", bureau.now)
    with pytest.raises(OneTimeGone):
        await bureau.door.signing_in.activate(login, browser(), code, bureau.now)
    assert (await bureau.account()).status is Status.REQUESTED
    assert (await bureau.names_of_events()).count("account:signin-failed") == 6


async def test_a_code_from_another_letter_does_not_activate(bureau: Bureau) -> None:
    await bureau.apply()
    code = await bureau.letter_code()
    await bureau.apply(particulars(DAAN), name="daan99", number=None)
    login = await bureau.start()
    await bureau.password(login, name="daan99")
    with pytest.raises(CredentialsWrong):
        await bureau.door.signing_in.activate(login, browser(), code, bureau.now)


async def test_an_application_that_fits_nobody_is_activated_by_no_code(bureau: Bureau) -> None:
    await bureau.apply(particulars(NOBODY))
    login = await bureau.start()
    await bureau.password(login)
    with pytest.raises(CredentialsWrong):
        await bureau.door.signing_in.activate(login, browser(), "2222-2222-2222", bureau.now)


async def test_the_old_account_works_until_the_new_one_is_activated(bureau: Bureau) -> None:
    first = await bureau.active()
    await bureau.apply(name="sanne99", password=OTHER)
    await bureau.sign_in()
    login = await bureau.start()
    await bureau.password(login, name="sanne99", password=OTHER)
    code = await bureau.letter_code()
    second = await bureau.door.signing_in.activate(login, browser(), code, bureau.now)
    assert isinstance(second, Proven)
    assert second.authentication.subject.person == first.authentication.subject.person
    with pytest.raises(CredentialsWrong):
        await bureau.sign_in()
    with pytest.raises(AccountClosed):
        await bureau.door.means.check_usable(first.authentication, bureau.now)


async def test_a_name_of_somebody_else_is_refused(bureau: Bureau) -> None:
    await bureau.apply()
    with pytest.raises(ValueRefused) as refused:
        await bureau.apply(particulars(DAAN), name="SANNE88")
    assert (refused.value.field, refused.value.reason) == ("name", "name.taken")


async def test_a_name_taken_meanwhile_is_noticed_at_the_end_and_another_can_be_chosen(
    bureau: Bureau,
) -> None:
    applying, mine = bureau.door.applying, browser("mine")
    id_ = await applying.begin(mine, particulars(DAAN), "nl", bureau.now)
    await applying.choose_credentials(id_, mine, Credentials(name="sanne88", password=OTHER), bureau.now)
    await bureau.apply()
    with pytest.raises(ValueRefused):
        await applying.finish(id_, mine, bureau.now)
    with pytest.raises(StepOutOfOrder):
        await applying.finish(id_, mine, bureau.now)
    await applying.choose_credentials(id_, mine, Credentials(name="daan99", password=OTHER), bureau.now)
    await applying.finish(id_, mine, bureau.now)
    assert (await bureau.account("daan99")).status is Status.REQUESTED


async def test_the_name_of_an_application_that_lapsed_is_free(bureau: Bureau) -> None:
    await bureau.apply()
    lapsed = await bureau.account()
    bureau.later(days=22)
    await bureau.apply(particulars(DAAN))
    assert (await bureau.account()).id != lapsed.id
    kept = await bureau.desk.accounts.find(lapsed.id)
    assert kept is not None
    assert (kept.status, kept.name, kept.password) == (Status.ENDED, None, None)


async def test_an_application_belongs_to_one_browser_and_ends_once(bureau: Bureau) -> None:
    applying = bureau.door.applying
    id_ = await applying.begin(browser(), particulars(), "nl", bureau.now)
    with pytest.raises(LoginElsewhere):
        await applying.find(id_, browser("other"), bureau.now)
    with pytest.raises(StepOutOfOrder):
        await applying.finish(id_, browser(), bureau.now)
    typed = Credentials(name="sanne88", password=GOOD)
    await applying.choose_credentials(id_, browser(), typed, bureau.now)
    await applying.finish(id_, browser(), bureau.now)
    with pytest.raises(LoginUnknown):
        await applying.finish(id_, browser(), bureau.now)


async def test_a_weak_password_is_refused_with_reasons(bureau: Bureau) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        await bureau.apply(password="wachtwoord12345")
    assert refused.value.reasons


async def test_a_number_that_cannot_get_a_code_is_refused(bureau: Bureau) -> None:
    with pytest.raises(NumberNotUsable):
        await bureau.apply(number="0900 1234")
    assert await bureau.texts() == []


async def test_a_number_is_not_texted_before_name_and_password_are_chosen(bureau: Bureau) -> None:
    id_ = await bureau.door.applying.begin(browser(), particulars(), "nl", bureau.now)
    with pytest.raises(StepOutOfOrder):
        await bureau.door.applying.give_number(id_, browser(), NUMBER, bureau.now)
    assert await bureau.texts() == []


async def test_a_number_that_was_not_confirmed_does_not_count(bureau: Bureau) -> None:
    applying = bureau.door.applying
    id_ = await applying.begin(browser(), particulars(), "nl", bureau.now)
    typed = Credentials(name="sanne88", password=GOOD)
    await applying.choose_credentials(id_, browser(), typed, bureau.now)
    await applying.give_number(id_, browser(), NUMBER, bureau.now)
    with pytest.raises(CredentialsWrong):
        await applying.confirm_number(id_, browser(), "wrong", bureau.now)
    await applying.finish(id_, browser(), bureau.now)
    assert (await bureau.account()).number is None


async def test_letters_per_person_are_limited_without_telling(bureau: Bureau) -> None:
    for number in range(7):
        await bureau.apply(name=f"sanne{number}0", number=None, visitor=browser(f"b{number}"))
    assert len(await bureau.letters()) == bureau.desk.policy.letters.most


async def test_applications_per_network_are_limited(bureau: Bureau) -> None:
    most = bureau.desk.policy.applications.most
    for _ in range(most):
        await bureau.door.applying.begin(browser(), particulars(), "nl", bureau.now)
    with pytest.raises(TooManyTries):
        await bureau.door.applying.begin(browser(), particulars(), "nl", bureau.now)
    await bureau.door.applying.begin(browser(network="198.51.100.0/24"), particulars(), "nl", bureau.now)


async def test_neither_bsn_nor_number_stands_readable_in_a_record(bureau: Bureau) -> None:
    await bureau.apply()
    account = await bureau.account()
    shown = repr(account) + repr(await bureau.events())
    assert SANNE.digits not in shown
    assert "612345678" not in shown
    assert account.number is not None
    assert b"612345678" not in account.number


def test_particulars_need_a_living_resident_with_that_address() -> None:
    found = registered(SANNE)
    assert particulars().fit(found)
    assert not particulars().fit(None)
    assert not particulars().fit(replace(found, deceased_on=date(2027, 1, 1)))


def test_a_letter_code_lives_longer_than_its_letter_travels(bureau: Bureau) -> None:
    assert bureau.desk.policy.letter_code_lifetime > timedelta(days=7)
