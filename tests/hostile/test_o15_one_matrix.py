"""O15: every state of a person, their account and their means, at every entry of every flow, over HTTP.

Everything is prepared while all is well (matrix/scene.py), then one thing is closed (matrix/states.py), then
every entry is tried (matrix/entries.py). Which entries there are is not chosen here: matrix/rows.py must
have a row for each route of web/routes.py and each act of an app, and this fails for one that has none.

Whoever adds a route adds its row: an `Entry` when somebody is let in there, or something that they proved
is used; else the reason (`No`) why not. Whoever adds a means

1. prepares something at each of its steps: a class beside `Apps` in scene.py, filled in `prepare`;
2. writes a function for each way in, in entries.py, and says what it rests on (`On`); a new thing to rest on
   (a card, a passkey, a check of a document) is a new member there;
3. names them in the rows of its routes;
4. adds to STATES what can be closed of it, and adds its member to the states that close it too: what rests
   on a document takes `On.DOCUMENT`, and "document lost" closes it then;
5. adds what ends it to `ends` below, for which there is no state in which it is refused.

The states of parties (clients, connections, services) are in the matrices beside this one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from _pytest.mark import ParameterSet

from demo.app_device import Refused
from tests.databases import ENGINES
from tests.hostile.matrix.rows import BESIDE_ROUTES, ENTRIES, ROWS
from tests.hostile.matrix.scene import SAML, Prepared, prepare
from tests.hostile.matrix.states import STATES
from tests.journeys.party import CLINIC_PARTY
from tests.journeys.test_saml_logout import by_form
from tests.means.bureau import SANNE, registered
from tests.means.telephones import PIN, telephones_in
from tests.web.citizens import Town, open_town
from toegang.means.app.statements import Act
from toegang.means.app.values import AppId
from toegang.saml.names import SUCCESS
from toegang.storage import Dialect
from toegang.web.routes import ROUTES

OFTEN = ("enabled", "locked", "suspended", "deceased")  # on PostgreSQL too; the others there with --full


def cases(*, ending: bool) -> list[ParameterSet]:
    """Return each state on each engine; what tells little more than another waits for the long forms."""
    return [
        pytest.param(engine, name, marks=[pytest.mark.full] if is_rare(engine, name, ending) else [])
        for engine in ENGINES
        for name in STATES
    ]


def is_rare(engine: Dialect, name: str, ending: bool) -> bool:
    """Tell whether a case is for the long forms only."""
    beside = engine is not Dialect.SQLITE and (ending or name not in OFTEN)
    return beside or (ending and not STATES[name].named)


@pytest.fixture
async def each_town(house_secrets: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """Open a town on each engine."""
    async with open_town(house_secrets, tmp_path, database_url) as opened:
        yield opened


def test_every_route_and_every_act_of_an_app_has_a_row() -> None:
    routes = {f"{method} {template}" for method, template, _ in ROUTES}
    acts = {f"act {act}" for act in Act}
    assert set(ROWS) - BESIDE_ROUTES == routes | acts


def test_every_entry_rests_on_something_that_a_state_closes() -> None:
    closed = frozenset().union(*(state.closes for state in STATES.values()))
    assert [entry.name for entry in ENTRIES if not entry.rests & closed] == []


def test_every_state_closes_an_entry_but_the_two_that_close_none_here() -> None:
    """What rests on a document is in test_o15_check_matrix.py and test_o15_card_matrix.py."""
    rested = frozenset().union(*(entry.rests for entry in ENTRIES))
    open_ = {name for name, state in STATES.items() if not state.closes & rested}
    assert open_ == {"enabled", "document lost"}


def test_no_two_entries_are_called_alike() -> None:
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize(("engine", "name"), cases(ending=False), indirect=["engine"])
async def test_every_entry_refuses_what_is_closed_and_only_that(each_town: Town, name: str) -> None:
    state, prepared = STATES[name], await prepare(each_town)
    await state.close(prepared)
    admitted = {entry.name for entry in ENTRIES if await entry.admits(prepared)}
    assert admitted == {entry.name for entry in ENTRIES if not entry.rests & state.closes}


async def test_an_app_of_who_died_proves_nothing_from_the_next_day_on_and_is_kept(each_town: Town) -> None:
    """Without an event, the register tells it when it is asked: once a day, at a login."""
    phones = await telephones_in(each_town)
    device = await phones.add(each_town.browser())
    each_town.bureau.later(days=1)
    each_town.bureau.register.people[SANNE] = registered(SANNE, deceased_on=date(2027, 3, 1))
    _, session = await phones.waiting(each_town.browser(), device)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code == "account-held"
    assert (await each_town.bureau.names_of_events()).count("account:hold-placed") == 1
    kept = await each_town.rooms.apps.meeting.desk.apps.find(AppId(UUID(device.app)))
    assert kept is not None
    assert kept.status.value == "active"  # it works again when the register takes the death back


@pytest.mark.parametrize(("engine", "name"), cases(ending=True), indirect=["engine"])
async def test_ending_is_refused_in_no_state(each_town: Town, name: str) -> None:
    prepared = await prepare(each_town)
    await STATES[name].close(prepared)
    await ends(prepared)


async def ends(at: Prepared) -> None:
    """End everything that was begun: tokens, sessions over either protocol, logins, an app's, a stay."""
    client, shared = at.town.browser().http, at.logins.shared.http
    for token in ("access_token", "refresh_token"):
        told = await CLINIC_PARTY.post(client, "/oidc/revoke", token=at.logins.tokens[token])
        assert (told.status_code, told.json()) == (200, {})
    answer = await by_form(at.house, SAML, shared, at.logins.logout)
    assert answer.status.code == SUCCESS  # in part, where a client of the session cannot be told
    asked = await at.logins.shared.open(f"/oidc/logout?id_token_hint={at.logins.tokens['id_token']}")
    assert asked.status == 200
    for browser, page in (at.logins.confirm, at.apps.confirmed):
        left = await browser.send(page, do="stop")
        assert "error=" in left.address
        assert left.address.startswith("http://localhost:9000/callback")
    await at.apps.device.refuse(at.apps.waiting, misuse=True)
    await stops(at)
    out = await at.apps.inside.http.post("/account/logout", data={"csrf": at.apps.proof})
    assert out.status_code in {200, 303}
    with pytest.raises(Refused):
        await at.apps.device.refuse(at.apps.waiting, misuse=True)
    await at.apps.device.leave()


async def stops(at: Prepared) -> None:
    """Stop the app and the passkey in My account, at whatever level somebody is still inside there."""
    inside, own = at.apps.inside, at.town.rooms.passkeys.own
    page = await inside.open("/account/apps")
    if page.title != "The app":
        return
    await inside.send(page, app=at.apps.device.app)
    app = await at.town.rooms.apps.meeting.desk.apps.find(AppId(UUID(at.apps.device.app)))
    page = await inside.open("/account/passkeys")
    await inside.send(page, passkey=str(at.passkeys.kept.id))
    passkey = await own.desk.passkeys.find(at.passkeys.kept.id)
    assert (app and app.status.value, passkey and passkey.status.value) == ("stopped", "stopped")
