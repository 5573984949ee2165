"""Logging out at a means of another party: it is told like everybody, and its word ends what rests on it."""

from __future__ import annotations

import re
import shutil
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest

from tests.journeys.conftest import house_secrets
from tests.journeys.house import PERMIT, TOWN, House, open_house, service
from tests.journeys.leaving import DONE, FAILED, across, results, settled, without
from tests.journeys.saml_party import HUB
from tests.means.elsewhere import BANK, Customer, bank, code_of, unreadable
from tests.means.identity_provider import IdentityProvider, identity_provider
from tests.means.openid_provider import CLIENT_ID, SUBJECT, OpenIdProvider, openid_provider
from tests.means.savings_bank import Saver, savings
from toegang.assurance import Level
from toegang.clock import epoch
from toegang.jose.sign import sign
from toegang.keys.ring import Algorithm
from toegang.saml import reading, signature, writing
from toegang.saml.bindings import post, redirect
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import admit
from toegang.saml.encryption import MODERN, PRESCRIBED, Methods, encrypt_id
from toegang.saml.messages import (
    AuthnStatement,
    EncryptedId,
    LogoutRequest,
    LogoutResponse,
    NameId,
    Status,
)
from toegang.saml.metadata.values import Endpoint
from toegang.saml.names import REQUESTER, SUCCESS, UNKNOWN_PRINCIPAL, Binding, NameFormat

__all__ = ["house_secrets"]
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOLD = {"logout": "yes"}
MEANS_SLO = "http://localhost:8000/saml/means/slo"
INDEX = "_a-session-at-the-bank"


@pytest.fixture
async def house(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_house(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
async def provider(house: House) -> AsyncIterator[OpenIdProvider]:
    async with openid_provider(house.clock) as running:
        running.metadata["end_session_endpoint"] = f"{running.url}/end"
        await house.put(bank(running, settings=TOLD))
        yield running


@pytest.fixture
async def idp(house: House) -> AsyncIterator[IdentityProvider]:
    async with identity_provider(house.app, house.clock) as running:
        slo = tuple(
            Endpoint(binding=each, location=f"{running.url}/slo") for each in (Binding.POST, Binding.REDIRECT)
        )
        await house.put(running.entity(logout=slo), savings(running, settings=TOLD))
        yield running


def fields_of(page: httpx2.Response) -> tuple[str, dict[str, str]]:
    action = re.search(r'<form method="post" action="([^"]+)"', page.text)
    assert action, page.text
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return unescape(action[1]), {name: unescape(value) for name, value in found}


async def with_bank(house: House, provider: OpenIdProvider, sid: str = "at-the-bank") -> tuple[Customer, str]:
    """Log in with the bank; return the customer and the ID token that the service got."""
    customer = Customer(house=house, provider=provider)
    back = provider.answer(await customer.leave(), claims={"sid": sid})
    code = code_of(await customer.come_back(back))
    tokens = (await customer.party.redeem(customer.browser, code)).json()
    return customer, tokens["id_token"]


async def is_alive(house: House) -> bool:
    """Tell whether what the service got is still good."""
    recorded = await house.app.ground.database.all("SELECT ended_at FROM grants")
    return any(row[0] is None for row in recorded)


async def leave(customer: Customer, token: str) -> httpx2.Response:
    return await settled(customer.browser, await customer.browser.get(f"/oidc/logout?id_token_hint={token}"))


def logout_token(provider: OpenIdProvider, house: House, **changes: Any) -> str:  # noqa: ANN401
    now = epoch(house.clock.now())
    typ = changes.pop("typ", "logout+jwt")
    key = changes.pop("key", provider.keys[0])
    made = {
        "iss": provider.url,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": "a-token",
        "events": {EVENT: {}},
        "sub": SUBJECT,
        "sid": "at-the-bank",
    }
    return sign({name: value for name, value in (made | changes).items() if value is not None}, key, typ)


async def tell(house: House, token: str, means: str = BANK) -> int:
    answer = await house.browser().post(f"/means/oidc/logout/{means}", data={"logout_token": token})
    return answer.status_code


@pytest.mark.requires("OIDCRPL-2", "OIDCRPL-3")
async def test_an_openid_provider_is_told_by_the_browser_and_confirms_by_coming_back(
    house: House, provider: OpenIdProvider
) -> None:
    customer, token = await with_bank(house, provider)
    page = await leave(customer, token)
    assert not await is_alive(house)
    action, fields = fields_of(page)
    assert action == f"{provider.url}/end"
    assert fields["client_id"] == CLIENT_ID
    assert fields["id_token_hint"].count(".") == 2
    back = f"{fields['post_logout_redirect_uri']}?{urlencode({'state': fields['state']})}"
    stranger = house.browser()
    await stranger.get("/")
    assert (await stranger.get(back.removeprefix("http://localhost:8000"))).status_code == 400
    end = await settled(customer.browser, await customer.browser.get(back))
    assert results(end) == {"town-client nl": DONE, "bank nl": DONE}
    again = await settled(customer.browser, await customer.browser.get(back))
    assert results(again)["bank nl"] == DONE


async def test_a_provider_without_an_address_or_that_hangs_keeps_nobody(
    house: House, provider: OpenIdProvider
) -> None:
    customer, token = await with_bank(house, provider)
    page = await leave(customer, token)
    end = await without(customer.browser, page)
    assert results(end)["bank nl"] == FAILED
    del provider.metadata["end_session_endpoint"]
    house.clock.advance(timedelta(hours=2))
    customer, token = await with_bank(house, provider)
    assert results(await leave(customer, token))["bank nl"] == FAILED


async def test_a_means_that_is_not_to_be_told_is_not(house: House, provider: OpenIdProvider) -> None:
    await house.put(bank(provider))
    customer, token = await with_bank(house, provider)
    page = await leave(customer, token)
    assert results(page) == {"town-client nl": DONE}
    assert await tell(house, logout_token(provider, house)) == 400


@pytest.mark.requires("OIDCBCL-2.6")
@pytest.mark.parametrize("named", [{"sub": None}, {"sid": None}, {}])
async def test_a_providers_logout_token_ends_what_rests_on_its_session(
    house: House, provider: OpenIdProvider, named: dict[str, None]
) -> None:
    await with_bank(house, provider)
    assert await is_alive(house)
    assert await tell(house, logout_token(provider, house, **named)) == 200
    assert not await is_alive(house)


@pytest.mark.requires("OIDCBCL-2.6")
async def test_a_logout_token_that_is_not_the_providers_own_ends_nothing(
    house: House, provider: OpenIdProvider
) -> None:
    await with_bank(house, provider)
    thief = house.app.ground.keys.ring().active(Algorithm.RS256, house.clock.now())
    bent: tuple[dict[str, Any], ...] = (
        {"iss": "https://another.example"},
        {"aud": "somebody-else"},
        {"aud": [CLIENT_ID, "somebody-else"]},
        {"iat": epoch(house.clock.now()) - 3600, "exp": None},
        {"iat": epoch(house.clock.now()) + 3600},
        {"exp": epoch(house.clock.now()) - 3600},
        {"nonce": "of-an-id-token"},
        {"events": {}},
        {"events": {EVENT: "x"}},
        {"events": None},
        {"sub": None, "sid": None},
        {"jti": None},
        {"typ": "at+jwt"},
        {"key": thief},
    )
    for number, changes in enumerate(bent):
        forged = logout_token(provider, house, **({"jti": f"bent-{number}"} | changes))
        assert await tell(house, forged) == 400, changes
    assert await tell(house, logout_token(provider, house), "no-such-bank") == 400
    assert await tell(house, "a.b.c") == 400
    assert await tell(house, logout_token(provider, house, jti="other", sid="another-session")) == 200
    assert await is_alive(house)
    assert await tell(house, logout_token(provider, house)) == 200
    assert await tell(house, logout_token(provider, house)) == 400


async def test_a_login_under_way_comes_to_nothing_when_its_provider_ended_it(
    house: House, provider: OpenIdProvider
) -> None:
    await house.put(service(PERMIT, TOWN, Level.LOW, confirm=True))
    customer = Customer(house=house, provider=provider)
    back = provider.answer(await customer.leave(), claims={"sid": "at-the-bank"})
    page = await customer.come_back(back)
    assert await tell(house, logout_token(provider, house)) == 200
    end = await customer.send(page, do="confirm")
    assert "error=access_denied" in end.headers["location"]


async def with_savings(house: House, idp: IdentityProvider) -> tuple[Saver, str]:
    saver = Saver(customer=Customer(house=house, provider=OpenIdProvider(clock=house.clock)), bank=idp)
    await saver.leave()
    authn = AuthnStatement(at=house.clock.now(), context_class="urn:bank:3", session_index=INDEX)
    code = code_of(await saver.answer(authn=authn))
    tokens = (await saver.customer.party.redeem(saver.customer.browser, code)).json()
    return saver, tokens["id_token"]


def wish(idp: IdentityProvider, house: House, **changes: Any) -> LogoutRequest:  # noqa: ANN401
    made: dict[str, Any] = {
        "id": f"_bye-{next(idp.numbers)}",
        "issuer": idp.entity_id,
        "issued_at": house.clock.now(),
        "destination": MEANS_SLO,
        "subject": NameId(value="customer-4711", format=NameFormat.PERSISTENT.value),
        "session_indexes": (INDEX,),
    }
    return LogoutRequest(**(made | changes))


async def asked(
    browser: httpx2.AsyncClient, idp: IdentityProvider, request: LogoutRequest, entity: str = ""
) -> httpx2.Response:
    """Bring a request of the identity provider in an address."""
    key = idp.key if not entity else IdentityProvider(clock=idp.clock, hub=idp.hub, entity_id=entity).key
    octets = writing.logout_request(request, None)
    address = redirect.address("/saml/means/slo", Carrier.REQUEST, octets, "back", key)
    return await settled(browser, await browser.get(address))


def status_of(idp: IdentityProvider, response: httpx2.Response) -> Status:
    location = response.headers["location"]
    assert location.startswith(f"{idp.url}/slo?")
    assert dict(parse_qsl(urlsplit(location).query))["RelayState"] == "back"
    proof = redirect.verify(redirect.parse(urlsplit(location).query.encode()), idp.hub_keys)
    return reading.read_logout_response(proof).status


@pytest.mark.requires("SAMLProf-4.4.3.1")
@pytest.mark.parametrize("code", [SUCCESS, REQUESTER])
async def test_an_identity_provider_is_told_by_the_browser_and_answers(
    house: House, idp: IdentityProvider, code: str
) -> None:
    saver, token = await with_savings(house, idp)
    page = await leave(saver.customer, token)
    assert not await is_alive(house)
    action, fields = fields_of(page)
    assert action == f"{idp.url}/slo"
    octets = b64decode(fields["SAMLRequest"])
    request = reading.read_logout_request(signature.verify(admit(octets), idp.hub_keys))
    assert request.session_indexes == (INDEX,)
    assert isinstance(request.subject, NameId)
    assert request.subject.value == "customer-4711"
    answer = LogoutResponse(
        id="_answered",
        issuer=idp.entity_id,
        issued_at=house.clock.now(),
        status=Status(code=code),
        in_response_to=request.id,
        destination=MEANS_SLO,
    )
    forged = dict(post.fields(Carrier.RESPONSE, writing.logout_response(answer, None), None))
    browser = saver.customer.browser
    still = await settled(browser, await across(browser, "/saml/means/slo", forged))
    assert fields_of(still)[0] == action
    right = dict(post.fields(Carrier.RESPONSE, writing.logout_response(answer, idp.key), None))
    end = await settled(browser, await across(browser, "/saml/means/slo", right))
    assert results(end)["savings nl"] == (DONE if code == SUCCESS else FAILED)


@pytest.mark.requires("SAMLProf-4.4.3.2")
@pytest.mark.parametrize("indexes", [(INDEX,), ()])
async def test_an_identity_providers_logout_ends_what_rests_on_its_session(
    house: House, idp: IdentityProvider, indexes: tuple[str, ...]
) -> None:
    saver, _ = await with_savings(house, idp)
    end = await asked(saver.customer.browser, idp, wish(idp, house, session_indexes=indexes))
    assert not await is_alive(house)
    # The service that somebody logged in to cannot be told, and the identity provider hears that.
    assert results(end)["savings nl"] == DONE
    link = re.search(rf'href="({re.escape(idp.url)}[^"]*)"', end.text)
    assert link
    back = httpx2.Response(303, headers={"location": unescape(link[1])})
    assert status_of(idp, back).second.endswith("PartialLogout")


async def test_what_a_party_ended_ends_though_what_was_kept_of_it_cannot_be_read(
    house: House, idp: IdentityProvider
) -> None:
    saver, _ = await with_savings(house, idp)
    await unreadable(house)
    other = await asked(saver.customer.browser, idp, wish(idp, house, session_indexes=("_another",)))
    assert status_of(idp, other).second == UNKNOWN_PRINCIPAL
    assert await is_alive(house)
    end = await asked(saver.customer.browser, idp, wish(idp, house))
    assert not await is_alive(house)
    assert results(end)["savings nl"] == DONE


async def test_who_logs_out_here_is_told_that_a_party_was_not_whose_session_cannot_be_read(
    house: House, provider: OpenIdProvider
) -> None:
    customer, token = await with_bank(house, provider)
    await unreadable(house)
    page = await leave(customer, token)
    assert not await is_alive(house)
    assert results(page)["bank nl"] == FAILED


async def test_a_logout_that_is_not_the_identity_providers_own_ends_nothing(
    house: House, idp: IdentityProvider
) -> None:
    saver, _ = await with_savings(house, idp)
    browser = saver.customer.browser
    bent: tuple[dict[str, Any], ...] = (
        {"destination": "http://localhost:8000/saml/slo"},
        {"destination": ""},
        {"issuer": "https://another.example"},
    )
    for changes in bent:
        assert (await asked(browser, idp, wish(idp, house, **changes))).status_code == 400
    assert (await asked(browser, idp, wish(idp, house), entity="https://thief.example")).status_code == 400
    nobody = Status(code=REQUESTER, second=UNKNOWN_PRINCIPAL)
    for changes in ({"session_indexes": ("_another",)}, {"subject": NameId(value="somebody-else")}):
        assert status_of(idp, await asked(browser, idp, wish(idp, house, **changes))) == nobody
    old = wish(idp, house, issued_at=house.clock.now() - timedelta(minutes=10))
    assert status_of(idp, await asked(browser, idp, old)).code == REQUESTER
    assert await is_alive(house)


@pytest.mark.requires("SAMLCore-3.7.1", "XMLENC-6.1.2")
@pytest.mark.parametrize("methods", [MODERN, PRESCRIBED], ids=["modern", "prescribed"])
async def test_a_name_that_does_not_open_is_that_of_nobody_and_ends_nothing(
    house: House, idp: IdentityProvider, methods: Methods
) -> None:
    """S19: who came by what another encrypted for us learns nothing of it here."""
    saver, _ = await with_savings(house, idp)
    settings = TOLD | ({"speaks": "etd"} if methods is PRESCRIBED else {})
    await house.put(savings(idp, settings=settings))
    name = NameId(value="customer-4711", format=NameFormat.PERSISTENT.value)
    right = idp.sealed_name(name, HUB, methods)
    values = right.octets.split(b"CipherValue>")[1::2]
    bent = (
        *(right.octets.replace(each, each[39::-1] + each[40:]) for each in values),
        right.octets.replace(b"rsa-oaep", b"rsa-1_5x"),
        encrypt_id(b"<x/>", HUB, idp.hub_lock, methods),
        encrypt_id(b"not a document", HUB, idp.hub_lock, methods),
        encrypt_id(writing.name_id(NameId(value="somebody-else")), HUB, idp.hub_lock, methods),
    )
    browser, nobody = saver.customer.browser, Status(code=REQUESTER, second=UNKNOWN_PRINCIPAL)
    for octets in bent:
        subject = EncryptedId(octets=octets, recipient=HUB)
        answer = await asked(browser, idp, wish(idp, house, subject=subject))
        assert status_of(idp, answer) == nobody
    assert await is_alive(house)
    await asked(browser, idp, wish(idp, house, subject=right))
    assert not await is_alive(house)


async def test_ending_is_refused_in_no_state_of_the_means(house: House, idp: IdentityProvider) -> None:
    saver, token = await with_savings(house, idp)
    await house.put(savings(idp, settings=TOLD, blocked=True))
    page = await leave(saver.customer, token)
    assert fields_of(page)[0] == f"{idp.url}/slo"
    request = wish(idp, house)
    first = await asked(saver.customer.browser, idp, request)
    assert first.status_code in {200, 303}
    assert status_of(idp, await asked(saver.customer.browser, idp, request)).code == REQUESTER
