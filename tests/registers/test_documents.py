"""The register of documents is read strictly, and a number is never in an address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.conftest import NOON
from tests.demo.running import calling
from tests.outbound.servers import answer, party
from toegang.clock import FixedClock
from toegang.emrtd.document import DocumentKind
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn
from toegang.outbound.client import Response
from toegang.registers.documents import DocumentFact, DocumentStatus
from toegang.registers.documents_http import HttpDocuments, read

if TYPE_CHECKING:
    from toegang.outbound.client import Outbound

NUMBER = "SPECI2026"
GOOD = {"kind": "passport", "number": NUMBER, "status": "in-circulation"}


def asked(body: object, status: int = 200) -> DocumentFact:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Response(status=status, headers={}, body=octets)
    return read(response, ("passport", NUMBER), "register", NOON)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"more": ' + b"[" * 2_000,
        {},
        [],
        GOOD | {"status": "fine"},
        GOOD | {"status": None},
        GOOD | {"status": "IN-CIRCULATION"},
        GOOD | {"number": "SPECI2027"},
        GOOD | {"kind": "identity-card"},
        {"status": "in-circulation"},
        GOOD | {"bsn": "999990018"},
        GOOD | {"bsn": ""},
        GOOD | {"bsn": 999990019},
    ],
)
def test_whatever_is_not_exactly_as_agreed_is_no_answer(body: object) -> None:
    with pytest.raises(Unavailable) as refused:
        asked(body)
    assert NUMBER not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.parametrize("status", [204, 302, 401, 404, 500])
def test_another_status_is_no_answer_and_never_means_that_a_document_is_unknown(status: int) -> None:
    with pytest.raises(Unavailable):
        asked(GOOD | {"status": "unknown"}, status)


def register(outbound: Outbound, url: str) -> HttpDocuments:
    return HttpDocuments(outbound=outbound, clock=FixedClock(NOON), url=url, secret="obviously fake")


@pytest.mark.parametrize("status", list(DocumentStatus))
async def test_a_status_comes_with_source_and_time_and_the_number_in_no_address(
    status: DocumentStatus,
) -> None:
    body = json.dumps(GOOD | {"status": status.value, "more": 1}).encode()
    async with party(answer(body)) as seen, calling() as outbound:
        found = await register(outbound, seen.url).find(DocumentKind.PASSPORT, "NLD", NUMBER)
    assert found == DocumentFact(status=status, as_of=NOON, source=seen.url)
    assert asked(GOOD | {"bsn": "999990019"}).holder == Bsn.parse("999990019")
    assert NUMBER.encode() not in seen.requests[0].partition(b"\r\n\r\n")[0]
