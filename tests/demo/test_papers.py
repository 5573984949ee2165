"""The documents of the demo are believed by whom its hub believes, and its register knows each of them."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx2
import pytest

from demo import issued_papers
from demo.issued_papers import LICENCE, TRAVEL, Issued, issued
from demo.papers import build
from demo.personas import read_personas
from demo.places import Party, Places, secret
from tests.conftest import NOON
from tests.demo.running import calling, running
from tests.emrtd.reading import application_of, key_of, read_chip, session_for
from toegang.clock import FixedClock
from toegang.emrtd.document import DocumentKind, VerifiedDocument
from toegang.emrtd.policy import SUBSTANTIAL
from toegang.emrtd.verify import verify
from toegang.errors import DocumentRefused
from toegang.means.document.trusting import load
from toegang.registers.documents import DocumentStatus
from toegang.registers.documents_http import HttpDocuments


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    found = Places(home=tmp_path_factory.mktemp("demo"), port_base=8700)
    issued_papers.prepare(found)
    return found


def believed(places: Places, document: Issued) -> VerifiedDocument:
    """Read a document as the hub of the demo does."""
    signers = {which: issued_papers.state_of(places, which).signer() for which in (TRAVEL, LICENCE)}
    paper = issued_papers.made(document, signers)
    which = LICENCE if document.kind == issued_papers.DRIVING else TRAVEL
    now = datetime.now(UTC)
    session = session_for(paper)
    assert application_of(paper).name.lower() == which
    assert key_of(paper).information
    return verify(
        read_chip(paper, session), load(issued_papers.trust(places, which), now), SUBSTANTIAL, session, now
    )


def test_every_document_in_order_is_believed_and_says_whose_it_is(places: Places) -> None:
    bsns = {persona.id: persona.bsn for persona in read_personas()}
    for document in issued()[:-2]:
        found = believed(places, document)
        assert (found.kind.value, found.number) == (document.kind, document.number)
        if found.kind is not DocumentKind.DRIVING_LICENCE:
            assert found.holder.bsn == bsns[document.persona]


def test_the_document_that_is_over_and_the_copy_are_refused(places: Places) -> None:
    for document, reason in zip(issued()[-2:], ("expired", "chip-not-proven"), strict=True):
        with pytest.raises(DocumentRefused) as refused:
            believed(places, document)
        assert refused.value.reason == reason


def test_the_keys_of_the_authorities_stay(places: Places) -> None:
    before = (places.home / "papers" / TRAVEL / "authority.pem").read_bytes()
    issued_papers.prepare(places)
    assert (places.home / "papers" / TRAVEL / "authority.pem").read_bytes() == before


async def test_the_register_knows_each_document_by_kind_and_number(places: Places) -> None:
    async with running(build(places)) as url, calling() as outbound:
        register = HttpDocuments(
            outbound=outbound, clock=FixedClock(NOON), url=url, secret=secret(Party.PAPERS)
        )
        for document in issued():
            fact = await register.find(DocumentKind(document.kind), "NLD", document.number)
            assert fact.status.value == document.status
        unknown = await register.find(DocumentKind.PASSPORT, "NLD", "DEMOX0000")
        other = await register.find(DocumentKind.IDENTITY_CARD, "NLD", issued()[0].number)
    assert unknown.status is other.status is DocumentStatus.UNKNOWN


@pytest.mark.parametrize(
    "form", [{}, {"do": "take"}, {"do": "read", "session": "x"}, {"do": "take", "paper": "x"}]
)
async def test_a_reader_that_was_given_nothing_says_so(places: Places, form: dict[str, str]) -> None:
    async with running(build(places)) as url, httpx2.AsyncClient() as client:
        page = await client.post(f"{url}/", data=form)
    assert page.status_code == 200
    assert "Het is niet gelukt" in page.text


def test_nobody_gets_a_document_whose_day_of_birth_is_not_known() -> None:
    with_documents = {each.persona for each in issued()}
    assert {persona.id for persona in read_personas()} - with_documents == {"fatima"}
