"""The ring: every signing and encryption key of one use of Toegang, with its life in time.

    published_from      active_from                retires_at        retires_at + 8 days
         | published         | active                  | retired             | gone
         |-------------------|-------------------------|---------------------|
           in the key set, not used   in use              in the key set, not used

Parties may keep our key set for a week (NL GOV OAuth, key set caching), so a key is in the set 8 days
before it is used and 8 days after its last use; whoever holds an old copy can still check what we sign.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from toegang.errors import Misconfigured
from toegang.keys.jwk import public_members, thumbprint

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.keys.certificates import Certificate
    from toegang.keys.jwk import PrivateKeyObject

OVERLAP = timedelta(days=8)
"""A week of caching and a day for clocks and slow hands."""


class Use(enum.Enum):
    """RFC7517-4.2: a key signs or it decrypts, never both."""

    SIGNING = "sig"
    ENCRYPTION = "enc"


class Algorithm(enum.Enum):
    """RFC7518-3.1 and -4.1: the only algorithms that our own keys are made for."""

    ES256 = "ES256"
    RS256 = "RS256"
    PS256 = "PS256"
    RSA_OAEP = "RSA-OAEP"
    RSA_OAEP_256 = "RSA-OAEP-256"
    ECDH_ES = "ECDH-ES"

    @property
    def use(self) -> Use:
        """What keys of this algorithm are for."""
        return Use.SIGNING if self.value.endswith("S256") else Use.ENCRYPTION

    @property
    def elliptic(self) -> bool:
        """Whether the key is a point on P-256; otherwise it is RSA."""
        return self in {Algorithm.ES256, Algorithm.ECDH_ES}


class State(enum.Enum):
    """Where a key is in its life."""

    WAITING = "waiting"
    PUBLISHED = "published"
    ACTIVE = "active"
    RETIRED = "retired"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeyRecord:
    """One private key, with the only algorithm that it may be used with, and its life.

    `kid` is the RFC 7638 thumbprint. `retires_at` None means: in use until rotated. `withdrawn_at` is
    set when the key may no longer be believed: it leaves the key set at that moment, without overlap.
    `certificate` is what partners in SAML know the key by; in other rings there is none.
    """

    kid: str
    algorithm: Algorithm
    published_from: datetime
    active_from: datetime
    retires_at: datetime | None = None
    withdrawn_at: datetime | None = None
    private: PrivateKeyObject = field(repr=False)
    certificate: Certificate | None = field(default=None, repr=False)
    jwk: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a record whose parts contradict each other.

        Raises:
            Misconfigured: the key is not what `kid`, `algorithm` or `certificate` says, or its dates run
                backwards.

        """
        members = public_members(self.private.public_key())
        if thumbprint(members) != self.kid:
            message = f"key {self.kid}: the key found under this name is another key"
            raise Misconfigured(message)
        if isinstance(self.private, EllipticCurvePrivateKey) != self.algorithm.elliptic:
            message = f"key {self.kid}: not a key for {self.algorithm.value}"
            raise Misconfigured(message)
        if self.certificate is not None and not self.certificate.belongs_to(self.private):
            message = f"key {self.kid}: its certificate is of another key"
            raise Misconfigured(message)
        retires_at = self.retires_at or self.active_from
        if not self.published_from <= self.active_from <= retires_at:
            message = f"key {self.kid}: published_from, active_from, retires_at must follow each other"
            raise Misconfigured(message)
        named = {"kid": self.kid, "use": self.use.value, "alg": self.algorithm.value}
        object.__setattr__(self, "jwk", members | named)

    @property
    def use(self) -> Use:
        """Signing or encryption, as the algorithm says."""
        return self.algorithm.use

    def state(self, now: datetime) -> State:
        """Derive where the key is in its life; nothing has to happen at a boundary."""
        if self.withdrawn_at is not None and self.withdrawn_at <= now:
            return State.GONE
        if self.retires_at is not None and self.retires_at <= now:
            return State.RETIRED if now < self.retires_at + OVERLAP else State.GONE
        if self.active_from <= now:
            return State.ACTIVE
        return State.PUBLISHED if self.published_from <= now else State.WAITING

    def was_used_before(self, key: KeyRecord) -> bool:
        """Return whether parties may still count on this one when `key` of its algorithm takes over."""
        if self.algorithm is not key.algorithm or self.active_from >= key.active_from:
            return False
        return self.state(key.active_from) in {State.ACTIVE, State.RETIRED}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeyRing:
    """All keys of one ring. Frozen: a change on disk becomes a new ring (files.py)."""

    keys: tuple[KeyRecord, ...]

    def __post_init__(self) -> None:
        """Refuse a ring in which someone with a week-old key set would meet an unknown key.

        Raises:
            Misconfigured: two records of one key, or a successor published less than 8 days ahead.

        """
        if len({key.kid for key in self.keys}) != len(self.keys):
            message = "a key occurs twice in the ring"
            raise Misconfigured(message)
        for key in self.keys:
            self._check_overlap(key)

    def active(self, algorithm: Algorithm, now: datetime) -> KeyRecord:
        """Return the key to use now: of the active ones, the one that became active last.

        Raises:
            Misconfigured: the ring has no active key for this algorithm.

        """
        best: KeyRecord | None = None
        for key in self.keys:
            if key.algorithm is not algorithm or key.state(now) is not State.ACTIVE:
                continue
            if best is None or key.active_from > best.active_from:
                best = key
        if best is None:
            message = f"no active key for {algorithm.value}; generate one with the keys command"
            raise Misconfigured(message)
        return best

    def published(self, now: datetime) -> tuple[KeyRecord, ...]:
        """Return the keys that are in the key set now: published, active and retired ones."""
        shown = (State.PUBLISHED, State.ACTIVE, State.RETIRED)
        return tuple(key for key in self.keys if key.state(now) in shown)

    def announced(self, use: Use, now: datetime) -> tuple[KeyRecord, ...]:
        """SAMLMeta-2.4.1.1: the keys of one use that metadata tells partners now, the one in use first.

        A key that signs is told before and after its use, so that an old copy of the metadata never
        meets an unknown one. A key that others encrypt with is told while it is in use only: earlier a
        node may lack it, later nobody should begin with it; what they encrypted is still opened, with any
        of `published`.
        """
        shown = [key for key in self.published(now) if key.use is use]
        if use is Use.ENCRYPTION:
            shown = [key for key in shown if key.state(now) is State.ACTIVE]
        return tuple(
            sorted(shown, key=lambda key: (key.state(now) is State.ACTIVE, key.active_from), reverse=True)
        )

    def find(self, kid: str, use: Use, now: datetime) -> KeyRecord | None:
        """Return the published key of this name and use, or None."""
        for key in self.published(now):
            if key.kid == kid and key.use is use:
                return key
        return None

    def jwks(self, now: datetime) -> dict[str, list[dict[str, str]]]:
        """RFC7517-5: the public key set, to be served as application/jwk-set+json."""
        return {"keys": [dict(key.jwk) for key in self.published(now)]}

    def algorithms(self, use: Use, now: datetime) -> tuple[str, ...]:
        """Return the names of the algorithms for which there is an active key now."""
        active = {k.algorithm.value for k in self.keys if k.use is use and k.state(now) is State.ACTIVE}
        return tuple(sorted(active))

    def _check_overlap(self, key: KeyRecord) -> None:
        if key.active_from - key.published_from >= OVERLAP:
            return
        # The first key of an algorithm, and one after an emergency, has nobody's cache to wait for.
        if any(other.was_used_before(key) for other in self.keys):
            message = f"key {key.kid}: must be published at least 8 days before it is active"
            raise Misconfigured(message)
