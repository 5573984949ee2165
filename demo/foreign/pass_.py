"""The identity provider of a foundation, on pysaml2: `python -m demo.foreign.pass_ PORT FOLDER`.

It asks nothing but whose pass somebody holds: a button for each person in `site.json`, and one to stop.
"""

from __future__ import annotations

import secrets
from html import escape
from importlib.metadata import version
from typing import Any, Final

import xmlsec
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import create_metadata_string
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.samlp import STATUS_AUTHN_FAILED
from saml2.server import Server
from saml2.sigver import CryptoBackend

from demo.foreign import pages
from demo.foreign.pages import Page
from demo.foreign.site import Answer, Asked, Site, document, serve, shown, told
from demo.words import Words

PORT, FOLDER, SETTINGS = told()
HOME: Final = SETTINGS["home"]
NAME: Final = Words("Stichting Zandpas", "Zandpas Foundation")
WHO: Final = Words("Houd uw pas voor de lezer", "Hold your pass to the reader")
CHOOSE: Final = Words(
    "Deze pagina doet alsof. Kies van wie de pas is.", "This page pretends. Choose whose pass it is."
)
STOP: Final = Words("Stop met inloggen", "Stop logging in")
ON: Final = Words("Verder naar Toegang", "On to Toegang")
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
PENDING: dict[str, dict[str, Any]] = {}


class Xmlsec(CryptoBackend):  # type: ignore[misc]
    """Signs for pysaml2 by the library xmlsec: its own way starts the program xmlsec1, which not all have."""

    @property
    def version(self) -> str:
        """Say which version signs."""
        return version("xmlsec")

    def sign_statement(self, statement: Any, node_name: str, key_file: str, node_id: str) -> str:  # noqa: ANN401 pysaml2's
        """Fill in the signature that pysaml2 left open in the element with this id."""
        tree = etree.fromstring(statement if isinstance(statement, bytes) else str(statement).encode())
        kind = node_name.rpartition(":")[2]
        (element,) = tree.xpath("//*[@ID=$id and local-name()=$kind]", id=node_id, kind=kind)
        xmlsec.tree.add_ids(element, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_file(key_file, xmlsec.constants.KeyDataFormatPem)
        context.sign(element.find(f"{{{xmlsec.constants.DSigNs}}}Signature"))
        return str(etree.tostring(tree, encoding="unicode"))


CONFIG: Final = {
    "entityid": f"{HOME}/metadata",
    # Not started: the class above signs. pysaml2 wants to know that it is there.
    "xmlsec_binary": str(FOLDER / "site.json"),
    "key_file": str(FOLDER / "key.pem"),
    "cert_file": str(FOLDER / "certificate.pem"),
    "metadata": {"local": [str(FOLDER / "partner.xml")]},
    "service": {
        "idp": {
            "name": NAME.en,
            "signing_algorithm": RSA_SHA256,
            "digest_algorithm": SHA256,
            "endpoints": {"single_sign_on_service": [(f"{HOME}/sso", BINDING_HTTP_REDIRECT)]},
            "policy": {"default": {"lifetime": {"minutes": 2}}},
            "want_authn_requests_signed": True,
            "sign_assertion": True,
            "sign_response": True,
        }
    },
}


def provider() -> Any:  # noqa: ANN401 pysaml2 has no types
    """Make the identity provider, with its own way of signing."""
    made = Server(config=IdPConfig().load(CONFIG))
    made.sec.crypto = Xmlsec()
    made.config.xmlsec_binary = None
    return made


SERVER: Final = provider()


def page(title: Words, body: str, *, script: bool = False) -> Page:
    """Make a page of the foundation; each answers something that is asked once."""
    return Page(look="pass", name=NAME, title=title, body=body, switch=False, script=script)


def home(asked: Asked) -> Answer:
    """Say what this is."""
    words = Words(
        "Met een Zandpas kunt u bij andere websites inloggen op niveau basis.",
        "With a Zandpas you can log in at other websites at level basic.",
    )
    body = pages.paragraph(words, language=asked.language)
    return shown(Page(look="pass", name=NAME, title=NAME, body=body), asked)


def sso(asked: Asked) -> Answer:
    """Read a request and ask whose pass it is."""
    proof = {
        "relay_state": asked.query.get("RelayState"),
        "sigalg": asked.query.get("SigAlg"),
        "signature": asked.query.get("Signature"),
    }
    parsed = SERVER.parse_authn_request(asked.query["SAMLRequest"], BINDING_HTTP_REDIRECT, **proof)
    key = secrets.token_urlsafe()
    PENDING[key] = {"request": parsed.message, "relay_state": asked.query.get("RelayState", "")}
    buttons = "".join(
        f'<p><button name="person" value="{escape(one["id"])}">{escape(one["name"])}</button></p>'
        for one in SETTINGS["people"]
    )
    body = pages.paragraph(CHOOSE, language=asked.language)
    body += f'<form method="post" action="/answer"><input type="hidden" name="key" value="{key}">{buttons}'
    body += f'<p><button name="person" value="stop">{STOP.said(asked.language)}</button></p></form>'
    return shown(page(WHO, body), asked)


def answer(asked: Asked) -> Answer:
    """Tell who somebody is, or that somebody stopped."""
    pending = PENDING.pop(asked.form["key"])
    request = pending["request"]
    known = SERVER.response_args(request, [BINDING_HTTP_POST])
    person = next((one for one in SETTINGS["people"] if one["id"] == asked.form.get("person")), None)
    message = _positive(person, request, known) if person else _negative(request, known)
    said = SERVER.apply_binding(
        BINDING_HTTP_POST, str(message), known["destination"], pending["relay_state"], response=True
    )
    fields = {name: _field(said["data"], name) for name in ("SAMLResponse", "RelayState")}
    carried = {name: value for name, value in fields.items() if value}
    body = pages.form(known["destination"], ON, asked.language, carried)
    return shown(page(ON, body, script=True), asked)


def _field(form: str, name: str) -> str:
    found = etree.HTML(form).xpath("//input[@name=$name]/@value", name=name)
    return str(found[0]) if found else ""


def _positive(person: dict[str, Any], request: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401 pysaml2's
    return SERVER.create_authn_response(
        identity={},
        in_response_to=request.id,
        destination=known["destination"],
        sp_entity_id=request.issuer.text,
        name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=person["name_id"]),
        authn={"class_ref": SETTINGS["level"], "authn_auth": CONFIG["entityid"]},
        sign_assertion=True,
        sign_response=True,
    )


def _negative(request: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401 pysaml2's
    status = (STATUS_AUTHN_FAILED, "Authentication cancelled")
    return SERVER.create_error_response(request.id, known["destination"], status, sign=True)


def refused(asked: Asked) -> Answer:
    """Say that this cannot be answered."""
    body = pages.paragraph(pages.TRY_AGAIN, language=asked.language)
    return shown(page(pages.NOT_IN, body), asked, "400 Bad Request")


def metadata(_: Asked) -> Answer:
    """Give its own metadata."""
    return document(create_metadata_string(None, config=SERVER.config, sign=False))


if __name__ == "__main__":
    served = Site(
        cookie="demo-pass",
        pages={"/": home, "/sso": sso, "/answer": answer, "/metadata": metadata, "/refused": refused},
    )
    serve(served, PORT)
