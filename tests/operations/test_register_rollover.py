"""The register of mandates gets a key of its own, and another one, while people act for others."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NOON
from tests.journeys import acting as a
from tests.journeys.house import House
from tests.journeys.saml_party import HUB, REGISTER, SamlParty, hub_keys, register_keys
from tests.journeys.test_acting_for_organisations import persons
from tests.journeys.test_saml_acting import admitting
from tests.journeys.test_saml_login import DOSSIER
from tests.operations.hub import RUNNING, blocks, command
from toegang.app import build
from toegang.app.examine import examine
from toegang.errors import Misconfigured, Refusal
from toegang.keys import changes
from toegang.keys.certificates import Subject
from toegang.keys.files import RING_FILE, load
from toegang.keys.ring import OVERLAP, Algorithm, KeyRing
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.provider.saml.register import first_key
from toegang.saml import reading
from toegang.saml.document import METADATA, admit
from toegang.saml.keys import TrustedKey
from toegang.saml.signature import verify

MAKING = changes.Making(bits=2048, subject=Subject(common_name="localhost"))
METADATA_AT = "/saml/mandates/metadata"


async def declared_by(house: House, asking: SamlParty, acts: PartyId, keys: tuple[TrustedKey, ...]) -> str:
    """Log in for another, and return who declares that, by one of these keys."""
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    told = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    assert told.assertion is not None
    [advice] = told.assertion.advice
    return reading.read_assertion(verify(admit(advice), keys)).issuer


@pytest.mark.requires("STSAML-4.3", "SAMLMeta-2.4.6", "SAMLMeta-2.4.1.1")
async def test_the_hub_declares_until_its_register_has_a_key_that_providers_could_take_over(
    keyless: House, tmp_path: Path
) -> None:
    house, ring = keyless, tmp_path / "keys" / "mandates"
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    month = timedelta(days=30)
    await a.given(
        house, mother, agent=acts, scopes=(Scope.of_service(DOSSIER),), until=house.clock.now() + 2 * month
    )

    assert await declared_by(house, asking, acts, hub_keys(house)) == HUB
    none_yet = await house.browser().get(METADATA_AT)
    assert none_yet.status_code == 404
    assert "toegang config check" in none_yet.text

    changes.generate(ring, Algorithm.RS256, now=house.clock.now(), making=MAKING, after=month)
    announced = (await house.browser().get(METADATA_AT)).content
    assert verify(admit(announced, METADATA), hub_keys(house)).element.get("entityID") == REGISTER
    assert await declared_by(house, asking, acts, hub_keys(house)) == HUB

    pinned = register_keys(house)
    house.clock.advance(month)
    assert await declared_by(house, asking, acts, pinned) == REGISTER
    with pytest.raises(Refusal):
        await declared_by(house, asking, acts, hub_keys(house))
    published = (await house.browser().get(METADATA_AT)).content
    verify(admit(published, METADATA), pinned)

    changes.rotate(ring, Algorithm.RS256, now=house.clock.now(), making=MAKING)
    pinned = register_keys(house)
    assert len(pinned) == 2
    house.clock.advance(OVERLAP)
    assert await declared_by(house, asking, acts, pinned[1:]) == REGISTER


async def test_a_register_whose_keys_went_away_never_has_the_hub_declare_in_its_place(
    rotating: House, tmp_path: Path
) -> None:
    house, file = rotating, tmp_path / "keys" / "mandates" / RING_FILE
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    await a.given(house, mother, agent=acts, scopes=(Scope.of_service(DOSSIER),))
    assert await declared_by(house, asking, acts, register_keys(house)) == REGISTER

    file.unlink()
    assert await declared_by(house, asking, acts, register_keys(house)) == REGISTER
    assert isinstance(house.app.ground.mandate_keys.fault, Misconfigured)
    assert (await house.browser().get("/readyz")).status_code == 503


async def test_a_hub_whose_register_lost_its_keys_starts_only_with_them_or_with_new_ones(
    rotating: House,
) -> None:
    settings, now = rotating.app.ground.settings, rotating.clock.now()
    ring = settings.keys.mandates_folder
    shutil.move(ring, ring.with_name("vault"))
    with pytest.raises(Misconfigured, match="keys of the register of mandates are gone"):
        await build(settings, clock=rotating.clock)
    # Opened long ago, so not refused by another database: what is wrong is said of the setting.
    assert "keys.mandates" in {fault.setting for fault in await examine(settings)}

    shutil.copytree(ring.with_name("vault"), ring)
    await (await build(settings, clock=rotating.clock)).close()

    shutil.rmtree(ring)
    changes.generate(ring, Algorithm.RS256, now=now, making=MAKING)
    await (await build(settings, clock=rotating.clock)).close()


async def test_a_new_key_that_waits_for_its_day_does_not_stand_in_for_one_that_was_lost(
    rotating: House,
) -> None:
    settings = rotating.app.ground.settings
    ring = settings.keys.mandates_folder
    rotating.clock.advance(timedelta(days=1))
    now = rotating.clock.now()
    shutil.rmtree(ring)
    # As `keys init` advises where there never was a key: until that day the hub would declare in its place.
    changes.generate(ring, Algorithm.RS256, now=now, making=MAKING, after=timedelta(days=30))
    with pytest.raises(Misconfigured, match="without --days"):
        await build(settings, clock=rotating.clock)
    changes.generate(ring, Algorithm.RS256, now=now, making=MAKING)
    await (await build(settings, clock=rotating.clock)).close()


async def test_a_first_key_that_waits_for_its_day_may_be_made_anew(keyless: House) -> None:
    house, settings, month = keyless, keyless.app.ground.settings, timedelta(days=30)
    ring = settings.keys.mandates_folder
    for _ in range(2):
        changes.generate(ring, Algorithm.RS256, now=house.clock.now(), making=MAKING, after=month)
        await (await build(settings, clock=house.clock)).close()
        house.clock.advance(timedelta(days=1))
        shutil.rmtree(ring)
    # Nobody had to believe it yet: the hub declares as before.
    await (await build(settings, clock=house.clock)).close()


def test_the_first_key_is_advised_for_the_day_on_which_providers_look_anyway(tmp_path: Path) -> None:
    hub, now, at_once = tmp_path / "saml", NOON, "toegang keys generate RS256 --ring mandates"
    assert first_key(KeyRing(keys=()), now) == at_once
    changes.generate(hub, Algorithm.RS256, now=now, making=MAKING)
    changes.generate(hub, Algorithm.RSA_OAEP, now=now, making=MAKING)
    assert first_key(load(hub, certified=True), now) == f"{at_once} --days 30"
    changes.rotate(hub, Algorithm.RS256, now=now, making=MAKING, after=timedelta(days=20))
    ring = load(hub, certified=True)
    assert first_key(ring, now) == f"{at_once} --days 20"
    assert first_key(ring, now + timedelta(days=4, hours=1)) == f"{at_once} --days 16"
    assert first_key(ring, now + timedelta(days=19)) == f"{at_once} --days 8"
    assert first_key(ring, now + timedelta(days=21)) == f"{at_once} --days 30"


def test_keys_init_at_an_older_hub_says_the_command_that_fits(tmp_path: Path) -> None:
    for block in blocks(RUNNING, "From an empty folder"):
        if block.file:
            (tmp_path / block.file).write_text(block.text)
    assert command(tmp_path, "toegang keys init").returncode == 0
    [register] = tmp_path.rglob(f"mandates/{RING_FILE}")
    register.unlink()
    assert command(tmp_path, "toegang keys rotate RS256 --ring saml --days 12").returncode == 0
    again = command(tmp_path, "toegang keys init")
    assert again.returncode == 0
    said = " ".join(again.stderr.split())
    assert "`toegang keys generate RS256 --ring mandates --days 12` makes one" in said
    assert "put its folder back" in said
