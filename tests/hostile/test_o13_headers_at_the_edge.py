"""O13, O09: what reaches the hub is what nginx wrote, octet for octet; the rest is turned away before.

Behind the nginx that we ship stands a socket that writes down what arrives.
"""

from __future__ import annotations

import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import httpx2
import pytest

from tests.authorities import Authority, Issued, issue
from tests.edge import CLIENTS, SITE, Edge, lay_out, nginx, serving

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nStrict-Transport-Security: max-age=1\r\n"
    b"Connection: close\r\n\r\nok"  # else nginx may send the next request where nobody is any more
)
Pairs = list[tuple[str, str]]


class Door(socketserver.UnixStreamServer):
    """Writes down the head of every request, and says that all is well."""

    heads: list[Pairs]


class _Visit(socketserver.StreamRequestHandler):
    server: Door

    def handle(self) -> None:
        self.rfile.readline()
        pairs: Pairs = []
        while line := self.rfile.readline().rstrip():
            name, _, value = line.decode("latin-1").partition(": ")
            pairs.append((name.lower(), value))
        self.rfile.read(int(dict(pairs).get("content-length", "0")))
        self.server.heads.append(pairs)
        self.wfile.write(ANSWER)


@dataclass(frozen=True, slots=True)
class Scene:
    """nginx, and what arrived behind it."""

    edge: Edge
    heads: list[Pairs]
    own: Issued
    folder: Path

    def context(self, by: Issued | None) -> ssl.SSLContext:
        context = ssl.create_default_context(cadata=self.edge.site.own.pem)
        if by is not None:
            context.load_cert_chain(by.write(self.folder / f"{by.thumbprint}.pem"))
        return context

    def call(self, host: str, by: Issued | None, *more: tuple[str, str]) -> Pairs:
        """Ask for an endpoint; return the headers that reached the hub."""
        base = f"https://127.0.0.1:{self.edge.port}"
        with httpx2.Client(verify=self.context(by), base_url=base, trust_env=False) as line:
            sent = [("host", host), *more]
            answer = line.post("/oidc/token", headers=sent, extensions={"sni_hostname": host})
        assert answer.text == "ok", answer.text
        return self.heads[-1]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("edge")
    with Door(str(folder / "door"), _Visit) as door, serving(folder / "nginx", folder / "door") as edge:
        door.heads = []
        threading.Thread(target=door.serve_forever, daemon=True).start()
        yield Scene(edge, door.heads, edge.clients.issue("town", "client.example"), folder)
        door.shutdown()


def test_the_configuration_that_we_ship_is_one_that_nginx_takes(tmp_path: Path) -> None:
    lay_out(tmp_path / "nginx", tmp_path / "door", Authority.named("hosts"), Authority.named("clients"))
    done = subprocess.run(nginx(tmp_path / "nginx", "-t"), capture_output=True, text=True, check=False)
    assert (done.returncode, "test is successful" in done.stderr, "[warn]" in done.stderr) == (0, True, False)


def told(head: Pairs) -> Pairs:
    """Return what could be taken for a certificate, under any spelling."""
    return [pair for pair in head if "cert" in pair[0]]


SPOOFS: tuple[Pairs, ...] = (
    [("x-client-certificate", "spoofed"), ("x-client-certificate-verified", "SUCCESS")],
    [("x-client-certificate", "one"), ("x-client-certificate", "two")],
    [("X-CLIENT-CERTIFICATE", "spoofed"), ("X-Client-Certificate-Verified", "SUCCESS")],
    [("x_client_certificate", "spoofed"), ("x_client_certificate_verified", "SUCCESS")],
    [("x-client_certificate", "spoofed")],
    [("connection", "x-client-certificate"), ("x-client-certificate", "spoofed")],
)


@pytest.mark.parametrize("spoof", SPOOFS)
def test_what_a_client_says_of_certificates_never_arrives(scene: Scene, spoof: Pairs) -> None:
    assert told(scene.call(SITE, None, *spoof)) == []
    assert told(scene.call(SITE, scene.own, *spoof)) == []
    assert told(scene.call(CLIENTS, None, *spoof)) == [("x-client-certificate-verified", "NONE")]
    head = dict(told(scene.call(CLIENTS, scene.own, *spoof)))
    assert head.pop("x-client-certificate-verified") == "SUCCESS"
    assert unquote(head.pop("x-client-certificate")) == scene.own.pem
    assert head == {}


def test_nginx_says_whether_an_authority_vouches(scene: Scene) -> None:
    for stranger in (
        issue("town", "client.example"),
        Authority.named("other").issue("town", "client.example"),
    ):
        head = dict(told(scene.call(CLIENTS, stranger)))
        assert unquote(head["x-client-certificate"]) == stranger.pem
        assert head["x-client-certificate-verified"].startswith("FAILED:")


def test_a_revoked_certificate_is_turned_away_when_the_lists_are_there(scene: Scene, tmp_path: Path) -> None:
    clients = Authority.named("who vouches for clients")
    good, revoked = clients.issue("good", "good.example"), clients.issue("revoked", "revoked.example")
    folder, door = tmp_path / "nginx", scene.folder / "door"
    with serving(folder, door, clients=clients, revoked=clients.revoke(revoked)) as edge:
        strict = replace(scene, edge=edge)
        assert dict(strict.call(CLIENTS, good))["x-client-certificate-verified"] == "SUCCESS"
        for turned_away in (revoked, issue("vouches for itself")):
            with pytest.raises(AssertionError, match="invalid_client"):
                strict.call(CLIENTS, turned_away)


def test_from_where_somebody_comes_is_written_over(scene: Scene) -> None:
    for host in (SITE, CLIENTS):
        spoof = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "198.51.100.2")]
        head = scene.call(host, None, *spoof)
        assert [value for name, value in head if name == "x-forwarded-for"] == ["127.0.0.1"]


def test_who_asks_for_another_name_or_without_tls_gets_nothing(scene: Scene) -> None:
    seen = len(scene.heads)
    base = f"https://127.0.0.1:{scene.edge.port}"
    with (
        httpx2.Client(verify=scene.context(scene.own), base_url=base, trust_env=False) as line,
        pytest.raises(httpx2.ConnectError),
    ):
        line.get("/", headers={"host": CLIENTS}, extensions={"sni_hostname": "other.example"})
    with httpx2.Client(trust_env=False) as line:
        plain = line.get(f"http://127.0.0.1:{scene.edge.plain_port}/x?y", headers={"host": "evil.example"})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{SITE}/x?y")
    assert len(scene.heads) == seen


@pytest.mark.requires("NCSC-TLS")
@pytest.mark.parametrize("ciphers", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "ECDHE+AESGCM"])
def test_tls_has_forward_secrecy_and_authenticated_encryption_or_is_not_spoken(
    scene: Scene, ciphers: str
) -> None:
    context = scene.context(None)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers)
    base = f"https://127.0.0.1:{scene.edge.port}"
    for host in (SITE, CLIENTS):
        with httpx2.Client(verify=context, base_url=base, trust_env=False) as line:
            ask = {"headers": {"host": host}, "extensions": {"sni_hostname": host}}
            if "GCM" in ciphers:
                assert line.post("/oidc/token", **ask).text == "ok"  # type: ignore[arg-type]
                continue
            with pytest.raises(httpx2.ConnectError):
                line.post("/oidc/token", **ask)  # type: ignore[arg-type]


@pytest.mark.requires("RFC6797-7.1")
def test_answers_ask_for_tls_from_now_on_and_name_no_version(scene: Scene) -> None:
    base = f"https://127.0.0.1:{scene.edge.port}"
    with httpx2.Client(verify=scene.context(scene.own), base_url=base, trust_env=False) as line:
        answers = [
            line.post(
                "/oidc/token", content=content, headers={"host": host}, extensions={"sni_hostname": host}
            )
            for host in (SITE, CLIENTS)
            for content in (b"", b"x" * 600_000)
        ]
        lost = line.get("/", headers={"host": CLIENTS}, extensions={"sni_hostname": CLIENTS})
    assert [answer.status_code for answer in (*answers, lost)] == [200, 413, 200, 413, 404]
    for answer in (*answers, lost):
        assert answer.headers.get_list("strict-transport-security") == ["max-age=31536000; includeSubDomains"]
        assert answer.headers["server"] == "nginx"


def test_only_where_operators_upload_may_a_body_be_large(scene: Scene) -> None:
    base = f"https://127.0.0.1:{scene.edge.port}"
    large = b"x" * 2_150_000
    with httpx2.Client(verify=scene.context(scene.own), base_url=base, trust_env=False) as line:
        answers = [
            line.post(path, content=content, headers={"host": host}, extensions={"sni_hostname": host})
            for host, path, content in (
                (SITE, "/cockpit/metadata", large),
                (SITE, "/cockpit/metadata", large * 2),
                (SITE, "/cockpit/metadata/x", large),
                (SITE, "/cockpit/metadat", large),
                (CLIENTS, "/cockpit/metadata", large),
            )
        ]
    assert [answer.status_code for answer in answers[:4]] == [200, 413, 413, 413]
    assert answers[4].status_code in {404, 413}
