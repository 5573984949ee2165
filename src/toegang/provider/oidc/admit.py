"""An authorization request becomes a login request, or a refusal that reaches who should have it.

Until the client and its return address are checked, a refusal is a page for the person: nothing is
sent to an address that nobody vouches for (RFC9700-4.11). From then on every refusal goes back to the
client (`RefusedAtParty`).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.audit.events import RequestRefused
from toegang.catalogue import gate
from toegang.catalogue.values import Attribute, AttributeGrant, ClientId
from toegang.errors import (
    ChoiceNeeded,
    OneTimeGone,
    ProtocolRefusal,
    RedirectNotRegistered,
    Refusal,
    RefusedAtParty,
    UserInteractionNeeded,
)
from toegang.jose.public_keys import PublicKeySet
from toegang.login.acting import Again, ForWhom
from toegang.login.request import AskedService, LoginRequest
from toegang.oidc.errors import INVALID_REQUEST, REQUEST_URI_NOT_SUPPORTED, Endpoint, word_for
from toegang.oidc.id_token import read_hint
from toegang.oidc.parameters import parse_parameters
from toegang.oidc.redirect import check_redirect
from toegang.oidc.request import REQUEST_URI_PREFIX, AuthorizationRequest, Prompt, ReplyTo
from toegang.oidc.request_object import RequestSigner, open_request_object
from toegang.provider.flood import Flood
from toegang.provider.oidc.clients import keys_of, profile_of
from toegang.provider.oidc.details import sought_by
from toegang.provider.oidc.letter import Letter, ReturnAddress
from toegang.provider.oidc.levels import resolve
from toegang.provider.oidc.rules import RULES, Asked, for_whom, service_asked
from toegang.pseudonyms.known import Sector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.values import Client, Service
    from toegang.catalogue.watch import Catalogue
    from toegang.errors import ToegangError
    from toegang.keys.files import KeyDirectory
    from toegang.login.acting import Sought
    from toegang.oidc.parameters import Parameters
    from toegang.provider.grants import Grants, GrantState
    from toegang.pseudonyms.known import KnownPseudonyms
    from toegang.units import Expiring, Units

# The standard claims that stand for each attribute (OIDCC-5.1), besides its own name.
CLAIMS = {
    Attribute.GIVEN_NAMES: "given_name",
    Attribute.FAMILY_NAME: "family_name",
    Attribute.BIRTH_DATE: "birthdate",
    Attribute.AGE_OVER_18: "age_over_18",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A request that a client left with us (RFC9126-2), checked already; `proof_key` as proven then."""

    client: ClientId
    parameters: dict[str, str]
    proof_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Decides whether a request may begin a login."""

    issuer: str
    catalogue: Catalogue
    keys: KeyDirectory
    pushed: Expiring[Pushed]
    grants: Grants
    names: KnownPseudonyms
    units: Units
    trail: Trail
    flood: Flood = field(default_factory=Flood)

    async def admit(self, octets: bytes, language: str, now: datetime) -> LoginRequest:
        """OIDCC-3.1.2.2: turn the parameters of an authorization request into a login request.

        1. Find the client, open now. 2. Open a pushed request (RFC9126-4) or a request object
        (RFC9101-6); only what is inside counts. 3. Check the return address. 4. Apply the rules.
        5. Resolve the level to prove.

        Raises:
            RefusedAtParty: refused, and the client is told.
            Refusal: refused, and only the person can be told.

        """
        outer = parse_parameters(octets)
        try:
            return await self._admitted(outer, language, now)
        except Refusal as refusal:
            await self.record_refused(outer.get("client_id", ""), refusal, now)
            raise

    async def _admitted(self, outer: Parameters, language: str, now: datetime) -> LoginRequest:
        # 1.
        named = ReplyTo.parse(outer)
        client = gate.open_client(self.catalogue.current, ClientId(named.client_id), now)
        # 2.
        pushed = await self._pushed(named, client, now)
        parameters = pushed.parameters if pushed else outer
        if pushed is None and named.request_object is not None:
            parameters = self.open_object(client, named, outer, now)
        # 3.
        address = self.address(client, parameters)
        with told_at(address):
            return await self._login_request(client, parameters, _Way(address, pushed, named), language, now)

    def check_pushed(
        self, client: Client, parameters: Parameters, proof_key: str, now: datetime
    ) -> Parameters:
        """RFC9126-2.1: apply everything that can be checked before a person comes; return what counts.

        Raises:
            Refusal: as the authorization endpoint would.

        """
        named = ReplyTo.parse(parameters)
        if named.request_uri is not None:
            raise ProtocolRefusal(INVALID_REQUEST, "a pushed request refers to no other")
        if named.client_id != client.id:
            raise ProtocolRefusal(INVALID_REQUEST, "client_id is not the client that authenticated")
        if named.request_object is not None:
            parameters = self.open_object(client, named, parameters, now)
        self.address(client, parameters)
        self._asked(client, AuthorizationRequest.parse(parameters), now, proof_key=proof_key, pushed=True)
        return parameters

    def open_object(self, client: Client, named: ReplyTo, outer: Parameters, now: datetime) -> Parameters:
        """RFC9101-6: return the signed parameters, by the client's keys of now."""
        signer = RequestSigner(
            client_id=client.id,
            keys=keys_of(client.jwks),
            algorithms=profile_of(client).algorithms,
            dated=client.profile != "basic",
        )
        inner = open_request_object(
            named.request_object or "", signer, issuer=self.issuer, ring=self.keys.ring(), now=now
        )
        # OIDCC-6.1 lets what OAuth needs stand outside too; then it must be the same.
        for name in ("client_id", "response_type"):
            if name in outer and outer[name] != inner.get(name, outer[name]):
                raise ProtocolRefusal(INVALID_REQUEST, f"{name} inside and outside are not the same")
        return {"response_type": outer.get("response_type", ""), **inner}

    def address(self, client: Client, parameters: Parameters) -> ReturnAddress:
        """RFC9700-2.1: the return address, exactly as registered.

        Raises:
            RedirectNotRegistered: absent, or not one of the client's.

        """
        reply_to = ReplyTo.parse(parameters)
        if reply_to.redirect_uri is None:
            message = "redirect_uri is missing"
            raise RedirectNotRegistered(message)
        return ReturnAddress(
            redirect_uri=check_redirect(reply_to.redirect_uri, client.redirect_uris, native=client.native),
            response_mode=reply_to.response_mode,
            state=reply_to.state or "",
            issuer=self.issuer,
        )

    async def record_refused(self, named: str, refusal: Refusal, now: datetime) -> None:
        """Record a refused request of a client that we know; garbage from nobody leaves no trace.

        Anybody can name a client: of a flood of what is alike few are recorded.
        """
        if self.catalogue.current.client(ClientId(named)) is None:
            return
        reason = refusal.refusal if isinstance(refusal, RefusedAtParty) else refusal
        rule = _word_of(reason)
        times = self.flood.count((named, reason.code, rule), now)
        if times is None:
            return
        event = RequestRefused(at=now, client=named, code=reason.code, rule=rule, times=times)
        async with self.units.begin() as unit:
            await self.trail.record(unit, event)

    async def _pushed(self, named: ReplyTo, client: Client, now: datetime) -> Pushed | None:
        """RFC9126-4: find the pushed request, of this client; it is used up by the answer, not the visit."""
        if named.request_uri is None:
            return None
        if not named.request_uri.startswith(REQUEST_URI_PREFIX):
            raise ProtocolRefusal(REQUEST_URI_NOT_SUPPORTED, "request_uri is one that we gave")
        pushed = await self.pushed.find(named.request_uri.removeprefix(REQUEST_URI_PREFIX), now)
        if pushed is None or pushed.client != client.id:
            message = "no such pushed request of this client"
            raise OneTimeGone(message)
        return pushed

    async def _login_request(
        self, client: Client, parameters: Parameters, way: _Way, language: str, now: datetime
    ) -> LoginRequest:
        request = AuthorizationRequest.parse(parameters)
        proof_key = way.pushed.proof_key if way.pushed else ""
        # 4.
        asked = self._asked(client, request, now, proof_key=proof_key, pushed=way.pushed is not None)
        # 5.
        floor = asked.service.level_at(now)
        essential = request.claims.essential_acr_values
        named = essential or request.claims.voluntary_acr_values or request.acr_values
        levels = resolve(client, floor, named, essential=bool(essential), now=now)
        letter = Letter(
            address=way.address,
            levels=levels,
            scope=request.scope,
            nonce=request.nonce or "",
            challenge=request.code_challenge or "",
            proof_key=proof_key or request.dpop_jkt or "",
            pushed=(way.named.request_uri or "").removeprefix(REQUEST_URI_PREFIX) if way.pushed else "",
            subjects=request.claims.subjects,
            detailed=request.act_for is not None,
        )
        organisation = gate.open_organisation(self.catalogue.current, asked.service.organisation, now)
        hint = await self._hint(request, now)
        return LoginRequest(
            client=client.id,
            service=AskedService.of(asked.service, organisation, floor, _granted(asked.service, request)),
            required=levels.required,
            max_age=0 if Prompt.LOGIN in request.prompt else request.max_age,
            silent=Prompt.NONE in request.prompt,
            language=_language(request, language),
            reply_to=letter.seal(),
            hinted=hint.grant.proven.subject.person if hint else None,
            again=_again(hint, asked),
            for_whom=for_whom(asked),
            sought=await self._sought(asked),
            choose_again=Prompt.SELECT_ACCOUNT in request.prompt,
            hurried=client.native,
        )

    def _asked(
        self, client: Client, request: AuthorizationRequest, now: datetime, *, proof_key: str, pushed: bool
    ) -> Asked:
        service = gate.open_service(self.catalogue.current, service_asked(request, client), client, now)
        asked = Asked(
            request=request,
            client=client,
            profile=profile_of(client),
            service=service,
            pushed=pushed,
            proof_key=proof_key,
            issuer=self.issuer,
        )
        for rule in RULES:
            rule(asked)
        return asked

    async def _sought(self, asked: Asked) -> Sought | None:
        service = asked.service
        sector = Sector(service.pseudonym_sector or service.organisation, service.pseudonym_version)
        return await sought_by(asked.request.act_for, self.names, sector)

    async def _hint(self, request: AuthorizationRequest, now: datetime) -> GrantState | None:
        """OIDCC-3.1.2.1: return the login of whom the client believes to be there, by an ID token of ours."""
        if request.id_token_hint is None:
            return None
        published = PublicKeySet.of_records(self.keys.ring().published(now))
        try:
            hint = read_hint(request.id_token_hint, published, self.issuer)
        except Refusal as error:
            raise ProtocolRefusal(INVALID_REQUEST, "id_token_hint is not an ID token of ours") from error
        state = await self.grants.find(hint.jti or "")
        person = state.grant.proven.subject.person if state else None
        if person is None and Prompt.NONE in request.prompt:
            message = "the login of the hint is forgotten, so nobody can say that it is the same person"
            raise UserInteractionNeeded(message)
        return state


@dataclass(frozen=True, slots=True)
class _Way:
    """How a request came and where its answer goes."""

    address: ReturnAddress
    pushed: Pushed | None
    named: ReplyTo


def _again(hint: GrantState | None, asked: Asked) -> Again | None:
    """OIDCC-3.1.2.1: tell whom a silent login is for, where that of the hint was for another.

    Only who asked that login may have it again, for the same service and while nothing ended it. It never
    becomes one of who acts for themselves, whom the client does not expect.

    Raises:
        ChoiceNeeded: nobody acts for another here any more.

    """
    statement = hint.grant.statement if hint else None
    if hint is None or statement is None or Prompt.NONE not in asked.request.prompt:
        return None
    if for_whom(asked) is ForWhom.THEMSELVES:
        message = "the login of the hint was for another, and nobody acts for another here"
        raise ChoiceNeeded(message)
    grant = hint.grant
    same = grant.client == asked.client.id and grant.service == asked.service.id and hint.ended_at is None
    return Again(principal=statement.principal, session=grant.session if same else "")


def _word_of(refusal: ToegangError) -> str:
    return refusal.error if isinstance(refusal, ProtocolRefusal) else ""


@contextmanager
def told_at(address: ReturnAddress) -> Iterator[None]:
    """Make every refusal inside one that the client is told at its return address."""
    try:
        yield
    except Refusal as refusal:
        word = word_for(refusal, Endpoint.AUTHORIZATION)
        reply = address.reply({"error": word.error, "error_description": word.description})
        raise RefusedAtParty(refusal, reply.location, reply.fields) from refusal


def _granted(service: Service, request: AuthorizationRequest) -> tuple[AttributeGrant, ...]:
    """Return the attributes that are both granted and asked."""
    return tuple(grant for grant in service.attributes if _is_asked(grant, request))


def _is_asked(grant: AttributeGrant, request: AuthorizationRequest) -> bool:
    """OIDCC-5.4: an attribute is asked by its own claim, or all of them by the scope `profile`."""
    return "profile" in request.scope or request.claims.find(CLAIMS[grant.attribute]) is not None


def _language(request: AuthorizationRequest, fallback: str) -> str:
    wished = [tag.split("-")[0].lower() for tag in request.ui_locales]
    return next((tag for tag in wished if tag in {"nl", "en"}), fallback)
