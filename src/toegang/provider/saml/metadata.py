"""What the hub says of itself: an identity provider, and a service provider toward means (SAMLMeta-2.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from toegang.means.saml.request import CONSUMERS
from toegang.saml.metadata.values import Endpoint, EntityMetadata, IdentityProviderRole, ServiceProviderRole
from toegang.saml.metadata.write import write_metadata
from toegang.saml.names import Binding, NameFormat

if TYPE_CHECKING:
    from toegang.ids import Ids
    from toegang.saml.keys import SigningKey
    from toegang.saml.metadata.values import DecisionPointMetadata
    from toegang.saml.own import OwnKeys

    Described = EntityMetadata | DecisionPointMetadata

MEANS_LOGOUT = "/saml/means/slo"
"""Where identity providers that are means say that somebody logged out, and answer when we said so."""

ID_BYTES = 20
VALID_FOR = timedelta(days=7)
CACHE = timedelta(hours=24)
ANEW_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the hub takes messages; `artifact` may be at another host, where TLS asks for certificates."""

    sign_on: str
    artifact: str
    logout: str
    logout_soap: str
    consumer: str
    means_logout: str

    @classmethod
    def of(cls, issuer: str, back_channel: str) -> Addresses:
        """Return the addresses below the hub's own, and those of its back channel."""
        behind = back_channel or issuer
        return cls(
            sign_on=f"{issuer}/saml/sso",
            artifact=f"{behind}/saml/artifact",
            logout=f"{issuer}/saml/slo",
            logout_soap=f"{behind}/saml/slo/soap",
            consumer=f"{issuer}/saml/acs",
            means_logout=issuer + MEANS_LOGOUT,
        )


@dataclass(slots=True, kw_only=True)
class OwnMetadata:
    """Metadata of ours, signed, and signed anew when its keys change or an hour has passed.

    `describe` says what the document says; `signing` gives the key that vouches for it.
    """

    keys: OwnKeys
    signing: Callable[[datetime], SigningKey]
    describe: Callable[[datetime], Described]
    ids: Ids
    _written: bytes = field(default=b"", repr=False)
    _told: tuple[object, ...] = ()
    _until: datetime | None = None

    def written(self, now: datetime) -> bytes:
        """SAMLMeta-2.3.2: return the document that partners take our keys and addresses from.

        Raises:
            UnknownParty: there is no such entity here.
            Misconfigured: there is no key that signs, or one without a certificate.

        """
        keys = self.keys.announced(now)
        if self._until is None or now >= self._until or keys != self._told:
            described, identity = self.describe(now), f"_{self.ids.secret(ID_BYTES).hex()}"
            self._written = write_metadata(described, identity, self.signing(now))
            self._told, self._until = keys, now + ANEW_AFTER
        return self._written


@dataclass(frozen=True, slots=True, kw_only=True)
class TheHub:
    """The hub as an entity: an identity provider, and a service provider toward means."""

    entity_id: str
    addresses: Addresses
    keys: OwnKeys

    def metadata(self, ids: Ids) -> OwnMetadata:
        """Return its metadata, for others to fetch."""
        return OwnMetadata(keys=self.keys, signing=self.keys.signing, describe=self.described, ids=ids)

    def described(self, now: datetime) -> EntityMetadata:
        """Return what the document says."""
        at = self.addresses
        return EntityMetadata(
            entity_id=self.entity_id,
            valid_until=now + VALID_FOR,
            cache_seconds=int(CACHE.total_seconds()),
            identity_provider=IdentityProviderRole(
                keys=self.keys.announced(now),
                artifact=(Endpoint(binding=Binding.SOAP, location=at.artifact, index=0, default=True),),
                logout=(
                    Endpoint(binding=Binding.POST, location=at.logout),
                    Endpoint(binding=Binding.REDIRECT, location=at.logout),
                    Endpoint(binding=Binding.SOAP, location=at.logout_soap),
                ),
                name_formats=(NameFormat.TRANSIENT, NameFormat.PERSISTENT),
                sign_on=(
                    Endpoint(binding=Binding.POST, location=at.sign_on),
                    Endpoint(binding=Binding.REDIRECT, location=at.sign_on),
                ),
                wants_requests_signed=True,
            ),
            service_provider=ServiceProviderRole(
                keys=self.keys.announced(now),
                consumers=(
                    Endpoint(
                        binding=Binding.POST,
                        location=at.consumer,
                        index=CONSUMERS[Binding.POST],
                        default=True,
                    ),
                    Endpoint(
                        binding=Binding.ARTIFACT, location=at.consumer, index=CONSUMERS[Binding.ARTIFACT]
                    ),
                ),
                logout=(
                    Endpoint(binding=Binding.POST, location=at.means_logout),
                    Endpoint(binding=Binding.REDIRECT, location=at.means_logout),
                ),
                name_formats=(NameFormat.PERSISTENT, NameFormat.TRANSIENT),
                requests_signed=True,
                wants_assertions_signed=True,
            ),
        )
