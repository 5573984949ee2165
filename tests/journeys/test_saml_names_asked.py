"""A system asks about people by the names that its organisation was told in SAML."""

from __future__ import annotations

import pytest

from tests.hostile.systems import EVALUATION, SYSTEM, Caller, named, system
from tests.journeys import acting as a
from tests.journeys.house import BENCH, CLINIC, House, means, service
from tests.journeys.registers import QuietRegisters
from tests.journeys.saml_party import SamlParty, enrol
from tests.journeys.test_saml_login import DOSSIER, party
from toegang.assurance import Level
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.scope import Scope
from toegang.pseudonyms.spelling import caseless
from toegang.saml import names


async def decided(house: House, actor: str, principal: str) -> object:
    caller = Caller(house, SYSTEM)
    about = named(principal) | {"properties": {"service": str(DOSSIER)}}
    body = {"subject": named(actor), "action": {"name": "act"}, "resource": about}
    answer = await caller.post(EVALUATION, body, await caller.token())
    assert answer.status_code == 200, answer.text
    return answer.json()["decision"]


@pytest.mark.requires("STSAML-4.3")
async def test_who_was_named_in_saml_is_asked_about_by_that_name(lone_quiet: House) -> None:
    house = lone_quiet
    asking = SamlParty(
        profile=SamlProfile.ST_SAML,
        services=(DOSSIER,),
        more={**party(SamlProfile.ST_SAML).more, "representation": True},
    )
    opened = service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.PSEUDONYM, representation=a.rules())
    machine = system(services=(DOSSIER,), organisation=CLINIC)
    await house.put(opened, machine, means(BENCH, Level.HIGH, gives_bsn=True), *asking.records(house))
    object.__setattr__(house.app.rooms.logins.choosing.authorities, "gathering", QuietRegisters())
    acts, mother = [PartyId(await enrol(house, digits)) for digits in ("999990019", "999990032")]
    for person in (acts, mother):
        told = Party(id=person, kind=PartyKind.PERSON, born=a.BORN)
        await a.mandates(house).know(told, now=house.clock.now())
    await a.given(house, mother, agent=acts, level=Level.LOW, scopes=(Scope.of_service(DOSSIER),))
    # What these two would be called is nobody's name before a service was told it.
    pairwise = house.app.rooms.systems.deciding.naming.pseudonyms.pairwise
    before = [pairwise.of_person(each, CLINIC, 1) for each in (acts, mother)]  # type: ignore[arg-type]
    assert await decided(house, *before) is False
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    read = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    actor, principal = (
        asking.open(read, each).value for each in (names.GDI_ACTING_SUBJECT, names.GDI_LEGAL_SUBJECT)
    )
    assert [actor, principal] == before
    assert await decided(house, actor, principal) is True
    assert await decided(house, principal, actor) is False
    scope = house.app.rooms.systems.deciding.naming.scope
    assert (
        await decided(house, f"{caseless(actor)}@{scope}", f"{caseless(principal).upper()}@{scope}") is True
    )
    for foreign in (f"{caseless(actor)}@elsewhere.example", f"1@{scope}", f"@{scope}"):
        assert await decided(house, foreign, principal) is False
