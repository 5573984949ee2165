"""What a passkey proves, by who vouches for it and what its device says: at a login, and ever after."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from demo.authenticator import Authenticator, Json, Kept
from tests.journeys.house import ISSUER
from tests.means.keyholders import PASSKEYS, Keyholders, keyholders_in, options_of, send
from tests.means.vouching import FOREIGN, KNOWN, MODELS, ROOT, Itself, Vouched, named, vouched
from tests.web.citizens import open_town
from tests.web.conftest import house_secrets
from tests.web.linked import code_of, put
from toegang.assurance import Level
from toegang.audit.events import LoginAuthenticated, PasskeyChanged
from toegang.errors import AccountClosed, PasskeyRefused
from toegang.means.base import Authentication
from toegang.means.citizen.visitor import Visitor
from toegang.means.passkey.values import Bond, Passkey

__all__ = ["house_secrets"]
LADDER = {"synced": "basic", "device_bound": "low", "attested": "substantial", "models": str(KNOWN)}
OTHER = UUID("00000000-0000-4000-8000-00000000beef")


@pytest.fixture
async def keyholders(house_secrets: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Keyholders]:
    """Open a town where a model is known, and passkeys are worth what they are; once for each engine."""
    async with open_town(house_secrets, tmp_path, database_url, models=MODELS) as town:
        found = await keyholders_in(town)
        await found.admit(**LADDER)
        yield found


async def proven(keyholders: Keyholders) -> list[Level]:
    """Return the levels that logins with passkeys proved."""
    events = await keyholders.town.bureau.events()
    return [
        each.proven for each in events if isinstance(each, LoginAuthenticated) and each.means == PASSKEYS.id
    ]


def worth(keyholders: Keyholders, passkey: Passkey) -> Level | None:
    return keyholders.town.rooms.passkeys.own.level_of(passkey, keyholders.town.bureau.now)


@pytest.mark.requires("WEBAUTHN3-7.1", "WEBAUTHN3-8.2.1")
async def test_a_passkey_is_attested_by_a_listed_model_alone(keyholders: Keyholders) -> None:
    between = ROOT.issue(named("between"), ca=True)
    deep = vouched(ISSUER, root=between)
    deep.further = (between,)
    below = between.issue(named("Batch 1", "Authenticator Attestation"), ca=True)
    devices: list[tuple[Authenticator, Bond]] = [
        (vouched(ISSUER), Bond.ATTESTED),
        (deep, Bond.ATTESTED),
        (vouched(ISSUER, root=FOREIGN), Bond.DEVICE_BOUND),
        (vouched(ISSUER, model=OTHER), Bond.DEVICE_BOUND),
        (vouched(ISSUER, certified=OTHER), Bond.DEVICE_BOUND),
        (vouched(ISSUER, unit="Something else"), Bond.DEVICE_BOUND),
        (Vouched(origin=ISSUER, model=KNOWN.bytes, leaf=below, further=(between,)), Bond.DEVICE_BOUND),
        (Itself(origin=ISSUER, model=KNOWN.bytes), Bond.DEVICE_BOUND),
        (Authenticator(origin=ISSUER, model=KNOWN.bytes), Bond.DEVICE_BOUND),
        (vouched(ISSUER, eligible=True), Bond.SYNCED),
    ]
    levels = {Bond.ATTESTED: Level.SUBSTANTIAL, Bond.DEVICE_BOUND: Level.LOW, Bond.SYNCED: Level.BASIC}
    for device, bond in devices:
        kept = await keyholders.register(device)
        assert (kept.bond, worth(keyholders, kept)) == (bond, levels[bond]), device


class Bent(Vouched):
    """A device whose maker's signature is over something else."""

    def vouch(self, made: Kept, data: bytes, client_data: bytes) -> Json:
        return super().vouch(made, data + b"x", client_data)


class Named(Authenticator):
    """A device that says that it vouches in a format of its own."""

    kind = "none"

    def vouch(self, made: Kept, data: bytes, client_data: bytes) -> Json:  # noqa: ARG002 it never does
        return {"fmt": self.kind, "attStmt": {"sig": b"x", "alg": -7, "x5c": [ROOT.der], "ver": "2.0"}}


async def test_a_statement_that_does_not_hold_is_no_passkey_at_all(keyholders: Keyholders) -> None:
    leaf = vouched(ISSUER).leaf
    with pytest.raises(PasskeyRefused):
        await keyholders.register(Bent(origin=ISSUER, model=KNOWN.bytes, leaf=leaf))
    for kind in (
        "none",
        "tpm",
        "android-key",
        "apple",
        "android-safetynet",
        "fido-u2f",
        "packed",
        "mine",
        "",
    ):
        device = Named(origin=ISSUER, model=KNOWN.bytes)
        device.kind = kind
        with pytest.raises(PasskeyRefused):
            await keyholders.register(device)
    assert await keyholders.passkeys() == ()


async def test_a_passkey_proves_its_level_and_never_more_than_the_login_it_was_added_with(
    keyholders: Keyholders,
) -> None:
    high, low = vouched(ISSUER), vouched(ISSUER)
    await keyholders.register(high)
    await keyholders.register(low, Level.LOW)
    for device in (high, low):
        assert code_of(await keyholders.log_in(keyholders.town.browser(), device))
    assert await proven(keyholders) == [Level.SUBSTANTIAL, Level.LOW]


async def test_a_passkey_that_leaves_its_device_drops_at_that_very_login(keyholders: Keyholders) -> None:
    device, town = vouched(ISSUER), keyholders.town
    kept = await keyholders.register(device)
    assert code_of(await keyholders.log_in(town.browser(), device))
    rooms, browser = town.rooms, town.browser()
    earlier = await authentication(keyholders, device)
    device.eligible = device.backed_up = True
    page = await keyholders.log_in(browser, device)
    assert code_of(page) == ""  # the town asks low, and synced is basic here
    assert (await proven(keyholders))[-1] is Level.BASIC
    assert worth(keyholders, await keyholders.find(kept.id)) is Level.BASIC
    with pytest.raises(AccountClosed):
        await rooms.passkeys.means.check_usable(earlier, town.bureau.now)
    (changed,) = [each for each in await town.bureau.events() if isinstance(each, PasskeyChanged)]
    assert (changed.before, changed.after) == (Level.SUBSTANTIAL, Level.BASIC)
    assert (changed.bond_before, changed.bond) == ("attested", "synced")
    device.eligible = device.backed_up = False
    page = await keyholders.log_in(town.browser(), device)
    assert (page.status, code_of(page)) == (403, "")  # it says that it never could leave
    device.eligible = True
    await keyholders.log_in(town.browser(), device)
    assert (await proven(keyholders))[-1] is Level.BASIC


async def authentication(keyholders: Keyholders, device: Authenticator) -> Authentication:
    """Prove with a device at the door of the room, for a login that waits."""
    browser, town = keyholders.town.browser(), keyholders.town
    page = await keyholders.to_login(browser)
    login = page.address.rpartition("/")[2]
    answer = device.use(options_of(page))
    visitor = Visitor(browser=browser.http.cookies["toegang-browser"], network="")
    logging_in, now = town.rooms.passkeys.logging_in, town.bureau.now
    return (await logging_in.prove(login, visitor, json.dumps(answer), now)).authentication


async def test_a_change_of_policy_holds_at_the_next_login_and_for_what_was_proven(
    keyholders: Keyholders,
) -> None:
    device, town = vouched(ISSUER), keyholders.town
    await keyholders.register(device)
    earlier = await authentication(keyholders, device)
    means = town.rooms.passkeys.means
    await means.check_usable(earlier, town.bureau.now)
    await keyholders.admit(**LADDER | {"models": str(OTHER)})
    with pytest.raises(AccountClosed):
        await means.check_usable(earlier, town.bureau.now)
    assert code_of(await keyholders.log_in(town.browser(), device))
    assert (await proven(keyholders))[-1] is Level.LOW
    await keyholders.admit(synced="no", device_bound="no", attested="low", models=str(OTHER))
    page = await keyholders.log_in(town.browser(), device)
    assert (page.status, code_of(page)) == (403, "")
    assert "Passkeys of this kind are not accepted" in page.text
    with pytest.raises(PasskeyRefused):
        await keyholders.register(keyholders.device(eligible=True))


async def test_no_passkey_proves_more_than_the_ceiling_of_its_means(keyholders: Keyholders) -> None:
    device = vouched(ISSUER)
    await keyholders.register(device)
    settings = tuple(LADDER.items())
    await put(keyholders.town, replace(PASSKEYS, settings=settings, ceiling=Level.BASIC))
    browser = keyholders.town.browser()
    page = await browser.open("/account")
    page = await browser.send(page, means=PASSKEYS.id)
    await send(browser, page, device.use(options_of(page)))
    assert (await proven(keyholders))[-1] is Level.BASIC


async def test_attestation_is_asked_of_browsers_while_something_rests_on_it(keyholders: Keyholders) -> None:
    browser = keyholders.town.browser()
    assert options_of(await keyholders.to_new(browser))["attestation"] == "direct"
    await keyholders.admit()
    assert options_of(await keyholders.to_new(browser))["attestation"] == "none"
