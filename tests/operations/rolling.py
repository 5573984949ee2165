"""Parties in SAML that keep a copy of the hub's metadata for days, and change their own keys by theirs."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.journeys.house import TOWN, House
from tests.journeys.saml_party import SamlParty, hub_keys
from tests.means.identity_provider import IdentityProvider
from tests.saml import parties
from toegang.catalogue.values import Entity, EntityId
from toegang.saml.keys import DecryptionKey, SigningKey, TrustedKey, trusted_key
from toegang.saml.metadata.read import SignedBy, read_metadata
from toegang.saml.metadata.values import EntityMetadata, KeyUse, PartnerKey
from toegang.saml.metadata.write import write_metadata

FEDERATION = "https://federation.example"
"""Who signs the metadata of all parties."""


@dataclass(kw_only=True)
class Copy:
    """The hub's metadata as a party keeps it; a newer one is believed by a key that the older one tells."""

    every: timedelta
    told: EntityMetadata | None = None
    fetched_at: datetime | None = None

    async def look(self, house: House) -> None:
        """Fetch it again when that is due; it may never be older than it says."""
        now = house.clock.now()
        if self.fetched_at is not None and now - self.fetched_at < self.every:
            return
        trusted = hub_keys(house) if self.told is None else self.keys(KeyUse.SIGNING)
        octets = (await house.browser().get("/saml/metadata")).content
        [self.told] = read_metadata(octets, SignedBy(keys=trusted), now, plain_http=True)
        self.fetched_at = now

    def check_in_force(self, now: datetime) -> None:
        assert self.told is not None
        assert self.told.valid_until is not None
        assert now < self.told.valid_until

    def keys(self, use: KeyUse) -> tuple[TrustedKey, ...]:
        assert self.told is not None
        assert self.told.identity_provider is not None
        return tuple(trusted_key(key) for key in self.told.identity_provider.keys if key.use is use)


@dataclass(kw_only=True)
class Keys:
    """A party's own keys, by generation: which of them its metadata tells, which it uses."""

    of: str
    told: tuple[int, ...] = (0,)
    signs: int = 0
    opens: tuple[int, ...] = (0,)

    def roll(self, new: int) -> Iterator[None]:
        """Take the steps to a new generation, each to be followed by a night in which the hub looks."""
        old = self.signs
        self.told, self.opens = (old, new), (old, new)
        yield
        self.signs = new
        self.told = (new,)
        yield
        self.opens = (new,)
        yield

    def name(self, use: KeyUse, generation: int) -> str:
        return f"{self.of[-24:]} {use.value} {generation}"  # a certificate holds a short one

    @property
    def signing(self) -> SigningKey:
        return parties.signing("rsa", self.name(KeyUse.SIGNING, self.signs))

    @property
    def certificate(self) -> bytes:
        return parties.certificate("rsa", self.name(KeyUse.SIGNING, self.signs))

    @property
    def decryptions(self) -> tuple[DecryptionKey, ...]:
        return tuple(parties.decryption(self.name(KeyUse.ENCRYPTION, each)) for each in self.opens)

    def described(self, algorithms: tuple[str, ...] = ()) -> tuple[PartnerKey, ...]:
        return tuple(
            PartnerKey(use=use, certificate=encoded(self.name(use, each)), algorithms=listed)
            for use, listed in ((KeyUse.SIGNING, ()), (KeyUse.ENCRYPTION, algorithms))
            for each in self.told
        )


@dataclass(frozen=True, kw_only=True)
class Website(SamlParty):
    """A service provider with keys that roll and a copy of the hub's metadata."""

    keys: Keys
    copy: Copy

    @property
    def key(self) -> SigningKey:
        return self.keys.signing

    @property
    def certificate(self) -> bytes:
        return self.keys.certificate

    @property
    def decryptions(self) -> tuple[DecryptionKey, ...]:
        return self.keys.decryptions

    @property
    def told_keys(self) -> tuple[PartnerKey, ...]:
        return self.keys.described(self.algorithms)

    def believed(self, house: House) -> tuple[TrustedKey, ...]:
        self.copy.check_in_force(house.clock.now())
        return self.copy.keys(KeyUse.SIGNING)

    def published(self, house: House) -> EntityMetadata:
        return self.entity(house).metadata


@dataclass(kw_only=True)
class RollingBank(IdentityProvider):
    """An identity provider with keys that roll and a copy of the hub's metadata."""

    keys: Keys
    copy: Copy
    locked: set[str] = field(default_factory=set)

    @property
    def key(self) -> SigningKey:
        return self.keys.signing

    @property
    def hub_keys(self) -> tuple[TrustedKey, ...]:
        self.copy.check_in_force(self.clock.now())
        return self.copy.keys(KeyUse.SIGNING)

    @property
    def hub_lock(self) -> TrustedKey:
        found, *_ = self.copy.keys(KeyUse.ENCRYPTION)
        self.locked.add(found.fingerprint)
        return found

    def published(self, house: House) -> EntityMetadata:
        assert house.clock is self.clock
        return self.entity(keys=self.keys.described()).metadata


Rolling = Website | RollingBank


@dataclass(kw_only=True)
class Shelf:
    """Where parties publish their metadata, signed by the federation."""

    house: House
    url: str = ""
    published: dict[str, Rolling] = field(default_factory=dict)

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        del method, headers, body
        found = self.published.get(path.strip("/"))
        if found is None:
            return 404, b""
        signer = parties.signing("rsa", FEDERATION)
        return 200, write_metadata(found.published(self.house), "_metadata", signer)

    def pinned(self, name: str, party: Rolling) -> Entity:
        """Publish a party's metadata; return it as the hub took it over, by its address and its signer."""
        self.published[name] = party
        return Entity(
            id=EntityId(party.entity_id),
            organisation=TOWN,
            metadata=party.published(self.house),
            fetched_at=self.house.clock.now(),
            source=f"{self.url}/{name}",
            signers=(encoded(FEDERATION),),
        )


def encoded(who: str) -> str:
    return base64.b64encode(parties.certificate("rsa", who)).decode()
