"""How the parties on other software stand in the demo's catalogue: two ask for logins, two give them."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from demo.admitted import CARE
from demo.places import Guest
from demo.words import Words

if TYPE_CHECKING:
    from demo.places import Places

PORTAL_SERVICE: Final = "019a0000-0000-7000-8000-000000000004"
PRACTICE_SERVICE: Final = "019a0000-0000-7000-8000-000000000005"
PHARMACY_SERVICE: Final = "019a0000-0000-7000-8000-000000000006"
ORGANISATIONS: Final = {
    Guest.PORTAL: "gezondheidsportaal-zandermeer",
    Guest.PRACTICE: "huisartsenpraktijk-de-wilg",
    Guest.PHARMACY: "apotheek-de-els",
    Guest.BANK: "de-zandbank",
    Guest.PASS: "stichting-zandpas",
}
FOR_ANOTHER: Final = "/metadata/for-another"
"""Where the portal has the metadata of its connection for who acts for another; the last part of its name."""

CLUSTER: Final = {Guest.PRACTICE: PRACTICE_SERVICE, Guest.PHARMACY: PHARMACY_SERVICE}
"""Who connects through the same supplier, and for which service."""

MEANS: Final = {Guest.BANK: "bankmiddel", Guest.PASS: "zandpas"}
BANK_LEVELS: Final = {"urn:zandbank:code": "low"}
PASS_LEVEL: Final = "urn:zandpas:card"
CARE_LAW: Final = "Wet aanvullende bepalingen verwerking persoonsgegevens in de zorg, artikel 5"


def organisations(places: Places) -> list[dict[str, Any]]:
    """Return the organisations of the guests that are there."""
    made = {
        Guest.PORTAL: [_portal(places)],
        Guest.PRACTICE: [_practice()],
        Guest.PHARMACY: [_pharmacy()],
        Guest.BANK: [_provider(Guest.BANK, Words("De Zandbank", "De Zandbank"), "banks")],
        Guest.PASS: [_provider(Guest.PASS, Words("Stichting Zandpas", "Zandpas Foundation"), "access")],
    }
    members = [guest for guest in CLUSTER if guest in places.guests]
    supplier = [_supplier(places, members)] if members else []
    return [each for guest in places.guests for each in made.get(guest, [])] + supplier


def means(places: Places) -> list[dict[str, Any]]:
    """Return the login means of the guests that are there."""
    made = {Guest.BANK: _bank(places), Guest.PASS: _pass(places)}
    return [made[guest] for guest in places.guests if guest in made]


def _portal(places: Places) -> dict[str, Any]:
    service = {
        "id": PORTAL_SERVICE,
        "names": _text("Mijn gezondheid", "My health"),
        "descriptions": _text("Uw medicatie.", "Your medication."),
        "level": "low",
        "identity": "bsn",
        "representation": deepcopy(CARE),
    }
    connection = {
        "id": "demo-gezondheidsportaal",
        "names": _text("Gezondheidsportaal", "Health portal"),
        "entity_id": f"{places.url(Guest.PORTAL)}/metadata/digid",
        "profile": "digid3",
        "profile_reason": "django-digid-eherkenning 0.24 speaks the older interface for citizens.",
        "services": [PORTAL_SERVICE],
    }
    for_another = {
        "id": "demo-gezondheidsportaal-voor-iemand-anders",
        "names": _text("Gezondheidsportaal, voor iemand anders", "Health portal, for someone else"),
        "entity_id": f"{places.url(Guest.PORTAL)}{FOR_ANOTHER}",
        "profile": "st-saml",
        "services": [PORTAL_SERVICE],
        "service_indexes": [{"index": 1, "service": PORTAL_SERVICE}],
        "representation": True,
    }
    return {
        "id": ORGANISATIONS[Guest.PORTAL],
        "names": _text("Gezondheidsportaal Zandermeer", "Zandermeer Health Portal"),
        "kind": "private",
        "sector": "care",
        "oin": "00000009999990000003",
        "bsn_ground": CARE_LAW,
        "services": [service | {"single_sign_on": {"allowed": True, "max_age": 900}}],
        "connections": [connection, for_another],
    }


def _practice() -> dict[str, Any]:
    service = {
        "id": PRACTICE_SERVICE,
        "names": _text("Afspraak maken", "Make an appointment"),
        "descriptions": _text("Afspraken met de huisarts.", "Appointments with the doctor."),
        "level": "basic",
    }
    return {
        "id": ORGANISATIONS[Guest.PRACTICE],
        "names": _text("Huisartsenpraktijk De Wilg", "De Wilg GP Practice"),
        "kind": "private",
        "sector": "care",
        "services": [service | {"single_sign_on": {"allowed": True, "max_age": 900}}],
    }


def _pharmacy() -> dict[str, Any]:
    service = {
        "id": PHARMACY_SERVICE,
        "names": _text("Herhaalrecept vragen", "Ask for a repeat prescription"),
        "descriptions": _text("Medicijnen die u al had.", "Medicines that you had before."),
        "level": "basic",
    }
    return {
        "id": ORGANISATIONS[Guest.PHARMACY],
        "names": _text("Apotheek De Els", "De Els Pharmacy"),
        "kind": "private",
        "sector": "care",
        "services": [service | {"single_sign_on": {"allowed": True, "max_age": 900}}],
    }


def _supplier(places: Places, customers: list[Guest]) -> dict[str, Any]:
    """One technical connection for all its customers; each asks by its own name and key."""
    members = [
        {"organisation": ORGANISATIONS[guest], "entity_id": f"{places.url(guest)}/metadata"}
        for guest in customers
    ]
    return {
        "id": "softwarehuis-de-schakel",
        "names": _text("Softwarehuis De Schakel", "De Schakel Software"),
        "kind": "private",
        "sector": "software",
        "supplier": True,
        "connections": [
            {
                "id": "demo-de-schakel",
                "names": _text("De Schakel", "De Schakel"),
                "entity_id": "https://schakel.example/saml",
                "profile": "saml2int",
                "services": [CLUSTER[guest] for guest in customers],
                "members": members,
            }
        ],
    }


def _provider(guest: Guest, name: Words, sector: str) -> dict[str, Any]:
    return {
        "id": ORGANISATIONS[guest],
        "names": _text(name.nl, name.en),
        "kind": "private",
        "sector": sector,
    }


def _bank(places: Places) -> dict[str, Any]:
    return {
        "id": MEANS[Guest.BANK],
        "kind": "oidc",
        "organisation": ORGANISATIONS[Guest.BANK],
        "names": _text("Bankmiddel", "Bankmiddel"),
        "ceiling": "low",
        "linkable": True,
        "levels": [{"name": name, "level": level} for name, level in BANK_LEVELS.items()],
        "settings": {
            "issuer": places.url(Guest.BANK),
            "client_id": "toegang-demo",
            "authentication": "client_secret_basic",
        },
    }


def _pass(places: Places) -> dict[str, Any]:
    return {
        "id": MEANS[Guest.PASS],
        "kind": "saml",
        "organisation": ORGANISATIONS[Guest.PASS],
        "names": _text("Zandpas", "Zandpas"),
        "ceiling": "basic",
        "levels": [{"name": PASS_LEVEL, "level": "basic"}],
        "settings": {"entity_id": f"{places.url(Guest.PASS)}/metadata", "request_by": "redirect"},
    }


def _text(nl: str, en: str) -> dict[str, str]:
    return {"nl": nl, "en": en}
