"""Gemeente Zandermeer: a municipality, which may know the BSN and asks level midden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.places import Party
from demo.relying import Offer, Registration, build_relying

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from demo.places import Places

REGISTRATION = Registration(
    party=Party.MUNICIPALITY,
    client_id="demo-gemeente-zandermeer",
    name="Gemeente Zandermeer",
    offers=(
        Offer(
            path="mijn-zandermeer",
            id="019a0000-0000-7000-8000-000000000001",
            name="Mijn Zandermeer",
            acr="http://eidas.europa.eu/LoA/low",
            why="Hier staan uw aanvragen en uw belastingen. Daarom is een tweede stap nodig: een sms-code.",
            scope="profile",
        ),
    ),
    explained={
        "urn:nl-eid-gdi:1.0:id:legacy-BSN": "Uw BSN. De gemeente vindt er uw zaken mee terug.",
        "sub": "Het kenmerk waaronder deze website u herkent. Bij andere websites bent u een ander kenmerk.",
        "acr": "Hoe zeker het is dat u het bent: het niveau waarmee u bent ingelogd.",
        "auth_time": "Wanneer u inlogde, in seconden sinds 1970.",
        "given_name": "Om u bij uw naam aan te spreken.",
        "family_name": "Om u bij uw naam aan te spreken.",
    },
)


def build(places: Places) -> Starlette:
    """Make the municipality's web application."""
    return build_relying(places, REGISTRATION)
