"""For whom somebody acts, as an external identity provider vouches for it, up to the service that is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest

from tests.journeys.conftest import house_secrets, lone_house
from tests.journeys.house import TOWN, House, service
from tests.journeys.saml_party import HUB, SamlParty, Told
from tests.journeys.saml_party import follow as follow_saml
from tests.means.identity_provider import IdentityProvider, form, identity_provider, named
from tests.means.savings_bank import savings
from tests.saml import parties
from toegang.assurance import Level
from toegang.catalogue.values import AcrAlias, IdentityForm, SamlProfile, ServiceId, ServiceNumber
from toegang.saml import names
from toegang.saml.document import admit
from toegang.saml.encryption import PRESCRIBED, encrypt_id
from toegang.saml.held import NAME_ID, told_openly
from toegang.saml.messages import Attribute, AuthnRequest, AuthnStatement, EncryptedId, NameId
from toegang.saml.signature import verify

__all__ = ["house_secrets", "lone_house"]
TAXES = ServiceId(UUID("01929d2e-0000-7000-8000-0000000000d1"))
KVK, RSIN = "01234567", "999990019"
CLASS = {"etd": "urn:etoegang:core:assurance-class:loa3", "st-saml": "http://eidas.europa.eu/LoA/substantial"}
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
BSN, CHILD = "999990019", "999990032"


@pytest.fixture
async def broker(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with identity_provider(
        lone_house.app, lone_house.clock, "urn:etoegang:HM:00000000000000000009:entities:9001"
    ) as running:
        yield running


async def asking(
    house: House,
    broker: IdentityProvider,
    profile: SamlProfile,
    identity: IdentityForm,
    **admitted: Any,  # noqa: ANN401
) -> SamlParty:
    """Open a service that is told this form of identity, and admit the broker to vouch for it."""
    numbered = (ServiceNumber(index=1, service=TAXES),)
    party = SamlParty(
        profile=profile, services=(TAXES,), organisation=TOWN, more={"service_indexes": numbered}
    )
    levels = tuple(AcrAlias(name=name, level=Level.SUBSTANTIAL) for name in CLASS.values())
    settings = {"speaks": profile.value, "comparison": "none"}
    await house.put(
        service(TAXES, TOWN, Level.LOW, identity=identity),
        broker.entity(),
        savings(broker, levels=levels, settings=settings, linkable=False, **admitted),
        *party.records(house),
    )
    return party


async def arrive(
    house: House, broker: IdentityProvider, party: SamlParty, profile: str, *attributes: Attribute
) -> httpx2.Response:
    """Ask a login, have the broker vouch for these attributes, and come back."""
    browser = house.browser()
    page = await party.ask(browser, party.request(house))
    request, state = broker.asked_of(page.text)
    statement = AuthnStatement(at=house.clock.now(), context_class=CLASS[profile])
    passing = NameId(value="_once", format=names.NameFormat.TRANSIENT.value)
    told = broker.assertion(request, subject=passing, authn=statement, attributes=attributes)
    octets = broker.signed(broker.response(request, told))
    kept = await house.browser().post("/saml/acs", data=form(octets, state))
    return await follow_saml(browser, await browser.get(kept.headers["location"]))


def plain(form_of_name: str, value: str) -> NameId:
    return NameId(value=value, format=names.NameFormat.PERSISTENT.value, name_qualifier=form_of_name)


ACTING = named(names.ETD_ACTING_SUBJECT, plain(names.ETD_PSEUDONYM, "somebody"))


@pytest.mark.requires("ETD-1.13")
@pytest.mark.parametrize(
    ("identity", "qualifier", "number"),
    [(IdentityForm.KVK, names.ETD_KVK, KVK), (IdentityForm.RSIN, names.ETD_RSIN, RSIN)],
)
async def test_the_number_of_an_organisation_that_somebody_acts_for_reaches_the_service(
    lone_house: House, broker: IdentityProvider, identity: IdentityForm, qualifier: str, number: str
) -> None:
    party = await asking(lone_house, broker, SamlProfile.ETD, identity, gives_organisation=True)
    legal = named(names.ETD_LEGAL_SUBJECT, plain(qualifier, number))
    told = await party.told(lone_house, await arrive(lone_house, broker, party, "etd", ACTING, legal))
    opened = party.open(told, names.ETD_LEGAL_SUBJECT)
    assert (opened.name_qualifier, opened.value) == (qualifier, number)
    assert party.open(told, names.ETD_ACTING_SUBJECT).value != "somebody"


@pytest.mark.requires("ETD-1.13")
async def test_who_stands_between_is_told_too(lone_house: House, broker: IdentityProvider) -> None:
    party = await asking(lone_house, broker, SamlProfile.ETD, IdentityForm.KVK, gives_organisation=True)
    legal = named(names.ETD_LEGAL_SUBJECT, plain(names.ETD_KVK, KVK))
    between = named(names.ETD_INTERMEDIATE_SUBJECT, plain(names.ETD_KVK, "76543210"))
    told = await party.told(
        lone_house, await arrive(lone_house, broker, party, "etd", ACTING, legal, between)
    )
    assert party.open(told, names.ETD_INTERMEDIATE_SUBJECT).value == "76543210"


async def test_a_name_that_only_the_hub_can_read_is_opened(
    lone_house: House, broker: IdentityProvider
) -> None:
    party = await asking(lone_house, broker, SamlProfile.ETD, IdentityForm.KVK, gives_organisation=True)
    sealed = broker.sealed_name(plain(names.ETD_KVK, KVK), HUB, PRESCRIBED)
    legal = named(names.ETD_LEGAL_SUBJECT, sealed)
    told = await party.told(lone_house, await arrive(lone_house, broker, party, "etd", ACTING, legal))
    assert party.open(told, names.ETD_LEGAL_SUBJECT).value == KVK


REFUSED: dict[str, tuple[Attribute, ...]] = {
    "nobody acts": (named(names.ETD_LEGAL_SUBJECT, plain(names.ETD_KVK, KVK)),),
    "no number": (ACTING, named(names.ETD_LEGAL_SUBJECT, plain(names.ETD_KVK, "1234567"))),
    "no rsin": (ACTING, named(names.ETD_LEGAL_SUBJECT, plain(names.ETD_RSIN, "123456789"))),
    "a text": (ACTING, named(names.ETD_LEGAL_SUBJECT, KVK)),
    "two": (ACTING, named(names.ETD_LEGAL_SUBJECT, plain(names.ETD_KVK, KVK), plain(names.ETD_KVK, KVK))),
    "unknown form": (ACTING, named(names.ETD_LEGAL_SUBJECT, plain("urn:nobody", KVK))),
    "rsin between": (
        ACTING,
        named(names.ETD_LEGAL_SUBJECT, plain(names.ETD_KVK, KVK)),
        named(names.ETD_INTERMEDIATE_SUBJECT, plain(names.ETD_RSIN, RSIN)),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_whom_somebody_acts_for_is_told_as_agreed_or_not_believed(
    lone_house: House, broker: IdentityProvider, name: str
) -> None:
    party = await asking(lone_house, broker, SamlProfile.ETD, IdentityForm.KVK, gives_organisation=True)
    page = await arrive(lone_house, broker, party, "etd", *REFUSED[name])
    assert "proof-invalid" in page.text


async def test_a_broker_that_is_not_admitted_for_organisations_is_not_offered_and_not_believed(
    lone_house: House, broker: IdentityProvider
) -> None:
    party = await asking(lone_house, broker, SamlProfile.ETD, IdentityForm.KVK)
    page = await party.ask(lone_house.browser(), party.request(lone_house))
    assert "kan niet doorgeven namens welke organisatie u handelt" in page.text
    told = await asking(lone_house, broker, SamlProfile.ETD, IdentityForm.PSEUDONYM)
    legal = named(names.ETD_LEGAL_SUBJECT, plain(names.ETD_KVK, KVK))
    browser = lone_house.browser()
    page = await told.ask(browser, told.request(lone_house, id="_another"))
    request, state = await chosen(lone_house, browser, broker, page)
    made = broker.assertion(
        request,
        authn=AuthnStatement(at=lone_house.clock.now(), context_class=CLASS["etd"]),
        attributes=(ACTING, legal),
    )
    octets = broker.signed(broker.response(request, made))
    kept = await lone_house.browser().post("/saml/acs", data=form(octets, state))
    page = await follow_saml(browser, await browser.get(kept.headers["location"]))
    assert "proof-invalid" in page.text


async def chosen(
    house: House, browser: httpx2.AsyncClient, broker: IdentityProvider, page: httpx2.Response
) -> tuple[AuthnRequest, str]:
    """Choose the broker on the page of a login."""
    proof = house.app.rooms.cookies.proof(browser.cookies["toegang-browser"])
    sent = await browser.post(str(page.url), data={"csrf": proof, "means": "savings"})
    return broker.asked_of((await follow_saml(browser, sent)).text)


def sealed(broker: IdentityProvider, attribute: str, bsn: str) -> Attribute:
    return named(attribute, broker.sealed_name(plain(names.GDI_LEGACY_BSN, bsn), HUB, PRESCRIBED))


def legacy(attribute: str, bsn: str) -> Attribute:
    return named(attribute, plain(names.GDI_LEGACY_BSN, bsn))


async def by_the_scheme(
    lone_house: House, broker: IdentityProvider, *attributes: Attribute
) -> tuple[SamlParty, httpx2.Response]:
    party = await asking(lone_house, broker, SamlProfile.ST_SAML, IdentityForm.BSN, gives_bsn=True)
    return party, await arrive(lone_house, broker, party, "st-saml", *attributes)


@pytest.mark.requires("STSAML-4.3")
async def test_in_the_scheme_for_access_a_parent_acts_for_a_child_and_the_service_sees_who_vouched_for_it(
    lone_house: House, broker: IdentityProvider
) -> None:
    party, back = await by_the_scheme(
        lone_house,
        broker,
        sealed(broker, names.GDI_ACTING_SUBJECT, BSN),
        sealed(broker, names.GDI_LEGAL_SUBJECT, CHILD),
        named(names.GDI_REPRESENTATION_TYPE, "urn:nl-eid-gdi:1.1:RT:Zorg_Volledig_Gezag_Kind"),
    )
    told: Told = await party.told(lone_house, back)
    assert party.open(told, names.GDI_ACTING_SUBJECT).value == BSN
    assert party.open(told, names.GDI_LEGAL_SUBJECT).value == CHILD
    assert told.assertion is not None
    assert told.assertion.authn is not None
    assert broker.entity_id in told.assertion.authn.authorities
    [advice] = told.assertion.advice
    assert verify(admit(advice), (parties.trusted("rsa", broker.entity_id),)).id.startswith("_assertion-")


async def test_a_bsn_of_a_broker_that_is_not_admitted_to_give_it_is_not_believed(
    lone_house: House, broker: IdentityProvider
) -> None:
    party = await asking(lone_house, broker, SamlProfile.ST_SAML, IdentityForm.PSEUDONYM)
    browser = lone_house.browser()
    page = await party.ask(browser, party.request(lone_house))
    request, state = await chosen(lone_house, browser, broker, page)
    statement = AuthnStatement(at=lone_house.clock.now(), context_class=CLASS["st-saml"])
    told = broker.assertion(request, authn=statement, attributes=(legacy(names.GDI_ACTING_SUBJECT, BSN),))
    octets = broker.signed(broker.response(request, told))
    kept = await lone_house.browser().post("/saml/acs", data=form(octets, state))
    page = await follow_saml(browser, await browser.get(kept.headers["location"]))
    assert "proof-invalid" in page.text


FIRST_NAME = "urn:etoegang:1.9:attribute:FirstName"
OTHERS = '<saml:Assertion xmlns:saml="%s" ID="_theirs"><saml:Issuer>urn:bvd</saml:Issuer>%s</saml:Assertion>'
NAMED = '<saml:Subject><saml:NameID Format="%s">x</saml:NameID></saml:Subject>'
OPEN: dict[str, tuple[Attribute, ...]] = {
    "who acts": (legacy(names.GDI_ACTING_SUBJECT, BSN),),
    "whom it concerns": (legacy(names.GDI_LEGAL_SUBJECT, CHILD),),
    "a first name": (named(FIRST_NAME, "Sanne"),),
    "an attribute that nobody knows": (named("urn:example:number", BSN),),
}


@pytest.mark.requires("GDPR-5.1.c")
@pytest.mark.parametrize("what", OPEN)
async def test_what_others_could_read_in_it_is_not_handed_on(
    lone_house: House, broker: IdentityProvider, what: str
) -> None:
    told = {each.name: each for each in (sealed(broker, names.GDI_ACTING_SUBJECT, BSN), *OPEN[what])}
    party, back = await by_the_scheme(lone_house, broker, *told.values())
    came = await party.told(lone_house, back)
    assert came.assertion is not None
    assert came.assertion.advice == ()
    assert party.open(came, names.GDI_ACTING_SUBJECT).value == BSN


def others(inside: str) -> str:
    return OTHERS % (names.SAML, inside)


READ_BY_ALL = {
    others(""): set(),
    others(NAMED % names.NameFormat.TRANSIENT): set(),
    others(NAMED % names.NameFormat.PERSISTENT): {NAME_ID},
    others('<saml:Advice><x xmlns="urn:x">999990019</x></saml:Advice>'): {"{urn:x}x"},
    others(
        f"<saml:Advice>{others(NAMED % names.NameFormat.PERSISTENT)}</saml:Advice>".replace("_theirs", "_in")
    ): {NAME_ID},
    others('<saml:AttributeStatement><saml:Attribute Name="a"/></saml:AttributeStatement>'): set(),
    others(
        '<saml:AttributeStatement><saml:Attribute Name="a"><saml:AttributeValue>1<saml:EncryptedID/>'
        "</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
    ): {"a"},
    others(
        '<saml:AttributeStatement><saml:Attribute Name="a"><saml:AttributeValue><saml:EncryptedID/>'
        "</saml:AttributeValue><saml:AttributeValue/></saml:Attribute></saml:AttributeStatement>"
    ): {"a"},
}


@pytest.mark.requires("GDPR-5.1.c")
@pytest.mark.parametrize("text", READ_BY_ALL, ids=range(len(READ_BY_ALL)))
def test_it_is_known_of_every_assertion_what_whoever_is_handed_it_can_read(text: str) -> None:
    assert told_openly(text.encode()) == READ_BY_ALL[text]


async def test_a_bsn_stands_nowhere_in_the_database(lone_house: House, broker: IdentityProvider) -> None:
    party, back = await by_the_scheme(
        lone_house, broker, legacy(names.GDI_ACTING_SUBJECT, BSN), legacy(names.GDI_LEGAL_SUBJECT, CHILD)
    )
    assert back.status_code == 303, party.entity_id
    database = lone_house.app.ground.database
    tables = [str(name) for [name] in await database.all(TABLES, {})]
    assert {"people", "links", "grants", "decisions", "expiring"} <= set(tables)
    for table in tables:
        kept = repr(await database.all(f"SELECT * FROM {table}", {}))  # noqa: S608 a table of ours
        assert BSN not in kept, table
        assert CHILD not in kept, table


INSIDE = (b"not a document", b"<x/>", b'<saml:NameID xmlns:saml="%s"/>' % names.SAML.encode())


@pytest.mark.requires("XMLENC-6.1.2")
@pytest.mark.parametrize("inside", INSIDE, ids=range(len(INSIDE)))
async def test_whatever_comes_out_of_a_name_that_is_none_it_is_refused_alike(
    lone_house: House, broker: IdentityProvider, inside: bytes
) -> None:
    """S19: one error for what does not open, for what is no document, and for a document that is no name."""
    octets = encrypt_id(inside, HUB, broker.hub_lock, PRESCRIBED)
    acting = named(names.GDI_ACTING_SUBJECT, EncryptedId(octets=octets, recipient=HUB))
    _, page = await by_the_scheme(lone_house, broker, acting)
    assert (page.status_code, "proof-invalid" in page.text) == (400, True)


TYPES: tuple[tuple[str | NameId, ...], ...] = (
    (plain(names.GDI_LEGACY_BSN, CHILD),),
    ("Gezag",),
    ("https://example.org/a kind",),
    ("",),
    ("urn:nl-eid-gdi:1.1:RT:x" * 20,),
    tuple(f"urn:nl-eid-gdi:1.1:RT:{number}" for number in range(11)),
)


@pytest.mark.requires("STSAML-4.3")
@pytest.mark.parametrize("types", TYPES, ids=range(len(TYPES)))
async def test_a_kind_of_authority_is_named_as_the_scheme_does_or_nobody_is_believed(
    lone_house: House, broker: IdentityProvider, types: tuple[str | NameId, ...]
) -> None:
    """Services are told it as it is, signed by us."""
    acting, legal = (
        sealed(broker, names.GDI_ACTING_SUBJECT, BSN),
        sealed(broker, names.GDI_LEGAL_SUBJECT, CHILD),
    )
    _, page = await by_the_scheme(
        lone_house, broker, acting, legal, named(names.GDI_REPRESENTATION_TYPE, *types)
    )
    assert (page.status_code, "proof-invalid" in page.text) == (400, True)
