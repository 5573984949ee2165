"""The log: one JSON object a line, on standard error, without personal data.

What happened to whom stands in the audit trail. The log is for whoever keeps the machine running: it
gets names of events, stable codes and details that our own code wrote, never a value from a request.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Write events of `level` (debug, info, warning, error) and above to `stream`."""
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


def event(name: str, /, **facts: object) -> None:
    """Log an ordinary event."""
    structlog.get_logger().info(name, **facts)


def trouble(name: str, /, error: BaseException | None = None, **facts: object) -> None:
    """Log that something is wrong; of `error` only its kind and where it was raised, not its text."""
    structlog.get_logger().error(name, trouble=error, **facts)


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
