"""L10: a passkey never outlives what raised the login that it was added with."""

from __future__ import annotations

import json

import pytest

from tests.hostile.matrix.states import PASSPORT, told_in
from tests.journeys.house import ISSUER
from tests.means.bureau import browser as visitor_of
from tests.means.keyholders import Keyholders, keyholders_in
from tests.means.vouching import vouched
from tests.web.citizens import Town
from toegang.assurance import Level
from toegang.means.citizen.own_account import SignedIn
from toegang.means.passkey.own_passkeys import Answer


@pytest.fixture
async def keyholders(town: Town) -> Keyholders:
    return await keyholders_in(town)


@pytest.mark.parametrize("kind", ["document-lost", "document-stolen"])
async def test_a_passkey_is_lowered_once_a_document_of_its_person_is_reported(
    keyholders: Keyholders, kind: str
) -> None:
    town = keyholders.town
    raised = await keyholders.register(vouched(ISSUER))
    weak = await keyholders.register(keyholders.device(), Level.LOW)
    await town.bureau.sent("account:proofs-withdrawn")
    await told_in(kind, document=PASSPORT)(town)
    assert (await keyholders.find(raised.id)).level is Level.LOW
    assert await keyholders.find(weak.id) == weak
    (withdrawn,) = await town.bureau.sent("account:proofs-withdrawn")
    assert str(raised.id).encode() in withdrawn.payload
    await told_in("document-found", number=2, document=PASSPORT)(town)
    assert (await keyholders.find(raised.id)).level is Level.LOW
    assert (await town.bureau.names_of_events()).count("passkey:changed") == 1


async def test_a_question_of_a_higher_login_gives_a_lower_one_no_higher_passkey(
    keyholders: Keyholders,
) -> None:
    """What raised it may have been undone while the question was open."""
    own, now, visitor = keyholders.town.rooms.passkeys.own, keyholders.town.bureau.now, visitor_of()
    account = (await keyholders.town.bureau.account()).id
    asked = await own.begin(SignedIn(account=account, level=Level.SUBSTANTIAL, at=now), visitor, now)
    answer = Answer(name="Laptop", credential=json.dumps(vouched(ISSUER).create(asked)))
    added = await own.add(SignedIn(account=account, level=Level.LOW, at=now), visitor, answer, now)
    assert added.level is Level.LOW
