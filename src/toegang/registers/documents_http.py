"""The register of documents over HTTP, as docs/protocols/document-register.md describes it.

A number travels in the body of a POST, never in an address, where proxies and logs would keep it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn
from toegang.registers.documents import DocumentFact, DocumentStatus

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.emrtd.document import DocumentKind
    from toegang.outbound.client import Outbound, Response

PARTY: Final = "document-register"
ANSWER_BYTES: Final = 4096


class AnswerBody(msgspec.Struct, frozen=True):
    """An answer; what is not named here is not read."""

    kind: str
    number: str
    status: str
    bsn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpDocuments:
    """Asks the register at `url`; the bearer `secret` proves us, empty where the connection does."""

    outbound: Outbound
    clock: Clock
    url: str
    secret: str = field(repr=False)

    async def find(self, kind: DocumentKind, issuer: str, number: str) -> DocumentFact:
        """Find a document by its kind, the state that issued it and its number.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        proof = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        response = await self.outbound.request(
            PARTY,
            "POST",
            f"{self.url}/documents/find",
            headers={"Content-Type": "application/json"} | proof,
            content=json.dumps({"kind": kind.value, "issuer": issuer, "number": number}).encode(),
            limit=ANSWER_BYTES,
        )
        return read(response, (kind.value, number), self.url, self.clock.now())


def read(response: Response, asked: tuple[str, str], source: str, now: datetime) -> DocumentFact:
    """Read an answer strictly: whatever is not exactly as agreed is no answer.

    Raises:
        Unavailable: another status, not the agreed form, or about another document than was asked for.

    """
    if response.status != HTTPStatus.OK:
        message = f"the register of documents answered {response.status}"
        raise Unavailable(message)
    try:
        body = msgspec.json.decode(response.body, type=AnswerBody, strict=True)
        status = DocumentStatus(body.status)
        holder = None if body.bsn is None else Bsn.parse(body.bsn)
    except (msgspec.DecodeError, ValueError, RecursionError):
        # The reason would quote what the register said.
        message = "the register of documents answered in another form than agreed"
        raise Unavailable(message) from None
    if (body.kind, body.number) != asked:
        message = "the register of documents answered about another document"
        raise Unavailable(message)
    return DocumentFact(status=status, as_of=now, source=source, holder=holder)
