"""An operator blocks the account of one person, and lets them recover it, without a BSN in the shell."""

from __future__ import annotations

import asyncio
import os
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.means.bureau import DAAN, SANNE
from tests.operations.hub import copy_of
from toegang import config
from toegang.app import life, links, open_accounts
from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.cli.main import app
from toegang.cli.terminal import ground
from toegang.identity.subject import Subject
from toegang.means.base import Authentication, Factor
from toegang.means.citizen.account import Account, AccountId, Status
from toegang.means.external.linking import Vouched
from toegang.means.life.following import SEALED_FOR
from toegang.means.life.store import Aside


@pytest.fixture
def place(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an installed hub in which Sanne has an account, and go there."""
    copy = copy_of(installed, tmp_path)
    monkeypatch.chdir(copy)
    asyncio.run(enrolled(copy))
    return copy


async def enrolled(place: Path) -> None:
    async with ground(config.load(place / "toegang.toml", os.environ)) as opened, open_accounts(opened) as at:
        desk, now = at.operating.desk, opened.clock.now()
        async with desk.units.begin() as unit:
            person = await desk.enrolment.enrol(unit, SANNE, now)
            account = Account(
                id=AccountId(desk.ids.uuid()),
                person=person.id,
                status=Status.ACTIVE,
                name=desk.keys.name("sanne88"),
                password="obviously fake",
                language="nl",
                since=now,
            )
            await desk.accounts.add(unit, account, now)


async def status_of(place: Path) -> Status:
    async with ground(config.load(place / "toegang.toml", os.environ)) as opened, open_accounts(opened) as at:
        found = await at.operating.desk.accounts.find_by_name(at.operating.desk.keys.name("sanne88"))
        assert found is not None
        return found.status


def toegang(*words: str, typed: str = "") -> Result:
    """Run the command, with what is typed when it asks."""
    return CliRunner().invoke(app, ["account", *words], input=f"{typed}\n")


@pytest.mark.parametrize("typed", ["123456789", "", DAAN.digits])
def test_nobody_is_blocked_by_a_number_of_nobody(place: Path, typed: str) -> None:
    done = toegang("block", typed=typed)
    assert done.exit_code == 1
    assert asyncio.run(status_of(place)) is Status.ACTIVE


def test_nobody_is_blocked_by_a_reference_of_no_login(place: Path) -> None:
    assert toegang("block", "--reference", "AAAA-BBBB-CCCC").exit_code == 1
    assert asyncio.run(status_of(place)) is Status.ACTIVE


def test_what_was_not_blocked_is_not_unblocked(place: Path) -> None:
    assert toegang("unblock", typed=SANNE.digits).exit_code == 1
    assert asyncio.run(status_of(place)) is Status.ACTIVE


def test_a_blocked_account_is_unblocked_for_its_person_to_recover(place: Path) -> None:
    done = toegang("block", "--reason", "fraud", typed=SANNE.digits)
    assert (done.exit_code, SANNE.digits in done.output) == (0, False)
    assert asyncio.run(status_of(place)) is Status.BLOCKED
    assert toegang("unblock", typed=SANNE.digits).exit_code == 0
    assert asyncio.run(status_of(place)) is Status.LOCKED


async def linked(place: Path) -> None:
    """Link an account at a bank to Sanne."""
    async with ground(config.load(place / "toegang.toml", os.environ)) as opened, open_accounts(opened) as at:
        linking, now = links(opened, at), opened.clock.now()
        person = await at.operating.desk.enrolment.find(SANNE)
        assert person is not None
        proven = Authentication(
            subject=Subject(issuer="https://bank.example", identifier="customer"),
            means=MeansId("bank"),
            level=Level.SUBSTANTIAL,
            at=now,
            factors=(Factor.EXTERNAL,),
        )
        async with opened.units.begin() as unit:
            card = Subject(issuer="card", identifier="chip", person=person.id)
            await linking.make(unit, Vouched(person=person.id, by=card, level=Level.LOW, at=now), proven, now)


def test_an_operator_sees_and_ends_the_links_of_a_person(place: Path) -> None:
    assert toegang("unlink", typed=SANNE.digits).exit_code == 1
    asyncio.run(linked(place))
    assert "bank  low  since" in toegang("links", typed=SANNE.digits).output
    assert toegang("unlink", "--means", "another", typed=SANNE.digits).exit_code == 1
    done = toegang("unlink", "--means", "bank", typed=SANNE.digits)
    assert (done.exit_code, SANNE.digits in done.output) == (0, False)
    assert "bank" not in toegang("links", typed=SANNE.digits).output


@pytest.mark.parametrize("command", ["links", "unlink"])
def test_nobody_has_no_links(place: Path, command: str) -> None:
    asyncio.run(linked(place))
    assert "bank" not in toegang(command, typed=DAAN.digits).output
    assert "bank" in toegang("links", typed=SANNE.digits).output


def test_an_account_is_suspended_until_a_day_and_the_suspension_is_taken_back(place: Path) -> None:
    ahead, past = ("--until", "2099-12-31"), ("--until", "2020-01-01")
    assert toegang("suspend", "--reason", "whim", *ahead, typed=SANNE.digits).exit_code == 2
    assert toegang("suspend", "--reason", "authority", *past, typed=SANNE.digits).exit_code == 1
    assert toegang("suspend", "--reason", "authority", *ahead, typed=DAAN.digits).exit_code == 1
    assert toegang("resume", typed=SANNE.digits).exit_code == 1
    done = toegang("suspend", "--reason", "authority", *ahead, typed=SANNE.digits)
    assert (done.exit_code, SANNE.digits in done.output) == (0, False)
    assert asyncio.run(status_of(place)) is Status.HELD
    assert "suspended (authority)  since" in toegang("holds", typed=SANNE.digits).output
    assert toegang("alive", typed=SANNE.digits).exit_code == 1
    assert toegang("settle", "--keep", "both", typed=SANNE.digits).exit_code == 1
    assert toegang("resume", typed=SANNE.digits).exit_code == 0
    assert asyncio.run(status_of(place)) is Status.ACTIVE


async def set_aside(place: Path) -> None:
    """Let an event of the register lie aside that can never be read."""
    async with ground(config.load(place / "toegang.toml", os.environ)) as opened, open_accounts(opened) as at:
        desk, id_ = life(opened, at).desk, sha256(b"{}").digest()
        sealed = desk.sealing.seal(b"{}", SEALED_FOR + id_)
        aside = Aside(
            id=id_, kind="unreadable", code="malformed", tries=1, at=opened.clock.now(), sealed=sealed
        )
        async with opened.units.begin() as unit:
            await desk.store.set_aside(unit, aside)


def test_an_operator_sees_tries_and_drops_what_the_register_told_amiss(place: Path) -> None:
    asyncio.run(set_aside(place))
    listed = CliRunner().invoke(app, ["life", "aside"]).output
    assert "44136fa355b3  unreadable  malformed" in listed
    assert "0 done." in CliRunner().invoke(app, ["life", "again"]).output
    assert CliRunner().invoke(app, ["life", "drop", "0"]).exit_code == 1
    assert CliRunner().invoke(app, ["life", "drop", "4413"]).exit_code == 0
    assert "unreadable" not in CliRunner().invoke(app, ["life", "aside"]).output
