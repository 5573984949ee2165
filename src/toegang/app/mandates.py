"""Mandates, wired: what people gave, the numbers and names of parties, the registers that tell the law."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.app.ground import read_text
from toegang.app.mandate_jobs import mandate_jobs
from toegang.app.voluntary import Around, at_desk, explained, four_eyes, letter_codes, voluntary
from toegang.errors import Misconfigured
from toegang.keys.secret import FindingKey, SealingKey
from toegang.mandates.bounds import Bounds, Counted
from toegang.mandates.clients import Clients
from toegang.mandates.drafts import Draft, Drafts
from toegang.mandates.gathering import Gathering
from toegang.mandates.hearing import Registers
from toegang.mandates.helping import HelpingInCatalogue
from toegang.mandates.knowing import Knowing
from toegang.mandates.legal.asking import LegalRegisters
from toegang.mandates.legal.parental.asking import AsRegistered, ByFlow
from toegang.mandates.lives import LivesOfParties
from toegang.mandates.mandatable import MandatableInCatalogue
from toegang.mandates.names import Names
from toegang.mandates.numbers import Numbers
from toegang.mandates.rechecking import Rechecking
from toegang.mandates.register import Mandates
from toegang.mandates.searching import ByName
from toegang.mandates.standing_in import StandingIn
from toegang.mandates.teams import Teams
from toegang.registers.courts_http import HttpCourts
from toegang.registers.custody_http import HttpCustodyRegister
from toegang.registers.estates_http import HttpEstates
from toegang.registers.families_http import HttpFamilies
from toegang.registers.in_turn import OF_SYSTEMS, AuthorityInTurn, InTurn, turns
from toegang.registers.organisations_http import HttpOrganisations
from toegang.registers.unasked import Unasked
from toegang.storage import ExpiringStore
from toegang.storage.authority_looks import LookTable
from toegang.storage.authority_statements import StatementTable
from toegang.storage.client_names import ClientNameTable
from toegang.storage.edge_lists import EdgeLists
from toegang.storage.edges import EdgeTable
from toegang.storage.graph import GraphTable
from toegang.storage.parties import PartyTable
from toegang.storage.party_numbers import OrganisationNumberTable
from toegang.storage.teams import TeamTable
from toegang.web.rooms import Representing
from toegang.web.sealed_parties import SealedParties

if TYPE_CHECKING:
    from asyncio import Semaphore
    from collections.abc import Callable

    from toegang.app.ground import Ground
    from toegang.app.parts import People
    from toegang.catalogue.watch import Catalogue
    from toegang.config import Register, Settings
    from toegang.mandates.legal.parental.asking import ParentalAuthority
    from toegang.mandates.voluntary import Voluntary

REGISTERS: Final = ("families", "custody", "courts", "estates", "organisations")
LONGEST_WAIT: Final = 30  # seconds that somebody who logs in may be kept waiting
LONGEST_MEMORY: Final = 900  # seconds; so long an access token of NL GOV lives


def representing(ground: Ground, known: People, catalogue: Catalogue) -> Representing:
    """Open the room.

    Raises:
        Misconfigured: as `check_registers`.

    """
    check_registers(ground.settings)
    legal, database = legal_registers(ground), ground.database
    population = InTurn(known.population)
    numbers = party_numbers(ground, known)
    helping = HelpingInCatalogue(catalogue=catalogue, numbers=numbers)
    mandates = room_of_mandates(ground, helping)
    registers = Registers(
        population=population,
        parental=parental_authority(ground, population.places),
        legal=legal,
        patience=ground.settings.representation.registers_within,
    )
    gathering = Gathering(mandates=mandates, numbers=numbers, registers=registers)
    services = MandatableInCatalogue(catalogue=catalogue)
    around = Around(
        mandates=mandates,
        numbers=numbers,
        population=known.population,
        organisations=legal.organisations,
        laws=gathering,
        services=services,
    )
    own, teams, clients = voluntary(ground, around), TeamTable(database), ClientNameTable(database)
    names = names_of(ground, numbers, population, legal)
    for_others = replace(gathering, registers=for_systems(registers))
    return Representing(
        mandates=mandates,
        voluntary=own,
        at_desk=at_desk(ground, own, names, gathering),
        office=four_eyes(ground, mandates, services, gathering),
        explaining=explained(ground, around, gathering),
        standing_in=standing_in(ground, gathering),
        drafts=Drafts(
            units=ground.units, ids=ground.ids, store=ExpiringStore(database, "mandate-draft", Draft)
        ),
        services=services,
        helping=helping,
        numbers=numbers,
        gathering=gathering,
        for_systems=for_others,
        rechecking=Rechecking(
            mandates=mandates,
            gathering=for_others,
            remembered=timedelta(seconds=ground.settings.representation.law_remembered),
        ),
        teams=Teams(mandates=mandates, kept=teams, laws=gathering, services=services),
        by_name=ByName(questions=mandates.stating.questions, clients=clients),
        clients=clients_of(own, teams, clients),
        names=names,
        jobs=mandate_jobs(ground, own, for_others),
        sealed=SealedParties(SealingKey.derive({1: ground.secrets.seal}, "party on a page")),
    )


def clients_of(own: Voluntary, teams: TeamTable, names: ClientNameTable) -> Clients:
    """Open where who directs an organisation looks for its clients."""
    return Clients(
        mandates=own.mandates,
        lists=own.lists,
        names=names,
        numbers=own.finding.numbers,
        teams=teams,
        bounds=own.finding.bounds,
    )


def room_of_mandates(ground: Ground, helping: HelpingInCatalogue) -> Mandates:
    """Open what is kept of mandates, whatever registers tell."""
    database = ground.database
    return Mandates(
        units=ground.units,
        trail=ground.trail,
        ids=ground.ids,
        edges=EdgeTable(database),
        graph=GraphTable(database),
        parties=PartyTable(database),
        statements=StatementTable(database),
        looks=LookTable(database),
        outbox=ground.outbox,
        helpers=helping,
    )


def lives_of_parties(ground: Ground) -> LivesOfParties:
    """Open what hears of the lives of parties between two questions."""
    knowing = Knowing(
        units=ground.units,
        parties=PartyTable(ground.database),
        statements=StatementTable(ground.database),
        outbox=ground.outbox,
        ids=ground.ids,
    )
    return LivesOfParties(
        knowing=knowing,
        looks=LookTable(ground.database),
        lists=EdgeLists(ground.database),
        letters=letter_codes(ground.database),
    )


def names_of(ground: Ground, numbers: Numbers, population: InTurn, legal: LegalRegisters) -> Names:
    """Open what is shown of parties."""
    return Names(
        numbers=numbers,
        population=population,
        organisations=legal.organisations,
        patience=ground.settings.representation.names_within,
    )


def standing_in(ground: Ground, gathering: Gathering) -> StandingIn:
    """Open for whom somebody may give and end mandates in the other's name."""
    store = ExpiringStore(ground.database, "mandate-counted", Counted)
    return StandingIn(
        mandates=gathering.mandates,
        gathering=gathering,
        numbers=gathering.numbers,
        bounds=Bounds(store=store),
    )


def party_numbers(ground: Ground, known: People) -> Numbers:
    """Open the door between parties and their numbers."""
    return Numbers(
        units=ground.units,
        enrolment=known.enrolment,
        organisations=OrganisationNumberTable(ground.database),
        sealing=SealingKey.derive({1: ground.secrets.seal}, "organisation number"),
        finding=FindingKey.derive(ground.secrets.find, "organisation number"),
        ids=ground.ids,
    )


def check_registers(settings: Settings) -> None:
    """Refuse settings of registers that cannot be meant.

    Raises:
        Misconfigured: two registers for one answer, a secret without an address, or a wait that is none.

    """
    if settings.families.url and settings.custody.url:
        message = "set families.url or custody.url, not both: each tells who has parental authority"
        raise Misconfigured(message)
    for name in REGISTERS:
        register: Register = getattr(settings, name)
        if register.token_file is not None and not register.url:
            message = f"{name}.token_file is set and {name}.url is not"
            raise Misconfigured(message)
        if register.url.endswith("/"):
            message = f"{name}.url must be without a slash at the end"
            raise Misconfigured(message)
    for name in ("registers_within", "names_within"):
        if not 1 <= getattr(settings.representation, name) <= LONGEST_WAIT:
            message = f"representation.{name} must be 1 to {LONGEST_WAIT} seconds"
            raise Misconfigured(message)
    if not 0 <= settings.representation.law_remembered <= LONGEST_MEMORY:
        message = f"representation.law_remembered must be 0 to {LONGEST_MEMORY} seconds"
        raise Misconfigured(message)


def legal_registers(ground: Ground) -> LegalRegisters:
    """Open the registers of courts, estates and organisations."""
    return LegalRegisters(
        courts=_opened(ground, "courts", HttpCourts, turns()),
        estates=_opened(ground, "estates", HttpEstates, turns()),
        organisations=_opened(ground, "organisations", HttpOrganisations, turns()),
    )


def parental_authority(ground: Ground, places: Semaphore) -> ParentalAuthority:
    """Open what tells of parental authority: derived from families, or as the register itself says.

    `places` are those at the population register, which tells of families too.
    """
    if ground.settings.custody.url:
        return AsRegistered(register=_opened(ground, "custody", HttpCustodyRegister, turns()))
    return ByFlow(families=_opened(ground, "families", HttpFamilies, places))


def for_systems(registers: Registers) -> Registers:
    """Return the same registers, of whose turns systems never take all: people who log in have the others."""
    people, legal = turns(OF_SYSTEMS), registers.legal
    return replace(
        registers,
        population=InTurn(registers.population, people),
        parental=AuthorityInTurn(registers.parental, people),
        legal=LegalRegisters(
            courts=InTurn(legal.courts, turns(OF_SYSTEMS)),
            estates=InTurn(legal.estates, turns(OF_SYSTEMS)),
            organisations=InTurn(legal.organisations, turns(OF_SYSTEMS)),
        ),
    )


def _opened(ground: Ground, name: str, kind: Callable[..., object], places: Semaphore) -> InTurn | Unasked:
    """Open the register of a section of the settings, asked in turn; without an address it is silent."""
    party: Register = getattr(ground.settings, name)
    if not party.url:
        return Unasked(f"{name}.url")
    secret = read_text(party.token_file)
    register = kind(outbound=ground.outbound, clock=ground.clock, url=party.url, secret=secret)
    return InTurn(register, places)
