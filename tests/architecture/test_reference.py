"""The reference pages say what the code says."""

from scripts.reference.__main__ import outdated


def test_the_reference_pages_are_what_the_code_says() -> None:
    assert outdated() == [], "run `make reference`"
