"""Writes the catalogue of the demo: who takes part, what their services ask, which means is admitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from demo import guest_catalogue, hospital, municipality, notices, town_counter
from demo.admitted import CARE, CONTACT, GRANTS, TAXES, with_change
from demo.places import ALGORITHMS, Party
from demo.relying import ACT_FOR
from toegang.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from demo.places import Places
    from demo.relying import Registration
    from demo.words import Words

CITIZEN_MEANS = "toegang-account"
APP_MEANS = "toegang-app"
CAMPAIGN = "password-to-app"
PASSKEY_MEANS = "toegang-passkey"
CARD_MEANS = "e-card"
ACCOUNT_CLIENT = "my-account"
ACCOUNT_SERVICE = "01929d2e-0000-7000-8000-00000000acc0"
CONTACT_SERVICE = "019a0000-0000-7000-8000-0000000000c1"
GRANTS_SERVICE = "019a0000-0000-7000-8000-0000000000c2"


def write_catalogue(places: Places) -> Path:
    """Write it with the keys and addresses of these places; return the file."""
    path = places.home / "catalogue.yaml"
    own = [_hub(), _municipality(places), _hospital(places), *_helpers()]
    made = {
        "organisations": own + guest_catalogue.organisations(places),
        "means": [_means(), _app(), _passkeys(), _card(), *guest_catalogue.means(places)],
        "campaigns": [_campaign()],
    }
    path.write_text(yaml.safe_dump(made, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _hub() -> dict[str, Any]:
    return {
        "id": "toegang",
        "names": _text("Toegang", "Toegang"),
        "kind": "public",
        "sector": "access",
        "oin": "00000009999990000001",
        "services": [
            {
                "id": ACCOUNT_SERVICE,
                "names": _text("Mijn Toegang", "My Toegang"),
                "descriptions": _text("Uw account en uw inloggeschiedenis.", "Your account and your logins."),
                "level": "basic",
                "confirm": False,
            }
        ],
        "clients": [
            {
                "id": ACCOUNT_CLIENT,
                "names": _text("Mijn Toegang", "My Toegang"),
                "services": [ACCOUNT_SERVICE],
                "authentication": "none",
            }
        ],
    }


def _means() -> dict[str, Any]:
    return {
        "id": CITIZEN_MEANS,
        "kind": "citizen",
        "organisation": "toegang",
        "names": _text("Toegang-account", "Toegang account"),
        "ceiling": "low",
        "gives_bsn": True,
    }


def _app() -> dict[str, Any]:
    return {
        "id": APP_MEANS,
        "kind": "app",
        "organisation": "toegang",
        "names": _text("Toegang-app", "Toegang app"),
        "ceiling": "substantial",
        "gives_bsn": True,
    }


def _campaign() -> dict[str, Any]:
    """Invite who has a password only, on the way to the hospital, to the app; always running."""
    portal, *_ = hospital.REGISTRATION.offers
    return {
        "id": CAMPAIGN,
        "names": _text("Van wachtwoord naar app", "From password to app"),
        "title": _text("Log voortaan in met de app", "Log in with the app from now on"),
        "text": _text(
            "Uw account heeft alleen een wachtwoord. Met de app is het beter beschermd, en kunt u bij meer"
            " diensten inloggen.\n\nU kiest een pincode van vijf cijfers. De code om de app te activeren komt"
            " met een brief.",
            "Your account has a password only. The app protects it better, and lets you log in to more"
            " services.\n\nYou choose a PIN of five digits. The code that activates the app comes by letter.",
        ),
        "steps": ["password"],
        "leads_to": "app",
        "services": [portal.id],
        "most": 10,
        "again_after": 1,
        "until": "2099-01-01",
    }


def _passkeys() -> dict[str, Any]:
    return {
        "id": PASSKEY_MEANS,
        "kind": "passkey",
        "organisation": "toegang",
        "names": _text("Passkey", "Passkey"),
        "ceiling": "low",
        "gives_bsn": True,
        "settings": {"synced": "low", "device_bound": "low"},
    }


def _card() -> dict[str, Any]:
    return {
        "id": CARD_MEANS,
        "kind": "card",
        "organisation": "toegang",
        "names": _text("Identiteitskaart of rijbewijs", "Identity card or driving licence"),
        "ceiling": "high",
        "gives_bsn": True,
    }


def _municipality(places: Places) -> dict[str, Any]:
    offer, moving, taxes = municipality.REGISTRATION.offers
    service = {
        "id": offer.id,
        "names": _words(offer.name),
        "descriptions": _text("Uw aanvragen en belastingen.", "Your applications and taxes."),
        "level": "low",
        "identity": "bsn",
        "attributes": [
            {"attribute": name, "purpose": _text("Om u bij uw naam te noemen.", "To call you by your name.")}
            for name in ("given_names", "family_name")
        ]
        + [
            {
                "attribute": "age_over_18",
                "purpose": _text(
                    "Om te weten of u zelf mag tekenen.", "To know whether you may sign yourself."
                ),
            }
        ],
    }
    return {
        "id": "gemeente-zandermeer",
        "names": _text("Gemeente Zandermeer", "Municipality of Zandermeer"),
        "kind": "public",
        "sector": "municipalities",
        "oin": "00000009999990000002",
        "services": [
            service,
            {
                "id": moving.id,
                "names": _words(moving.name),
                "descriptions": _text("Een nieuw adres doorgeven.", "Telling a new address."),
                "level": "substantial",
                "identity": "bsn",
            },
            {
                "id": taxes.id,
                "names": _words(taxes.name),
                "descriptions": _text("Belastingen van de gemeente.", "Taxes of the municipality."),
                "level": "low",
                "identity": "bsn",
                "representation": TAXES,
            },
            _at_the_counter(CONTACT_SERVICE, _text("Vaste contactpersoon", "Fixed contact"), CONTACT),
            _at_the_counter(GRANTS_SERVICE, _text("Subsidie voor bedrijven", "Grants for companies"), GRANTS),
        ],
        "clients": [_client(places, municipality.REGISTRATION) | _told(places), _counter(places)],
    }


def _at_the_counter(id_: str, names: dict[str, str], rules: dict[str, Any]) -> dict[str, Any]:
    """Return a service without a website: mandates for it are given in My account."""
    told = _text("Aan de balie van de gemeente.", "At the counter of the municipality.")
    about = {"names": names, "descriptions": told, "level": "low", "identity": "bsn"}
    return {"id": id_, **about, "representation": rules}


def _told(places: Places) -> dict[str, Any]:
    """Return that a client hears when what somebody was logged in by has ended."""
    at = places.url(municipality.REGISTRATION.party) + notices.PATH
    return {"api": {"scopes": ["mandates:status"], "per_hour": 200, "events_uri": at}}


def _counter(places: Places) -> dict[str, Any]:
    return {
        "id": town_counter.CLIENT,
        "names": _text("Balie van de gemeente", "Counter of the municipality"),
        "services": [municipality.REGISTRATION.offers[-1].id],
        "authentication": "private_key_jwt",
        "jwks": places.public_jwks(Party.MUNICIPALITY),
        "api": {"scopes": ["mandates:evaluate"], "per_hour": 200},
    }


def _hospital(places: Places) -> dict[str, Any]:
    home, results, record, care = hospital.REGISTRATION.offers
    services = [
        {
            "id": home.id,
            "names": _words(home.name),
            "descriptions": _text("Uw afspraken.", "Your appointments."),
            "level": "basic",
        },
        {
            "id": results.id,
            "names": _words(results.name),
            "descriptions": _text("De uitslagen van uw onderzoeken.", "The results of your tests."),
            "level": "low",
        },
        {
            "id": record.id,
            "names": _words(record.name),
            "descriptions": _text("Uw hele medisch dossier.", "Your whole medical record."),
            "level": "high",
        },
        {
            "id": care.id,
            "names": _words(care.name),
            "descriptions": _text("Afspraken en herhaalrecepten.", "Appointments and repeat prescriptions."),
            "level": "low",
            "representation": with_change(CARE, SystemClock().now()),
        },
    ]
    return {
        "id": "ziekenhuis-de-linde",
        "names": _text("Ziekenhuis De Linde", "De Linde Hospital"),
        "kind": "private",
        "sector": "care",
        "services": [service | {"single_sign_on": {"allowed": True, "max_age": 900}} for service in services],
        "clients": [_client(places, hospital.REGISTRATION)],
    }


def _helpers() -> list[dict[str, Any]]:
    """Return the organisations that people may let help them."""
    named = {
        "bibliotheek": ("90000909", "Bibliotheek Zandermeer", "Zandermeer Library"),
        "raadslieden": ("90001010", "Sociaal raadslieden Zandermeer", "Social advisers of Zandermeer"),
    }
    return [
        {"id": id_, "names": _text(nl, en), "kind": "private", "sector": "help", "helps_as": kvk}
        for id_, (kvk, nl, en) in named.items()
    ]


def _client(places: Places, registration: Registration) -> dict[str, Any]:
    url, asks_details = places.url(registration.party), any(each.further for each in registration.offers)
    return {
        "id": registration.client_id,
        "names": _words(registration.name),
        "services": [offer.id for offer in registration.offers],
        "profile": "nlgov",
        "redirect_uris": [f"{url}/callback"],
        "post_logout_redirect_uris": [f"{url}/"],
        "backchannel_logout_uri": f"{url}/backchannel-logout",
        "authentication": "private_key_jwt",
        "jwks": places.public_jwks(registration.party),
        "userinfo_encryption": ALGORITHMS["enc"],
        "representation": True,
    } | ({"authorization_details_types": [ACT_FOR]} if asks_details else {})


def _words(words: Words) -> dict[str, str]:
    return _text(words.nl, words.en)


def _text(nl: str, en: str) -> dict[str, str]:
    return {"nl": nl, "en": en}
