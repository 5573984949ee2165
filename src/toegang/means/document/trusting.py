"""Whom to believe of documents, from a folder that an operator fills and that is read again when it changes.

    authorities/   certificates that are believed by themselves (CSCA), PEM or DER
    links/         certificates by which an old key of an authority vouches for its next, PEM or DER
    lists/         lists of revoked certificates (CRL), DER
    masters/       master lists of states, DER, believed when an authority above vouches for their signer

Only `authorities` must be there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from toegang import log
from toegang.catalogue.partners.cockpit import Dates
from toegang.clock import monotonic
from toegang.emrtd.certificates import Certificate, name_on, read_bundle
from toegang.emrtd.master_list import open_master_list
from toegang.emrtd.policy import SUBSTANTIAL
from toegang.emrtd.trust import Trust
from toegang.errors import DocumentRefused, Misconfigured

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

LOOK_EVERY: Final = 60.0
"""Seconds between two looks at the folder: a list that was put there counts within a minute."""

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(slots=True, kw_only=True)
class TrustFolder:
    """Whom this node believes now. `fault` tells why a newer state of the folder was not taken over."""

    path: Path
    look_every: float = LOOK_EVERY
    fault: Misconfigured | None = None
    _trust: Trust | None = field(default=None, repr=False)
    _stamp: Stamp | None = field(default=None, repr=False)
    _look_at: float = field(default=0.0, repr=False)

    def trust(self, now: datetime) -> Trust:
        """Return whom to believe, read again when a file was seen to have changed.

        What cannot be read is not taken over: the node goes on with what it has.

        Raises:
            Misconfigured: there is nothing readable yet.

        """
        present = monotonic()
        if self._trust is not None and present < self._look_at:
            return self._trust
        self._look_at = present + self.look_every
        stamp = _stamp(self.path)
        if self._trust is not None and stamp == self._stamp:
            return self._trust
        try:
            self._trust, self.fault = load(self.path, now), None
        except Misconfigured as fault:
            if self._trust is None:
                raise
            self.fault = fault
            log.event("documents:trust-refused", detail=fault.detail)
        self._stamp = stamp
        return self._trust


def dates_in(path: Path) -> tuple[Dates, ...]:
    """Return the dates of the certificates that an operator put in the folder, also of one that is over.

    Those of a master list are not among them: they come and go with their list.
    """
    found = []
    for part in ("authorities", "links"):
        with suppress(Misconfigured):  # `load` says what is wrong with the folder
            for file in _files(path, part):
                with suppress(Misconfigured, DocumentRefused):
                    found += [_dates(each) for each in read_bundle(_octets(file))]
    return tuple(found)


def _dates(octets: bytes) -> Dates:
    one = Certificate.parse(octets)
    return Dates(sha256(octets).hexdigest(), one.not_before, one.not_after, name_on(octets))


def load(path: Path, now: datetime) -> Trust:
    """Read a folder, all of it.

    Raises:
        Misconfigured: a file that cannot be read or believed, by its name; or no authority at all.

    """
    roots = [each for file in _files(path, "authorities") for each in _bundle(file)]
    if not roots:
        message = f"{path}/authorities: put the certificates of authorities there"
        raise Misconfigured(message)
    links = [each for file in _files(path, "links") for each in _bundle(file)]
    lists = [_list(file) for file in _files(path, "lists")]
    try:
        trust = Trust.of(roots, links, lists)
    except DocumentRefused as refusal:
        message = f"{path}: {refusal.detail}"
        raise Misconfigured(message) from refusal
    for file in _files(path, "masters"):
        try:
            listed = open_master_list(_octets(file), trust, SUBSTANTIAL, now)
        except DocumentRefused as refusal:
            message = f"{file}: {refusal.detail}"
            raise Misconfigured(message) from refusal
        trust = trust.plus(listed.authorities)
    return trust


def _bundle(file: Path) -> tuple[bytes, ...]:
    try:
        found = read_bundle(_octets(file))
        for each in found:
            Certificate.parse(each).check_authority()
    except DocumentRefused as refusal:
        message = f"{file}: {refusal.detail}"
        raise Misconfigured(message) from refusal
    return found


def _list(file: Path) -> bytes:
    octets = _octets(file)
    try:
        Trust.of((), lists=[octets])
    except DocumentRefused as refusal:
        message = f"{file}: {refusal.detail}"
        raise Misconfigured(message) from refusal
    return octets


def _octets(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"{file}: cannot be read ({error.strerror})"
        raise Misconfigured(message) from error


def _files(path: Path, part: str) -> list[Path]:
    folder = path / part
    try:
        return sorted(each for each in folder.iterdir() if each.is_file()) if folder.is_dir() else []
    except OSError as error:
        message = f"{folder}: cannot be read ({error.strerror})"
        raise Misconfigured(message) from error


def _stamp(path: Path) -> Stamp:
    found = []
    for part in ("authorities", "links", "lists", "masters"):
        try:
            files = _files(path, part)
        except Misconfigured:
            found.append((part, 0, 0))  # another state than a folder with nothing in it
            continue
        for file in files:
            with suppress(OSError):
                stat = file.stat()
                found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(found)
