"""Workers on one port: started, replaced, stopped without cutting anyone off, and never hanging around."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from psycopg import sql

from tests.operations.hub import STOP_LIMIT, Hub, command, eventually, serving
from toegang.cli.connection import LINGER

pytestmark = pytest.mark.timeout(400)  # real processes, on a machine that may do other things too

DISCOVERY = "/.well-known/openid-configuration"
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
POSTED = HEAD.replace(b"GET", b"POST") + b"Content-Length: 9\r\n\r\n"
# What is answered, and what comes then: it ends the wait for a next request, and begins none.
AFTER_AN_ANSWER = ((HEAD + b"\r\n", b"\r\n"), (POSTED, b"its body."))


def test_a_hub_made_by_the_document_finishes_what_is_under_way_and_stops_with_code_0(place: Path) -> None:
    with serving(place, TOEGANG_LISTEN__WORKERS="1") as hub:
        hub.ready(1)
        with urllib.request.urlopen(hub.url(DISCOVERY)) as found:
            told = json.load(found)
        workers = hub.workers()
        with socket.create_connection(("127.0.0.1", hub.port)) as line:
            line.sendall(b"POST /oidc/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345")
            stopping(hub)
            line.sendall(b"67890")
            answer = line.makefile("rb").readline()
        code = hub.process.wait(STOP_LIMIT)

    assert told["issuer"] == "https://toegang.example"
    assert answer.split()[1] in {b"400", b"401"}
    assert (code, [pid for pid in workers if alive(pid)]) == (0, [])
    assert [line["event"] for line in hub.lines() if line["level"] == "error"] == []


def test_a_killed_worker_is_replaced_and_what_it_counted_stays(hub: Hub) -> None:
    for _ in range(20):
        assert hub.status("/healthz") == 200
    killed = hub.workers()[0]
    os.kill(killed, signal.SIGKILL)
    eventually("the other one", lambda: len(set(hub.workers()) - {killed}) == 2 and hub.said("worker:died"))
    counted = eventually("both workers count", lambda: told(hub, "toegang_workers") == 2.0 and hub.metrics())

    assert value(counted, 'toegang_request_seconds_count{method="GET",route="/healthz",status="2xx"}') >= 20


def told(hub: Hub, name: str) -> float:
    return value(hub.metrics(), name)


def value(metrics: str, name: str) -> float:
    found = [line for line in metrics.splitlines() if line.startswith(f"{name} ")]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def test_workers_end_when_their_parent_was_killed(folder: Path) -> None:
    with serving(folder) as hub:
        hub.ready()
        workers = hub.workers()
        hub.process.kill()
        hub.process.wait()
        eventually("all gone", lambda: not any(alive(pid) for pid in workers))


def alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and that nobody waits for does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_worker_that_cannot_start_stops_the_hub_and_the_log_says_why(folder: Path) -> None:
    (folder / "secrets" / "tokens").write_bytes(b"too short")
    with serving(folder) as hub:
        code = hub.process.wait(STOP_LIMIT)

    assert code == 1
    assert "must hold exactly 32 random bytes" in hub.said("start:failed")[0]["detail"]


def test_a_taken_port_is_said_in_one_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = command(folder, "toegang serve", TOEGANG_LISTEN__PORT=port, TOEGANG_LISTEN__METRICS_PORT="0")

    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr


def test_who_dawdles_or_sends_an_endless_head_is_cut_off_and_others_are_served(sqlite_hub: Hub) -> None:
    sqlite_hub.ready()
    port = sqlite_hub.port
    slow = [socket.create_connection(("127.0.0.1", port), timeout=STOP_LIMIT) for _ in range(50)]
    for line in slow:
        line.sendall(HEAD)
    idle = [(answered(port, first), then) for first, then in AFTER_AN_ANSWER for _ in range(5)]
    for line, then in idle:
        line.sendall(then)
    slow += [line for line, _ in idle]
    with socket.create_connection(("127.0.0.1", port), timeout=STOP_LIMIT) as flood:
        flood.sendall(HEAD + b"X-Long: " + b"a" * 70_000)
        answer = flood.makefile("rb").readline()
    served = {sqlite_hub.status("/healthz") for _ in range(8)}
    ends = [line.recv(1) for line in slow]
    for line in slow:
        line.close()

    assert served == {200}
    assert answer.split()[1] == b"400"
    assert ends == [b""] * 60


def answered(port: int, request: bytes) -> socket.socket:
    """Return a connection over which one request was answered, and that stays."""
    line = socket.create_connection(("127.0.0.1", port), timeout=STOP_LIMIT)
    line.sendall(request)
    answer = HTTPResponse(line)
    answer.begin()
    answer.read()
    assert answer.status in {200, 405}
    return line


def test_over_a_unix_socket_of_our_own_group_and_after_a_crash_again(folder: Path) -> None:
    place = folder / "door"
    with socket.socket(socket.AF_UNIX) as crashed:
        crashed.bind(str(place))
    with serving(folder, TOEGANG_LISTEN__SOCKET=str(place)) as hub:
        eventually("ready", lambda: over(place).startswith(b"HTTP/1.1 200"))
        mode = place.stat().st_mode & 0o777
        code = hub.stop()

    assert (mode, code, place.exists()) == (0o660, 0, False)


def over(place: Path) -> bytes:
    """Ask over a unix socket whether the hub is ready."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(place))
            line.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return line.makefile("rb").readline()
    except OSError:
        return b""


def test_tls_by_the_hub_itself_with_a_made_up_authority(folder: Path) -> None:
    authority = write_certificate(folder)
    tls = {"TOEGANG_LISTEN__CERTIFICATE": "chain.pem", "TOEGANG_LISTEN__PRIVATE_KEY": "key.pem"}
    trusting = ssl.create_default_context(cadata=authority)
    with serving(folder, scheme="https", **tls) as hub:
        eventually("started", lambda: len(hub.workers()) == 2)
        answer = eventually("answer", lambda: secure_status(hub, trusting))
        refused = secure_status(hub, ssl.create_default_context())
        old = ssl.create_default_context(cadata=authority)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        older = secure_status(hub, old)

    assert (answer, refused, older) == (200, 0, 200)


def secure_status(hub: Hub, context: ssl.SSLContext) -> int:
    try:
        with urllib.request.urlopen(hub.url("/readyz"), timeout=5, context=context) as answer:
            return int(answer.status)
    except OSError:
        return 0


def write_certificate(folder: Path) -> str:
    """Write a key and a certificate for loopback; return the authority that signed it (itself)."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "obviously not an authority")])
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(loopback, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM).decode()
    (folder / "chain.pem").write_text(pem)
    private = folder / "key.pem"
    private.touch(mode=0o600)
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return pem


def test_a_hangup_replaces_the_workers_one_by_one_while_requests_are_answered(hub: Hub) -> None:
    before = set(hub.workers())
    hub.process.send_signal(signal.SIGHUP)
    answered: set[int] = set()

    def replaced() -> bool:
        answered.add(hub.status("/healthz"))
        return len(set(hub.workers()) - before) == 2 and not before & set(hub.workers())

    eventually("others", replaced)

    assert answered == {200}


def test_who_had_just_connected_when_the_hub_stops_is_answered(folder: Path) -> None:
    answer = b""
    for _ in range(5):
        with serving(folder, TOEGANG_LISTEN__WORKERS="1") as hub:
            hub.ready(1)
            with socket.create_connection(("127.0.0.1", hub.port), timeout=STOP_LIMIT) as line:
                began = time.monotonic()
                stopping(hub)
                answer = asked(line)
                took = time.monotonic() - began
            code = hub.process.wait(STOP_LIMIT)
        assert code == 0
        if answer or took < LINGER / 2:  # else the machine stood still while the hub waited: ask again
            break

    assert answer.split()[1] == b"200"
    assert b"\r\nconnection: close\r\n" in answer


def asked(line: socket.socket) -> bytes:
    """Ask over a connection that may be closed by now, and return all that comes."""
    with suppress(ConnectionError):
        line.sendall(HEAD + b"\r\n")
        return line.makefile("rb").read()
    return b""


def stopping(hub: Hub) -> None:
    """Begin to stop a hub of one worker, which has in hand what was sent before."""
    # It has, once a second connection was answered after it.
    assert hub.status("/healthz") == 200
    hub.process.send_signal(signal.SIGTERM)
    eventually("stopping", lambda: any("Shutting down" in one.get("said", "") for one in hub.lines()))


def test_while_the_database_is_away_the_hub_says_so_and_it_is_ready_again_when_it_is_back(
    postgres_hub: Hub, postgres_url: str
) -> None:
    postgres_hub.ready()
    workers = postgres_hub.workers()
    with database_away(postgres_hub, postgres_url):
        eventually("not ready", lambda: postgres_hub.status("/readyz") == 503, limit=10)
        away = {postgres_hub.status(path) for path in ("/healthz", DISCOVERY) for _ in range(8)}
    eventually("ready", lambda: all(postgres_hub.status("/readyz") == 200 for _ in range(8)), limit=10)

    assert away == {200}
    assert postgres_hub.workers() == workers


@contextmanager
def database_away(hub: Hub, server: str) -> Iterator[None]:
    """Let nobody into the hub's database, and hang up on who is in."""
    with (hub.folder / "toegang.toml").open("rb") as file:
        name = urlsplit(tomllib.load(file)["storage"]["url"]).path[1:]
    admits = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(admits(sql.Identifier(name), sql.SQL("false")))
        try:
            line.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            line.execute(admits(sql.Identifier(name), sql.SQL("true")))
