"""Ziekenhuis De Linde: a patient portal that starts at level basis and asks midden for test results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.places import Party
from demo.relying import Offer, Registration, build_relying

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from demo.places import Places

REGISTRATION = Registration(
    party=Party.HOSPITAL,
    client_id="demo-ziekenhuis-de-linde",
    name="Ziekenhuis De Linde",
    offers=(
        Offer(
            path="mijn-linde",
            id="019a0000-0000-7000-8000-000000000002",
            name="Mijn De Linde",
            acr="http://eid.logius.nl/LoA/basic",
            why="Hier staan uw afspraken. Een gebruikersnaam en een wachtwoord zijn genoeg.",
        ),
        Offer(
            path="uitslagen",
            id="019a0000-0000-7000-8000-000000000003",
            name="Uitslagen bekijken",
            acr="http://eidas.europa.eu/LoA/low",
            why="Uitslagen gaan over uw gezondheid. Daarom is een tweede stap nodig: een sms-code.",
        ),
    ),
    explained={
        "sub": "Het kenmerk waaronder deze website u herkent. Het ziekenhuis krijgt geen BSN.",
        "acr": "Hoe zeker het is dat u het bent: het niveau waarmee u bent ingelogd.",
        "auth_time": "Wanneer u inlogde, in seconden sinds 1970.",
    },
)


def build(places: Places) -> Starlette:
    """Make the hospital's web application."""
    return build_relying(places, REGISTRATION)
