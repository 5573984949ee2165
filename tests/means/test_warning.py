"""The owner hears of many failures, once in a while, and nobody is locked out by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.means.bureau import GOOD, OTHER, SANNE, Bureau, browser, bureau_on, registered
from toegang.assurance import Level
from toegang.audit.events import AccountOwnerWarned
from toegang.errors import CredentialsWrong, Unavailable
from toegang.means.citizen.notifying import Teller
from toegang.means.citizen.policy import Policy
from toegang.means.citizen.warning import KIND, OwnerWarnings

FEW = Policy(failures_most=3)


@pytest.fixture
def few(bureau: Bureau) -> Bureau:
    """Have a cap of three failures; a hundred take hours of the clock."""
    return bureau_on(bureau.database, bureau.clock, FEW)


async def fail(bureau: Bureau, times: int, name: str = "sanne88") -> None:
    """Try a wrong password so often, from somewhere else."""
    for _ in range(times):
        login = await bureau.start(visitor=browser("thief"))
        with pytest.raises(CredentialsWrong):
            await bureau.password(login, name, OTHER, browser("thief"))
        bureau.later(minutes=3)


async def carried(bureau: Bureau) -> int:
    """Carry what waits for the owner, and return how much it was."""
    messages = await bureau.sent(KIND)
    for message in messages:
        await OwnerWarnings(teller=Teller(desk=bureau.desk, clock=bureau.clock)).carry(message)
    return len(messages)


async def test_fewer_failures_than_the_cap_warn_nobody(few: Bureau) -> None:
    await few.active()
    await fail(few, 2)
    assert await carried(few) == 0


async def test_failures_of_a_name_that_nobody_has_warn_nobody(few: Bureau) -> None:
    await fail(few, 4, "nobody-has-this")
    assert await carried(few) == 0


@pytest.mark.requires("NIST-SP800-63B-3.2.2")
async def test_the_owner_gets_a_text_message_once_in_a_month(few: Bureau) -> None:
    await few.active()
    await few.texts()
    await fail(few, 7)
    assert await carried(few) == 2
    (text,) = await few.texts()
    assert text["to"] == "+31612345678"
    assert "probeert" in text["text"]
    few.later(days=31)
    await fail(few, 2)
    assert await carried(few) == 1
    assert len(await few.texts()) == 1


async def test_the_owner_without_a_number_gets_a_letter(few: Bureau) -> None:
    await few.active(number=None)
    await fail(few, 3)
    assert await carried(few) == 1
    (letter,) = await few.letters()
    assert letter["purpose"] == "failures-letter"
    (event,) = [event for event in await few.events() if isinstance(event, AccountOwnerWarned)]
    assert (event.by, event.tries) == ("letter", 3)


async def test_a_register_that_is_away_delays_the_letter_and_no_login(few: Bureau) -> None:
    proven = await few.active(number=None)
    few.register.away = True
    await fail(few, 3)
    (message,) = await few.sent(KIND)
    warnings = OwnerWarnings(teller=Teller(desk=few.desk, clock=few.clock))
    with pytest.raises(Unavailable):
        await warnings.carry(message)
    few.register.away = False
    await warnings.carry(message)
    await warnings.carry(message)
    assert len(await few.letters()) == 1
    await few.sign_in(visitor=browser(device=proven.device))


async def test_who_has_no_number_and_no_address_is_not_written_to(few: Bureau) -> None:
    await few.active(number=None)
    await fail(few, 3)
    few.register.people[SANNE] = replace(registered(SANNE), address=None)
    await carried(few)
    assert await few.letters() == []


async def test_wrong_codes_count_too_and_the_owner_still_gets_in(few: Bureau) -> None:
    proven = await few.active()
    known = browser("home", device=proven.device)
    login = await few.start(Level.LOW, visitor=known)
    await few.password(login, visitor=known)
    code = await few.texted_code()
    for _ in range(3):
        with pytest.raises(CredentialsWrong):
            await few.door.signing_in.sms_code(login, known, "wrong", few.now)
    assert await carried(few) == 1
    await few.door.signing_in.sms_code(login, known, code, few.now)
    await few.sign_in(visitor=known, password=GOOD)
