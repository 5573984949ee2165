"""Makes the environments of software that must not share ours: `.toegang/venvs/NAME` from `venvs/NAME.lock`.

An environment that is equal to its lock file stays. Nothing is installed outside the checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
LOCKS = Path(__file__).resolve().parent / "venvs"
INSTALLER = Path(sys.executable).with_name("uv")
LAST_WORDS = 600


class NotInstalled(Exception):
    """An environment could not be made; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environments:
    """Where the environments are, and their lock files."""

    homes: Path
    locks: Path

    def python(self, name: str) -> Path:
        """Return the Python of an environment."""
        return self.homes / name / "bin" / "python"

    def ready(self, name: str, say: Callable[[str], None]) -> Path:
        """Make the environment equal to its lock file if it is not; return its Python.

        Raises:
            NotInstalled: with the last words of the installer.

        """
        home, lock = self.homes / name, self.locks / f"{name}.lock"
        done = home / "installed.lock"
        if made_by_this_python(home) and done.exists() and done.read_bytes() == lock.read_bytes():
            return self.python(name)
        say(f"installing {name} into an environment of its own, once ...")
        shutil.rmtree(home, ignore_errors=True)
        self.homes.mkdir(parents=True, exist_ok=True)
        if not (_fast_is_told_where() and _fast(home, lock)):
            _by_pip(home, lock)
        shutil.copy(lock, done)
        return self.python(name)


OURS = Environments(homes=ROOT / ".toegang" / "venvs", locks=LOCKS)


def made_by_this_python(home: Path) -> bool:
    """Tell whether an environment is there, and not of the Python before an upgrade: it finds no packages."""
    packages = sysconfig.get_path("purelib", "venv", {"base": str(home)})
    return (home / "bin" / "python").exists() and Path(packages).exists()


def _fast_is_told_where() -> bool:
    """Tell whether uv looks where pip does: it does not read pip's configuration."""
    if not INSTALLER.exists():
        return False
    if any(
        os.environ.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE")
    ):
        return True
    if any((place / "uv" / "uv.toml").exists() for place in (_own_settings(), Path("/etc"))):
        return True
    return "index-url" not in _run((sys.executable, "-m", "pip", "config", "list")).stdout


def _own_settings() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _fast(home: Path, lock: Path) -> bool:
    made = _run((str(INSTALLER), "venv", "--quiet", "--python", sys.executable, str(home)))
    if made.returncode != 0:
        return False
    wanted = ("--no-deps", "--require-hashes", "-r", str(lock))
    python = str(home / "bin" / "python")
    done = _run((str(INSTALLER), "pip", "install", "--quiet", "--python", python, *wanted))
    return done.returncode == 0


def _by_pip(home: Path, lock: Path) -> None:
    wanted = ("--no-deps", "--require-hashes", "-r", str(lock))
    shutil.rmtree(home, ignore_errors=True)
    # By our own pip, so that the environment needs none of its own.
    pip = (sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet")
    for command in (
        (sys.executable, "-m", "venv", "--without-pip", str(home)),
        (*pip, "--disable-pip-version-check", *wanted),
    ):
        done = _run(command)
        if done.returncode != 0:
            raise NotInstalled((done.stdout + done.stderr).strip()[-LAST_WORDS:])


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    # pip's certificate is the machine's answer to a proxy that it must trust.
    certificate = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT")
    more = {"SSL_CERT_FILE": certificate} if certificate else {}
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=os.environ | more, check=False
    )
