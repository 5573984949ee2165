"""O25: no two organisations can compare people, no request bends the sector, no BSN is where it may be read.

A BSN in logs, addresses, errors and tables is looked for in test_canary. What is not there cannot be
attacked: public subjects, and a sector taken from an address (`sector_identifier_uri`); the catalogue has it.
"""

from __future__ import annotations

import json
from dataclasses import replace

import httpx2
import pytest

from bench.means import PERSON
from tests.hostile.scenes import town_client
from tests.jose.keyrings import record
from tests.journeys.house import (
    CLINIC,
    CLINIC_CLIENT,
    PERMIT,
    PORTAL,
    RESULTS,
    TOWN,
    House,
    client,
    service,
)
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, Party, answer, claims, follow
from tests.means.bureau import SANNE
from tests.web.citizens import CITIZEN, Town
from toegang.assurance import Level
from toegang.catalogue.records import Change
from toegang.catalogue.values import ClientId, IdentityForm, Record
from toegang.catalogue.write import CatalogueEditor, Edit
from toegang.jose.encryption import decrypt
from toegang.keys.ring import Algorithm, KeyRing
from toegang.storage.catalogue import CatalogueTables

pytestmark = pytest.mark.requires("OIDCC-8.1")

BSN = SANNE.digits


async def told_to(house: House, party: Party, url: str, **params: str) -> dict[str, str]:
    """Log in at a party; return the claims of the ID token."""
    browser = house.browser()
    code = answer(await follow(browser, url, **params))["code"]
    return claims((await party.redeem(browser, code)).json()["id_token"])


async def test_two_organisations_know_one_person_by_names_that_have_nothing_in_common(house: House) -> None:
    town = (await told_to(house, TOWN_PARTY, TOWN_PARTY.url()))["sub"]
    clinic = (await told_to(house, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL)))["sub"]
    results = (await told_to(house, CLINIC_PARTY, CLINIC_PARTY.for_service(RESULTS)))["sub"]
    assert town != clinic == results
    for name in (town, clinic):
        assert len(name) == 43
        for secret in (str(PERSON), PERSON.hex, PERSON.hex[:12], TOWN, CLINIC):
            assert secret not in name


async def test_a_stranger_without_a_person_is_named_apart_at_each_organisation_too(house: House) -> None:
    town = await told_to(house, TOWN_PARTY, TOWN_PARTY.url(), person="")
    clinic = await told_to(house, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL), person="")
    assert town["sub"] != clinic["sub"]


async def test_nothing_that_a_request_says_moves_the_sector(lone_house: House) -> None:
    plain = (await told_to(lone_house, TOWN_PARTY, TOWN_PARTY.url()))["sub"]
    for asked in (
        {"sector_identifier_uri": "http://localhost:9000/clinic"},
        {"sector": CLINIC, "pseudonym_sector": CLINIC, "subject_type": "public"},
        {"claims": json.dumps({"id_token": {"sub": None}, "userinfo": {"sub": {"essential": True}}})},
        {"resource": "https://clinic.example", "audience": CLINIC_CLIENT},
    ):
        assert (await told_to(lone_house, TOWN_PARTY, TOWN_PARTY.url(**asked)))["sub"] == plain


async def test_an_address_on_the_host_of_another_organisation_gives_none_of_its_names(
    lone_house: House,
) -> None:
    clinic = (await told_to(lone_house, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL)))["sub"]
    await lone_house.put(town_client(redirect_uris=(CLINIC_PARTY.redirect_uri,)))
    assert (await told_to(lone_house, TOWN_PARTY, TOWN_PARTY.url()))["sub"] != clinic


async def test_services_share_names_only_where_the_catalogue_says_so(lone_house: House) -> None:
    clinic = (await told_to(lone_house, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL)))["sub"]
    await lone_house.put(service(PORTAL, CLINIC, Level.BASIC, pseudonym_sector="portal-alone"))
    alone = (await told_to(lone_house, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL)))["sub"]
    results = (await told_to(lone_house, CLINIC_PARTY, CLINIC_PARTY.for_service(RESULTS)))["sub"]
    assert clinic == results != alone


async def test_a_supplier_that_serves_two_organisations_gets_two_names(lone_house: House) -> None:
    supplier = client(ClientId("supplier"), CLINIC, (PORTAL, PERMIT))
    await lone_house.put(supplier)
    party = Party(supplier.id)
    names = {(await told_to(lone_house, party, party.for_service(each)))["sub"] for each in (PORTAL, PERMIT)}
    assert len(names) == 2


@pytest.mark.usefixtures("signed_access_tokens")
async def test_no_token_carries_what_two_organisations_could_compare(lone_house: House) -> None:
    kept = []
    for party, url in ((TOWN_PARTY, TOWN_PARTY.url()), (CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))):
        browser = lone_house.browser()
        code = answer(await follow(browser, url))["code"]
        tokens = (await party.redeem(browser, code)).json()
        found = [claims(tokens[name]) for name in ("id_token", "access_token")]
        kept.append({str(value) for each in found for value in each.values()})
    same = kept[0] & kept[1]
    assert not [value for value in same if len(value) > 20 and "://" not in value]


async def put(town: Town, *changed: Record) -> None:
    """Change the catalogue of a town, as an operator would."""
    logins = town.rooms.logins
    editor = CatalogueEditor(store=CatalogueTables(town.bureau.database), trail=logins.trail)
    catalogue = town.rooms.catalogue
    edit = Edit(base=catalogue.current, changes=tuple(map(Change.put, changed)), by="test", reason="test")
    async with logins.units.begin() as unit:
        assert await editor.write(unit, edit, town.bureau.now) is not None
    await catalogue.refresh()


@pytest.mark.requires("NLGOV-OIDC-BSN")
async def test_a_bsn_is_only_in_the_encrypted_answer_for_its_receiver(town: Town) -> None:
    lock = record(Algorithm.RSA_OAEP_256, "of the town")
    public = {name: lock.jwk[name] for name in ("kty", "n", "e", "kid", "use")}
    receiver = replace(town_client(), jwks=json.dumps({"keys": [public]}), userinfo_encryption="RSA-OAEP-256")
    await put(
        town,
        service(PERMIT, TOWN, Level.LOW, identity=IdentityForm.BSN),
        receiver,
        replace(CITIZEN, gives_bsn=True),
    )
    await town.resident(town.browser())
    browser = town.browser()
    done = await town.anew(browser, await browser.open(TOWN_PARTY.url()))
    code = dict(each.split("=") for each in done.address.partition("?")[2].split("&"))["code"]
    redeemed = await TOWN_PARTY.redeem(browser.http, code)
    tokens = redeemed.json()
    told: httpx2.Response = await browser.http.get(
        "/oidc/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"}
    )
    looked = await TOWN_PARTY.post(browser.http, "/oidc/introspect", token=tokens["access_token"])
    seen = [done.address, redeemed.text, told.text, looked.text, str(told.headers)]
    seen.append(json.dumps(claims(tokens["id_token"])))
    assert not [text for text in seen if BSN in text]
    assert told.headers["content-type"] == "application/jwt"
    opened = claims(decrypt(told.text, KeyRing(keys=(lock,)), now=town.bureau.now))
    assert BSN in opened.values()
    assert opened["sub"] == claims(tokens["id_token"])["sub"]


async def test_a_service_that_is_owed_no_bsn_gets_none_however_it_asks(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    wish = {"urn:nl-eid-gdi:1.0:id:legacy-BSN": {"essential": True}, "bsn": None}
    asked = json.dumps({"id_token": wish, "userinfo": wish})
    url = TOWN_PARTY.url(claims=asked, scope="openid profile bsn")
    done = await town.anew(browser, await browser.open(url))
    code = dict(each.split("=") for each in done.address.partition("?")[2].split("&"))["code"]
    tokens = (await TOWN_PARTY.redeem(browser.http, code)).json()
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    told = (await browser.http.get("/oidc/userinfo", headers=bearer)).json()
    assert set(told) == {"sub"}
