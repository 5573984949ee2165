"""A service provider on pysaml2: `python -m pysaml2_sp PORT FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import create_metadata_string
from saml2.saml import NAMEID_FORMAT_PERSISTENT

from tests.interop.saml.sites.little import Answer, Asked, Site, as_said, sent_to, settings, told, xml

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
SETTINGS = settings(FOLDER)
HOME = SETTINGS["home"]
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
CONFIG = {
    "entityid": f"{HOME}/metadata",
    "key_file": str(FOLDER / "key.pem"),
    "cert_file": str(FOLDER / "certificate.pem"),
    "encryption_keypairs": [
        {"key_file": str(FOLDER / "key.pem"), "cert_file": str(FOLDER / "certificate.pem")}
    ],
    "metadata": {"local": [str(FOLDER / "partner.xml")]},
    # The browser goes along to log out, so that it ends what it has of the hub too.
    "preferred_binding": {"single_logout_service": [BINDING_HTTP_REDIRECT]},
    # Attributes of no list that pysaml2 brings are shown by their full name.
    "allow_unknown_attributes": True,
    "service": {
        "sp": {
            "name": SETTINGS["name"],
            # Read here only; one level up it is passed over, and SHA-1 used.
            "signing_algorithm": RSA_SHA256,
            "digest_algorithm": SHA256,
            "endpoints": {
                "assertion_consumer_service": [(f"{HOME}/acs", BINDING_HTTP_POST)],
                "single_logout_service": [(f"{HOME}/slo", BINDING_HTTP_REDIRECT)],
            },
            "name_id_policy_format": NAMEID_FORMAT_PERSISTENT,
            "name_id_format_allow_create": True,
            "requested_authn_context": {
                "authn_context_class_ref": [SETTINGS["level"]],
                "comparison": "minimum",
            },
            "authn_requests_signed": True,
            "logout_requests_signed": True,
            "want_assertions_signed": False,
            "want_assertions_or_response_signed": True,
            "allow_unsolicited": False,
        }
    },
}
CLIENT = Saml2Client(config=SPConfig().load(CONFIG))
OUTSTANDING: dict[str, str] = {}


def login(_: Asked) -> Answer:
    """Begin a login."""
    request, info = CLIENT.prepare_for_authenticate(binding=BINDING_HTTP_REDIRECT, sign=True)
    OUTSTANDING[request] = "/mine"
    return as_said(info)


def consume(asked: Asked) -> Answer:
    """Take the answer to one of our requests, once."""
    response = CLIENT.parse_authn_request_response(asked.form["SAMLResponse"], BINDING_HTTP_POST, OUTSTANDING)
    del OUTSTANDING[response.in_response_to]
    asked.session.update(name_id=response.name_id, known=response.session_info())
    return sent_to("/mine")


def mine(asked: Asked) -> Answer:
    """Show what was received."""
    if "known" not in asked.session:
        return told(here=False)
    name_id, known = asked.session["name_id"], asked.session["known"]
    return told(
        here=True,
        name_id=name_id.text,
        format=name_id.format,
        level=known["authn_info"][0][0],
        session_index=known["session_index"],
        attributes=known["ava"],
    )


def logout(asked: Asked) -> Answer:
    """Log out here and at the identity provider."""
    said = CLIENT.global_logout(asked.session["name_id"])
    (_, info), *_ = said.values()
    return as_said(info)


def finish(asked: Asked) -> Answer:
    """Take the answer to that, or the identity provider's wish to end a session."""
    if "SAMLResponse" in asked.query:
        response = CLIENT.parse_logout_request_response(asked.query["SAMLResponse"], BINDING_HTTP_REDIRECT)
        CLIENT.handle_logout_response(response)
        asked.session.clear()
        return sent_to("/")
    info = CLIENT.handle_logout_request(
        asked.query["SAMLRequest"],
        asked.session.get("name_id"),
        BINDING_HTTP_REDIRECT,
        relay_state=asked.query.get("RelayState"),
        sigalg=asked.query.get("SigAlg"),
        signature=asked.query.get("Signature"),
    )
    asked.session.clear()
    return as_said(info)


def metadata(_: Asked) -> Answer:
    """Give its own metadata."""
    return xml(
        create_metadata_string(None, config=CLIENT.config, sign=True, sign_alg=RSA_SHA256, digest_alg=SHA256)
    )


Site(
    cookie="pysaml2-sp-session",
    pages={
        "/metadata": metadata,
        "/login": login,
        "/acs": consume,
        "/mine": mine,
        "/logout": logout,
        "/slo": finish,
    },
).serve(PORT)
