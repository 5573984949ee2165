"""A SAML service provider in a test: asks, follows the browser, resolves, reads, all with the room saml."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx2

from tests.edge import over_socket
from tests.journeys.house import CLINIC, ISSUER, House, text
from tests.saml import parties
from toegang.catalogue.values import (
    ClientId,
    Connection,
    Entity,
    EntityId,
    OrganisationId,
    Record,
    SamlProfile,
    ServiceId,
)
from toegang.identity.numbers import Bsn
from toegang.identity.people import PersonId
from toegang.saml import reading, writing
from toegang.saml.bindings import post, redirect, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import admit
from toegang.saml.encryption import (
    DEPLOYED,
    PRESCRIBED,
    Methods,
    decrypt_assertion,
    decrypt_id,
    encrypt_id,
)
from toegang.saml.keys import DecryptionKey, SigningKey, TrustedKey, trusted_key
from toegang.saml.messages import (
    ArtifactResolve,
    ArtifactResponse,
    Assertion,
    AuthnRequest,
    EncryptedId,
    LogoutRequest,
    LogoutResponse,
    NameId,
    Response,
    Status,
)
from toegang.saml.metadata.values import (
    Endpoint,
    EntityMetadata,
    KeyUse,
    PartnerKey,
    ServiceProviderRole,
)
from toegang.saml.names import SUCCESS, Binding
from toegang.saml.signature import AssertionOnly, Verified, verify, verify_response

REGISTER = f"{ISSUER}/saml/mandates/metadata"
HUB = f"{ISSUER}/saml/metadata"
SSO, SLO, ARS = f"{ISSUER}/saml/sso", f"{ISSUER}/saml/slo", f"{ISSUER}/saml/artifact"
HERE = "http://localhost:9000"
SAML_CLIENT = ClientId("saml-client")
ACS, POST_ACS, BYE = f"{HERE}/acs", f"{HERE}/acs/post", f"{HERE}/bye"
CONSUMERS = (
    Endpoint(binding=Binding.ARTIFACT, location=ACS, index=0, default=True),
    Endpoint(binding=Binding.POST, location=POST_ACS, index=1),
)
LOGOUT = tuple(Endpoint(binding=each, location=BYE) for each in (Binding.POST, Binding.REDIRECT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A response as the service provider believes it, and the assertion in it, if there is one."""

    response: Response
    assertion: Assertion | None
    proof: Verified | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlParty:
    """A service provider by its profile; its key is made once for each entity id."""

    profile: SamlProfile
    services: tuple[ServiceId, ...]
    entity_id: str = "urn:nl-eid-gdi:1.0:DV:00000000000000000001:entities:9001"
    id: ClientId = SAML_CLIENT
    organisation: OrganisationId = CLINIC
    more: dict[str, Any] = field(default_factory=dict)
    role: dict[str, Any] = field(default_factory=dict)
    algorithms: tuple[str, ...] = ()
    numbers: count[int] = field(default_factory=count)

    @property
    def key(self) -> SigningKey:
        return parties.signing("rsa", self.entity_id)

    @property
    def certificate(self) -> bytes:
        """The certificate (DER) that it presents, of the key that it signs with."""
        return parties.certificate("rsa", self.entity_id)

    @property
    def decryptions(self) -> tuple[DecryptionKey, ...]:
        return (parties.decryption(self.entity_id),)

    @property
    def told_keys(self) -> tuple[PartnerKey, ...]:
        """The keys that its metadata tells."""
        encoded = base64.b64encode(self.certificate).decode()
        return (PartnerKey(use=KeyUse.BOTH, certificate=encoded, algorithms=self.algorithms),)

    def believed(self, house: House) -> tuple[TrustedKey, ...]:
        """Return the keys by which it believes the hub."""
        return hub_keys(house)

    @property
    def connection(self) -> Connection:
        made: dict[str, Any] = {
            "id": self.id,
            "organisation": self.organisation,
            "names": text(self.id),
            "entity_id": EntityId(self.entity_id),
            "profile": self.profile,
            "services": self.services,
        }
        return Connection(**(made | self.more))

    def entity(self, house: House) -> Entity:
        """Return our metadata as the hub took it over."""
        made: dict[str, Any] = {
            "keys": self.told_keys,
            "consumers": CONSUMERS,
            "logout": LOGOUT,
            "requests_signed": True,
        }
        return Entity(
            id=EntityId(self.entity_id),
            organisation=self.organisation,
            metadata=EntityMetadata(
                entity_id=self.entity_id, service_provider=ServiceProviderRole(**(made | self.role))
            ),
            fetched_at=house.clock.now(),
        )

    def records(self, house: House) -> tuple[Record, ...]:
        return (self.connection, self.entity(house))

    def named(self, **changes: Any) -> SamlParty:  # noqa: ANN401
        return replace(self, **changes)

    def request(self, house: House, **changes: Any) -> AuthnRequest:  # noqa: ANN401
        made: dict[str, Any] = {
            "id": f"_request-{self.id}-{next(self.numbers)}",
            "issuer": self.entity_id,
            "issued_at": house.clock.now(),
            "destination": SSO,
            "consumer_index": 0,
        }
        if self.profile is SamlProfile.ST_SAML and "extensions" not in changes:
            made["service_index"] = 1
        return AuthnRequest(**(made | changes))

    def in_address(self, request: AuthnRequest, state: str | None = "a-state") -> str:
        """Return the address with a signed request (HTTP-Redirect)."""
        octets = writing.authn_request(request, None)
        return redirect.address("/saml/sso", Carrier.REQUEST, octets, state, self.key)

    def in_form(self, request: AuthnRequest, state: str | None = "a-state") -> dict[str, str]:
        """Return the fields with a signed request (HTTP-POST)."""
        octets = writing.authn_request(request, self.key)
        return dict(post.fields(Carrier.REQUEST, octets, state))

    async def ask(
        self, browser: httpx2.AsyncClient, request: AuthnRequest, *, by_post: bool = True, **means: str
    ) -> httpx2.Response:
        """Send the browser to the hub with a request, and follow it until a page or until it is back here."""
        if by_post:
            sent = await browser.post("/saml/sso", data=self.in_form(request))
        else:
            sent = await browser.get(self.in_address(request))
        return await follow(browser, sent, **means)

    async def log_in(self, house: House, browser: httpx2.AsyncClient, **means: str) -> Told:
        """Do a whole login by artifact."""
        sent = await browser.post("/saml/sso", data=self.in_form(self.request(house)))
        came_back = await follow(browser, sent, **means)
        return await self.told(house, came_back)

    def resolving(self, house: House, artifact: str, **changes: Any) -> bytes:  # noqa: ANN401
        """Return the envelope that asks for the message behind an artifact."""
        made: dict[str, Any] = {
            "id": f"_resolve-{self.id}-{next(self.numbers)}",
            "issuer": self.entity_id,
            "issued_at": house.clock.now(),
            "artifact": artifact,
            "destination": ARS,
        }
        return soap.wrap(writing.artifact_resolve(ArtifactResolve(**(made | changes)), self.key))

    async def call(self, house: House, path: str, envelope: bytes) -> httpx2.Response:
        """Call the back channel, with our certificate as nginx passes it on."""
        return await over_socket(house).post(path, content=envelope, headers=self.presented())

    def presented(self) -> dict[str, str]:
        return presented(self.certificate)

    async def resolve(self, house: House, artifact: str) -> ArtifactResponse:
        """Fetch the message behind an artifact, and believe nothing that is not signed by the hub."""
        answer = await self.call(house, "/saml/artifact", self.resolving(house, artifact))
        assert answer.status_code == 200, (answer.status_code, answer.text)
        proof = verify(soap.unwrap(answer.content), self.believed(house))
        return reading.read_artifact_response(proof)

    async def told(self, house: House, came_back: httpx2.Response) -> Told:
        """Resolve the artifact that the browser came back with, and read what it stands for."""
        response = await self.resolve(house, ticket(came_back)["SAMLart"])
        assert response.message is not None
        return self.read(house, response.message)

    def read(self, house: House, octets: bytes) -> Told:
        """Read a response: only what the hub signed."""
        document, keys = admit(octets), self.believed(house)
        proof = verify_response(document, keys)
        if isinstance(proof, AssertionOnly):
            assertion = reading.read_assertion(proof.assertion)
            around = Response(
                id="",
                issuer=assertion.issuer,
                issued_at=assertion.issued_at,
                status=Status(code=SUCCESS),
                assertion=assertion,
            )
            return Told(response=around, assertion=assertion, proof=proof.assertion)
        response = reading.read_response(proof)
        if response.encrypted is not None:
            opened = decrypt_assertion(proof, self.decryptions, keys, DEPLOYED)
            return Told(response=response, assertion=reading.read_assertion(opened), proof=opened)
        return Told(response=response, assertion=response.assertion, proof=proof)

    def open(self, told: Told, attribute: str) -> NameId:
        """Decrypt the name in an attribute."""
        assert told.assertion is not None
        [value] = told.assertion.values(attribute)
        assert isinstance(value, EncryptedId), value
        assert value.recipient == self.entity_id
        return reading.read_name_id(decrypt_id(value, self.decryptions, PRESCRIBED, told.proof).octets)

    def log_out(self, house: House, told: Told, **changes: Any) -> LogoutRequest:  # noqa: ANN401
        """Return the wish to end the session of a login."""
        assert told.assertion is not None
        assert told.assertion.authn is not None
        made: dict[str, Any] = {
            "id": f"_logout-{self.id}-{next(self.numbers)}",
            "issuer": self.entity_id,
            "issued_at": house.clock.now(),
            "destination": SLO,
            "subject": told.assertion.subject,
            "session_indexes": (told.assertion.authn.session_index,),
        }
        return LogoutRequest(**(made | changes))


def presented(der: bytes) -> dict[str, str]:
    """Return the headers in which nginx passes a certificate on."""
    encoded = base64.encodebytes(der).decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{encoded}-----END CERTIFICATE-----\n"
    return {"x-client-certificate": quote(pem, safe=""), "x-client-certificate-verified": "NONE"}


def hub_keys(house: House) -> tuple[TrustedKey, ...]:
    """Return the keys that the hub's metadata tells."""
    keys = house.app.rooms.saml.metadata.keys.announced(house.clock.now())
    return tuple(trusted_key(key) for key in keys if key.use is KeyUse.SIGNING)


def register_keys(house: House) -> tuple[TrustedKey, ...]:
    """Return the keys that the metadata of the hub's register of mandates tells."""
    return tuple(map(trusted_key, house.app.rooms.saml.register.keys.announced(house.clock.now())))


def encrypted_for(house: House, name: NameId, methods: Methods) -> EncryptedId:
    """Return a name that only the hub can read, by the key that its metadata tells."""
    announced = house.app.rooms.saml.metadata.keys.announced(house.clock.now())
    lock = next(trusted_key(key) for key in announced if key.use is KeyUse.ENCRYPTION)
    return EncryptedId(octets=encrypt_id(writing.name_id(name), HUB, lock, methods), recipient=HUB)


async def follow(browser: httpx2.AsyncClient, response: httpx2.Response, **means: str) -> httpx2.Response:
    """Follow redirects inside the hub, giving `means` to the means; stop at a page or at the service."""
    while response.status_code == 303 and not response.headers["location"].startswith(HERE):
        location = response.headers["location"]
        if "/means/bench/" in location:
            location += "?" + urlencode(means)
        response = await browser.get(location)
    return response


def ticket(response: httpx2.Response) -> dict[str, str]:
    """Return the parameters with which the browser came back by artifact."""
    assert response.status_code == 303, (response.status_code, response.text[:600])
    location = response.headers["location"]
    assert location.startswith(ACS), location
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))


def form_of(page: httpx2.Response) -> tuple[str, dict[str, str]]:
    """Return where the form of a page leads, and its hidden fields."""
    assert page.status_code == 200, (page.status_code, page.text[:600])
    action = re.search(r'<form method="post" action="([^"]+)"', page.text)
    assert action, page.text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return unescape(action[1]), {name: unescape(value) for name, value in fields}


def logged_out(house: House, octets: bytes) -> LogoutResponse:
    """Read the answer to a wish to log out."""
    return reading.read_logout_response(verify(admit(octets), hub_keys(house)))


async def enrol(house: House, digits: str = "999990019") -> PersonId:
    """Make a person with a BSN."""
    enrolment = house.app.rooms.citizen.signing_in.desk.enrolment
    async with house.app.ground.units.begin() as unit:
        person = await enrolment.enrol(unit, Bsn.parse(digits), house.clock.now())
    return person.id
