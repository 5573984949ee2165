"""Whether an answer is for us, now, to what we asked, from whom we asked it (SAMLProf-4.1.4.3, S20).

Its signature was verified before it could be read. That it is used once, in the browser that asked, is for
the caller: nothing is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NoReturn

from toegang.errors import ProofInvalid
from toegang.saml.messages import Assertion, AuthnStatement, Confirmation, Response
from toegang.saml.names import BEARER, SUCCESS

SKEW: Final = timedelta(seconds=60)
"""How far two honest clocks may be apart."""

LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""A moment beyond this is remembered as this: the calendar ends soon after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What was asked, out of the one row that was kept about it (S21).

    `issuer` was asked at `asked_at`, by `audience` (ourselves); the answer is taken at `recipient` and
    answers `request`. The login itself may not be older than `authenticated_since`. `posted` says that it
    came in a form.
    """

    issuer: str
    audience: str
    recipient: str
    request: str
    asked_at: datetime
    posted: bool
    authenticated_since: datetime | None = None


def check_response(response: Response, expected: Expected, now: datetime) -> None:
    """SAMLProf-4.1.4.3: check what a signed response says about itself.

    1. It is from whom we asked, and answers what we asked.
    2. It was sent to where it was taken: in a form it MUST say so (SAMLBind-3.5.5.2), elsewhere it may.
    3. It was not issued in the future, nor before it was asked.

    Raises:
        ProofInvalid: any of these is otherwise.

    """
    # 1.
    _same(response.issuer, expected.issuer, "the issuer of the response")
    _same(response.in_response_to, expected.request, "what the response answers")
    # 2.
    if expected.posted or response.destination:
        _same(response.destination, expected.recipient, "where the response was sent")
    # 3.
    _issued(response.issued_at, expected, now, "the response")


def check_around(response: Response, expected: Expected, now: datetime) -> None:
    """SAMLProf-4.1.4.2: refuse an unsigned response that contradicts the signed assertion in it.

    Nothing of it is believed: whoever wrote it can only have it refused by this. It need not say whom it is
    from, whom it answers or where it was sent; what it says must be true, and that somebody was proven.

    Raises:
        ProofInvalid: it says otherwise.

    """
    for said, expected_, what in (
        (response.issuer, expected.issuer, "the issuer of the response"),
        (response.in_response_to, expected.request, "what the response answers"),
        (response.destination, expected.recipient, "where the response was sent"),
    ):
        if said:
            _same(said, expected_, what)
    if response.status.code != SUCCESS:
        _refuse("a failure around an assertion")
    _issued(response.issued_at, expected, now, "the response")


def check_bearer(assertion: Assertion, expected: Expected, now: datetime) -> datetime:
    """SAMLProf-4.1.4.3: check an assertion that was brought by a browser; return until when it is remembered.

    1. It is from whom we asked, and was not issued in the future, nor before it was asked.
    2. One bearer confirmation, with our address, our request and an end, and without a beginning.
    3. Conditions with a beginning, an end and audiences, of which every restriction names us.
    4. One statement that says when and how somebody was authenticated; no session that is over, no login
       older than was asked.
    The caller must refuse the same (issuer, ID) until the moment that is returned (S24).

    Raises:
        ProofInvalid: any of these is otherwise, or not said.

    """
    # 1.
    _same(assertion.issuer, expected.issuer, "the issuer of the assertion")
    _issued(assertion.issued_at, expected, now, "the assertion")
    # 2.
    until = _confirmed(assertion.confirmations, expected, now)
    # 3.
    if assertion.not_before is None or assertion.not_on_or_after is None:
        _refuse("the assertion does not say from when until when it counts")
    _not_later(assertion.not_before, now, "the beginning of the assertion")
    _not_over(assertion.not_on_or_after, now, "the assertion")
    if not assertion.audiences or any(expected.audience not in group for group in assertion.audiences):
        _refuse("the assertion is for others")
    # 4.
    _authenticated(assertion.authn, expected, now)
    return min(max(until, assertion.not_on_or_after), LATEST) + SKEW


def _confirmed(confirmations: tuple[Confirmation, ...], expected: Expected, now: datetime) -> datetime:
    bearers = [each for each in confirmations if each.method == BEARER]
    if len(bearers) != 1:
        _refuse(f"{len(bearers)} bearer confirmations")
    [bearer] = bearers
    _same(bearer.recipient, expected.recipient, "the recipient")
    _same(bearer.in_response_to, expected.request, "what the assertion answers")
    if bearer.not_before is not None or bearer.not_on_or_after is None:
        _refuse("a bearer confirmation has an end and no beginning")
    _not_over(bearer.not_on_or_after, now, "the bearer confirmation")
    return bearer.not_on_or_after


def _authenticated(statement: AuthnStatement | None, expected: Expected, now: datetime) -> None:
    if statement is None:
        _refuse("nothing says how somebody was authenticated")
    _not_later(statement.at, now, "the authentication")
    if statement.session_until is not None:
        _not_over(statement.session_until, now, "the session")
    if expected.authenticated_since is not None and statement.at < expected.authenticated_since - SKEW:
        _refuse("the authentication is older than was asked")


def _same(said: str, expected: str, what: str) -> None:
    """Compare exactly: no case, port or slash is forgiven; what is not expected is never the same."""
    if not expected or said != expected:
        _refuse(f"{what} is another, or not said")


def _issued(at: datetime, expected: Expected, now: datetime, what: str) -> None:
    """SAMLCore-3.2.2: what answers a request nobody could guess was made after it."""
    _not_later(at, now, what)
    if at < expected.asked_at - SKEW:
        _refuse(f"{what} was issued before it was asked")


def _not_later(at: datetime, now: datetime, what: str) -> None:
    if at > now + SKEW:
        _refuse(f"{what} lies in the future")


def _not_over(until: datetime, now: datetime, what: str) -> None:
    if until <= now - SKEW:
        _refuse(f"{what} is over")


def _refuse(message: str) -> NoReturn:
    raise ProofInvalid(message)
