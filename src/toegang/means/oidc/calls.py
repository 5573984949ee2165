"""Our own calls to a provider: a request left beforehand, a code exchanged, what it knows of the person."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode

from toegang.clock import epoch
from toegang.errors import MeansDeclined, ProofInvalid, Refusal, Unavailable
from toegang.jose.segments import JsonObject, parse_object
from toegang.jose.sign import sign
from toegang.means.oidc.provider import AssertionFor
from toegang.oidc.client_assertion import ASSERTION_TYPE
from toegang.oidc.errors import INVALID_GRANT
from toegang.oidc.profile import ClientAuthentication

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.catalogue.values import MeansId
    from toegang.ids import Ids
    from toegang.keys.files import KeyDirectory
    from toegang.means.oidc.metadata import Metadata
    from toegang.means.oidc.provider import Provider
    from toegang.outbound.client import Outbound, Response

LIFETIME = timedelta(minutes=1)  # of the proof of ourselves
OK, CREATED = 200, 201
FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a code was exchanged for."""

    id_token: str
    access_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls providers, each as its own party; `secret_of` reads the secret that we have there."""

    outbound: Outbound
    keys: KeyDirectory
    ids: Ids
    secret_of: Callable[[MeansId], str]

    async def push(self, provider: Provider, metadata: Metadata, asked: dict[str, str], now: datetime) -> str:
        """RFC9126-2: leave a request beforehand; return the name to ask it back by.

        Raises:
            Unavailable: the provider does not answer, or does not take it.

        """
        answer = await self._post(provider, metadata, metadata.pushed, asked, now)
        found = _read(provider, answer).get("request_uri")
        if answer.status != CREATED or not isinstance(found, str) or not found:
            message = f"{provider.issuer}: did not take a pushed request ({answer.status})"
            raise Unavailable(message)
        return found

    async def exchange(
        self, provider: Provider, metadata: Metadata, grant: dict[str, str], now: datetime
    ) -> Tokens:
        """OIDCC-3.1.3: exchange a code for tokens.

        Raises:
            MeansDeclined: the code is not, or no longer, good.
            Unavailable: the provider does not answer, or does not know us.
            ProofInvalid: there is no ID token in its answer.

        """
        answer = await self._post(provider, metadata, metadata.token, grant, now)
        found = _read(provider, answer)
        if answer.status != OK:
            word = str(found.get("error"))[:64]
            message = f"{provider.issuer}: no tokens: {answer.status} {word!r}"
            raise MeansDeclined(message) if word == INVALID_GRANT else Unavailable(message)
        id_token, access_token = found.get("id_token"), found.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            message = f"{provider.issuer}: an answer without tokens"
            raise ProofInvalid(message)
        return Tokens(id_token=id_token, access_token=access_token)

    async def userinfo(self, provider: Provider, metadata: Metadata, access_token: str) -> JsonObject:
        """OIDCC-5.3: ask what the provider knows of the person.

        Raises:
            Unavailable: it does not answer, or not with claims.

        """
        headers = {"authorization": f"Bearer {access_token}", "accept": "application/json"}
        answer = await self.outbound.request(provider.issuer, "GET", metadata.userinfo, headers=headers)
        if answer.status != OK:
            message = f"{provider.issuer}: userinfo answered {answer.status}"
            raise Unavailable(message)
        return _read(provider, answer)

    async def _post(
        self, provider: Provider, metadata: Metadata, url: str, form: dict[str, str], now: datetime
    ) -> Response:
        headers, own = self._prove(provider, metadata, now)
        content = urlencode(form | own).encode()
        return await self.outbound.request(
            provider.issuer, "POST", url, headers=FORM | headers, content=content
        )

    def _prove(
        self, provider: Provider, metadata: Metadata, now: datetime
    ) -> tuple[dict[str, str], dict[str, str]]:
        """OIDCC-9: prove that it is us, by headers or by fields."""
        if provider.authentication is ClientAuthentication.PRIVATE_KEY_JWT:
            assertion = self._assertion(provider, metadata, now)
            return {}, {
                "client_id": provider.client_id,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": assertion,
            }
        secret = self.secret_of(provider.means)
        if provider.authentication is ClientAuthentication.SECRET_POST:
            return {}, {"client_id": provider.client_id, "client_secret": secret}
        # RFC6749-2.3.1: each half is encoded as a form's value would be.
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}".encode()
        return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}, {}

    def _assertion(self, provider: Provider, metadata: Metadata, now: datetime) -> str:
        """RFC7523-3: a proof of ourselves for one provider, for a minute, for one use."""
        at_issuer = provider.assertion_for is AssertionFor.ISSUER
        claims = {
            "iss": provider.client_id,
            "sub": provider.client_id,
            "aud": provider.issuer if at_issuer else metadata.token,
            "jti": self.ids.token(16),
            "iat": epoch(now),
            "nbf": epoch(now),
            "exp": epoch(now + LIFETIME),
        }
        return sign(claims, self.keys.ring().active(provider.assertion_alg, now), "JWT")


def _read(provider: Provider, answer: Response) -> JsonObject:
    try:
        return parse_object(answer.body)
    except Refusal as error:
        message = f"{provider.issuer}: answered {answer.status} with something that is no JSON object"
        raise Unavailable(message) from error
