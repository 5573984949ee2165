"""O15, S23: whoever is closed is closed at every entry of the SAML provider too, up to the last step.

Everything is prepared while all is well, then one party is closed, then every entry is tried. A closed
service, means or account is answered with a status and without an assertion; a closed partner is not
spoken with at all. Ending is refused in no state.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx2
import pytest

from bench.means import PERSON
from tests.conftest import NOON
from tests.journeys.house import BENCH, CLINIC, PORTAL, RESULTS, House, means, service, text
from tests.journeys.saml_party import SamlParty, follow, form_of, ticket
from tests.journeys.test_saml_login import SSO_OF_CARE
from tests.journeys.test_saml_logout import DONE, by_form
from toegang.assurance import Level
from toegang.catalogue.values import Kind, Organisation, Record, SamlProfile, Validity
from toegang.saml.messages import LogoutRequest, NameId

OVER = Validity(until=NOON - timedelta(hours=1))
PARTY = SamlParty(profile=SamlProfile.SAML2INT, services=(PORTAL, RESULTS))
OWNER = Organisation(id=CLINIC, names=text("Clinic"), kind=Kind.PRIVATE, sector="care")
ASKED = service(PORTAL, CLINIC, Level.LOW, single_sign_on=SSO_OF_CARE)
CONFIRMED = service(RESULTS, CLINIC, Level.LOW, single_sign_on=SSO_OF_CARE, confirm=True)
PROVING = means(BENCH, Level.HIGH)

Closing = Callable[[House], tuple[Record, ...]]


def past_its_word(house: House) -> tuple[Record, ...]:
    entity = PARTY.entity(house)
    return (replace(entity, metadata=replace(entity.metadata, valid_until=NOON)),)


CLOSINGS: dict[str, Closing] = {
    "connection disabled": lambda _: (replace(PARTY.connection, enabled=False),),
    "connection over": lambda _: (replace(PARTY.connection, validity=OVER),),
    "entity disabled": lambda house: (replace(PARTY.entity(house), enabled=False),),
    "entity over": lambda house: (replace(PARTY.entity(house), validity=OVER),),
    "metadata past its validUntil": past_its_word,
    "organisation disabled": lambda _: (replace(OWNER, enabled=False),),
    "organisation over": lambda _: (replace(OWNER, validity=OVER),),
    "service disabled": lambda _: (replace(ASKED, enabled=False), replace(CONFIRMED, enabled=False)),
    "service over": lambda _: (replace(ASKED, validity=OVER), replace(CONFIRMED, validity=OVER)),
    "means blocked": lambda _: (replace(PROVING, blocked=True),),
    "means disabled": lambda _: (replace(PROVING, enabled=False),),
    "means over": lambda _: (replace(PROVING, validity=OVER),),
    "ceiling lowered": lambda _: (replace(PROVING, ceiling=Level.BASIC),),
    "account stopped": lambda _: (),
}

# Who logs in is not known yet: the means proves nobody whose account is stopped (tests/means).
NOT_KNOWN_YET = {"account stopped": {"sign_on", "callback"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was got while all was well."""

    house: House
    shared: httpx2.AsyncClient
    callback: tuple[httpx2.AsyncClient, str]
    confirm: tuple[httpx2.AsyncClient, str, str]
    artifact: str
    answer: str
    logout: LogoutRequest


async def prepare(house: House) -> Prepared:
    await house.put(ASKED, CONFIRMED, *PARTY.records(house))
    waiting, reading, shared = house.browser(), house.browser(), house.browser()
    gone = await waiting.get(PARTY.in_address(PARTY.request(house)))
    numbered = PARTY.named(services=(RESULTS, PORTAL))
    await house.put(numbered.connection)
    page = await follow(reading, await reading.get(PARTY.in_address(PARTY.request(house))))
    proof = page.text.split('name="csrf" value="')[1].split('"')[0]
    await house.put(PARTY.connection)
    told = await PARTY.log_in(house, shared)
    answer = await shared.get(PARTY.in_address(PARTY.request(house, consumer_index=1)))
    assert told.assertion is not None
    assert isinstance(told.assertion.subject, NameId)
    return Prepared(
        house=house,
        shared=shared,
        callback=(waiting, gone.headers["location"]),
        confirm=(reading, str(page.url), proof),
        artifact=ticket(await shared.get(PARTY.in_address(PARTY.request(house))))["SAMLart"],
        answer=answer.headers["location"],
        logout=PARTY.log_out(house, told),
    )


async def resolved(at: Prepared, artifact: str) -> bool:
    """Tell whether an artifact still gives an assertion."""
    envelope = PARTY.resolving(at.house, artifact)
    answer = await PARTY.call(at.house, "/saml/artifact", envelope)
    assert answer.status_code in {200, 403}
    return b"Assertion" in answer.content


async def came_back(at: Prepared, response: httpx2.Response) -> bool:
    """Tell whether a browser brought something that gives an assertion."""
    if "SAMLart=" not in response.headers.get("location", ""):
        return False
    return await resolved(at, ticket(response)["SAMLart"])


async def sign_on(at: Prepared) -> bool:
    browser = at.house.browser()
    return await came_back(
        at, await follow(browser, await browser.get(PARTY.in_address(PARTY.request(at.house))))
    )


async def callback(at: Prepared) -> bool:
    browser, address = at.callback
    return await came_back(at, await follow(browser, await browser.get(address)))


async def confirm(at: Prepared) -> bool:
    browser, address, proof = at.confirm
    return await came_back(at, await browser.post(address, data={"csrf": proof, "do": "confirm"}))


async def single_sign_on(at: Prepared) -> bool:
    return await came_back(at, await at.shared.get(PARTY.in_address(PARTY.request(at.house))))


async def artifact(at: Prepared) -> bool:
    return await resolved(at, at.artifact)


async def posted(at: Prepared) -> bool:
    page = await at.shared.get(at.answer)
    if page.status_code != 200:
        return False
    _, fields = form_of(page)
    return b"EncryptedAssertion" in b64decode(fields["SAMLResponse"])


ENTRIES: tuple[Callable[[Prepared], Awaitable[bool]], ...] = (
    sign_on,
    callback,
    confirm,
    single_sign_on,
    artifact,
    posted,
)


async def closed(house: House, name: str) -> Prepared:
    prepared = await prepare(house)
    if name == "account stopped":
        house.means.closed.add(str(PERSON))
    else:
        await house.put(*CLOSINGS[name](house))
    return prepared


async def test_every_entry_admits_while_all_is_well(lone_house: House) -> None:
    prepared = await prepare(lone_house)
    assert [entry.__name__ for entry in ENTRIES if not await entry(prepared)] == []


@pytest.mark.parametrize("name", CLOSINGS)
async def test_every_entry_refuses_who_is_closed(lone_house: House, name: str) -> None:
    prepared = await closed(lone_house, name)
    excused = NOT_KNOWN_YET.get(name, set())
    entries = [entry for entry in ENTRIES if entry.__name__ not in excused]
    assert [entry.__name__ for entry in entries if await entry(prepared)] == []


@pytest.mark.parametrize("name", CLOSINGS)
async def test_ending_is_refused_in_no_state(lone_house: House, name: str) -> None:
    prepared = await closed(lone_house, name)
    answer = await by_form(lone_house, PARTY, prepared.shared, prepared.logout)
    assert answer.status == DONE
