"""Our certificate for partners is examined before it is needed: its key, its dates, and what it is for."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.authorities import Authority, Issued
from tests.conftest import NOON
from tests.operations.test_config_check import sound
from toegang import config
from toegang.app.client_certificate import shown_by
from toegang.app.loose import loose
from toegang.errors import Misconfigured
from toegang.outbound.client import Shown

AUTHORITY = Authority.named("an authority")


def showing(folder: Path, certificate: Path | None, key: Path | None) -> config.Settings:
    settings = sound(folder)
    changed = dataclasses.replace(settings.outbound, client_certificate=certificate, client_key=key)
    return dataclasses.replace(settings, outbound=changed)


def kept(folder: Path, name: str, issued: Issued) -> Path:
    path = issued.write(folder / name)
    path.chmod(0o600)
    return path


def test_a_certificate_with_its_own_key_can_be_shown_and_none_need_be(tmp_path: Path) -> None:
    pem = kept(tmp_path, "ours.pem", AUTHORITY.issue("ours"))
    assert shown_by(showing(tmp_path, pem, pem)) == Shown(certificate=pem, key=pem)
    assert loose(showing(tmp_path, pem, pem), NOON) == ()
    assert shown_by(sound(tmp_path)) is None


def test_what_cannot_be_shown_is_said(tmp_path: Path) -> None:
    ours = kept(tmp_path, "ours.pem", AUTHORITY.issue("ours"))
    other = kept(tmp_path, "other.pem", AUTHORITY.issue("other"))
    read_by_all = AUTHORITY.issue("ours").write(tmp_path / "open.pem")
    read_by_all.chmod(0o644)
    empty = tmp_path / "empty.pem"
    empty.touch()
    wrong: tuple[tuple[Path | None, Path | None, str], ...] = (
        (ours, None, "both, or neither"),
        (None, ours, "both, or neither"),
        (ours, other, "is not the key of"),
        (read_by_all, read_by_all, "chmod 600"),
        (empty, ours, "not a certificate"),
        (tmp_path / "nowhere.pem", ours, "cannot be read"),
    )
    for certificate, key, said in wrong:
        with pytest.raises(Misconfigured, match=said):
            shown_by(showing(tmp_path, certificate, key))


@pytest.mark.requires("RFC5280-4.1.2.5", "RFC5280-4.2.1.12")
@pytest.mark.parametrize(
    ("at", "for_servers", "said"),
    [
        (datetime(2026, 12, 1, tzinfo=UTC), False, []),
        (datetime(2026, 12, 2, 12, tzinfo=UTC), False, ["ends on 2027-01-01"]),
        (datetime(2027, 1, 1, tzinfo=UTC), False, ["ended on 2027-01-01"]),
        (datetime(2019, 12, 31, tzinfo=UTC), False, ["begins on 2020-01-01"]),
        (datetime(2026, 12, 1, tzinfo=UTC), True, ["not for clients"]),
    ],
)
def test_a_certificate_that_partners_turn_away_is_said_at_every_start(
    tmp_path: Path, at: datetime, for_servers: bool, said: list[str]
) -> None:
    issued = AUTHORITY.issue("ours", until=datetime(2027, 1, 1, tzinfo=UTC), for_servers=for_servers)
    pem = kept(tmp_path, "ours.pem", issued)
    found = loose(showing(tmp_path, pem, pem), at)
    assert {each.setting for each in found} <= {"outbound.client_certificate"}
    assert len(found) == len(said)
    assert all(words in each.why for words, each in zip(said, found, strict=True))
