"""One session with participants of both protocols, and websites that answer a logout well, badly or not."""

from __future__ import annotations

import asyncio
import enum
import re
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx2

from tests.journeys.house import BENCH, CLINIC, PORTAL, RESULTS, House, client, means, service
from tests.journeys.party import CLINIC_PARTY, Party, claims
from tests.journeys.party import answer as parameters
from tests.journeys.party import follow as follow_oidc
from tests.journeys.saml_party import BYE, SLO, SamlParty, Told, enrol, form_of, hub_keys
from tests.journeys.test_saml_login import BSN, DOSSIER, SSO_OF_CARE
from toegang.assurance import Level
from toegang.catalogue.values import ClientId, IdentityForm, SamlProfile
from toegang.saml import names, reading, signature, writing
from toegang.saml.bindings import post, redirect, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import admit
from toegang.saml.messages import LogoutRequest, LogoutResponse, Status
from toegang.saml.metadata.values import Endpoint
from toegang.saml.names import SUCCESS, Binding

SECOND = Party(ClientId("second-client"))
GARBAGE = b"this is <no answer"
DONE = "U bent uitgelogd."
NO_ANSWER = "Wij hebben de website gevraagd u uit te loggen. Er is nog geen antwoord."
UNSUPPORTED = "Wij kunnen u daar niet uitloggen. Log uit op de website zelf."
FAILED = "Dit is niet gelukt. Log uit op de website zelf."


class Manner(enum.Enum):
    """How a website answers."""

    CONFIRMS = "confirms"
    FAILS = "fails"
    HANGS = "hangs"
    GARBAGE = "garbage"


@dataclass
class Sites:
    """The servers of websites, by path; each answers in its manner and keeps what it was told."""

    url: str = ""
    manners: dict[str, Manner] = field(default_factory=dict)
    heard: dict[str, list[bytes]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def manner(self, path: str) -> Manner:
        return self.manners.get(path, Manner.CONFIRMS)

    def answer(self, path: str, body: bytes) -> tuple[str, bytes]:
        return self.answers[path](self.manner(path), body) if path in self.answers else ("200 OK", b"")


@asynccontextmanager
async def sites(tls: ssl.SSLContext | None = None) -> AsyncIterator[Sites]:
    """Serve on loopback until the end of the block, by plain http unless there is TLS."""
    served = Sites()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path, length = head.split(b" ")[1].decode(), re.search(rb"content-length: (\d+)", head.lower())
        body = await reader.readexactly(int(length[1]) if length else 0)
        served.heard.setdefault(path, []).append(body)
        if served.manner(path) is Manner.HANGS:
            await served.over.wait()
            writer.close()
            return
        status, content = served.answer(path, body)
        head = f"HTTP/1.1 {status}\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n".encode()
        writer.write(head + content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    served.url = f"http{'s' if tls else ''}://localhost:{server.sockets[0].getsockname()[1]}"
    try:
        yield served
    finally:
        served.over.set()
        server.close()


def by_token(manner: Manner, _: bytes) -> tuple[str, bytes]:
    """Answer a logout token."""
    return {Manner.FAILS: ("400 No", b""), Manner.GARBAGE: ("599 What", GARBAGE)}.get(manner, ("200 OK", b""))


def saml_party(name: str, profile: SamlProfile, number: int, *logout: Endpoint) -> SamlParty:
    return SamlParty(
        profile=profile,
        services=(DOSSIER,),
        id=ClientId(name),
        entity_id=f"urn:nl-eid-gdi:1.0:DV:00000000000000000001:entities:{number}",
        role={"logout": logout} if logout else {},
    )


ASKING = saml_party(
    "asking-saml", SamlProfile.SAML2INT, 9101, Endpoint(binding=Binding.REDIRECT, location=BYE)
)
FRONT = saml_party("front-saml", SamlProfile.ETD, 9102, Endpoint(binding=Binding.POST, location=BYE + "/f"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A browser that is logged in everywhere."""

    house: House
    browser: httpx2.AsyncClient
    sites: Sites
    soap: SamlParty
    told: dict[ClientId, Told]
    tokens: dict[ClientId, str]

    def index(self, party: SamlParty) -> str:
        """Return by which index a service provider knows the session."""
        said = self.told[party.id].assertion
        assert said is not None
        assert said.authn is not None
        return said.authn.session_index


async def logged_in_everywhere(house: House, served: Sites) -> Scene:
    """Log in at two clients and at three connections, in one session."""
    by_soap = saml_party(
        "soap-saml", SamlProfile.DIGID3, 9103, Endpoint(binding=Binding.SOAP, location=served.url + "/soap")
    )
    served.answers["/token"] = by_token
    served.answers["/soap"] = lambda manner, body: _by_soap(house, by_soap, manner, body)
    await house.put(
        service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.BSN, single_sign_on=SSO_OF_CARE),
        means(BENCH, Level.HIGH, gives_bsn=True),
        client(CLINIC_PARTY.id, CLINIC, (PORTAL, RESULTS), backchannel_logout_uri=served.url + "/first"),
        client(SECOND.id, CLINIC, (RESULTS,), backchannel_logout_uri=served.url + "/token"),
        *(record for party in (ASKING, FRONT, by_soap) for record in party.records(house)),
    )
    browser, person = house.browser(), str(await enrol(house, BSN))
    told = {party.id: await party.log_in(house, browser, person=person) for party in (ASKING, FRONT, by_soap)}
    tokens = {}
    for party, asked in ((CLINIC_PARTY, PORTAL), (SECOND, RESULTS)):
        code = parameters(await follow_oidc(browser, party.for_service(asked)))["code"]
        tokens[party.id] = (await party.redeem(browser, code)).json()["id_token"]
    assert len({claims(token)["sid"] for token in tokens.values()}) == 1
    return Scene(house=house, browser=browser, sites=served, soap=by_soap, told=told, tokens=tokens)


def _by_soap(house: House, party: SamlParty, manner: Manner, body: bytes) -> tuple[str, bytes]:
    if manner is Manner.GARBAGE:
        return "200 OK", GARBAGE
    asked = reading.read_logout_request(signature.verify(soap.unwrap(body), hub_keys(house)))
    answer = answer_to(house, party, asked, manner, destination="")
    return "200 OK", soap.wrap(writing.logout_response(answer, party.key))


def answer_to(
    house: House,
    party: SamlParty,
    asked: LogoutRequest,
    manner: Manner,
    **changes: Any,  # noqa: ANN401
) -> LogoutResponse:
    """Return what a service provider answers to our request."""
    made: dict[str, Any] = {
        "id": f"_answer-{party.id}-{next(party.numbers)}",
        "issuer": party.entity_id,
        "issued_at": house.clock.now(),
        "status": Status(code=names.RESPONDER if manner is Manner.FAILS else SUCCESS),
        "in_response_to": asked.id,
        "destination": SLO,
    }
    return LogoutResponse(**(made | changes))


def asked_by(house: House, fields: dict[str, str]) -> LogoutRequest:
    """Read the request that a browser carries in a form."""
    octets = b64decode(fields["SAMLRequest"])
    return reading.read_logout_request(signature.verify(admit(octets), hub_keys(house)))


def in_form(party: SamlParty, answer: LogoutResponse) -> dict[str, str]:
    return dict(post.fields(Carrier.RESPONSE, writing.logout_response(answer, party.key), None))


async def at_front(scene: Scene, page: httpx2.Response, manner: Manner) -> httpx2.Response:
    """Go to each website that pages lead to; the one with a form answers in its manner, others confirm."""
    while page.status_code == 200 and "SAMLRequest" in page.text:
        if link_of(page):
            page = await _by_link(scene, page)
        else:
            page = await _by_form(scene, page, manner)
    return page


async def _by_link(scene: Scene, page: httpx2.Response) -> httpx2.Response:
    """Follow the link to the asking service, which confirms."""
    query = urlsplit(link_of(page)).query
    asked = reading.read_logout_request(
        redirect.verify(redirect.parse(query.encode()), hub_keys(scene.house))
    )
    answer = answer_to(scene.house, ASKING, asked, Manner.CONFIRMS)
    octets = writing.logout_response(answer, None)
    back = redirect.address("/saml/slo", Carrier.RESPONSE, octets, None, ASKING.key)
    return await settled(scene.browser, await scene.browser.get(back))


async def _by_form(scene: Scene, page: httpx2.Response, manner: Manner) -> httpx2.Response:
    browser, house = scene.browser, scene.house
    action, fields = form_of(page)
    assert action == BYE + "/f"
    asked = asked_by(house, fields)
    assert asked.session_indexes == (scene.index(FRONT),)
    if manner is Manner.HANGS:
        return await without(browser, page)
    sent = in_form(FRONT, answer_to(house, FRONT, asked, manner))
    if manner is Manner.GARBAGE:
        sent = {"SAMLResponse": "bm90IFhNTA==", "RelayState": "x"}
    came_back = await settled(browser, await across(browser, "/saml/slo", sent))
    if manner is not Manner.GARBAGE:
        return came_back
    assert form_of(came_back)[0] == action, "the same page again: nothing that can be believed was answered"
    return await without(browser, came_back)


def link_of(page: httpx2.Response) -> str:
    """Return where the page's link leads with a request; empty when it has a form for that."""
    found = re.search(r'href="([^"]+SAMLRequest=[^"]+)"', page.text)
    return unescape(found[1]) if found else ""


async def across(browser: httpx2.AsyncClient, path: str, fields: dict[str, str]) -> httpx2.Response:
    """Post as another site does: without our cookies; they are there at the GET that follows."""
    kept = dict(browser.cookies)
    browser.cookies.clear()
    sent = await browser.post(path, data=fields)
    browser.cookies.update(kept)
    return sent


async def without(browser: httpx2.AsyncClient, page: httpx2.Response) -> httpx2.Response:
    """Press the button to go on without a website."""
    _, fields = form_of(page)
    here = re.search(r'<form method="post" action="(/logout/[^"]+)"', page.text)
    assert here, page.text
    fields = {name: fields[name] for name in ("csrf", "without")}
    return await settled(browser, await browser.post(here[1], data=fields | {"do": "skip"}))


async def settled(browser: httpx2.AsyncClient, response: httpx2.Response) -> httpx2.Response:
    """Follow redirects inside the hub."""
    while response.status_code == 303 and response.headers["location"].startswith("/"):
        response = await browser.get(response.headers["location"])
    return response


def results(page: httpx2.Response) -> dict[str, str]:
    """Return what a page says of each website."""
    assert page.status_code == 200, page.status_code
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.text)
    return {unescape(name): unescape(said) for name, said in found}


def by_openid(scene: Scene) -> str:
    asked = {
        "id_token_hint": scene.tokens[CLINIC_PARTY.id],
        "post_logout_redirect_uri": BYE,
        "state": "a-state",
    }
    return f"/oidc/logout?{urlencode(asked)}"


def by_saml(scene: Scene, **changes: Any) -> str:  # noqa: ANN401
    request = ASKING.log_out(scene.house, scene.told[ASKING.id], **changes)
    octets = writing.logout_request(request, None)
    return redirect.address("/saml/slo", Carrier.REQUEST, octets, "back", ASKING.key)


async def by_own_page(scene: Scene) -> httpx2.Response:
    """Log out on the hub's own page, with its question."""
    page = await scene.browser.get("/oidc/logout")
    proof = page.text.split('name="csrf" value="')[1].split('"')[0]
    asked = {"csrf": proof, "do": "confirm"}
    return await settled(scene.browser, await scene.browser.post("/oidc/logout", data=asked))


async def begin(scene: Scene, starter: str) -> httpx2.Response:
    """Begin a logout: by `openid`, `saml` or `own`; return the first page, or where it goes back."""
    if starter == "own":
        return await by_own_page(scene)
    address = by_openid(scene) if starter == "openid" else by_saml(scene)
    return await settled(scene.browser, await scene.browser.get(address))


def status_told(scene: Scene, address: str) -> Status:
    """Read the answer that a browser brings back to the SAML service that asked."""
    received = redirect.parse(urlsplit(address).query.encode())
    answer = reading.read_logout_response(redirect.verify(received, hub_keys(scene.house)))
    assert dict(parse_qsl(urlsplit(address).query))["RelayState"] == "back"
    return answer.status


def logout_token(body: bytes) -> dict[str, Any]:
    return claims(parse_qs(body.decode())["logout_token"][0])
