"""Partners' metadata is brought in, fetched again, taken over or refused, and its certificates watched."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from demo.documents.card_issuing import CardChain
from demo.documents.states import State
from tests.conftest import NOON
from tests.hostile.scenes import events, names_of_events
from tests.journeys.house import CLINIC, PORTAL, TOWN, House, text
from tests.journeys.saml_party import enrol
from tests.journeys.test_saml_login import BSN, opened
from tests.outbound.servers import Seen, answer, party
from tests.saml.described import KEY, provider
from tests.saml.parties import HUB, SP, certificate, signing
from toegang import config
from toegang.app import partners
from toegang.app.partners import further
from toegang.audit.events import CertificateExpiring, MetadataPinned, MetadataRefreshed, MetadataRefused
from toegang.catalogue import gate
from toegang.catalogue.partners.bringing import Brought
from toegang.catalogue.partners.reading import SMALL, described, read_now
from toegang.catalogue.partners.sources import sources_of
from toegang.catalogue.partners.takeover import Origin, Pins, Taken
from toegang.catalogue.partners.warnings import BATCH
from toegang.catalogue.values import ClientId, Connection, Entity, EntityId, Member, SamlProfile
from toegang.errors import PartyClosed, ProofInvalid
from toegang.means.card.terminals import dates_in
from toegang.saml import writing
from toegang.saml.bindings import post
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.metadata.claimed import claimed_signer
from toegang.saml.metadata.values import EntityMetadata
from toegang.saml.metadata.write import Group, write_metadata

DAY = timedelta(days=1)
ONE_ENDED = datetime(2120, 1, 2, tzinfo=UTC)
FAR = datetime(2030, 1, 1, tzinfo=UTC)
ONE, TWO = (replace(provider(number), valid_until=FAR, cache_seconds=None) for number in (1, 2))
SIGNER, STRANGER = (b64encode(certificate("rsa", who)).decode() for who in (HUB, SP))
PINS = Pins(signers=(SIGNER,))
DIRECTORY = EntityId(ONE.entity_id)


def written(*entities: EntityMetadata, until: datetime = FAR) -> bytes:
    if len(entities) == 1:
        return write_metadata(entities[0], "_one", KEY)
    return write_metadata(Group(members=entities, valid_until=until), "_all", KEY)


@asynccontextmanager
async def publishing(house: House, octets: bytes, *entities: EntityMetadata) -> AsyncIterator[Seen]:
    """Publish a document; the catalogue knows `entities`, as they came from there yesterday."""
    async with party(answer(octets)) as published:
        published.url = published.url.replace("127.0.0.1", "localhost")
        await house.put(
            *(
                Entity(
                    id=EntityId(each.entity_id),
                    organisation=TOWN,
                    metadata=each,
                    fetched_at=house.clock.now() - 2 * DAY,
                    source=published.url,
                    signers=(SIGNER,),
                )
                for each in entities
            )
        )
        yield published


async def refresh(house: House) -> list[bool]:
    """Fetch everything that is due, as the loop does."""
    door, now = house.app.loops.refresh, house.clock.now()
    return [await door.refresh(source, now) for source in await door.due(now)]


async def test_a_new_key_is_in_force_and_an_old_one_is_not_once_the_metadata_says_so(house: House) -> None:
    role = ONE.service_provider
    assert role is not None
    newer = replace(ONE, service_provider=replace(role, keys=role.keys[1:]))
    async with publishing(house, written(newer), ONE):
        assert await refresh(house) == [True]
    entity = gate.open_entity(house.app.rooms.catalogue.current, ONE.entity_id, house.clock.now())
    assert entity.metadata == newer
    assert entity.fetched_at == house.clock.now()
    found = [each for each in await events(house) if isinstance(each, MetadataRefreshed)]
    assert [(each.changed, each.added, each.missing) for each in found] == [(1, 0, 0)]
    assert await refresh(house) == []  # until the next night


async def test_what_did_not_change_is_written_nowhere(lone_house: House) -> None:
    async with publishing(lone_house, written(ONE), ONE):
        before = lone_house.app.rooms.catalogue.current.version
        assert await refresh(lone_house) == [True]
    assert lone_house.app.rooms.catalogue.current.version == before
    assert "metadata:refreshed" not in await names_of_events(lone_house)


@pytest.mark.requires("SAMLMeta-3.1", "SAMLMeta-2.3.2")
@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (write_metadata(TWO, "_one", KEY), "proof-invalid"),
        (write_metadata(replace(ONE, cache_seconds=1), "_one", signing("rsa", SP)), "proof-invalid"),
        (written(ONE).replace(b"sp1.example/saml/acs/0", b"evil.example/saml/acs/"), "proof-invalid"),
        (written(replace(ONE, valid_until=datetime(2025, 1, 1, tzinfo=UTC))), "malformed"),
        (b"<html>gone</html>", "proof-invalid"),
        (b"", "malformed"),
    ],
    ids=["another entity", "another signer", "bent", "over", "no metadata", "nothing"],
)
async def test_what_cannot_be_believed_changes_nothing_and_is_told_once(
    lone_house: House, octets: bytes, code: str
) -> None:
    house = lone_house
    async with publishing(house, octets, ONE):
        assert await refresh(house) == [False]
        house.clock.advance(timedelta(hours=1))
        assert await refresh(house) == [False]
    snapshot = house.app.rooms.catalogue.current
    assert gate.open_entity(snapshot, ONE.entity_id, house.clock.now()).metadata == ONE
    assert [each.code for each in await events(house) if isinstance(each, MetadataRefused)] == [code]
    state = await house.app.loops.refresh.store.source(sources_of(snapshot)[0].address)
    assert state is not None
    assert (state.failure, state.failing_since) == (code, house.clock.now() - timedelta(hours=1))


async def test_metadata_that_cannot_be_fetched_ends_at_its_own_moment(lone_house: House) -> None:
    house, until = lone_house, lone_house.clock.now() + timedelta(hours=2)
    async with publishing(house, b"", replace(ONE, valid_until=until)):
        pass
    assert await refresh(house) == [False]
    snapshot = house.app.rooms.catalogue.current
    assert gate.open_entity(snapshot, ONE.entity_id, house.clock.now()).in_force(house.clock.now())
    house.clock.advance(timedelta(hours=2))
    with pytest.raises(PartyClosed, match="no longer in force"):
        gate.open_entity(snapshot, ONE.entity_id, house.clock.now())


async def test_a_supplier_brings_new_members_and_takes_no_entity_of_others(lone_house: House) -> None:
    house, three = lone_house, replace(provider(3), valid_until=FAR)
    async with publishing(house, written(ONE, TWO, three), ONE) as published:
        await house.put(
            Connection(
                id=ClientId("cluster"),
                organisation=TOWN,
                names=text("Cluster"),
                entity_id=EntityId(ONE.entity_id),
                profile=SamlProfile.SAML2INT,
                services=(PORTAL,),
                members=(Member(organisation=CLINIC, entity_id=EntityId(TWO.entity_id)),),
            ),
            Entity(
                id=EntityId(three.entity_id),
                organisation=CLINIC,
                metadata=replace(three, cache_seconds=1),
                fetched_at=house.clock.now(),
                source="https://clinic.example/md",
                signers=(STRANGER,),
            ),
        )
        (source,) = [
            each
            for each in await house.app.loops.refresh.due(house.clock.now())
            if each.address == published.url
        ]
        assert await house.app.loops.refresh.refresh(source, house.clock.now())
    snapshot = house.app.rooms.catalogue.current
    member, other = snapshot.entity(TWO.entity_id), snapshot.entity(three.entity_id)
    assert member is not None
    assert member.organisation == CLINIC
    assert other is not None
    assert other.source == "https://clinic.example/md"
    (told,) = [each for each in await events(house) if isinstance(each, MetadataRefreshed)]
    assert (told.added, told.foreign) == (1, 1)


async def test_a_large_document_is_read_in_a_process_of_its_own_to_the_same_end(lone_house: House) -> None:
    many = tuple(replace(provider(number), valid_until=FAR) for number in range(40))
    octets = written(*many)
    assert len(octets) > SMALL
    reader = partners.reader(lone_house.app.ground)
    now = lone_house.clock.now()
    assert (
        tuple([described(each) async for each in reader.read(octets, PINS, now)])
        == read_now(octets, PINS, now)
        == many
    )
    with pytest.raises(ProofInvalid, match="not the one that was pinned"):
        [each async for each in reader.read(octets, Pins(sha256="0" * 64), now)]


async def test_an_operator_brings_metadata_in_by_the_word_of_a_signer(house: House) -> None:
    octets, now = written(ONE, TWO), house.clock.now()
    assert claimed_signer(octets) == SIGNER
    origin = Origin(source="all.xml", pins=PINS, fetched_at=now)
    brought = Brought(found=read_now(octets, PINS, now), origin=origin, by="test", organisation=CLINIC)
    door = partners.importing(house.app.ground)
    assert await door.judge(brought) == {each.entity_id: Taken.NEW for each in (ONE, TWO)}
    assert await door.write(brought) == {Taken.NEW: 2}
    assert await door.known_pins("all.xml") == PINS
    await house.app.rooms.catalogue.refresh()
    entity = house.app.rooms.catalogue.current.entity(TWO.entity_id)
    assert entity is not None
    assert (entity.organisation, entity.signers) == (CLINIC, (SIGNER,))
    (told,) = [each for each in await events(house) if isinstance(each, MetadataPinned)]
    assert (told.entities, len(told.pins[0])) == (2, 64)
    assert await door.write(brought) == {Taken.SAME: 2}


async def test_a_certificate_that_ends_is_told_once_for_each_threshold(lone_house: House) -> None:
    house, door = lone_house, lone_house.app.loops.warnings
    async with publishing(house, b"", ONE):
        pass
    ends = datetime(2120, 1, 1, tzinfo=UTC)
    own = house.app.ground.saml_keys.ring().keys[0].certificate
    assert own is not None
    for left in (100, 60, 59, 20, 3, -1):
        house.clock.advance(own.not_after - timedelta(days=left) - house.clock.now())
        await door.warn(house.clock.now())
    found = [each for each in await events(house) if isinstance(each, CertificateExpiring)]
    for purpose in ("signing", "mandates"):
        told = [each.days for each in found if each.owner == "own" and each.purpose == purpose]
        assert told == [90, 30, 7, 0]
    assert {each.owner for each in found if each.ends_at < ends} >= {"own"}


async def test_requests_get_their_turn_while_warnings_are_given_by_the_hundred(lone_house: House) -> None:
    house, turns = lone_house, list[None]()
    async with publishing(house, b"", *(replace(ONE, entity_id=f"https://{at}.example") for at in range(50))):
        pass
    house.clock.advance(ONE_ENDED - house.clock.now())

    async def other() -> None:
        while True:
            turns.append(None)
            await asyncio.sleep(0)

    # What is told comes after the search, which is in a thread, and before the first warning is given.
    door = replace(house.app.loops.warnings, tell=lambda *_: turns.clear())
    beside = asyncio.create_task(other())
    given = await door.warn(house.clock.now())
    beside.cancel()
    assert given >= 150
    assert len(turns) >= given // BATCH


async def test_so_is_the_certificate_that_we_show_to_partners(lone_house: House) -> None:
    house, ends = lone_house, datetime(2120, 1, 1, tzinfo=UTC)
    for left in (100, 80, 79, 20, 3, -1):
        house.clock.advance(ends - timedelta(days=left) - house.clock.now())
        await house.app.loops.warnings.warn(house.clock.now())
    found = [each for each in await events(house) if isinstance(each, CertificateExpiring)]
    told = [(each.owner, each.days) for each in found if each.purpose == "tls"]
    assert told == [("own", 90), ("own", 30), ("own", 7), ("own", 0)]


async def test_so_are_the_certificates_by_which_cards_know_us(lone_house: House, tmp_path: Path) -> None:
    """In days of Amsterdam, and whether or not the key is there and the whole chain still holds."""
    for at, octets in enumerate(CardChain.founded(NOON.date()).certificates):
        (tmp_path / f"{at}.cvcert").write_bytes(octets)
    (tmp_path / "9.cvcert").write_bytes(b"rubbish")
    found = dates_in(tmp_path)
    ends = max(each.ends for each in found)
    settings = replace(lone_house.app.ground.settings, cards=config.Cards(terminal=tmp_path))
    assert ends.astimezone(ZoneInfo("Europe/Amsterdam")).hour == 0
    house, last = lone_house, next(each for each in found if each.ends == ends)
    door = replace(house.app.loops.warnings, further=partial(further, settings))
    for left in (100, 80, 79, 20, 3, -1):
        house.clock.advance(ends - timedelta(days=left) - house.clock.now())
        await door.warn(house.clock.now())
    events_ = [each for each in await events(house) if isinstance(each, CertificateExpiring)]
    told = [each for each in events_ if each.purpose == "card-terminal"]
    assert [each.days for each in told if each.fingerprint == last.fingerprint] == [90, 30, 7, 0]
    assert {each.owner for each in told} == {"own"}


async def test_so_are_the_authorities_whose_documents_and_cards_are_believed(
    lone_house: House, tmp_path: Path
) -> None:
    house, state = lone_house, State.founded(NOON)
    renewed, link = state.next()
    for part, octets in (("authorities", state.authority.certificate), ("links", link)):
        (tmp_path / part).mkdir()
        (tmp_path / part / "1.cer").write_bytes(octets)
    (tmp_path / "authorities" / "9.cer").write_bytes(b"rubbish")
    settings = replace(house.app.ground.settings, documents=config.Documents(travel_trust=tmp_path))
    found = further(settings)
    assert [(each.owner, each.purpose) for each in found] == [("believed", "travel-authority")] * 2
    assert renewed.authority.parsed.not_valid_after_utc == max(each.dates.ends for each in found)
    door, ends = replace(house.app.loops.warnings, further=partial(further, settings)), found[0].dates.ends
    for left in (100, 80, 79, 20, 3, -1):
        house.clock.advance(ends - timedelta(days=left) - house.clock.now())
        await door.warn(house.clock.now())
    told = [each for each in await events(house) if isinstance(each, CertificateExpiring)]
    own = [each for each in told if each.fingerprint == found[0].dates.fingerprint]
    assert [(each.owner, each.purpose, each.days) for each in own] == [
        ("believed", "travel-authority", days) for days in (90, 30, 7, 0)
    ]


async def test_the_loop_fetches_what_is_due_and_warns(lone_house: House) -> None:
    house = lone_house
    async with publishing(house, written(replace(ONE, cache_seconds=3600)), ONE):
        assert await house.app.loops._leads("metadata", "holder", timedelta(minutes=10))
        await house.app.loops.partners("holder")
    entity = house.app.rooms.catalogue.current.entity(ONE.entity_id)
    assert entity is not None
    assert entity.metadata.cache_seconds == 3600
    assert not await house.app.loops._leads("metadata", "other", timedelta(minutes=10))


async def test_the_key_that_signed_a_request_is_remembered_for_the_cockpit(lone_house: House) -> None:
    house = lone_house
    asking = await opened(house, SamlProfile.ST_SAML)
    person = await enrol(house, BSN)
    await asking.ask(house.browser(), asking.request(house), person=str(person))
    view = await house.app.rooms.cockpit.partner(asking.entity_id, house.clock.now())
    assert house.clock.now() in [key.seen_at for key in view.keys]


async def test_the_key_is_seen_in_what_a_server_asks_and_in_a_wish_to_log_out_too(lone_house: House) -> None:
    house, browser = lone_house, lone_house.browser()
    asking = await opened(house, SamlProfile.ST_SAML)
    person = await enrol(house, BSN)
    midnight = house.clock.now().replace(hour=0, minute=0, second=0) + timedelta(days=1)
    house.clock.advance(midnight - timedelta(seconds=10) - house.clock.now())
    came_back = await asking.ask(browser, asking.request(house), person=str(person))
    house.clock.advance(timedelta(seconds=20))
    told = await asking.told(house, came_back)
    assert await seen(house, asking.entity_id) == midnight + timedelta(seconds=10)
    house.clock.advance(timedelta(days=1))
    form = writing.logout_request(asking.log_out(house, told), asking.key)
    sent = await browser.post("/saml/slo", data=dict(post.fields(Carrier.REQUEST, form, None)))
    assert sent.status_code == 200
    assert await seen(house, asking.entity_id) == house.clock.now()


async def seen(house: House, entity_id: str) -> datetime | None:
    view = await house.app.rooms.cockpit.partner(entity_id, house.clock.now())
    return max(key.seen_at for key in view.keys if key.seen_at)
