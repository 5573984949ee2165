"""What the machine must have for all tests, fetched or started where that is allowed.

Each function returns what it found, or None together with a line on `missing`: what lacks and how to
get it. Nothing is installed outside the checkout except Debian packages, and those only as root.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from demo import environments

ROOT = Path(__file__).parent.parent
OWN = ROOT / ".toegang"  # all that tests fetch or write, outside the repository
NODE = ROOT / "tests" / "node"
VENVS = (ROOT / "tests" / "venvs", ROOT / "demo" / "venvs")  # the demo has some of these clients, too
OLDEST_NODE = 20

# Program looked for: the Debian packages that bring it.
DEBIAN: Mapping[str, tuple[str, ...]] = {
    "chromium": ("chromium",),
    "initdb": ("postgresql",),
    "apache2": ("apache2",),
    "nginx": ("nginx",),
    "mod_auth_openidc.so": ("libapache2-mod-auth-openidc",),
    "mod_auth_mellon.so": ("libapache2-mod-auth-mellon",),
    "mod_shib.so": ("libapache2-mod-shib",),
    "simplesamlphp": ("simplesamlphp", "php-xml"),
    "libphp.so": ("libapache2-mod-php",),
    "xmlsec1": ("xmlsec1",),
    "pdftotext": ("poppler-utils",),
    "openssl": ("openssl",),
}
# Debian keeps some programs off the path of ordinary users.
ELSEWHERE: Mapping[str, str] = {
    "initdb": "usr/lib/postgresql/*/bin/initdb",
    "apache2": "usr/sbin/apache2",
    "nginx": "usr/sbin/nginx",
    "mod_auth_openidc.so": "usr/lib/apache2/modules/mod_auth_openidc.so",
    "mod_auth_mellon.so": "usr/lib/apache2/modules/mod_auth_mellon.so",
    "mod_shib.so": "usr/lib/apache2/modules/mod_shib.so",
    "simplesamlphp": "usr/share/simplesamlphp/www/index.php",
    "libphp.so": "usr/lib/apache2/modules/libphp*.so",
}


def find(program: str) -> Path | None:
    """Find a program, newest version first."""
    on_path = shutil.which(program)
    if on_path:
        return Path(on_path)
    places = Path("/").glob(ELSEWHERE[program]) if program in ELSEWHERE else ()
    return max(places, default=None, key=lambda place: (len(str(place)), str(place)))


def debian_packages(programs: Iterable[str], missing: list[str]) -> None:
    """Install what brings `programs`, where this is Debian and we are root; else name what lacks."""
    absent = [program for program in programs if find(program) is None]
    packages = [package for program in absent for package in DEBIAN[program]]
    if not packages:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"  installing {' '.join(packages)} (apt-get)", flush=True)
        with services_asleep():
            apt_get("update")
            apt_get("install", "--yes", "--no-install-recommends", *packages)
    missing += [
        f"{program}: install {' '.join(DEBIAN[program])} (Debian, as root)"
        for program in absent
        if find(program) is None
    ]


class services_asleep:  # noqa: N801 - reads as a statement: `with services_asleep():`
    """Keeps Debian from starting what is being installed: tests start their own, on their own ports."""

    policy = Path("/usr/sbin/policy-rc.d")

    def __enter__(self) -> None:
        """Forbid starting, unless the machine has a policy of its own."""
        self.ours = not self.policy.exists()
        if self.ours:
            self.policy.write_text("#!/bin/sh\nexit 101\n")
            self.policy.chmod(0o755)

    def __exit__(self, *exc: object) -> None:
        """Take away our policy."""
        if self.ours:
            self.policy.unlink(missing_ok=True)


def apt_get(*arguments: str) -> None:
    """Run apt-get without questions; a failure is seen by what is still missing after it."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *arguments], env=environment, check=False, stdout=subprocess.DEVNULL)


def virtual_environment(name: str, missing: list[str]) -> Path | None:
    """Make .toegang/venvs/NAME equal to its lock in tests/ or demo/; for clients that must not share ours."""
    home = OWN / "venvs" / name
    lock = next(place / f"{name}.lock" for place in VENVS if (place / f"{name}.lock").exists())
    done = home / "installed.lock"
    ours = environments.made_by_this_python(home)
    if not (ours and done.exists() and done.read_bytes() == lock.read_bytes()):
        print(f"  making .toegang/venvs/{name}", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        made = run([sys.executable, "-m", "venv", home]) and run(
            [home / "bin" / "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", lock]
        )
        if not made:
            missing.append(f"{name}: its packages could not be installed ({lock.relative_to(ROOT)})")
            return None
        shutil.copy(lock, done)
    return home


def node(missing: list[str]) -> Path | None:
    """Find a Node that is new enough: the machine's own, else one from the package index."""
    own = shutil.which("node")
    if own and shutil.which("npm") and node_version(own) >= OLDEST_NODE:
        return Path(own)
    home = virtual_environment("node", missing)
    return home / "bin" / "node" if home else None


def node_version(program: str) -> int:
    """Return the main number of a Node's version."""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return int(told.lstrip("v").split(".")[0] or 0)


def node_modules(program: Path, missing: list[str]) -> None:
    """Make tests/node/node_modules equal to its lock."""
    lock, done = NODE / "package-lock.json", OWN / "node.lock"
    if (NODE / "node_modules").exists() and done.exists() and done.read_bytes() == lock.read_bytes():
        return
    print("  fetching tests/node/node_modules (npm ci)", flush=True)
    environment = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    if not run(["npm", "ci", "--silent"], cwd=NODE, environment=environment):
        missing.append("node modules: `npm ci` in tests/node did not succeed")
        return
    OWN.mkdir(exist_ok=True)
    shutil.copy(lock, done)


def run(command: list[str | Path], *, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> bool:
    """Run a command with its output on the terminal; say whether it succeeded."""
    return subprocess.run(command, cwd=cwd, env=environment, check=False).returncode == 0


def told() -> str:
    """Describe this machine in one line, for whoever reads a log later."""
    cores = os.cpu_count() or 0
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"
