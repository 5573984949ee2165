"""The figures of the citizen account: limits, lifetimes and waits, each with its ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

NO_WAIT = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How often something may be tried: `most` within `window`, counted from the first try.

    After `free` tries each next one must wait: `first_wait` doubled every time, never over `longest_wait`.
    """

    most: int
    window: timedelta
    free: int = 0
    first_wait: timedelta = NO_WAIT
    longest_wait: timedelta = NO_WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Limits and lifetimes; the defaults are those of NIST-SP800-63B-4 or of live national hubs.

    A limit on a network counts failures only, since thousands of people may share one. `failures_most`
    is the number of consecutive failures after which only known devices and recovery are left
    (NIST-SP800-63B-3.2.2: at most 100); their owner is then warned, within `warnings`. An application or
    a recovery may be given its lifetime anew `extensions` times (WCAG22-2.2.1: at least ten).
    What could tell by its time whether somebody has an account is answered at whole steps of
    `answer_step`, which is longer than the work takes (security line L03).
    """

    telephone_prefixes: frozenset[str] = frozenset({"+31"})
    context_words: tuple[str, ...] = ("toegang", "overheid", "burger", "inloggen", "wachtwoord", "welkom")

    application_lifetime: timedelta = timedelta(minutes=45)
    sign_in_lifetime: timedelta = timedelta(minutes=30)
    recovery_lifetime: timedelta = timedelta(minutes=30)
    extensions: int = 10

    letter_code_lifetime: timedelta = timedelta(days=20)
    letter_code_tries: int = 5
    letters: Limit = Limit(most=5, window=timedelta(days=30))

    desk_code_lifetime: timedelta = timedelta(days=3)
    desk_codes: Limit = Limit(most=100, window=timedelta(minutes=10))

    sms_code_digits: int = 6
    sms_code_lifetime: timedelta = timedelta(minutes=10)
    sms_code_tries: int = 5
    sms_code_sends: int = 4
    sms_failures: Limit = Limit(most=10, window=timedelta(hours=1))
    sms_short: Limit = Limit(most=2, window=timedelta(minutes=1))
    sms_daily: Limit = Limit(most=20, window=timedelta(days=1))
    sms_network: Limit = Limit(most=200, window=timedelta(minutes=10))

    mail_code_digits: int = 6
    mail_code_lifetime: timedelta = timedelta(minutes=15)
    mail_code_tries: int = 5
    mail_short: Limit = Limit(most=2, window=timedelta(minutes=1))
    mail_daily: Limit = Limit(most=5, window=timedelta(days=1))
    mail_of_account: Limit = Limit(most=10, window=timedelta(days=1))
    notice_changes: Limit = Limit(most=10, window=timedelta(days=1))
    mail_failures: Limit = Limit(most=10, window=timedelta(hours=1))

    name_tries: Limit = Limit(
        most=30,
        window=timedelta(hours=1),
        free=4,
        first_wait=timedelta(seconds=2),
        longest_wait=timedelta(minutes=2),
    )
    device_tries: Limit = Limit(most=10, window=timedelta(minutes=10))
    network_failures: Limit = Limit(most=200, window=timedelta(minutes=10))
    same_password: Limit = Limit(most=10, window=timedelta(hours=1))
    applications: Limit = Limit(most=50, window=timedelta(hours=1))
    places: Limit = Limit(most=1, window=timedelta(days=30))
    reports: Limit = Limit(most=20, window=timedelta(hours=1))
    reports_of_one: Limit = Limit(most=3, window=timedelta(days=1))
    downloads: Limit = Limit(most=10, window=timedelta(days=1))
    recoveries: Limit = Limit(most=50, window=timedelta(hours=1))
    failures_most: int = 100
    device_failures_most: int = 10
    warnings: Limit = Limit(most=1, window=timedelta(days=30))

    device_lifetime: timedelta = timedelta(days=180)
    devices_most: int = 20
    step_up_age: timedelta = timedelta(minutes=10)
    fresh_login_age: timedelta = timedelta(minutes=15)
    answer_step: timedelta = timedelta(milliseconds=50)
    number_rest: timedelta = timedelta(days=3)
    register_check_age: timedelta = timedelta(days=1)
    register_check_grace: timedelta = timedelta(days=7)
