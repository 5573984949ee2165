"""A client of the hub's interface on mandates, in one file that a service provider may take along.

It needs an HTTP client and something that signs; nothing here knows the rest of the demo.

    client = MandatesClient(issuer="https://hub.example", client_id="case-system", sign=sign, http=http)
    answer = await client.may_act(Question(bsn("999990019"), bsn("999990020"), service))
    if answer.permitted: ...
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

    import httpx2

    Sign = Callable[[Mapping[str, object]], str]
    """Signs claims as a token with the client's key (private_key_jwt); the header names the algorithm."""

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EARLY: Final = 30  # seconds before its end that a token is not used any more
OK: Final = 200
UNAUTHORIZED: Final = 401


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody, as the service knows them: `bsn`, `kvk`, `rsin` or `pseudonym`, and the number or name."""

    type: str
    id: str = field(repr=False)


def bsn(number: str) -> Named:
    """Name a person, at a service that is entitled to the number."""
    return Named("bsn", number)


def kvk(number: str) -> Named:
    """Name an organisation."""
    return Named("kvk", number)


def pseudonym(name: str) -> Named:
    """Name a person by the `sub` that the service was told."""
    return Named("pseudonym", name)


@dataclass(frozen=True, slots=True)
class Question:
    """May `actor` act for `principal` at a service; `level` is the URI at which they were logged in.

    `action` is `act` (anything), `view`, `prepare`, `submit` or `sign`; `purpose` is `counter`, `case` or
    `session`.
    """

    actor: Named
    principal: Named
    service: str
    action: str = "act"
    level: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it is permitted; if so how sure, until when and within what (`context` has the rest)."""

    permitted: bool
    level: str = ""
    valid_until: str = ""
    actions: tuple[str, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The hub did not answer the question: `status` and `code` say why, `retry_after` when to come back."""

    def __init__(self, status: int, code: str, retry_after: int = 0) -> None:
        """Keep what was said."""
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after


@dataclass(slots=True, kw_only=True)
class MandatesClient:
    """Asks the hub; keeps its token for as long as that is good."""

    issuer: str
    client_id: str
    sign: Sign = field(repr=False)
    http: httpx2.AsyncClient = field(repr=False)
    now: Callable[[], float] = time.time
    _token: str = field(default="", init=False, repr=False)
    _good_until: float = field(default=0.0, init=False)

    async def may_act(self, question: Question) -> Answer:
        """Ask whether somebody may act for another at a service.

        Raises:
            Refused: it was not answered.

        """
        return _answer(await self._post("evaluation", _asked(question)))

    async def may_act_for_each(
        self, actor: Named, principals: Iterable[Named], service: str, *, purpose: str = ""
    ) -> Sequence[Answer]:
        """Ask about many in one call, at most 50; the answers are in the same order.

        Raises:
            Refused: it was not answered.

        """
        evaluations = [{"resource": _resource(each, service)} for each in principals]
        asked = {
            "subject": _entity(actor),
            "action": {"name": "act"},
            "context": {"purpose": purpose} if purpose else {},
            "evaluations": evaluations,
        }
        found = await self._post("evaluations", asked)
        return [_answer(each) for each in found.get("evaluations", ())]

    async def represented_by(self, actor: Named, kind: str, service: str) -> AsyncIterator[Named]:
        """Go through all of a kind (`bsn`, `kvk`, ...) for whom somebody may act, page by page.

        Raises:
            Refused: it was not answered.

        """
        asked = {
            "subject": _entity(actor),
            "action": {"name": "act"},
            "resource": {"type": kind, "properties": {"service": service}},
        }
        async for each in self._pages("search/resource", asked):
            yield each

    async def who_may_act_for(self, principal: Named, kind: str, service: str) -> AsyncIterator[Named]:
        """Go through all of a kind who may act for somebody.

        Raises:
            Refused: it was not answered.

        """
        asked = {
            "subject": {"type": kind},
            "action": {"name": "act"},
            "resource": _resource(principal, service),
        }
        async for each in self._pages("search/subject", asked):
            yield each

    async def holds(self, status_uri: str) -> bool:
        """Ask, at the address that a login gave (`representation.status_uri`), whether it still holds.

        Raises:
            Refused: it was not answered; 404 when it was not stated to a service of this client.
            ValueError: an address of somebody else, who would get our token.

        """
        if not status_uri.startswith(f"{self.issuer}/access/v1/statements/"):
            message = "not an address of this hub"
            raise ValueError(message)
        bearer = {"authorization": f"Bearer {await self._bearer()}"}
        return bool(_read(await self.http.get(status_uri, headers=bearer))["status"] == "valid")

    async def _pages(self, path: str, asked: Mapping[str, Any]) -> AsyncIterator[Named]:
        token = ""
        while True:
            page = await self._post(path, {**asked, "page": {"token": token}} if token else asked)
            for each in page["results"]:
                yield Named(each["type"], each["id"])
            token = page["page"]["next_token"]
            if not token:
                return

    async def _post(self, path: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self.http.post(
            f"{self.issuer}/access/v1/{path}",
            json=asked,
            headers={"authorization": f"Bearer {await self._bearer()}"},
        )
        if answer.status_code == UNAUTHORIZED:
            self._token = ""
        return _read(answer)

    async def _bearer(self) -> str:
        """RFC6749-4.4: return the token, asking a new one when there is none or it is nearly over."""
        if self._token and self.now() < self._good_until:
            return self._token
        now = int(self.now())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + 60,
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": self.sign(claims),
        }
        found = _read(await self.http.post(f"{self.issuer}/oidc/token", data=form))
        self._token, self._good_until = found["access_token"], now + found["expires_in"] - EARLY
        return self._token


def _asked(question: Question) -> dict[str, Any]:
    said = {"level": question.level, "purpose": question.purpose}
    return {
        "subject": _entity(question.actor),
        "action": {"name": question.action},
        "resource": _resource(question.principal, question.service),
        "context": {name: value for name, value in said.items() if value},
    }


def _entity(named: Named) -> dict[str, Any]:
    return {"type": named.type, "id": named.id}


def _resource(named: Named, service: str) -> dict[str, Any]:
    return _entity(named) | {"properties": {"service": service}}


def _answer(found: Mapping[str, Any]) -> Answer:
    context = found.get("context", {})
    if found.get("decision") is not True:
        return Answer(permitted=False)
    return Answer(
        permitted=True,
        level=context.get("level", ""),
        valid_until=context.get("valid_until", ""),
        actions=tuple(context.get("actions", ())),
        context=context,
    )


def _read(answer: httpx2.Response) -> dict[str, Any]:
    if answer.status_code == OK:
        found: dict[str, Any] = answer.json()
        return found
    try:
        said = answer.json()
    except ValueError:
        said = {}
    code = said.get("code") or said.get("error") or "no-answer"
    raise Refused(answer.status_code, code, int(answer.headers.get("retry-after", 0)))
