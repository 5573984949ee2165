"""Making tokens: what is signed for a client, with which key, and whether it may still be."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.errors import PartyClosed
from toegang.jose.encryption import encrypt
from toegang.jose.sign import sign
from toegang.keys.ring import Algorithm
from toegang.oidc import id_token
from toegang.oidc.binding import token_type
from toegang.oidc.id_token import AuthenticatedSubject, id_token_claims
from toegang.provider.oidc.clients import keys_of, profile_of
from toegang.provider.oidc.details import details_of
from toegang.provider.oidc.represents import claims_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.catalogue.values import Client
    from toegang.catalogue.watch import Catalogue
    from toegang.keys.files import KeyDirectory
    from toegang.keys.ring import KeyRecord
    from toegang.oidc.binding import Binding
    from toegang.provider.grants import Grant
    from toegang.provider.oidc.access import AccessTokens
    from toegang.provider.oidc.clients import AuthenticatedClient


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """RFC6749-5.1: what a client gets for its code; for itself (RFC6749-4.4.3) an access token only.

    `more` is what else it is told beside the tokens (RFC9396-7).
    """

    access_token: str
    token_type: str
    expires_in: int
    scope: str
    id_token: str = ""
    refresh_token: str = ""
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance:
    """Signs and encrypts for clients."""

    issuer: str
    catalogue: Catalogue
    keys: KeyDirectory
    access: AccessTokens

    def tokens(
        self, client: AuthenticatedClient, grant: Grant, binding: Binding | None, refresh: str, now: datetime
    ) -> TokenAnswer:
        """OIDCC-3.1.3.3: an access token and an ID token for `grant`."""
        profile, key = client.profile, self.signing_key(client.client, now)
        access = self.access.write(grant, profile, key, binding, now)
        return TokenAnswer(
            access_token=access,
            token_type=token_type(binding),
            expires_in=int(profile.access_token_lifetime.total_seconds()),
            id_token=self._id_token(client, grant, access, now),
            scope=" ".join(grant.scope),
            refresh_token=refresh,
            more=details_of(grant),
        )

    def _id_token(self, client: AuthenticatedClient, grant: Grant, access: str, now: datetime) -> str:
        login = AuthenticatedSubject(
            issuer=self.issuer,
            client_id=client.client.id,
            subject=grant.subject,
            acr=grant.acr,
            auth_time=grant.authenticated_at,
            sid=grant.session,
            nonce=grant.nonce or None,
            claims={"reference": grant.reference, **claims_of(grant, self.issuer)},
        )
        claims = id_token_claims(login, client.profile, jti=grant.id, access_token=access, now=now)
        signed = sign(claims, self.signing_key(client.client, now), id_token.TYPE)
        return self.encrypted(signed, client.client, client.client.id_token_encryption)

    def encrypted(self, signed: str, client: Client, algorithm: str) -> str:
        """OIDCC-10.2: encrypt for the client when it registered an algorithm for that; else as it is."""
        return encrypt(signed, keys_of(client.jwks), algorithm=algorithm) if algorithm else signed

    def signing_key(self, client: Client, now: datetime, chosen: str = "") -> KeyRecord:
        """Return the key of now that signs for this client: as chosen, else its profile's first."""
        wanted = chosen or client.id_token_alg or profile_of(client).algorithms[0]
        return self.keys.ring().active(_algorithm(wanted), now)

    def check_still_open(self, grant: Grant, now: datetime) -> None:
        """O15: refuse when the client, its service or its means may no longer take part.

        Raises:
            PartyClosed, UnknownParty, NotEntitled: it may not.

        """
        snapshot = self.catalogue.current
        client = gate.open_client(snapshot, grant.client, now)
        service = gate.open_service(snapshot, grant.service, client, now)
        if grant.statement is not None:
            gate.check_represents(service, client)
        means = gate.open_means(snapshot, grant.proven.means, now)
        if means.ceiling < grant.level:
            message = f"means {means.id} is no longer admitted for {grant.level.name}"
            raise PartyClosed(message)


@lru_cache(maxsize=16)
def _algorithm(name: str) -> Algorithm:
    return Algorithm(name)
