"""Letters to ourselves: what another version wrote is read where it can be, and is over where it cannot."""

from __future__ import annotations

import json

import pytest

from toegang.errors import OneTimeGone
from toegang.provider import letters
from toegang.provider.saml.logout import AnswerTo
from toegang.saml.names import Binding

LETTER = AnswerTo(
    connection="a-connection",
    request="a-request",
    binding=Binding.POST,
    location="https://partner.example/slo",
    relay_state=None,
    relay_limit=80,
)


def test_a_letter_is_read_as_it_was_written_and_what_is_unknown_is_passed_over() -> None:
    written = letters.write(LETTER)
    assert letters.read(written, AnswerTo) == LETTER
    assert letters.read(json.dumps({**json.loads(written), "more": [1]}), AnswerTo) == LETTER


@pytest.mark.parametrize("away", json.loads(letters.write(LETTER)))
def test_a_letter_without_what_it_needs_is_over(away: str) -> None:
    found = json.loads(letters.write(LETTER))
    del found[away]
    with pytest.raises(OneTimeGone, match="another version"):
        letters.read(json.dumps(found), AnswerTo)


@pytest.mark.parametrize("written", ["", "{", "[]", "7", '{"binding": "a-binding-of-later"}'])
def test_what_is_no_letter_of_this_kind_is_over(written: str) -> None:
    with pytest.raises(OneTimeGone):
        letters.read(written, AnswerTo)
