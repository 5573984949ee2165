"""A hub that lets clients present certificates says so; one that would believe anybody does not start."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path

import pytest

from tests.operations.hub import STOP_LIMIT, command, eventually, serving

pytestmark = pytest.mark.timeout(400)  # real processes, on a machine that may do other things too

BACK_CHANNEL = "https://clients.toegang.example"


class Line(http.client.HTTPConnection):
    """HTTP over a unix socket, as nginx speaks it with the hub."""

    def __init__(self, door: Path) -> None:
        super().__init__("localhost", timeout=5)
        self.door = door

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.door))


def asked(door: Path, path: str) -> bytes:
    """Return what a path is answered with; nothing while nobody answers."""
    line = Line(door)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.read() if answer.status == 200 else b""
    except OSError:
        return b""
    finally:
        line.close()


@pytest.mark.requires("RFC8705-5")
def test_discovery_leads_clients_with_certificates_to_the_host_that_asks_for_them(folder: Path) -> None:
    door = folder / "door"
    settings = {
        "TOEGANG_LISTEN__SOCKET": str(door),
        "TOEGANG_LISTEN__CLIENT_CERTIFICATES": "true",
        "TOEGANG_HUB__BACK_CHANNEL": BACK_CHANNEL,
    }
    checked = command(folder, "toegang config check", **settings)
    with serving(folder, **settings):
        found = eventually("discovery", lambda: asked(door, "/.well-known/openid-configuration"))
    document = json.loads(found)

    assert checked.returncode == 0, checked.stderr
    assert document["issuer"] == "https://toegang.example"
    assert document["mtls_endpoint_aliases"]["token_endpoint"] == f"{BACK_CHANNEL}/oidc/token"
    assert document["tls_client_certificate_bound_access_tokens"] is True
    assert "tls_client_auth" in document["token_endpoint_auth_methods_supported"]


def test_certificates_from_a_port_are_a_fault_that_keeps_the_hub_from_starting(folder: Path) -> None:
    settings = {"TOEGANG_LISTEN__CLIENT_CERTIFICATES": "true"}
    checked = command(folder, "toegang config check", **settings)
    with serving(folder, **settings) as hub:
        code = hub.process.wait(STOP_LIMIT)

    assert "listen.client_certificates: certificates are believed over a unix socket only" in checked.stderr
    assert (checked.returncode, code) == (1, 1)
    assert "set listen.socket" in hub.said("start:failed")[0]["detail"]
