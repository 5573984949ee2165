"""The values and rules of the citizen account, without any I/O."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.means.bureau import CHEAP, GOOD, SECRET, registered
from toegang.assurance import Level
from toegang.errors import (
    AccountClosed,
    LoginElsewhere,
    Misconfigured,
    OneTimeGone,
    PasswordTooWeak,
    Refusal,
    Unavailable,
    ValueRefused,
)
from toegang.identity.numbers import Bsn
from toegang.ids import SystemIds
from toegang.keys.secret import FindingKey
from toegang.means.citizen.account import NEXT, Account, AccountId, Act, Status, age
from toegang.means.citizen.codes import Code, CodeHash
from toegang.means.citizen.desk import can_get_letter
from toegang.means.citizen.hashing import Hasher
from toegang.means.citizen.names import canonical, check_name
from toegang.means.citizen.passwords import check_password, normal
from toegang.means.citizen.policy import Limit, Policy
from toegang.means.citizen.throttle import Tally, seconds_to_wait
from toegang.means.citizen.visitor import Visitor, network_of

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
PEPPER = FindingKey.derive(SECRET, "pepper")
KEY = FindingKey.derive(SECRET, "account code")
LEGAL = {
    (Status.REQUESTED, Act.ACTIVATE),
    (Status.ACTIVE, Act.SUSPEND),
    (Status.ACTIVE, Act.LOCK),
    (Status.SUSPENDED, Act.LOCK),
    (Status.ACTIVE, Act.RECOVER),
    (Status.SUSPENDED, Act.RECOVER),
    (Status.LOCKED, Act.RECOVER),
    (Status.ACTIVE, Act.BLOCK),
    (Status.SUSPENDED, Act.BLOCK),
    (Status.LOCKED, Act.BLOCK),
    (Status.BLOCKED, Act.UNBLOCK),
    *((status, Act.HOLD) for status in Status if status not in {Status.HELD, Status.ENDED}),
}
ILLEGAL = [
    (status, act) for status in Status for act in Act if act is not Act.END and (status, act) not in LEGAL
]


def account(status: Status = Status.ACTIVE, number: bytes | None = None) -> Account:
    return Account(
        id=AccountId(SystemIds().uuid()),
        person=None,
        status=status,
        name=b"n",
        password="p",
        language="nl",
        since=NOW,
        number=number,
    )


@pytest.mark.parametrize(("status", "act"), ILLEGAL, ids=str)
def test_an_act_that_the_table_does_not_know_is_refused(status: Status, act: Act) -> None:
    assert isinstance(account(status).after(act), AccountClosed)


@pytest.mark.parametrize("status", Status, ids=str)
def test_ending_is_never_refused(status: Status) -> None:
    after = account(status).after(Act.END)
    assert isinstance(after, Account)
    assert after.status is Status.ENDED


@pytest.mark.parametrize("status", [each for each in Status if (each, Act.HOLD) in LEGAL], ids=str)
def test_an_account_that_is_released_is_again_what_it_was(status: Status) -> None:
    held = account(status).after(Act.HOLD)
    assert isinstance(held, Account)
    assert (held.status, held.reach) == (Status.HELD, None)
    released = held.after(Act.RELEASE)
    assert isinstance(released, Account)
    assert (released.status, released.held_from) == (status, None)


def test_misuse_that_is_reported_while_an_account_is_held_locks_what_it_will_be() -> None:
    at = account()
    for act in (Act.HOLD, Act.LOCK, Act.BLOCK, Act.UNBLOCK, Act.RELEASE):
        after = at.after(act)
        assert isinstance(after, Account)
        at = after
    assert at.status is Status.LOCKED


@pytest.mark.parametrize("act", [Act.ACTIVATE, Act.RECOVER, Act.SUSPEND, Act.HOLD])
def test_no_act_of_a_person_changes_an_account_that_is_held(act: Act) -> None:
    held = account().after(Act.HOLD)
    assert isinstance(held, Account)
    assert isinstance(held.after(act), AccountClosed)


def test_the_table_holds_the_legal_acts_and_ending() -> None:
    assert set(NEXT) == LEGAL | {(status, Act.END) for status in Status}


@pytest.mark.requires("eIDAS-2015/1502-2.2.3")
def test_no_act_but_activation_and_recovery_makes_an_account_active() -> None:
    assert {act for (_, act), status in NEXT.items() if status is Status.ACTIVE} == {
        Act.ACTIVATE,
        Act.RECOVER,
    }


@pytest.mark.parametrize("status", Status, ids=str)
def test_only_an_active_account_reaches_a_level(status: Status) -> None:
    reach = account(status, b"number").reach
    assert reach is (Level.LOW if status is Status.ACTIVE else None)


def test_what_never_was_is_older_than_everything() -> None:
    assert age(None, NOW) > timedelta(days=10_000)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("abc", "name.length"),
        ("a" * 33, "name.length"),
        ("sanne de wit", "name.characters"),
        ("sanne<script>", "name.characters"),
        ("999990019", "name.bsn"),
        ("999.990.019", "name.bsn"),
    ],
)
def test_a_name_that_may_not_be_is_refused_with_a_reason(typed: str, reason: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        check_name(typed)
    assert (refused.value.field, refused.value.reason) == ("name", reason)


@pytest.mark.requires("RFC8265-3.3")
@given(st.text(max_size=60))
def test_the_canonical_form_of_a_name_is_its_own(typed: str) -> None:
    assert canonical(canonical(typed)) == canonical(typed)


@pytest.mark.parametrize("typed", ["SANNE88", " sanne88 ", "\uff33\uff41\uff4e\uff4e\uff45\uff18\uff18"])
def test_one_name_has_one_form_however_it_is_typed(typed: str) -> None:
    assert check_name(typed) == "sanne88"


@pytest.mark.requires("NIST-SP800-63B-3.1.1.2")
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("kort maar goed", "password.too-short"),
        ("lang " * 40, "password.too-long"),
        ("aaaaaaaaaaaaaaaaaa", "password.repeats"),
        ("123456789012345678", "password.sequence"),
        ("zxcvbnm,./zxcvbnm,./", "password.repeats"),
        ("toegangtoegang12", "password.context-word"),
        ("sanne88sanne88sanne88", "password.context-word"),
    ],
)
def test_a_weak_password_is_refused_with_a_reason(typed: str, reason: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        check_password(typed, (*Policy().context_words, "sanne88"))
    assert reason in refused.value.reasons


@pytest.mark.requires("NIST-SP800-63B-3.1.1.2")
@pytest.mark.parametrize(
    "typed", [GOOD, "ééééén zomeravond met λόγος", "只有一个非常长的中文密码句子而已吗", "x" * 3 + GOOD * 3]
)
def test_any_characters_make_a_good_password_when_there_are_enough(typed: str) -> None:
    assert check_password(typed, ()) == normal(typed)


def test_a_password_is_one_password_however_the_keyboard_composes_it() -> None:
    assert normal("cafe\u0301 onder de linde") == normal("caf\u00e9 onder de linde")


async def test_the_whole_password_counts() -> None:
    hasher = Hasher({1: PEPPER}, cost=CHEAP)
    stored = await hasher.hash(GOOD * 4)
    assert await hasher.verify(stored, GOOD * 4)
    assert not await hasher.verify(stored, GOOD * 4 + "x")
    assert not await hasher.verify(stored, (GOOD * 4)[:72])
    assert not await hasher.verify(None, GOOD * 4)
    hasher.close()


async def test_nobodys_password_costs_a_hash_too() -> None:
    hasher = Hasher({1: PEPPER}, cost=CHEAP)
    assert not await hasher.verify(None, GOOD)
    assert hasher.done == 1
    hasher.close()


async def test_a_stolen_hash_is_worth_nothing_without_the_pepper() -> None:
    mine, theirs = Hasher({1: PEPPER}, cost=CHEAP), Hasher({1: KEY}, cost=CHEAP)
    assert not await theirs.verify(await mine.hash(GOOD), GOOD)
    mine.close()
    theirs.close()


async def test_an_older_pepper_still_verifies_and_is_outdated() -> None:
    old, new = Hasher({1: PEPPER}, cost=CHEAP), Hasher({1: PEPPER, 2: KEY}, cost=CHEAP)
    stored = await old.hash(GOOD)
    assert await new.verify(stored, GOOD)
    assert new.is_outdated(stored)
    assert not old.is_outdated(stored)
    missing = Hasher({2: KEY}, cost=CHEAP)
    with pytest.raises(Misconfigured):
        await missing.verify(stored, GOOD)
    for each in (old, new, missing):
        each.close()


async def test_more_people_than_the_queue_holds_are_sent_away_at_once() -> None:
    hasher = Hasher({1: PEPPER}, cost=CHEAP, threads=1, queue=3)
    results = await asyncio.gather(*(hasher.verify(None, GOOD) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(result, Unavailable) for result in results) == 6
    assert hasher.waiting == 0
    hasher.close()


def test_hashing_without_a_pepper_is_a_mistake() -> None:
    with pytest.raises(Misconfigured):
        Hasher({})


def code(**changes: object) -> Code:
    fresh: dict[str, object] = {"hash": b"right", "until": NOW + timedelta(minutes=10), "tries": 5}
    return Code(**(fresh | changes))  # type: ignore[arg-type]


@pytest.mark.requires("NIST-SP800-63B-3.1.3.2")
@pytest.mark.parametrize(
    "gone", [code(tries=0), code(fitted=True), code(until=NOW)], ids=["guessed out", "used", "expired"]
)
def test_a_code_that_is_gone_is_not_looked_at(gone: Code) -> None:
    assert isinstance(gone.tried(b"right", NOW), OneTimeGone)


def test_each_guess_counts_and_only_the_right_one_fits() -> None:
    wrong = code().tried(b"wrong", NOW)
    assert not isinstance(wrong, Refusal)
    assert (wrong.tries, wrong.fitted) == (4, False)
    right = wrong.tried(b"right", NOW)
    assert not isinstance(right, Refusal)
    assert (right.tries, right.fitted) == (3, True)


def test_a_new_code_gives_no_tries_back() -> None:
    assert code(tries=2).replaced(b"new", NOW).tries == 2
    assert code().after(code(tries=1)).tries == 1
    assert code().after(None).tries == 5


def test_a_code_is_of_one_purpose_and_one_subject() -> None:
    hashes = CodeHash(key=KEY)
    same = hashes.of("login", "one", "12-34 56")
    assert same == hashes.of("login", "one", "123456")
    assert same != hashes.of("login", "two", "123456")
    assert same != hashes.of("recovery", "one", "123456")


SLOW = Limit(
    most=8,
    window=timedelta(hours=1),
    free=3,
    first_wait=timedelta(seconds=2),
    longest_wait=timedelta(seconds=10),
)


@pytest.mark.parametrize(
    ("count", "wait"), [(1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (6, 10), (7, 10), (8, 3600), (9, 3600)]
)
def test_waiting_doubles_after_the_free_tries_up_to_the_end_of_the_window(count: int, wait: int) -> None:
    assert seconds_to_wait(Tally(count=count, began=NOW, last=NOW), SLOW, NOW) == wait


def test_nobody_waits_before_the_first_try_or_after_the_wait() -> None:
    assert seconds_to_wait(None, SLOW, NOW) == 0
    assert seconds_to_wait(Tally(count=3, began=NOW, last=NOW), SLOW, NOW + timedelta(seconds=2)) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_is_counted_in_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize("secret", [None, "", "another"])
def test_a_step_is_refused_to_any_other_browser(secret: str | None) -> None:
    own = Visitor(browser="own", network="")
    own.check_browser(own.browser_hash)
    with pytest.raises(LoginElsewhere):
        Visitor(browser=secret, network="").check_browser(own.browser_hash)
    with pytest.raises(LoginElsewhere):
        Visitor(browser=secret, network="").check_browser("")


def test_a_device_token_of_another_length_is_nobodys() -> None:
    short = Visitor(browser="own", network="", device="short")
    assert short.device_hash == Visitor(browser="own", network="").device_hash
    assert short.device_hash != Visitor(browser="own", network="", device="x" * 43).device_hash


def test_nothing_secret_is_shown_by_a_visitor() -> None:
    shown = repr(Visitor(browser="browser-secret", network="192.0.2.0/24", device="device-secret"))
    assert "secret" not in shown
    assert "192" not in shown


def test_a_letter_goes_to_living_residents_with_an_address() -> None:
    assert can_get_letter(registered(Bsn.parse("999990019")))
    assert not can_get_letter(None)
