"""A forgotten password: letter and number, in that order, in one browser, for one account."""

from __future__ import annotations

import pytest

from tests.means.bureau import (
    DAAN,
    NOBODY,
    OTHER,
    SANNE,
    Bureau,
    account_of,
    browser,
    particulars,
)
from toegang.assurance import Level
from toegang.audit.events import AccountRecovered
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    LoginElsewhere,
    OneTimeGone,
    PasswordTooWeak,
    StepOutOfOrder,
    TooManyTries,
)
from toegang.means.citizen.account import Status
from toegang.means.citizen.misuse import Report
from toegang.means.citizen.notices import KIND, ProofsWithdrawn
from toegang.means.citizen.records import Stage
from toegang.means.citizen.recovering import Claimant

MINE = Claimant(name="sanne88", bsn=SANNE)
NEW = "negen paarse wolken boven het wad"


async def asked(bureau: Bureau) -> str:
    await bureau.door.recovering.ask(browser(), MINE, "nl", bureau.now)
    return await bureau.letter_code()


@pytest.mark.parametrize(
    "claimant",
    [
        Claimant(name="nobody88", bsn=SANNE),
        Claimant(name="sanne88", bsn=DAAN),
        Claimant(name="sanne88", bsn=NOBODY),
    ],
    ids=["no such name", "another's number", "nobody's number"],
)
async def test_a_claim_that_does_not_fit_is_answered_alike_and_brings_no_letter(
    bureau: Bureau, claimant: Claimant
) -> None:
    await bureau.active()
    await bureau.door.recovering.ask(browser(), claimant, "nl", bureau.now)
    assert await bureau.letters() == []
    with pytest.raises(CredentialsWrong):
        await bureau.door.recovering.open(browser(), claimant, "2222-2222-2222", bureau.now)


async def test_letter_and_number_and_a_new_password_let_the_person_in_again(bureau: Bureau) -> None:
    await bureau.active()
    code = await asked(bureau)
    recovering = bureau.door.recovering
    id_ = await recovering.open(browser(), MINE, code, bureau.now)
    await recovering.send_code(id_, browser(), bureau.now)
    await recovering.prove_number(id_, browser(), await bureau.texted_code(), bureau.now)
    await recovering.choose_password(id_, browser(), NEW, bureau.now)
    with pytest.raises(CredentialsWrong):
        await bureau.sign_in()
    proven = await bureau.sign_in(Level.LOW, password=NEW)
    assert proven.authentication.level is Level.LOW
    (event,) = [event for event in await bureau.events() if isinstance(event, AccountRecovered)]
    assert event.by == "letter-and-sms-code"


async def test_recovery_withdraws_what_was_proven_before_and_says_so(bureau: Bureau) -> None:
    before = await bureau.active(number=None)
    code = await asked(bureau)
    bureau.later(seconds=1)
    id_ = await bureau.door.recovering.open(browser(), MINE, code, bureau.now)
    await bureau.door.recovering.choose_password(id_, browser(), NEW, bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.means.check_usable(before.authentication, bureau.now)
    (notice,) = [ProofsWithdrawn.read(message) for message in await bureau.sent(KIND)]
    assert (notice.why, notice.account) == ("recovered", before.authentication.subject.identifier)


async def test_whoever_lost_the_number_recovers_by_letter_and_falls_back_to_basis(bureau: Bureau) -> None:
    await bureau.active()
    code = await asked(bureau)
    id_ = await bureau.door.recovering.open(browser(), MINE, code, bureau.now, keep_number=False)
    await bureau.door.recovering.choose_password(id_, browser(), NEW, bureau.now)
    assert (await bureau.account()).reach is Level.BASIC


async def test_a_locked_account_is_opened_by_recovery_and_a_blocked_one_is_not(bureau: Bureau) -> None:
    account = account_of(await bureau.active(number=None))
    await bureau.door.reporting.report(account, Report(login="REF-1"), bureau.now)
    code = await asked(bureau)
    id_ = await bureau.door.recovering.open(browser(), MINE, code, bureau.now)
    await bureau.door.recovering.choose_password(id_, browser(), NEW, bureau.now)
    assert (await bureau.account()).status is Status.ACTIVE
    await bureau.door.operating.block(account, "fraud", bureau.now)
    await bureau.door.recovering.ask(browser(), MINE, "nl", bureau.now)
    assert await bureau.letters() == []
    await bureau.door.operating.unblock(account, bureau.now)
    assert (await bureau.account()).status is Status.LOCKED


async def test_an_account_blocked_during_recovery_is_not_opened(bureau: Bureau) -> None:
    account = account_of(await bureau.active(number=None))
    id_ = await bureau.door.recovering.open(browser(), MINE, await asked(bureau), bureau.now)
    await bureau.door.operating.block(account, "fraud", bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.recovering.choose_password(id_, browser(), NEW, bureau.now)
    assert (await bureau.account()).status is Status.BLOCKED


async def test_five_wrong_codes_spend_the_letter(bureau: Bureau) -> None:
    await bureau.active()
    code = await asked(bureau)
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            await bureau.door.recovering.open(browser(), MINE, "wrong", bureau.now)
    with pytest.raises(OneTimeGone):
        await bureau.door.recovering.open(browser(), MINE, code, bureau.now)


async def test_a_recovery_belongs_to_one_browser_and_ends_once(bureau: Bureau) -> None:
    await bureau.active(number=None)
    recovering = bureau.door.recovering
    id_ = await recovering.open(browser(), MINE, await asked(bureau), bureau.now)
    with pytest.raises(LoginElsewhere):
        await recovering.choose_password(id_, browser("other"), NEW, bureau.now)
    with pytest.raises(PasswordTooWeak):
        await recovering.choose_password(id_, browser(), "short", bureau.now)
    await recovering.choose_password(id_, browser(), NEW, bureau.now)
    with pytest.raises(CredentialsWrong):
        await bureau.sign_in()


async def test_the_number_cannot_be_skipped(bureau: Bureau) -> None:
    await bureau.active()
    recovering = bureau.door.recovering
    id_ = await recovering.open(browser(), MINE, await asked(bureau), bureau.now)
    with pytest.raises(StepOutOfOrder):
        await recovering.choose_password(id_, browser(), NEW, bureau.now)
    found = await recovering.find(id_, browser(), bureau.now)
    assert (found.stage, found.number_ending) == (Stage.CODE, "78")


async def test_a_wrong_code_to_the_number_counts_is_recorded_and_five_are_the_end(bureau: Bureau) -> None:
    await bureau.active()
    recovering = bureau.door.recovering
    id_ = await recovering.open(browser(), MINE, await asked(bureau), bureau.now)
    await recovering.send_code(id_, browser(), bureau.now)
    code = await bureau.texted_code()
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            await recovering.prove_number(id_, browser(), "wrong", bureau.now)
    with pytest.raises(OneTimeGone):
        await recovering.prove_number(id_, browser(), code, bureau.now)
    assert (await bureau.names_of_events()).count("account:signin-failed") == 6


async def test_letters_of_recovery_are_limited_without_telling(bureau: Bureau) -> None:
    await bureau.active()
    for _ in range(7):
        await bureau.door.recovering.ask(browser(), MINE, "nl", bureau.now)
    assert len(await bureau.letters()) == bureau.desk.policy.letters.most


async def test_recoveries_per_network_are_limited(bureau: Bureau) -> None:
    for _ in range(bureau.desk.policy.recoveries.most):
        await bureau.door.recovering.ask(browser(), MINE, "nl", bureau.now)
    with pytest.raises(TooManyTries):
        await bureau.door.recovering.ask(browser(), MINE, "nl", bureau.now)


async def test_the_letter_of_one_account_does_not_open_another(bureau: Bureau) -> None:
    await bureau.active()
    await bureau.active(particulars(DAAN), name="daan99", password=OTHER, number=None)
    code = await asked(bureau)
    his = Claimant(name="daan99", bsn=DAAN)
    await bureau.door.recovering.ask(browser(), his, "nl", bureau.now)
    with pytest.raises(CredentialsWrong):
        await bureau.door.recovering.open(browser(), his, code, bureau.now)
