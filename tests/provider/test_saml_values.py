"""The tables of the SAML identity provider: profiles, codes, levels, targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.catalogue import builders as b
from tests.conftest import NOON
from toegang import errors
from toegang.assurance import Level, Scheme, name_of
from toegang.catalogue.values import AcrAlias, SamlProfile
from toegang.errors import (
    LevelNotProven,
    LevelUnreachable,
    ProtocolRefusal,
    RedirectNotRegistered,
    Refusal,
)
from toegang.provider.saml.levels import AskedLevels, Asking, answer_name, resolve
from toegang.provider.saml.partners import Partner
from toegang.provider.saml.profiles import ARTIFACT_LIFETIME, CONFIRMED_FOR, PROFILES, Naming
from toegang.provider.saml.status import NO_SUPPORTED_IDP, status_of, status_of_code
from toegang.provider.saml.targets import consumer_of, means_of, name_format_of, requesters_of
from toegang.saml import names
from toegang.saml.messages import (
    AuthnRequest,
    Comparison,
    NameIdPolicy,
    RequestedContext,
    Scoping,
    Status,
)
from toegang.saml.metadata.values import Endpoint, ServiceProviderRole
from toegang.saml.names import Binding, NameFormat

CONSUMERS = (
    Endpoint(binding=Binding.POST, location="https://sp.example/post", index=1),
    Endpoint(binding=Binding.ARTIFACT, location="https://sp.example/artifact", index=2, default=False),
    Endpoint(binding=Binding.POST, location="https://sp.example/default", index=3, default=True),
    Endpoint(
        binding="urn:oasis:names:tc:SAML:2.0:bindings:PAOS", location="https://sp.example/paos", index=4
    ),
)


def request(**changes: Any) -> AuthnRequest:  # noqa: ANN401
    return replace(AuthnRequest(id="_1", issuer=b.FORMS_ENTITY, issued_at=NOON), **changes)


def partner(profile: SamlProfile = SamlProfile.SAML2INT, **role: Any) -> Partner:  # noqa: ANN401
    made = {"consumers": CONSUMERS} | role
    return Partner(
        connection=b.connection(profile=profile),
        entity_id=b.FORMS_ENTITY,
        profile=PROFILES[profile],
        role=ServiceProviderRole(**made),
    )


@pytest.mark.requires("STSAML-4.1")
def test_every_profile_of_the_catalogue_is_in_the_table_and_times_are_within_the_scheme() -> None:
    assert set(PROFILES) == set(SamlProfile)
    assert timedelta(minutes=15) >= ARTIFACT_LIFETIME
    assert timedelta(minutes=2) == CONFIRMED_FOR
    scheme = PROFILES[SamlProfile.ST_SAML]
    assert scheme.requests == {Binding.POST}
    assert scheme.answers == (Binding.ARTIFACT,)
    assert scheme.logout == {Binding.POST}
    assert scheme.mutual_tls
    assert not scheme.comparisons
    assert PROFILES[SamlProfile.DIGID3].naming is Naming.SECTOR


@pytest.mark.requires("STSAML-4.4")
@pytest.mark.parametrize(
    ("code", "first", "second", "message"),
    [
        ("cancelled", names.RESPONDER, names.AUTHN_FAILED, "Authentication cancelled"),
        ("level-unreachable", names.RESPONDER, names.NO_AUTHN_CONTEXT, ""),
        ("level-not-proven", names.RESPONDER, names.NO_AUTHN_CONTEXT, ""),
        ("user-interaction-needed", names.RESPONDER, names.NO_PASSIVE, ""),
        ("not-entitled", names.RESPONDER, names.REQUEST_DENIED, ""),
        ("party-closed", names.RESPONDER, names.REQUEST_DENIED, ""),
        ("account-closed", names.RESPONDER, names.AUTHN_FAILED, ""),
        ("login-expired", names.RESPONDER, names.AUTHN_FAILED, ""),
        ("replayed", names.REQUESTER, names.REQUEST_DENIED, ""),
        ("malformed", names.REQUESTER, names.REQUEST_UNSUPPORTED, ""),
        ("nobody knows this code", names.RESPONDER, names.AUTHN_FAILED, ""),
    ],
)
def test_a_refusal_is_called_by_its_codes(code: str, first: str, second: str, message: str) -> None:
    assert status_of_code(code) == Status(code=first, second=second, message=message)


def test_every_refusal_has_codes_and_a_rule_brings_its_own() -> None:
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, Refusal):
            told = status_of_code(kind.code)
            assert told.code in {names.REQUESTER, names.RESPONDER}
            assert told.second
    refusal = ProtocolRefusal(NO_SUPPORTED_IDP, "None of the identity providers is known and open")
    assert status_of(refusal) == Status(
        code=names.REQUESTER,
        second=names.NO_SUPPORTED_IDP,
        message="None of the identity providers is known and open",
    )


@pytest.mark.requires("SAMLProf-4.1.4.1")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"consumer_index": 1}, "https://sp.example/post"),
        ({"consumer_index": 2}, "https://sp.example/artifact"),
        ({"consumer_index": 4}, None),
        ({"consumer_index": 9}, None),
        ({"consumer_url": "https://sp.example/artifact"}, "https://sp.example/artifact"),
        ({"consumer_url": "https://sp.example/paos"}, None),
        ({"consumer_url": "https://sp.example/Post"}, None),
        ({"consumer_url": "https://sp.example/post", "binding": Binding.ARTIFACT}, None),
        ({}, "https://sp.example/default"),
        ({"binding": Binding.ARTIFACT}, "https://sp.example/artifact"),
        ({"binding": Binding.REDIRECT}, None),
    ],
)
def test_a_consumer_is_one_of_the_metadata_or_none(changes: dict[str, Any], expected: str | None) -> None:
    if expected is None:
        with pytest.raises(RedirectNotRegistered):
            consumer_of(request(**changes), partner())
        return
    assert consumer_of(request(**changes), partner()).location == expected


@pytest.mark.requires("SAMLCore-3.4.1.1")
def test_a_format_is_as_asked_else_as_the_metadata_lists_else_transient() -> None:
    listed = partner(name_formats=(NameFormat.ENTITY, NameFormat.PERSISTENT))
    transient = request(name_id_policy=NameIdPolicy(format=NameFormat.TRANSIENT))
    assert name_format_of(transient, listed) == NameFormat.TRANSIENT
    assert name_format_of(request(), listed) == NameFormat.PERSISTENT
    assert name_format_of(request(), partner()) == NameFormat.TRANSIENT


@pytest.mark.requires("SAMLCore-3.4.1.2")
def test_means_are_named_by_their_own_names_and_the_hub_stands_for_all() -> None:
    means = [b.means(), b.means(id="bank", settings=(("entity_id", "urn:bank"),))]

    def scoped(*providers: str) -> AuthnRequest:
        return request(scoping=Scoping(providers=providers, requesters=("urn:a", "a\x1bb", "[red]")))

    assert means_of(request(), means, "urn:hub") == ()
    assert means_of(scoped("urn:bank", "urn:unknown"), means, "urn:hub") == ("bank",)
    assert means_of(scoped("urn:bank", "urn:hub"), means, "urn:hub") == ()
    assert means_of(scoped(b.ACCOUNT), means, "urn:hub") == (b.ACCOUNT,)
    with pytest.raises(ProtocolRefusal, match="NoSupportedIDP"):
        means_of(scoped("urn:unknown"), means, "urn:hub")
    assert requesters_of(scoped("urn:bank")) == ("urn:a",)


@pytest.mark.requires("SAMLCore-3.4.1.2")
def test_who_lets_us_ask_nobody_else_is_offered_our_own_means() -> None:
    own, bank = b.means(), b.means(id="bank", settings=(("entity_id", "urn:bank"),))

    def alone(*providers: str) -> AuthnRequest:
        return request(scoping=Scoping(providers=providers, proxy_count=0))

    assert means_of(alone(), [own, bank], "urn:hub") == (own.id,)
    assert means_of(alone("urn:hub", "urn:bank"), [own, bank], "urn:hub") == (own.id,)
    for asked_, offered in ((alone("urn:bank"), [own, bank]), (alone(), [bank])):
        with pytest.raises(ProtocolRefusal):
            means_of(asked_, offered, "urn:hub")
    once = request(scoping=Scoping(proxy_count=1))
    assert means_of(once, [own, bank], "urn:hub") == ()


def asking(profile: SamlProfile, floor: Level = Level.LOW, **connection: Any) -> Asking:  # noqa: ANN401
    made = b.connection(profile=profile, **connection)
    return Asking(connection=made, profile=PROFILES[profile], floor=floor, now=NOON)


def asked(*classes: str, comparison: Comparison = Comparison.MINIMUM) -> RequestedContext:
    return RequestedContext(classes=classes, comparison=comparison)


ETD_LOW = str(name_of(Level.BASIC, Scheme.ETD))


@pytest.mark.requires("ETD-LoA", "WDO-level")
def test_only_the_business_scheme_lets_a_request_go_below_the_catalogue() -> None:
    low = asked(ETD_LOW)
    assert resolve(asking(SamlProfile.ETD), low).required is Level.BASIC
    assert resolve(asking(SamlProfile.DIGID3), low).required is Level.LOW


def test_names_that_nobody_knows_are_passed_over_unless_there_is_nothing_else() -> None:
    at = asking(SamlProfile.SAML2INT)
    assert resolve(at, asked("urn:x", ETD_LOW)).names == ((ETD_LOW, Level.BASIC),)
    with pytest.raises(LevelUnreachable):
        resolve(at, asked("urn:x"))


def test_own_names_of_a_connection_are_asked_and_answered_as_long_as_they_live() -> None:
    aliases = (AcrAlias(name="two", level=Level.LOW, until=NOON + timedelta(days=1)),)
    at = asking(SamlProfile.SAML2INT, acr_aliases=aliases)
    assert answer_name(at, resolve(at, None), Level.HIGH) == "two"
    assert answer_name(at, resolve(at, asked("two")), Level.HIGH) == "two"
    later = replace(at, now=NOON + timedelta(days=1))
    assert answer_name(later, resolve(later, None), Level.HIGH) == name_of(Level.HIGH, Scheme.EIDAS)


def test_what_has_no_name_is_not_overstated() -> None:
    at = asking(SamlProfile.SAML2INT)
    exact = AskedLevels(
        required=Level.LOW, exact=True, names=(("urn:high", Level.HIGH),), vocabulary=Scheme.EIDAS.value
    )
    with pytest.raises(LevelNotProven):
        answer_name(at, exact, Level.LOW)
    with pytest.raises(LevelNotProven):
        answer_name(at, AskedLevels(required=Level.MINIMAL, vocabulary=Scheme.CLASSES.value), Level.MINIMAL)
