"""Numbers of organisations: read once, or not at all."""

from __future__ import annotations

import pytest

from toegang.identity.numbers import KvkNumber, Rsin


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234567a", "\uff11" * 8, " 12345678"])
def test_what_is_no_number_of_the_trade_register_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="KVK"):
        KvkNumber.parse(text)


@pytest.mark.parametrize("text", ["", "12345678", "123456789", "00000000a", "999990019 ", "000000000"])
def test_what_is_no_rsin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="RSIN"):
        Rsin.parse(text)


def test_numbers_of_organisations_are_written_as_they_were_read() -> None:
    assert str(KvkNumber.parse("01234567")) == "01234567"
    assert str(Rsin.parse("999990019")) == "999990019"
