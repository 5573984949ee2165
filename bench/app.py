"""Logins with the app beside logins with a password, at one hub, from authorize to tokens.

Both are whole: every page is asked, every form sent, every statement of the app signed and verified, by
people with an account and an app of their own. What is measured is the CPU of the server's process,
threads included, as in bench/login.py; the limit of a password is its hash, which is told apart. A worker
does something each second whether or not anybody logs in, so a round of either way lasts about as long:
one with the app has more logins.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx2

from bench import sides
from bench.login import hashing, keep_off
from bench.measure import Measure, say
from bench.processes import Process, cpu_of
from bench.takes import server_of_ours
from demo.app_device import Device
from demo.personas import read_personas
from tests.postgres import free_port
from toegang import config
from toegang.app import build_ground
from toegang.app.parts import citizen, people
from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans, Kind, MeansId, Organisation, Service
from toegang.identity.numbers import Bsn
from toegang.keys.secret import SealingKey
from toegang.means.app.statements import TURN_LENGTH, read_device_key, read_pin_key
from toegang.means.app.values import App, AppId, AppStatus, turn_hash
from toegang.means.citizen.account import Account, AccountId, Status
from toegang.means.citizen.names import check_name
from toegang.storage.apps import AppTable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from toegang.catalogue.values import Record
    from toegang.means.citizen.desk import Desk
    from toegang.units import Unit

AT_LEAST = 5.0
AT_ONCE = 8
MORE_BY_APP = 3
SETTLE = 1.2  # seconds after which the trail's sequencer has done what the last logins left to it
PASSWORD, PIN, TURN = "obviously not a password", "27182", "t" * TURN_LENGTH
ACCOUNTS, APPS = MeansId("citizen-account"), MeansId("app")
VERIFIER = "obviously-not-random" * 3
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
LINK = re.compile(r'href="[^"]*/app/#([^"]+)"')
SEE_OTHER, OK = 303, 200


@dataclass(slots=True, kw_only=True)
class Somebody:
    """A person with an account and an app, at a browser and a telephone of their own."""

    name: str
    browser: httpx2.AsyncClient
    telephone: httpx2.AsyncClient
    device: Device = field(init=False)

    def __post_init__(self) -> None:
        """Take the telephone into use."""

        async def send(path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
            response = await self.telephone.post(f"/app/v1{path}", json=body)
            return response.status_code, response.json() if response.content else {}

        self.device = Device(issuer=str(self.telephone.base_url).rstrip("/"), send=send)

    async def with_password(self) -> None:
        """Log in with user name and password."""
        page = await self._choose(ACCOUNTS)
        await self._redeem(await self._send(page, user_name=self.name, password=PASSWORD, do="sign-in"))

    async def with_app(self) -> None:
        """Log in with the app on this device."""
        page = await self._send(await self._choose(APPS), do="here")
        link = LINK.search(page.text)
        if link is None:
            message = f"no link to the app: {page.status_code}"
            raise SystemExit(message)
        session = await self.device.scan(token=link[1])
        back = await self.device.confirm(session, PIN)
        await self._redeem(await self._follow(await self.browser.get(back)))

    async def _choose(self, means: MeansId) -> httpx2.Response:
        self.browser.cookies.clear()
        challenge = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": sides.CLIENT,
            "redirect_uri": sides.REDIRECT,
            "scope": "openid",
            "state": "a-state",
            "nonce": "a-nonce",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        page = await self._follow(await self.browser.get(f"/oidc/authorize?{urlencode(asked)}"))
        return await self._send(page, means=means)

    async def _send(self, page: httpx2.Response, **fields: str) -> httpx2.Response:
        proof = CSRF.search(page.text)
        form = {"csrf": proof[1] if proof else "", **fields}
        return await self._follow(await self.browser.post(str(page.url), data=form))

    async def _follow(self, response: httpx2.Response) -> httpx2.Response:
        while response.status_code == SEE_OTHER and response.headers["location"].startswith("/"):
            response = await self.browser.get(response.headers["location"])
        return response

    async def _redeem(self, page: httpx2.Response) -> None:
        location = page.headers.get("location", "")
        code = urlsplit(location).query.partition("code=")[2].partition("&")[0]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": sides.REDIRECT,
            "code_verifier": VERIFIER,
        }
        told = await self.browser.post("/oidc/token", data=form, auth=(sides.CLIENT, sides.SECRET))
        if not code or told.status_code != OK:
            message = f"no login: {page.status_code} {page.url} {location[:200]} {told.text[:200]}"
            raise SystemExit(message)


@dataclass(slots=True, kw_only=True)
class Way:
    """One way to log in, `share` times as often as another, and how many logins a CPU-second gave a round."""

    log_in: Callable[[Somebody], Awaitable[None]]
    share: int = 1
    rates: list[float] = field(default_factory=list)

    async def run(self, everybody: Sequence[Somebody], count: int, pid: int) -> None:
        """Have everybody log in again and again, `count` times `share` in all."""
        count *= self.share
        turns, begun = iter(range(count)), cpu_of(pid)

        async def again(one: Somebody) -> None:
            for _ in turns:
                await self.log_in(one)

        await asyncio.gather(*map(again, everybody))
        await asyncio.sleep(SETTLE)
        self.rates.append(count / (cpu_of(pid) - begun))


async def measure(*, quick: bool) -> list[Measure]:
    """Measure both ways in turns, on PostgreSQL."""
    turns, count = (2, 48) if quick else (5, 400)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toegang-bench-")))
        say("starting PostgreSQL and a hub")
        address = stack.enter_context(server_of_ours())
        keep_off(address, sides.SERVER_CORE)
        port = free_port()
        settings = sides.prepared(folder / "hub", port, address)
        await sides.fill(address, records())
        names = [persona.id for persona in read_personas()][:AT_ONCE]
        everybody = [
            Somebody(name=f"{name}-bench", browser=client(port), telephone=client(port)) for name in names
        ]
        await _move_in(settings, everybody)
        server = Process("hub", sides.command(settings, port), sides.SERVER_CORE, folder)
        stack.callback(server.stop)
        server.wait_for(f"http://localhost:{port}/.well-known/openid-configuration")
        os.sched_setaffinity(0, {sides.LOAD_CORE})
        by_password = Way(log_in=Somebody.with_password)
        by_app = Way(log_in=Somebody.with_app, share=MORE_BY_APP)
        for turn in range(turns + 1):
            many = f"{count} logins with a password, {count * MORE_BY_APP} with the app"
            say(f"round {turn} of {turns}, {many}" if turn else "one round to warm up")
            for way in (by_password, by_app):
                began = time.monotonic()
                await way.run(everybody, count if turn else AT_ONCE, server.pid)
                say(f"  {time.monotonic() - began:.1f} s")
        for one in everybody:
            await one.browser.aclose()
            await one.telephone.aclose()
    found = Measure(
        name="logins with the app",
        unit="logins per CPU-second",
        value=median(by_app.rates[1:]),
        peer="with a password",
        peer_value=median(by_password.rates[1:]),
        target=AT_LEAST,
    )
    return [found, await hashing(4 if quick else 40)]


def client(port: int) -> httpx2.AsyncClient:
    """Open a browser, or a telephone."""
    return httpx2.AsyncClient(base_url=f"http://localhost:{port}", timeout=30.0)


def records() -> list[Record]:
    """Return a service that a password is enough for, its client, and both means."""
    found: list[Record] = []
    for record in sides.own_records():
        if isinstance(record, Service):
            found.append(replace(record, level=Level.BASIC))
        elif not isinstance(record, AdmittedMeans):
            found.append(record)
    owner, names = found[0].organisation, found[0].names  # type: ignore[union-attr]
    found.append(Organisation(id=owner, names=names, kind=Kind.PUBLIC, sector="health", oin="0" * 20))
    account = AdmittedMeans(
        id=ACCOUNTS, kind="citizen", organisation=owner, names=names, ceiling=Level.LOW, gives_bsn=True
    )
    return [*found, account, replace(account, id=APPS, kind="app")]


async def _move_in(file: Path, everybody: Sequence[Somebody]) -> None:
    """Give everybody their account and their app, as if they had applied and added it."""
    ground = build_ground(config.load(file, {}))
    await ground.database.open()
    try:
        desk = citizen(ground, people(ground)).operating.desk
        sealing = SealingKey.derive({1: ground.secrets.seal}, "app")
        hashed = await desk.hasher.hash(PASSWORD)
        async with desk.units.begin() as unit:
            for one, persona in zip(everybody, read_personas(), strict=False):
                account = await _account(desk, unit, one, Bsn.parse(persona.bsn), hashed)
                await AppTable(ground.database).add(unit, _app(one.device, account, sealing, desk.ids.uuid()))
        desk.hasher.close()
    finally:
        await ground.outbound.aclose()
        await ground.database.close()


async def _account(desk: Desk, unit: Unit, one: Somebody, bsn: Bsn, hashed: str) -> AccountId:
    now = datetime.now(UTC)
    person = await desk.enrolment.enrol(unit, bsn, now)
    account = Account(
        id=AccountId(desk.ids.uuid()),
        person=person.id,
        status=Status.ACTIVE,
        name=desk.keys.name(check_name(one.name)),
        password=hashed,
        language="nl",
        since=now,
        activated_at=now,
        checked_at=now,  # the register is asked once a day, and there is none here
    )
    await desk.accounts.add(unit, account, now)
    return account.id


def _app(device: Device, account: AccountId, sealing: SealingKey, id_: Any) -> App:  # noqa: ANN401
    device.app, device.turn = str(id_), TURN
    now = datetime.now(UTC)
    return App(
        id=AppId(id_),
        account=account,
        means=APPS,
        status=AppStatus.ACTIVE,
        name="Bench",
        level=Level.LOW,
        device_key=read_device_key(device.public),
        pin_key=sealing.seal(read_pin_key(device.public_pin_key(PIN)), b"pin key " + id_.bytes),
        turn=turn_hash(TURN),
        since=now,
        activated_at=now,
    )
