"""SATOSA, a proxy from SAML to SAML on pysaml2, and a browser with both parties that it stands between.

A login: a signed request by POST in, the request on to an identity provider, its signed answer by POST, a
signed answer around an encrypted assertion out. It keeps what it must remember in an encrypted cookie, and
nothing on disk.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import zlib
from datetime import UTC, datetime, timedelta
from html import unescape
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from bench import sides
from bench.processes import Process, cpu_with_helpers
from tests import machine
from tests.postgres import free_port
from tests.saml import parties
from toegang.saml import names, writing
from toegang.saml.bindings import post
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.messages import (
    Assertion,
    Attribute,
    AuthnRequest,
    AuthnStatement,
    Confirmation,
    NameId,
    Response,
    Status,
)
from toegang.saml.metadata.values import (
    Endpoint,
    EntityMetadata,
    IdentityProviderRole,
    KeyUse,
    PartnerKey,
    ServiceProviderRole,
)
from toegang.saml.metadata.write import write_metadata
from toegang.saml.names import Binding, NameFormat
from toegang.saml.writing import SignedPart

if TYPE_CHECKING:
    from pathlib import Path

NAME = "SATOSA"
SERVICE, BANK, PROXY = (f"http://{name}.example/metadata" for name in ("service", "bank", "proxy"))
NOWHERE = "http://localhost:9"
UID = "urn:oid:0.9.2342.19200300.100.1.1"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ALGORITHMS = {
    "signing_algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "digest_algorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
}
KEYS = {"key_file": "proxy.key", "cert_file": "proxy.crt"}


class Satosa:
    """SATOSA with one worker, and logins at it one at a time."""

    def __init__(self, folder: Path) -> None:
        """Write its settings, and start it."""
        missing: list[str] = []
        home = machine.virtual_environment("satosa", missing)
        if home is None:
            raise SystemExit("\n".join(missing))
        folder.mkdir()
        self._port = free_port()
        self._write(folder)
        command = (home / "bin" / "gunicorn", "--chdir", folder, "--bind", f"127.0.0.1:{self._port}")
        self._process = Process(
            NAME, (*command, "--workers", "1", "satosa.wsgi:app"), sides.SERVER_CORE, folder
        )
        self._process.wait_for(f"http://localhost:{self._port}/{NAME}IDP/proxy.xml")

    def rate(self, count: int) -> float:
        """Return logins per CPU-second; what it starts to sign and verify is counted."""
        begun = cpu_with_helpers(self._process.pid)
        for _ in range(count):
            self._log_in()
        return count / (cpu_with_helpers(self._process.pid) - begun)

    def stop(self) -> None:
        """Stop it."""
        self._process.stop()

    def _log_in(self) -> None:
        now = datetime.now(UTC)
        request = AuthnRequest(
            id=f"_{secrets.token_hex(20)}",
            issuer=SERVICE,
            issued_at=now,
            destination=f"http://localhost:{self._port}/{NAME}/sso/post",
            consumer_index=0,
        )
        octets = writing.authn_request(request, parties.signing("rsa", SERVICE))
        body, location, cookie = self._post(f"/{NAME}/sso/post", post.fields(Carrier.REQUEST, octets, "s"))
        asked, state = _asked(body, location)
        consumer = _told(asked, r'AssertionConsumerServiceURL="([^"]+)"')
        answer = post.fields(Carrier.RESPONSE, _answer(asked, consumer, now), state)
        body, _, _ = self._post(urlsplit(consumer).path, answer, cookie)
        if b"EncryptedAssertion" not in base64.b64decode(unescape(_hidden(body, "SAMLResponse"))):
            message = f"{NAME}: the answer is another: {body[:600]}"
            raise SystemExit(message)

    def _post(self, path: str, fields: post.Fields, cookie: str = "") -> tuple[str, str, str]:
        """Post a form; return the page, where it leads, and the cookie."""
        connection = HTTPConnection("localhost", self._port)
        connection.request("POST", path, urlencode(fields), FORM | {"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        kept = (answer.getheader("set-cookie") or "").partition(";")[0]
        return body, answer.getheader("location") or "", kept

    def _write(self, folder: Path) -> None:
        private = parties.pem("rsa", PROXY)
        (folder / "proxy.key").write_bytes(private)
        encoded = base64.encodebytes(parties.certificate("rsa", PROXY)).decode()
        (folder / "proxy.crt").write_text(
            f"-----BEGIN CERTIFICATE-----\n{encoded}-----END CERTIFICATE-----\n", encoding="ascii"
        )
        for name, described in (("service", _service()), ("bank", _bank())):
            octets = write_metadata(described, "_metadata", parties.signing("rsa", described.entity_id))
            (folder / f"{name}.xml").write_bytes(octets)
        # What it reads is YAML, of which JSON is a part.
        for name, settings in _settings(f"http://localhost:{self._port}").items():
            (folder / f"{name}.yaml").write_text(json.dumps(settings), encoding="utf-8")


def _asked(body: str, location: str) -> tuple[str, str]:
    """Return the request that the proxy sends to the identity provider, and the state beside it."""
    if location:
        found = parse_qs(urlsplit(location).query)
        octets = zlib.decompress(base64.b64decode(found["SAMLRequest"][0]), -15)
        return octets.decode(), found["RelayState"][0]
    request = base64.b64decode(unescape(_hidden(body, "SAMLRequest"))).decode()
    return request, unescape(_hidden(body, "RelayState"))


def _answer(asked: str, consumer: str, now: datetime) -> bytes:
    until = now + timedelta(minutes=2)
    question = _told(asked, r'\bID="([^"]+)"')
    confirmation = Confirmation(
        method=names.BEARER, recipient=consumer, not_on_or_after=until, in_response_to=question
    )
    assertion = Assertion(
        id=f"_{secrets.token_hex(20)}",
        issuer=BANK,
        issued_at=now,
        subject=NameId(value=secrets.token_hex(8), format=NameFormat.TRANSIENT),
        confirmations=(confirmation,),
        not_before=now,
        not_on_or_after=until,
        audiences=((_told(asked, r"Issuer[^>]*>([^<]+)<"),),),
        authn=AuthnStatement(at=now, context_class="urn:oasis:names:tc:SAML:2.0:ac:classes:Password"),
        attributes=(Attribute(name=UID, name_format=names.URI_NAMES, values=("999990019",)),),
    )
    response = Response(
        id=f"_{secrets.token_hex(20)}",
        issuer=BANK,
        issued_at=now,
        status=Status(code=names.SUCCESS),
        in_response_to=question,
        destination=consumer,
        assertion=assertion,
    )
    return writing.response(response, parties.signing("rsa", BANK), signed=SignedPart.ASSERTION)


def _hidden(page: str, name: str) -> str:
    return _told(page, rf'name="{name}" value="([^"]*)"')


def _told(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        message = f"{NAME}: no {pattern} in {text[:600]}"
        raise SystemExit(message)
    return found[1]


def _service() -> EntityMetadata:
    consumer = Endpoint(binding=Binding.POST, location=f"{NOWHERE}/acs", index=0)
    role = ServiceProviderRole(keys=_keys(SERVICE), consumers=(consumer,), requests_signed=True)
    return EntityMetadata(entity_id=SERVICE, service_provider=role)


def _bank() -> EntityMetadata:
    sign_on = (Endpoint(binding=Binding.REDIRECT, location=f"{NOWHERE}/sso"),)
    return EntityMetadata(
        entity_id=BANK, identity_provider=IdentityProviderRole(keys=_keys(BANK), sign_on=sign_on)
    )


def _keys(who: str) -> tuple[PartnerKey, ...]:
    encoded = base64.b64encode(parties.certificate("rsa", who)).decode()
    return (PartnerKey(use=KeyUse.BOTH, certificate=encoded),)


def _settings(base: str) -> dict[str, object]:
    """Return its settings, as its own examples have them, with algorithms of today."""
    common = {**KEYS, "allow_unknown_attributes": True, "accepted_time_diff": 60}
    policy = {"sign_response": True, "sign_assertion": True, "encrypt_assertion": True}
    provider = {"endpoints": {"single_sign_on_service": []}, "want_authn_requests_signed": True}
    consumer = {"assertion_consumer_service": [[f"{base}/{NAME}/acs/post", Binding.POST.value]]}
    return {
        "proxy_conf": {
            "BASE": base,
            "COOKIE_STATE_NAME": "state",
            "COOKIE_SECURE": False,
            "STATE_ENCRYPTION_KEY": secrets.token_hex(16),
            "INTERNAL_ATTRIBUTES": "attributes.yaml",
            "BACKEND_MODULES": ["backend.yaml"],
            "FRONTEND_MODULES": ["frontend.yaml"],
            "LOGGING": {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}},
        },
        "attributes": {"attributes": {"uid": {"saml": ["uid"]}}},
        "backend": {
            "module": "satosa.backends.saml2.SAMLBackend",
            "name": NAME,
            "config": {
                "sp_config": {
                    **common,
                    "metadata": {"local": ["bank.xml"]},
                    "entityid": f"{base}/{NAME}/backend.xml",
                    "service": {
                        "sp": {
                            **ALGORITHMS,
                            "allow_unsolicited": True,
                            "authn_requests_signed": True,
                            "want_response_signed": False,
                            "want_assertions_signed": True,
                            "endpoints": consumer,
                        }
                    },
                }
            },
        },
        "frontend": {
            "module": "satosa.frontends.saml2.SAMLFrontend",
            "name": f"{NAME}IDP",
            "config": {
                "idp_config": {
                    **common,
                    "metadata": {"local": ["service.xml"]},
                    "entityid": f"{base}/{NAME}IDP/proxy.xml",
                    "service": {"idp": {**ALGORITHMS, **provider, "policy": {"default": policy}}},
                },
                "entityid_endpoint": True,
                "endpoints": {"single_sign_on_service": {Binding.POST.value: "sso/post"}},
            },
        },
    }
