"""Complete logins of a SAML service provider, as many at once as asked; a process of its own.

Reads one JSON object with the target (`SamlTarget`), then a line `COUNT AT_ONCE` per run; after each run it
writes one line of JSON: the time of every login, in milliseconds. A request is signed and posted, the
browser followed to its artifact, the artifact resolved with a signed message. Every answer is looked at, and
one in a hundred is verified and decrypted; the first that is not right ends the process.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import uvloop
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bench.load import FOUND, HOPS, Connection, WrongAnswerError
from toegang.saml import reading, writing
from toegang.saml.bindings import post, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import admit
from toegang.saml.encryption import PRESCRIBED, decrypt_id
from toegang.saml.keys import DecryptionKey, SigningKey, TrustedKey, trusted_key
from toegang.saml.messages import ArtifactResolve, AuthnRequest, EncryptedId
from toegang.saml.metadata.values import KeyUse, PartnerKey
from toegang.saml.names import GDI_ACTING_SUBJECT
from toegang.saml.signature import AssertionOnly, verify, verify_response

LOOKED_AT = 100  # one in so many is verified
OK = 200
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlTarget:
    """The hub, by its port and the certificate of its key, and the service provider with its own."""

    port: int
    entity_id: str
    key: str
    certificate: str
    hub_certificate: str
    consumer: str
    person: str
    number: str


class SamlVisitor:
    """Logs in again and again, as one service provider's users."""

    def __init__(self, target: SamlTarget) -> None:
        """Read the key once."""
        self._target = target
        self._connection = Connection(target.port)
        private = load_pem_private_key(Path(target.key).read_bytes(), None)
        certificate = base64.b64decode(target.certificate)
        self._key = SigningKey.of(private, certificate)  # type: ignore[arg-type]
        self._decryption = DecryptionKey.of(private, certificate)  # type: ignore[arg-type]
        lines = base64.encodebytes(certificate).decode()
        pem = f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"
        self._presented = f"x-client-certificate: {quote(pem, safe='')}\r\nContent-Type: text/xml\r\n"
        self._hub: tuple[TrustedKey, ...] = (
            trusted_key(PartnerKey(use=KeyUse.SIGNING, certificate=target.hub_certificate)),
        )
        self._done = 0

    def leave(self) -> None:
        """Hang up until the next run."""
        self._connection.close()

    async def log_in(self) -> float:
        """Log in once, from the request to what the artifact stands for; return the milliseconds."""
        hub = f"http://localhost:{self._target.port}"
        request = AuthnRequest(
            id=f"_{secrets.token_hex(20)}",
            issuer=self._target.entity_id,
            issued_at=datetime.now(UTC),
            destination=f"{hub}/saml/sso",
            consumer_index=0,
            service_index=1,
        )
        form = urlencode(post.fields(Carrier.REQUEST, writing.authn_request(request, self._key), "state"))
        begun = time.perf_counter()
        artifact = await self._artifact(form)
        resolve = ArtifactResolve(
            id=f"_{secrets.token_hex(20)}",
            issuer=self._target.entity_id,
            issued_at=datetime.now(UTC),
            artifact=artifact,
        )
        envelope = soap.wrap(writing.artifact_resolve(resolve, self._key)).decode()
        answer = await self._connection.ask("POST", "/saml/artifact", self._presented, envelope)
        took = (time.perf_counter() - begun) * 1000
        self._check(answer.status, answer.body, request.id)
        return took

    async def _artifact(self, form: str) -> str:
        """Post a request and follow redirects as a new browser does, until the artifact comes back."""
        jar: dict[str, str] = {}
        answer = await self._connection.ask("POST", "/saml/sso", FORM, form)
        for _ in range(HOPS):
            if answer.status not in FOUND:
                message = f"{answer.status} {answer.body[:300]!r}"
                raise WrongAnswerError(message)
            for cookie in answer.cookies:
                name, _, value = cookie.partition("=")
                jar[name] = value
            if answer.location.startswith(self._target.consumer):
                return parse_qs(urlsplit(answer.location).query)["SAMLart"][0]
            path = answer.location
            if path.startswith("/means/bench/"):
                path += f"?person={self._target.person}"
            cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
            answer = await self._connection.ask("GET", path, f"Cookie: {cookies}\r\n" if jar else "")
        message = "redirected without end"
        raise WrongAnswerError(message)

    def _check(self, status: int, body: bytes, request: str) -> None:
        if status != OK or b"EncryptedID" not in body or request.encode() not in body:
            message = f"{status} {body[:600]!r}"
            raise WrongAnswerError(message)
        self._done += 1
        if self._done % LOOKED_AT:
            return
        resolved = reading.read_artifact_response(verify(soap.unwrap(body), self._hub))
        proof = verify_response(admit(resolved.message or b""), self._hub)
        if not isinstance(proof, AssertionOnly):
            message = "the response itself is signed"
            raise WrongAnswerError(message)
        told = reading.read_assertion(proof.assertion)
        [name] = told.values(GDI_ACTING_SUBJECT)
        if not isinstance(name, EncryptedId):
            message = "the name is not encrypted"
            raise WrongAnswerError(message)
        opened = decrypt_id(name, (self._decryption,), PRESCRIBED, proof.assertion)
        if not re.search(f">{self._target.number}<".encode(), opened.octets):
            message = "the name is another"
            raise WrongAnswerError(message)


async def _run(visitors: list[SamlVisitor], count: int) -> list[float]:
    turns = iter(range(count))

    async def work(visitor: SamlVisitor) -> list[float]:
        return [await visitor.log_in() for _ in turns]

    times = await asyncio.gather(*map(work, visitors))
    for visitor in visitors:
        visitor.leave()
    return [took for each in times for took in each]


async def _main() -> None:
    target = SamlTarget(**json.loads(sys.stdin.readline()))
    visitors: list[SamlVisitor] = []
    while line := await asyncio.to_thread(sys.stdin.readline):
        count, at_once = map(int, line.split())
        visitors += [SamlVisitor(target) for _ in range(at_once - len(visitors))]
        times = await _run(visitors[:at_once], count)
        print(json.dumps([round(took, 3) for took in times]), flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
