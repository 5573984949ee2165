"""The log: JSON lines, libraries' included, without a value that came from outside."""

from __future__ import annotations

import asyncio
import io
import json
import logging

import pytest

from toegang import log

CANARY = "123456782"


@pytest.fixture
def written() -> io.StringIO:
    """Have everything logged to a text."""
    stream = io.StringIO()
    log.configure("info", stream)
    return stream


def raised(text: str) -> Exception:
    try:
        int(f"{text} is not a number")
    except ValueError as error:
        return error
    raise AssertionError


def test_an_unforeseen_error_is_logged_by_kind_and_places_only(written: io.StringIO) -> None:
    log.trouble("request:trouble", raised(CANARY), handler="show")
    line = json.loads(written.getvalue())

    assert (line["kind"], line["level"], line["handler"]) == ("ValueError", "error", "show")
    assert line["places"][0].startswith("test_log.py:")
    assert CANARY not in written.getvalue()


def test_what_the_server_says_keeps_its_words_and_loses_its_values(written: io.StringIO) -> None:
    server = logging.getLogger("uvicorn.error")
    server.info("Started server process [%d]", 4711)
    server.warning("From %s", CANARY)
    server.error(f"Traceback (most recent call last):\n  {CANARY}")
    server.error(OSError(CANARY))
    server.error("Exception in ASGI application\n", exc_info=raised(CANARY))
    lines = [json.loads(line) for line in written.getvalue().splitlines()]

    assert [line["said"] for line in lines] == [
        "Started server process [4711]",
        "From %s",
        "Traceback (most recent call last):",
        "OSError",
        "Exception in ASGI application",
    ]
    assert lines[-1]["kind"] == "ValueError"
    assert CANARY not in written.getvalue()


async def test_of_what_the_event_loop_prints_only_the_kind_and_places_are_kept(written: io.StringIO) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"Task {CANARY}", "exception": raised(CANARY), "future": CANARY}
    )
    line = json.loads(written.getvalue())

    assert (line["logger"], line["kind"]) == ("asyncio", "ValueError")
    assert CANARY not in written.getvalue()


def test_requests_are_not_logged_at_all(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info('%s - "GET %s"', "198.51.100.1", f"/?bsn={CANARY}")
    assert written.getvalue() == ""
