"""Gemeente Zandermeer: a municipality, which may know the BSN and asks level midden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

from demo import notices, tax_bills, town_counter
from demo.places import Party
from demo.relying import EXPLAINED, Bill, Further, Offer, Registration, build_relying, sessions_of
from demo.words import Words

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from demo.places import Places

CALLED = Words("Om u bij uw naam aan te spreken.", "To call you by your name.")

REGISTRATION = Registration(
    party=Party.MUNICIPALITY,
    client_id="demo-gemeente-zandermeer",
    name=Words("Gemeente Zandermeer", "Municipality of Zandermeer"),
    offers=(
        Offer(
            path="mijn-zandermeer",
            id="019a0000-0000-7000-8000-000000000001",
            name=Words("Mijn Zandermeer", "My Zandermeer"),
            acr="http://eidas.europa.eu/LoA/low",
            why=Words(
                "Hier staan uw aanvragen en uw belastingen. Daarom is een tweede stap nodig: een sms-code.",
                "Your applications and taxes are here. So a second step is needed: a code by text message.",
            ),
            scope="profile",
        ),
        Offer(
            path="verhuizen",
            id="019a0000-0000-7000-8000-000000000008",
            name=Words("Verhuizing doorgeven", "Tell that you move"),
            acr="http://eidas.europa.eu/LoA/substantial",
            why=Words(
                "Op het nieuwe adres komt uw post. Daarom moet uw identiteitsbewijs zijn gecontroleerd.",
                "Your post will come to the new address. So your identity document must have been checked.",
            ),
        ),
        Offer(
            path="belastingen",
            id="019a0000-0000-7000-8000-00000000000a",
            name=Words("Belastingen regelen", "Arrange taxes"),
            acr="http://eidas.europa.eu/LoA/low",
            why=Words(
                "Voor uzelf, of voor iemand anders: uw kind, uw bedrijf of wie u machtigde.",
                "For yourself, or for someone else: your child, your company or who authorised you.",
            ),
            further=Further(
                whose=Words("een klant van uw kantoor", "a client of your firm"), kinds=("intermediary",)
            ),
            bills=(
                Bill(id="afval", name=Words("Afvalstoffenheffing", "Waste levy"), cents=180_50),
                Bill(id="ozb", name=Words("Onroerendezaakbelasting", "Property tax"), cents=12_400_00),
            ),
        ),
    ),
    explained=EXPLAINED
    | {
        "urn:nl-eid-gdi:1.0:id:legacy-BSN": Words(
            "Uw BSN. De gemeente vindt er uw zaken mee terug.",
            "Your BSN. The municipality finds your affairs by it.",
        ),
        "sub": Words(
            "Het kenmerk waaronder deze website u herkent. Bij andere websites bent u een ander kenmerk.",
            "What this website recognises you by. Other websites have another one for you.",
        ),
        "given_name": CALLED,
        "family_name": CALLED,
        "age_over_18": Words(
            "Of u zelf mag tekenen. De gemeente krijgt niet uw geboortedatum.",
            "Whether you may sign yourself. The municipality does not get your date of birth.",
        ),
    },
)


def build(places: Places) -> Starlette:
    """Make the municipality's web application."""
    http, sessions = httpx2.AsyncClient(), sessions_of(REGISTRATION)
    told = notices.notices_of(places, REGISTRATION.client_id, http, sessions)
    client = town_counter.client_of(places, http)
    counter = town_counter.TownCounter(client=client, registration=REGISTRATION, received=told.received)
    bills = tax_bills.route(tax_bills.TaxBills(registration=REGISTRATION))
    routes = (*town_counter.routes(counter), notices.route(told), bills)
    return build_relying(places, REGISTRATION, routes, sessions)
