"""Who we are toward cards, from a folder that an operator fills and that is read again when it changes.

    *.cvcert        our certificates for cards, the authority's first, in the order of their names
    terminal.pem    the key of the last (mode 0600)

Certificates of terminals live for weeks: a new one that is put there counts within a minute. What cannot be
read is not taken over while cards still take what there is: a folder may be seen half filled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from toegang import log
from toegang.catalogue.partners.cockpit import Dates
from toegang.clock import monotonic
from toegang.emrtd.terminals import Terminal, days_of
from toegang.emrtd.verify import AMSTERDAM
from toegang.errors import DocumentRefused, Misconfigured

if TYPE_CHECKING:
    from pathlib import Path

LOOK_EVERY: Final = 60.0  # seconds
KEY: Final = "terminal.pem"


@dataclass(slots=True, kw_only=True)
class TerminalFolder:
    """Our terminal, as it is now; read again every minute, and when the last day of its chain has passed."""

    path: Path
    look_every: float = LOOK_EVERY
    _terminal: Terminal | None = field(default=None, repr=False)
    _look_at: float = field(default=0.0, repr=False)

    def terminal(self, now: datetime) -> Terminal:
        """Return it.

        Raises:
            Misconfigured: the folder holds no chain that a card would take today, with its key.

        """
        present, today = monotonic(), now.astimezone(AMSTERDAM).date()
        if self._terminal is not None and self._terminal.last_day < today:
            self._terminal = None
        if self._terminal is None or present >= self._look_at:
            self._look_at = present + self.look_every
            try:
                self._terminal = load(self.path, now)
            except Misconfigured as fault:
                log.event("cards:terminal-refused", detail=fault.detail)
                if self._terminal is None:
                    raise
        return self._terminal


def dates_in(path: Path) -> tuple[Dates, ...]:
    """Return the dates of every certificate in the folder that can be read, also of one that is over.

    A certificate for cards holds through its last day in Amsterdam.
    """
    found = []
    for each in sorted(path.glob("*.cvcert")):
        try:
            octets = each.read_bytes()
            first, last = days_of(octets)
        except (OSError, DocumentRefused):
            continue  # `load` says what is wrong with the folder
        begins, ends = (
            datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)
            for day in (first, last + timedelta(days=1))
        )
        found.append(Dates(sha256(octets).hexdigest(), begins, ends, each.name))
    return tuple(found)


def load(path: Path, now: datetime) -> Terminal:
    """Read the folder.

    Raises:
        Misconfigured: it holds no chain that a card would take today, with its key.

    """
    try:
        chain = [each.read_bytes() for each in sorted(path.glob("*.cvcert"))]
        key = (path / KEY).read_bytes()
    except OSError as error:
        message = f"{path}: put *.cvcert and {KEY} there ({error.strerror})"
        raise Misconfigured(message) from error
    try:
        return Terminal.read(chain, key, now.astimezone(AMSTERDAM).date())
    except DocumentRefused as refusal:
        message = f"{path}: {refusal.detail}; no card would take it"
        raise Misconfigured(message) from refusal
