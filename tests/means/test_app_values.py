"""Pairings, apps and codes without any I/O: every step that is not in the table is refused."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.means.telephones import APP
from tests.storage.test_apps import app
from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import AppClosed, Misconfigured, Refusal, StepOutOfOrder
from toegang.means.app.meeting import FAIR, code_of
from toegang.means.app.own_apps import ground_of
from toegang.means.app.pairing import NEXT, Action, Flow, Pairing, State
from toegang.means.app.policy import CODE_ALPHABET
from toegang.means.app.values import AppStatus, Turned, turn_hash
from toegang.means.base import Factor
from toegang.means.kinds import KINDS
from toegang.web.agents import browser_of
from toegang.web.qr import picture_of

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
STEPS = list(itertools.product(Flow, State, Action))


def pairing(flow: Flow, state: State) -> Pairing:
    return Pairing(flow=flow, state=state, browser="b", means=MeansId("app"), language="nl", until=NOW)


def reached(flow: Flow) -> set[State]:
    """Return every state that a flow can come to."""
    found, before = {State.BEGUN}, set[State]()
    while found != before:
        before = set(found)
        found |= {NEXT[step] for step in NEXT if step[0] is flow and step[1] in before}
    return found


@pytest.mark.parametrize("flow", Flow)
def test_every_step_that_is_not_in_the_table_is_refused(flow: Flow) -> None:
    illegal = [step for step in STEPS if step[0] is flow and step not in NEXT]
    assert len(illegal) > len(State) * len(Action) / 2
    accepted = [
        (state, action)
        for _, state, action in illegal
        if not isinstance(pairing(flow, state).after(action), StepOutOfOrder)
    ]
    assert accepted == []


@pytest.mark.parametrize("flow", Flow)
def test_every_step_in_the_table_leads_where_it_says(flow: Flow) -> None:
    for known, state, action in NEXT:
        if known is flow:
            after = pairing(flow, state).after(action, misses=3)
            assert isinstance(after, Pairing)
            assert (after.state, after.misses) == (NEXT[flow, state, action], 3)


@pytest.mark.parametrize("flow", Flow)
def test_ending_is_refused_in_no_state(flow: Flow) -> None:
    refused = [state for state in State if isinstance(pairing(flow, state).after(Action.END), Refusal)]
    assert refused == []


def test_an_app_is_proven_or_activated_only_by_way_of_a_scan_and_its_keys() -> None:
    ways: dict[Flow, dict[State, set[State]]] = {flow: {} for flow in Flow}
    for (flow, state, _), after in NEXT.items():
        ways[flow].setdefault(after, set()).add(state)
    assert ways[Flow.LOGIN][State.DONE] == {State.CONFIRMED, State.APPROVED}
    # Approved on this device, it is kept while its document is checked.
    assert ways[Flow.LOGIN][State.CONFIRMED] == {State.SCANNED, State.APPROVED}
    assert ways[Flow.LOGIN][State.SCANNED] == {State.MET, State.CALLED}
    assert ways[Flow.LOGIN][State.APPROVED] == {State.OPENED}
    assert reached(Flow.BY_DESK) == {State.BEGUN, State.SCANNED, State.KEYED, State.DONE, State.ENDED}
    for flow in (Flow.BY_SMS, Flow.BY_APP, Flow.BY_DESK):
        assert ways[flow][State.DONE] == {State.KEYED}
        assert State.LETTER not in reached(flow)
    assert ways[Flow.BY_LETTER][State.DONE] == {State.LETTER}
    assert ways[Flow.BY_LETTER][State.LETTER] == {State.KEYED}


def test_no_state_of_a_flow_is_a_dead_end_but_its_ends() -> None:
    ends = {State.DONE, State.ENDED, State.SPENT}
    for flow in Flow:
        for state in reached(flow) - ends:
            onward = {action for known, at, action in NEXT if (known, at) == (flow, state)}
            assert onward - {Action.END}, (flow, state)


def test_a_turn_counts_once_and_the_one_before_it_until_it_is_used() -> None:
    made = app(turn=turn_hash("first"))
    assert made.order_of("first") is Turned.IN_ORDER
    second = made.given("first", "second", NOW)
    assert second.order_of("second") is Turned.IN_ORDER
    assert second.order_of("first") is Turned.IN_ORDER  # the answer may have been lost
    again = second.given("first", "third", NOW)
    assert again.order_of("second") is Turned.COPIED
    third = second.given("second", "third", NOW)
    assert third.order_of("first") is Turned.COPIED
    assert third.order_of("never given") is Turned.COPIED


def test_five_wrong_pins_in_a_row_block_an_app_and_a_right_one_forgives() -> None:
    made = app()
    for _ in range(4):
        made = made.missed(5)
    assert made.refusal is None
    assert made.given("a", "b", NOW).failures == 0
    blocked = made.missed(5)
    assert isinstance(blocked.refusal, AppClosed)
    assert (blocked.status, blocked.reach) == (AppStatus.BLOCKED, None)


def test_stopping_is_for_good() -> None:
    stopped = app().stopped("person", NOW)
    assert (stopped.status, stopped.name) == (AppStatus.STOPPED, "")
    assert stopped.stopped("copied", NOW) is stopped


def test_every_letter_of_a_code_is_equally_likely() -> None:
    found = Counter(code_of(bytes([octet]), 4)[:1] for octet in range(FAIR))
    assert set(found) == set(CODE_ALPHABET)
    assert len(set(found.values())) == 1
    assert code_of(bytes(range(FAIR, 256)), 4) == ""


@pytest.mark.parametrize(
    ("factors", "flow"),
    [
        ((Factor.PASSWORD,), Flow.BY_LETTER),
        ((Factor.PASSWORD, Factor.SMS_CODE), Flow.BY_SMS),
        ((Factor.APP,), Flow.BY_APP),
    ],
)
def test_how_somebody_logged_in_is_the_ground(factors: tuple[Factor, ...], flow: Flow) -> None:
    assert ground_of(factors) is flow


@pytest.mark.parametrize("ceiling", Level)
def test_an_app_is_admitted_for_substantial_at_most(ceiling: Level) -> None:
    admission = replace(APP, ceiling=ceiling)
    if ceiling <= Level.SUBSTANTIAL:
        KINDS["app"](admission)
        return
    with pytest.raises(Misconfigured):
        KINDS["app"](admission)


@pytest.mark.parametrize("factors", [(), (Factor.EXTERNAL,), (Factor.SMS_CODE,), (Factor.BENCH,)])
def test_no_other_login_is_a_ground(factors: tuple[Factor, ...]) -> None:
    with pytest.raises(Refusal):
        ground_of(factors)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/605",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Firefox/140.0", "Firefox on macOS"),
        ("curl/8.0", "unknown"),
        ("<script>alert(1)</script>", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_browser_is_told_in_words_of_ours(agent: str, said: str) -> None:
    assert browser_of(agent).en == said


def test_a_picture_has_the_quiet_zone_that_the_norm_asks() -> None:
    picture = picture_of("https://toegang.example/app/#AAAAAAAAAAAAAAAAAAAAAA")
    assert picture.path.startswith("M4 4h1v1h-1z")
    assert picture.side == 4 + 33 + 4
