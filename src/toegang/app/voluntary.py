"""Mandates that people give themselves, wired: the use cases, also at a desk, letters and reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.keys.secret import FindingKey
from toegang.mandates.bounds import Bounds, Counted
from toegang.mandates.desk.door import MandatesAtDesk
from toegang.mandates.desk.ending import EndingAtDesk, Look
from toegang.mandates.desk.giving import GivingAtDesk
from toegang.mandates.desk.standing_apart import ApartByLaw, StandingApart
from toegang.mandates.desk.telling import TellingByLetter
from toegang.mandates.desk.visits import Visit
from toegang.mandates.explaining import Explaining
from toegang.mandates.finding import Contact, Finding
from toegang.mandates.hints import Hint, Hints
from toegang.mandates.letter_codes import LetterCode, LetterCodes
from toegang.mandates.office import Office, Seen
from toegang.mandates.proposing import FourEyes, Proposal, Waiting
from toegang.mandates.reminding import Reminding
from toegang.mandates.sweeping import EDGES_KEPT
from toegang.mandates.telling import Telling
from toegang.mandates.voluntary import Voluntary
from toegang.means.citizen.readers import LetterReaders
from toegang.post.letter import LetterPost
from toegang.storage import ExpiringStore
from toegang.storage.accounts import AccountTable
from toegang.storage.edge_lists import EdgeLists, ReminderTable
from toegang.storage.holds import HoldTable

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.mandates.gathering import Gathering
    from toegang.mandates.names import Names
    from toegang.mandates.numbers import Numbers
    from toegang.mandates.register import Mandates
    from toegang.mandates.standing_in import Gathers
    from toegang.mandates.stores import Laws, Mandatable
    from toegang.registers.organisations import Organisations
    from toegang.registers.population import Population
    from toegang.storage import Database

HINTS_LIVE: Final = EDGES_KEPT + timedelta(days=366)
"""Longer than the mandate itself, which would else be shown with the name of who never answered (L03)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the use cases stand on."""

    mandates: Mandates
    numbers: Numbers
    population: Population
    organisations: Organisations
    laws: Laws
    services: Mandatable


def voluntary(ground: Ground, around: Around) -> Voluntary:
    """Open the use cases."""
    database, secrets = ground.database, ground.secrets
    bounds = Bounds(store=ExpiringStore(database, "mandate-counted", Counted))
    return Voluntary(
        mandates=around.mandates,
        lists=EdgeLists(database),
        finding=Finding(
            units=ground.units,
            ids=ground.ids,
            numbers=around.numbers,
            population=around.population,
            organisations=around.organisations,
            knowing=around.mandates.knowing,
            codes=ExpiringStore(database, "mandate-contact", Contact),
            bounds=bounds,
            nobodies=FindingKey.derive(secrets.find, "mandate with nobody"),
        ),
        letters=LetterCodes(
            units=ground.units,
            ids=ground.ids,
            letters=LetterPost(outbox=ground.outbox, ids=ground.ids),
            codes=letter_codes(database),
            bounds=bounds,
            key=FindingKey.derive(secrets.find, "mandate letter"),
            address=ground.settings.hub.issuer.partition("://")[2],
        ),
        telling=telling(ground),
        laws=around.laws,
        services=around.services,
        readers=LetterReaders(accounts=AccountTable(database)),
        hints=Hints(store=ExpiringStore(database, "mandate-hint", Hint), live=HINTS_LIVE),
    )


def letter_codes(database: Database) -> ExpiringStore[LetterCode]:
    """Open the codes that went by letter."""
    return ExpiringStore(database, "mandate-letter", LetterCode)


def at_desk(ground: Ground, own: Voluntary, names: Names, gathering: Gathers) -> MandatesAtDesk:
    """Open what is done at a desk for who comes by."""
    letters = TellingByLetter(
        letters=LetterPost(outbox=ground.outbox, ids=ground.ids),
        address=ground.settings.hub.issuer.partition("://")[2],
    )
    return MandatesAtDesk(
        giving=GivingAtDesk(
            voluntary=own,
            visits=ExpiringStore(ground.database, "mandate-at-desk", Visit),
            letters=letters,
            holds=HoldTable(ground.database),
            gathering=gathering,
        ),
        ending=EndingAtDesk(
            voluntary=own,
            names=names,
            looks=ExpiringStore(ground.database, "mandate-look", Look),
            letters=letters,
        ),
    )


def four_eyes(ground: Ground, mandates: Mandates, services: Mandatable, gathering: Gathers) -> FourEyes:
    """Open what officers decide about mandates to which they are no party."""
    return FourEyes(
        office=office(ground, mandates, services),
        proposals=ExpiringStore(ground.database, "mandate-proposal", Proposal),
        waiting=ExpiringStore(ground.database, "mandate-proposals", Waiting),
        apart=ApartByLaw(apart=StandingApart(mandates=mandates), gathering=gathering),
    )


def office(ground: Ground, mandates: Mandates, services: Mandatable) -> Office:
    """Open what is done there, by whoever may."""
    looks = ExpiringStore(ground.database, "mandate-looked-at", Seen)
    return Office(mandates=mandates, telling=telling(ground), services=services, looks=looks)


def explained(ground: Ground, around: Around, gathering: Gathering) -> Explaining:
    """Open what tells the help desk why somebody may act for another."""
    return Explaining(
        mandates=around.mandates,
        gathering=gathering,
        numbers=around.numbers,
        bounds=Bounds(store=ExpiringStore(ground.database, "mandate-counted", Counted)),
    )


def reminding(ground: Ground) -> Reminding:
    """Open the reminders."""
    return Reminding(units=ground.units, reminders=ReminderTable(ground.database), telling=telling(ground))


def telling(ground: Ground) -> Telling:
    """Open what people are told."""
    return Telling(outbox=ground.outbox, ids=ground.ids)
