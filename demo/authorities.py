"""The registers of courts, estates and organisations of the demo (docs/protocols/authority-registers.md).

They live in the process of the population register, each under a path of its own, and show on one page who
may act for whom. What they answer stands in authorities.yaml.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from starlette.responses import JSONResponse
from starlette.routing import Route

from demo.acting import tried
from demo.clients import clients, clients_of_anker
from demo.places import Party, secret
from demo.web import PAGES, is_hub

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

FILE: Final = Path(__file__).parent / "authorities.yaml"
REGISTERS: Final = {
    "courts": ("measures", "about", "bsn"),
    "estates": ("estates", "deceased", "bsn"),
    "trade": ("organisations", "kvk", "kvk"),
}
"""Of each register: what it lists, whom each of these is about, and by which number it is asked."""

OF_CLIENTS: Final = "999991139"
"""Who directs the clients of Anker: of an organisation that nobody directs nothing is asked."""

FOUNDED: Final = "2019-01-07"
SPHERES: Final = {
    "curatele": ["property", "personal-care"],
    "bewind": ["property"],
    "mentorship": ["personal-care"],
    "provisional-bewind": ["property"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """What the three registers hold, as they answer it; and of each the story, in two languages."""

    listed: Mapping[str, list[dict[str, Any]]]
    stories: Mapping[str, list[dict[str, Any]]]
    people: Mapping[str, dict[str, Any]]

    async def find(self, request: Request) -> Response:
        """Tell what a register has about somebody."""
        asked = await _asked(request)
        if asked is None:
            return JSONResponse({"error": "unauthorized"}, 401)
        listing, about, number = REGISTERS[request.url.path.split("/")[1]]
        found = [each for each in self.listed[listing] if each[about] == asked.get(number)]
        return JSONResponse({listing: found})

    async def held_by(self, request: Request) -> Response:
        """Tell for whom somebody is registered as acting, in parts."""
        asked = await _asked(request)
        if asked is None:
            return JSONResponse({"error": "unauthorized"}, 401)
        listing, about, number = REGISTERS[request.url.path.split("/")[1]]
        held = [each[about] for each in self.listed[listing] if asked.get("holder") in _acting(listing, each)]
        everybody = list(dict.fromkeys(held))
        try:
            start, most = int(asked["after"] or 0), int(asked["most"])
        except (KeyError, ValueError, TypeError):
            return JSONResponse({"error": "question-invalid"}, 400)
        end = start + most
        parties = [{number: each} for each in everybody[start:end]]
        return JSONResponse({"parties": parties, "next": str(end) if end < len(everybody) else ""})

    async def page(self, request: Request) -> Response:
        """Show who may act for whom."""
        return PAGES.TemplateResponse(
            request, "authorities.html", {"stories": self.stories, "tried": tried()}
        )

    def routes(self) -> list[BaseRoute]:
        """Return where the registers and their page are."""
        asking = [
            Route(f"/{register}/{path}", answer, methods=["POST"])
            for register in REGISTERS
            for path, answer in (("find", self.find), ("held-by", self.held_by))
        ]
        return [*asking, Route("/authorities", self.page)]


def read_authorities() -> Authorities:
    """Read all of authorities.yaml, and add what is usual, and the clients of two firms."""
    found = yaml.safe_load(FILE.read_text())
    usual = {"measures": _measure, "estates": _estate, "organisations": _organisation}
    listed = {
        listing: [
            make({name: value for name, value in each.items() if name != "story"}) for each in found[listing]
        ]
        for listing, make in usual.items()
    }
    listed["organisations"] += [
        _organisation({"kvk": kvk, "name": name, "officials": []}) for kvk, name in clients().items()
    ]
    directed = {"officials": [{"party": {"bsn": OF_CLIENTS}, "representing": "alone"}]}
    listed["organisations"] += [
        _organisation({"kvk": kvk, "name": name} | directed) for kvk, name in clients_of_anker().items()
    ]
    stories = {
        listing: [each["story"] | {"name": each.get("name", "")} for each in found[listing]]
        for listing in usual
    }
    return Authorities(
        listed=listed, stories=stories, people={each["bsn"]: _person(each) for each in found["people"]}
    )


def _measure(each: dict[str, Any]) -> dict[str, Any]:
    appointed = [{"party": party, "since": each["since"], "until": None} for party in each["representatives"]]
    usual = {
        "spheres": SPHERES[each["kind"]],
        "whole": True,
        "pronounced": each["since"],
        "until": None,
        "needed": None,
    }
    return usual | each | {"representatives": appointed}


def _estate(each: dict[str, Any]) -> dict[str, Any]:
    usual: dict[str, Any] = {"executors": [], "executorsNeeded": 1, "certificate": None, "authorised": []}
    return usual | each


def _organisation(each: dict[str, Any]) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "form": "private-company",
        "registeredOn": FOUNDED,
        "standing": "active",
        "standingSince": FOUNDED,
        "proxies": [],
        "branches": [],
    }
    officials = [{"role": "director", "since": FOUNDED} | official for official in each["officials"]]
    return usual | each | {"officials": officials}


def _person(each: dict[str, Any]) -> dict[str, Any]:
    given, _, family = each["full"].partition(" ")
    return {
        "bsn": each["bsn"],
        "names": {"given": given, "prefix": "", "family": family, "full": each["full"]},
        "birthDate": each["birthDate"],
        "address": {
            "street": "Lindelaan",
            "houseNumber": 1,
            "suffix": "",
            "postcode": "1235 AB",
            "town": "Zandermeer",
        },
        "resident": True,
        "addressSecret": False,
        "deceasedOn": each.get("deceasedOn"),
    }


def _acting(listing: str, each: Mapping[str, Any]) -> list[object]:
    places: Mapping[str, Iterable[str]] = {
        "measures": ("representatives",),
        "estates": ("kin", "executors", "authorised"),
        "organisations": ("officials", "proxies"),
    }
    return [one["party"] for place in places[listing] for one in each[place]]


async def _asked(request: Request) -> dict[str, Any] | None:
    """Return what the hub asked; None for who is not the hub."""
    if not is_hub(request, secret(Party.POPULATION)):
        return None
    try:
        asked = json.loads(await request.body())
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}
