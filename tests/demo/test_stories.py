"""Every persona has a story that is walked; the pages that it crosses are in two languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from demo import (
    cards,
    hand_over_story,
    hospital,
    letterbox,
    mailbox,
    municipality,
    papers,
    population,
    pushservice,
    telephone,
)
from demo.acting import CARE, THEMSELVES, tried
from demo.desk_story import WITHOUT_ACCOUNT
from demo.personas import read_personas
from demo.places import Places
from demo.proof import ProofFailed, prove
from demo.stories import FIRST, STORIES
from demo.words import GROUNDS
from tests.demo.running import running
from tests.machine import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from demo.walk import Walk

NOWHERE = Places(home=Path("/nonexistent"), port_base=1)

# What a page says in each language, and never in the other.
SAID: dict[Callable[[Places], Starlette], tuple[str, str]] = {
    municipality.build: ("Welkom bij Gemeente Zandermeer", "Welcome to Municipality of Zandermeer"),
    hospital.build: ("Uitslagen bekijken", "See test results"),
    population.build: ("Sanne logt in met", "Sanne logs in with"),
    telephone.build: ("Kies een telefoon", "Choose a telephone"),
    letterbox.build: ("Nog geen brieven.", "No letters yet."),
    mailbox.build: ("Nog geen e-mail.", "No mail yet."),
    pushservice.build: ("Nog geen apps.", "No apps yet."),
    papers.build: ("Typ de letters van de pagina", "Type the letters of the page"),
    cards.build: ("Kaarten met een pincode", "Cards with a PIN"),
}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(home=tmp_path / "demo", port_base=8700)
    found.prepare()
    return found


def test_every_persona_has_a_story() -> None:
    # Who has no fixed address gets their account at the desk.
    # Children are walked in Chromium (tests/browser/test_personas.py).
    children = [name for name, _ in THEMSELVES]
    walked = [*STORIES, WITHOUT_ACCOUNT, hand_over_story.PERSONA, *children]
    assert walked == [persona.id for persona in read_personas()]
    assert set(FIRST) < set(STORIES)


def test_the_documentation_tells_whom_everybody_acts_for_and_by_which_account() -> None:
    table = (ROOT / "docs" / "mandates.md").read_text().partition("## Try it")[2]
    for one in tried():
        where = "care" if one.act.where == CARE else "taxes"
        row = f"| `{one.account.user_name}` | {one.account.password} | {where} | {one.act.whom}"
        [found] = [line for line in table.splitlines() if line.startswith(row)]
        assert ", ".join(GROUNDS[each].en for each in one.act.grounds).partition(" (")[0] in found
        assert one.act.number in found


def test_who_walks_again_waits_for_a_new_code_and_takes_none_of_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = ({"id": each, "text": f"Code: {each}"} for each in ("111111", "222222"))
    there = iter([[old], [old], [old], [new, old]])
    told: list[str] = []
    said: list[str] = []

    def read(walk: Walk) -> str:
        told.append(walk.text_code())
        return told[-1]

    with monkeypatch.context() as bent:
        bent.setattr("demo.walk.httpx2.get", lambda *_, **__: httpx2.Response(200, json=next(there)))
        bent.setattr("demo.proof.FIRST", {})
        bent.setattr("demo.proof.STORIES", {"sanne": read})
        bent.setattr("demo.proof.acting_story.sanne", read)
        with pytest.raises(ProofFailed):
            prove(NOWHERE, said.append)
    assert told == ["111111", "222222"]


def test_a_proof_in_which_stories_go_otherwise_tells_each_and_fails() -> None:
    said: list[str] = []
    with pytest.raises(ProofFailed, match="32 of the stories went otherwise"):
        prove(NOWHERE, said.append)

    assert sum(line.startswith("FAILED ") for line in said) == 29
    assert [line for line in said if line.startswith("proven ")] == []


@pytest.mark.parametrize("build", SAID, ids=lambda build: build.__module__)
async def test_a_page_is_dutch_until_english_is_chosen_and_then_stays_english(
    places: Places, build: Callable[[Places], Starlette]
) -> None:
    dutch, english = SAID[build]
    async with running(build(places)) as url, httpx2.AsyncClient() as client:
        first = await client.get(f"{url}/")
        chosen = await client.get(f"{url}/?language=en")
        later = await client.get(f"{url}/")
        back = await client.get(f"{url}/?language=nl")
        nonsense = await client.get(f"{url}/?language=%3Cscript%3E")

    assert [dutch in page.text for page in (first, chosen, later, back, nonsense)] == [1, 0, 0, 1, 1]
    assert [english in page.text for page in (first, chosen, later, back, nonsense)] == [0, 1, 1, 0, 0]
    assert '<html lang="en">' in later.text
    assert 'hreflang="nl"' in later.text
    assert "<script" not in nonsense.text


async def test_a_browser_that_wishes_english_gets_it(places: Places) -> None:
    async with running(municipality.build(places)) as url, httpx2.AsyncClient() as client:
        page = await client.get(url, headers={"accept-language": "en-GB,en;q=0.9,nl;q=0.5"})
    assert "Log in for My Zandermeer" in page.text
