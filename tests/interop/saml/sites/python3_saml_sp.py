"""A service provider on python3-saml: `python -m python3_saml_sp PORT FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from tests.interop.saml.sites.little import Answer, Asked, Site, sent_to, settings, told, xml

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
SETTINGS = settings(FOLDER)
HOME = SETTINGS["home"]
OWN = {
    "strict": True,
    "sp": {
        "entityId": f"{HOME}/metadata",
        "assertionConsumerService": {
            "url": f"{HOME}/acs",
            "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        },
        "singleLogoutService": {
            "url": f"{HOME}/slo",
            "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        },
        "NameIDFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        "x509cert": (FOLDER / "certificate.pem").read_text(),
        "privateKey": (FOLDER / "key.pem").read_text(),
    },
    "security": {
        "authnRequestsSigned": True,
        "logoutRequestSigned": True,
        "logoutResponseSigned": True,
        "signMetadata": True,
        "wantMessagesSigned": SETTINGS.get("wants_messages_signed", True),
        "wantAssertionsSigned": SETTINGS.get("wants_assertions_signed", False),
        "requestedAuthnContext": [SETTINGS["level"]],
        "requestedAuthnContextComparison": "minimum",
        "signatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "digestAlgorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
        "rejectDeprecatedAlgorithm": True,
        "allowRepeatAttributeName": True,
    },
}
PARTNER = OneLogin_Saml2_IdPMetadataParser.parse((FOLDER / "partner.xml").read_text())
MERGED = OneLogin_Saml2_IdPMetadataParser.merge_settings(OWN, {"idp": PARTNER["idp"]})
REQUESTS: set[str] = set()


def auth(asked: Asked) -> Any:  # noqa: ANN401 the library's
    """Give the library this request."""
    where = urlsplit(HOME)
    return OneLogin_Saml2_Auth(
        {
            "https": "off",
            "http_host": where.netloc,
            "script_name": asked.path,
            "get_data": asked.query,
            "post_data": asked.form,
            "query_string": asked.raw_query,
        },
        MERGED,
    )


def login(asked: Asked) -> Answer:
    """Begin a login."""
    library = auth(asked)
    to = library.login(return_to=f"{HOME}/mine")
    REQUESTS.add(library.get_last_request_id())
    return sent_to(to)


def consume(asked: Asked) -> Answer:
    """Take the answer to one of our requests, once."""
    library = auth(asked)
    library.process_response()
    if library.get_errors():
        return told(error=library.get_errors(), description=library.get_last_error_reason())
    if library.get_last_response_in_response_to() not in REQUESTS:
        return told(error="nobody asked for this")
    REQUESTS.remove(library.get_last_response_in_response_to())
    asked.session.update(
        here=True,
        name_id=library.get_nameid(),
        format=library.get_nameid_format(),
        level=library.get_last_authn_contexts()[0],
        session_index=library.get_session_index(),
        attributes=library.get_attributes(),
    )
    return sent_to("/mine")


def mine(asked: Asked) -> Answer:
    """Show what was received."""
    return told(**({"here": False} | asked.session))


def logout(asked: Asked) -> Answer:
    """Log out here and at the identity provider."""
    library = auth(asked)
    return sent_to(
        library.logout(
            return_to=f"{HOME}/",
            name_id=asked.session["name_id"],
            session_index=asked.session["session_index"],
            name_id_format=asked.session["format"],
        )
    )


def finish(asked: Asked) -> Answer:
    """Take the answer to that, or the identity provider's wish to end a session."""
    library = auth(asked)
    to = library.process_slo(delete_session_cb=asked.session.clear)
    if library.get_errors():
        return told(error=library.get_errors(), description=library.get_last_error_reason())
    return sent_to(to or "/")


def metadata(_: Asked) -> Answer:
    """Give its own metadata."""
    return xml(OneLogin_Saml2_Settings(OWN, sp_validation_only=True).get_sp_metadata())


Site(
    cookie="python3-saml-session",
    pages={
        "/metadata": metadata,
        "/login": login,
        "/acs": consume,
        "/mine": mine,
        "/logout": logout,
        "/slo": finish,
    },
).serve(PORT)
