"""The identity provider of pysaml2 with its default back end: `python -m bench.peer.pysaml2_login FOLDER`.

Reads a number from standard input, answers so many logins, and writes the CPU seconds that they took, of
itself and of the programs that it started; until the input ends. The messages of one login lie in FOLDER.
It has no pages, no policy and no storage: only the messages, by its own documentation. The signature of the
request for the artifact it cannot check, and the artifact response it cannot sign; it signs the response in
it instead.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path

from saml2 import BINDING_HTTP_POST, BINDING_SOAP
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_TRANSIENT, NameID
from saml2.samlp import response_from_string
from saml2.server import Server

FOLDER = Path(sys.argv[1])
HOME = "http://localhost:9"
CONFIG = {
    "entityid": f"{HOME}/metadata",
    "key_file": str(FOLDER / "key.pem"),
    "cert_file": str(FOLDER / "certificate.pem"),
    "metadata": {"local": [str(FOLDER / "partner.xml")]},
    "allow_unknown_attributes": True,
    "service": {
        "idp": {
            "signing_algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "digest_algorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
            "endpoints": {
                "single_sign_on_service": [(f"{HOME}/sso", BINDING_HTTP_POST)],
                "artifact_resolution_service": [(f"{HOME}/ars", BINDING_SOAP, 1)],
            },
            "policy": {"default": {"lifetime": {"minutes": 2}, "fail_on_missing_requested": False}},
            "want_authn_requests_signed": True,
            "sign_assertion": True,
            "sign_response": True,
        }
    },
}


def main() -> None:
    """Answer until the input ends."""
    logging.disable(logging.CRITICAL)
    server = Server(config=IdPConfig().load(CONFIG))
    request = (FOLDER / "request.b64").read_text(encoding="ascii")
    resolve = (FOLDER / "resolve.xml").read_text(encoding="utf-8")
    for line in sys.stdin:
        begun = sum(os.times()[:4])
        for _ in range(int(line)):
            _log_in(server, request, resolve)
        print(json.dumps(sum(os.times()[:4]) - begun), flush=True)


def _log_in(server: Server, posted: str, resolve: str) -> None:
    """Take a request, make a response, keep it behind an artifact, and give it for that."""
    request = server.parse_authn_request(posted, BINDING_HTTP_POST).message
    response = server.create_authn_response(
        identity={"uid": ["999990019"]},
        in_response_to=request.id,
        destination=f"{HOME}/acs",
        sp_entity_id=request.issuer.text,
        name_id=NameID(format=NAMEID_FORMAT_TRANSIENT, text="_somebody"),
        authn={"class_ref": "http://eidas.europa.eu/LoA/substantial", "authn_auth": CONFIG["entityid"]},
        encrypt_assertion=True,
        sign_assertion=True,
        sign_response=True,
    )
    artifact = server.use_artifact(response_from_string(str(response)), 1)
    asked = server.parse_artifact_resolve(resolve)
    answer = server.create_artifact_response(asked, artifact, [BINDING_SOAP], sign=False)
    if "EncryptedAssertion" not in str(server.use_soap(str(answer), "")["data"]):
        message = "nothing was encrypted"
        raise SystemExit(message)


if __name__ == "__main__":
    main()
