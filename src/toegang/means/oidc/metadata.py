"""What a provider says of itself: its endpoints and its keys, fetched once an hour and kept on the node.

What was fetched before is used when the provider does not answer, for a day. A key that is not known is
looked for once a minute at most, so that a stream of made-up names costs the provider nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from toegang.errors import Refusal, Unavailable
from toegang.jose.public_keys import PublicKeySet
from toegang.jose.segments import JsonObject, parse_object

if TYPE_CHECKING:
    from toegang.means.oidc.provider import Provider
    from toegang.outbound.client import Outbound

FRESH = timedelta(hours=1)
USABLE = timedelta(days=1)
SEARCH_EVERY = timedelta(minutes=1)
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """OIDCD-3: where a provider's endpoints are; `sends_issuer` as RFC9207-3 has it."""

    authorization: str
    token: str
    jwks: str
    userinfo: str = ""
    pushed: str = ""
    end_session: str = ""
    sends_issuer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a node knows of a provider, and since when; `searched_at` is when its keys were asked last."""

    metadata: Metadata
    keys: PublicKeySet
    fetched_at: datetime
    searched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Finds out about providers."""

    outbound: Outbound
    _known: dict[str, Known] = field(default_factory=dict)

    async def metadata(self, provider: Provider, now: datetime) -> Metadata:
        """Return the provider's endpoints.

        Raises:
            Unavailable: it does not answer, or not with its own metadata.

        """
        return (await self._found(provider, now)).metadata

    async def keys(self, provider: Provider, kid: str | None, now: datetime) -> PublicKeySet:
        """OIDCC-10.1.1: return the provider's keys; a name not seen before is looked for, now and then.

        Raises:
            Unavailable: it does not answer, or its keys cannot be read.

        """
        known = await self._found(provider, now)
        if kid in {None, *(key.kid for key in known.keys.keys)} or now - known.searched_at < SEARCH_EVERY:
            return known.keys
        # Noted before it is asked: of many answers with a new name at once, one asks.
        self._known[provider.issuer] = replace(known, searched_at=now)
        keys = await self._keys(provider, known.metadata)
        self._known[provider.issuer] = replace(known, keys=keys, searched_at=now)
        return keys

    async def _found(self, provider: Provider, now: datetime) -> Known:
        known = self._known.get(provider.issuer)
        if known is not None and now - known.fetched_at < FRESH:
            return known
        try:
            metadata = _metadata(provider, await self._fetch(provider, _address(provider.issuer)))
            keys = await self._keys(provider, metadata)
        except Unavailable:
            if known is not None and now - known.fetched_at < USABLE:
                return known
            raise
        found = Known(metadata=metadata, keys=keys, fetched_at=now, searched_at=now)
        self._known[provider.issuer] = found
        return found

    async def _keys(self, provider: Provider, metadata: Metadata) -> PublicKeySet:
        try:
            return PublicKeySet.parse(await self._fetch(provider, metadata.jwks))
        except Refusal as error:
            message = f"{provider.issuer}: its keys cannot be used: {error.detail}"
            raise Unavailable(message) from error

    async def _fetch(self, provider: Provider, url: str) -> JsonObject:
        response = await self.outbound.request(provider.issuer, "GET", url)
        if response.status != OK:
            message = f"{provider.issuer}: {url} answered {response.status}"
            raise Unavailable(message)
        try:
            return parse_object(response.body)
        except Refusal as error:
            message = f"{provider.issuer}: {url} is not a JSON object"
            raise Unavailable(message) from error


def _address(issuer: str) -> str:
    """OIDCD-4.1: where a provider's metadata is."""
    return issuer.removesuffix("/") + "/.well-known/openid-configuration"


def _metadata(provider: Provider, document: JsonObject) -> Metadata:
    """OIDCD-4.3: read the document, which MUST be of this very issuer."""
    if document.get("issuer") != provider.issuer:
        message = f"{provider.issuer}: its metadata is of another issuer"
        raise Unavailable(message)
    metadata = Metadata(
        authorization=_url(document, "authorization_endpoint"),
        token=_url(document, "token_endpoint"),
        jwks=_url(document, "jwks_uri"),
        userinfo=_url(document, "userinfo_endpoint"),
        pushed=_url(document, "pushed_authorization_request_endpoint"),
        end_session=_url(document, "end_session_endpoint"),
        sends_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )
    if not (metadata.authorization and metadata.token and metadata.jwks):
        message = f"{provider.issuer}: its metadata lacks an endpoint"
        raise Unavailable(message)
    return metadata


def _url(document: JsonObject, name: str) -> str:
    value = document.get(name, "")
    return value if isinstance(value, str) else ""
