"""Thousands of partners: held, fetched again and looked at without keeping anybody waiting."""

from __future__ import annotations

import asyncio

import pytest

from bench import partners
from tests.parts import full


@pytest.mark.timeout(600)
def test_thousands_of_partners_keep_nobody_waiting() -> None:
    told = asyncio.run(partners.measure(quick=not full()))
    assert [each.as_line() for each in told if not each.met] == []
