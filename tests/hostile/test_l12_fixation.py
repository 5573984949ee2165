"""L12: a login, an application or a recovery begun by one browser is of no use in another."""

from __future__ import annotations

import pytest

from tests.means.bureau import GOOD, NUMBER, SANNE, Bureau, browser, particulars
from toegang.assurance import Level
from toegang.errors import LoginElsewhere
from toegang.means.citizen.attempts import Credentials
from toegang.means.citizen.recovering import Claimant
from toegang.means.citizen.visitor import Visitor

OTHERS = [browser("attacker"), Visitor(browser=None, network=""), Visitor(browser="", network="")]
IDS = ["another browser", "no cookie", "an empty cookie"]


@pytest.mark.parametrize("visitor", OTHERS, ids=IDS)
async def test_every_step_of_a_sign_in_is_refused(bureau: Bureau, visitor: Visitor) -> None:
    await bureau.active()
    signing_in = bureau.door.signing_in
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    code = await bureau.texted_code()
    typed = Credentials(name="sanne88", password=GOOD)
    for step in (
        signing_in.find(login, visitor, bureau.now),
        signing_in.password(login, visitor, typed, bureau.now),
        signing_in.sms_code(login, visitor, code, bureau.now),
        signing_in.resend(login, visitor, bureau.now),
        signing_in.activate(login, visitor, "code", bureau.now),
    ):
        with pytest.raises(LoginElsewhere):
            await step
    await signing_in.sms_code(login, browser(), code, bureau.now)


@pytest.mark.parametrize("visitor", OTHERS, ids=IDS)
async def test_every_step_of_an_application_is_refused(bureau: Bureau, visitor: Visitor) -> None:
    applying = bureau.door.applying
    id_ = await applying.begin(browser(), particulars(), "nl", bureau.now)
    typed = Credentials(name="sanne88", password=GOOD)
    for step in (
        applying.choose_credentials(id_, visitor, typed, bureau.now),
        applying.give_number(id_, visitor, NUMBER, bureau.now),
        applying.confirm_number(id_, visitor, "123456", bureau.now),
        applying.finish(id_, visitor, bureau.now),
    ):
        with pytest.raises(LoginElsewhere):
            await step
    assert await bureau.texts() == []


async def test_an_application_of_a_browser_without_cookie_is_nobodys(bureau: Bureau) -> None:
    nobody = Visitor(browser=None, network="")
    id_ = await bureau.door.applying.begin(nobody, particulars(), "nl", bureau.now)
    with pytest.raises(LoginElsewhere):
        await bureau.door.applying.find(id_, nobody, bureau.now)


@pytest.mark.parametrize("visitor", OTHERS, ids=IDS)
async def test_every_step_of_a_recovery_is_refused(bureau: Bureau, visitor: Visitor) -> None:
    await bureau.active()
    recovering = bureau.door.recovering
    mine = Claimant(name="sanne88", bsn=SANNE)
    await recovering.ask(browser(), mine, "nl", bureau.now)
    id_ = await recovering.open(browser(), mine, await bureau.letter_code(), bureau.now)
    for step in (
        recovering.send_code(id_, visitor, bureau.now),
        recovering.prove_number(id_, visitor, "123456", bureau.now),
        recovering.choose_password(id_, visitor, GOOD, bureau.now),
    ):
        with pytest.raises(LoginElsewhere):
            await step


async def test_each_sign_in_gives_a_strange_browser_a_device_token_of_its_own(bureau: Bureau) -> None:
    first = await bureau.active()
    second = await bureau.sign_in(visitor=browser(device="planted"))
    assert len({first.device, second.device, "planted"}) == 3
