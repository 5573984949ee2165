"""`toegang metadata` and the keys for SAML: pinned by a person's word, told line by line, never by trust."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from lxml import etree
from typer.testing import CliRunner, Result

from tests.saml.described import KEY, provider
from tests.saml.parties import HUB, SP, certificate, signing
from toegang.cli.main import app
from toegang.keys import certificates
from toegang.saml.metadata.values import EntityMetadata
from toegang.saml.metadata.write import write_metadata

FAR = datetime(2099, 1, 1, tzinfo=UTC)
ONE = replace(provider(1), valid_until=FAR)
NAME = ONE.entity_id
SIGNER, STRANGER = (certificates.read(certificate("rsa", who)) for who in (HUB, SP))


def toegang(place: Path, *words: str, answer: str = "") -> Result:
    with contextlib.chdir(place):
        return CliRunner(env={"COLUMNS": "200"}).invoke(app, words, input=answer)


def document(folder: Path, entity: EntityMetadata = ONE, key: object = KEY) -> str:
    (folder / "one.xml").write_bytes(write_metadata(entity, "_one", key))  # type: ignore[arg-type]
    return "one.xml"


def bring(folder: Path, *words: str, answer: str = "y\n") -> Result:
    return toegang(folder, "metadata", "import", "one.xml", "--organisation", "hub", *words, answer=answer)


def test_metadata_is_pinned_only_after_a_person_compared_the_fingerprint(folder: Path) -> None:
    document(folder)
    refused = bring(folder, answer="n\n")
    assert refused.exit_code == 1
    assert certificates.spoken(SIGNER.sha256) in refused.output
    assert NAME not in toegang(folder, "metadata", "list").output
    taken = bring(folder)
    assert (taken.exit_code, "1 new" in taken.output) == (0, True), taken.output
    shown = toegang(folder, "metadata", "show", NAME)
    assert f"believed by the word of SHA-256 {certificates.spoken(SIGNER.sha256)}" in shown.output


def test_without_a_person_the_pin_is_named_and_must_be_right(folder: Path) -> None:
    document(folder)
    (folder / "stranger.pem").write_text(STRANGER.pem)
    (folder / "signer.pem").write_text(SIGNER.pem)
    assert "by whose word" in bring(folder, "--yes").output
    wrong = bring(folder, "--yes", "--signer", "stranger.pem")
    assert (wrong.exit_code, "none of" in wrong.output) == (1, True), wrong.output
    assert bring(folder, "--yes", "--signer", "signer.pem").exit_code == 0


def test_what_is_pinned_is_not_pinned_anew_by_accident(folder: Path) -> None:
    document(folder)
    bring(folder)
    document(folder, replace(ONE, cache_seconds=60), signing("rsa", SP))
    (folder / "stranger.pem").write_text(STRANGER.pem)
    assert bring(folder).exit_code == 1
    left = bring(folder, "--yes", "--signer", "stranger.pem")
    assert "1 left alone" in left.output
    assert "1 changed" in bring(folder, "--yes", "--signer", "stranger.pem", "--replace").output


def test_what_nobody_signed_is_pinned_by_its_hash(folder: Path) -> None:
    root = etree.fromstring((folder / document(folder)).read_bytes())
    root.remove(root[0])
    (folder / "one.xml").write_bytes(etree.tostring(root))
    taken = bring(folder)
    assert "Nobody signed this document" in taken.output
    assert taken.exit_code == 0
    assert "believed because it was SHA-256" in toegang(folder, "metadata", "show", NAME).output


@pytest.mark.parametrize("octets", [b"", b"<!DOCTYPE a []><a/>", b"hello"])
def test_what_is_no_metadata_is_told_to_be_so(folder: Path, octets: bytes) -> None:
    (folder / "one.xml").write_bytes(octets)
    done = bring(folder)
    assert (done.exit_code, "Not done:" in done.output) == (1, True)
    assert "Not done:" in toegang(folder, "metadata", "import", "nothing.xml").output


def test_an_organisation_or_partner_that_is_not_there_is_told(folder: Path) -> None:
    document(folder)
    done = toegang(folder, "metadata", "import", "one.xml", "--organisation", "nobody", answer="y\n")
    assert "no organisation `nobody`" in done.output
    assert "1 left out" in toegang(folder, "metadata", "import", "one.xml", answer="y\n").output
    assert "nothing is pinned" in toegang(folder, "metadata", "show", NAME).output
    assert "fetched from an address" in toegang(folder, "metadata", "refresh").output


def test_our_own_metadata_is_printed_and_names_our_keys(folder: Path) -> None:
    printed = toegang(folder, "metadata", "publish")
    assert printed.exit_code == 0
    listed = toegang(folder, "keys", "list", "--ring", "saml").output
    found = etree.fromstring(printed.stdout.encode()).iterfind(".//{*}KeyDescriptor//{*}X509Certificate")
    told = {certificates.spoken(certificates.read_base64(each.text or "").sha256) for each in found}
    assert told
    assert all(each in listed for each in told)


def test_the_catalogue_of_services_is_printed_for_who_has_a_number(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = toegang(folder, "metadata", "service-catalogue")
    assert (refused.exit_code, "saml.oin is needed" in refused.output) == (1, True)
    monkeypatch.setenv("TOEGANG_SAML__OIN", "00000000000000000100")
    printed = toegang(folder, "metadata", "service-catalogue")
    assert printed.exit_code == 0, printed.output
    assert str(etree.fromstring(printed.stdout.encode()).tag).endswith("}ServiceCatalogue")


def test_the_cockpit_tells_our_keys_and_what_breaks(folder: Path) -> None:
    assert "Nothing breaks" in toegang(folder, "metadata", "cockpit").output
    soon = datetime.now(UTC).replace(microsecond=0)
    document(folder, replace(ONE, valid_until=soon + timedelta(days=365)))
    bring(folder)
    told = toegang(folder, "metadata", "cockpit", "--all").output
    assert NAME in told
    assert re.search(r"signing active since \d{4}-\d\d-\d\d; certificate until", told)


def test_keys_for_saml_are_rotated_requested_and_certified(folder: Path) -> None:
    kid = re.findall(r"^(\S{43})$", toegang(folder, "keys", "list", "--ring", "saml").output, re.MULTILINE)[0]
    request = toegang(folder, "keys", "request", kid)
    assert x509.load_pem_x509_csr(request.stdout.encode()).is_signature_valid
    (folder / "foreign.pem").write_text(STRANGER.pem)
    assert "another key" in toegang(folder, "keys", "place", kid, "foreign.pem").output
    (folder / "own.pem").write_text((folder / "secrets" / "saml" / f"{kid}.crt").read_text())
    assert toegang(folder, "keys", "place", kid, "own.pem").exit_code == 0
    assert "no key" in toegang(folder, "keys", "request", "nobody").output
    rotated = toegang(folder, "keys", "rotate", "RS256", "--ring", "saml", "--days", "30")
    assert "signs from" in rotated.output
    assert "already published" in toegang(folder, "keys", "rotate", "RS256", "--ring", "saml").output
    assert "rotate instead" in toegang(folder, "keys", "retire", kid, "--ring", "saml").output
    assert toegang(folder, "keys", "generate", "ES256").exit_code == 0
