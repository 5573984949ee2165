"""S20: a true assertion that was meant for somebody else, another request or another time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.saml.parties import HUB, IDP, SP
from tests.saml.samples import ASSERTION, NOW, RESPONSE
from toegang.errors import ProofInvalid
from toegang.saml.bearer import SKEW, Expected, check_bearer, check_response
from toegang.saml.messages import Assertion, Response

HERE = "https://sp.example/acs"
EXPECTED = Expected(
    issuer=HUB,
    audience=SP,
    recipient=HERE,
    request="_request",
    asked_at=NOW,
    posted=True,
    authenticated_since=NOW,
)
[BEARER] = ASSERTION.confirmations
assert ASSERTION.authn
AUTHN = ASSERTION.authn
LATER, EARLIER = NOW + SKEW + timedelta(seconds=1), NOW - SKEW - timedelta(seconds=1)
END = NOW + timedelta(minutes=2)


@pytest.mark.requires("SAMLProf-4.1.4.3")
def test_an_assertion_for_us_is_taken_and_remembered_until_it_is_over() -> None:
    check_response(RESPONSE, EXPECTED, NOW)
    assert check_bearer(ASSERTION, EXPECTED, NOW) == END + SKEW
    longer = replace(ASSERTION, not_on_or_after=END + timedelta(hours=1))
    assert check_bearer(longer, EXPECTED, NOW) == END + timedelta(hours=1) + SKEW


@pytest.mark.parametrize("now", [NOW - SKEW, NOW, END + SKEW - timedelta(microseconds=1)])
def test_honest_clocks_may_differ_by_a_minute(now: datetime) -> None:
    check_response(RESPONSE, EXPECTED, now)
    check_bearer(ASSERTION, EXPECTED, now)


@pytest.mark.parametrize(
    "now", [NOW - SKEW - timedelta(microseconds=1), END + SKEW, END + timedelta(days=365)]
)
def test_too_early_or_too_late_is_refused(now: datetime) -> None:
    with pytest.raises(ProofInvalid):
        check_bearer(ASSERTION, EXPECTED, now)


BEARERS = [
    replace(BEARER, recipient=""),
    replace(BEARER, recipient=HERE + "/"),
    replace(BEARER, recipient=HERE.upper()),
    replace(BEARER, recipient=HERE.replace("https://sp.example", "https://sp.example:443")),
    replace(BEARER, recipient="https://other.example/acs"),
    replace(BEARER, in_response_to=""),
    replace(BEARER, in_response_to="_other"),
    replace(BEARER, not_on_or_after=None),
    replace(BEARER, not_on_or_after=EARLIER),
    replace(BEARER, not_before=NOW),
    replace(BEARER, method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"),
    replace(BEARER, method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"),
]


@pytest.mark.parametrize(
    "bent",
    [
        replace(ASSERTION, issuer=IDP),
        replace(ASSERTION, issuer=""),
        replace(ASSERTION, issued_at=LATER),
        replace(ASSERTION, issued_at=EARLIER),
        replace(ASSERTION, confirmations=()),
        replace(ASSERTION, confirmations=(BEARER, BEARER)),
        *(replace(ASSERTION, confirmations=(each,)) for each in BEARERS),
        replace(ASSERTION, not_before=None),
        replace(ASSERTION, not_before=LATER),
        replace(ASSERTION, not_on_or_after=None),
        replace(ASSERTION, not_on_or_after=EARLIER),
        replace(ASSERTION, audiences=()),
        replace(ASSERTION, audiences=((),)),
        replace(ASSERTION, audiences=((HUB,),)),
        replace(ASSERTION, audiences=((SP,), (HUB,))),
        replace(ASSERTION, audiences=((SP + "/",),)),
        replace(ASSERTION, authn=None),
        replace(ASSERTION, authn=replace(AUTHN, at=LATER)),
        replace(ASSERTION, authn=replace(AUTHN, at=EARLIER)),
        replace(ASSERTION, authn=replace(AUTHN, session_until=EARLIER)),
    ],
)
@pytest.mark.requires("SAMLProf-4.1.4.2", "SAMLProf-4.1.4.3")
def test_an_assertion_for_others_or_that_does_not_say_is_refused(bent: Assertion) -> None:
    with pytest.raises(ProofInvalid):
        check_bearer(bent, EXPECTED, NOW)


@pytest.mark.parametrize(
    "bent",
    [
        replace(RESPONSE, issuer=IDP),
        replace(RESPONSE, in_response_to=""),
        replace(RESPONSE, in_response_to="_other"),
        replace(RESPONSE, destination=""),
        replace(RESPONSE, destination="https://other.example/acs"),
        replace(RESPONSE, issued_at=LATER),
        replace(RESPONSE, issued_at=EARLIER),
    ],
)
@pytest.mark.requires("SAMLProf-4.1.4.3", "SAMLBind-3.5.5.2")
def test_a_response_for_others_is_refused(bent: Response) -> None:
    with pytest.raises(ProofInvalid):
        check_response(bent, EXPECTED, NOW)


def test_a_response_behind_a_ticket_need_not_say_where_it_was_sent_but_may_not_lie() -> None:
    fetched = replace(EXPECTED, posted=False)
    check_response(replace(RESPONSE, destination=""), fetched, NOW)
    with pytest.raises(ProofInvalid):
        check_response(replace(RESPONSE, destination="https://other.example/acs"), fetched, NOW)


@pytest.mark.parametrize(
    "expected",
    [
        replace(EXPECTED, issuer=""),
        replace(EXPECTED, audience=""),
        replace(EXPECTED, recipient=""),
        replace(EXPECTED, request=""),
    ],
)
def test_nothing_is_not_the_same_as_nothing(expected: Expected) -> None:
    bearer = replace(BEARER, recipient=expected.recipient, in_response_to=expected.request)
    bent = replace(ASSERTION, issuer=expected.issuer, confirmations=(bearer,))
    with pytest.raises(ProofInvalid):
        check_bearer(bent, expected, NOW)
