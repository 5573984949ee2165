"""A GP practice on python3-saml: `python -m demo.foreign.practice PORT FOLDER`.

It stands in the hub's catalogue behind the connection of its software supplier, with a key of its own.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from demo.foreign import pages
from demo.foreign.pages import Fact, Page
from demo.foreign.site import Answer, Asked, Site, document, sent_to, serve, shown, told
from demo.words import Words

PORT, FOLDER, SETTINGS = told()
HOME: Final = SETTINGS["home"]
NAME: Final = Words("Huisartsenpraktijk De Wilg", "De Wilg GP Practice")
SERVICE: Final = Words("Afspraak maken", "Make an appointment")
SUPPLIER: Final = Words(
    "De praktijk logt in via haar leverancier, Softwarehuis De Schakel.",
    "The practice logs people in through its supplier, De Schakel Software.",
)
WHY: Final = Words(
    "Voor een afspraak zijn een gebruikersnaam en een wachtwoord genoeg. Niveau: basis.",
    "For an appointment a user name and a password are enough. Level: basic.",
)
FILE: Final = Words(
    "Voor de beheerder van Toegang: de metadata van deze praktijk als bestand, niet ondertekend.",
    "For the operator of Toegang: the metadata of this practice as a file, not signed.",
)
OWN: Final = {
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
        "wantMessagesSigned": True,
        "wantAssertionsEncrypted": True,
        "requestedAuthnContext": ["http://eid.logius.nl/LoA/basic"],
        "requestedAuthnContextComparison": "minimum",
        "signatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "digestAlgorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
        "rejectDeprecatedAlgorithm": True,
        # The hub pins what it took over; it is taken over anew at every start.
        "metadataValidUntil": "2100-01-01T00:00:00Z",
    },
}
EXPLAINED: Final = {
    "NameID": Words(
        "Het kenmerk waaronder deze praktijk u herkent. De praktijk krijgt geen BSN.",
        "What this practice recognises you by. The practice gets no BSN.",
    ),
    "AuthnContextClassRef": Words(
        "Hoe zeker het is dat u het bent: het niveau waarmee u bent ingelogd.",
        "How sure it is that it is you: the level at which you logged in.",
    ),
    "urn:oasis:names:tc:SAML:attribute:pairwise-id": Words(
        "Nog een kenmerk dat alleen deze praktijk van u krijgt, in een vorm die veel software kent.",
        "Another that only this practice gets of you, in a form that much software knows.",
    ),
}
REQUESTS: set[str] = set()


def library(asked: Asked) -> Any:  # noqa: ANN401 the library has no types
    """Give the library this request."""
    where = urlsplit(HOME)
    partner = OneLogin_Saml2_IdPMetadataParser.parse((FOLDER / "partner.xml").read_text())
    return OneLogin_Saml2_Auth(
        {
            "https": "off",
            "http_host": where.netloc,
            "script_name": asked.path,
            "get_data": asked.query,
            "post_data": asked.form,
            "query_string": asked.raw_query,
        },
        OneLogin_Saml2_IdPMetadataParser.merge_settings(OWN, {"idp": partner["idp"]}),
    )


def page(title: Words, body: str, *, switch: bool = True) -> Page:
    """Make a page of the practice."""
    return Page(look="practice", name=NAME, title=title, body=body, switch=switch)


def home(asked: Asked) -> Answer:
    """Show what there is to log in for."""
    here = "known" in asked.session
    words = Words(f"Log in voor {SERVICE.nl}", f"Log in for {SERVICE.en}")
    body = pages.paragraph(WHY, SUPPLIER, language=asked.language)
    body += pages.link("/mine", SERVICE, asked.language) if here else ""
    body += "" if here else pages.link("/login", words, asked.language)
    body += pages.file("/metadata", FILE, own_metadata(), asked.language)
    return shown(page(Words(f"Welkom bij {NAME.nl}", f"Welcome to {NAME.en}"), body), asked)


def login(asked: Asked) -> Answer:
    """Begin a login."""
    one = library(asked)
    to = one.login(return_to=f"{HOME}/mine")
    REQUESTS.add(one.get_last_request_id())
    return sent_to(to)


def consume(asked: Asked) -> Answer:
    """Take the answer to one of our requests, once."""
    one = library(asked)
    one.process_response()
    if one.get_errors() or one.get_last_response_in_response_to() not in REQUESTS:
        return refused(asked, str(one.get_last_error_reason() or "nobody asked for this"))
    REQUESTS.remove(one.get_last_response_in_response_to())
    asked.session["known"] = {
        "NameID": one.get_nameid(),
        "AuthnContextClassRef": one.get_last_authn_contexts()[0],
    } | {name: ", ".join(values) for name, values in one.get_attributes().items()}
    asked.session["leaving"] = {
        "name_id": one.get_nameid(),
        "session_index": one.get_session_index(),
        "name_id_format": one.get_nameid_format(),
    }
    return sent_to("/mine")


def mine(asked: Asked) -> Answer:
    """Show what was received."""
    if "known" not in asked.session:
        return sent_to("/")
    facts = [
        Fact(name=name, value=value, why=EXPLAINED.get(name))
        for name, value in asked.session["known"].items()
    ]
    body = pages.paragraph(WHY, SUPPLIER, language=asked.language) + pages.received(facts, asked.language)
    body += pages.form("/logout", pages.LOG_OUT, asked.language)
    return shown(page(SERVICE, body), asked)


def logout(asked: Asked) -> Answer:
    """Log out here and at the hub."""
    if "leaving" not in asked.session:
        return sent_to("/")
    return sent_to(library(asked).logout(return_to=f"{HOME}/", **asked.session["leaving"]))


def finish(asked: Asked) -> Answer:
    """Take the answer to that, or the hub's word that somebody left."""
    one = library(asked)
    to = one.process_slo(delete_session_cb=asked.session.clear)
    return refused(asked, str(one.get_last_error_reason())) if one.get_errors() else sent_to(to or "/")


def refused(asked: Asked, why: str = "") -> Answer:
    """Say that nobody is logged in."""
    body = pages.paragraph(pages.TRY_AGAIN, language=asked.language)
    body += pages.received([Fact(name="error", value=why)], asked.language) if why else ""
    body += pages.link("/", Words(f"Terug naar {NAME.nl}", f"Back to {NAME.en}"), asked.language)
    return shown(page(pages.NOT_IN, body, switch=False), asked, "400 Bad Request")


def own_metadata() -> bytes:
    """Write its own metadata; the same at every time."""
    written = OneLogin_Saml2_Settings(OWN, sp_validation_only=True).get_sp_metadata()
    return written if isinstance(written, bytes) else str(written).encode()


def metadata(_: Asked) -> Answer:
    """Give its own metadata."""
    return document(own_metadata(), "huisartsenpraktijk-de-wilg.xml")


if __name__ == "__main__":
    served = Site(
        cookie="demo-practice",
        pages={
            "/": home,
            "/login": login,
            "/acs": consume,
            "/mine": mine,
            "/logout": logout,
            "/slo": finish,
            "/metadata": metadata,
            "/refused": refused,
        },
    )
    serve(served, PORT)
