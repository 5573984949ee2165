"""Registers on loopback that tell what a test has them tell, and the hub's ports to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.mandates.legal.facts import AT, BEFORE
from tests.registers.authority_answers import ORGANISATION
from toegang.clock import FixedClock
from toegang.mandates.legal.asking import LegalRegisters
from toegang.registers.courts_http import HttpCourts
from toegang.registers.estates_http import HttpEstates
from toegang.registers.organisations_http import HttpOrganisations

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from toegang.outbound.client import Outbound

    Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]
    Answer = Callable[[dict[str, Any]], object]


def registers(outbound: Outbound, url: str) -> LegalRegisters:
    clock = FixedClock(AT)
    return LegalRegisters(
        courts=HttpCourts(outbound=outbound, clock=clock, url=f"{url}/courts", secret=""),
        estates=HttpEstates(outbound=outbound, clock=clock, url=f"{url}/estates", secret=""),
        organisations=HttpOrganisations(outbound=outbound, clock=clock, url=f"{url}/trade", secret=""),
    )


def telling(answers: Mapping[str, Callable[[dict[str, Any]], object]], heard: list[str]) -> Behaviour:
    """Answer each path by a function of what was asked; another path with 503."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode().lower():
            length = int(head.split("content-length: ")[1].split("\r\n")[0])
            asked = json.loads(await reader.readexactly(length))
            path = head.split(" ")[1]
            heard.append(path)
            told = answers[path](asked) if path in answers else None
            body = b"" if told is None else json.dumps(told).encode()
            status = "503 Out" if told is None else "200 OK"
            writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()

    return behave


def director(kvk: str, *parties: dict[str, str]) -> dict[str, Any]:
    usual: dict[str, Any] = {"role": "director", "representing": "alone", "since": BEFORE.isoformat()}
    officials = [usual | {"party": each} for each in parties]
    return {"organisations": [ORGANISATION | {"kvk": kvk, "officials": officials, "proxies": []}]}
