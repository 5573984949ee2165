"""Every way in which a catalogue file is refused: where, what, how to mend it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.catalogue import builders as b
from toegang.assurance import Level
from toegang.catalogue.check import Basis, Checked, check_files, check_text
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import PlannedLevel
from toegang.means import kinds

KINDS = frozenset({"citizen"})
FRESH = Basis(before=Snapshot.of([]), now=b.NOW, kinds=KINDS, complete=True)

MEANS_OF_ANOTHER = """
means:
  - id: bank
    kind: {kind}
    organisation: toegang
    names: {{nl: Bank, en: Bank}}
    ceiling: low
    settings: {settings}
"""

# What is written in the example, what a mistake makes of it, what is told (and must be mended how).
MISTAKES = {
    "unknown key": (
        "    sector: finance",
        "    setcor: finance",
        "unknown key `setcor`; did you mean `sector`",
    ),
    "missing key": ("    names: {nl: De Bank, en: The Bank}\n", "", "`names` is missing; add `names:`"),
    "key given twice": ("    sector: finance", "    sector: finance\n    sector: x", "twice, first on line"),
    "text in one language": ("{nl: De Bank, en: The Bank}", "{nl: De Bank}", "`en` is missing"),
    "empty text": ("{nl: De Bank, en: The Bank}", '{nl: De Bank, en: " "}', "the text is empty"),
    "nothing where a value belongs": ("    sector: finance", "    sector:", "there is no value here"),
    "list where a word belongs": ("    sector: finance", "    sector: [finance]", "one value belongs"),
    "word where a list belongs": ("excluded_means: [bank-login]", "excluded_means: bank", "must be a list"),
    "word where a mapping belongs": ("{nl: De Bank, en: The Bank}", "De Bank", "this must be a mapping"),
    "id with capitals": ("  - id: bank\n", "  - id: Bank\n", "an id has 1 to 100 small letters"),
    "kind of organisation": (
        "kind: public # a public",
        "kind: state # a public",
        "write one of: public, priv",
    ),
    "short OIN": ('oin: "00000009999999990002"', "oin: 9999999990002", "not an OIN"),
    "UUID in capitals": (
        "      - id: 0192d3a4-0000-7000-8000-000000000002",
        "      - id: 0192D3A4-0000-7000-8000-000000000002",
        "is not a UUID",
    ),
    "UUID of zeroes": (
        "      - id: 0192d3a4-0000-7000-8000-000000000002",
        "      - id: 00000000-0000-0000-0000-000000000000",
        "is not a UUID",
    ),
    "level word": ("    ceiling: low", "    ceiling: midden", "write one of: minimal, basic, low"),
    "truth": ("    gives_bsn: true", "    gives_bsn: yes", "`yes` is neither true nor false"),
    "moment without zone": ("from: 2026-01-01 # a", "from: 2026-01-01T10:00:00 # a", "in which time zone"),
    "no date": ("from: 2026-01-01 # a", "from: 2026-02-30 # a", "not a date or a moment"),
    "dates the wrong way round": (
        "from: 2026-01-01 # a",
        "from: 2026-01-01\n    until: 2025-01-01 # a",
        "`until` is not after `from`",
    ),
    "number out of bounds": ("max_age: 600", "max_age: -1", "not a whole number from 1 to 86400"),
    "mail address": ("mail: web@duinrand.example", "mail: web", "not a mail address"),
    "telephone number": ("telephone: +31 70 1234567", "telephone: 070-1234567", "write it like +31"),
    "attribute": ("attribute: family_name", "attribute: shoe_size", "write one of: given_names"),
    "attribute without purpose": (
        "            purpose: {nl: Om u te kunnen aanspreken., en: To address you.}\n",
        "",
        "`purpose` is missing",
    ),
    "attribute asked twice": (
        "        attributes: # what the service may learn besides, and why\n",
        "        attributes:\n          - {attribute: family_name, purpose: {nl: x, en: x}}\n",
        "`family_name` is asked twice",
    ),
    "plain redirect": (
        "[https://mijn.zeezicht.example/oidc]",
        "[http://mijn.zeezicht.example/oidc]",
        "begins with https",
    ),
    "redirect with fragment": ("zeezicht.example/oidc]", "zeezicht.example/oidc#x]", "no fragment (RFC6749"),
    "redirect with wildcard": ("https://mijn.zeezicht", "https://*.zeezicht", "without a wildcard"),
    "redirect with a name in it": ("https://mijn.zeezicht", "https://a@mijn.zeezicht", "no name or password"),
    "redirect with a bad port": ("example/oidc]", "example:99999/oidc]", "a right port"),
    "redirect of a script": (
        "https://mijn.zeezicht.example/oidc",
        "javascript:alert(1)",
        "begins with https",
    ),
    "own scheme with a host": ("example.zeezicht.app:/call", "example.zeezicht.app://call", "one slash"),
    "own scheme at a server": (
        "[https://mijn.zeezicht.example/oidc]",
        "[example.zeezicht:/oidc]",
        "set `native: true`",
    ),
    "no address to return to": (
        "        redirect_uris: [https://mijn.zeezicht.example/oidc]\n",
        "",
        "add `redirect_uris:`",
    ),
    "no service to log in for": (
        "        services: [0192d3a4-0000-7000-8000-000000000003]",
        "        services: []",
        "name a service's id",
    ),
    "unknown service": (
        "        services: [0192d3a4-0000-7000-8000-000000000003]",
        "        services: [0192d3a4-0000-7000-8000-00000000000f]",
        "no service 0192d3a4-0000-7000-8000-00000000000f",
    ),
    "service named twice": (
        "          - 0192d3a4-0000-7000-8000-000000000003\n",
        "          - 0192d3a4-0000-7000-8000-000000000002\n",
        "is named twice",
    ),
    "service of another organisation": ("    supplier: true", "    supplier: false", "set `supplier: true`"),
    "unknown organisation of a means": (
        "    organisation: bank",
        "    organisation: banc",
        "no organisation",
    ),
    "unknown organisation of a person": (
        "    organisation: gemeente-duinrand",
        "    organisation: gemeente",
        "no organisation `gemeente`",
    ),
    "party manager without a party": (
        "    role: party-manager\n    organisation: gemeente-duinrand\n",
        "    role: party-manager\n",
        "a party manager has no organisation",
    ),
    "kind of means": ("    kind: citizen", "    kind: telepathy", "write one of: citizen"),
    "excluded means that is not there": ("[bank-login] #", "[bank-logon] #", "no means `bank-logon`"),
    "id used twice": ("  - id: bank\n", "  - id: toegang\n", "twice, first at"),
    "secret among the settings": ("issuer: https", "client_secret: https", "looks like a secret"),
    "planned level in disorder": (
        "          - level: substantial",
        "          - level: basic",
        "not higher than",
    ),
    "key that is missing": (
        "        authentication: none",
        "        authentication: private_key_jwt",
        "add `jwks",
    ),
    "client outside that proves nothing": (
        "        native: true",
        "        native: true\n        authentication: none",
        "must prove who it is",
    ),
    "secret that is missing": (
        "          - d376e395e1697b9d2da9a6e0b364ceb7381f8a775c98eb0c066c232361e16f46\n",
        "          []\n",
        "run `toegang client secret`",
    ),
    "secret that is not used": (
        "authentication: client_secret_basic",
        "authentication: none",
        "uses no secret",
    ),
    "basic profile without a reason": (
        "        profile_reason: Replaced in 2027; until then this portal cannot sign.\n",
        "",
        "write in `profile_reason:`",
    ),
    "a secret under the Dutch profile": (
        "profile: basic",
        "profile: nlgov",
        "nlgov needs private_key_jwt",
    ),
    "fapi2 without DPoP": (
        "profile: nlgov # as it would be anyway, like the line on authentication",
        "profile: fapi2\n        dpop_requried: false",
        "did you mean `dpop_required`",
    ),
    "unknown profile": ("profile: basic", "profile: lax", "write one of: basic, fapi2, nlgov"),
    "algorithm that is not used": ("id_token_alg: ES256", "id_token_alg: none", "write one of: ES256, PS256"),
    "encryption without a key": (
        "userinfo_encryption: ECDH-ES",
        "userinfo_encryption: RSA-OAEP-256",
        "`use: enc`",
    ),
    "keys at an address": (
        "        jwks:\n",
        "        jwks_uri: https://x.example\n        jwks:\n",
        "is fetched",
    ),
    "alias with a space": ("name: zeezicht-2,", "name: zeezicht 2,", "has a space"),
    "alias given twice": ("name: zeezicht-2,", "name: zeezicht-tweefactor,", "stands here twice"),
    "alias that means something else": (
        "name: zeezicht-2,",
        "name: http://eidas.europa.eu/LoA/high,",
        "already means high",
    ),
    "aliases that all end": (
        "{name: zeezicht-tweefactor, level: low}",
        "{name: zeezicht-tweefactor, level: low, until: 2098-01-01}",
        "every alias of low ends",
    ),
    "BSN without an OIN": (
        '    oin: "00000009999999990002"\n',
        "",
        "the BSN is only for an organisation with an OIN",
    ),
    "BSN at a private party": (
        "    kind: public # a public",
        "    kind: private # a public",
        "the BSN is only for a public organisation, or one that a law lets use it",
    ),
    "public party that excludes a means": (
        "        identity: bsn # only",
        "        excluded_means: [bank-login]\n        identity: bsn # only",
        "cannot exclude an admitted means",
    ),
    "private key": (
        "              kid: portal-2026\n",
        "              kid: portal-2026\n              d: AA\n",
        "private",
    ),
    "point that is not on the curve": ("              y: WfkP5", "              y: WfkP6", "not a key"),
    "curve that is not used": (
        "crv: P-256\n              use: sig",
        "crv: P-1\n              use: sig",
        "of a kind",
    ),
    "two keys of one name": (
        "use: enc\n              kid: portal-reads",
        "use: sig\n              kid: portal-2026",
        "two",
    ),
    "unknown section": ("\npeople:\n", "\nstaff:\n", "unknown key `staff`"),
    "indentation": ("  - id: bank\n    names", "  - id: bank\n   names", "this is not YAML"),
    "alias": ("    sector: finance", "    sector: *finance", "aliases (`*name`) are not read here"),
    "two documents": ("\npeople:\n", "\n---\npeople:\n", "a file holds one document"),
    "control character": ("names: {nl: De Bank", "names: {nl: De\x07Bank", "this is not YAML"),
}


def judged(text: str, basis: Basis = FRESH) -> Checked:
    return check_text(text, basis)


def changed(before: str, after: str) -> str:
    text = b.EXAMPLE.read_text(encoding="utf-8")
    assert text.count(before) >= 1, before
    return text.replace(before, after, 1)


@pytest.mark.parametrize(("before", "after", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_its_remedy(before: str, after: str, told: str) -> None:
    checked = judged(changed(before, after))
    assert any(told in str(problem) for problem in checked.problems), [str(p) for p in checked.problems]
    assert not checked.changes
    assert all(problem.remedy for problem in checked.problems)


def test_a_problem_names_file_line_and_column_as_editors_count_them() -> None:
    text = changed("    ceiling: low", "    ceiling: midden")
    line = text[: text.index("midden")].count("\n") + 1
    (problem,) = judged(text).problems
    assert str(problem).startswith(f"catalogue.yaml:{line}:14: unknown level 'midden'")


def test_all_problems_of_a_file_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed("    ceiling: low", "    ceiling: midden").replace("kind: citizen\n", "kind: telepathy\n")
    text = text.replace("    sector: finance", "    setcor: finance")
    problems = judged(text).problems
    assert len(problems) == 4  # the wrong word makes the right one missing too
    assert [p.place.line for p in problems] == sorted(p.place.line for p in problems)


def test_a_record_that_cannot_be_read_does_not_make_others_refer_to_nothing() -> None:
    text = changed("{nl: Uitslagen bekijken, en: See test results}", "{nl: Uitslagen bekijken}")
    (problem,) = judged(text).problems
    assert problem.what == "`en` is missing"


@pytest.mark.parametrize("key", ["secret", "client_secret", "password"])
def test_a_secret_in_clear_is_refused_and_never_repeated(key: str) -> None:
    text = changed("        introspection: true", f"        {key}: fake-secret-in-clear")
    (problem,) = judged(text).problems
    assert "toegang client secret" in str(problem)
    assert "fake-secret-in-clear" not in str(problem)


def test_a_secret_in_place_of_its_hash_is_refused_and_never_repeated() -> None:
    text = re.sub(r"- d376[0-9a-f]{60}", "- fake-secret-in-clear", b.EXAMPLE.read_text(encoding="utf-8"))
    problems = judged(text).problems
    assert any("may be a secret in clear" in problem.what for problem in problems)
    assert not any("fake-secret-in-clear" in str(problem) for problem in problems)


@pytest.mark.parametrize("brackets", ["[" * 200_000, "a: {" * 50_000, "- " * 50_000])
def test_a_file_that_nests_without_end_is_refused(brackets: str) -> None:
    (problem,) = judged(brackets).problems
    assert "nested too deep" in problem.what


def test_a_weak_key_is_refused() -> None:
    weak = (
        "1rIQVdaprN_e7cMutsDDF6hb275q7ul4uMFsubNw6L7w1wkxxqU6O9Ffaq6JlcmZP8m42OsKqIeF81xuIR0GcevlzEAw2G8KnOXr806"
        "QegrDo7gIqQXxkcQKt2Dejdr0Udn_qbGm_H2CdnoS6qcaGRvoJesdxmhj2YecVdD4qts"
    )
    key = f"{{kty: RSA, use: sig, kid: weak, e: AQAB, n: {weak}}}"
    text = changed("          keys:\n", f"          keys:\n            - {key}\n")
    assert any("1024 bits" in problem.what for problem in judged(text).problems)


@pytest.mark.requires("FAPI2-5.3.2.1")
def test_fapi2_needs_a_key_and_dpop() -> None:
    text = changed("profile: basic", "profile: fapi2")
    told = {problem.what for problem in judged(text).problems}
    assert told >= {"fapi2 needs private_key_jwt or tls_client_auth", "fapi2 needs DPoP"}


@pytest.mark.parametrize("address", ["http://localhost:8000/cb", "http://127.0.0.1/cb", "http://[::1]:1/cb"])
def test_http_is_for_this_machine_alone(address: str) -> None:
    text = changed("[https://mijn.zeezicht.example/oidc]", f'["{address}"]')
    assert judged(text).problems == ()


def test_a_new_plan_for_a_service_in_use_does_not_begin_in_the_past() -> None:
    plan = PlannedLevel(level=Level.HIGH, from_=b.NOW - timedelta(days=1), message=b.text("soon"))
    text = changed("from: 2099-01-01", "from: 2026-02-01")
    assert judged(text).problems == ()  # a service that is new has no users to surprise
    town = b.organisation(id="gemeente-duinrand")
    in_use = Basis(before=Snapshot.of([town, b.service(planned=(plan,))]), now=b.NOW, complete=True)
    (problem,) = judged(text, in_use).problems
    assert "begins in the past" in problem.what


def test_a_plan_that_has_begun_may_stay_in_the_file() -> None:
    text = changed("from: 2099-01-01", "from: 2026-02-01")
    before = judged(text).after
    assert judged(text, Basis(before=before, now=b.NOW, complete=True)).problems == ()


def test_what_a_change_of_an_organisation_does_to_others_is_told_at_the_organisation() -> None:
    before = judged(b.EXAMPLE.read_text(encoding="utf-8")).after
    text = """organisations:
- {id: ziekenhuis-zeezicht, names: {nl: Z, en: Z}, kind: public, sector: health}
"""
    (problem,) = judged(text, Basis(before=before, now=b.NOW)).problems
    assert problem.place.line == 2
    assert "cannot exclude" in problem.what


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"people: \xff")
    (tmp_path / "empty.yaml").write_text("# nothing\n", encoding="utf-8")
    empty = tmp_path / "folder"
    empty.mkdir()
    problems = check_files([tmp_path / "gone.yaml", tmp_path, empty], FRESH).problems
    told = {(Path(problem.place.file).name, problem.what) for problem in problems}
    assert told == {
        ("gone.yaml", "no such file or directory"),
        ("latin.yaml", "this is not utf-8"),
        ("empty.yaml", "the file is empty"),
        ("folder", "there is no YAML file in this folder"),
    }


def test_an_id_used_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    person = "people:\n- {id: a, subject: s, name: N, role: operator}\n"
    (tmp_path / "one.yaml").write_text(person, encoding="utf-8")
    (tmp_path / "two.yaml").write_text(person, encoding="utf-8")
    (problem,) = check_files([tmp_path], FRESH).problems
    assert problem.place.file.endswith("two.yaml")
    assert "one.yaml:2:3" in problem.what


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("oidc", "{client_id: hub}", "`issuer` is missing"),
        ("oidc", "{issuer: 'https://a.example', client_id: a, level_by: magic}", "`level_by` cannot be"),
        ("saml", "{speaks: plain}", "`entity_id` is missing"),
        ("saml", "{entity_id: 'urn:a', speaks: latin}", "`speaks` cannot be `latin`"),
        ("saml", "{entity_id: 'urn:a', service_index: first}", "`service_index` is no number"),
    ],
)
def test_settings_that_a_kind_of_means_cannot_work_with_are_said(kind: str, settings: str, said: str) -> None:
    text = MEANS_OF_ANOTHER.format(kind=kind, settings=settings)
    found = check_text(text, Basis(before=Snapshot.of([b.hub()]), now=b.NOW, kinds=kinds.KINDS))
    [problem] = found.problems
    assert said in str(problem)
