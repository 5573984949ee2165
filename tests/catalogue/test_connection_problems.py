"""Every way in which connections and metadata in a catalogue file are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.catalogue import builders as b
from tests.catalogue.test_problems import FRESH, changed, judged
from toegang.catalogue.check import Basis, check_text
from toegang.catalogue.export import as_text
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import IdentityForm, OrganisationId, SamlProfile

FORMS = "      - id: duinrand-formulieren\n"
DV = "entity_id: urn:nl-eid-gdi:1.0:DV:00000009999999990002:entities:0001\n        profile"
MEMBER = '"urn:nl-eid-gdi:1.0:DV:00000009999999990003:entities:0001"'
LC = "entity_id: urn:nl-eid-gdi:1.0:LC:00000009999999990004:entities:0001"
INDEX = "          - {index: 1, service: 0192d3a4-0000-7000-8000-000000000001}"
CLUSTER = "services: [0192d3a4-0000-7000-8000-000000000002, 0192d3a4-0000-7000-8000-000000000003]"
HEALTH = "level: basic\n        pseudonym_sector: seaview # people"

# What is written in the example, what a mistake makes of it, what is told (and must be mended how).
MISTAKES = {
    "profile": ("profile: digid3", "profile: digid4", "write one of: st-saml, digid3, etd, saml2int"),
    "name that is no URI": (DV, "entity_id: duinrand\n        profile", "an entity id is a URI"),
    "name that is too long": (
        DV,
        f"entity_id: https://{'x' * 1100}.example\n        profile",
        "at most 1024",
    ),
    "name with a space": (DV, "entity_id: https://duin rand.example\n        profile", "is a URI"),
    "name of a script": (DV, "entity_id: javascript:alert(1)\n        profile", "is a URI"),
    "keys in the catalogue": (FORMS, FORMS + "        certificates: []\n", "toegang metadata import"),
    "id of a client": (
        FORMS,
        "      - id: duinrand-portal\n",
        "`duinrand-portal` is the id of a client too",
    ),
    "name of another connection": (
        LC,
        "entity_id: urn:nl-eid-gdi:1.0:DV:00000009999999990002:entities:0001",
        "connection `duinrand-formulieren` has this entity id too",
    ),
    "name that is not of the scheme": (LC, LC.replace("0001", "1"), "is not a name of the scheme"),
    "role that asks no logins": (LC, LC.replace(":LC:", ":AD:"), "AD in the entity id is not the role"),
    "OIN of another": (LC, LC.replace("0004:", "0002:"), "the OIN in the entity id is not that of `portaalb"),
    "OIN of another member": (MEMBER, MEMBER.replace("0003:", "0002:"), "is not that of `ziekenhuis-zeezi"),
    "scheme without an OIN": (
        '    oin: "00000009999999990004"\n',
        "",
        "st-saml is only for an organisation with an OIN",
    ),
    "profile that has no word for it": ("profile: digid3", "profile: etd", "etd cannot tell a `bsn`"),
    "plain profile for the BSN": (
        "profile: digid3",
        "profile: saml2int",
        "use st-saml or digid3, or another `identity`",
    ),
    "older profile without a reason": (
        "        profile_reason: Replaced in 2027; until then these forms cannot speak st-saml.\n",
        "",
        "the profile `digid3` needs a reason",
    ),
    "nothing to log in for": (CLUSTER, "services: []", "there is no service to log in for"),
    "unknown service": (CLUSTER, CLUSTER.replace("0003]", "000f]"), "no service 0192d3a4"),
    "service of nobody in the cluster": (
        CLUSTER,
        CLUSTER.replace("0003]", "0001]"),
        "belongs to `gemeente-duinrand`, which is no member",
    ),
    "service of another organisation": (
        "8000-000000000001] # the first is meant when none is named\n        service_",
        "8000-000000000002]\n        service_",
        "belongs to `ziekenhuis-zeezicht`",
    ),
    "number given twice": (INDEX, f"{INDEX}\n{INDEX}", "index 1 stands here twice"),
    "number out of bounds": (INDEX, INDEX.replace("index: 1", "index: 65536"), "from 0 to 65535"),
    "number of a foreign service": (INDEX, INDEX.replace("0001}", "0002}"), "is not one of `services`"),
    "members of who is no supplier": ("    supplier: true", "    supplier: false", "only a supplier has mem"),
    "member given twice": (
        "          - {organisation: ziekenhuis-zeezicht, entity_id: " + MEMBER + "}\n",
        ("          - {organisation: ziekenhuis-zeezicht, entity_id: " + MEMBER + "}\n") * 2,
        "stands here twice; give each member",
    ),
    "member with the supplier's name": (MEMBER, LC.removeprefix("entity_id: "), "own entity id; give the"),
    "member that is not there": (
        "{organisation: ziekenhuis-zeezicht",
        "{organisation: ziekenhuis",
        "no organisation `ziekenhuis`",
    ),
    "alias that means something else": ("duinrand-2, level: low", "low, level: high", "already means low"),
    "polymorphic BSN": (
        "identity: bsn #",
        "identity: polymorphic-bsn #",
        "this form is not there yet; use `bsn`",
    ),
    "polymorphic pseudonym": (
        HEALTH,
        "identity: polymorphic-pseudonym\n        " + HEALTH,
        "not there yet; use `pseudonym`",
    ),
    "ground of a public organisation": (
        '    oin: "00000009999999990002"\n',
        '    oin: "00000009999999990002"\n    bsn_ground: x\n',
        "needs no ground",
    ),
    "metadata of another": (
        "      entity_id: https://oud.duinrand.example/sp",
        "      entity_id: https://nieuw.duinrand.example/sp",
        "the metadata is of another entity",
    ),
    "metadata by nobody's word": (
        "    sha256: 0a5c2f8e2dfe5b7a3f54b6a7f0a0c0d1f2e3d4c5b6a79887766554433221100f # b",
        "    # b",
        "by whose word this metadata was believed",
    ),
    "signer that is no certificate": ("      - MIIB", "      - MIIC", "not a certificate"),
    "certificate that is no base64": ("      - MIIB", '      - "*MIIB"\n      - MIIB', "is not base64"),
    "binding of metadata without a place": (
        "            location: https://oud.duinrand.example/acs\n",
        "",
        "`location` is missing",
    ),
    "use of a key": ("use: both", "use: decoration", "write one of: signing, encryption, both"),
    "half a name": ("[en, Apply for a permit]]", "[en]]", "2 values belong here"),
}


@pytest.mark.parametrize(("before", "after", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_its_remedy(before: str, after: str, told: str) -> None:
    checked = judged(changed(before, after))
    assert any(told in str(problem) for problem in checked.problems), [str(p) for p in checked.problems]
    assert not checked.changes
    assert all(problem.remedy for problem in checked.problems)


def test_a_provider_in_health_care_gets_the_bsn_by_the_law_that_it_names() -> None:
    text = changed(HEALTH, "identity: bsn\n        " + HEALTH)
    assert judged(text).problems == ()
    lawless = text.replace("    bsn_ground: Wet", "    # Wet")
    (problem,) = judged(lawless).problems
    assert "name that law" in problem.remedy


@pytest.mark.parametrize("profile", [each for each in SamlProfile if each is not SamlProfile.DIGID3])
@pytest.mark.parametrize("identity", IdentityForm)
def test_what_a_profile_can_tell_is_accepted(profile: SamlProfile, identity: IdentityForm) -> None:
    named = b.connection(profile=profile, profile_reason="test")
    # A client of a service about organisations has a rule of its own.
    snapshot = b.snapshot(b.service(identity=identity), b.client(enabled=False), named)
    fresh = Basis(before=Snapshot.of([]), now=b.NOW, complete=True)
    told = [problem.what for problem in check_text(as_text(snapshot), fresh).problems]
    unable = {
        (SamlProfile.ETD, IdentityForm.BSN),
        *((SamlProfile.SAML2INT, each) for each in IdentityForm if each is not IdentityForm.PSEUDONYM),
    }
    assert [("cannot tell" in what) for what in told] == [True] * ((profile, identity) in unable)


def test_a_service_that_asks_more_is_a_problem_of_connections_that_are_not_in_the_file() -> None:
    before = check_text(b.EXAMPLE.read_text(encoding="utf-8"), Basis(before=Snapshot.of([]), now=b.NOW)).after
    town = before.organisation(OrganisationId("gemeente-duinrand"))
    service = before.service(b.PERMIT)
    assert town is not None
    assert service is not None
    text = as_text(Snapshot.of([town, replace(service, identity=IdentityForm.KVK)]))
    (problem,) = check_text(text, Basis(before=before, now=b.NOW)).problems
    assert problem.what.startswith("connection `duinrand-formulieren`: digid3 cannot tell a `kvk`")


def test_metadata_stays_when_a_whole_catalogue_without_any_is_imported() -> None:
    before = b.snapshot()
    rest = Snapshot.of(each for each in before.records() if each.id != b.FORMS_ENTITY)
    whole = check_text(as_text(rest), Basis(before=before, now=b.NOW, complete=True))
    assert whole.problems == ()
    assert whole.after.entity(b.FORMS_ENTITY) == b.entity()
    emptied = check_text(as_text(rest) + "entities: []\n", Basis(before=before, now=b.NOW, complete=True))
    assert emptied.after.entity(b.FORMS_ENTITY) is None


def test_an_older_copy_of_metadata_does_not_bring_back_keys_that_ended() -> None:
    old = as_text(b.snapshot())
    newer = b.entity(fetched_at=b.NOW.replace(month=4), metadata=b.metadata(cache_seconds=60))
    before = b.snapshot(newer)
    checked = check_text(old, Basis(before=before, now=b.NOW, complete=True))
    assert (checked.problems, checked.changes) == ((), ())
    assert checked.after.entity(b.FORMS_ENTITY) == newer


@pytest.mark.parametrize(
    "name",
    [
        "urn:nl-eid-gdi:1.0:DV:00000009999999990002:entities:0001",  # a connection
        "urn:nl-eid-gdi:1.0:DV:00000009999999990003:entities:0001",  # a member
        "https://oud.duinrand.example/sp",  # metadata
    ],
)
def test_nobody_is_called_as_we_are(name: str) -> None:
    text = b.EXAMPLE.read_text(encoding="utf-8")
    assert judged(text, replace(FRESH, own=frozenset({"https://hub.example/saml/metadata"}))).problems == ()
    problems = judged(text, replace(FRESH, own=frozenset({name}))).problems
    assert any(f"{name} is our own entity id" in str(problem) for problem in problems), problems
