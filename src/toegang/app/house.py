"""The whole house: built from settings, opened, run and closed."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.app import outside, parts
from toegang.app.apps import apps
from toegang.app.cards import checks_and_cards
from toegang.app.elsewhere import elsewhere
from toegang.app.gauges import Gauges
from toegang.app.ground import Ground, Rings, open_ground
from toegang.app.leaving import Signers, logouts, upstream
from toegang.app.life import life
from toegang.app.logins import authorities, logins
from toegang.app.loops import Loops
from toegang.app.mandates import (
    legal_registers,
    names_of,
    party_numbers,
    representing,
    room_of_mandates,
)
from toegang.app.own import Own, mine
from toegang.app.partners import cockpit, refreshing, uploads, warnings
from toegang.app.passkeys import known_models, passkeys
from toegang.app.saml import issuance, know_the_register, saml, saml_ground
from toegang.app.systems import notices, systems
from toegang.app.voluntary import office
from toegang.catalogue.watch import open_catalogue
from toegang.clock import SystemClock
from toegang.errors import Misconfigured, Unavailable
from toegang.mandates.helping import HelpingInCatalogue
from toegang.mandates.mandatable import MandatableInCatalogue
from toegang.mandates.noticing import Noticing
from toegang.mandates.office import Office
from toegang.mandates.searching import ClientNaming
from toegang.means.card.kind import CardMeans
from toegang.means.kinds import own_kinds
from toegang.provider.operators import Operators
from toegang.provider.own import PROVIDER as OWN
from toegang.provider.own import Stays
from toegang.provider.saml.letter import PROVIDER as SAML
from toegang.pseudonyms import Pairwise
from toegang.registers.in_turn import InTurn
from toegang.reports.charts import Charts
from toegang.reports.rollout import Rollouts
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.client_names import ClientNameTable
from toegang.web.assets import Assets
from toegang.web.pages import Names, Pages
from toegang.web.rooms import Rooms
from toegang.web.security_txt import SecurityTxt
from toegang.web.visits import Cookies

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from toegang.app.parts import Shared
    from toegang.catalogue.watch import Catalogue
    from toegang.clock import Clock
    from toegang.config import Settings
    from toegang.mandates.explaining import Explaining
    from toegang.means.base import MeansKind
    from toegang.means.citizen.accounts import Accounts
    from toegang.web.rooms import Representing

STALE_AFTER = 30.0  # seconds that the catalogue may be unconfirmed before a node says it is not ready


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A house with its doors filled: `rooms` for requests, `loops` for what goes on beside them."""

    ground: Ground
    rooms: Rooms
    loops: Loops
    opened: AsyncExitStack = field(repr=False)

    async def close(self) -> None:
        """Let go of the threads and processes beside, the wire and the database."""
        await self.opened.aclose()


def build_ground(settings: Settings) -> Ground:
    """Open only what commands need: keys, database, trail."""
    return open_ground(settings, SystemClock())


@asynccontextmanager
async def open_accounts(ground: Ground) -> AsyncIterator[Accounts]:
    """Open the citizen account alone, for commands."""
    accounts = parts.citizen(ground, parts.people(ground))
    try:
        yield accounts
    finally:
        accounts.signing_in.desk.hasher.close()


def client_naming(ground: Ground) -> ClientNaming:
    """Open what lets clients be found by name, for commands."""
    known = parts.people(ground)
    names = names_of(ground, party_numbers(ground, known), InTurn(known.population), legal_registers(ground))
    clients = ClientNameTable(ground.database)
    return ClientNaming(units=ground.units, names=names, clients=clients, clock=ground.clock)


async def mandates_office(ground: Ground) -> Office:
    """Open what is decided about mandates by who is no party to them, for commands."""
    numbers = party_numbers(ground, parts.people(ground))
    catalogue = await open_catalogue(CatalogueTables(ground.database))
    helping = HelpingInCatalogue(catalogue=catalogue, numbers=numbers)
    return office(ground, room_of_mandates(ground, helping), MandatableInCatalogue(catalogue=catalogue))


async def explaining(ground: Ground) -> tuple[Explaining, Catalogue]:
    """Open what tells the help desk why somebody may act for another, and the catalogue, for commands."""
    catalogue = await open_catalogue(CatalogueTables(ground.database))
    return representing(ground, parts.people(ground), catalogue).explaining, catalogue


async def jobs_of_mandates(ground: Ground) -> Representing:
    """Open the room with its jobs, for commands."""
    catalogue = await open_catalogue(CatalogueTables(ground.database))
    return representing(ground, parts.people(ground), catalogue)


async def build(
    settings: Settings,
    kinds: Mapping[str, MeansKind] | None = None,
    clock: Clock | None = None,
    rings: Rings | None = None,
) -> App:
    """Build the house; `kinds` are further kinds of means, by the word that the catalogue uses.

    `clock` is the machine's and `rings` are those of the settings, unless others are given.

    Raises:
        Misconfigured: settings, keys or catalogue are not right.
        Unavailable: the database does not answer.

    """
    ground = open_ground(settings, clock or SystemClock(), rings)
    async with AsyncExitStack() as opened:
        # Before anything can fail: a house that does not come about leaves nothing open behind it.
        opened.push_async_callback(ground.database.close)
        opened.push_async_callback(ground.outbound.aclose)
        await ground.database.open()
        await know_the_register(ground)
        catalogue = await open_catalogue(CatalogueTables(ground.database))
        stores = parts.shared(ground, await known_models(ground))
        rooms = _rooms(ground, catalogue, stores, kinds or {}, opened)
        return App(ground=ground, rooms=rooms, loops=_loops(ground, rooms, stores), opened=opened.pop_all())


def _rooms(
    ground: Ground,
    catalogue: Catalogue,
    stores: Shared,
    kinds: Mapping[str, MeansKind],
    opened: AsyncExitStack,
) -> Rooms:
    """Fill the doors; what of theirs must be closed goes into `opened`."""
    known = parts.people(ground)
    accounts = parts.citizen(ground, known)
    opened.callback(accounts.signing_in.desk.hasher.close)
    own = parts.own_service(ground, catalogue)
    others = elsewhere(ground, own, accounts)
    own_apps, own_passkeys = apps(ground, catalogue, accounts), passkeys(ground, catalogue, accounts, stores)
    checks, cards = checks_and_cards(ground, catalogue, accounts, own_apps)
    our_own = own_kinds(accounts, own_apps, own_passkeys, CardMeans(door=cards), others.both)
    doors = parts.Doors(kinds={**our_own, **kinds}, linking=others.linking, proposals=others.proposals)
    partners, room = saml_ground(ground, catalogue, known, stores), representing(ground, known, catalogue)
    asked = authorities(catalogue, room)
    door = logins(ground, asked, doors, stores, {OWN: own, SAML: partners.answerer})
    openid = parts.openid(ground, catalogue, known, stores, door)
    signers = Signers(oidc=openid.logout.issuance, saml=issuance(partners, door))
    leaving = logouts(ground, stores, door.sessions, signers, others)
    return Rooms(
        clock=ground.clock,
        ids=ground.ids,
        catalogue=catalogue,
        logins=door,
        logouts=leaving,
        openid=openid,
        upstream=upstream(ground, others, signers, leaving),
        saml=saml(partners, signers.saml, leaving),
        citizen=accounts,
        apps=own_apps,
        readers=checks.readers,
        checks=checks,
        passkeys=own_passkeys,
        cards=cards,
        oidc_means=others.oidc,
        saml_means=others.saml,
        linking=others.linking,
        proposals=others.proposals,
        own=own,
        mine=mine(ground, Own(accounts=accounts, apps=own_apps, linking=others.linking), leaving, catalogue),
        stays=Stays(units=ground.units, own=own, logins=door, ended=leaving.ended),
        operators=Operators(own=own, pairwise=Pairwise(ground.secrets.pairwise)),
        representing=room,
        systems=systems(ground, openid.tokens.systems, room),
        cockpit=(view := cockpit(ground, catalogue)),
        uploads=uploads(ground, view),
        reports=parts.reports(ground),
        charts=opened.enter_context(closing(Charts())),
        rollouts=Rollouts(),
        pages=Pages(assets := Assets.load(ground.settings.hub.theme), _names(ground.settings)),
        assets=assets,
        cookies=_cookies(ground),
        meter=ground.metrics,
        security_txt=security_txt(ground.settings),
        ready=lambda: _check_ready(ground, catalogue),
    )


def _loops(ground: Ground, rooms: Rooms, stores: Shared) -> Loops:
    to_systems = notices(ground, rooms.openid.tokens.issuance, rooms.representing)
    delivery = outside.delivery(ground, rooms.logouts, rooms.citizen, rooms.apps, to_systems)
    desk = rooms.citizen.signing_in.desk
    return Loops(
        ground=ground,
        catalogue=rooms.catalogue,
        sequencer=outside.sequencer(ground),
        delivery=delivery,
        grants=stores.grants,
        models=stores.models,
        reports=rooms.reports,
        refresh=refreshing(ground, rooms.catalogue),
        warnings=warnings(ground, rooms.catalogue),
        watcher=rooms.apps.meeting.desk.watcher,
        life=life(ground, rooms.citizen),
        noticing=Noticing(
            mandates=rooms.representing.mandates,
            catalogue=rooms.catalogue,
            asks=rooms.logins.choosing.authorities,
        ),
        jobs=rooms.representing.jobs,
        gauges=Gauges(
            ground=ground,
            catalogue=rooms.catalogue,
            hasher=desk.hasher,
            delivery=delivery,
            budget=desk.posting.sms.budget,
        ),
    )


def security_txt(settings: Settings) -> SecurityTxt | None:
    """Return what is told to who finds a weakness, if anything.

    Raises:
        Misconfigured: a contact, the end or the policy is not what it should be.

    """
    told = settings.weaknesses
    return SecurityTxt.parse(told.contacts, told.expires, told.policy)


def _names(settings: Settings) -> Names:
    hub = settings.hub
    return Names(
        hub_name=hub.name,
        operator=hub.operator,
        help_mail=hub.help_mail,
        help_telephone=hub.help_telephone,
        demo=hub.demo,
    )


def _cookies(ground: Ground) -> Cookies:
    issuer = ground.settings.hub.issuer
    if issuer.endswith("/") or not issuer.startswith(("https://", "http://localhost")):
        message = "hub.issuer must be an https address without a slash at the end (http only on localhost)"
        raise Misconfigured(message)
    return Cookies(https=issuer.startswith("https://"), origin=issuer, key=ground.secrets.token_key("form"))


async def _check_ready(ground: Ground, catalogue: Catalogue) -> None:
    """Refuse while this node could not serve a login.

    Raises:
        Unavailable: the database, the catalogue or the keys are not there.

    """
    await ground.database.one("SELECT 1")
    if catalogue.unseen_for > STALE_AFTER:
        message = "the catalogue was not confirmed for too long"
        raise Unavailable(message)
    for ring in (ground.keys, ground.saml_keys, ground.mandate_keys):
        if ring.fault:
            message = f"keys: {ring.fault}"
            raise Unavailable(message)
