"""Lists of mandates as files for a spreadsheet, and mandates that begin on a later day."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from html import unescape
from uuid import UUID

from tests.journeys.house import PORTAL, RESULTS
from tests.mandates.builders import edge, terms
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Browser, Town
from tests.web.desks import inside as entered
from tests.web.test_giving_on_pages import held, last_day, listed
from tests.web.test_mandate_pages import OTHER, UNKNOWN, at, begun, inside, offered, ready
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.bounds import FILES
from toegang.mandates.edge import EdgeId
from toegang.mandates.listing import Listing
from toegang.mandates.names import Names, Shown
from toegang.mandates.party import PartyId
from toegang.mandates.voluntary import Actor
from toegang.registers.population import Names as PersonNames
from toegang.web.mandate_files import IN_ONE, NAMED


def links(text: str) -> list[str]:
    """Return where the links to lists on a page lead."""
    return [unescape(link) for link in re.findall(r'href="(/account/mandates/list/[^"]*)"', text)]


async def listed_as_file(browser: Browser, listing: str, query: str = "") -> list[list[str]]:
    """Fetch a list as a file, as a spreadsheet reads it."""
    answer = await browser.open(f"/account/mandates/list/{listing}/file{query}")
    assert answer.status == 200
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_a_list_as_a_file_has_what_the_page_has_and_what_is_over_is_in_the_history(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[DAAN] = registered(
        DAAN, names=PersonNames(given="D", prefix="", family="E", full="=D.E()")
    )
    browser = await inside(town)
    first, second = [await offered(town, parties[DAAN], parties[SANNE], each) for each in (PORTAL, RESULTS)]
    sanne = Actor(party=parties[SANNE], level=Level.HIGH)
    voluntary, now = town.rooms.representing.voluntary, town.bureau.clock.now()
    await voluntary.agree(sanne, first.id, 1, now)
    ended = await voluntary.agree(sanne, second.id, 1, now)
    await voluntary.end(sanne, ended.id, ended.version, now)
    [columns, row] = await listed_as_file(browser, "received")
    assert columns[:3] == ["Reference", "Given or got", "The other side"]
    assert (row[0], row[1], row[9]) == (str(first.id), "got", "in force")
    assert row[2].startswith("'="), "a spreadsheet would compute what somebody is called"
    [_, over] = await listed_as_file(browser, "ended")
    assert (over[0], over[9]) == (str(second.id), "ended by who had it")
    assert await listed_as_file(browser, "given") == [columns]
    page = await browser.open("/account/mandates/list/received")
    assert "/account/mandates/list/received/file" in page.text


async def test_a_name_is_no_formula_either_where_a_spreadsheet_parts_cells_at_another_sign(
    town: Town,
) -> None:
    parties = await ready(town)
    names = PersonNames(given="D", prefix="", family="E", full='A;=HYPERLINK("x");"@B;\t-1; +2;C-1')
    town.bureau.register.people[DAAN] = registered(DAAN, names=names)
    browser = await inside(town)
    edge = await offered(town, parties[DAAN], parties[SANNE], PORTAL)
    sanne, now = Actor(party=parties[SANNE], level=Level.HIGH), town.bureau.clock.now()
    await town.rooms.representing.voluntary.agree(sanne, edge.id, 1, now)
    answer = await browser.open("/account/mandates/list/received/file")
    for line in answer.text.splitlines():
        for parted in (",", ";", "\t"):
            cells = next(csv.reader([line], delimiter=parted))
            assert not [each for each in cells if each.lstrip(' "').startswith(("=", "+", "-", "@"))]


async def test_a_file_tells_of_who_did_not_answer_what_was_typed_and_asks_no_register(town: Town) -> None:
    await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    browser = await inside(town)
    await browser.send(await begun(browser, bsn=DAAN.digits, birth_date="12-04-1988"))
    before = town.bureau.register.asked
    [_, row] = await listed_as_file(browser, "waiting")
    assert row[2] == f"…{DAAN.digits[-3:]}"
    assert town.bureau.register.asked == before


async def test_a_list_that_is_none_is_no_file_and_a_bent_place_is_the_first(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    page = await browser.open("/account/mandates/list/everybody/file")
    assert page.status == (await browser.open("/account/mandates/list/everybody")).status != 200
    for query in ("?ends=x&edge=y", "?ends=2027-01-01&edge=" + UNKNOWN, "?ends=%0d%0a"):
        assert len(await listed_as_file(browser, "ended", query)) == 1


async def test_a_mandate_may_begin_later_and_is_used_by_nobody_before(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    browser, now = await inside(town), town.bureau.clock.now()
    page = await begun(browser, bsn=DAAN.digits, birth_date="12-04-1988")
    form = await browser.open(page.address.replace("/check", "/until"))
    last, first = (f"{now + timedelta(days=each):%d-%m-%Y}" for each in (90, 30))
    for wrong in ("junk", "31-02-2027", f"{now - timedelta(days=2):%d-%m-%Y}", "01-01-2099"):
        assert (await browser.send(form, until=last, begins=wrong)).wrong == ["begins"]
    assert (await browser.send(form, until=first, begins=last)).wrong == ["begins"]
    page = await browser.send(form, until=last, begins=first)
    assert "From" in page.text
    page = await browser.send(page)
    lists = town.rooms.representing.voluntary.lists
    [edge] = await lists.live_between(parties[SANNE], parties[DAAN], 5, now)
    assert not edge.terms.covers(now + timedelta(days=28))
    assert edge.terms.covers(now + timedelta(days=31))
    daan = Actor(party=parties[DAAN], level=Level.HIGH)
    await town.rooms.representing.voluntary.agree(daan, edge.id, 1, now)
    assert "begins on" in (await browser.open(at(edge.id))).text
    assert "begins on" in (await browser.open("/account/mandates")).text
    [_, row] = await listed_as_file(browser, "given")
    assert row[9] == f"begins on {row[7]}"


async def test_a_file_says_for_whom_it_was_given_on_and_that_it_no_longer_counts(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[OTHER] = registered(OTHER)
    mine, edge = await held(town, parties)
    his = await entered(town, DAAN, "daan-account")
    page = await his.open(f"/account/mandates/one/{edge.id}/on")
    page = await his.send(page, bsn=OTHER.digits, birth_date="12-04-1988", **{f"service-{PORTAL}": "yes"})
    await his.send(await last_day(his, page))
    [on] = await listed(town, parties[DAAN], Listing.GIVEN_ON)
    other = on.agent
    voluntary, now = town.rooms.representing.voluntary, town.bureau.clock.now()
    await voluntary.agree(Actor(party=other, level=Level.HIGH), on.id, 1, now)
    [_, row] = await listed_as_file(his, "given-on")
    shown = await town.rooms.representing.names.of([parties[SANNE]])
    assert (row[4], row[9]) == (shown[parties[SANNE]].name, "in force")
    at = f"/account/mandates/one/{edge.id}"
    await mine.send(await mine.open(at), f"{at}/end")
    for browser, listing in ((his, "given-on"), (mine, "given")):
        [_, row] = await listed_as_file(browser, listing)
        assert row[9].startswith("in force, but it does not count")


async def got_many(town: Town, me: PartyId, length: int) -> None:
    """Have many people ask somebody to act for them, each of whom agreed."""
    mandates, now = town.rooms.representing.mandates, town.bureau.clock.now()
    for number in range(length):
        whom = PartyId(UUID(int=10_000 + number))
        made = edge(
            id=EdgeId(UUID(int=20_000 + number)),
            principal=whom,
            agent=me,
            initiator=me,
            kind=EdgeKind.VOLUNTARY,
            terms=terms(from_=now, until=now + timedelta(days=30)),
        )
        async with mandates.units.begin() as unit:
            assert await mandates.edges.add(unit, made)


async def test_a_list_that_is_longer_than_a_file_goes_on_where_the_file_ends(town: Town) -> None:
    parties = await ready(town)
    await got_many(town, parties[SANNE], IN_ONE + 5)
    browser = await inside(town)
    page = await browser.open("/account/mandates/list/received")
    _, *first = await listed_as_file(browser, "received")
    (beyond,) = links(page.text.partition("200 at most")[2])
    last = await browser.open(beyond)
    assert "200 at most" not in last.text
    _, *rest = await listed_as_file(browser, "received", "?" + beyond.partition("?")[2])
    assert (len(first), len(rest)) == (IN_ONE, 5)
    assert len({row[0] for row in first + rest}) == IN_ONE + 5


async def test_registers_are_asked_for_the_names_in_so_many_files_a_day_and_no_more(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    for _ in range(FILES.most):
        await listed_as_file(browser, "ended")
    refused = await browser.open("/account/mandates/list/received/file")
    assert refused.status == 429
    assert (await browser.open("/account/mandates/list/received")).status == 200


async def test_a_long_file_asks_for_no_more_names_at_once_than_registers_tell_in_time(town: Town) -> None:
    parties = await ready(town)
    names, asked, length = town.rooms.representing.names, list[int](), 2 * NAMED + 7
    await got_many(town, parties[SANNE], length)
    browser = await inside(town)

    class Counted(Names):
        async def of(self, parties: Iterable[PartyId]) -> Mapping[PartyId, Shown]:
            wanted = list(parties)
            asked.append(len(set(wanted)))
            return await names.of(wanted)

    counted = Counted(numbers=names.numbers, population=names.population, organisations=names.organisations)
    object.__setattr__(town.rooms.representing, "names", counted)
    _, *found = await listed_as_file(browser, "received")
    assert len({row[0] for row in found}) == len(found) == length
    assert max(asked) <= NAMED
