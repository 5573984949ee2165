"""Citizen service numbers: what is one, and what only looks like one."""

from __future__ import annotations

import pytest

from toegang.identity.numbers import Bsn


@pytest.mark.parametrize(
    "text", ["", "12", "0", "1", "9999900", "999990018", "9999900190", "99999001a", "999 990 01", "000000000"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a citizen service number"):
        Bsn.parse(text)


@pytest.mark.parametrize("text", ["999990019", "9999.90.019", "999 990 019"])
def test_a_number_may_be_typed_with_spaces_and_full_stops(text: str) -> None:
    assert Bsn.parse(text).digits == "999990019"


def test_a_number_is_never_shown() -> None:
    assert "9999" not in f"{Bsn.parse('999990019')} {Bsn.parse('999990019')!r}"
