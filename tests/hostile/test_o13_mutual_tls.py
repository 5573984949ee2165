"""O13: a certificate counts when it was shown in the handshake with our own nginx, and nowhere else.

nginx runs with the configuration in deploy/nginx, in front of the whole hub on a unix socket.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest

from tests.authorities import LONG_AGO, Authority, Issued, issue
from tests.edge import CLIENTS, SITE, Edge, over_socket, passed, serving
from tests.hostile.at_the_edge import NAME, Wire, by_name, pinned, redemption, served
from tests.hostile.refusals import before, since, told
from tests.hostile.scenes import is_good, town_client
from tests.journeys.house import ISSUER, TOWN_CLIENT, House
from tests.journeys.party import TOWN_PARTY, answer, claims, follow
from toegang import config
from toegang.cli.serve import behind
from toegang.keys.jwk import public_members
from toegang.oidc.discovery import CALLED_BY_CLIENTS
from toegang.web.certificates import CERTIFICATE, VERIFIED

SPOOFED = {"x-client-certificate-verified": "SUCCESS"}


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """Serve nginx for all tests here."""
    folder = tmp_path_factory.mktemp("edge")
    with serving(folder / "nginx", folder / "door") as found:
        yield found


@pytest.fixture
async def wire(edge: Edge, lone_house: House, tmp_path: Path) -> AsyncIterator[Wire]:
    """Serve a house behind it, as `toegang serve` would."""
    door = edge.folder.parent / "door"
    listen = config.Listen(socket=door, client_certificates=True)
    async with served(behind(listen, lone_house.web), door):
        yield Wire(lone_house, edge, tmp_path)


def refused(response: httpx2.Response, word: str = "invalid_client") -> None:
    assert (response.status_code, response.json()["error"]) == (401, word), response.text


@pytest.mark.requires("RFC8705-2.1", "RFC8705-3", "RFC8705-3.1", "RFC8705-3.2")
async def test_a_client_logs_people_in_by_the_name_in_its_certificate(wire: Wire) -> None:
    await wire.house.put(by_name())
    own = wire.issue(NAME)
    tokens = (await wire.redeem(own)).json()
    token = tokens["access_token"]
    assert (tokens["token_type"], claims(token)["cnf"]) == ("Bearer", {"x5t#S256": own.thumbprint})
    shown = await wire.userinfo(token, own)
    assert (shown.status_code, set(shown.json())) == (200, {"sub"})
    asked = await wire.post("/oidc/introspect", {"token": token, "client_id": TOWN_CLIENT}, own)
    assert (asked.json()["active"], asked.json()["cnf"]) == (True, {"x5t#S256": own.thumbprint})


@pytest.mark.requires("RFC8705-2.2")
async def test_a_client_logs_people_in_by_a_certificate_that_is_pinned(wire: Wire) -> None:
    own = issue("vouches for itself")
    await wire.house.put(pinned(own))
    answer = (await wire.redeem(own)).json()
    assert (
        await wire.userinfo(answer["access_token"], own)
    ).status_code == 200  # a handle, bound all the same
    refused(await wire.userinfo(answer["access_token"], None), "invalid_token")
    key = public_members(own.key.public_key()) | {"use": "sig"}
    keys = json.dumps({"keys": [key | {"x5c": [base64.b64encode(own.der).decode()]}]})
    await wire.house.put(pinned(jwks=keys))
    assert (await wire.redeem(own)).status_code == 200
    refused(await wire.redeem(issue("vouches for itself")))


@pytest.mark.requires("FAPI2-5.3.2.1", "FAPI2-5.3.2.2", "RFC8705-5")
async def test_under_fapi2_the_certificate_binds_what_dpop_would(wire: Wire) -> None:
    own = issue("vouches for itself")
    await wire.house.put(pinned(own, profile="fapi2"))
    asked = dict(parse_qsl(urlsplit(TOWN_PARTY.url()).query))
    refused(await wire.post("/oidc/par", asked, None))
    pushed = (await wire.post("/oidc/par", asked, own)).json()["request_uri"]
    begun = f"/oidc/authorize?{urlencode({'client_id': TOWN_CLIENT, 'request_uri': pushed})}"
    code = answer(await follow(wire.house.browser(), begun))["code"]
    token = (await wire.post("/oidc/token", redemption(code), own)).json()["access_token"]
    assert claims(token)["cnf"] == {"x5t#S256": own.thumbprint}
    assert (await wire.userinfo(token, own)).status_code == 200
    refused(await wire.userinfo(token, issue("vouches for itself")), "invalid_token")


STRANGERS = {
    "no certificate": None,
    "vouches for itself": issue("town", NAME),
    "another authority": Authority.named("who vouches for clients").issue("town", NAME),
}


@pytest.mark.parametrize("name", STRANGERS)
async def test_nobody_else_is_the_client_whatever_headers_say(wire: Wire, name: str) -> None:
    await wire.house.put(by_name())
    by, own = STRANGERS[name], wire.issue(NAME)
    refused(await wire.redeem(by))
    for sent in headers_of(own):
        refused(await wire.redeem(by, sent=sent))
        refused(await wire.redeem(by, sent=sent, host=SITE))
    assert (await wire.redeem(own)).status_code == 200


def headers_of(own: Issued) -> list[dict[str, str]]:
    """Return the headers that say that a certificate was shown, as an attacker would spell them."""
    right = passed(own)
    return [
        right,
        SPOOFED,
        {"X-CLIENT-CERTIFICATE": own.escaped, "X-Client-Certificate-Verified": "SUCCESS"},
        {name.replace("-", "_"): value for name, value in right.items()},
        {"connection": "x-client-certificate, x-client-certificate-verified", **right},
        {"client-cert": f":{base64.b64encode(own.der).decode()}:", "x-ssl-client-cert": own.escaped},
    ]


async def test_another_certificate_of_the_same_authority_is_not_the_clients(wire: Wire) -> None:
    await wire.house.put(by_name())
    own = wire.issue(NAME)
    others = (
        wire.issue("other.example"),
        wire.issue(f"www.{NAME}", "town.example"),
        wire.issue("*.town.example"),
        wire.issue(name=NAME),
    )
    was = await before(wire.house)
    for other in others:
        refused(await wire.redeem(other))
        refused(await wire.redeem(other, sent=passed(own)))
    happened = [told(event) for event in await since(wire.house, was)]
    # Of what is refused alike within a minute the first is recorded, and the tenth (provider/flood.py).
    assert happened.count("client:refused client-not-proven credentials") == 1


@pytest.mark.requires("RFC8705-6.3")
async def test_an_expired_certificate_is_refused_by_nginx_in_the_protocols_words(wire: Wire) -> None:
    over = wire.edge.clients.issue("town", NAME, until=LONG_AGO)
    await wire.house.put(by_name())
    refused(await wire.redeem(over))
    alone = issue("vouches for itself", until=LONG_AGO)
    await wire.house.put(pinned(alone))
    refused(await wire.redeem(alone))
    refused(await wire.userinfo("x", alone), "invalid_token")


async def test_an_expired_certificate_is_refused_by_the_hub_too(lone_house: House) -> None:
    over = issue("town", NAME, until=LONG_AGO)
    for client in (by_name(), pinned(over)):
        await lone_house.put(client)
        form = {"client_id": TOWN_CLIENT, "token": "x"}
        refused(await over_socket(lone_house).post("/oidc/revoke", data=form, headers=passed(over)))


async def test_what_is_pinned_is_that_certificate_and_no_other_of_its_key_or_name(wire: Wire) -> None:
    own = wire.issue(NAME)
    await wire.house.put(pinned(own))
    for other in (wire.issue(NAME), issue("town", NAME)):
        refused(await wire.redeem(other))
        refused(await wire.redeem(other, sent=passed(own)))


@pytest.mark.requires("RFC8705-3")
async def test_a_bound_token_is_worth_nothing_over_another_line(wire: Wire) -> None:
    await wire.house.put(by_name())
    own = wire.issue(NAME)
    token = (await wire.redeem(own)).json()["access_token"]
    for thief in (None, wire.issue(NAME), issue("town", NAME)):
        refused(await wire.userinfo(token, thief), "invalid_token")
    refused(await wire.userinfo(token, own, host=SITE), "invalid_token")  # nobody asks for it there
    assert not await is_good(wire.house, {"access_token": token})
    proven = {"authorization": f"DPoP {token}"}
    refused(await wire.post("/oidc/userinfo", {}, own, sent=proven), "invalid_token")
    assert (await wire.userinfo(token, own)).status_code == 200


async def test_refreshing_needs_the_certificate_of_the_code(wire: Wire) -> None:
    first, second = issue("first"), issue("second")
    await wire.house.put(pinned(first, second))
    tokens = (await wire.redeem(first)).json()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": TOWN_CLIENT}
    other = await wire.post("/oidc/token", form, second)
    assert (other.status_code, other.json()["error"]) == (400, "invalid_grant")
    fresh = await wire.post("/oidc/token", form, first)
    assert (await wire.userinfo(fresh.json()["access_token"], first)).status_code == 200


async def test_a_handshake_for_people_reaches_no_endpoint_that_believes_certificates(wire: Wire) -> None:
    await wire.house.put(by_name())
    own = wire.issue(NAME)
    misdirected = await wire.redeem(own, handshake=SITE)
    assert misdirected.status_code == 421
    refused(await wire.redeem(own, host=SITE, handshake=CLIENTS))


async def test_pages_for_people_are_not_where_clients_show_certificates(wire: Wire) -> None:
    own = wire.issue(NAME)
    for path in ("/", "/login", "/oidc/authorize", "/oidc/token/", "/oidc/logout", "/account"):
        assert (await wire.post(path, {}, own)).status_code == 404, path
    assert (await wire.post("/oidc/authorize", {}, None, host=SITE)).status_code != 404
    for path in metadata_of(wire):
        assert (await wire.post(path, {}, own)).status_code not in {404, 405}, path


def metadata_of(wire: Wire) -> list[str]:
    """Return the paths that clients and service providers call themselves."""
    document = wire.house.app.rooms.openid.metadata
    own = [str(document[name]).removeprefix(ISSUER) for name in CALLED_BY_CLIENTS]
    return [*own, "/saml/artifact", "/saml/slo/soap", "/decisions/ABCD-EFGH-JKMN"]


async def test_over_a_port_headers_are_not_even_read(lone_house: House) -> None:
    await lone_house.put(by_name())
    own = issue("town", NAME)
    form = {"client_id": TOWN_CLIENT, "token": "x"}
    trusting = config.Listen(client_certificates=True, trusted_proxies=(str(ip_network("127.0.0.0/8")),))
    for listen in (config.Listen(), trusting):
        async with (
            served(behind(listen, lone_house.web)) as port,
            httpx2.AsyncClient(trust_env=False) as line,
        ):
            for headers in (passed(own), {"x-client-certificate": "no certificate"}):
                url = f"http://127.0.0.1:{port}/oidc/revoke"
                refused(await line.post(url, data=form, headers=headers))


async def test_over_a_unix_socket_they_are_read_by_setting_only(lone_house: House, tmp_path: Path) -> None:
    await lone_house.put(by_name())
    own, door = issue("town", NAME), tmp_path / "door"
    form = {"client_id": TOWN_CLIENT, "token": "x"}
    seen = []
    for believed in (False, True):
        listen = config.Listen(socket=door, client_certificates=believed)
        transport = httpx2.AsyncHTTPTransport(uds=str(door))
        async with (
            served(behind(listen, lone_house.web), door),
            httpx2.AsyncClient(transport=transport, base_url=ISSUER) as line,
        ):
            seen.append((await line.post("/oidc/revoke", data=form, headers=passed(own))).status_code)
    assert seen == [401, 200]


async def test_what_the_proxy_cannot_have_written_is_refused(lone_house: House) -> None:
    await lone_house.put(by_name())
    own = issue("town", NAME)
    name, verified = CERTIFICATE.decode(), VERIFIED.decode()
    right = (name, own.escaped)
    wrong = [
        [(name, "")],
        [(name, "MIIB")],
        [(name, own.escaped[:-60])],
        [(name, own.escaped + own.escaped)],
        [right, right],
        [right, (name, "")],
        [right, (verified, "FAILED"), (verified, "SUCCESS")],
    ]
    for headers in wrong:
        response = await over_socket(lone_house).post(
            "/oidc/revoke", data={"client_id": TOWN_CLIENT, "token": "x"}, headers=headers
        )
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request"), headers
    large = [(name, "A" * 24_001)]
    response = await over_socket(lone_house).post("/oidc/userinfo", headers=large)
    assert (response.status_code, response.json()["error"]) == (413, "invalid_request")
    for word in ("FAILED:self-signed certificate", "NONE", "success", "SUCCESS,SUCCESS", ""):
        unproven = await over_socket(lone_house).post(
            "/oidc/revoke", data={"client_id": TOWN_CLIENT, "token": "x"}, headers=passed(own, word)
        )
        refused(unproven)


async def test_a_certificate_beside_another_method_proves_nothing(lone_house: House) -> None:
    await lone_house.put(town_client())
    own = issue("town", NAME)
    form = {"client_id": TOWN_CLIENT, "token": "x"}
    refused(await over_socket(lone_house).post("/oidc/revoke", data=form, headers=passed(own)))
    await lone_house.put(by_name())
    both = form | {"client_secret": "obviously-not-a-secret"}
    refused(await over_socket(lone_house).post("/oidc/revoke", data=both, headers=passed(own)))
