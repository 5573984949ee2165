"""Proof: walks the stories of all personas as people would, and says of each how it ended.

Everything goes over HTTP: pages are read, forms filled in, codes come from the telephone and the letter box.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import httpx2

from demo import (
    acting_story,
    app_story,
    card_story,
    desk_story,
    guest_stories,
    hand_over_story,
    life_story,
    mail_story,
    mandate_story,
    paper_story,
    passkey_story,
    strict_story,
)
from demo.browser import Browser
from demo.personas import read_personas
from demo.stories import FIRST, STORIES, particulars
from demo.walk import ProofFailed, Walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.personas import Persona
    from demo.places import Places

# A party that does not answer makes a story wrong too; the others are still told.
WRONG = (ProofFailed, LookupError, httpx2.HTTPError)

__all__ = ["ProofFailed", "prove"]


def prove(places: Places, say: Callable[[str], None] = print) -> None:
    """Walk every story; the first one is told step by step, of the others the end.

    Raises:
        ProofFailed: one or more ended otherwise than told; which, and how.

    """
    personas = {persona.id: persona for persona in read_personas()}
    walk_of = partial(Walk, places=places, codes=set())
    wrong = [told for name in FIRST if (told := _apply(walk_of, personas[name]))]
    with_guests = [
        (personas[name], story)
        for name, (needed, story) in guest_stories.STORIES.items()
        if needed <= set(places.guests)
    ]
    own = [(personas[name], story) for name, story in STORIES.items()]
    devices = [
        (personas[hand_over_story.PERSONA], hand_over_story.rosa),
        (personas[app_story.PERSONA], app_story.suharti),
        (personas[desk_story.PERSONA], desk_story.pieter),
        (personas[desk_story.WITHOUT_ACCOUNT], desk_story.joost),
        (personas[paper_story.PERSONA], paper_story.nadia),
        (personas[life_story.PERSONA], life_story.ahmet),
        *((personas[name], story) for name, story in card_story.STORIES.items()),
        (personas[passkey_story.PERSONA], passkey_story.tess),
        (personas[mail_story.PERSONA], mail_story.maximiliaan),
        (personas[acting_story.PERSONA], acting_story.sanne),
        (personas[acting_story.ACCOUNTANT], acting_story.nadia),
        (personas[acting_story.ONLY_LOOKS], acting_story.maximiliaan),
        (personas[mandate_story.PERSONA], mandate_story.olena),
        (personas[strict_story.PERSONA], strict_story.olena),
        (personas[hand_over_story.CLIENT], _in_one_go(strict_story.sanne, hand_over_story.sanne)),
        (personas[hand_over_story.STAYS], hand_over_story.pieter),
    ]
    stories = [*own, *devices, *with_guests]
    for number, (persona, story) in enumerate(stories):
        line, failed = _walk(walk_of, persona, story, say if number == 0 else _nothing)
        say(f"{'FAILED ' if failed else 'proven '} {persona.full_name[:28]:<28} {line}")
        wrong += [line] if failed else []
    if wrong:
        raise ProofFailed("\n".join([f"{len(wrong)} of the stories went otherwise:", *wrong]))


def _apply(walk_of: Callable[..., Walk], persona: Persona) -> str:
    with Browser() as browser:
        walk = walk_of(browser=browser, persona=persona, say=_nothing)
        try:
            walk.apply(particulars(walk, FIRST[persona.id]))
        except WRONG as error:
            return f"{persona.full_name}: {error}"
    return ""


def _walk(
    walk_of: Callable[..., Walk], persona: Persona, story: Callable[[Walk], str], say: Callable[[str], None]
) -> tuple[str, bool]:
    with Browser() as browser:
        try:
            return story(walk_of(browser=browser, persona=persona, say=say)), False
        except WRONG as error:
            return str(error), True


def _in_one_go(*stories: Callable[[Walk], str]) -> Callable[[Walk], str]:
    """Walk stories in one browser: who logs in from a new one each time is made to wait (name_tries)."""
    return lambda walk: "; ".join(story(walk) for story in stories)


def _nothing(_: str) -> None:
    """Say nothing."""
