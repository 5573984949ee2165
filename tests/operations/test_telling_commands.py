"""What the commands tell an operator: a login's decision and its events, figures, keys. Never who it was."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from tests.audit.builders import NAME, Room, completed, refused
from tests.operations.hub import copy_of
from toegang.assurance import Level
from toegang.audit.checkpoint import Signer
from toegang.audit.events import AssertionIssued, DeclarationIssued
from toegang.catalogue.values import ClientId, MeansId, OrganisationId, ServiceId, Text
from toegang.cli.main import app
from toegang.identity.people import PersonId
from toegang.keys.ed25519 import Ed25519Key
from toegang.login.decision import COMPLETED, Decision, Proven
from toegang.login.transaction import Offer
from toegang.means.base import Factor, TransactionId
from toegang.storage import database_at
from toegang.storage.decisions import DecisionsStore

REFERENCE = "REF-7"
PERSON = PersonId(UUID("5a000000-0000-4000-8000-00000000ca4a"))
SERVICE = UUID("01929d2e-0000-7000-8000-00000000acc0")
MEANS = MeansId("citizen-account")
IN_MARCH = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SPRING = ("--from", "2026-01-01", "--until", "2026-05-01")
ASSERTION, HASH = "_4d6b3ce0b0f64c9d", "5c" * 32
DECLARATION, DECLARED_HASH = "_9e107d9d372bb682", "7a" * 32
LOGINS = {Level.LOW: 40, Level.BASIC: 12, Level.HIGH: 3}


@pytest.fixture(scope="module")
def place(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an installed hub in which people logged in, and one login of which the decision is kept."""
    copy = copy_of(installed, tmp_path_factory.mktemp("telling"))
    asyncio.run(lived_in(copy))
    return copy


async def lived_in(place: Path) -> None:
    database = database_at(f"sqlite:///{place / 'toegang.db'}")
    await database.open()
    room = Room(
        database, place / "checkpoints", Signer(NAME, Ed25519Key.load(place / "secrets" / "trail.pem"))
    )
    for level, number in LOGINS.items():
        logins = [completed(each, level, IN_MARCH) for each in range(number)]
        await room.record(*(replace(each, service=SERVICE, means=MEANS) for each in logins))
    await room.record(*(replace(refused(each), at=IN_MARCH) for each in range(1000, 1011)))
    await room.record(
        AssertionIssued(
            at=IN_MARCH,
            reference=REFERENCE,
            client="balie",
            service=SERVICE,
            assertion=ASSERTION,
            digest=HASH,
        ),
        DeclarationIssued(
            at=IN_MARCH,
            reference=REFERENCE,
            client="balie",
            service=SERVICE,
            declaration=DECLARATION,
            digest=DECLARED_HASH,
            issuer="urn:example:register",
            statement=SERVICE,
        ),
    )
    await room.sequence()
    async with database.begin() as unit:
        await DecisionsStore(database).record(unit, decision())
    await database.close()


def decision() -> Decision:
    """Return the record of a login that stepped up, of a person whom no command may name."""
    proof = Proven(
        means=MEANS, level=Level.LOW, at=IN_MARCH, factors=(Factor.PASSWORD, Factor.SMS_CODE), reused=False
    )
    return Decision(
        reference=REFERENCE,
        login=TransactionId("the-id-of-a-login"),
        person=PERSON,
        client=ClientId("balie"),
        organisation=OrganisationId("hub"),
        provider=Text("Stad", "Town"),
        service=ServiceId(SERVICE),
        service_name=Text("Vergunning", "Permit"),
        service_level=Level.BASIC,
        required=Level.LOW,
        offers=(
            Offer(means=MEANS, name=Text("Account", "Account"), level=Level.LOW, reason=""),
            Offer(means=MeansId("other"), name=Text("Ander", "Other"), level=Level.BASIC, reason="closed"),
        ),
        proven=(proof,),
        level=Level.LOW,
        released=("pseudonym", "family_name"),
        end=COMPLETED,
        started_at=IN_MARCH - timedelta(seconds=40),
        ended_at=IN_MARCH,
    )


def toegang(place: Path, *words: str) -> Result:
    """Run a command where the hub is, on a terminal of 80 columns."""
    with contextlib.chdir(place):
        return CliRunner(env={"COLUMNS": "80"}).invoke(app, words)


def test_a_reference_of_no_login_is_told_to_be_so(place: Path) -> None:
    done = toegang(place, "decision", "AAAA-BBBB-CCCC")
    assert done.exit_code == 1
    assert "no login ended with reference code AAAA-BBBB-CCCC" in done.stderr


def test_a_decision_tells_all_of_a_login_but_who_it_was_and_the_look_is_recorded(place: Path) -> None:
    done = toegang(place, "decision", REFERENCE.lower())
    told = {line[:9].strip(): line[9:] for line in done.stdout.splitlines()[1:]}

    assert done.exit_code == 0, done.output
    assert told["asked"] == f"Town: Permit ({SERVICE}) by balie"
    assert told["level"] == "service asks BASIC, to prove LOW"
    assert "other reaches BASIC; not offered: closed" in done.stdout
    assert told["proven"].startswith("LOW by citizen-account with password, sms-code")
    assert told["result"] == "LOW; released: pseudonym, family_name"
    assert str(PERSON) not in done.stdout
    assert "decision:looked-up" in toegang(place, "audit", "show", REFERENCE).stdout


def test_an_assertion_that_was_never_issued_or_says_something_else_is_told_to_be_forged(place: Path) -> None:
    unknown = toegang(place, "audit", "issued", "_never")
    changed = toegang(place, "audit", "issued", ASSERTION, "--hash", "5d" * 32)
    unreadable = toegang(place, "audit", "issued", ASSERTION, "--hash", "5d5d")
    assert (unknown.exit_code, changed.exit_code, unreadable.exit_code) == (1, 1, 1)
    assert "treat it as forged" in unknown.stderr
    assert "said something else" in changed.stderr
    assert "copy the DigestValue" in unreadable.stderr


def test_an_assertion_that_was_issued_is_found_by_its_id_and_its_hash(place: Path) -> None:
    as_it_stands = base64.b64encode(bytes.fromhex(HASH)).decode()
    for written in (HASH, as_it_stands):
        done = toegang(place, "audit", "issued", ASSERTION, "--hash", written)
        assert done.exit_code == 0, done.output
        assert f"to balie, for the login with reference code {REFERENCE}" in done.stdout
    assert "Only the ID was compared" in toegang(place, "audit", "issued", ASSERTION).stderr


def test_a_declaration_of_the_register_is_found_by_its_own_id_and_hash(place: Path) -> None:
    done = toegang(place, "audit", "issued", DECLARATION, "--hash", DECLARED_HASH)
    of_the_login = toegang(place, "audit", "issued", DECLARATION, "--hash", HASH)
    assert done.exit_code == 0, done.output
    assert "in the name of urn:example:register" in done.stdout
    assert of_the_login.exit_code == 1


def test_the_events_of_a_login_are_shown_without_who_it_was(place: Path) -> None:
    done = toegang(place, "audit", "show", REFERENCE)
    assert done.exit_code == 0
    assert "login:completed" in done.stdout
    assert "person-0" not in done.stdout


def test_figures_are_lines_that_fit_a_terminal_with_names_and_without_small_numbers(place: Path) -> None:
    done = toegang(place, "figures", *SPRING)
    lines = done.stdout.splitlines()
    by_level = lines[lines.index("Logins per level") + 1 : lines.index("Logins per service")]

    assert done.exit_code == 0, done.output
    assert by_level == [
        "  Basic",
        "    2026-03-01  <10",
        "  Low",
        "    2026-03-01  40",
        "  High",
        "    2026-03-01  <10",
        "  total",
        "    2026-03-01  55",
    ]
    assert "  My Toegang" in lines
    assert "  Toegang account" in lines
    assert "    2026-03-01  100.0 %" in lines
    assert lines[lines.index("Active accounts per level") + 1] == "  nothing"
    assert max(map(len, lines)) <= 80


def test_figures_counted_anew_from_the_whole_trail_are_the_same_file_to_the_byte(place: Path) -> None:
    first = toegang(place, "figures", *SPRING, "--csv")
    anew = toegang(place, "figures", *SPRING, "--csv", "--rebuild")
    numbers = {
        (row["figure"], row["key"]): row["value"]
        for row in csv.DictReader(io.StringIO(anew.stdout))
        if row["period"] == "2026-03-01"
    }

    assert anew.stdout == first.stdout
    assert "66 events counted" in anew.stderr
    assert numbers["logins-by-means", MEANS] == "55"
    assert numbers["refusals-by-code", "level-unreachable"] == "11"


def test_the_id_of_a_key_is_listed_whole_and_withdraws_it(installed: Path, tmp_path: Path) -> None:
    place = copy_of(installed, tmp_path)
    before = toegang(place, "keys", "list").stdout.splitlines()
    kid = before[next(at for at, line in enumerate(before) if "ES256 active" in line) - 1]
    nobodys = toegang(place, "keys", "withdraw", "no-such-key", "--yes")
    done = toegang(place, "keys", "withdraw", kid, "--yes")
    after = toegang(place, "keys", "list").stdout.splitlines()

    assert nobodys.exit_code == 1
    assert done.exit_code == 0, done.output
    assert "ES256 gone" in after[after.index(kid) + 1]
    assert [line for line in after if "ES256 active" in line]
