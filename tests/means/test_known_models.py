"""The metadata of authenticators: believed by its signature, its root and its signer, or not at all."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from demo.authenticator import encode
from tests.means.vouching import FOREIGN, KNOWN, ROOT, Paper, named, paper
from toegang.app.passkeys import FilesOfModels
from toegang.config import Passkeys
from toegang.errors import Misconfigured
from toegang.keys.revocation import RevocationLists
from toegang.means.passkey.known_models import Models
from toegang.means.passkey.metadata import FALLEN, SIGNER, Metadata, Pinned, read_metadata

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
WEB = paper(named("Root of the public web, made for tests"))
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
LEAF = WEB.issue(named(SIGNER), host=SIGNER, key=KEY)
FELL = "00000000-0000-4000-8000-00000000dead"


def entry(model: str, *statuses: str, root: Paper = ROOT) -> dict[str, Any]:
    """Write what the metadata says of one model."""
    statement = {
        "legalHeader": "made for tests",
        "aaguid": model,
        "description": "a model that is made for tests",
        "authenticatorVersion": 1,
        "protocolFamily": "fido2",
        "schema": 3,
        "upv": [{"major": 1, "minor": 1}],
        "authenticationAlgorithms": ["secp256r1_ecdsa_sha256_raw"],
        "publicKeyAlgAndEncodings": ["cose"],
        "attestationTypes": ["basic_full"],
        "userVerificationDetails": [],
        "keyProtection": ["hardware"],
        "matcherProtection": ["on_chip"],
        "attachmentHint": ["internal"],
        "tcDisplay": [],
        "attestationRootCertificates": [base64.b64encode(root.der).decode()],
    }
    return {
        "aaguid": model,
        "metadataStatement": statement,
        "statusReports": [{"status": each, "effectiveDate": "2026-01-01"} for each in statuses],
        "timeOfLastStatusChange": "2026-01-01",
    }


CONTENT: Mapping[str, Any] = {
    "legalHeader": "made for tests",
    "no": 7,
    "nextUpdate": "2027-04-01",
    "entries": [
        entry(str(KNOWN), "FIDO_CERTIFIED"),
        entry(FELL, "FIDO_CERTIFIED", "USER_KEY_REMOTE_COMPROMISE"),
        {"statusReports": [], "timeOfLastStatusChange": "2026-01-01"},
    ],
}


def blob(
    content: Mapping[str, Any] = CONTENT, leaf: Paper = LEAF, alg: str = "RS256", chain: object = None
) -> bytes:
    header = {"alg": alg, "typ": "JWT", "x5c": chain or [base64.b64encode(leaf.der).decode()]}
    signed = ".".join(encode(json.dumps(part).encode()) for part in (header, content))
    return f"{signed}.{encode(signature(leaf, signed.encode()))}".encode()


def believed(blob: bytes, *roots: Paper, lists: RevocationLists | None = None) -> Metadata:
    pinned = Pinned(roots=[each.der for each in roots or (WEB,)], lists=lists)
    return read_metadata(blob, pinned, NOW)


def signature(leaf: Paper, signed: bytes) -> bytes:
    """RFC7518-3.4: on a curve it is two numbers of one length, not the form of certificates."""
    if isinstance(leaf.key, rsa.RSAPrivateKey):
        return leaf.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    half = (leaf.key.curve.key_size + 7) // 8
    numbers = decode_dss_signature(leaf.key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return b"".join(number.to_bytes(half, "big") for number in numbers)


ON_A_CURVE = WEB.issue(named(SIGNER), host=SIGNER)


@pytest.mark.requires("FIDOMDS-3.1.7")
def test_metadata_may_be_signed_on_a_curve_too() -> None:
    found = believed(blob(leaf=ON_A_CURVE, alg="ES256"), FOREIGN, WEB)
    assert found.roots[str(KNOWN)] == (ROOT.der,)


@pytest.mark.requires("FIDOMDS-3.2")
def test_roots_are_those_of_each_model_and_none_of_one_that_fell() -> None:
    metadata = believed(blob(), FOREIGN, WEB)
    found = Models.of({}, metadata)
    assert found.roots_of(str(KNOWN)) == (ROOT.der,)
    assert found.roots_of(FELL) == ()
    assert found.roots_of("00000000-0000-0000-0000-000000000000") == ()
    assert (metadata.number, metadata.renewed_by) == (7, date(2027, 4, 1))


@pytest.mark.requires("FIDOMDS-3.1.4")
@pytest.mark.parametrize("status", sorted(FALLEN))
def test_each_report_of_what_no_longer_protects_makes_its_model_fall_for_good(status: str) -> None:
    entries = [entry(str(KNOWN), status, "UPDATE_AVAILABLE", "FIDO_CERTIFIED_L2")]
    assert believed(blob({**CONTENT, "entries": entries})).fallen == {str(KNOWN)}


@pytest.mark.requires("FIDOMDS-3.1.4")
def test_a_report_that_is_not_known_says_nothing() -> None:
    entries = [entry(str(KNOWN), "MADE_UP_LATER", "FIDO_CERTIFIED")]
    found = believed(blob({**CONTENT, "entries": entries}))
    assert (found.fallen, found.roots[str(KNOWN)]) == (frozenset(), (ROOT.der,))


def test_a_model_falls_by_its_report_also_where_no_statement_tells_of_it() -> None:
    entries = [{**entry(FELL, "REVOKED"), "metadataStatement": None}]
    found = believed(blob({**CONTENT, "entries": entries}))
    assert Models.of({FELL: (ROOT.der,)}, found).roots_of(FELL) == ()


def test_what_two_entries_say_of_one_model_counts_together() -> None:
    entries = [entry(str(KNOWN), "REVOKED"), entry(str(KNOWN), "FIDO_CERTIFIED", root=FOREIGN)]
    found = believed(blob({**CONTENT, "entries": entries}))
    assert found.fallen == {str(KNOWN)}
    assert found.roots[str(KNOWN)] == (ROOT.der, FOREIGN.der)


def test_roots_that_lie_ready_do_not_lift_a_model_that_fell() -> None:
    found = Models.of({FELL: (ROOT.der,), str(KNOWN): (FOREIGN.der,)}, believed(blob()))
    assert found.roots_of(FELL) == ()
    assert found.roots_of(str(KNOWN)) == (ROOT.der, FOREIGN.der)


OVER = WEB.issue(named(SIGNER), host=SIGNER, until=datetime(2026, 1, 1, tzinfo=UTC), key=KEY)
STRANGER = WEB.issue(named("another"), host="mds.example", key=OTHER_KEY)
OTHER_CURVE = WEB.issue(named(SIGNER), host=SIGNER, key=ec.generate_private_key(ec.SECP384R1()))


def in_der(metadata: bytes) -> bytes:
    signed = metadata.rpartition(b".")[0]
    assert isinstance(ON_A_CURVE.key, ec.EllipticCurvePrivateKey)
    return signed + b"." + encode(ON_A_CURVE.key.sign(signed, ec.ECDSA(hashes.SHA256()))).encode()


REFUSED: Mapping[str, Callable[[], bytes]] = {
    "signed by somebody else below the same root": lambda: blob(leaf=STRANGER),
    "signed below another root": lambda: blob(leaf=FOREIGN.issue(named(SIGNER), host=SIGNER, key=KEY)),
    "signed by who vouches for themselves": lambda: blob(leaf=paper(named(SIGNER), host=SIGNER, key=KEY)),
    "signed by one that is over": lambda: blob(leaf=OVER),
    "changed after it was signed": lambda: blob().replace(b".", b".e30", 1),
    "signed with another key": lambda: blob(leaf=STRANGER, chain=[base64.b64encode(LEAF.der).decode()]),
    "not signed": lambda: blob().rpartition(b".")[0] + b".",
    "algorithm none": lambda: blob(alg="none"),
    "the algorithm of another kind of key": lambda: blob(alg="ES256"),
    "the other way round": lambda: blob(leaf=ON_A_CURVE),
    "another curve": lambda: blob(leaf=OTHER_CURVE, alg="ES256"),
    "another algorithm of the same key": lambda: blob(alg="PS256"),
    "a signature in the form of certificates": lambda: in_der(blob(leaf=ON_A_CURVE, alg="ES256")),
    "numbers that are none": lambda: (
        blob(leaf=ON_A_CURVE, alg="ES256").rpartition(b".")[0] + b"." + b"A" * 86
    ),
    "an algorithm of secrets": lambda: blob(alg="HS256"),
    "no chain": lambda: blob(chain={"x": 1}),
    "a chain that is none": lambda: blob(chain=["!!"]),
    "no content": lambda: blob(content={}),
    "no number": lambda: blob(content={each: CONTENT[each] for each in CONTENT if each != "no"}),
    "a number below any": lambda: blob(content={**CONTENT, "no": -1}),
    "a number above any": lambda: blob(content={**CONTENT, "no": 2**53}),
    "a number that is none": lambda: blob(content={**CONTENT, "no": "seven"}),
    "entries that are none": lambda: blob(content={**CONTENT, "entries": [{"aaguid": "x"}]}),
    "nothing": lambda: b"",
    "no token": lambda: b"\xff\xfe.\x00",
}


@pytest.mark.parametrize("why", REFUSED)
def test_metadata_that_cannot_be_believed_stops_the_hub(why: str) -> None:
    with pytest.raises(Misconfigured):
        believed(REFUSED[why]())


def test_an_operator_lays_files_ready_and_is_told_what_is_wrong_with_them(tmp_path: Path) -> None:
    folder, metadata, root = tmp_path / "roots", tmp_path / "blob.jwt", tmp_path / "root.pem"
    folder.mkdir()
    (folder / f"{KNOWN}.pem").write_bytes(FOREIGN.pem)
    metadata.write_bytes(blob())
    root.write_bytes(WEB.pem)
    both = files(roots=folder, metadata=metadata, metadata_root=root)
    found = Models.of(both.roots(), both.metadata(NOW))
    assert found.roots_of(str(KNOWN)) == (ROOT.der, FOREIGN.der)
    assert (files().roots(), files().pinned) == ({}, ())
    (folder / "yubikey.pem").write_bytes(FOREIGN.pem)
    for wrong in (
        files(metadata=metadata),
        files(metadata=metadata, metadata_root=metadata),
        files(metadata=tmp_path / "missing", metadata_root=root),
        files(metadata=metadata, metadata_root=root, metadata_lists=tmp_path / "missing"),
        files(roots=tmp_path / "missing"),
        files(roots=folder),
    ):
        with pytest.raises(Misconfigured):
            read_all(wrong)


def files(**settings: Path) -> FilesOfModels:
    return FilesOfModels(settings=Passkeys(**settings))


def read_all(laid: FilesOfModels) -> None:
    laid.roots()
    laid.metadata(NOW)
