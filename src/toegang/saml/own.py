"""Our own keys in SAML, as partners know them: each with its certificate, and named by its hash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from toegang.errors import Misconfigured
from toegang.keys.ring import Algorithm, Use
from toegang.saml.keys import DecryptionKey, SigningKey
from toegang.saml.metadata.values import KeyUse, PartnerKey

if TYPE_CHECKING:
    from toegang.keys.certificates import Certificate
    from toegang.keys.files import KeyDirectory
    from toegang.keys.ring import KeyRecord

K = TypeVar("K", SigningKey, DecryptionKey)

_USES = {Use.SIGNING: KeyUse.SIGNING, Use.ENCRYPTION: KeyUse.ENCRYPTION}


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The keys of a ring with certificates; each is made ready once."""

    directory: KeyDirectory
    _signing: dict[bytes, SigningKey] = field(default_factory=dict, repr=False, compare=False)
    _decryption: dict[bytes, DecryptionKey] = field(default_factory=dict, repr=False, compare=False)

    def signing(self, now: datetime) -> SigningKey:
        """Return the key that signs now.

        Raises:
            Misconfigured: there is none, or it has no certificate.

        """
        return _ready(self._signing, self.directory.ring().active(Algorithm.RS256, now), SigningKey.of)

    def signs(self, now: datetime) -> bool:
        """Return whether there is a key that signs now."""
        return Algorithm.RS256.value in self.directory.ring().algorithms(Use.SIGNING, now)

    def decryption(self, now: datetime) -> tuple[DecryptionKey, ...]:
        """Return the keys that others may have encrypted with, the newest first.

        Raises:
            Misconfigured: one has no certificate.

        """
        published = [key for key in self.directory.ring().published(now) if key.use is Use.ENCRYPTION]
        published.sort(key=lambda key: key.active_from, reverse=True)
        return tuple(_ready(self._decryption, key, DecryptionKey.of) for key in published)

    def announced(self, now: datetime) -> tuple[PartnerKey, ...]:
        """SAMLMeta-2.4.1.1: return the keys that our metadata tells now: those in use, and the next.

        Raises:
            Misconfigured: one has no certificate.

        """
        ring = self.directory.ring()
        return tuple(
            PartnerKey(use=_USES[use], certificate=found.base64, name=found.sha256)
            for use in (Use.SIGNING, Use.ENCRYPTION)
            for found in map(_certificate, ring.announced(use, now))
        )


def _ready(made: dict[bytes, K], record: KeyRecord, make: Callable[..., K]) -> K:
    der = _certificate(record).der
    if der not in made:
        made[der] = make(record.private, der)
    return made[der]


def _certificate(record: KeyRecord) -> Certificate:
    if record.certificate is None:
        message = f"key {record.kid} has no certificate beside it"
        raise Misconfigured(message)
    return record.certificate
