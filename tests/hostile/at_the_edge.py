"""A house behind the nginx that we ship, and clients that come with certificates."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket

import httpx2
import uvicorn
from starlette.types import ASGIApp

from tests.authorities import Issued
from tests.edge import CLIENTS, Edge
from tests.hostile.scenes import OFFLINE, code_for, town_client
from tests.journeys.house import REDIRECT, TOWN_CLIENT, House
from tests.journeys.party import VERIFIER
from toegang.catalogue.values import Client
from toegang.cli.serve import SERVER
from toegang.keys.presented import CertificateName
from toegang.oidc.profile import ClientAuthentication

NAME = "client.town.example"


def by_name(**more: object) -> Client:
    """Return the town's client as one that proves itself by a certificate of an authority."""
    made: dict[str, object] = {
        "authentication": ClientAuthentication.TLS,
        "certificate_name": CertificateName.parse(f"dns:{NAME}"),
        "secret_hashes": (),
        "profile": "nlgov",
    }
    return town_client(**(made | more))


def pinned(*certificates: Issued, **more: object) -> Client:
    """Return the town's client as one whose certificates are registered themselves."""
    made: dict[str, object] = {
        "authentication": ClientAuthentication.SELF_SIGNED_TLS,
        "certificate_name": None,
        "certificate_thumbprints": tuple(each.thumbprint for each in certificates),
        "profile": "basic",
    }
    return by_name(**(made | more))


def redemption(code: str) -> dict[str, str]:
    """Return the form that redeems a code."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        "client_id": TOWN_CLIENT,
    }


@dataclass(frozen=True, slots=True)
class Wire:
    """The house, what stands before it, and where its clients keep their certificates."""

    house: House
    edge: Edge
    folder: Path

    def issue(self, *hosts: str, name: str = "town") -> Issued:
        """Issue a certificate by the authority that nginx trusts to name clients."""
        return self.edge.clients.issue(name, *hosts)

    async def post(
        self,
        path: str,
        form: dict[str, str],
        by: Issued | None,
        *,
        host: str = CLIENTS,
        sent: dict[str, str] | None = None,
        handshake: str = "",
    ) -> httpx2.Response:
        """Post a form over a new line, showing a certificate if there is one."""
        async with self._line(by) as line:
            return await line.post(
                path,
                data=form,
                headers={"host": host, **(sent or {})},
                extensions={"sni_hostname": handshake or host},
            )

    async def redeem(
        self,
        by: Issued | None,
        *,
        host: str = CLIENTS,
        sent: dict[str, str] | None = None,
        handshake: str = "",
    ) -> httpx2.Response:
        """Log somebody in, and bring the code to the token endpoint."""
        form = redemption(await code_for(self.house, scope=OFFLINE))
        return await self.post("/oidc/token", form, by, host=host, sent=sent, handshake=handshake)

    async def userinfo(self, token: str, by: Issued | None, *, host: str = CLIENTS) -> httpx2.Response:
        """Present an access token at userinfo."""
        return await self.post("/oidc/userinfo", {"access_token": token}, by, host=host)

    @asynccontextmanager
    async def _line(self, by: Issued | None) -> AsyncIterator[httpx2.AsyncClient]:
        context = ssl.create_default_context(cadata=self.edge.site.own.pem)
        if by is not None:
            context.load_cert_chain(by.write(self.folder / f"{by.thumbprint}.pem"))
        base = f"https://127.0.0.1:{self.edge.port}"
        async with httpx2.AsyncClient(verify=context, base_url=base, trust_env=False) as line:
            yield line


@asynccontextmanager
async def served(app: ASGIApp, door: Path | None = None, most: int | None = None) -> AsyncIterator[int]:
    """Serve on a unix socket, else on a port of loopback, which is given; at `most` so many at once."""
    listener = socket(AF_UNIX, SOCK_STREAM) if door else socket()
    listener.bind(str(door) if door else ("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", limit_concurrency=most, **{**SERVER, "loop": "none"})
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:  # noqa: ASYNC110 uvicorn tells it in no other way
            await asyncio.sleep(0)
        yield 0 if door else int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await serving
        listener.close()
        _take_away(door)


def _take_away(door: Path | None) -> None:
    if door:
        door.unlink()
