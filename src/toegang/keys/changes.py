"""Changes to a ring on disk: what the operator's key commands do.

Each reads the ring, checks that the new one is a ring, and replaces `ring.toml` in one step; running
nodes take it over by themselves.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from toegang.errors import Malformed, Misconfigured
from toegang.keys import certificates
from toegang.keys.certificates import Subject
from toegang.keys.files import RING_FILE, load
from toegang.keys.jwk import public_members, thumbprint
from toegang.keys.ring import OVERLAP, Algorithm, KeyRecord, KeyRing, State, Use

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toegang.keys.certificates import Certificate
    from toegang.keys.jwk import PrivateKeyObject

RSA_BITS = 3072
"""Bits of RSA keys made here (NCSC-TLS: good); loaded ones may be 2048 for speed."""

NONE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How keys are made: the bits of RSA ones, and for whom each gets a certificate (None: it gets none)."""

    bits: int = RSA_BITS
    subject: Subject | None = None


PLAIN = Making()


def generate(
    path: Path,
    algorithm: Algorithm,
    *,
    now: datetime,
    making: Making = PLAIN,
    after: timedelta | None = None,
) -> KeyRecord:
    """Make a key: active at once when the algorithm has no key in use, else after the overlap.

    `after` is how long it is published before its use, when that is to be longer.

    Raises:
        Misconfigured: the directory holds an unreadable ring, or `after` is too short.

    """
    with _editing(path) as keys:
        known = {key.state(now) for key in keys if key.algorithm is algorithm}
        successor = bool(known & {State.ACTIVE, State.RETIRED})
        least = OVERLAP if successor else NONE
        record = _new(path, algorithm, making, now=now, after=least if after is None else after)
        _write(path, (*keys, record))
    return record


def rotate(
    path: Path, algorithm: Algorithm, *, now: datetime, making: Making = PLAIN, after: timedelta = OVERLAP
) -> KeyRecord:
    """Make the successor of the key in use, and let that one retire when the successor takes over.

    `after` is how long the successor is published before that: more than the overlap for partners who
    take over keys by hand.

    Raises:
        Misconfigured: nothing is in use for this algorithm, a successor is already waiting, or `after` is
            too short.

    """
    with _editing(path) as keys:
        current = _in_use(keys, algorithm, now)
        if current is None:
            message = f"no key in use for {algorithm.value}; generate one first"
            raise Misconfigured(message)
        if any(key.algorithm is algorithm and key.active_from > now for key in keys):
            message = f"a successor for {algorithm.value} is already published"
            raise Misconfigured(message)
        record = _new(path, algorithm, making, now=now, after=after)
        ended = replace(current, retires_at=record.active_from)
        _write(path, (*(ended if key is current else key for key in keys), record))
    return record


def retire(path: Path, kid: str, *, at: datetime, now: datetime) -> None:
    """End a key's use at `at`; it stays in the key set for the overlap.

    Raises:
        Misconfigured: unknown key, `at` in the past, or nothing would be in use after `at`.

    """
    with _editing(path) as keys:
        current = _get(keys, kid)
        if at < now:
            message = "a key cannot retire in the past; withdraw it instead"
            raise Misconfigured(message)
        rest = tuple(key for key in keys if key is not current)
        if _in_use(rest, current.algorithm, at) is None:
            message = f"key {kid}: no other key would be in use; rotate instead"
            raise Misconfigured(message)
        ended = replace(current, retires_at=at)
        _write(path, tuple(ended if key is current else key for key in keys))


def withdraw(path: Path, kid: str, *, now: datetime, making: Making = PLAIN) -> KeyRecord:
    """Take a key that may be in other hands out of use and out of the key set, at once.

    Returns a fresh key of the same algorithm, active at once, when nothing else was in use.

    Raises:
        Misconfigured: unknown key.

    """
    with _editing(path) as keys:
        current = _get(keys, kid)
        at = now.replace(microsecond=0)
        gone = replace(current, withdrawn_at=at)
        rest = tuple(gone if key is current else key for key in keys)
        record = _in_use(rest, current.algorithm, at)
        if record is None:
            record = _new(path, current.algorithm, making, now=at, after=NONE)
            rest = (*rest, record)
        _write(path, rest)
    return record


def place_certificate(path: Path, kid: str, pem: bytes, *, now: datetime) -> Certificate:
    """Put a certificate that an authority made beside its key, in place of the one there.

    Raises:
        Misconfigured: unknown key, not a certificate, one of another key, or one that has ended.

    """
    with _editing(path) as keys:
        current = _get(keys, kid)
        try:
            found = certificates.read(pem)
        except Malformed as error:
            raise Misconfigured(error.detail) from error
        replace(current, certificate=found)
        if found.not_after <= now:
            message = f"this certificate ended on {found.not_after:%Y-%m-%d}"
            raise Misconfigured(message)
        _write_private(path / f"{kid}.crt", found.pem.encode())
        # Written anew though nothing in it changed: that is what running nodes look at.
        _write(path, keys)
    return found


def _new(path: Path, algorithm: Algorithm, making: Making, *, now: datetime, after: timedelta) -> KeyRecord:
    at = now.astimezone(UTC).replace(microsecond=0)
    private, kid = _make(algorithm, making.bits)
    record = KeyRecord(
        kid=kid,
        algorithm=algorithm,
        published_from=at,
        active_from=at + after,
        private=private,
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_private(path / f"{record.kid}.pem", pem)
    if making.subject is not None:
        signs = algorithm.use is Use.SIGNING
        made = certificates.self_signed(private, making.subject, at, signs=signs)
        _write_private(path / f"{record.kid}.crt", made.pem.encode())
        record = replace(record, certificate=made)
    return record


def _make(algorithm: Algorithm, bits: int) -> tuple[PrivateKeyObject, str]:
    """Return a key and its name; one name in 64 begins with `-`, which a terminal takes for an option."""
    while True:
        private: PrivateKeyObject = (
            ec.generate_private_key(ec.SECP256R1())
            if algorithm.elliptic
            else rsa.generate_private_key(public_exponent=65537, key_size=bits)
        )
        kid = thumbprint(public_members(private.public_key()))
        if not kid.startswith("-"):
            return private, kid


def _in_use(keys: tuple[KeyRecord, ...], algorithm: Algorithm, at: datetime) -> KeyRecord | None:
    active = [k for k in keys if k.algorithm is algorithm and k.state(at) is State.ACTIVE]
    return max(active, key=lambda key: key.active_from, default=None)


def _get(keys: tuple[KeyRecord, ...], kid: str) -> KeyRecord:
    for key in keys:
        if key.kid == kid:
            return key
    message = f"no key {kid} in this ring"
    raise Misconfigured(message)


@contextmanager
def _editing(path: Path) -> Iterator[tuple[KeyRecord, ...]]:
    """Hold the directory, so that two commands do not undo each other's change."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (path / ".lock").open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield load(path).keys if (path / RING_FILE).exists() else ()


def _write(path: Path, keys: tuple[KeyRecord, ...]) -> None:
    KeyRing(keys=keys)
    entries = [_entry(key) for key in sorted(keys, key=lambda key: (key.active_from, key.kid))]
    heading = "# Written by the keys commands; read again by running nodes when it changes.\n"
    _write_private(path / RING_FILE, (heading + "".join(entries)).encode())


def _entry(key: KeyRecord) -> str:
    times = ("published_from", "active_from", "retires_at", "withdrawn_at")
    lines = ["", "[[key]]", f'kid = "{key.kid}"', f'alg = "{key.algorithm.value}"']
    for name in times:
        at: datetime | None = getattr(key, name)
        if at is not None:
            lines.append(f"{name} = {at.astimezone(UTC).isoformat()}")
    return "\n".join(lines) + "\n"


def _write_private(path: Path, content: bytes) -> None:
    # Whole or not at all: a running node may read at any moment, and a crash must not lose a ring.
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
