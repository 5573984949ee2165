"""A request is read as it was sent: whole, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from toegang.errors import TooLarge
from toegang.web.visits import header_of, read_body

GONE: Message = {"type": "http.disconnect"}
HEADERS = [(b"user-agent", b"first"), (b"user-agent", b"second"), (b"accept-language", b"nl\xe9")]


def piece(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def sent(pieces: Sequence[Message]) -> tuple[Request, list[Message]]:
    """Return a request whose body comes in pieces, and those that nobody read yet."""
    left = list(pieces)

    async def receive() -> Message:
        return left.pop(0)

    return Request({"type": "http", "method": "POST", "headers": HEADERS}, receive), left


async def test_a_body_in_pieces_is_read_up_to_its_end_and_no_further() -> None:
    request, left = sent([piece(b"a=", more=True), piece(b"", more=True), piece(b"1", more=False), GONE])
    assert await read_body(request, 3) == b"a=1"
    assert left == [GONE]
    assert await read_body(sent([{"type": "http.request"}])[0]) == b""


@pytest.mark.parametrize("came", [[], [piece(b"a=1", more=True)]])
async def test_a_body_that_breaks_off_is_never_taken_for_a_whole_one(came: list[Message]) -> None:
    with pytest.raises(ClientDisconnect):
        await read_body(sent([*came, GONE])[0])


async def test_a_body_that_becomes_too_large_is_not_read_to_its_end() -> None:
    request, left = sent([piece(b"ab", more=True), piece(b"cd", more=True), piece(b"ef", more=False)])
    with pytest.raises(TooLarge):
        await read_body(request, 3)
    assert len(left) == 1


def test_of_a_header_that_comes_twice_the_first_counts_and_one_that_is_missing_is_empty() -> None:
    request, _ = sent([])
    told = [header_of(request, each) for each in (b"user-agent", b"accept-language", b"cookie")]
    assert told == ["first", "nl\xe9", ""]
