"""Attacks need a bureau, as the tests of the means do, and a house, as the journeys do."""

from dataclasses import replace

import pytest

from tests.journeys.conftest import house, house_secrets, lone_house, lone_quiet, quiet
from tests.means.conftest import bureau, each_bureau
from tests.web.conftest import cards, counter, made, town
from toegang.oidc.profile import BASIC, PROFILES

__all__ = [
    "bureau",
    "cards",
    "counter",
    "each_bureau",
    "house",
    "house_secrets",
    "lone_house",
    "lone_quiet",
    "made",
    "quiet",
    "town",
]


@pytest.fixture
def signed_access_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give parties that prove themselves by a secret the signed access tokens of the other profiles."""
    monkeypatch.setitem(PROFILES, "basic", replace(BASIC, opaque_access_token=False))
