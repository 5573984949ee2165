"""Chains in SAML, and what the hub's register of mandates declares of them beside the login."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from tests.journeys import acting as a
from tests.journeys.house import House
from tests.journeys.saml_party import HUB, REGISTER, SamlParty, Told, hub_keys, register_keys
from tests.journeys.test_acting_for_organisations import business, persons
from tests.journeys.test_saml_acting import admitting
from tests.journeys.test_saml_login import DOSSIER
from tests.parts import program
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.catalogue.values import IdentityForm
from toegang.errors import Refusal
from toegang.mandates.edge import Substitution
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.scope import Scope
from toegang.saml import names, reading, writing
from toegang.saml.document import admit
from toegang.saml.encryption import PRESCRIBED, decrypt_id
from toegang.saml.messages import Assertion, EncryptedId
from toegang.saml.signature import Verified, verify

SECOND, CLIENT = (PartyId(UUID(f"01929d2e-0000-7000-8000-0000000be7{number}")) for number in (10, 11))
ASSERTION = f"{{{names.SAML}}}Assertion"


async def firms(house: House, *known: tuple[PartyId, str]) -> None:
    """Have organisations be known, each by a number."""
    for firm, kvk in known:
        await a.mandates(house).know(Party(id=firm, kind=PartyKind.ORGANISATION), now=house.clock.now())
        await a.numbered(house, firm, kvk)


def declared(house: House, told: Told) -> tuple[Assertion, Verified]:
    """Return what the register declares, by its own signature alone."""
    assert told.assertion is not None
    [advice] = told.assertion.advice
    proof = verify(admit(advice), register_keys(house))
    return reading.read_assertion(proof), proof


def opened(
    party: SamlParty, declaration: Assertion, proof: Verified, attribute: str
) -> list[tuple[str, str]]:
    """Decrypt all names in an attribute, each with what kind of name it is."""
    found = []
    for value in declaration.values(attribute):
        assert isinstance(value, EncryptedId)
        name = reading.read_name_id(decrypt_id(value, party.decryptions, PRESCRIBED, proof).octets)
        found.append((name.value, name.name_qualifier))
    return found


@pytest.mark.requires("STSAML-4.3", "MANDATES-P1")
async def test_the_scheme_for_access_is_told_the_middle_of_a_chain_and_a_declaration_of_all_of_it(
    lone_house: House, tmp_path: Path
) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    await firms(house, (a.FIRM, "90000001"))
    scopes = (Scope.of_service(DOSSIER),)
    await a.given(house, a.FIRM, 1, agent=acts, scopes=scopes)
    given = await a.given(house, mother, 2, agent=a.FIRM, scopes=scopes, level=Level.LOW)
    assert given.kind is EdgeKind.VOLUNTARY
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    told = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    assert told.assertion is not None
    assert told.assertion.authn is not None
    assert told.assertion.authn.context_class == "http://eidas.europa.eu/LoA/low"
    assert asking.open(told, names.GDI_LEGAL_SUBJECT).value == "999990032"
    between = asking.open(told, names.ETD_INTERMEDIATE_SUBJECT)
    assert (between.value, between.name_qualifier) == ("90000001", names.ETD_KVK)

    declaration, proof = declared(house, told)
    assert declaration.issuer == REGISTER
    assert declaration.subject == told.assertion.subject
    assert declaration.audiences == told.assertion.audiences
    assert declaration.not_on_or_after == told.assertion.not_on_or_after
    for attribute, value in (
        (names.GDI_ACTING_SUBJECT, "999990019"),
        (names.GDI_LEGAL_SUBJECT, "999990032"),
        (names.ETD_INTERMEDIATE_SUBJECT, "90000001"),
    ):
        assert [name for name, _ in opened(asking, declaration, proof, attribute)] == [value]
    assert declaration.values(names.DECLARED_BASIS) == ("employee", "voluntary")
    assert declaration.values(names.DECLARED_LEVEL) == ("http://eidas.europa.eu/LoA/low",)
    assert declaration.values(names.GDI_SERVICE_UUID) == (str(DOSSIER),)
    [statement] = declaration.values(names.DECLARED_STATEMENT)
    assert str(UUID(str(statement))) == statement
    # It confirms nobody, and says of no login: nobody logs in by it.
    assert declaration.confirmations == ()
    assert declaration.authn is None
    _by_another_reader(house, told, tmp_path)


@pytest.mark.requires("STSAML-4.3")
async def test_two_orders_that_are_enough_together_are_both_declared(lone_house: House) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    (parent,) = a.parent_of(mother).links
    orders = tuple(
        replace(parent, agent=acts, kind=EdgeKind.COURT, basis=basis, powers=frozenset({over}))
        for basis, over in (("bewind", Power.PROPERTY), ("mentorship", Power.PERSONAL_CARE))
    )
    a.told(house, replace(NOTHING_TOLD, links=orders))
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    told = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    declaration, _ = declared(house, told)
    [basis], [beside] = (declaration.values(name) for name in (names.DECLARED_BASIS, names.DECLARED_BESIDE))
    assert sorted([str(basis), str(beside)]) == ["bewind", "mentorship"]
    assert told.assertion is not None
    types = told.assertion.values(names.GDI_REPRESENTATION_TYPE)
    assert sorted(map(str, types)) == [
        f"urn:toegang:representation:{each}" for each in ("bewind", "mentorship")
    ]


def _by_another_reader(house: House, told: Told, folder: Path) -> None:
    """Have xmlsec1 hold the declaration against the register's own metadata, and one bent not."""
    assert told.assertion is not None
    metadata = etree.fromstring(house.app.rooms.saml.register.written(house.clock.now()))
    (certificate, *_) = metadata.findall(f".//{{{names.DS}}}X509Certificate")
    pem = folder / "register.pem"
    pem.write_text(
        f"-----BEGIN CERTIFICATE-----\n{certificate.text}\n-----END CERTIFICATE-----\n", encoding="ascii"
    )
    [advice] = told.assertion.advice
    for name, octets, good in (
        ("whole", advice, True),
        ("bent", advice.replace(b"voluntary", b"statutory"), False),
    ):
        file = folder / f"{name}.xml"
        file.write_bytes(octets)
        said = subprocess.run(
            [
                program("xmlsec1"),
                "--verify",
                "--pubkey-cert-pem",
                pem,
                "--id-attr:ID",
                f"{names.SAML}:Assertion",
                file,
            ],
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert (said.returncode == 0) is good, said.stderr


@pytest.mark.requires("ETD-1.13", "MANDATES-P1")
async def test_the_business_scheme_is_told_everybody_between_in_their_order(lone_house: House) -> None:
    house = lone_house
    asking = await business(house, IdentityForm.KVK)
    (acts,) = await persons(house, "999990019")
    await firms(house, (a.FIRM, "90000001"), (SECOND, "90000002"), (CLIENT, "90000003"))
    scopes = (Scope.of_service(DOSSIER),)
    await a.given(house, a.FIRM, 1, agent=acts, scopes=scopes)
    on = {"kind": EdgeKind.INTERMEDIARY, "scopes": scopes, "substitution": Substitution.ONE_LEVEL}
    await a.given(house, SECOND, 2, agent=a.FIRM, **on)  # type: ignore[arg-type]
    await a.given(house, CLIENT, 3, agent=SECOND, level=Level.LOW, **on)  # type: ignore[arg-type]
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    found = {}
    for whom in a.offered(page):
        one = a.english(house)
        there = await asking.ask(one, asking.request(house), person=str(acts))
        place = a.offered(page).index(whom)
        told = await asking.told(house, await a.post(one, there, whom=a.offered(there)[place]))
        found[asking.open(told, names.ETD_LEGAL_SUBJECT).value] = told
    assert sorted(found) == ["90000001", "90000002", "90000003"]
    direct, whole = found["90000001"], found["90000003"]
    assert direct.assertion is not None
    assert direct.assertion.values(names.ETD_INTERMEDIATE_SUBJECT) == ()
    declaration, proof = declared(house, whole)
    assert opened(asking, declaration, proof, names.ETD_INTERMEDIATE_SUBJECT) == [
        ("90000001", names.ETD_KVK),
        ("90000002", names.ETD_KVK),
    ]
    assert declaration.values(names.DECLARED_BASIS) == ("employee", "intermediary", "intermediary")
    assert declaration.values(names.DECLARED_LEVEL) == ("urn:etoegang:core:assurance-class:loa2plus",)
    assert whole.assertion is not None
    assert whole.assertion.authn is not None
    assert whole.assertion.authn.context_class == "urn:etoegang:core:assurance-class:loa2plus"


@pytest.mark.requires("STSAML-4.3")
async def test_who_acts_for_nobody_or_by_the_word_of_their_means_has_no_declaration(
    lone_house: House,
) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    for said in ("", f"person:{mother}"):
        came_back = await asking.ask(
            a.english(house), asking.request(house), person=str(acts), represents=said
        )
        told = await asking.told(house, came_back)
        assert told.assertion is not None
        assert told.assertion.advice == ()


@pytest.mark.requires("SAMLProf-4.1.4.3")
async def test_a_declaration_is_never_believed_as_an_answer(lone_house: House) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    await a.given(house, mother, agent=acts, scopes=(Scope.of_service(DOSSIER),))
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    told = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    assert told.assertion is not None
    [advice] = told.assertion.advice
    around = replace(told.response, assertion=None)
    with pytest.raises(Refusal):
        asking.read(house, _moved(around.id, advice))
    with pytest.raises(Refusal):
        verify(admit(advice.replace(b"voluntary", b"statutory")), register_keys(house))


@pytest.mark.requires("STSAML-4.3", "SAML-MetaIOP-2.6.1")
async def test_who_declares_logs_nobody_in_and_who_logs_in_declares_nothing(lone_house: House) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    await a.given(house, mother, agent=acts, scopes=(Scope.of_service(DOSSIER),))
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    told = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    assert told.assertion is not None
    [advice] = told.assertion.advice
    with pytest.raises(Refusal):
        verify(admit(advice), hub_keys(house))
    login = writing.assertion(
        replace(told.assertion, advice=()),
        house.app.rooms.saml.register.signing(house.clock.now()),
    )
    with pytest.raises(Refusal):
        verify(admit(login), hub_keys(house))


def _moved(identifier: str, assertion: bytes) -> bytes:
    """Return an unsigned answer whose only assertion is the declaration."""
    return (
        (
            f'<samlp:Response xmlns:samlp="{names.SAMLP}" ID="{identifier}" Version="2.0" '
            f'IssueInstant="2026-01-01T00:00:00Z"><saml:Issuer xmlns:saml="{names.SAML}">{HUB}</saml:Issuer>'
            f'<samlp:Status><samlp:StatusCode Value="{names.SUCCESS}"/></samlp:Status>'
        ).encode()
        + assertion
        + b"</samlp:Response>"
    )
