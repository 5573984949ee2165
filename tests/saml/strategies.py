"""Messages and metadata drawn at random, as only values can be that may be written."""

from __future__ import annotations

import base64
import unicodedata
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.saml.parties import HUB, IDP, KINDS, SP, certificate
from toegang.saml import names
from toegang.saml.messages import (
    ArtifactResolve,
    ArtifactResponse,
    Assertion,
    Attribute,
    AuthnRequest,
    AuthnStatement,
    Comparison,
    Confirmation,
    EncryptedId,
    LogoutRequest,
    LogoutResponse,
    NameId,
    NameIdPolicy,
    RequestedContext,
    Response,
    Scoping,
    Status,
)
from toegang.saml.metadata.values import (
    Endpoint,
    EntityContact,
    EntityMetadata,
    IdentityProviderRole,
    KeyUse,
    PartnerKey,
    RequestedAttribute,
    ServiceIndex,
    ServiceProviderRole,
)

ENCRYPTED = (
    f'<saml:EncryptedID xmlns:saml="{names.SAML}"><xenc:EncryptedData xmlns:xenc="{names.XENC}">'
    "<xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
    f'<xenc:EncryptedKey xmlns:xenc="{names.XENC}" Recipient="{SP}"><xenc:CipherData>'
    "<xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></saml:EncryptedID>"
).encode()

SECONDS_LATEST = 253_402_214_400  # the last day of 9999


def since(earliest: int) -> st.SearchStrategy[datetime]:
    """Draw a whole second of Unix time."""
    return st.integers(earliest, SECONDS_LATEST).map(
        lambda at: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
    )


moments = since(-62_135_596_800)
_letters = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufffe\uffff")
texts = st.text(_letters, max_size=40).map(lambda text: unicodedata.normalize("NFC", text))
words = texts.map(lambda text: "x" + text + "x").filter(lambda text: unicodedata.is_normalized("NFC", text))
uris = st.from_regex(
    r"(https://[a-z]{1,9}\.example/[a-z0-9?&=;']{0,9}|urn:[a-z]{1,9}:[a-z0-9]{1,9})", fullmatch=True
)
identifiers = st.from_regex(r"_[0-9a-f]{32}", fullmatch=True)
indexes = st.integers(0, 65_535)
name_ids = st.builds(
    NameId,
    value=words,
    format=uris | st.just(""),
    name_qualifier=uris | st.just(""),
    sp_name_qualifier=uris | st.just(""),
)
subjects = name_ids | st.just(EncryptedId(octets=ENCRYPTED, recipient=SP))


def some(strategy: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    """Draw a few, in a tuple."""
    return st.lists(strategy, max_size=most).map(tuple)


def attributes(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[Attribute, ...]]:
    """Draw attributes, each name once."""
    drawn = st.builds(
        Attribute,
        name=uris,
        values=some(values),
        name_format=st.sampled_from(("", names.URI_NAMES)),
        friendly_name=words | st.just(""),
    )
    return st.lists(drawn, max_size=3, unique_by=lambda each: each.name).map(tuple)


confirmations = st.builds(
    Confirmation,
    method=st.just(names.BEARER),
    recipient=uris | st.just(""),
    not_before=st.none() | moments,
    not_on_or_after=st.none() | moments,
    in_response_to=identifiers | st.just(""),
    address=st.sampled_from(("", "192.0.2.1", "2001:db8::1")),
)
statements = st.builds(
    AuthnStatement,
    at=moments,
    context_class=uris,
    session_index=words | st.just(""),
    session_until=st.none() | moments,
    authorities=some(uris),
)
assertions = st.builds(
    Assertion,
    id=identifiers,
    issuer=uris,
    issued_at=moments,
    subject=subjects,
    confirmations=some(confirmations),
    not_before=st.none() | moments,
    not_on_or_after=st.none() | moments,
    audiences=some(st.lists(uris, min_size=1, max_size=2).map(tuple)),
    one_time=st.booleans(),
    authn=st.none() | statements,
    attributes=attributes(texts | subjects),
)
failures = st.builds(
    Status,
    code=st.sampled_from((names.RESPONDER, names.REQUESTER, names.VERSION_MISMATCH)),
    second=st.sampled_from(("", names.AUTHN_FAILED, names.NO_AUTHN_CONTEXT)),
    message=texts,
)
successes = st.just(Status(code=names.SUCCESS))
_answers = {
    "id": identifiers.map(lambda text: text + "r"),
    "issuer": uris,
    "issued_at": moments,
    "in_response_to": identifiers | st.just(""),
    "destination": uris | st.just(""),
}
responses = st.builds(Response, **_answers, status=failures) | st.builds(
    Response, **_answers, status=successes, assertion=assertions
)
artifact_responses = st.builds(ArtifactResponse, **_answers, status=failures | successes)
logout_responses = st.builds(LogoutResponse, **_answers, status=failures | successes)
artifact_resolves = st.builds(
    ArtifactResolve,
    id=identifiers,
    issuer=uris,
    issued_at=moments,
    artifact=words,
    destination=uris | st.just(""),
)
logout_requests = st.builds(
    LogoutRequest,
    id=identifiers,
    issuer=uris,
    issued_at=moments,
    subject=subjects,
    destination=uris | st.just(""),
    not_on_or_after=st.none() | moments,
    session_indexes=some(words),
    reason=texts,
)
_consumers = st.fixed_dictionaries({"consumer_index": indexes}) | st.fixed_dictionaries(
    {"consumer_url": uris, "binding": uris | st.just("")}
)
authn_requests = _consumers.flatmap(
    lambda consumer: st.builds(
        AuthnRequest,
        id=identifiers,
        issuer=uris,
        issued_at=moments,
        destination=uris | st.just(""),
        force_authn=st.booleans(),
        passive=st.booleans(),
        service_index=st.none() | indexes,
        provider_name=texts,
        requested=st.none()
        | st.builds(
            RequestedContext,
            classes=st.lists(uris, min_size=1, max_size=3).map(tuple),
            comparison=st.sampled_from(Comparison),
        ),
        name_id_policy=st.none()
        | st.builds(
            NameIdPolicy,
            format=uris | st.just(""),
            sp_name_qualifier=uris | st.just(""),
            allow_create=st.booleans(),
        ),
        scoping=st.none()
        | st.builds(
            Scoping,
            providers=some(uris),
            requesters=some(uris),
            proxy_count=st.none() | st.integers(0, 9_999),
        ),
        extensions=attributes(texts),
        **{key: st.just(value) for key, value in consumer.items()},
    )
)


def partner_key(kind: str, use: KeyUse, who: str = IDP, name: str = "") -> PartnerKey:
    """Return a key as metadata lists it."""
    encoded = base64.b64encode(certificate(kind, who)).decode()
    return PartnerKey(use=use, certificate=encoded, name=name)


locations = st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9?&=;']{0,9}", fullmatch=True)
_bindings = st.sampled_from([each.value for each in names.Binding])
endpoints = st.builds(
    Endpoint, binding=_bindings, location=locations, response_location=locations | st.just("")
)


def indexed(least: int = 0) -> st.SearchStrategy[tuple[Endpoint, ...]]:
    """Draw addresses with numbers, one of which may be the default."""
    numbered = st.builds(Endpoint, binding=_bindings, location=locations, index=indexes)
    return st.lists(numbered, min_size=least, max_size=3, unique_by=lambda each: each.index).map(tuple)


_keys = st.builds(
    partner_key,
    st.sampled_from(KINDS),
    st.sampled_from(KeyUse),
    st.sampled_from((IDP, SP, HUB)),
    words.map(lambda text: " ".join(text.split())) | st.just(""),
)
_signing = st.just(partner_key("rsa", KeyUse.SIGNING))
_localised = st.lists(
    st.tuples(st.sampled_from(("nl", "en")), words.map(lambda text: " ".join(text.split()))),
    min_size=1,
    max_size=2,
    unique_by=lambda each: each[0],
).map(tuple)
_services = st.lists(
    st.builds(
        ServiceIndex,
        index=indexes,
        names=_localised,
        attributes=st.lists(
            st.builds(RequestedAttribute, name=uris, required=st.booleans(), values=some(uris)),
            min_size=1,
            max_size=2,
        ).map(tuple),
    ),
    max_size=2,
    unique_by=lambda each: each.index,
).map(tuple)
service_providers = st.builds(
    ServiceProviderRole,
    keys=st.tuples(_signing, _keys),
    consumers=indexed(1),
    logout=some(endpoints),
    artifact=indexed(),
    name_formats=some(uris),
    services=_services,
    requests_signed=st.booleans(),
    wants_assertions_signed=st.booleans(),
)
identity_providers = st.builds(
    IdentityProviderRole,
    keys=st.tuples(_signing, _keys),
    sign_on=st.lists(endpoints, min_size=1, max_size=2).map(tuple),
    logout=some(endpoints),
    artifact=indexed(),
    name_formats=some(uris),
    wants_requests_signed=st.booleans(),
)
_folded = words.map(lambda text: " ".join(text.split()))
entities = st.tuples(st.booleans(), st.sampled_from(("sp", "idp", "both"))).flatmap(
    lambda drawn: st.builds(
        EntityMetadata,
        entity_id=uris,
        valid_until=st.none() | since(1_800_000_000),
        cache_seconds=st.none() | st.integers(0, 10**8),
        service_provider=st.none() if drawn[1] == "idp" else service_providers,
        identity_provider=st.none() if drawn[1] == "sp" else identity_providers,
        organisation_names=_localised if drawn[0] else st.just(()),
        organisation_addresses=st.just((("nl", "https://house.example/"),)) if drawn[0] else st.just(()),
        contacts=some(
            st.builds(
                EntityContact,
                role=st.sampled_from(("technical", "administrative")),
                company=_folded | st.just(""),
                name=_folded | st.just(""),
                mail=st.sampled_from(("", "a@b.example")),
                telephone=st.sampled_from(("", "+31 20 000 0000")),
            )
        ),
        certifications=some(uris),
    )
)
