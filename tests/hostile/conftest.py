"""Attacks on accounts need a bureau, as the tests of the means do."""

from tests.means.conftest import bureau, each_bureau

__all__ = ["bureau", "each_bureau"]
