"""The life of a key and the overlap that a week-old copy of the key set needs."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from toegang.errors import Misconfigured
from toegang.keys import changes, files
from toegang.keys.jwk import public_members, thumbprint
from toegang.keys.ring import OVERLAP, Algorithm, KeyRecord, KeyRing, State, Use

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def record(
    *,
    algorithm: Algorithm = Algorithm.ES256,
    published: datetime = NOW,
    active: datetime = NOW,
    retires: datetime | None = None,
) -> KeyRecord:
    private = ec.generate_private_key(ec.SECP256R1())
    return KeyRecord(
        kid=thumbprint(public_members(private.public_key())),
        algorithm=algorithm,
        published_from=published,
        active_from=active,
        retires_at=retires,
        private=private,
    )


def test_a_key_under_another_keys_name_is_refused() -> None:
    with pytest.raises(Misconfigured, match="another key"):
        KeyRecord(
            kid=record().kid,
            algorithm=Algorithm.ES256,
            published_from=NOW,
            active_from=NOW,
            private=ec.generate_private_key(ec.SECP256R1()),
        )


def test_an_rsa_algorithm_with_a_curve_key_is_refused() -> None:
    with pytest.raises(Misconfigured, match="not a key for RS256"):
        record(algorithm=Algorithm.RS256)


def test_dates_that_run_backwards_are_refused() -> None:
    with pytest.raises(Misconfigured, match="follow each other"):
        record(retires=NOW - SECOND)


def test_a_weak_or_foreign_key_has_no_public_members() -> None:
    with pytest.raises(Misconfigured, match="1024 bits"):
        public_members(rsa.generate_private_key(65537, 1024).public_key())  # noqa: S505 - weakness is the point
    with pytest.raises(Misconfigured, match="use P-256"):
        public_members(ec.generate_private_key(ec.SECP384R1()).public_key())


@pytest.mark.requires("RFC7638-3")
def test_the_thumbprint_is_that_of_the_norms_example() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3ok"
        "njhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu"
        "6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8a"
        "wapJzKnqDKgw"
    )
    members = {"kty": "RSA", "n": modulus, "e": "AQAB"}
    assert thumbprint(members) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_successor_published_a_week_ahead_is_not_early_enough() -> None:
    week = timedelta(days=7)
    first = record(retires=NOW + week)
    with pytest.raises(Misconfigured, match="at least 8 days"):
        KeyRing(keys=(first, record(published=NOW, active=NOW + week)))


def test_the_same_key_twice_is_refused() -> None:
    key = record()
    with pytest.raises(Misconfigured, match="twice"):
        KeyRing(keys=(key, key))


def test_a_key_passes_through_its_states_at_the_moment_itself() -> None:
    active, retires = NOW + OVERLAP, NOW + 10 * OVERLAP
    key = record(active=active, retires=retires)
    expected = [
        (NOW - SECOND, State.WAITING),
        (NOW, State.PUBLISHED),
        (active - SECOND, State.PUBLISHED),
        (active, State.ACTIVE),
        (retires - SECOND, State.ACTIVE),
        (retires, State.RETIRED),
        (retires + OVERLAP - SECOND, State.RETIRED),
        (retires + OVERLAP, State.GONE),
    ]
    assert [(at, key.state(at)) for at, _ in expected] == expected


@pytest.mark.requires("NLGOV-OAuth-jwks-caching")
def test_through_a_rotation_every_signature_is_by_a_key_in_every_copy_a_week_old(tmp_path: Path) -> None:
    changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    changes.rotate(tmp_path, Algorithm.ES256, now=NOW + timedelta(days=30))
    ring = files.load(tmp_path)
    for hours in range(24 * 8, 24 * 60):
        at = NOW + timedelta(hours=hours)
        signer = ring.active(Algorithm.ES256, at)
        for shift in (timedelta(days=-7), timedelta(0), timedelta(days=7)):
            assert signer in ring.published(at + shift)


def test_the_key_set_shows_public_members_only() -> None:
    ring = KeyRing(keys=(record(),))
    (jwk,) = ring.jwks(NOW)["keys"]
    assert jwk.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert ring.find(jwk["kid"], Use.SIGNING, NOW) is ring.keys[0]
    assert ring.find(jwk["kid"], Use.ENCRYPTION, NOW) is None


def test_without_an_active_key_nothing_is_signed() -> None:
    ring = KeyRing(keys=(record(),))
    with pytest.raises(Misconfigured, match="no active key for RS256"):
        ring.active(Algorithm.RS256, NOW)
    with pytest.raises(Misconfigured, match="no active key for ES256"):
        ring.active(Algorithm.ES256, NOW - SECOND)


def test_a_ring_readable_by_others_is_refused(tmp_path: Path) -> None:
    key = changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    (tmp_path / f"{key.kid}.pem").chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        files.load(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "[[key]]\nkid='../../etc/passwd'\nalg='ES256'\n",
        "[[key]]\nkid='a'\nalg='HS256'\n",
        "[[key]]\nkid='a'\nalg='ES256'\nsecret='x'\n",
        "[[key]]\nkid='a'\nalg='ES256'\npublished_from=2026-01-01\n",
        "key = 3\n",
        "not toml",
    ],
)
def test_an_entry_that_cannot_be_right_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "ring.toml").write_text(text)
    with pytest.raises(Misconfigured):
        files.load(tmp_path)


def test_a_key_on_disk_that_is_no_private_key_is_refused(tmp_path: Path) -> None:
    key = changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    pem = tmp_path / f"{key.kid}.pem"
    pem.write_text("-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n")
    with pytest.raises(Misconfigured, match="not a private key"):
        files.load(tmp_path)
    other = ec.generate_private_key(ec.SECP256R1())
    pem.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(Misconfigured, match="another key"):
        files.load(tmp_path)


def test_files_are_written_for_the_owner_only(tmp_path: Path) -> None:
    changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    for path in tmp_path.iterdir():
        if path.name != ".lock":
            assert path.stat().st_mode & 0o777 == 0o600


def test_a_running_node_sees_a_rotation_and_keeps_its_key_objects(tmp_path: Path) -> None:
    first = changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    node = files.KeyDirectory(path=tmp_path, look_every=0)
    before = node.ring()
    assert node.ring() is before
    second = changes.rotate(tmp_path, Algorithm.ES256, now=NOW)
    after = node.ring()
    assert {key.kid for key in after.keys} == {first.kid, second.kid}
    assert after.active(Algorithm.ES256, NOW).private is before.active(Algorithm.ES256, NOW).private
    assert after.active(Algorithm.ES256, NOW + OVERLAP).kid == second.kid


def test_a_running_node_goes_on_with_its_ring_when_the_new_one_is_broken(tmp_path: Path) -> None:
    changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    node = files.KeyDirectory(path=tmp_path, look_every=0)
    before = node.ring()
    text = (tmp_path / "ring.toml").read_text()
    (tmp_path / "ring.toml").write_text("broken")
    assert node.ring() is before
    assert node.fault is not None
    (tmp_path / "ring.toml").write_text(text)
    os.utime(tmp_path / "ring.toml", ns=(1, 1))
    node.ring()
    assert node.fault is None


def test_a_node_without_a_ring_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        files.KeyDirectory(path=tmp_path).ring()


def test_a_ring_that_may_be_absent_is_empty_until_its_first_key_is_made(tmp_path: Path) -> None:
    node = files.KeyDirectory(path=tmp_path / "ring", optional=True, look_every=0)
    assert node.ring().keys == ()
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "ring.toml").write_text("broken")
    assert (node.ring().keys, node.fault is None) == ((), False)
    (tmp_path / "ring" / "ring.toml").unlink()
    assert (node.ring().keys, node.fault) == ((), None)
    made = changes.generate(tmp_path / "ring", Algorithm.ES256, now=NOW)
    assert [key.kid for key in node.ring().keys] == [made.kid]


def test_a_ring_that_may_be_absent_and_cannot_be_looked_at_is_not_taken_for_absent(tmp_path: Path) -> None:
    (tmp_path / "ring.toml").symlink_to(tmp_path / "ring.toml")  # as a disk that fails: there, and no file
    with pytest.raises(Misconfigured, match="cannot be read"):
        files.KeyDirectory(path=tmp_path, optional=True).ring()


def test_rotating_twice_or_without_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="generate one first"):
        changes.rotate(tmp_path, Algorithm.ES256, now=NOW)
    changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    changes.rotate(tmp_path, Algorithm.ES256, now=NOW)
    with pytest.raises(Misconfigured, match="already published"):
        changes.rotate(tmp_path, Algorithm.ES256, now=NOW)


def test_the_only_key_cannot_be_retired(tmp_path: Path) -> None:
    first = changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    with pytest.raises(Misconfigured, match="rotate instead"):
        changes.retire(tmp_path, first.kid, at=NOW, now=NOW)
    second = changes.generate(tmp_path, Algorithm.ES256, now=NOW)
    with pytest.raises(Misconfigured, match="rotate instead"):
        changes.retire(tmp_path, first.kid, at=NOW + SECOND, now=NOW)
    changes.retire(tmp_path, first.kid, at=second.active_from, now=NOW)
    assert files.load(tmp_path).active(Algorithm.ES256, second.active_from).kid == second.kid
    with pytest.raises(Misconfigured, match="in the past"):
        changes.retire(tmp_path, first.kid, at=NOW - SECOND, now=NOW)
    with pytest.raises(Misconfigured, match="no key"):
        changes.retire(tmp_path, "unknown", at=NOW, now=NOW)


def test_a_withdrawn_key_is_gone_at_once_and_a_fresh_one_takes_over(tmp_path: Path) -> None:
    first = changes.generate(tmp_path, Algorithm.RS256, now=NOW)
    later = NOW + timedelta(days=3, microseconds=5)
    fresh = changes.withdraw(tmp_path, first.kid, now=later)
    ring = files.load(tmp_path)
    assert ring.published(later) == (ring.active(Algorithm.RS256, later),)
    assert ring.active(Algorithm.RS256, later).kid == fresh.kid
    assert ring.find(first.kid, Use.SIGNING, later) is None
    assert ring.algorithms(Use.SIGNING, later) == ("RS256",)


def test_every_algorithm_can_be_generated(tmp_path: Path) -> None:
    for algorithm in Algorithm:
        changes.generate(tmp_path, algorithm, now=NOW)
    ring = files.load(tmp_path)
    assert {key.algorithm for key in ring.published(NOW)} == set(Algorithm)
    assert ring.algorithms(Use.ENCRYPTION, NOW) == ("ECDH-ES", "RSA-OAEP", "RSA-OAEP-256")


def test_no_key_gets_a_name_that_a_terminal_takes_for_an_option() -> None:
    begins = {changes._make(Algorithm.ES256, 2048)[1][0] for _ in range(600)}
    assert "-" not in begins
    assert len(begins) > 40
