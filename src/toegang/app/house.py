"""The whole house: built from settings, opened, run and closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang import log
from toegang.app import parts
from toegang.app.ground import Ground, open_ground, read_text
from toegang.app.loops import Loops
from toegang.audit.sequencer import Sequencer
from toegang.audit.sinks import FileSink
from toegang.catalogue.watch import open_catalogue
from toegang.clock import SystemClock
from toegang.errors import Misconfigured, Unavailable
from toegang.post import letter, sms
from toegang.post.delivery import Delivery, Route
from toegang.provider.oidc.logout import KIND as LOGOUT
from toegang.provider.oidc.logout import LogoutCarrier
from toegang.provider.own import Stays
from toegang.reports.charts import Charts
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.tree import TreeTables
from toegang.web.assets import Assets
from toegang.web.pages import Names, Pages
from toegang.web.rooms import Rooms
from toegang.web.visits import Cookies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.app.parts import Shared
    from toegang.catalogue.watch import Catalogue
    from toegang.clock import Clock
    from toegang.config import Settings
    from toegang.means.base import MeansKind

STALE_AFTER = 30.0  # seconds that the catalogue may be unconfirmed before a node says it is not ready


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A house with its doors filled: `rooms` for requests, `loops` for what goes on beside them."""

    ground: Ground
    rooms: Rooms
    loops: Loops

    async def close(self) -> None:
        """Let go of the database and the wire."""
        await self.ground.outbound.aclose()
        await self.ground.database.close()


def build_ground(settings: Settings) -> Ground:
    """Open only what commands need: keys, database, trail."""
    return open_ground(settings, SystemClock())


async def build(
    settings: Settings, kinds: Mapping[str, MeansKind] | None = None, clock: Clock | None = None
) -> App:
    """Build the house; `kinds` are further kinds of means, by the word that the catalogue uses.

    `clock` is the machine's unless another is given.

    Raises:
        Misconfigured: settings, keys or catalogue are not right.
        Unavailable: the database does not answer.

    """
    ground = open_ground(settings, clock or SystemClock())
    await ground.database.open()
    catalogue = await open_catalogue(CatalogueTables(ground.database))
    known = parts.people(ground)
    accounts = parts.citizen(ground, known)
    stores = parts.shared(ground)
    own = parts.own_service(ground, catalogue)
    all_kinds = {"citizen": accounts.means, **(kinds or {})}
    logins = parts.logins(ground, catalogue, all_kinds, stores, own)
    openid = parts.openid(ground, catalogue, known, stores, logins)
    assets = Assets.load(settings.hub.theme)
    rooms = Rooms(
        clock=ground.clock,
        ids=ground.ids,
        catalogue=catalogue,
        logins=logins,
        openid=openid,
        citizen=accounts,
        own=own,
        stays=Stays(units=ground.units, own=own, logins=logins),
        reports=parts.reports(ground),
        charts=Charts(),
        pages=Pages(assets, _names(settings)),
        assets=assets,
        cookies=_cookies(ground),
        ready=lambda: _check_ready(ground, catalogue),
    )
    _warn(settings)
    return App(ground=ground, rooms=rooms, loops=_loops(ground, catalogue, rooms, stores))


def _loops(ground: Ground, catalogue: Catalogue, rooms: Rooms, stores: Shared) -> Loops:
    settings = ground.settings
    sinks = (FileSink(settings.audit.checkpoints),) if settings.audit.checkpoints else ()
    texts = sms.SmsCarrier(
        outbound=ground.outbound, url=settings.sms.url, secret=read_text(settings.sms.token_file)
    )
    letters = letter.LetterCarrier(
        outbound=ground.outbound,
        url=settings.letters.url,
        secret=read_text(settings.letters.token_file),
    )
    notices = LogoutCarrier(
        issuance=rooms.openid.logout.issuance,
        outbound=ground.outbound,
        units=ground.units,
        trail=ground.trail,
        clock=ground.clock,
    )
    routes = {
        sms.KIND: Route(carrier=texts, handed_over=sms.handed_over),
        letter.KIND: Route(carrier=letters, at_once=2, handed_over=letter.handed_over),
        LOGOUT: Route(carrier=notices),
    }
    return Loops(
        ground=ground,
        catalogue=catalogue,
        sequencer=Sequencer(
            units=ground.units,
            store=TreeTables(database=ground.database),
            signer=ground.signer,
            sinks=sinks,
        ),
        delivery=Delivery(
            outbox=ground.outbox,
            units=ground.units,
            trail=ground.trail,
            clock=ground.clock,
            ids=ground.ids,
            routes=routes,
        ),
        grants=stores.grants,
        reports=rooms.reports,
    )


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
    if ground.keys.fault:
        message = f"keys: {ground.keys.fault}"
        raise Unavailable(message)


def _warn(settings: Settings) -> None:
    """Name at start what is looser than a production hub should be (DESIGN: named at start)."""
    if settings.outbound.networks or settings.outbound.plain_http:
        log.event(
            "start:private-calls-allowed",
            networks=list(settings.outbound.networks),
            plain_http=list(settings.outbound.plain_http),
        )
