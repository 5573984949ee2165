"""A BSN, a name, a number and a password put through every path are in no log, URL, error or table.

Whoever brings them sees some of them again on a page of their own form; nobody else sees them anywhere.
"""

from __future__ import annotations

import io

import httpx2
import pytest

from tests.hostile.wire import INSIDES
from tests.journeys.house import TOWN_CLIENT
from tests.journeys.party import TOWN_PARTY
from tests.means.bureau import GOOD, SANNE
from tests.web.citizens import PARTICULARS, Browser, Page, Town
from toegang import log

NUMBER = "0612345678"
ABROAD = "31612345678"
BSN = SANNE.digits
NAME = "sanne88"
FAMILY, STREET = "S. de Wit", "Dorpsstraat"
CANARIES = (BSN, NUMBER, ABROAD, NAME, GOOD, FAMILY, STREET)


@pytest.fixture
def logged() -> io.StringIO:
    """Collect what the hub writes on standard error, as it does in production."""
    stream = io.StringIO()
    log.configure("debug", stream)
    return stream


class Watched(httpx2.AsyncBaseTransport):
    """Keeps every address that was asked, and everything that came back."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner
        self.addresses: list[str] = []
        self.headers: list[str] = []
        self.errors: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.addresses.append(str(request.url))
        response = await self._inner.handle_async_request(request)
        await response.aread()
        self.headers += [f"{name}: {value}" for name, value in response.headers.items()]
        if response.status_code >= 400 and request.url.path != "/account/apply/person":
            self.errors.append(response.text)
        return response


async def tables(town: Town) -> str:
    """Return every value of every table as text, octets as they are."""
    database = town.bureau.database
    names = await database.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    rows = [await database.all(f"SELECT * FROM {name}") for (name,) in names]  # noqa: S608 our own names
    values = [value for table in rows for row in table for value in row]
    return "\n".join(
        bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
        for value in values
    )


def lines_with(logged: io.StringIO) -> list[str]:
    """Return the lines of the log that hold a canary."""
    return [line for line in logged.getvalue().splitlines() if found_in(line)]


def found_in(text: str, canaries: tuple[str, ...] = CANARIES) -> list[str]:
    return [canary for canary in canaries if canary in text]


def browser_of(watched: Watched) -> Browser:
    return Browser(httpx2.AsyncClient(transport=watched, base_url="http://localhost:8000"))


async def test_a_life_of_an_account_leaves_no_trace_of_who_it_was(town: Town, logged: io.StringIO) -> None:
    watched = Watched(town.web)
    browser = browser_of(watched)
    await mistakes(browser)
    await town.resident(browser)
    for path in ("", "/history", "/devices", "/password", "/number", "/misuse", "/end"):
        await browser.open("/account" + path)
    other = browser_of(watched)
    await town.sign_in(other, await other.open(TOWN_PARTY.url()), "another password altogether")
    page = await town.anew(other, await other.open(TOWN_PARTY.url()))
    assert "code=" in page.address
    await forgotten(other)
    await nonsense(other)

    assert lines_with(logged) == []
    assert found_in("\n".join(watched.addresses)) == []
    assert found_in("\n".join(watched.headers)) == []
    assert [text for text in watched.errors if found_in(text, (GOOD, FAMILY, STREET))] == []
    assert [text for text in watched.errors if any(inside.decode() in text for inside in INSIDES)] == []
    assert found_in(await tables(town)) == []
    assert len(watched.addresses) > 40
    assert logged.getvalue().count("\n") > 3


async def mistakes(browser: Browser) -> None:
    """Apply with everything wrong that can be wrong."""
    page = await browser.open("/account/apply/person")
    await browser.send(page, bsn=BSN, birth_date="99-99-9999", postal_code=BSN, house_number=BSN)
    await browser.send(page, bsn=BSN[:-1], **PARTICULARS)
    page = await browser.send(page, bsn=BSN, **PARTICULARS)
    await browser.send(page, user_name=BSN, new_password=BSN, repeat_password=BSN)
    await browser.send(page, user_name=NAME, new_password=GOOD, repeat_password=GOOD + "x")


async def forgotten(browser: Browser) -> None:
    """Ask a new password with particulars that are right, and that are not."""
    page = await browser.open("/account/forgotten")
    for fields in ({"bsn": BSN}, {"user_name": NAME}, {"bsn": BSN, "user_name": NAME}):
        sent: Page = await browser.send(page, **fields)
        assert sent.status < 500


async def nonsense(browser: Browser) -> None:
    """Put a BSN where no BSN belongs: in forms of the protocol, in headers, in cookies."""
    post, basic = browser.http.post, (BSN, BSN)
    for path in ("/oidc/token", "/oidc/par", "/oidc/introspect", "/oidc/revoke", "/oidc/userinfo"):
        form = {"client_id": BSN, "client_secret": BSN, "token": BSN, "code": BSN, "grant_type": BSN}
        await post(path, data=form)
        await post(path, data={"token": BSN, "code": BSN, "scope": BSN}, auth=basic)
        await post(path, data={"client_id": TOWN_CLIENT, "request": BSN, "login_hint": BSN})
        await post(path, data={BSN: BSN}, headers={"authorization": f"Bearer {BSN}", "dpop": BSN})
    asked = {"client_id": BSN, "redirect_uri": f"https://{BSN}.example", "login_hint": BSN}
    await post("/oidc/authorize", data=asked)
    await post("/oidc/logout", data={"client_id": BSN, "id_token_hint": f"{BSN}.{BSN}.{BSN}"})
    await post("/login/unknown", data={"csrf": BSN, "means": BSN}, headers={"origin": BSN})
    await browser.http.get(
        "/account", headers={"cookie": f"toegang-account={BSN}; toegang-session={BSN}.{BSN}"}
    )


async def test_a_bsn_in_an_address_that_somebody_else_wrote_is_not_logged(
    town: Town, logged: io.StringIO
) -> None:
    http = town.browser().http
    for address in (
        f"/oidc/authorize?client_id={BSN}&redirect_uri={BSN}&scope={BSN}",
        TOWN_PARTY.url(scope=f"openid service:{BSN}", login_hint=BSN, state=BSN, nonce=BSN),
        TOWN_PARTY.url(scope=f"openid {BSN}", acr_values=BSN, ui_locales=BSN, claims=BSN),
        TOWN_PARTY.url(redirect_uri=f"https://{BSN}.example/", request_uri=BSN),
        TOWN_PARTY.url(id_token_hint=BSN, prompt=BSN, max_age=BSN, display=BSN),
        f"/login/{BSN}",
        f"/means/citizen/{BSN}/password",
        f"/account/enter/{BSN}",
        f"/account/apply/{BSN}/code",
        f"/account/history/{BSN}",
        f"/decisions/{BSN}",
        f"/figures/{BSN}.csv",
        f"/{BSN}",
        f"/oidc/logout?client_id={BSN}&state={BSN}&post_logout_redirect_uri={BSN}",
    ):
        assert (await http.get(address)).status_code < 500
    assert lines_with(logged) == []
