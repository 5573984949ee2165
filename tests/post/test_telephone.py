"""Only a mobile number of a country that we send to becomes a `Telephone`; it is never shown."""

from __future__ import annotations

import pytest

from toegang.errors import NumberNotUsable
from toegang.post.telephone import Telephone

HOME = frozenset({"+31", "+32"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "geen nummer",
        "020 123 4567",  # a line in a wall
        "0900 1234",  # the receiver pays
        "06 1234567",  # too short
        "06 123456789",  # too long
        "+31 6 12345678 ext. 5",
        "+44 7400 123456",  # a country that we do not send to
        "+882 16 1234 5678",  # a satellite
        "06" * 10_000,
        "\x00\u202e",
    ],
)
def test_what_cannot_receive_a_code_is_refused(text: str) -> None:
    with pytest.raises(NumberNotUsable):
        Telephone.parse(text, HOME)


@pytest.mark.parametrize("text", ["06-12345678", "0031 6 1234 5678", "+31612345678", " +31 (0)6 12345678 "])
def test_one_number_is_one_value_however_it_is_written(text: str) -> None:
    assert Telephone.parse(text, HOME).number == "+31612345678"


def test_a_number_of_another_allowed_country_has_that_countrys_prefix() -> None:
    assert Telephone.parse("+32 470 12 34 56", HOME).prefix == "+32"


def test_a_number_is_never_shown_but_for_its_last_two_digits() -> None:
    telephone = Telephone.parse("06-12345678", HOME)
    assert telephone.ending == "78"
    assert "123456" not in f"{telephone} {telephone!r}"
