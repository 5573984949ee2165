"""What is hot compares and hashes as what is frozen; the type checker sees to it that nobody sets a field."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from toegang.hot import hot


@hot(frozen=True, slots=True, kw_only=True)
class Quick:
    name: str
    at: int = 3
    held: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    name: str
    at: int = 3
    held: tuple[str, ...] = field(default=(), repr=False)


@hot(frozen=True, slots=True, kw_only=True, eq=False)
class Alone:
    name: str


def test_it_compares_and_hashes_by_its_fields_and_not_with_another_class() -> None:
    one, same, other = Quick(name="a"), Quick(name="a"), replace(Quick(name="a"), at=4)
    assert (one == same, one == other, {one, same, other}) == (True, False, {one, other})
    assert hash(one) == hash(same) == hash(Guarded(name="a"))
    unlike: object = Guarded(name="a")
    assert one != unlike
    assert Alone(name="a") != Alone(name="a")


def test_it_is_shown_and_refuses_what_a_frozen_one_does() -> None:
    assert repr(Quick(name="a", held=("b",))) == "Quick(name='a', at=3)"
    for wrong in ((), ("a",)):
        with pytest.raises(TypeError):
            Quick(*wrong)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Quick(name="a").other = 1  # type: ignore[attr-defined]


def test_what_is_hot_says_that_it_is_frozen() -> None:
    with pytest.raises(TypeError):
        hot(frozen=False, slots=True, kw_only=True)
