"""A list of clients that was broken off is gone on with: nobody is asked twice, and who was asked is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults import Crash
from tests.web.citizens import Town
from tests.web.test_asking_many import PEOPLE, at_list, furnished, lines, waiting
from tests.web.test_giving_to_several import checked
from toegang.errors import OneTimeGone
from toegang.mandates.asking_many import AskingMany
from toegang.mandates.drafts import BROKEN_OFF, Draft
from toegang.mandates.voluntary import Actor


async def test_a_list_that_is_broken_off_goes_on_where_it_stopped_and_asks_nobody_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    check = await checked(browser, await browser.send(page, client_list=PEOPLE))
    real = AskingMany._ask

    async def dies(room: AskingMany, actor: Actor, id_: str, draft: Draft, *rest: Any) -> Draft:  # noqa: ANN401
        if draft.asked:
            raise Crash
        return await real(room, actor, id_, draft, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(AskingMany, "_ask", dies)
        with pytest.raises(Crash):
            await browser.send(check)
    assert len(await waiting(town, who)) == 1
    asked_at = check.address.replace("/check", "/asked")
    seen = await browser.open(asked_at)
    assert [what for _, what in lines(seen)] == ["asked, not answered yet", "not asked yet"]
    assert "broken off" in seen.text
    again = await browser.send(check)
    assert lines(again) == lines(seen), "another may still be at it"
    town.bureau.clock.advance(BROKEN_OFF)
    seen = await browser.open(asked_at)
    assert "1 client is not asked yet." in seen.text
    over = await browser.send(await browser.open(check.address))
    assert [what for _, what in lines(over)] == ["asked, not answered yet"] * 2
    assert len(await waiting(town, who)) == 2


async def test_who_comes_back_after_another_went_on_asks_nobody(town: Town) -> None:
    who = await furnished(town)
    browser, page = await at_list(town)
    check = await checked(browser, await browser.send(page, client_list=PEOPLE))
    room, id_ = town.rooms.representing, check.address.split("/")[-2]
    slow = await room.drafts.take(id_, town.bureau.clock.now())
    assert slow is not None
    town.bureau.clock.advance(BROKEN_OFF)
    await browser.send(await browser.open(check.address))
    asked = {each.id for each in await waiting(town, who)}
    for word in ("", "not-now"):
        with pytest.raises(OneTimeGone):
            async with room.mandates.units.begin() as unit:
                await room.drafts.went_on(unit, id_, slow, word, town.bureau.clock.now())
    assert {each.id for each in await waiting(town, who)} == asked
