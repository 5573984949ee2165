"""Who acts for another by a mandate, as a service that speaks SAML is told it."""

from __future__ import annotations

import pytest

from tests.journeys import acting as a
from tests.journeys.house import BENCH, CLINIC, House, means, service
from tests.journeys.saml_party import SamlParty, enrol
from tests.journeys.test_saml_login import DOSSIER, party
from toegang.assurance import Level
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.scope import Action, Restriction, Scope
from toegang.saml import names
from toegang.saml.names import SUCCESS


async def admitting(house: House) -> SamlParty:
    """Open a service that is told a BSN and admits people who act for others."""
    asking = SamlParty(
        profile=SamlProfile.ST_SAML,
        services=(DOSSIER,),
        more={**party(SamlProfile.ST_SAML).more, "representation": True},
    )
    opened = service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.BSN, representation=a.rules())
    await house.put(opened, means(BENCH, Level.HIGH, gives_bsn=True), *asking.records(house))
    a.told(house)
    return asking


@pytest.mark.requires("STSAML-4.3", "MANDATES-P9", "MANDATES-P4")
async def test_a_mandate_is_told_beside_who_acts_and_a_withdrawn_one_is_not(lone_house: House) -> None:
    asking = await admitting(lone_house)
    acts, mother = await enrol(lone_house, "999990019"), await enrol(lone_house, "999990032")
    for person in (acts, mother):
        await a.mandates(lone_house).know(
            Party(id=PartyId(person), kind=PartyKind.PERSON, born=a.BORN), now=lone_house.clock.now()
        )
    edge = await a.given(
        lone_house, PartyId(mother), agent=PartyId(acts), level=Level.LOW, scopes=(Scope.of_service(DOSSIER),)
    )
    for withdrawn in (False, True):
        browser = a.english(lone_house)
        page = await asking.ask(browser, asking.request(lone_house), person=str(acts))
        came_back = await a.post(browser, page, whom=a.offered(page)[0])
        if withdrawn:
            await a.withdrawn(lone_house, edge)
        told = await asking.told(lone_house, came_back)
        if withdrawn:
            assert told.assertion is None
            assert told.response.status.code != SUCCESS
            continue
        assert asking.open(told, names.GDI_ACTING_SUBJECT).value == "999990019"
        assert asking.open(told, names.GDI_LEGAL_SUBJECT).value == "999990032"
        assert told.assertion is not None
        assert told.assertion.authn is not None
        assert told.assertion.values(names.GDI_REPRESENTATION_TYPE) == (
            "urn:toegang:representation:voluntary",
        )
        assert told.assertion.authn.context_class == "http://eidas.europa.eu/LoA/low"


@pytest.mark.requires("MANDATES-P2")
async def test_a_restricted_mandate_is_no_more_than_that_where_a_restriction_cannot_be_told(
    lone_house: House,
) -> None:
    asking = await admitting(lone_house)
    people = [await enrol(lone_house, digits) for digits in ("999990019", "999990032", "999990044")]
    acts, looked_at, mother = map(PartyId, people)
    for person in (acts, looked_at, mother):
        told = Party(id=person, kind=PartyKind.PERSON, born=a.BORN)
        await a.mandates(lone_house).know(told, now=lone_house.clock.now())
    scopes = (Scope.of_service(DOSSIER),)
    only_looking = Restriction(actions=frozenset({Action.VIEW}))
    await a.given(lone_house, looked_at, 1, agent=acts, scopes=scopes, restriction=only_looking)
    await a.given(lone_house, mother, 2, agent=acts, scopes=scopes)
    browser = a.english(lone_house)
    page = await asking.ask(browser, asking.request(lone_house), person=str(acts))
    (whole,) = a.offered(page)
    login = str(page.url).rpartition("/")[2]
    sealed = lone_house.app.rooms.representing.sealed.seal(looked_at, login)
    assert (await a.post(browser, page, whom=sealed)).status_code == 403
    came_back = await a.post(browser, page, whom=whole)
    read = await asking.told(lone_house, came_back)
    assert asking.open(read, names.GDI_LEGAL_SUBJECT).value == "999990044"
