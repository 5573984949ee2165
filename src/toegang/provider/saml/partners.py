"""Who is spoken with: a connection that is open now, and what its pinned metadata says.

A partner is found by the name that a message claims, and is believed only when a key of the pinned metadata
made its signature; nothing in the message itself counts for that (S17).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.errors import NotEntitled, ProofInvalid, UnknownParty
from toegang.hot import hot
from toegang.provider.saml.profiles import PROFILES, Profile
from toegang.saml.algorithms import KeyKind
from toegang.saml.keys import TrustedKey, trusted_key
from toegang.saml.metadata.values import KeyUse

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Connection
    from toegang.keys.presented import PresentedCertificate
    from toegang.saml.metadata.values import PartnerKey, ServiceProviderRole

MOST_KEYS = 4
"""A current and a next key, perhaps one more; each costs its wrapping at every login."""


@hot(frozen=True, slots=True, kw_only=True)
class Partner:
    """A connection with its profile and its role as a service provider."""

    connection: Connection
    entity_id: str
    profile: Profile
    role: ServiceProviderRole

    @property
    def signing_keys(self) -> tuple[TrustedKey, ...]:
        """The keys by which its messages may be signed."""
        return tuple(trusted_key(key) for key in self.role.keys if key.use is not KeyUse.ENCRYPTION)

    def check_certificate(self, presented: PresentedCertificate | None) -> None:
        """STSAML-4.1: in the back channel the other side holds a key that is pinned, too.

        Raises:
            ProofInvalid: it presented no certificate, or another one.

        """
        if not self.profile.mutual_tls:
            return
        pinned = {key.fingerprint for key in self.signing_keys}
        if presented is None or sha256(presented.der).hexdigest() not in pinned:
            message = f"connection {self.connection.id} presented no certificate of its metadata"
            raise ProofInvalid(message)


def open_partner(snapshot: Snapshot, entity_id: str, now: datetime, *, ending: bool = False) -> Partner:
    """Return the partner that this entity is, when it may take part now.

    `ending` lets a closed connection in too: giving up what it holds is never refused.

    Raises:
        UnknownParty: no connection of this name, or nothing is pinned of it.
        PartyClosed: the connection or its entity is closed, or its metadata is no longer in force.
        NotEntitled: it is no service provider.

    """
    connection = snapshot.connection_of(entity_id)
    if connection is None:
        message = "no such connection"
        raise UnknownParty(message)
    if not ending:
        connection = gate.open_connection(snapshot, connection.id, now)
    entity = snapshot.entity(entity_id) if ending else None
    role = (entity or gate.open_entity(snapshot, entity_id, now)).metadata.service_provider
    if role is None:
        message = f"the metadata of connection {connection.id} is of no service provider"
        raise NotEntitled(message)
    return Partner(
        connection=connection, entity_id=entity_id, profile=PROFILES[connection.profile], role=role
    )


def encryption_keys(snapshot: Snapshot, entity_id: str, now: datetime) -> tuple[PartnerKey, ...]:
    """SAMLMeta-2.4.1.1: return the keys for what only this entity may read, in the order of its metadata.

    More than one while it changes keys: what is encrypted then opens with each (STSAML-4.3).

    Raises:
        UnknownParty, PartyClosed: nothing is pinned of it that is in force.

    """
    role = gate.open_entity(snapshot, entity_id, now).metadata.service_provider
    keys = role.keys if role else ()
    fit = [key for key in keys if key.use is not KeyUse.SIGNING and trusted_key(key).kind is KeyKind.RSA]
    return tuple(fit[:MOST_KEYS])
