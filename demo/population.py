"""The population register of the demo: answers and tells as docs/protocols/population-register.md describes.

On its page the death of a persona can be reported and taken back, as a registrar would; it lives in memory.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.authorities import read_authorities
from demo.families import born, read_families
from demo.personas import read_personas
from demo.places import Party, secret
from demo.told_families import tell
from demo.web import EVERYWHERE, PAGES, is_hub, routes_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from demo.families import Families
    from demo.personas import Persona
    from demo.places import Places

BSN_LENGTH: Final = 9
MOST: Final = 100
MOST_ASKED: Final = 30  # people in one question about families
AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
REPORTS: Final = {"death": True, "death-withdrawn": False}
"""What can be reported on the page, and whether the person has died then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Who is registered, and what happened since the register began, oldest first."""

    personas: tuple[Persona, ...]
    families: Families
    records: dict[str, dict[str, Any]]
    happened: list[dict[str, Any]] = field(default_factory=list)

    @property
    def reported(self) -> frozenset[str]:
        """Return whose death was reported here, and not taken back."""
        last = {event["bsn"]: event["kind"] for event in self.happened}
        return frozenset(bsn for bsn, kind in last.items() if REPORTS[kind])

    async def find(self, request: Request) -> Response:
        """Tell who has a BSN."""
        if not is_hub(request, secret(Party.POPULATION)):
            return JSONResponse({"error": "unauthorized"}, 401)
        bsn = _bsn(await request.body())
        if bsn is None:
            return JSONResponse({"error": "bsn-invalid"}, 400)
        found = self.records.get(bsn)
        if found is None:
            return JSONResponse({"persons": []})
        return JSONResponse({"persons": [found | {"birthDate": born(found["birthDate"], _today())}]})

    async def find_families(self, request: Request) -> Response:
        """Tell of several people who their family is."""
        asked = await _asked(request, "bsns")
        if isinstance(asked, Response):
            return asked
        today = _today()
        known = [bsn for bsn in asked if bsn in self.records]
        return JSONResponse(
            {"records": [self.families.record(bsn, self.records[bsn], today) for bsn in known]}
        )

    async def find_authority(self, request: Request) -> Response:
        """Tell who has authority over several people and by them, as the register itself derives it."""
        asked = await _asked(request, "burgerservicenummer")
        if isinstance(asked, Response):
            return asked
        if request.headers.get("accept-gezag-version") != "2":
            return JSONResponse({"error": "version-invalid"}, 400)
        today = _today()
        known = [bsn for bsn in asked if bsn in self.records]
        found = [
            {
                "burgerservicenummer": bsn,
                "gezag": self.families.answers(bsn, self.records, self.reported, today),
            }
            for bsn in known
        ]
        return JSONResponse({"personen": found})

    async def read(self, request: Request) -> Response:
        """Tell what happened after a place in the list; a place that is no longer there is its beginning."""
        if not is_hub(request, secret(Party.POPULATION)):
            return JSONResponse({"error": "unauthorized"}, 401)
        try:
            asked = json.loads(await request.body())
            after, most = str(asked["after"]), min(int(asked["most"]), MOST)
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "question-invalid"}, 400)
        numbers = [str(event["number"]) for event in self.happened]
        at = numbers.index(after) + 1 if after in numbers else 0
        part = self.happened[at : at + most]
        return JSONResponse({"events": part, "next": str(part[-1]["number"]) if part else after})

    async def page(self, request: Request) -> Response:
        """Show everybody, with what can be reported of them."""
        shown = [(persona, self.records[persona.bsn]) for persona in self.personas]
        children = tell(self.families, self.records, self.reported, _today())
        return PAGES.TemplateResponse(request, "population.html", {"shown": shown, "children": children})

    async def report(self, request: Request) -> Response:
        """Register a death, or that it was a mistake."""
        bsn, kind = str(request.path_params["bsn"]), str(request.path_params["kind"])
        if bsn not in self.records or kind not in REPORTS:
            return JSONResponse({"error": "report-invalid"}, 404)
        now = datetime.now(UTC)
        died = _today().isoformat() if REPORTS[kind] else None
        self.records[bsn] = self.records[bsn] | {"deceasedOn": died}
        # The clock gives the number, so that it goes on growing when the register begins anew.
        number = max(int(now.timestamp() * 1000), *(event["number"] + 1 for event in self.happened[-1:]), 1)
        self.happened.append({"number": number, "kind": kind, "bsn": bsn, "at": now.isoformat()})
        return RedirectResponse(f"/#{bsn}", 303)


def build(_: Places) -> Starlette:
    """Make the register of the personas, of their families, and of whom others act for."""
    personas, families = read_personas(), read_families()
    authorities = read_authorities()
    records = {**authorities.people} | {persona.bsn: persona.record for persona in personas}
    records |= families.strangers(records)
    register = Register(personas=personas, families=families, records=records)
    routes = routes_of(
        *authorities.routes(),
        Route("/persons/find", register.find, methods=["POST"]),
        Route("/families/find", register.find_families, methods=["POST"]),
        Route("/api/v1/opvragenBevoegdheidTotGezag", register.find_authority, methods=["POST"]),
        Route("/events/read", register.read, methods=["POST"]),
        Route("/persons/{bsn}/{kind}", register.report, methods=["POST"]),
        Route("/", register.page),
    )
    return Starlette(routes=routes, middleware=EVERYWHERE)


def _today() -> date:
    return datetime.now(AMSTERDAM).date()


async def _asked(request: Request, member: str) -> list[str] | Response:
    """Return about whom is asked, or the refusal of who may not ask, or not so."""
    if not is_hub(request, secret(Party.POPULATION)):
        return JSONResponse({"error": "unauthorized"}, 401)
    try:
        bsns = json.loads(await request.body())[member]
    except (ValueError, KeyError, TypeError):
        bsns = None
    if not isinstance(bsns, list) or not 0 < len(bsns) <= MOST_ASKED:
        return JSONResponse({"error": "question-invalid"}, 400)
    return list(dict.fromkeys(str(bsn) for bsn in bsns))


def _bsn(body: bytes) -> str | None:
    try:
        bsn = json.loads(body)["bsn"]
    except (ValueError, KeyError, TypeError):
        return None
    return bsn if isinstance(bsn, str) and len(bsn) == BSN_LENGTH and bsn.isdigit() else None
