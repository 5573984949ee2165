"""The log: one JSON object a line, on standard error, without personal data.

What happened to whom stands in the audit trail. The log is for whoever keeps the machine running: it
gets names of events, stable codes and details that our own code wrote, never a value from a request.
What libraries log (the server that listens, the event loop) goes the same way, with as little.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, TextIO

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
SERVER = "uvicorn.error"  # where the server says that it starts, stops, or was sent what is not HTTP


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Write events of `level` (debug, info, warning, error) and above to `stream`, libraries' included."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _plain_errors,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.root.handlers = [_Libraries()]
    logging.root.setLevel(logging.WARNING)
    # Said outright: without a level of its own the server prepares lines that nobody gets to see.
    logging.getLogger(SERVER).setLevel(max(LEVELS[level], logging.INFO))


def event(name: str, /, **facts: object) -> None:
    """Log an ordinary event."""
    structlog.get_logger().info(name, **facts)


def warning(name: str, /, **facts: object) -> None:
    """Log what is looser or worse than it should be, and does not stop the work."""
    structlog.get_logger().warning(name, **facts)


def trouble(name: str, /, error: BaseException | None = None, **facts: object) -> None:
    """Log that something is wrong; of `error` only its kind and where it was raised, not its text."""
    structlog.get_logger().error(name, trouble=error, **facts)


class _Libraries(logging.Handler):
    """Takes what libraries log: who said it, and of an error its kind and places.

    Their texts are left out, for they may hold values (the event loop prints whole tasks); only the
    server's own are kept, without what they were filled in with unless that is a number.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        facts: dict[str, object] = {"logger": record.name}
        if record.name == SERVER:
            facts["said"] = _said(record)
        if record.exc_info:
            facts["trouble"] = record.exc_info[1]
        structlog.get_logger().log(record.levelno, "library:said", **facts)


def _said(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    # A trace of a failed start comes as a text of many lines; its values stand behind the first.
    first = record.msg.partition("\n")[0]
    numbers = isinstance(record.args, tuple) and all(isinstance(each, int) for each in record.args)
    return first % record.args if record.args and numbers else first


def _plain_errors(_: object, __: str, entry: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Turn an exception into its kind and the places it came through: its text may hold a value."""
    error = entry.pop("trouble", None)
    if isinstance(error, BaseException):
        entry["kind"] = type(error).__name__
        places: list[str] = []
        at = error.__traceback__
        while at is not None:
            code = at.tb_frame.f_code
            places.append(f"{code.co_filename.rpartition('/')[2]}:{at.tb_lineno}:{code.co_name}")
            at = at.tb_next
        entry["places"] = places[-8:]
    return entry
