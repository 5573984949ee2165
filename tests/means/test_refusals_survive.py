"""Every refusal of the citizen account that writes something: what it counts, takes and records stays.

A refusal is returned from its unit and raised after the commit. One row of the table is one refusal: what
is raised, which events it leaves in the trail, and in which tables a row came, went or changed (a limit
that was reached already counts nothing more). Nothing else may have changed: a refusal leaves no half fact.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.means import refusals
from tests.means.bureau import Bureau
from tests.means.refusals import Act
from toegang.audit.events import AccountSignInFailed
from toegang.errors import (
    AccountClosed,
    AccountHeld,
    CredentialsWrong,
    OneTimeGone,
    Refusal,
    TooManyTries,
    ValueRefused,
)

Rows = dict[tuple[str, bytes], tuple[Any, ...]]

TABLES = {
    "account": ("id", "accounts"),
    "device": ("token", "account_devices"),
    "post": ("id", "outbox"),
    "texts": ("hour", "sms_counts"),
    "": ("id", "expiring"),
}


async def stored(bureau: Bureau) -> Rows:
    """Return every row that a refusal could touch, by its place and key."""
    found: Rows = {}
    for place, (key, table) in TABLES.items():
        column = "kind" if table == "expiring" else f"'{place}'"
        rows = await bureau.database.all(f"SELECT {column}, {key}, {table}.* FROM {table}", {})  # noqa: S608 our own words
        for kind, id_, *rest in rows:
            octets = bytes(id_) if isinstance(id_, bytes | memoryview) else str((id_, rest)).encode()
            found[str(kind), octets] = tuple(bytes(x) if isinstance(x, memoryview) else x for x in rest)
    return found


async def recorded(bureau: Bureau) -> list[str]:
    """Name what the trail holds, and why a sign-in failed."""
    return [
        f"failed: {event.why.value}" if isinstance(event, AccountSignInFailed) else event.name
        for event in await bureau.events()
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """What stays of one refusal."""

    refusal: type[Refusal]
    events: tuple[str, ...]
    kept: frozenset[str]


def row(refusal: type[Refusal], events: str = "", kept: str = "") -> Row:
    return Row(refusal, tuple(filter(None, events.split(", "))), frozenset(filter(None, kept.split(", "))))


TABLE: dict[Callable[[Bureau], Awaitable[Act]], Row] = {
    refusals.wrong_password: row(CredentialsWrong, "failed: password", "account, account tally"),
    refusals.wrong_password_on_a_known_device: row(
        CredentialsWrong, "failed: password", "account, account tally, device"
    ),
    refusals.nobodys_name: row(CredentialsWrong, "failed: name", "account tally"),
    refusals.too_many_passwords: row(TooManyTries, "failed: throttled"),
    refusals.the_last_failure_in_a_row: row(
        CredentialsWrong, "failed: password, account:locked", "account, account tally, post"
    ),
    refusals.right_password_of_a_locked_account: row(AccountClosed, "failed: closed"),
    refusals.right_password_of_who_died: row(AccountHeld, "account:hold-placed", "account, post"),
    refusals.wrong_code: row(CredentialsWrong, "failed: code", "account, account sign-in, account tally"),
    refusals.right_code_too_late: row(OneTimeGone, "failed: code-expired", "account tally"),
    refusals.right_code_after_five_wrong_ones: row(OneTimeGone, "failed: code-expired", "account tally"),
    refusals.wrong_codes_over_many_logins: row(TooManyTries, "failed: throttled"),
    refusals.a_third_code_within_a_minute: row(TooManyTries),
    refusals.wrong_letter_code: row(CredentialsWrong, "failed: code", "account letter code"),
    refusals.right_letter_code_after_five_wrong_ones: row(OneTimeGone, "failed: code"),
    refusals.right_letter_code_of_who_died: row(
        AccountHeld, "account:activated, account:hold-placed", "account, account letter code, post"
    ),
    refusals.too_many_recoveries: row(TooManyTries),
    refusals.too_many_recoveries_with_the_right_code: row(TooManyTries, "failed: code"),
    refusals.wrong_recovery_letter: row(
        CredentialsWrong, "failed: code", "account letter code, account tally"
    ),
    refusals.recovery_that_nobody_asked: row(OneTimeGone, "failed: code", "account tally"),
    refusals.wrong_code_in_recovery: row(CredentialsWrong, "failed: code", "account recovery"),
    refusals.right_code_in_recovery_too_late: row(OneTimeGone, "failed: code"),
    refusals.new_password_for_an_account_that_ended: row(AccountClosed, "", "account recovery"),
    refusals.wrong_old_password: row(CredentialsWrong, "failed: password", "account, account tally"),
    refusals.wrong_code_for_a_new_number: row(CredentialsWrong, "", "account number change, account tally"),
    refusals.too_many_codes_for_new_numbers: row(TooManyTries),
    refusals.too_many_applications: row(TooManyTries),
    refusals.wrong_code_in_an_application: row(CredentialsWrong, "", "account application"),
    refusals.a_third_code_of_an_application: row(TooManyTries),
    refusals.a_name_taken_meanwhile: row(ValueRefused, "", "account application, account tally"),
}


@pytest.mark.parametrize("prepare", TABLE, ids=lambda prepare: prepare.__name__)
async def test_what_a_refusal_counts_takes_and_records_survives_it(
    prepare: Callable[[Bureau], Awaitable[Act]], each_bureau: Bureau
) -> None:
    act = await prepare(each_bureau)
    before, events = await stored(each_bureau), await recorded(each_bureau)
    with pytest.raises(Refusal) as raised:
        await act()
    after = await stored(each_bureau)
    changed = {place for place, _ in dict(before.items() ^ after.items())}
    told = tuple((await recorded(each_bureau))[len(events) :])
    assert Row(type(raised.value), told, frozenset(changed)) == TABLE[prepare]
