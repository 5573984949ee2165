"""The health portal of the demo believes who acts for whom by the word of the register alone."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from demo.foreign import declared
from demo.foreign.declared import Reader, Register, Unbelieved
from tests.journeys import acting as a
from tests.journeys.house import House
from tests.journeys.saml_party import HUB, REGISTER, SamlParty, Told
from tests.journeys.test_acting_for_organisations import persons
from tests.journeys.test_saml_acting import admitting
from tests.journeys.test_saml_declared import declared as by_the_hub
from tests.journeys.test_saml_declared import firms
from tests.journeys.test_saml_login import DOSSIER
from toegang.mandates.scope import Scope
from toegang.saml import names, writing


async def in_a_chain(house: House) -> tuple[SamlParty, Told]:
    """Log in as an employee of a firm that somebody's mother authorised."""
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    await firms(house, (a.FIRM, "90000001"))
    scopes = (Scope.of_service(DOSSIER),)
    await a.given(house, a.FIRM, 1, agent=acts, scopes=scopes)
    await a.given(house, mother, 2, agent=a.FIRM, scopes=scopes)
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    return asking, await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))


def reader(house: House, asking: SamlParty, folder: Path) -> Reader:
    """Return the reader of a provider that pinned the register's metadata."""
    (folder / "register.xml").write_bytes(house.app.rooms.saml.register.written(house.clock.now()))
    key = asking.key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pinned = Register.pinned(folder / "register.xml")
    return Reader(entity_id=asking.entity_id, key=key, register=pinned)


def beside(login: etree._Element, *declarations: bytes) -> etree._Element:
    """Return the login with these declarations in place of its own."""
    made = deepcopy(login)
    [advice] = made.xpath("saml:Advice", namespaces=declared.SPACES)
    for each in list(advice):
        advice.remove(each)
    advice.extend([etree.fromstring(each) for each in declarations])
    return made


@pytest.mark.requires("STSAML-4.3")
async def test_a_guest_reads_who_acts_for_whom_through_whom_and_by_what(
    lone_house: House, tmp_path: Path
) -> None:
    asking, told = await in_a_chain(lone_house)
    assert told.proof is not None
    found = reader(lone_house, asking, tmp_path).declared(told.proof.element, lone_house.clock.now())
    assert found[declared.ACTING] == ["999990019"]
    assert found[declared.BETWEEN] == ["90000001"]
    assert found[declared.LEGAL] == ["999990032"]
    assert found[declared.BASIS] == ["employee", "voluntary"]
    assert found[declared.SERVICE] == [str(DOSSIER)]


@pytest.mark.requires("STSAML-4.3", "SAML-MetaIOP-2.6.1")
async def test_a_guest_believes_no_declaration_that_is_bent_foreign_old_or_of_another_login(
    lone_house: House, tmp_path: Path
) -> None:
    house, now = lone_house, lone_house.clock.now()
    asking, told = await in_a_chain(house)
    assert told.proof is not None
    assert told.assertion is not None
    ours, _ = by_the_hub(house, told)
    own, hubs = house.app.rooms.saml.register.signing(now), house.app.rooms.saml.metadata.signing(now)
    [held] = told.assertion.advice
    login, reads = told.proof.element, reader(house, asking, tmp_path)
    others = tuple(
        replace(each, values=("somebody-else",)) if each.name == names.GDI_LEGAL_SUBJECT else each
        for each in ours.attributes
    )
    for why, declarations in (
        ("0 declarations", ()),
        ("2 declarations", (held, held)),
        ("not issued by the register", (writing.assertion(replace(ours, issuer=HUB), hubs),)),
        ("no key of the register", (held.replace(b"voluntary", b"statutory"),)),
        ("no key of the register", (writing.assertion(ours, hubs),)),
        ("for somebody else", (writing.assertion(replace(ours, audiences=(("urn:other",),)), own),)),
        ("not of now", (writing.assertion(replace(ours, not_on_or_after=now - timedelta(minutes=5)), own),)),
        ("a login", (writing.assertion(replace(told.assertion, issuer=REGISTER, advice=()), own),)),
        ("names others", (writing.assertion(replace(ours, attributes=others), own),)),
    ):
        with pytest.raises(Unbelieved, match=why):
            reads.declared(beside(login, *declarations), now)
    with pytest.raises(Unbelieved, match="not of now"):
        reads.declared(login, now + timedelta(minutes=10))
    moved = deepcopy(login)
    [subject] = moved.xpath("saml:Subject/saml:NameID", namespaces=declared.SPACES)
    subject.text = "_another-session"
    with pytest.raises(Unbelieved, match="another login"):
        reads.declared(moved, now)


async def test_a_guest_reads_what_was_signed_also_where_a_comment_was_put_into_it(
    lone_house: House, tmp_path: Path
) -> None:
    house, now = lone_house, lone_house.clock.now()
    asking, told = await in_a_chain(house)
    assert told.proof is not None
    ours, _ = by_the_hub(house, told)
    longer = f"{asking.entity_id}/of-somebody-else"
    own = house.app.rooms.saml.register.signing(now)
    foreign = writing.assertion(replace(ours, audiences=((longer,),)), own)
    # What is hashed has no comments (EXC-C14N-1.1), so the signature still holds; a text ends at the first.
    bent = foreign.replace(longer.encode(), longer.replace("/of-", "<!---->/of-").encode())
    with pytest.raises(Unbelieved, match="for somebody else"):
        reader(house, asking, tmp_path).declared(beside(told.proof.element, bent), now)
