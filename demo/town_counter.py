"""The counter of the municipality: a clerk asks the hub whether somebody may act for another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import httpx2
import joserfc.jwt
from starlette.routing import Route

from demo.mandates_client import MandatesClient, Question, Refused, bsn, kvk
from demo.places import ALGORITHMS, Party
from demo.relying import UNKNOWN
from demo.web import AWAY, PAGES
from demo.words import LEVELS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from demo.mandates_client import Named
    from demo.notices import Notice
    from demo.places import Places
    from demo.relying import Registration

CLIENT: Final = "demo-gemeente-balie"
PATH: Final = "/balie"
KVK_DIGITS: Final = 8
LONGEST: Final = 20
NO_ANSWER: Final = "hub-away"


@dataclass(frozen=True, slots=True, kw_only=True)
class TownCounter:
    """The page: a form with two numbers, the hub's answer, and of which logins it told that they ended."""

    client: MandatesClient
    registration: Registration
    received: Collection[Notice] = ()

    async def show(self, request: Request) -> Response:
        """Show the form."""
        return self._page(request, {"actor": "", "principal": ""})

    async def ask(self, request: Request) -> Response:
        """Ask the hub, and show the form again with its answer."""
        form = parse_qs((await request.body()).decode("latin-1"))
        asked = {name: form.get(name, [""])[0].strip()[:LONGEST] for name in ("actor", "principal")}
        question = Question(
            bsn(asked["actor"]),
            _named(asked["principal"]),
            self.registration.offers[-1].id,
            purpose="counter",
        )
        try:
            answer = await self.client.may_act(question)
        except (Refused, httpx2.HTTPError) as error:
            return self._page(request, asked, refused=error.code if isinstance(error, Refused) else NO_ANSWER)
        return self._page(request, asked, answer=answer, level=LEVELS.get(answer.level, UNKNOWN))

    def _page(self, request: Request, asked: dict[str, str], **told: object) -> Response:
        shared = {"registration": self.registration, "asked": asked, "received": self.received, "away": AWAY}
        return PAGES.TemplateResponse(request, "town_counter.html", shared | told)


def routes(counter: TownCounter) -> Sequence[Route]:
    """Return the routes of the counter."""
    return (Route(PATH, counter.show), Route(PATH, counter.ask, methods=["POST"]))


def client_of(places: Places, http: httpx2.AsyncClient, **more: Any) -> MandatesClient:  # noqa: ANN401
    """Return the counter's client at the hub; it proves itself by the municipality's key."""
    key = places.private_key(Party.MUNICIPALITY, "sig")

    def sign(claims: Mapping[str, object]) -> str:
        algorithm = ALGORITHMS["sig"]
        header = {"alg": algorithm, "kid": key.kid}
        return joserfc.jwt.encode(header, dict(claims), key, algorithms=[algorithm])

    return MandatesClient(issuer=places.url(Party.HUB), client_id=CLIENT, sign=sign, http=http, **more)


def _named(number: str) -> Named:
    return kvk(number) if len(number) == KVK_DIGITS else bsn(number)
