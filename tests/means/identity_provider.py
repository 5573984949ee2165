"""A SAML identity provider of another party: it reads our request, and answers bent as a test wishes."""

from __future__ import annotations

import base64
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.journeys.house import HUB
from tests.means.speaking import speaking
from tests.saml import parties
from toegang.app import App
from toegang.catalogue.values import Entity, EntityId
from toegang.clock import FixedClock
from toegang.saml import reading, writing
from toegang.saml.bindings import artifact, post, redirect, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.encryption import MODERN, Methods, encrypt_assertion, encrypt_id
from toegang.saml.keys import SigningKey, TrustedKey, trusted_key
from toegang.saml.messages import (
    ArtifactResponse,
    Assertion,
    Attribute,
    AuthnRequest,
    AuthnStatement,
    Confirmation,
    EncryptedId,
    NameId,
    Response,
    Status,
)
from toegang.saml.metadata.values import (
    Endpoint,
    EntityMetadata,
    IdentityProviderRole,
    KeyUse,
    PartnerKey,
)
from toegang.saml.names import BEARER, SUCCESS, Binding, NameFormat
from toegang.saml.own import OwnKeys
from toegang.saml.signature import verify
from toegang.saml.writing import SignedPart

SOON = timedelta(minutes=2)
LOW, SUBSTANTIAL = "urn:bank:2", "urn:bank:3"
GOOD = Status(code=SUCCESS)


@dataclass(kw_only=True)
class IdentityProvider:
    """An identity provider with a key of its own; what it answers is made of values, and signed."""

    clock: FixedClock
    hub: OwnKeys
    entity_id: str = "https://idp.bank.example"
    url: str = ""
    numbers: count[int] = field(default_factory=count)
    waiting: dict[str, bytes] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    envelopes: list[bytes] = field(default_factory=list)
    envelope: bytes = b""

    @property
    def key(self) -> SigningKey:
        return parties.signing("rsa", self.entity_id)

    def entity(self, **role: Any) -> Entity:  # noqa: ANN401
        """Return its metadata as the hub took it over."""
        certificate = base64.b64encode(parties.certificate("rsa", self.entity_id)).decode()
        sign_on = tuple(
            Endpoint(binding=each, location=f"{self.url}/sso") for each in (Binding.POST, Binding.REDIRECT)
        )
        resolver = Endpoint(binding=Binding.SOAP, location=f"{self.url}/artifact", index=0, default=True)
        made: dict[str, Any] = {
            "keys": (PartnerKey(use=KeyUse.BOTH, certificate=certificate),),
            "sign_on": sign_on,
            "artifact": (resolver,),
        }
        metadata = EntityMetadata(
            entity_id=self.entity_id, identity_provider=IdentityProviderRole(**(made | role))
        )
        return Entity(
            id=EntityId(self.entity_id), organisation=HUB, metadata=metadata, fetched_at=self.clock.now()
        )

    @property
    def hub_keys(self) -> tuple[TrustedKey, ...]:
        """The hub's keys, as its metadata tells them."""
        announced = self.hub.announced(self.clock.now())
        return tuple(trusted_key(each) for each in announced if each.use is KeyUse.SIGNING)

    @property
    def hub_lock(self) -> TrustedKey:
        announced = self.hub.announced(self.clock.now())
        return next(trusted_key(each) for each in announced if each.use is KeyUse.ENCRYPTION)

    def asked_in(self, location: str) -> tuple[AuthnRequest, str]:
        """Read a request out of an address, and the state beside it, having verified both."""
        assert location.startswith(f"{self.url}/sso?"), location
        proof = redirect.verify(redirect.parse(urlsplit(location).query.encode()), self.hub_keys)
        return reading.read_authn_request(proof), proof.relay_state or ""

    def asked_of(self, page: str) -> tuple[AuthnRequest, str]:
        """Read a request out of the form on a page, and the state beside it, having verified it."""
        assert f'action="{self.url}/sso"' in page, page
        found = {
            name: unescape(value)
            for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
        }
        posted = post.parse(urlencode(found).encode())
        return reading.read_authn_request(verify(posted.document, self.hub_keys)), posted.relay_state or ""

    def assertion(self, request: AuthnRequest, **bent: Any) -> Assertion:  # noqa: ANN401
        """Say that somebody logged in, in answer to a request."""
        now = self.clock.now()
        confirmation = Confirmation(
            method=BEARER,
            recipient=consumer_of(request),
            not_on_or_after=now + SOON,
            in_response_to=request.id,
        )
        made = Assertion(
            id=f"_assertion-{next(self.numbers)}",
            issuer=self.entity_id,
            issued_at=now,
            subject=NameId(value="customer-4711", format=NameFormat.PERSISTENT.value),
            confirmations=(confirmation,),
            not_before=now,
            not_on_or_after=now + SOON,
            audiences=((request.issuer,),),
            authn=AuthnStatement(at=now, context_class=SUBSTANTIAL),
        )
        return replace(made, **bent)

    def response(self, request: AuthnRequest, assertion: Assertion | None, **bent: Any) -> Response:  # noqa: ANN401
        made = Response(
            id=f"_response-{next(self.numbers)}",
            issuer=self.entity_id,
            issued_at=self.clock.now(),
            status=GOOD,
            in_response_to=request.id,
            destination=consumer_of(request),
            assertion=assertion,
        )
        return replace(made, **bent)

    def signed(
        self, response: Response, part: SignedPart = SignedPart.BOTH, key: SigningKey | None = None
    ) -> bytes:
        return writing.response(response, key or self.key, signed=part)

    def sealed(self, request: AuthnRequest, assertion: Assertion, methods: Methods = MODERN) -> bytes:
        """Return a signed response around an assertion that only the hub can read."""
        inner = writing.assertion(assertion, self.key)
        octets = encrypt_assertion(inner, request.issuer, self.hub_lock, methods)
        return writing.response(
            self.response(request, None, encrypted=octets), self.key, signed=SignedPart.RESPONSE
        )

    def sealed_name(self, name: NameId, recipient: str, methods: Methods) -> EncryptedId:
        octets = encrypt_id(writing.name_id(name), recipient, self.hub_lock, methods)
        return EncryptedId(octets=octets, recipient=recipient)

    def ticket(self, octets: bytes, state: str, consumer: str, *, of: str = "") -> str:
        """Keep a response behind an artifact; return where the browser goes with it."""
        made = artifact.make(of or self.entity_id, bytes([next(self.numbers)]) * 20)
        self.waiting[made.write()] = octets
        return artifact.address(consumer, made, state)

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Answer the hub's server: what is behind an artifact, once."""
        del method, headers
        if path != "/artifact":
            return 404, b""
        self.envelopes.append(body)
        if self.envelope:
            return 200, self.envelope
        asked = reading.read_artifact_resolve(verify(soap.unwrap(body), self.hub_keys))
        self.resolved.append(asked.artifact)
        return 200, self.resolution(asked.id, self.waiting.pop(asked.artifact, None))

    def resolution(self, question: str, message: bytes | None, key: SigningKey | None = None) -> bytes:
        told = ArtifactResponse(
            id=f"_resolved-{next(self.numbers)}",
            issuer=self.entity_id,
            issued_at=self.clock.now(),
            status=GOOD,
            in_response_to=question,
            message=message,
        )
        return soap.wrap(writing.artifact_response(told, key or self.key))


def consumer_of(request: AuthnRequest) -> str:
    """Return where the hub takes answers: as it says, or by what its metadata has under its numbers."""
    return request.consumer_url or request.issuer.replace("/saml/metadata", "/saml/acs")


def form(octets: bytes, state: str | None) -> dict[str, str]:
    """Return the fields with which a browser posts a response."""
    return dict(post.fields(Carrier.RESPONSE, octets, state))


def named(attribute: str, *values: str | NameId | EncryptedId) -> Attribute:
    """Return an attribute."""
    return Attribute(name=attribute, values=values)


@asynccontextmanager
async def identity_provider(
    app: App, clock: FixedClock, entity_id: str = "", tls: ssl.SSLContext | None = None
) -> AsyncIterator[IdentityProvider]:
    """Run an identity provider."""
    provider = IdentityProvider(clock=clock, hub=OwnKeys(app.ground.saml_keys))
    provider.entity_id = entity_id or provider.entity_id
    async with speaking(provider.respond, tls) as provider.url:
        yield provider
