"""Certificates beside our keys: made with them, of them, put there by an operator, followed by nodes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from toegang.errors import Malformed, Misconfigured
from toegang.keys import certificates, changes, files
from toegang.keys.certificates import Subject
from toegang.keys.changes import Making
from toegang.keys.ring import OVERLAP, Algorithm, KeyRecord, Use

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OIN = "00000009999999990001"
HUB = Subject(common_name="toegang.example", organisation="Toegang", oin=OIN)
MAKING = Making(bits=2048, subject=HUB)


def made(path: Path, algorithm: Algorithm = Algorithm.RS256, now: datetime = NOW) -> KeyRecord:
    return changes.generate(path, algorithm, now=now, making=MAKING)


def issued(record: KeyRecord, until: datetime, key: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    """Return what an authority would make for this key, or for `key`."""
    authority = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority")])
    return (
        x509.CertificateBuilder(name, HUB.name(), (key or record.private).public_key(), 7)
        .not_valid_before(NOW - 400 * DAY)
        .not_valid_after(until)
        .sign(authority, SHA256())
        .public_bytes(Encoding.PEM)
    )


@pytest.mark.parametrize(
    "octets",
    [b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"0" * 70_000],
)
def test_what_is_no_certificate_is_refused(octets: bytes) -> None:
    with pytest.raises(Malformed):
        certificates.read(octets)
    with pytest.raises(Malformed):
        certificates.read_base64(octets.decode() + "*")


def test_a_certificate_of_a_kind_of_key_that_is_not_used_is_refused() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    made_of = x509.CertificateBuilder(HUB.name(), HUB.name(), key.public_key(), 1)
    octets = made_of.not_valid_before(NOW).not_valid_after(NOW + DAY).sign(key, None)
    with pytest.raises(Malformed, match="RSA or elliptic"):
        certificates.read(octets.public_bytes(Encoding.DER))


def test_a_subject_that_no_certificate_takes_is_refused() -> None:
    with pytest.raises(Misconfigured, match="subject"):
        Subject(common_name="x" * 65).name()


def test_a_ring_of_saml_without_one_of_its_certificates_is_refused(tmp_path: Path) -> None:
    record = made(tmp_path)
    (tmp_path / f"{record.kid}.crt").unlink()
    with pytest.raises(Misconfigured, match="each key needs its certificate"):
        files.load(tmp_path, certified=True)
    assert files.load(tmp_path).keys[0].certificate is None


def test_the_certificate_of_another_key_is_refused(tmp_path: Path) -> None:
    record, other = made(tmp_path), made(tmp_path, Algorithm.RSA_OAEP)
    (tmp_path / f"{other.kid}.crt").replace(tmp_path / f"{record.kid}.crt")
    (tmp_path / f"{other.kid}.crt").write_bytes((tmp_path / f"{record.kid}.crt").read_bytes())
    with pytest.raises(Misconfigured, match="of another key"):
        files.load(tmp_path, certified=True)


@pytest.mark.requires("RFC5280-4.1.2.6", "RFC5280-4.2.1.3")
def test_a_key_is_made_with_a_certificate_that_names_the_hub_and_its_oin(tmp_path: Path) -> None:
    signs, opens = made(tmp_path).certificate, made(tmp_path, Algorithm.RSA_OAEP).certificate
    assert signs is not None
    assert opens is not None
    assert (signs.oin, "CN=toegang.example" in signs.subject) == (OIN, True)
    assert signs.not_before < NOW < signs.not_after == NOW + certificates.LIFETIME
    uses = [
        x509.load_der_x509_certificate(each.der).extensions.get_extension_for_class(x509.KeyUsage).value
        for each in (signs, opens)
    ]
    assert [(use.digital_signature, use.key_encipherment) for use in uses] == [(True, False), (False, True)]


def test_a_certificate_reads_the_same_from_every_form_that_it_has(tmp_path: Path) -> None:
    found = made(tmp_path).certificate
    assert found is not None
    assert certificates.read(found.pem.encode()) == found
    assert certificates.read_base64(found.base64) == found
    assert certificates.spoken(found.sha256).count(":") == 31


@pytest.mark.requires("RFC2986-4")
def test_a_request_names_the_hub_and_is_proven_by_the_key(tmp_path: Path) -> None:
    record = made(tmp_path)
    found = x509.load_pem_x509_csr(certificates.request(record.private, HUB, signs=True).encode())
    assert found.is_signature_valid
    assert found.subject == HUB.name()
    assert found.public_key() == record.private.public_key()


def test_an_ended_a_foreign_and_an_unreadable_certificate_are_not_placed(tmp_path: Path) -> None:
    record = made(tmp_path)
    foreign = ec.generate_private_key(ec.SECP256R1())
    for pem, says in (
        (issued(record, NOW), "ended"),
        (issued(record, NOW + DAY, foreign), "of another key"),
        (b"hello", "not a certificate"),
    ):
        with pytest.raises(Misconfigured, match=says):
            changes.place_certificate(tmp_path, record.kid, pem, now=NOW)
    with pytest.raises(Misconfigured, match="no key"):
        changes.place_certificate(tmp_path, "other", issued(record, NOW + DAY), now=NOW)
    assert files.load(tmp_path, certified=True).keys[0].certificate == record.certificate


def test_a_placed_certificate_is_taken_over_by_a_running_node(tmp_path: Path) -> None:
    record = made(tmp_path)
    node = files.KeyDirectory(path=tmp_path, certified=True, look_every=0.0)
    before = node.ring().keys[0].certificate
    changes.place_certificate(tmp_path, record.kid, issued(record, NOW + DAY), now=NOW)
    after = node.ring().keys[0].certificate
    assert before == record.certificate
    assert after is not None
    assert after.issuer == "CN=An authority"


def test_keys_are_as_long_as_was_asked(tmp_path: Path) -> None:
    record = changes.generate(tmp_path, Algorithm.RS256, now=NOW, making=Making(bits=2048))
    private = load_pem_private_key((tmp_path / f"{record.kid}.pem").read_bytes(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    assert private.key_size == 2048
    assert not (tmp_path / f"{record.kid}.crt").exists()


@pytest.mark.requires("SAMLMeta-2.4.1.1")
def test_metadata_tells_signing_keys_around_their_use_and_encryption_keys_during_it(tmp_path: Path) -> None:
    olds = [made(tmp_path).kid, made(tmp_path, Algorithm.RSA_OAEP).kid]
    month = timedelta(days=30)
    news = [
        changes.rotate(tmp_path, each, now=NOW, making=MAKING, after=month).kid
        for each in (Algorithm.RS256, Algorithm.RSA_OAEP)
    ]
    ring = files.load(tmp_path, certified=True)

    def told(at: datetime) -> tuple[list[str], list[str]]:
        signing, encryption = (ring.announced(use, at) for use in (Use.SIGNING, Use.ENCRYPTION))
        return [key.kid for key in signing], [key.kid for key in encryption]

    assert told(NOW) == ([olds[0], news[0]], [olds[1]])
    assert told(NOW + month) == ([news[0], olds[0]], [news[1]])
    assert told(NOW + month + OVERLAP) == ([news[0]], [news[1]])
    assert ring.find(olds[1], Use.ENCRYPTION, NOW + month) is not None


def test_a_successor_that_is_published_too_shortly_is_refused(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(Misconfigured, match="8 days"):
        changes.rotate(tmp_path, Algorithm.RS256, now=NOW, making=MAKING, after=7 * DAY)
