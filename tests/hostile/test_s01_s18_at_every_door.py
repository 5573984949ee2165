"""S01 to S18 over HTTP: what the room refuses no door lets in, neither one for services nor one for means."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from tests.hostile.savers import saver_of, savings_bank
from tests.hostile.test_s29_partners_taken_over import OWN_SIGNER, VICTIM, connection, fetched
from tests.journeys.house import ISSUER, House
from tests.journeys.saml_party import SamlParty, follow, ticket
from tests.journeys.test_saml_login import opened
from tests.means.elsewhere import code_of
from tests.means.savings_bank import savings
from tests.saml import parties
from tests.saml.spoiling import spoiled
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.saml import writing
from toegang.saml.messages import LogoutRequest, NameId
from toegang.saml.metadata.write import write_metadata
from toegang.saml.writing import SignedPart

SOAP = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body></s:Envelope>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A place where signed documents are taken: makes a genuine one, and tells whether one was believed."""

    who: str
    make: Callable[[], Awaitable[bytes]]
    send: Callable[[bytes], Awaitable[bool]]


Opening = Callable[[House], AsyncIterator[Door]]


async def plain(house: House) -> SamlParty:
    return await opened(house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)


def in_form(octets: bytes, name: str) -> dict[str, str]:
    return {name: base64.b64encode(octets).decode()}


async def sign_on(house: House) -> AsyncIterator[Door]:
    asking = await plain(house)

    async def make() -> bytes:
        return writing.authn_request(asking.request(house), asking.key)

    async def send(octets: bytes) -> bool:
        browser = house.browser()
        sent = await follow(browser, await browser.post("/saml/sso", data=in_form(octets, "SAMLRequest")))
        return sent.status_code < 400

    yield Door(who=asking.entity_id, make=make, send=send)


async def artifact(house: House) -> AsyncIterator[Door]:
    asking = await plain(house)

    async def make() -> bytes:
        came_back = await asking.ask(house.browser(), asking.request(house))
        envelope = asking.resolving(house, ticket(came_back)["SAMLart"])
        return envelope[envelope.index(b"<samlp:ArtifactResolve") : envelope.index(b"</soap:Body>")]

    async def send(octets: bytes) -> bool:
        answer = await asking.call(house, "/saml/artifact", SOAP % octets)
        return answer.status_code < 400

    yield Door(who=asking.entity_id, make=make, send=send)


def logout(asking: SamlParty, house: House) -> bytes:
    request = LogoutRequest(
        id=f"_logout-{next(asking.numbers)}",
        issuer=asking.entity_id,
        issued_at=house.clock.now(),
        destination=f"{ISSUER}/saml/slo",
        subject=NameId(value="_nobody"),
        session_indexes=("_nobody",),
    )
    return writing.logout_request(request, asking.key)


async def single_logout(house: House) -> AsyncIterator[Door]:
    asking = await plain(house)

    async def make() -> bytes:
        return logout(asking, house)

    async def send(octets: bytes) -> bool:
        browser = house.browser()
        sent = await follow(browser, await browser.post("/saml/slo", data=in_form(octets, "SAMLRequest")))
        return sent.status_code < 400

    yield Door(who=asking.entity_id, make=make, send=send)


async def logout_by_soap(house: House) -> AsyncIterator[Door]:
    asking = await plain(house)

    async def make() -> bytes:
        request = LogoutRequest(
            id=f"_logout-{next(asking.numbers)}",
            issuer=asking.entity_id,
            issued_at=house.clock.now(),
            destination=f"{ISSUER}/saml/slo/soap",
            subject=NameId(value="_nobody"),
        )
        return writing.logout_request(request, asking.key)

    async def send(octets: bytes) -> bool:
        return (await asking.call(house, "/saml/slo/soap", SOAP % octets)).status_code < 400

    yield Door(who=asking.entity_id, make=make, send=send)


def consumer(part: SignedPart) -> Opening:
    """Open the door for answers of identity providers, which sign the response, or its assertion too."""

    async def opening(house: House) -> AsyncIterator[Door]:
        async with savings_bank(house) as bank:
            saver = saver_of(house, bank)

            async def make() -> bytes:
                request = await saver.leave()
                return bank.signed(bank.response(request, bank.assertion(request)), part)

            async def send(octets: bytes) -> bool:
                return bool(code_of(await saver.post(octets)))

            yield Door(who=bank.entity_id, make=make, send=send)

    return opening


async def means_logout(house: House) -> AsyncIterator[Door]:
    async with savings_bank(house) as bank:
        await house.put(savings(bank, settings={"logout": "yes"}))

        async def make() -> bytes:
            request = LogoutRequest(
                id=f"_logout-{next(bank.numbers)}",
                issuer=bank.entity_id,
                issued_at=house.clock.now(),
                destination=f"{ISSUER}/saml/means/slo",
                subject=NameId(value="_nobody"),
            )
            return writing.logout_request(request, bank.key)

        async def send(octets: bytes) -> bool:
            browser = house.browser()
            data = in_form(octets, "SAMLRequest")
            sent = await follow(browser, await browser.post("/saml/means/slo", data=data))
            return sent.status_code < 400

        yield Door(who=bank.entity_id, make=make, send=send)


async def metadata(house: House) -> AsyncIterator[Door]:
    await house.put(connection(VICTIM, "victim"))

    async def make() -> bytes:
        return write_metadata(VICTIM, "_one", parties.signing("rsa", parties.HUB))

    async def send(octets: bytes) -> bool:
        return await fetched(house, octets, (VICTIM, OWN_SIGNER))

    yield Door(who=parties.HUB, make=make, send=send)


DOORS: dict[str, Opening] = {
    "single sign-on": sign_on,
    "artifact": artifact,
    "single logout": single_logout,
    "single logout by SOAP": logout_by_soap,
    "answers": consumer(SignedPart.RESPONSE),
    "answers, signed twice": consumer(SignedPart.BOTH),
    "logout of a means": means_logout,
    "metadata": metadata,
}


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.requires("SAMLCore-5.4", "XMLDSIG-3.2")
async def test_no_door_lets_a_spoiled_document_in(lone_house: House, name: str) -> None:
    async with asynccontextmanager(DOORS[name])(lone_house) as door:
        let_in = []
        ways = list(spoiled(await door.make(), door.who))
        for way in ways:
            # Each is made anew: what was once tried in vain must not be refused for that alone.
            octets = spoiled(await door.make(), door.who)[way]
            if await door.send(octets):
                let_in.append(way)
        assert let_in == []
        assert len(ways) > 20
        assert await door.send(await door.make())
