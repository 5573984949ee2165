"""Logging in at the health portal for somebody else: ST-SAML, with the client of django-digid-eherkenning.

The connection of the portal for one's own login (the older interface for citizens) has no form for who acts
for whom. This one has: a second connection to the same service, for which the library's client is told two
things: its request names the return address by index (STSAML-4.2), and a declaration may stand in an answer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from digid_eherkenning.models import DigidConfiguration
from digid_eherkenning.saml2.base import BaseSaml2Client, create_saml2_request
from digid_eherkenning.saml2.eherkenning import CustomOneLogin_Saml2_Settings
from digid_eherkenning.utils import get_client_ip
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from demo.foreign import declared, pages
from demo.foreign.declared import Reader, Register, Unbelieved
from demo.foreign.pages import Fact
from demo.foreign.portal_pages import SERVICE, language_of, on_the_way, refused, shown
from demo.words import LEVELS, Words, ground_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

METADATA: Final = "/metadata/for-another"
LOGIN, CONSUME, MINE, LOGOUT = (f"/for-another{each}" for each in ("/login", "/acs", "", "/logout"))
SERVICE_NUMBER: Final = "1"
NOT_ADMITTED: Final = "http://eid.logius.nl/LoA/basic"
OFFER: Final = Words("Log in voor iemand anders", "Log in for someone else")
TITLE: Final = Words("De gezondheid van iemand anders", "The health of someone else")
OWN: Final = Words("U koos om voor uzelf in te loggen.", "You chose to log in for yourself.")
ACTING: Final = Words("U handelt voor iemand anders.", "You act for someone else.")
KNOWN_AS: Final = Words("Bij ons bekend met BSN", "Known to us by BSN")
GROUND: Final = Words("Grond:", "Ground:")
LOGGED_IN: Final = Words("U bent ingelogd op niveau", "You are logged in at level")
LEAVING: Final = Words(
    "Bij Toegang blijft u ingelogd; dit portaal vraagt daar voor iemand anders altijd een nieuwe login.",
    "At Toegang you stay logged in; for someone else this portal always asks a new login there.",
)

# What was received: the attribute, what it is called on the page, and what it is for.
SHOWN: Final = (
    (declared.ACTING, Words("Wie inlogde", "Who logged in"), Words("Uw eigen BSN.", "Your own BSN.")),
    (
        declared.LEGAL,
        Words("Voor wie", "For whom"),
        Words(
            "Het BSN van die persoon. U ziet hun dossier.", "The BSN of that person. You see their record."
        ),
    ),
    (
        declared.BETWEEN,
        Words("Daartussen", "In between"),
        Words("Het KVK-nummer van de organisatie waar u werkt.", "The KVK number of whom you work for."),
    ),
    (
        declared.KIND,
        Words("Soort", "Kind"),
        Words("Waarom u dat mag, zoals de login het zegt.", "Why you may, as the login says it."),
    ),
    (
        declared.SERVICE,
        Words("Dienst", "Service"),
        Words("Waarvoor het geldt: deze dienst en geen andere.", "For what: this service and no other."),
    ),
)
DECLARED: Final = (
    (
        declared.BASIS,
        Words("Verklaring: grond", "Declaration: ground"),
        Words(
            "Elke stap, van u tot voor wie u het doet, zoals het register van machtigingen verklaart.",
            "Every step, from you to whom you act for, as the register of mandates declares.",
        ),
    ),
    (
        declared.LEVEL,
        Words("Verklaring: niveau", "Declaration: level"),
        Words(
            "Het laagste van uw login en van elke machtiging.", "The lowest of your login and every mandate."
        ),
    ),
    (
        declared.STATEMENT,
        Words("Verklaring: kenmerk", "Declaration: mark"),
        Words(
            "Hiermee kan het portaal later vragen of het nog zo is.",
            "By this the portal can ask later whether it still is so.",
        ),
    ),
)
BELIEVED: Final = Words(
    "Wie verklaarde dit. Het portaal gelooft de verklaring: de handtekening is van dit register, met een"
    " sleutel die het portaal vooraf kreeg.",
    "Who declared this. The portal believes the declaration: the signature is of this register, by a key that"
    " the portal got beforehand.",
)
ERRORS: Final = (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, Unbelieved, LookupError)
"""LookupError: nothing was brought, or it stands for nothing any more, and the library takes the first."""


class Client(BaseSaml2Client):  # type: ignore[misc]
    """The library's client, on the connection for somebody else."""

    cache_key_prefix = "for-another"
    settings_cls = CustomOneLogin_Saml2_Settings

    @property
    def conf(self) -> dict[str, Any]:
        """Return what was filled in for the other connection, with another name and address."""
        found = dict(DigidConfiguration.get_solo().as_dict())
        return found | {"entity_id": f"{found['base_url']}{METADATA}", "acs_path": CONSUME}

    def create_config(self, config_dict: dict[str, Any]) -> Any:  # noqa: ANN401 the library has no types
        """Name the service by its number, and let a declaration stand beside a login.

        The library looks for other signatures in the whole answer, and takes a declaration for one. It still
        believes only the assertion that is signed and stands in the answer itself.
        """
        service = config_dict["sp"].pop("attributeConsumingService") | {"index": SERVICE_NUMBER}
        config_dict["sp"]["attributeConsumingServices"] = [service]
        config_dict["security"] |= {
            "disableSignatureWrappingProtection": True,
            "metadataValidUntil": "",
            "metadataCacheDuration": "",
            "requestedAuthnContext": False,
        }
        return super().create_config(config_dict)

    def ask(self, request: HttpRequest) -> tuple[str, str]:
        """STSAML-4.2: return where a request goes and what it is; who answers is asked to log in anew."""
        chosen = self.saml2_settings
        auth = OneLogin_Saml2_Auth(create_saml2_request(self.conf["base_url"], request), chosen)
        asked = OneLogin_Saml2_Authn_Request(
            chosen, force_authn=True, set_nameid_policy=False, attr_consuming_service_index=SERVICE_NUMBER
        )
        root = etree.fromstring(asked.get_xml().encode())
        for name in ("ProtocolBinding", "AssertionConsumerServiceURL"):
            del root.attrib[name]
        root.set("AssertionConsumerServiceIndex", "1")
        signed = OneLogin_Saml2_Utils.add_sign(
            etree.tostring(root),
            chosen.get_sp_key(),
            chosen.get_sp_cert(),
            sign_algorithm=OneLogin_Saml2_Constants.RSA_SHA256,
            digest_algorithm=OneLogin_Saml2_Constants.SHA256,
        )
        self.authn_storage.store(asked.get_id(), get_client_ip(request))
        request.session["asked-for-another"] = asked.get_id()
        return auth.get_sso_url(), OneLogin_Saml2_Utils.b64encode(signed)


def offered(language: str) -> str:
    """Write the button on the first page of the portal."""
    return pages.link(LOGIN, OFFER, language)


def addresses(site: Mapping[str, str], folder: Path) -> list[Any]:
    """Return the addresses of these pages, for the portal whose files are in `folder`."""
    register = Register.pinned(folder / "register.xml")
    reader = Reader(
        entity_id=f"{site['home']}{METADATA}", key=(folder / "key.pem").read_bytes(), register=register
    )

    def take(request: HttpRequest) -> HttpResponse:
        """Take the answer to a request of this browser, once."""
        try:
            request.session["for-another"] = received(request, reader)
        except ERRORS as error:
            return refused(request, str(error))
        return HttpResponseRedirect(MINE)

    found = {METADATA: metadata, LOGIN: login, CONSUME: take, MINE: mine, LOGOUT: logout}
    return [path(each[1:], view) for each, view in found.items()]


def metadata(_: HttpRequest) -> HttpResponse:
    """Give the metadata of this connection."""
    client = Client()
    client.saml2_setting_kwargs = {"sp_validation_only": True}
    return HttpResponse(client.create_metadata(), content_type="text/xml")


def login(request: HttpRequest) -> HttpResponse:
    """Begin a login."""
    url, asked = Client().ask(request)
    return on_the_way(request, url, {"SAMLRequest": asked})


def received(request: HttpRequest, reader: Reader) -> dict[str, Any]:
    """Return what an answer says, of which everything is believed.

    Raises:
        OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError: the login is not believed.
        Unbelieved: it answers another browser, is too low, or does not say (or nobody declares) who acts.
        LookupError: there is no answer (any more).

    """
    response = Client().artifact_resolve(request, request.GET["SAMLart"])
    if response.get_in_response_to() != request.session.pop("asked-for-another", None):
        message = "this browser did not ask for it"
        raise Unbelieved(message)
    (level,) = response.get_authn_contexts()
    if level not in LEVELS or level == NOT_ADMITTED:
        message = f"level {level} is too low"
        raise Unbelieved(message)
    (assertion,) = response.get_xml_document().xpath(
        "/samlp:Response/saml:Assertion[@ID=$id]",
        id=response.get_assertion_id(),
        namespaces=declared.SPACES | {"samlp": "urn:oasis:names:tc:SAML:2.0:protocol"},
    )
    said = reader.told(assertion)
    if declared.ACTING not in said:
        message = "it does not say who logged in"
        raise Unbelieved(message)
    return {
        "level": level,
        "said": said,
        # Whoever is not represented by the register's word is not represented here.
        "declared": reader.declared(assertion, datetime.now(UTC)) if declared.LEGAL in said else {},
        "register": reader.register.entity_id,
    }


def mine(request: HttpRequest) -> HttpResponse:
    """Show what was received, first of all for whom."""
    language, known = language_of(request), request.session.get("for-another")
    if known is None:
        return HttpResponseRedirect("/")
    body = banner(known, language) if known["declared"] else pages.paragraph(OWN, language=language)
    level = LEVELS[known["level"]]
    body += pages.paragraph(LOGGED_IN, Words(f"{level.nl}.", f"{level.en}."), language=language)
    body += pages.received(facts(known, language), language)
    body += pages.paragraph(LEAVING, language=language) + pages.form(LOGOUT, pages.LOG_OUT, language)
    return shown(request, TITLE if known["declared"] else SERVICE, body)


def banner(known: Mapping[str, Any], language: str) -> str:
    """Write that somebody acts for another, for whom, and by what."""
    number = ", ".join(known["said"][declared.LEGAL])
    by_what = ", ".join(ground_words(each).said(language) for each in known["declared"][declared.BASIS])
    rest = f"{KNOWN_AS.said(language)} {number}. {GROUND.said(language)} {by_what}."
    return pages.status(ACTING.said(language), rest)


def facts(known: Mapping[str, Any], language: str) -> list[Fact]:
    """Return everything that was received, in the order in which it is read."""
    named = Words("Niveau", "Level").said(language)
    level = Fact(name=f"{named} (AuthnContextClassRef)", value=known["level"])
    found = [*_facts(SHOWN, known["said"], language), level]
    if not known["declared"]:
        return found
    by_whom = Words("Verklaring: van wie", "Declaration: by whom").said(language)
    register = Fact(name=f"{by_whom} (Issuer)", value=known["register"], why=BELIEVED)
    return [*found, *_facts(DECLARED, known["declared"], language), register]


def _facts(
    rows: Iterable[tuple[str, Words, Words]], told: Mapping[str, list[str]], language: str
) -> Iterator[Fact]:
    for attribute, words, why in rows:
        if told.get(attribute):
            name = f"{words.said(language)} ({attribute.rpartition(':')[2]})"
            yield Fact(name=name, value=", ".join(told[attribute]), why=why)


def logout(request: HttpRequest) -> HttpResponse:
    """End this login at the portal."""
    if request.method == "POST":
        request.session.pop("for-another", None)
    return HttpResponseRedirect("/")
