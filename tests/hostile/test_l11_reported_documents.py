"""L11: a document that is reported lost or stolen undoes what was raised by one; being found raises none."""

from __future__ import annotations

import pytest

from tests.hostile.matrix.states import PASSPORT, told_in
from tests.means.papers import Counter, passport_of
from toegang.assurance import Level


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
