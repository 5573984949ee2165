"""L11: a document that is reported lost or stolen undoes what was raised by one; being found raises none."""

from __future__ import annotations

import pytest

from tests.hostile.matrix.states import PASSPORT, told_in
from tests.means.bureau import SANNE
from tests.means.papers import Counter, passport_of
from tests.means.plastic import CardTown
from tests.storage.test_apps import NOW, app
from tests.web.citizens import Page
from tests.web.linked import code_of
from toegang.assurance import Level
from toegang.errors import AccountClosed
from toegang.identity.subject import Subject
from toegang.means.app.values import App
from toegang.means.base import Authentication, Factor
from toegang.means.card.standing import check_proof


@pytest.mark.parametrize("kind", ["document-lost", "document-stolen"])
async def test_an_app_that_was_checked_is_what_it_was_once_a_document_is_reported(
    counter: Counter, kind: str
) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    outcome, _ = await counter.check(device, passport_of())
    assert (outcome, await counter.level()) == ("accepted", Level.SUBSTANTIAL)
    town = counter.phones.town
    await town.bureau.sent("account:proofs-withdrawn")
    await told_in(kind, document=PASSPORT)(town)
    assert await counter.level() is Level.LOW
    assert len(await town.bureau.sent("account:proofs-withdrawn")) == 1
    await told_in("document-found", number=2, document=PASSPORT)(town)
    assert await counter.level() is Level.LOW
    assert (await town.bureau.names_of_events()).count("app:lowered") == 1


@pytest.mark.parametrize("kind", ["document-lost", "document-stolen"])
async def test_a_document_that_is_reported_raises_no_app_either(counter: Counter, kind: str) -> None:
    """The register of documents may hear it a day later, and whoever has app and document needs no more."""
    town, device = counter.phones.town, await counter.phones.add(counter.phones.town.browser())
    this_one = PASSPORT | {"number": "SPECI2026"}
    await told_in(kind, document=this_one)(town)
    outcome, _ = await counter.check(device, passport_of())
    assert (outcome, await counter.level()) == ("not-accepted", Level.LOW)
    await told_in("document-found", number=2, document=this_one)(town)
    outcome, _ = await counter.check(device, passport_of())
    assert (outcome, await counter.level()) == ("accepted", Level.SUBSTANTIAL)


@pytest.mark.parametrize(
    ("enrolled", "after"),
    [(Level.BASIC, Level.BASIC), (Level.LOW, Level.LOW), (Level.SUBSTANTIAL, Level.LOW)],
)
def test_an_app_that_is_lowered_is_worth_what_it_was_enrolled_at_and_never_more_than_low(
    enrolled: Level, after: Level
) -> None:
    """L16: a report gives nobody a level that their enrolment did not."""
    raised = app(level=enrolled).raised(NOW)
    assert isinstance(raised, App)
    again = raised.raised(NOW)
    assert isinstance(again, App)
    assert (again.level, again.lowered().level, again.lowered().lowered().level) == (
        Level.SUBSTANTIAL,
        after,
        after,
    )


def card_as_document(cards: CardTown, kind: str = "identity-card", number: str = "") -> dict[str, str]:
    return {"type": kind, "number": number or cards.card.number}


async def refused(cards: CardTown) -> Page:
    page = await cards.to_login(cards.town.browser())
    assert (await cards.read(page))["advice"] == "card-blocked"
    return page


@pytest.mark.parametrize("kind", ["document-lost", "document-stolen"])
async def test_a_card_that_the_population_register_tells_as_lost_logs_nobody_in(
    cards: CardTown, kind: str
) -> None:
    """Its own register may hear it a day later."""
    cards.active()
    assert code_of(await cards.log_in(cards.town.browser()))
    before = await proof_of(cards)
    await check_proof(cards.door.desk.cards, before)
    cards.town.bureau.later(seconds=1)
    await told_in(kind, document=card_as_document(cards))(cards.town)
    with pytest.raises(AccountClosed):
        await check_proof(cards.door.desk.cards, before)
    (withdrawn,) = await cards.town.bureau.sent("account:proofs-withdrawn")
    assert b"card-reported" in withdrawn.payload
    await refused(cards)
    names = await cards.town.bureau.names_of_events()
    assert names[-1] == "card:refused"
    await told_in("document-found", number=2, document=card_as_document(cards))(cards.town)
    assert code_of(await cards.log_in(cards.town.browser()))


async def test_a_card_that_is_reported_is_not_made_ready_either(cards: CardTown) -> None:
    browser = cards.town.browser()
    await cards.town.resident(browser)
    await told_in("document-lost", document=card_as_document(cards))(cards.town)
    assert (await cards.read(await cards.to_activate(browser)))["advice"] == "card-blocked"
    assert cards.card.status == "issued"


async def test_another_card_of_the_person_logs_in_anew(cards: CardTown) -> None:
    cards.active()
    await cards.log_in(cards.town.browser())
    for number, other in enumerate(("SPECI9999", cards.card.number), start=1):
        kind = "identity-card" if number == 1 else "passport"
        await told_in("document-lost", number=number, document=card_as_document(cards, kind, other))(
            cards.town
        )
        assert code_of(await cards.log_in(cards.town.browser()))


async def proof_of(cards: CardTown) -> Authentication:
    person = await cards.town.bureau.desk.enrolment.find(SANNE)
    assert person is not None
    return Authentication(
        subject=Subject(issuer="e-card", identifier=cards.card.chip, person=person.id),
        means=(await cards.door.desk.cards.of_person(person.id))[0].means,
        level=Level.HIGH,
        at=cards.town.bureau.now,
        factors=(Factor.CARD_PIN,),
        authenticator=cards.card.chip,
    )
