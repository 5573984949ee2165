"""The log, caught in a text."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from toegang import log


@contextmanager
def logged(to: TextIO) -> Iterator[None]:
    """Have everything logged to a text, and the libraries' handlers put back afterwards."""
    before, level = logging.root.handlers, logging.root.level
    log.configure("info", to)
    try:
        yield
    finally:
        logging.root.handlers, logging.root.level = before, level
        log.configure("error")
        logging.root.handlers = before
