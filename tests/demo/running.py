"""A party of the demo, running on loopback for the time of a test."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import TYPE_CHECKING

import uvicorn

from toegang.outbound.addresses import AllowedAddresses
from toegang.outbound.client import Outbound, Wire, tls_context
from toegang.outbound.party import Bounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

KEPT = 600  # seconds
LOOPBACK = AllowedAddresses(networks=(ip_network("127.0.0.0/8"),))


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[str]:
    """Serve `app` on a free port; yield its address."""
    # It closes no connection that is idle because the machine does other things: a question would be lost.
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_level="error",
        lifespan="off",
        ws="none",
        timeout_keep_alive=KEPT,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 uvicorn tells it in no other way
        await asyncio.sleep(0.005)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def calling(seconds: float | None = None) -> AsyncIterator[Outbound]:
    """Open the hub's own client, allowed to call loopback without TLS; each call may take so many seconds.

    Who looks at answers, and not at how long they may take, gives them time: the machine may do other things.
    """
    wire = Wire(allowed=LOOPBACK, plain_http=frozenset({"127.0.0.1"}), tls=tls_context())
    bounds = Bounds() if seconds is None else Bounds(seconds=seconds)
    async with Outbound(wire, bounds) as outbound:
        yield outbound
