"""An identity provider on pysaml2: `python -m pysaml2_idp PORT FOLDER`.

It asks nothing but who somebody is: a button for each person of `site.json`, and one to stop. It answers by
POST or by artifact, as the service provider asks.
"""

from __future__ import annotations

import secrets
import sys
from html import escape
from pathlib import Path
from typing import Any

from saml2 import (
    BINDING_HTTP_ARTIFACT,
    BINDING_HTTP_POST,
    BINDING_HTTP_REDIRECT,
    BINDING_SOAP,
    class_name,
    element_to_extension_element,
)
from saml2.config import IdPConfig
from saml2.metadata import create_metadata_string
from saml2.saml import (
    NAMEID_FORMAT_PERSISTENT,
    NAMEID_FORMAT_UNSPECIFIED,
    Attribute,
    AttributeStatement,
    AttributeValue,
    NameID,
)
from saml2.samlp import STATUS_AUTHN_FAILED, response_from_string
from saml2.server import Server
from saml2.sigver import pre_signature_part

from tests.interop.saml.sites.little import Answer, Asked, Site, as_said, sent_to, settings, told, xml

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
SETTINGS = settings(FOLDER)
HOME = SETTINGS["home"]
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
# pysaml2 writes the number 1 of its endpoint into an artifact as the two letters "01", which others read so.
ENDPOINT = 0x3031
CONFIG = {
    "entityid": f"{HOME}/metadata",
    "key_file": str(FOLDER / "key.pem"),
    "cert_file": str(FOLDER / "certificate.pem"),
    "encryption_keypairs": [
        {"key_file": str(FOLDER / "key.pem"), "cert_file": str(FOLDER / "certificate.pem")}
    ],
    "metadata": {"local": [str(FOLDER / "partner.xml")]} if (FOLDER / "partner.xml").exists() else {},
    "allow_unknown_attributes": True,
    "service": {
        "idp": {
            # Read here only; one level up it is passed over, and SHA-1 used.
            "signing_algorithm": RSA_SHA256,
            "digest_algorithm": SHA256,
            "endpoints": {
                "single_sign_on_service": [
                    (f"{HOME}/sso", BINDING_HTTP_REDIRECT),
                    (f"{HOME}/sso", BINDING_HTTP_POST),
                ],
                "single_logout_service": [
                    (f"{HOME}/slo", BINDING_HTTP_REDIRECT),
                    (f"{HOME}/slo", BINDING_HTTP_POST),
                ],
                "artifact_resolution_service": [(f"{HOME}/ars", BINDING_SOAP, ENDPOINT)],
            },
            "policy": {
                "default": {
                    "lifetime": {"minutes": 2},
                    "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
                    "fail_on_missing_requested": False,
                }
            },
            "want_authn_requests_signed": True,
            "sign_assertion": True,
            "sign_response": True,
        }
    },
}
SERVER = Server(config=IdPConfig().load(CONFIG))
PENDING: dict[str, dict[str, Any]] = {}


def sso(asked: Asked) -> Answer:
    """Read a request and show who may answer it."""
    if asked.method == "POST":
        values, binding, proof = asked.form, BINDING_HTTP_POST, {}
    else:
        values, binding = asked.query, BINDING_HTTP_REDIRECT
        proof = {
            "relay_state": values.get("RelayState"),
            "sigalg": values.get("SigAlg"),
            "signature": values.get("Signature"),
        }
    request = SERVER.parse_authn_request(values["SAMLRequest"], binding, **proof).message
    key = secrets.token_urlsafe()
    PENDING[key] = {"request": request, "relay_state": values.get("RelayState", "")}
    buttons = [
        f"<button name=person value={escape(each['id'])}>{escape(each['id'])}</button>"
        for each in SETTINGS["people"]
    ]
    body = "".join(buttons) + "<button name=person value=''>Stop</button>"
    return Answer(
        body=f"<!doctype html><title>Who are you?</title><h1>Who are you?</h1>"
        f"<form method=post action=/answer><input type=hidden name=key value={key}>{body}</form>"
    )


def answer(asked: Asked) -> Answer:
    """Tell the service provider who somebody is, or that somebody stopped."""
    pending = PENDING.pop(asked.form["key"])
    request = pending["request"]
    known = SERVER.response_args(request, [BINDING_HTTP_POST, BINDING_HTTP_ARTIFACT])
    person = next((each for each in SETTINGS["people"] if each["id"] == asked.form.get("person")), None)
    message = _positive(person, request, known) if person else _negative(request, known)
    where = known["destination"]
    if known["binding"] == BINDING_HTTP_ARTIFACT:
        artifact = SERVER.use_artifact(response_from_string(str(message)), 1)
        return sent_to(SERVER.use_http_artifact(artifact, where, pending["relay_state"])["url"])
    said = SERVER.apply_binding(BINDING_HTTP_POST, str(message), where, pending["relay_state"], response=True)
    return as_said(said)


def _positive(person: dict[str, Any], request: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401 pysaml2's
    format_ = NAMEID_FORMAT_UNSPECIFIED if ":" in person["name_id"] else NAMEID_FORMAT_PERSISTENT
    named = person.get("names", {})
    response = SERVER.create_authn_response(
        identity=person["attributes"],
        in_response_to=request.id,
        destination=known["destination"],
        sp_entity_id=request.issuer.text,
        name_id=NameID(format=format_, text=person["name_id"]),
        authn={"class_ref": person["level"], "authn_auth": CONFIG["entityid"]},
        sign_assertion=not named,
        sign_response=not named,
    )
    return _signed_with_names(response, named) if named else response


def _signed_with_names(response: Any, named: dict[str, dict[str, str]]) -> Any:  # noqa: ANN401 pysaml2's
    """Add attributes whose value is a name and not a text, which pysaml2 does for no attribute but one."""
    assertion = response.assertion
    statement = AttributeStatement(attribute=[_named(name, value) for name, value in named.items()])
    assertion.attribute_statement = [statement]
    chosen = {"sign_alg": RSA_SHA256, "digest_alg": SHA256}
    assertion.signature = pre_signature_part(assertion.id, SERVER.sec.my_cert, 2, **chosen)
    return SERVER.sign(response, to_sign=[(class_name(assertion), assertion.id)], **chosen)


def _named(name: str, value: dict[str, str]) -> Attribute:
    told = NameID(format=NAMEID_FORMAT_PERSISTENT, name_qualifier=value["qualifier"], text=value["value"])
    return Attribute(
        name=name,
        name_format="urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
        attribute_value=[AttributeValue(extension_elements=[element_to_extension_element(told)])],
    )


def _negative(request: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401 pysaml2's
    return SERVER.create_error_response(
        request.id,
        known["destination"],
        (STATUS_AUTHN_FAILED, "Authentication cancelled"),
        sign=True,
    )


def resolve(asked: Asked) -> Answer:
    """Give the signed message that an artifact stands for; pysaml2 cannot sign around it."""
    request = SERVER.parse_artifact_resolve(asked.body)
    message = SERVER.create_artifact_response(request, request.artifact.text, [BINDING_SOAP], sign=False)
    return xml(SERVER.use_soap(str(message), "")["data"])


def leave(asked: Asked) -> Answer:
    """End the session, of which there is none, and say so."""
    post = asked.method == "POST"
    values, binding = (asked.form, BINDING_HTTP_POST) if post else (asked.query, BINDING_HTTP_REDIRECT)
    if "SAMLResponse" in values:
        return told(at="/logged-out")
    signature = {} if post else {"sigalg": values.get("SigAlg"), "signature": values.get("Signature")}
    request = SERVER.parse_logout_request(
        values["SAMLRequest"], binding, relay_state=values.get("RelayState"), **signature
    ).message
    bindings = [BINDING_HTTP_REDIRECT, BINDING_HTTP_POST]
    response = SERVER.create_logout_response(request, bindings, sign=False)
    known = SERVER.response_args(request, bindings)
    return as_said(
        SERVER.apply_binding(
            known["binding"],
            str(response),
            known["destination"],
            values.get("RelayState", ""),
            response=True,
            sign=True,
        )
    )


def metadata(_: Asked) -> Answer:
    """Give its own metadata."""
    return xml(
        create_metadata_string(None, config=SERVER.config, sign=True, sign_alg=RSA_SHA256, digest_alg=SHA256)
    )


Site(
    cookie="pysaml2-idp-session",
    pages={"/metadata": metadata, "/sso": sso, "/answer": answer, "/ars": resolve, "/slo": leave},
).serve(PORT)
