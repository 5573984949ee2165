"""A ring on disk: a directory with `ring.toml` (the dates) and one PEM file per key (mode 0600).

    [[key]]
    kid = "..."                            # also the PEM's name: <kid>.pem
    alg = "ES256"
    published_from = 2026-01-01T00:00:00Z
    active_from = 2026-01-09T00:00:00Z
    retires_at = 2026-07-01T00:00:00Z      # may be absent

In a ring of SAML each key has its certificate beside it: <kid>.crt (PEM).

`KeyDirectory` is what a running node holds: it notices a change by itself, without restart.
changes.py is what the operator's commands call to write here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from toegang.clock import monotonic
from toegang.errors import Malformed, Misconfigured
from toegang.keys import certificates
from toegang.keys.ring import Algorithm, KeyRecord, KeyRing
from toegang.keys.secret import check_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from toegang.keys.certificates import Certificate
    from toegang.keys.jwk import PrivateKeyObject

RING_FILE = "ring.toml"
FIELDS = frozenset({"kid", "alg", "published_from", "active_from", "retires_at", "withdrawn_at"})

Stamp = tuple[int, int, int]


LOOK_EVERY = 1.0
"""Seconds between two looks at the file: asking the disk three times a login is felt."""


@dataclass(slots=True, kw_only=True)
class KeyDirectory:
    """The ring in use on this node. `fault` tells why a newer state on disk was not taken over.

    `look_every` is the seconds for which a change on disk may go unnoticed. With `certified` every key
    must have a certificate. An `optional` ring is empty until its first key is made; one that was there
    and went away is a fault like any other.
    """

    path: Path
    certified: bool = False
    optional: bool = False
    look_every: float = LOOK_EVERY
    fault: Misconfigured | None = None
    _ring: KeyRing | None = field(default=None, repr=False)
    _stamp: Stamp | None = field(default=None, repr=False)
    _look_at: float = field(default=0.0, repr=False)

    def ring(self) -> KeyRing:
        """Return the ring, read again when the file was seen to have changed.

        A change that cannot be read is not taken over: the node goes on with what it has, and `fault`
        is for the readiness page and the operator.

        Raises:
            Misconfigured: there is no readable ring yet.

        """
        present = monotonic()
        if self._ring is not None and present < self._look_at:
            return self._ring
        self._look_at = present + self.look_every
        stamp = _stamp(self.path)
        if self._ring is not None and stamp == self._stamp:
            return self._ring
        begun = self._ring is not None and bool(self._ring.keys)
        if self.optional and not begun and _is_absent(self.path):
            self._ring, self._stamp, self.fault = KeyRing(keys=()), None, None
            return self._ring
        try:
            self._ring = load(self.path, known=self._ring, certified=self.certified)
            self.fault = None
        except Misconfigured as fault:
            if self._ring is None:
                raise
            self.fault = fault
        self._stamp = stamp
        return self._ring


def load(path: Path, known: KeyRing | None = None, *, certified: bool = False) -> KeyRing:
    """Read the whole directory; private keys that `known` already has are not parsed again.

    Certificates are read only when asked (`certified`), and then none may be missing.

    Raises:
        Misconfigured: the file, a key, a date or a certificate is missing, wrong, or readable by others.

    """
    try:
        text = (path / RING_FILE).read_text(encoding="utf-8")
        entries = tomllib.loads(text).get("key", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path / RING_FILE}: cannot be read ({error})"
        raise Misconfigured(message) from error
    loaded = {key.kid: key.private for key in known.keys} if known else {}
    if not isinstance(entries, list):
        message = f"{path / RING_FILE}: write each key under [[key]]"
        raise Misconfigured(message)
    records = [_record(path, entry, loaded) for entry in entries]
    if certified:
        records = [replace(each, certificate=certificate_of(path, each.kid)) for each in records]
    return KeyRing(keys=tuple(records))


def certificate_of(path: Path, kid: str) -> Certificate:
    """Return the certificate that stands beside a key.

    Raises:
        Misconfigured: there is none that can be read.

    """
    file = path / f"{kid}.crt"
    try:
        return certificates.read(file.read_bytes())
    except OSError as error:
        message = f"{file}: cannot be read ({error.strerror}); each key needs its certificate"
        raise Misconfigured(message) from error
    except Malformed as error:
        message = f"{file}: {error.detail}"
        raise Misconfigured(message) from error


def _record(path: Path, entry: object, loaded: Mapping[str, PrivateKeyObject]) -> KeyRecord:
    if not isinstance(entry, dict) or not {"kid", "alg"} <= entry.keys() <= FIELDS:
        message = f"{path / RING_FILE}: a key has the fields {', '.join(sorted(FIELDS))}"
        raise Misconfigured(message)
    kid = entry["kid"]
    # The name becomes a file name: a thumbprint, never a path.
    if not isinstance(kid, str) or not kid.replace("-", "").replace("_", "").isalnum():
        message = f"{path / RING_FILE}: a kid is an RFC 7638 thumbprint"
        raise Misconfigured(message)
    try:
        algorithm = Algorithm(entry["alg"])
    except ValueError as error:
        message = f"key {kid}: {entry['alg']} is not one of {', '.join(a.value for a in Algorithm)}"
        raise Misconfigured(message) from error
    return KeyRecord(
        kid=kid,
        algorithm=algorithm,
        published_from=_moment(kid, entry, "published_from"),
        active_from=_moment(kid, entry, "active_from"),
        retires_at=_moment(kid, entry, "retires_at") if "retires_at" in entry else None,
        withdrawn_at=_moment(kid, entry, "withdrawn_at") if "withdrawn_at" in entry else None,
        private=loaded.get(kid) or read_private(path / f"{kid}.pem"),
    )


def _moment(kid: str, entry: Mapping[str, object], name: str) -> datetime:
    value = entry.get(name)
    if not isinstance(value, datetime) or value.tzinfo is None:
        message = f"key {kid}: {name} must be a date with time and zone, as 2026-01-01T00:00:00Z"
        raise Misconfigured(message)
    return value.astimezone(UTC)


def read_private(path: Path) -> PrivateKeyObject:
    """Return the private key in a file.

    Raises:
        Misconfigured: no file that only its owner can read, or no key in PEM, RSA or P-256.

    """
    check_private(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        message = f"{path}: not a private key in PEM without password"
        raise Misconfigured(message) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        message = f"{path}: use an RSA or a P-256 key"
        raise Misconfigured(message)
    return key


def _is_absent(path: Path) -> bool:
    """Tell whether there is no ring; one that cannot be looked at may well be there."""
    try:
        (path / RING_FILE).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _stamp(path: Path) -> Stamp | None:
    try:
        found = (path / RING_FILE).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
