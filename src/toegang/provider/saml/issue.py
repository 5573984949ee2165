"""Making answers: what is signed for a partner, with which key, and whether it may still be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.errors import NotEntitled, PartyClosed, PersonNotFound
from toegang.provider.released import text_of
from toegang.provider.saml.identifiers import Sector
from toegang.provider.saml.partners import encryption_keys
from toegang.provider.saml.profiles import PROFILES
from toegang.provider.saml.statement import Saying, assertion, declaration
from toegang.provider.saml.status import SUCCESS
from toegang.saml import writing
from toegang.saml.encryption import encrypt_assertion, encrypt_id
from toegang.saml.keys import trusted_key
from toegang.saml.messages import EncryptedId, NameId, Response, Status
from toegang.saml.writing_assertions import write_name_id

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import Attribute, Service
    from toegang.catalogue.watch import Catalogue
    from toegang.ids import Ids
    from toegang.login.flow import Logins
    from toegang.mandates.statement import StatementId
    from toegang.provider.grants import Grant, GrantState
    from toegang.provider.saml.identifiers import Identifiers
    from toegang.provider.saml.letter import Letter
    from toegang.provider.saml.register import TheRegister
    from toegang.registers.population import Population
    from toegang.saml.metadata.values import PartnerKey
    from toegang.saml.own import OwnKeys

ID_BYTES = 20  # SAMLCore-1.3.4: 160 random bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A signed declaration: its octets, in whose name, by which key, and the ID and hash of it."""

    octets: bytes
    id: str
    issuer: str
    key: str
    digest: str
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A signed answer: its octets, and the ID and hash by which its assertion is known, if it has one.

    `declared` is what our register declares beside it, where somebody acts by that.
    """

    octets: bytes
    assertion: str = ""
    digest: str = ""
    declared: Declared | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance:
    """Signs and encrypts for partners; `scope` is the domain in whose name people are named."""

    entity_id: str
    scope: str
    catalogue: Catalogue
    keys: OwnKeys
    register: TheRegister
    identifiers: Identifiers
    population: Population
    logins: Logins
    ids: Ids

    def new_id(self) -> str:
        """SAMLCore-1.3.4: return an ID that nobody guesses and that never occurs twice."""
        return f"_{self.ids.secret(ID_BYTES).hex()}"

    async def check_still_open(self, state: GrantState, now: datetime) -> None:
        """O15: refuse when the connection, its service, its means or the account may no longer take part.

        Raises:
            PartyClosed, UnknownParty, NotEntitled, AccountClosed: it may not.

        """
        snapshot, grant = self.catalogue.current, state.grant
        connection = gate.open_connection(snapshot, grant.client, now)
        service = gate.open_service(snapshot, grant.service, connection, now)
        if grant.statement is not None:
            gate.check_represents(service, connection)
        means = gate.open_means(snapshot, grant.proven.means, now)
        if means.ceiling < grant.level:
            message = f"means {means.id} is no longer admitted for {grant.level.name}"
            raise PartyClosed(message)
        await self.logins.check_usable(grant.proven, now, state.bearing, grant.statement)

    def refusal(self, letter: Letter, status: Status, now: datetime) -> Issued:
        """STSAML-4.4: sign an answer that says no; what is around it may not be signed, so it is itself."""
        key = self.keys.signing(now)
        return Issued(octets=writing.response(self._response(letter, status, now), key))

    async def answer(self, state: GrantState, letter: Letter, now: datetime) -> Issued:
        """SAMLProf-4.1.4.2: sign an answer with an assertion about who logged in.

        The assertion is always signed. Encrypted as a whole, or posted by a browser, it travels in a
        response that is signed too.

        Raises:
            Refusal: it may not be told, or nobody can be told about.
            Unavailable: the register does not answer.

        """
        snapshot, profile, key = self.catalogue.current, PROFILES[letter.profile], self.keys.signing(now)
        service = snapshot.service(state.grant.service)
        if service is None:
            message = "the service is gone from the catalogue"
            raise PartyClosed(message)
        receiver = encryption_keys(snapshot, letter.keys_of, now)
        saying = await self._saying(state, letter, service, receiver, now)
        identifier, declared = self.new_id(), self._declared(saying, now)
        beside = (declared.octets,) if declared else ()
        inner = writing.assertion(assertion(saying, identifier, beside), key)
        digest = writing.fingerprint(inner)
        if profile.encrypts_assertion and receiver:
            # Plain software looks at one wrapped key only.
            methods = profile.encryption.for_key(receiver[0].algorithms)
            inner = encrypt_assertion(inner, letter.recipient, trusted_key(receiver[0]), methods)
        around = key if profile.signs_response else None
        octets = writing.response_around(self._response(letter, SUCCESS, now), inner, around)
        return Issued(octets=octets, assertion=identifier, digest=digest, declared=declared)

    def _declared(self, saying: Saying, now: datetime) -> Declared | None:
        """STSAML-4.3: have our register of mandates declare, where somebody acts by that."""
        statement = saying.grant.statement
        if statement is None or saying.profile.subjects is None:
            return None
        (issuer, key), identifier = self.register.declares(now), self.new_id()
        octets = writing.assertion(declaration(saying, identifier, issuer, statement), key)
        return Declared(
            octets=octets,
            id=identifier,
            issuer=issuer,
            key=key.name,
            digest=writing.fingerprint(octets),
            statement=statement.id,
        )

    def _response(self, letter: Letter, status: Status, now: datetime) -> Response:
        return Response(
            id=self.new_id(),
            issuer=self.entity_id,
            issued_at=now,
            status=status,
            in_response_to=letter.request_id,
            destination=letter.address.consumer,
        )

    async def _saying(
        self,
        state: GrantState,
        letter: Letter,
        service: Service,
        receiver: tuple[PartnerKey, ...],
        now: datetime,
    ) -> Saying:
        grant, methods = state.grant, PROFILES[letter.profile].encryption
        identities = await self.identifiers.tell(state, Sector.of(service))

        def seal(name: NameId) -> EncryptedId:
            if not receiver:
                message = "there is no key to encrypt a name for"
                raise NotEntitled(message)
            first, *more = map(trusted_key, receiver)
            plain = write_name_id(name, alone=True)
            octets = encrypt_id(plain, letter.recipient, first, methods, also=more)
            return EncryptedId(octets=octets, recipient=letter.recipient)

        return Saying(
            issuer=self.entity_id,
            scope=self.scope,
            grant=grant,
            letter=letter,
            identities=identities,
            registered=await self._registered(state, now),
            shared=service.pseudonym_sector not in {"", service.organisation},
            service_id=self._service_id(grant, service),
            seal=seal,
            now=now,
        )

    def _service_id(self, grant: Grant, service: Service) -> str:
        """ETD-1.13: the service's name, made of its organisation's number and its own at the connection."""
        snapshot = self.catalogue.current
        connection = snapshot.connection(grant.client)
        organisation = snapshot.organisation(service.organisation)
        numbers = connection.service_indexes if connection else ()
        number = next((each.index for each in numbers if each.service == service.id), None)
        if organisation is None or not organisation.oin or number is None:
            return ""
        return f"urn:etoegang:DV:{organisation.oin}:services:{number}"

    async def _registered(self, state: GrantState, now: datetime) -> tuple[tuple[Attribute, str], ...]:
        """Read the attributes that were granted from the register, at this moment."""
        grant = state.grant
        if not grant.attributes:
            return ()
        bsn = await self.identifiers.bsn(grant.proven.subject.person, state.person)
        found = await self.population.find(bsn)
        if found is None:
            raise PersonNotFound
        told = ((each.attribute, text_of(each.attribute, found, now)) for each in grant.attributes)
        return tuple((attribute, text) for attribute, text in told if text)
