"""S29 and S17 in the catalogue: nobody becomes a partner, or stays one, by what a document says."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from tests.hostile.scenes import names_of_events
from tests.journeys.house import CLINIC, PORTAL, TOWN, House, text
from tests.outbound.servers import answer, party
from tests.saml.described import KEY, provider
from tests.saml.parties import HUB, SP, certificate, signing
from tests.saml.spoiling import SIGNATURE
from tests.saml.strategies import partner_key
from toegang.catalogue.check import Basis, check_text
from toegang.catalogue.export import as_text
from toegang.catalogue.partners.sources import Source, sources_of
from toegang.catalogue.values import ClientId, Connection, Entity, EntityId, Member, SamlProfile
from toegang.errors import PartyClosed
from toegang.keys.certificates import read
from toegang.provider.saml.partners import open_partner
from toegang.saml.metadata.values import EntityMetadata, KeyUse
from toegang.saml.metadata.write import Group, write_metadata
from toegang.saml.signing import sign

FAR = datetime(2030, 1, 1, tzinfo=UTC)
VICTIM, SUPPLIER, MEMBER = (
    replace(provider(number), valid_until=FAR, cache_seconds=None) for number in (1, 2, 3)
)
THIEF = partner_key("rsa", KeyUse.SIGNING, SP, "thief")
STOLEN = read(certificate("rsa", SP)).sha256
OWN_SIGNER, SUPPLIERS_SIGNER = (b64encode(certificate("rsa", who)).decode() for who in (HUB, SP))
SUPPLIERS_KEY = signing("rsa", SP)
HOUR = timedelta(hours=1)


def robbed(entity: EntityMetadata) -> EntityMetadata:
    """Return an entity as a thief would have it: with the thief's key."""
    role = entity.service_provider
    assert role is not None
    return replace(entity, service_provider=replace(role, keys=(THIEF,)))


def connection(entity: EntityMetadata, id_: str, *members: EntityMetadata) -> Connection:
    return Connection(
        id=ClientId(id_),
        organisation=TOWN,
        names=text(id_),
        entity_id=EntityId(entity.entity_id),
        profile=SamlProfile.SAML2INT,
        services=(PORTAL,),
        members=tuple(Member(organisation=CLINIC, entity_id=EntityId(each.entity_id)) for each in members),
    )


def pinned(house: House, entity: EntityMetadata, source: str, signer: str) -> Entity:
    return Entity(
        id=EntityId(entity.entity_id),
        organisation=TOWN,
        metadata=entity,
        fetched_at=house.clock.now() - timedelta(days=2),
        source=source,
        signers=(signer,),
    )


async def fetched(house: House, octets: bytes, *known: tuple[EntityMetadata, str]) -> bool:
    """Have a document fetched from an address where these entities are known to come from."""
    async with party(answer(octets)) as published:
        address = published.url.replace("127.0.0.1", "localhost")
        await house.put(*(pinned(house, entity, address, signer) for entity, signer in known))
        (source,) = [each for each in sources(house) if each.address == address]
        return await house.app.loops.refresh.refresh(source, house.clock.now())


def sources(house: House) -> tuple[Source, ...]:
    return sources_of(house.app.rooms.catalogue.current)


def believed(house: House, entity: EntityMetadata) -> set[str]:
    """Return the keys that a message of this partner would be verified with."""
    snapshot = house.app.rooms.catalogue.current
    return {
        key.fingerprint for key in open_partner(snapshot, entity.entity_id, house.clock.now()).signing_keys
    }


@pytest.mark.requires("SAML-MetaIOP-2.6.1")
async def test_a_supplier_cannot_give_a_key_to_a_partner_that_is_not_its_own(lone_house: House) -> None:
    house = lone_house
    await house.put(
        connection(VICTIM, "victim"),
        connection(SUPPLIER, "supplier"),
        pinned(house, VICTIM, "https://victim.example/md", OWN_SIGNER),
    )
    octets = write_metadata(Group(members=(SUPPLIER, robbed(VICTIM))), "_all", SUPPLIERS_KEY)
    assert await fetched(house, octets, (SUPPLIER, SUPPLIERS_SIGNER))
    assert STOLEN not in believed(house, VICTIM)


async def test_a_supplier_cannot_bring_in_who_nobody_named(lone_house: House) -> None:
    house = lone_house
    await house.put(connection(VICTIM, "victim"), connection(SUPPLIER, "supplier"))
    octets = write_metadata(Group(members=(SUPPLIER, robbed(VICTIM), robbed(MEMBER))), "_all", SUPPLIERS_KEY)
    assert await fetched(house, octets, (SUPPLIER, SUPPLIERS_SIGNER))
    snapshot = house.app.rooms.catalogue.current
    assert snapshot.entity(VICTIM.entity_id) is None
    assert snapshot.entity(MEMBER.entity_id) is None


async def test_a_members_own_metadata_is_not_its_suppliers_to_change(lone_house: House) -> None:
    house = lone_house
    await house.put(
        connection(SUPPLIER, "supplier", MEMBER),
        pinned(house, MEMBER, "https://member.example/md", OWN_SIGNER),
    )
    octets = write_metadata(Group(members=(SUPPLIER, robbed(MEMBER))), "_all", SUPPLIERS_KEY)
    assert await fetched(house, octets, (SUPPLIER, SUPPLIERS_SIGNER))
    assert STOLEN not in believed(house, MEMBER)


@pytest.mark.parametrize(
    "octets",
    [
        write_metadata(robbed(VICTIM), "_one", SUPPLIERS_KEY),
        write_metadata(Group(members=(robbed(VICTIM), VICTIM)), "_all", SUPPLIERS_KEY),
        write_metadata(MEMBER, "_one", KEY),
    ],
    ids=["signed by somebody else", "signed by somebody else beside the right one", "of somebody else"],
)
async def test_who_answers_at_the_address_becomes_the_partner_only_by_the_pinned_key(
    lone_house: House, octets: bytes
) -> None:
    await lone_house.put(connection(VICTIM, "victim"))
    assert not await fetched(lone_house, octets, (VICTIM, OWN_SIGNER))
    assert STOLEN not in believed(lone_house, VICTIM)


def signed_anew(bent: Callable[[str], str]) -> bytes:
    """Write the victim's metadata, bend it and have it signed by whom is trusted for it."""
    text_ = SIGNATURE.sub("", write_metadata(VICTIM, "_one", KEY).decode())
    return sign(etree.fromstring(bent(text_)), KEY)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "over": lambda: write_metadata(
        replace(VICTIM, valid_until=datetime(2020, 1, 1, tzinfo=UTC)), "_one", KEY
    ),
    "twice": lambda: write_metadata(Group(members=(VICTIM, robbed(VICTIM))), "_all", KEY),
    "unsigned": lambda: SIGNATURE.sub("", write_metadata(VICTIM, "_one", KEY).decode()).encode(),
    "bomb": lambda: b'<!DOCTYPE a [<!ENTITY b "c">]>' + write_metadata(VICTIM, "_one", KEY),
    "deep": lambda: b"<a>" * 100_000,
    "a key for nothing": lambda: signed_anew(lambda text_: text_.replace('use="signing"', 'use="anything"')),
    "an open door": lambda: signed_anew(lambda text_: text_.replace("https://", "http://")),
    "a script for an address": lambda: signed_anew(
        lambda text_: re.sub(r'Location="[^"]*"', 'Location="javascript:alert(1)"', text_)
    ),
    "nothing": lambda: b"",
    "a page": lambda: b"<html><body>404</body></html>",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_fetched_and_cannot_be_believed_changes_nothing(lone_house: House, name: str) -> None:
    house = lone_house
    await house.put(connection(VICTIM, "victim"))
    octets = HOSTILE[name]()
    assert octets != write_metadata(VICTIM, "_one", KEY)
    assert not await fetched(house, octets, (VICTIM, OWN_SIGNER))
    after = house.app.rooms.catalogue.current.entity(VICTIM.entity_id)
    assert after is not None
    assert after.metadata == VICTIM
    assert "metadata:refused" in await names_of_events(house)


async def test_a_key_that_a_partner_took_away_is_believed_no_longer_and_does_not_come_back(
    lone_house: House,
) -> None:
    house, now_lost = lone_house, robbed(VICTIM)
    await house.put(connection(VICTIM, "victim"))
    assert await fetched(house, write_metadata(VICTIM, "_one", KEY), (now_lost, OWN_SIGNER))
    assert STOLEN not in believed(house, VICTIM)
    current = house.app.rooms.catalogue.current
    # A copy of the catalogue from before, imported whole by somebody who keeps it in files.
    old = current.entity(VICTIM.entity_id)
    assert old is not None
    earlier = replace(old, metadata=now_lost, fetched_at=old.fetched_at - HOUR)
    text_ = as_text(type(current).of([each for each in current.records() if each.id != old.id] + [earlier]))
    checked = check_text(text_, Basis(before=current, now=house.clock.now(), complete=True))
    assert checked.after.entity(VICTIM.entity_id) == old


async def test_a_partner_whose_metadata_has_ended_is_spoken_with_no_longer(lone_house: House) -> None:
    house = lone_house
    ending = replace(VICTIM, valid_until=house.clock.now() + HOUR)
    await house.put(connection(VICTIM, "victim"), pinned(house, ending, "https://gone.example", OWN_SIGNER))
    assert believed(house, VICTIM)
    house.clock.advance(HOUR)
    with pytest.raises(PartyClosed):
        believed(house, VICTIM)


@pytest.mark.parametrize("address", ["https://10.0.0.1/metadata", "http://intranet.example/metadata"])
async def test_an_address_inside_somebodys_network_is_not_called(lone_house: House, address: str) -> None:
    house = lone_house
    await house.put(connection(VICTIM, "victim"), pinned(house, VICTIM, address, OWN_SIGNER))
    (source,) = sources(house)
    assert not await house.app.loops.refresh.refresh(source, house.clock.now())
    state = await house.app.loops.refresh.store.source(address)
    assert state is not None
    assert state.failure == "unavailable"
