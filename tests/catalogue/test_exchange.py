"""Files in and out: the example, what an export keeps, what a comparison says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue import builders as b
from toegang.assurance import Level
from toegang.catalogue.check import Basis, check_files, check_text
from toegang.catalogue.compare import between, differences
from toegang.catalogue.entries import SHAPES
from toegang.catalogue.exchange import check, diff_files
from toegang.catalogue.export import as_files, as_text
from toegang.catalogue.snapshot import Delta, Snapshot
from toegang.catalogue.values import (
    Attribute,
    AttributeGrant,
    ClientId,
    Contact,
    Kind,
    MeansId,
    Organisation,
    OrganisationId,
    PlannedLevel,
    Service,
    ServiceId,
    SingleSignOn,
    Text,
    Validity,
)

if TYPE_CHECKING:
    from pathlib import Path

FRESH = Basis(before=Snapshot.of([]), now=b.NOW, complete=True)
EXAMPLE = b.EXAMPLE.read_text(encoding="utf-8")

# What a person may write: no control characters, and not nothing.
TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30)
TEXT = st.builds(Text, nl=TEXTS.filter(str.strip), en=TEXTS.filter(str.strip))
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}[a-z0-9]", fullmatch=True)


@st.composite
def validity(draw: st.DrawFn) -> Validity:
    begin = draw(st.none() | MOMENTS)
    end = draw(st.none() | MOMENTS)
    if begin and end and end <= begin:
        end = begin + timedelta(days=1)
    return Validity(from_=begin, until=end)


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    contacts = st.builds(
        Contact,
        role=TEXTS.filter(str.strip),
        name=TEXTS.filter(str.strip),
        mail=st.just("a@b.example"),
        telephone=st.sampled_from(["", "+31 70 1234567"]),
    )
    return Organisation(
        id=OrganisationId(draw(NAMES)),
        names=draw(TEXT),
        kind=draw(st.sampled_from(Kind)),
        sector=draw(NAMES),
        oin=draw(st.sampled_from(["", "00000001234567000000", "01234567012345670123"])),
        supplier=draw(st.booleans()),
        enabled=draw(st.booleans()),
        validity=draw(validity()),
        contacts=tuple(draw(st.lists(contacts, max_size=2))),
    )


@st.composite
def services(draw: st.DrawFn, owner: Organisation) -> Service:
    plans = [
        PlannedLevel(level=level, from_=b.NOW + timedelta(days=int(level)), message=draw(TEXT))
        for level in sorted(draw(st.sets(st.sampled_from([Level.LOW, Level.SUBSTANTIAL, Level.HIGH]))))
    ]
    return Service(
        id=ServiceId(draw(st.uuids(version=4))),
        organisation=owner.id,
        names=draw(TEXT),
        descriptions=draw(TEXT),
        level=draw(st.sampled_from([Level.MINIMAL, Level.BASIC])),
        planned=tuple(plans),
        pseudonym_sector=draw(NAMES | st.just("")),
        pseudonym_version=draw(st.integers(1, 9)),
        attributes=tuple(
            AttributeGrant(attribute=attribute, purpose=draw(TEXT))
            for attribute in draw(st.sets(st.sampled_from(Attribute)))
        ),
        single_sign_on=SingleSignOn(allowed=draw(st.booleans()), max_age=draw(st.integers(1, 86_400))),
        confirm=draw(st.booleans()),
        validity=draw(validity()),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> Snapshot:
    owners = draw(st.lists(organisations(), max_size=3))
    offered = [service for owner in owners for service in draw(st.lists(services(owner), max_size=2))]
    return Snapshot.of([*owners, *offered])


@settings(max_examples=25)
@given(catalogues())
def test_what_is_exported_is_imported_without_a_change(snapshot: Snapshot) -> None:
    checked = check_text(as_text(snapshot), Basis(before=snapshot, now=b.NOW, complete=True))
    assert [str(problem) for problem in checked.problems] == []
    assert checked.changes == ()


@settings(max_examples=10)
@given(catalogues(), catalogues())
def test_the_changes_between_two_catalogues_lead_from_the_one_to_the_other(
    one: Snapshot, other: Snapshot
) -> None:
    assert one.apply(Delta(version=other.version, changes=between(one, other))) == other


def test_the_example_holds_every_key_and_has_no_problem() -> None:
    assert check([b.EXAMPLE], b.NOW, frozenset({"citizen"})) == ()
    for kind, shape in SHAPES.items():
        for key in shape.all_forms():
            assert f"{key}:" in EXAMPLE, f"{kind.value} {key}"


def test_the_example_survives_export_as_one_text_and_as_a_folder(tmp_path: Path) -> None:
    snapshot = check_text(EXAMPLE, FRESH).after
    assert check_text(as_text(snapshot), FRESH).after == snapshot
    for name, text in as_files(snapshot):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert (tmp_path / "organisations" / "gemeente-duinrand.yaml").exists()
    assert check_files([tmp_path], FRESH).after == snapshot


def test_an_export_does_not_depend_on_the_order_of_records() -> None:
    snapshot = check_text(EXAMPLE, FRESH).after
    assert as_text(Snapshot.of(reversed(list(snapshot.records())))) == as_text(snapshot)


def test_an_export_is_plain_yaml_for_any_reader() -> None:
    document = yaml.safe_load(as_text(check_text(EXAMPLE, FRESH).after))
    assert {each["id"] for each in document["means"]} == {"account", "bank-login"}


def test_a_date_is_the_first_moment_of_that_day_in_amsterdam() -> None:
    snapshot = check_text(EXAMPLE, FRESH).after
    town = snapshot.organisation(OrganisationId("gemeente-duinrand"))
    assert town is not None
    assert town.validity.from_ == datetime(2025, 12, 31, 23, tzinfo=UTC)


def test_an_import_of_one_file_leaves_what_it_does_not_name() -> None:
    before = check_text(EXAMPLE, FRESH).after
    person = "people:\n- {id: operator-2, subject: s, name: N, role: operator}\n"
    part = check_text(person, Basis(before=before, now=b.NOW))
    assert [change.key for change in part.changes] == ["operator-2"]


def test_an_import_of_a_whole_catalogue_takes_out_what_it_does_not_name() -> None:
    before = check_text(EXAMPLE, FRESH).after
    text = EXAMPLE[: EXAMPLE.index("\npeople:")]
    whole = check_text(text, Basis(before=before, now=b.NOW, complete=True))
    assert {(change.key, change.record) for change in whole.changes} == {
        ("operator-1", None),
        ("duinrand-beheer", None),
        ("app-voorjaar", None),
    }


def test_a_comparison_says_what_changes_in_the_words_of_the_file() -> None:
    before = b.snapshot()
    after = b.snapshot(b.means(ceiling=Level.SUBSTANTIAL, blocked=True), b.client(id=ClientId("new")))
    told = "\n".join(str(difference) for difference in differences(before, between(before, after)))
    assert '    ceiling: "low" -> "substantial"' in told
    assert "    blocked: (as usual) -> true" in told
    assert "~ means account (Account (nl))" in told
    assert "+ client new (Portal (nl))" in told


def test_a_comparison_tells_of_a_service_that_moves_to_another_organisation() -> None:
    changes = between(b.snapshot(), b.snapshot(b.service(organisation=b.HUB)))
    (difference,) = differences(b.snapshot(), changes)
    assert '    organisation: "gemeente-duinrand" -> "toegang"' in str(difference)


def test_two_files_are_compared_without_a_database(tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    changed.write_text(EXAMPLE.replace("blocked: false", "blocked: true"), encoding="utf-8")
    (difference,) = diff_files([b.EXAMPLE], [changed], b.NOW).differences
    assert difference.key == "bank-login"
    changed.write_text("means: []\nhello: x", encoding="utf-8")
    result = diff_files([b.EXAMPLE], [changed], b.NOW)
    assert (len(result.problems), result.differences) == (1, ())


def test_a_key_set_is_kept_in_one_spelling() -> None:
    portal = check_text(EXAMPLE, FRESH).after.client(ClientId("duinrand-portal"))
    assert portal is not None
    assert portal.jwks == json.dumps(json.loads(portal.jwks), sort_keys=True, separators=(",", ":"))


def test_excluded_means_are_ids_of_means() -> None:
    seaview = check_text(EXAMPLE, FRESH).after.service(
        ServiceId(UUID("0192d3a4-0000-7000-8000-000000000002"))
    )
    assert seaview is not None
    assert seaview.excluded_means == (MeansId("bank-login"),)


def test_the_reference_page_names_every_key() -> None:
    page = (b.EXAMPLE.parents[1] / "reference" / "catalogue.md").read_text(encoding="utf-8")
    for kind, shape in SHAPES.items():
        for key in shape.all_forms():
            assert f"`{key}`" in page, f"{kind.value} {key}"
