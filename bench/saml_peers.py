"""What a SAML login is measured beside: the bare libraries, and pysaml2 with its default back end."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import xmlsec
from lxml import etree
from xmlsec import constants

from bench import sides
from bench.processes import Process
from tests import machine
from tests.saml import parties
from toegang.saml import writing
from toegang.saml.bindings import soap
from toegang.saml.encryption import PRESCRIBED, encrypt_id
from toegang.saml.messages import ArtifactResolve, ArtifactResponse, AuthnRequest, Status
from toegang.saml.metadata.values import Endpoint, EntityMetadata, KeyUse, PartnerKey, ServiceProviderRole
from toegang.saml.metadata.write import write_metadata
from toegang.saml.names import SUCCESS, Binding

if TYPE_CHECKING:
    from pathlib import Path

    from toegang.saml.keys import SigningKey

PARTNER = "urn:nl-eid-gdi:1.0:DV:00000000000000000001:entities:9001"
IDENTITY_PROVIDER = "pysaml2"
HOME = "http://localhost:9"  # as in peer/pysaml2_login.py; nobody listens


def certificate() -> str:
    """Return the partner's certificate, as metadata tells it."""
    return base64.b64encode(parties.certificate("rsa", PARTNER, parties.LASTING)).decode()


def key_file(path: Path, who: str = PARTNER) -> Path:
    """Write somebody's private key."""
    path.write_bytes(parties.pem("rsa", who))
    return path


class Pysaml2:
    """A process that answers requests and artifacts with pysaml2; the seconds are of it and its helpers."""

    def __init__(self, folder: Path) -> None:
        """Write what it reads, and start it."""
        missing: list[str] = []
        home = machine.virtual_environment("saml-peers", missing)
        if home is None or machine.find("xmlsec1") is None:
            raise SystemExit("\n".join(missing) or "pysaml2 needs xmlsec1")
        _write(folder)
        command = (home / "bin" / "python", "-m", "bench.peer.pysaml2_login", folder)
        self._process = Process(IDENTITY_PROVIDER, command, sides.SERVER_CORE, folder)
        self._process.pin()

    def rate(self, count: int) -> float:
        """Return logins per CPU-second."""
        return count / float(json.loads(self._process.ask(str(count))))

    def stop(self) -> None:
        """Stop it."""
        self._process.stop()


def _write(folder: Path) -> None:
    folder.mkdir()
    now, key = datetime.now(UTC), parties.signing("rsa", PARTNER)
    key_file(folder / "key.pem", IDENTITY_PROVIDER)
    encoded = base64.encodebytes(parties.certificate("rsa", IDENTITY_PROVIDER)).decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{encoded}-----END CERTIFICATE-----\n"
    (folder / "certificate.pem").write_text(pem, encoding="ascii")
    role = ServiceProviderRole(
        keys=(PartnerKey(use=KeyUse.BOTH, certificate=certificate()),),
        consumers=(Endpoint(binding=Binding.ARTIFACT, location=f"{HOME}/acs", index=0),),
    )
    described = EntityMetadata(entity_id=PARTNER, service_provider=role)
    (folder / "partner.xml").write_bytes(write_metadata(described, "_metadata", key))
    request = AuthnRequest(
        id="_r", issuer=PARTNER, issued_at=now, destination=f"{HOME}/sso", consumer_index=0
    )
    (folder / "request.b64").write_bytes(base64.b64encode(writing.authn_request(request, key)))
    (folder / "resolve.xml").write_bytes(soap.wrap(_resolve(key, now)))


def bare(count: int) -> float:
    """Return how often in a CPU-second the bare libraries do what the XML of one login asks."""
    key, now = parties.signing("rsa", PARTNER), datetime.now(UTC)
    signed = _resolve(key, now)
    answer = ArtifactResponse(
        id="_r", issuer=PARTNER, issued_at=now, status=Status(code=SUCCESS), message=signed
    )
    unsigned = etree.tostring(_with_template(writing.artifact_response(answer, key)))
    private = xmlsec.Key.from_memory(parties.pem("rsa", PARTNER), constants.KeyDataFormatPem)
    trusted = parties.trusted("rsa", PARTNER)
    begun = time.process_time()
    for _ in range(count):
        for _ in range(2):
            _verify(signed, trusted.native)
            _sign(unsigned, private)
        encrypt_id(b"<saml:NameID/>", PARTNER, trusted, PRESCRIBED)
    return count / (time.process_time() - begun)


def _resolve(key: SigningKey, now: datetime) -> bytes:
    asked = ArtifactResolve(id="_a", issuer=PARTNER, issued_at=now, artifact="x" * 60)
    return writing.artifact_resolve(asked, key)


def _with_template(octets: bytes) -> etree._Element:
    """Return a message with an empty signature of xmlsec's own."""
    root = etree.fromstring(octets)
    found = root.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    if found is not None:
        root.remove(found)
    template = xmlsec.template.create(root, constants.TransformExclC14N, constants.TransformRsaSha256)
    reference = xmlsec.template.add_reference(template, constants.TransformSha256, uri="#_r")
    xmlsec.template.add_transform(reference, constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, constants.TransformExclC14N)
    root.insert(1, template)
    return root


def _verify(octets: bytes, key: xmlsec.Key) -> None:
    root = etree.fromstring(octets)
    context = xmlsec.SignatureContext()
    context.key = key
    context.register_id(root, "ID")
    context.verify(root[1])


def _sign(octets: bytes, key: xmlsec.Key) -> None:
    root = etree.fromstring(octets)
    context = xmlsec.SignatureContext()
    context.key = key
    context.register_id(root, "ID")
    context.sign(root[1])
