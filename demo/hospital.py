"""Ziekenhuis De Linde: a patient portal that starts at level basis and asks midden for test results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.places import Party
from demo.relying import EXPLAINED, Offer, Registration, build_relying
from demo.words import Words

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from demo.places import Places

REGISTRATION = Registration(
    party=Party.HOSPITAL,
    client_id="demo-ziekenhuis-de-linde",
    name=Words("Ziekenhuis De Linde", "De Linde Hospital"),
    offers=(
        Offer(
            path="mijn-linde",
            id="019a0000-0000-7000-8000-000000000002",
            name=Words("Mijn De Linde", "My De Linde"),
            acr="http://eid.logius.nl/LoA/basic",
            why=Words(
                "Hier staan uw afspraken. Een gebruikersnaam en een wachtwoord zijn genoeg.",
                "Your appointments are here. A user name and a password are enough.",
            ),
        ),
        Offer(
            path="uitslagen",
            id="019a0000-0000-7000-8000-000000000003",
            name=Words("Uitslagen bekijken", "See test results"),
            acr="http://eidas.europa.eu/LoA/low",
            why=Words(
                "Uitslagen gaan over uw gezondheid. Daarom is een tweede stap nodig: een sms-code.",
                "Results are about your health. So a second step is needed: a code by text message.",
            ),
        ),
        Offer(
            path="dossier",
            id="019a0000-0000-7000-8000-000000000009",
            name=Words("Uw hele dossier", "Your whole record"),
            acr="http://eidas.europa.eu/LoA/high",
            why=Words(
                "Hier staat alles over uw gezondheid. U logt in met uw identiteitskaart of rijbewijs.",
                "Everything about your health is here. You log in with your identity card or licence.",
            ),
        ),
        Offer(
            path="zorg-regelen",
            id="019a0000-0000-7000-8000-00000000000b",
            name=Words("Zorg regelen", "Arrange care"),
            acr="http://eidas.europa.eu/LoA/low",
            why=Words(
                "Voor uzelf, voor uw kind tot 12 jaar of voor wie u machtigde of bijstaat.",
                "For yourself, for your child under 12, or for who authorised you or whom you assist.",
            ),
        ),
    ),
    explained=EXPLAINED
    | {
        "sub": Words(
            "Het kenmerk waaronder deze website u herkent. Het ziekenhuis krijgt geen BSN.",
            "What this website recognises you by. The hospital gets no BSN.",
        ),
    },
)


def build(places: Places) -> Starlette:
    """Make the hospital's web application."""
    return build_relying(places, REGISTRATION)
