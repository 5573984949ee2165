"""For whom somebody acted, in their history: by name as long as they may know it; and each line's proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.house import PORTAL
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Browser, Page, Town
from tests.web.test_history import lived, proofs, references
from tests.web.test_mandate_pages import offered, ready
from tests.web.test_mandates_of import directed, no_longer
from toegang.app.outside import sequencer
from toegang.assurance import Level
from toegang.audit.event import Personal
from toegang.audit.events import MandateUsed
from toegang.audit.proofs import check_open_proof, read_proofs
from toegang.ids import SystemIds
from toegang.mandates.party import PartyId
from toegang.mandates.voluntary import Actor

if TYPE_CHECKING:
    from toegang.identity.numbers import Bsn
    from toegang.mandates.edge import Edge

NAME = registered(DAAN).names.full


async def acted(town: Town, reference: str, path: str, actor: PartyId, principal: PartyId) -> None:
    """Have it recorded that somebody acted for another in a login."""
    event = MandateUsed(
        at=town.bureau.clock.now(),
        statement="1",
        service=str(PORTAL),
        basis=("voluntary",),
        path=(path,),
        level=Level.LOW,
        rules=1,
        actor=Personal.of(actor),
        principal=Personal.of(principal),
        reference=reference,
    )
    async with town.app.ground.units.begin() as unit:
        await town.app.ground.trail.record(unit, event)
    while await sequencer(town.app.ground).step():
        pass


async def entry(town: Town, browser: Browser) -> tuple[str, Page]:
    page = await lived(town, browser)
    [reference, *_] = references(page)
    return reference, await browser.open(f"/account/history/{reference}")


async def given(town: Town, parties: dict[Bsn, PartyId]) -> Edge:
    """Have Daan give Sanne a mandate."""
    edge = await offered(town, parties[DAAN], parties[SANNE])
    now = town.bureau.clock.now()
    return await town.rooms.representing.voluntary.agree(
        Actor(party=parties[SANNE], level=Level.HIGH), edge.id, 1, now
    )


async def test_who_acted_by_a_mandate_reads_for_whom(town: Town) -> None:
    parties, browser = await ready(town), town.browser()
    reference, before = await entry(town, browser)
    assert NAME not in before.text
    edge = await given(town, parties)
    await acted(town, reference, f"{edge.id}/1", parties[SANNE], parties[DAAN])
    page = await browser.open(f"/account/history/{reference}")
    assert "You acted for" in page.text
    assert NAME in page.text


async def test_a_name_is_not_shown_to_who_may_not_know_it_any_more(town: Town) -> None:
    parties, browser = await ready(town), town.browser()
    reference, _ = await entry(town, browser)
    kompas = await directed(town, parties[SANNE])
    await acted(town, reference, "law", parties[SANNE], kompas)
    assert "Kompas B.V." in (await browser.open(f"/account/history/{reference}")).text
    await no_longer(town, kompas)
    assert "Kompas" not in (await browser.open(f"/account/history/{reference}")).text


@pytest.mark.parametrize("mine", [True, False])
async def test_no_name_is_had_by_a_line_of_somebody_else_or_a_mandate_of_others(
    town: Town, *, mine: bool
) -> None:
    parties, browser = await ready(town), town.browser()
    reference, _ = await entry(town, browser)
    stranger = PartyId(SystemIds().uuid())
    edge = stranger if mine else (await given(town, parties)).id
    await acted(town, reference, f"{edge}/1", parties[SANNE] if mine else stranger, parties[DAAN])
    assert NAME not in (await browser.open(f"/account/history/{reference}")).text


async def test_a_line_about_a_mandate_has_its_proof_for_either_side_and_opens_nobody_else(town: Town) -> None:
    parties, browser = await ready(town), town.browser()
    reference, _ = await entry(town, browser)
    verifier = town.app.ground.signer.verifier()
    for actor, principal in ((SANNE, DAAN), (DAAN, SANNE)):
        await acted(town, reference, "law", parties[actor], parties[principal])
    shown = proofs(await browser.open("/account/trail"))
    told = [read_proofs((await browser.open(address)).text.encode()) for address in shown]
    used = [one for [one] in told if check_open_proof(one, verifier).name == "mandate:used"]
    assert len(used) == 2
    assert {kept.value for one in used for kept in one.opened} == {str(parties[SANNE])}
    await acted(town, "", "law", parties[DAAN], PartyId(SystemIds().uuid()))
    [elsewhere] = await town.app.ground.trail.by_person(str(parties[DAAN]), 1)
    assert (await browser.open(f"/account/proof/{elsewhere.id}")).status == 404
