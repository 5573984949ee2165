"""Events: a closed list, fully explained, with bytes that never change."""

from __future__ import annotations

import dataclasses
import enum
import re
import types
import typing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audit.builders import completed, refused
from toegang.audit import events
from toegang.audit.encoding import commitments, decode, encode, headings, is_committed
from toegang.audit.event import Event, Personal
from toegang.audit.events import EVENTS, AccountSignInFailed, SignInFailure
from toegang.errors import Malformed
from toegang.ids import SystemIds

ID = UUID("01890000-0000-7000-8000-000000000000")
BASES = {"at"}


def salt(_: int) -> str:
    return "obviously-fake-salt-22"


def named(kind: type[Event]) -> set[str]:
    """Name every kind of event in the package; by name, for slots make of one class two."""
    own = {f"{kind.__module__}.{kind.__name__}"} if "name" in vars(kind) else set()
    children = (child for child in kind.__subclasses__() if child.__module__.startswith("toegang."))
    return own.union(*(named(child) for child in children))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"id":1,"name":"x","at":"y"}', b'{"id":"a","name":"no:such","at":"b"}']
)
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(body, {})


def test_an_event_with_a_field_of_another_type_is_refused() -> None:
    body = encode(completed(1), ID, salt).body.replace(b'"milliseconds":5001', b'"milliseconds":"x"')
    with pytest.raises(Malformed):
        decode(body, {})


def test_a_value_that_was_erased_is_not_recorded_again() -> None:
    event = AccountSignInFailed(
        at=datetime(2027, 1, 1, tzinfo=UTC), means="m", why=SignInFailure.CODE, person=Personal(None)
    )
    with pytest.raises(ValueError, match="erasing comes later"):
        encode(event, ID, salt)


def test_a_personal_value_is_never_shown_and_never_in_the_leaf() -> None:
    leaf = encode(completed(1), ID, salt)
    assert b"person-1" not in leaf.body
    assert "person-1" not in repr(completed(1)) + repr(leaf) + str(Personal.of("person-1"))
    [kept] = leaf.kept
    assert is_committed(kept, commitments(leaf.body)["person"])
    assert not is_committed(dataclasses.replace(kept, value="person-2"), commitments(leaf.body)["person"])
    assert not is_committed(kept, None)


def a_value(hint: Any) -> Any:  # noqa: ANN401 whatever a field may hold
    """Return a value of this type; about a person, where it may be."""
    if Personal in {hint, *typing.get_args(hint)}:
        return Personal.of("somebody")
    if isinstance(hint, types.UnionType):
        return None
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return next(iter(hint))
    known = {datetime: datetime(2027, 3, 1, tzinfo=UTC), UUID: ID}
    return known.get(hint) or (typing.get_origin(hint) or hint)()


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.name)
def test_every_value_about_a_person_is_committed_to_in_every_kind_of_event(kind: type[Event]) -> None:
    hints = {name: hint for name, hint in typing.get_type_hints(kind).items() if name != "name"}
    leaf = encode(kind(**{name: a_value(hint) for name, hint in hints.items()}), ID, salt)
    personal = {name for name, hint in hints.items() if Personal in {hint, *typing.get_args(hint)}}
    assert b"somebody" not in leaf.body
    assert {each.name for each in leaf.kept} == set(commitments(leaf.body)) == personal
    assert all("Personal" not in str(hint) for name, hint in hints.items() if name not in personal)


def test_the_list_is_closed_and_every_name_is_used_once() -> None:
    assert {f"{kind.__module__}.{kind.__name__}" for kind in EVENTS} == named(Event)
    names = [kind.name for kind in EVENTS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+:[a-z]+(-[a-z]+)*", name) for name in names)
    assert all(kind.__name__ in events.__all__ for kind in EVENTS)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.name)
def test_every_field_is_explained_and_personal_ones_say_why(kind: type[Event]) -> None:
    explained = " ".join(each.__doc__ or "" for each in kind.__mro__ if issubclass(each, Event))
    for field, hint in typing.get_type_hints(kind).items():
        if field in BASES or field == "name":
            continue
        assert f"`{field}`" in explained, field
        if Personal in typing.get_args(hint) or hint is Personal:
            assert re.search(rf"`{field}` is [^.;]*, (so that|to notice)", " ".join(explained.split())), field


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.name)
def test_no_field_can_hold_a_fraction_or_an_open_structure(kind: type[Event]) -> None:
    for hint in typing.get_type_hints(kind).values():
        parts = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        assert not {float, dict, list, object, typing.Any} & set(parts)


def test_the_bytes_of_an_event_are_these_for_good() -> None:
    at = datetime(2027, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
    body = encode(dataclasses.replace(refused(3), at=at), ID, salt).body
    assert body == (
        b'{"at":"2027-03-01T12:00:00.000005Z","client":"balie","code":"level-unreachable",'
        b'"id":"01890000-0000-7000-8000-000000000000","means":null,"name":"login:refused",'
        b'"organisation":"gemeente-voorbeeld","proven":null,"reference":"REF-3","required":30,'
        b'"sector":"municipalities","service":"5a000000-0000-4000-8000-000000000001","step":"choose-means"}'
    )
    assert headings(body) == (str(ID), "login:refused", "2027-03-01T12:00:00.000005Z", "REF-3")


@given(st.integers(0, 10**6), st.text(max_size=20))
def test_an_event_is_read_back_as_it_was(number: int, person: str) -> None:
    event = dataclasses.replace(completed(number), person=Personal(person))
    leaf = encode(event, SystemIds().uuid(), SystemIds().token)
    assert decode(leaf.body, {kept.name: kept.value for kept in leaf.kept}) == event
    assert decode(leaf.body, {}) == dataclasses.replace(event, person=Personal(None))
