"""`toegang config check` says everything at once, and doing what it says makes the hub start."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.conftest import NOON
from tests.operations.hub import RUNNING, blocks, command
from toegang import config
from toegang.app.loose import loose

pytestmark = pytest.mark.timeout(400)  # real processes, on a machine that may do other things too

REPORTED = {"contacts": ("mailto:security@toegang.example",)}


def test_everything_wrong_is_said_at_once_and_following_it_mends_it(tmp_path: Path) -> None:
    for block in blocks(RUNNING, "From an empty folder"):
        if block.file:
            (tmp_path / block.file).write_text(block.text)
    first = command(tmp_path, "toegang config check", TOEGANG_LISTEN__CERTIFICATE="chain.pem")
    wrong = [line.split()[1] for line in first.stderr.splitlines() if line.startswith("wrong")]
    for party in ("population", "sms", "letters"):
        (tmp_path / f"{party}.token").touch(mode=0o600)
    made = [command(tmp_path, f"toegang {line}") for line in ("keys init", "database upgrade")]
    second = command(tmp_path, "toegang config check")
    command(tmp_path, "toegang catalogue import catalogue.yaml")
    last = command(tmp_path, "toegang config check")

    secrets = [f"secrets.{name}:" for name in ("seal", "find", "pairwise", "tokens", "passwords")]
    tokens = [f"{party}.token_file:" for party in ("population", "sms", "letters")]
    assert first.returncode == 1
    assert wrong == [
        *secrets,
        "keys.oidc:",
        "keys.saml:",
        "keys.trail:",
        "listen.certificate:",
        *tokens,
        "storage.url:",
    ]
    assert "toegang database upgrade" in first.stderr
    assert [one.returncode for one in made] == [0, 0]
    assert second.returncode == 1
    assert second.stderr.count("toegang catalogue import") == 3
    assert (last.returncode, "can be used" in last.stdout) == (0, True)


def test_a_wrong_name_and_a_wrong_type_are_said_together(tmp_path: Path) -> None:
    (tmp_path / "toegang.toml").write_text('[listen]\nprot = 1\nworkers = "two"\n[hub]\nname = "x"\n')
    said = command(tmp_path, "toegang config check").stderr

    assert "listen.prot: unknown; did you mean listen.port?" in said
    assert "listen.workers: must be a whole number" in said
    assert "hub.issuer: needed" in said


@pytest.mark.parametrize(
    ("section", "changed", "named"),
    [
        ("hub", {"issuer": "http://localhost:8000"}, "hub.issuer"),
        ("hub", {"demo": True}, "hub.demo"),
        ("listen", {"host": "0.0.0.0"}, "listen.host"),
        ("listen", {"trusted_proxies": ("0.0.0.0/0",)}, "listen.trusted_proxies"),
        ("storage", {"url": "postgresql://toegang:x@host/toegang"}, "storage.url"),
        ("outbound", {"networks": ("10.0.0.0/8",)}, "outbound.networks"),
        ("outbound", {"plain_http": ("localhost",)}, "outbound.plain_http"),
        ("audit", {"checkpoints": None}, "audit.checkpoints"),
        ("audit", {"retention_days": 0}, "audit.retention_days"),
        ("weaknesses", REPORTED | {"expires": "2027-03-01T12:00:00Z"}, "weaknesses.expires"),
        ("weaknesses", REPORTED | {"expires": "2027-03-20T12:00:00Z"}, "weaknesses.expires"),
    ],
)
def test_what_is_loose_is_named(tmp_path: Path, section: str, changed: dict[str, object], named: str) -> None:
    settings = sound(tmp_path)
    section_changed = dataclasses.replace(getattr(settings, section), **changed)
    found = loose(dataclasses.replace(settings, **{section: section_changed}), NOON)

    assert [one.setting for one in loose(settings, NOON)] == []
    assert [one.setting for one in found] == [named]


def test_a_database_that_others_can_read_is_named(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings, file = sound(tmp_path), tmp_path_factory.mktemp("data") / "toegang.db"
    file.touch()
    file.chmod(0o644)
    storage = dataclasses.replace(settings.storage, url=f"sqlite:///{file}")
    found = loose(dataclasses.replace(settings, storage=storage), NOON)

    assert [(one.setting, one.why) for one in found] == [
        ("storage.url", f"others can read {file}; chmod 600 {file}")
    ]


def test_files_that_others_can_read_are_named(tmp_path: Path) -> None:
    settings = sound(tmp_path)
    token = tmp_path / "sms.token"
    token.touch()
    token.chmod(0o640)
    read = dataclasses.replace(settings, sms=dataclasses.replace(settings.sms, token_file=token))
    found = loose(read, NOON)

    assert [(one.setting, "chmod 600" in one.why) for one in found] == [("sms.token_file", True)]


def sound(folder: Path) -> config.Settings:
    """Return settings with nothing loose in them."""
    (block,) = [each for each in blocks(RUNNING, "From an empty folder") if each.file == "toegang.toml"]
    file = folder / "toegang.toml"
    file.write_text(block.text.replace("sqlite:///toegang.db", "postgresql://toegang@host/toegang"))
    return config.load(file, {})
