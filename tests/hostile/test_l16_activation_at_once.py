"""L16: what happens to a person's accounts in the very moment that the code of a letter is given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from tests.hostile.test_desk_accounts import begun, blocked, code_for, finished, held, locked, person_of
from tests.means.bureau import GOOD, OTHER, SANNE, Bureau, browser, registered
from toegang.errors import AccountClosed, Refusal
from toegang.identity.people import PersonId
from toegang.means.base import TransactionId
from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.accounts import Accounts
from toegang.means.citizen.records import Proven
from toegang.storage.accounts import AccountTable

Change = Callable[[Bureau], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Changing(AccountTable):
    """Accounts that something happens to right after those of a person were read, once."""

    bureau: Bureau
    changes: list[Change]

    async def of_person(self, person: PersonId) -> tuple[Account, ...]:
        """Let it happen after looking."""
        found = await AccountTable.of_person(self, person)
        while self.changes:
            await self.changes.pop()(self.bureau)
        return found


async def written(bureau: Bureau, name: str = "sanne99") -> tuple[TransactionId, str]:
    """Apply for another account, up to the page that asks for the code, which is returned."""
    await bureau.apply(name=name, password=OTHER, number=None)
    login = await bureau.start()
    await bureau.password(login, name, OTHER)
    return login, await bureau.letter_code()


async def activated(bureau: Bureau, letter: tuple[TransactionId, str], *meanwhile: Change) -> object:
    """Give a code; what happens meanwhile happens between the reading and the writing."""
    accounts = Changing(bureau.database, bureau, list(meanwhile))
    door = Accounts.at(replace(bureau.desk, accounts=accounts))
    login, code = letter
    return await door.signing_in.activate(login, browser(), code, bureau.now)


async def states(bureau: Bureau) -> list[Status]:
    return [each.status for each in await bureau.desk.accounts.of_person(await person_of(bureau, SANNE))]


@pytest.mark.parametrize(
    ("change", "left"), [(blocked, [Status.BLOCKED, Status.REQUESTED]), (held, [Status.HELD, Status.HELD])]
)
async def test_an_account_that_is_stopped_at_that_moment_is_not_replaced(
    each_bureau: Bureau, change: Change, left: list[Status]
) -> None:
    """A new account would be a way around the block of an operator."""
    await each_bureau.active()
    letter = await written(each_bureau)
    with pytest.raises(AccountClosed):
        await activated(each_bureau, letter, change)
    assert await states(each_bureau) == left
    assert "account:ended" not in await each_bureau.names_of_events()


async def test_one_that_is_blocked_while_it_is_held_is_not_replaced_either(each_bureau: Bureau) -> None:
    await each_bureau.active()
    letter = await written(each_bureau)
    with pytest.raises(AccountClosed):
        await activated(each_bureau, letter, blocked, held)
    assert await states(each_bureau) == [Status.HELD, Status.HELD]


async def test_one_whose_misuse_is_reported_at_that_moment_ends_as_it_would_a_moment_later(
    each_bureau: Bureau,
) -> None:
    await each_bureau.active()
    letter = await written(each_bureau)
    assert isinstance(await activated(each_bureau, letter, locked), Proven)
    assert await states(each_bureau) == [Status.ACTIVE]
    assert (await each_bureau.names_of_events()).count("account:ended") == 1


async def test_that_another_account_took_its_place_is_told_at_the_number_of_before(
    each_bureau: Bureau,
) -> None:
    """L06: who took a letter from the post box gets the account, and its person hears of it."""
    await each_bureau.active()
    letter = await written(each_bureau)
    await each_bureau.texts()
    assert isinstance(await activated(each_bureau, letter), Proven)
    [told] = await each_bureau.texts()
    assert "Uw account is beëindigd" in told["text"]


async def test_an_account_of_a_desk_that_came_first_stays(each_bureau: Bureau) -> None:
    bureau = each_bureau
    bureau.register.people[SANNE] = registered(SANNE)
    letter = await written(bureau)
    visit = await begun(bureau, await code_for(bureau, SANNE), "sanne77")

    async def opened(bureau: Bureau) -> None:
        await finished(bureau, visit)

    with pytest.raises(AccountClosed):
        await activated(bureau, letter, opened)
    assert await states(bureau) == [Status.ACTIVE]
    await bureau.sign_in(name="sanne77", password=GOOD)


async def test_of_two_letters_whose_codes_are_given_at_once_one_gives_an_account(each_bureau: Bureau) -> None:
    letters = [await written(each_bureau, f"sanne9{number}") for number in range(4)]
    results = await asyncio.gather(
        *(activated(each_bureau, letter) for letter in letters), return_exceptions=True
    )
    assert sum(isinstance(each, Proven) for each in results) == 1
    assert sum(isinstance(each, Refusal) for each in results) == 3
    assert await states(each_bureau) == [Status.ACTIVE]
