"""What a foreign SAML peer is: its name, its folder with keys, its processes, and its metadata once it runs.

Browsers meet them at 127.0.0.1 and the hub at localhost, which are two sites: what a cookie's SameSite says
then counts, as it does between real organisations.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from demo.supervisor import Program, Supervisor

SITES = Path(__file__).parent / "sites"
READABLE = 0o755
"""Apache's workers are not root and must reach what they show; keys are read before it steps down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One peer; `commands` are its processes in the order of starting."""

    name: str
    home: Path
    port: int
    commands: Sequence[tuple[str, ...]]
    login: str = "/login"
    logout: str = "/logout"
    metadata_path: str = "/metadata"
    environment: Mapping[str, str] = field(default_factory=dict)
    scheme: str = "http"
    ready_port: int = 0  # where it answers without TLS that it runs, if not at `port`

    @property
    def url(self) -> str:
        """Its address for browsers."""
        return url_of(self.port, self.scheme)

    @property
    def begin(self) -> str:
        """Where somebody begins to log in."""
        return self.url + self.login

    def programs(self) -> list[Program]:
        """Return its processes."""
        return [
            Program(
                name=f"{self.name} ({number})",
                command=command,
                log=self.home / f"{self.name}-{number}.log",
                port=self.port,
                ready=f"http://127.0.0.1:{self.ready_port or self.port}/",
                environment=os.environ | self.environment,
            )
            for number, command in enumerate(self.commands)
        ]

    def metadata(self, path: str = "") -> bytes:
        """Return the metadata that it tells of itself, at the usual path or another."""
        answer = httpx2.get(self.url + (path or self.metadata_path), timeout=30, verify=False)
        assert answer.status_code == 200, answer.text
        return answer.content

    @property
    def end(self) -> str:
        """Where somebody logs out."""
        return self.url + self.logout

    def said(self) -> str:
        """Return what it wrote into its logs, for whoever reads why a test failed."""
        return "\n".join(log.read_text("utf-8", "replace")[-3000:] for log in sorted(self.home.glob("*.log")))


def url_of(port: int, scheme: str = "http") -> str:
    """Return the address of a peer to be."""
    return f"{scheme}://127.0.0.1:{port}"


@contextmanager
def running(*peers: Peer) -> Iterator[None]:
    """Run peers until the end of the block; they start beside each other."""
    supervisor = Supervisor()
    try:
        supervisor.start([program for peer in peers for program in peer.programs()])
        yield
    finally:
        supervisor.stop()


def furnish(home: Path, partner: bytes | None) -> None:
    """Make a folder with a key, its certificate and, if known, the partner's metadata."""
    home.mkdir(parents=True)
    home.chmod(READABLE)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{home.name}, made for a test")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (home / "key.pem").touch(mode=0o600)
    (home / "key.pem").write_bytes(private)
    (home / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    if partner is not None:
        (home / "partner.xml").write_bytes(partner)


def write_site(folder: Path, **values: object) -> None:
    """Tell a site who it is."""
    (folder / "site.json").write_text(json.dumps(values), "utf-8")


def fill_in(source: str, target: Path, values: Mapping[str, str]) -> None:
    """Write a file of sites/ with its words in {braces} filled in."""
    text = (SITES / source).read_text("utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, "utf-8")


def copy(source: str, target: Path) -> None:
    """Copy a file of sites/."""
    target.parent.mkdir(exist_ok=True)
    shutil.copy(SITES / source, target)
