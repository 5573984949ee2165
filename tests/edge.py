"""nginx with the configuration that we ship, on ports of loopback, in front of a unix socket."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.authorities import Authority, Issued
from tests.journeys.house import ISSUER, House
from tests.machine import ROOT, find
from toegang.web.certificates import BehindMutualTls

SHIPPED = ROOT / "deploy" / "nginx"
SITE, CLIENTS = "toegang.example", "clients.toegang.example"
START_LIMIT = 20.0  # seconds

MAIN = """
daemon off;
pid nginx.pid;
error_log error.log warn;
{user}
events {{ worker_connections 256; }}
http {{
    default_type application/octet-stream;
    client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
    uwsgi_temp_path temp; scgi_temp_path temp;
    include conf.d/*.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Edge:
    """A running nginx: its folder, its two ports, who vouches for its names and who for clients."""

    folder: Path
    port: int
    plain_port: int
    site: Authority
    clients: Authority


def lay_out(
    folder: Path, door: Path, site: Authority, clients: Authority, clients_host: str = CLIENTS
) -> tuple[int, int]:
    """Copy what we ship with only other ports, files, a name and a door; return the ports (TLS, plain)."""
    port, plain_port = _free_port(), _free_port()
    for name in ("conf.d", "toegang", "temp"):
        (folder / name).mkdir(parents=True)
    for name, host in (("site", SITE), ("clients", clients_host)):
        issued = site.issue(host, host).write(folder / f"{name}.pem")
        issued.with_suffix(".key").write_bytes(issued.read_bytes())
    (folder / "authorities.pem").write_text(clients.own.pem)
    text = (SHIPPED / "toegang.conf").read_text()
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"listen 443\b", f"listen 127.0.0.1:{port}", text)
    text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{plain_port}", text)
    text = text.replace(f"server_name {CLIENTS};", f"server_name {clients_host};")
    text = text.replace("/run/toegang/door", str(door)).replace("/etc/ssl/toegang", str(folder))
    (folder / "conf.d" / "toegang.conf").write_text(text)
    for part in (SHIPPED / "toegang").iterdir():
        said = part.read_text().replace("/var/log/nginx/toegang.log", str(folder / "toegang.log"))
        (folder / "toegang" / part.name).write_text(said)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(user=user))
    return port, plain_port


def passed(issued: Issued, verified: str = "SUCCESS") -> dict[str, str]:
    """Return the headers in which nginx passes a certificate on."""
    return {"x-client-certificate": issued.escaped, "x-client-certificate-verified": verified}


def over_socket(house: House) -> httpx2.AsyncClient:
    """Come to a house as nginx does over the unix socket: without an address, and believed."""
    web = BehindMutualTls(house.web)
    transport = httpx2.ASGITransport(app=web, client=None)  # type: ignore[arg-type]
    return httpx2.AsyncClient(transport=transport, base_url=ISSUER, follow_redirects=False)


def nginx(folder: Path, *more: str) -> list[str]:
    """Return the command that runs nginx in a folder."""
    program = find("nginx")
    assert program is not None, "nginx is not there; `./toegang test` installs it"
    return [str(program), "-p", f"{folder}/", "-c", "nginx.conf", "-e", f"{folder}/error.log", *more]


@contextmanager
def serving(
    folder: Path,
    door: Path,
    *,
    clients: Authority | None = None,
    revoked: bytes | None = None,
    clients_host: str = CLIENTS,
) -> Iterator[Edge]:
    """Serve until the end of the block; with a list of what is revoked (PEM) if there is one."""
    site = Authority.named("who vouches for hosts")
    clients = clients or Authority.named("who vouches for clients")
    port, plain_port = lay_out(folder, door, site, clients, clients_host)
    if revoked is not None:
        (folder / "revoked.pem").write_bytes(revoked)
        configured = folder / "conf.d" / "toegang.conf"
        configured.write_text(configured.read_text().replace("# ssl_crl ", "ssl_crl "))
    with (folder / "said").open("wb") as said, subprocess.Popen(nginx(folder), stderr=said) as process:
        try:
            _await_line(port, process)
            yield Edge(folder, port, plain_port, site, clients)
        finally:
            process.terminate()
            process.wait()


def _await_line(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    message = "nginx does not serve"
    raise AssertionError(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
