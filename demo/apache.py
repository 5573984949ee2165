"""The Apache of this machine, where it has mod_auth_mellon: nothing is installed for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIGURATION: Final = Path(__file__).resolve().parent / "foreign" / "pharmacy.conf"
PROGRAMS: Final = ("apache2", "httpd")
BESIDE: Final = "/usr/sbin"  # not on the path of everybody
MODULES: Final = (Path("/usr/lib/apache2/modules"), Path("/usr/lib64/httpd/modules"))
NEEDED: Final = ("mod_auth_mellon.so", "mod_proxy_http.so", "mod_headers.so", "mod_mpm_event.so")
ANYBODY: Final = 0o001


def program() -> str | None:
    """Find Apache."""
    path = f"{os.environ.get('PATH', '')}{os.pathsep}{BESIDE}"
    return next(filter(None, (shutil.which(name, path=path) for name in PROGRAMS)), None)


def modules() -> Path | None:
    """Find its modules, where all that are needed are there."""
    return next((each for each in MODULES if all((each / name).exists() for name in NEEDED)), None)


def can_serve(folder: Path) -> bool:
    """Tell whether Apache is there and can read in `folder`: as root it steps down to somebody else."""
    if not (program() and modules()):
        return False
    above = [each for each in folder.parents if each.exists()]
    return os.geteuid() != 0 or all(each.stat().st_mode & ANYBODY for each in above)


def command(folder: Path, values: Mapping[str, str]) -> tuple[str, ...]:
    """Write its configuration with these values; return how to run it."""
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    filled = {"folder": str(folder), "modules": str(modules()), "user": user} | dict(values)
    text = CONFIGURATION.read_text("utf-8")
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    path = folder / "apache.conf"
    path.write_text(text, "utf-8")
    return (str(program()), "-DFOREGROUND", "-f", str(path))
