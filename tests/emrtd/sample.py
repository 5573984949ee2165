"""One state with its signer, and documents of its people, made once for all tests: keys take their time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from demo.documents.papers import Features, Paper, driving_licence, identity_card, passport
from demo.documents.states import Held, State
from demo.documents.zones import Person
from tests.emrtd.reading import read_chip, session_for
from toegang.emrtd.document import UnverifiedDocument
from toegang.emrtd.policy import SUBSTANTIAL, Policy
from toegang.emrtd.sessions import Session
from toegang.emrtd.trust import Trust

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
EXPIRY = date(2031, 6, 25)
WILLEKE = Person(
    family_name="De Bruijn", given_names="Willeke Liselotte", birth=date(1965, 3, 10), bsn="999999990"
)
PIET = Person(family_name="Van der Üst", given_names="Piet", birth=date(1980, 1, 2), sex="M")
POLICY: Policy = SUBSTANTIAL


@cache
def state() -> State:
    return State.founded(NOW)


@cache
def signer() -> Held:
    return state().signer()


@cache
def trust() -> Trust:
    return Trust.of([state().authority.certificate], lists=[state().revoked()])


@cache
def passport_of_willeke(features: Features | None = None) -> Paper:
    return passport(WILLEKE, signer(), expiry=EXPIRY, features=features)


@cache
def card_of_willeke() -> Paper:
    return identity_card(WILLEKE, signer(), expiry=EXPIRY)


@cache
def licence_of_piet() -> Paper:
    return driving_licence(PIET, signer(), expiry=EXPIRY)


@cache
def session() -> Session:
    """Return the session in which `shown_passport` was read."""
    return session_for(passport_of_willeke())


@cache
def shown_passport() -> UnverifiedDocument:
    """Read the passport once, with every proof."""
    return read_chip(passport_of_willeke(), session())


@cache
def shown_licence() -> UnverifiedDocument:
    """Read the licence once, in a session of its own."""
    return read_chip(licence_of_piet(), session_for(licence_of_piet()))
