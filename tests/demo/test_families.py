"""The families of the demo: the hub derives from their records what the register says itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import httpx2
import pytest

from demo.families import born, is_adult, read_families
from demo.places import Party, Places, secret
from demo.population import build
from tests.demo.running import calling, running
from toegang.clock import SystemClock
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn
from toegang.mandates.legal.parental.asking import AsRegistered, ByFlow
from toegang.mandates.legal.parental.outcome import Gap, Kind
from toegang.registers.custody_http import HttpCustodyRegister
from toegang.registers.families_http import HttpFamilies

if TYPE_CHECKING:
    from pathlib import Path

    from toegang.outbound.client import Outbound

CHILDREN = {
    "Tess": "999990159",
    "Noor": "999970008",
    "Milan": "999970021",
    "Fleur": "999970033",
    "Elif": "999980592",
    "Deniz": "999981110",
    "Eren": "999981924",
    "Finn": "999982035",
    "Yara": "999982849",
    "Mei": "999983404",
    "Danylo": "999983441",
    "Saar": "999984366",
    "Teun": "999985735",
    "Bo": "999985772",
    "Jip": "999986697",
    "Lise": "999988621",
    "Roos": "999989583",
}
KINDS = {
    "Tess": Kind.JOINT,
    "Noor": Kind.JOINT,
    "Milan": Kind.JOINT,
    "Fleur": Kind.JOINT,
    "Elif": Kind.SOLE,
    "Deniz": Kind.NOT_APPLICABLE,
    "Eren": Kind.SOLE,
    "Finn": Kind.GUARDIANSHIP,
    "Yara": Kind.JOINT,
    "Mei": Kind.JOINT,
    "Danylo": Kind.SOLE,
    "Saar": Kind.JOINT,
    "Teun": Kind.SOLE,
    "Bo": Kind.UNDETERMINED,
    "Jip": Kind.UNDETERMINED,
    "Lise": Kind.WITH_THIRD,
    "Roos": Kind.NONE_FOR_NOW,
}
ADULTS = {
    "Sanne": ("999990019", {"Tess", "Noor", "Milan", "Fleur"}),
    "Ahmet": ("999990032", {"Elif", "Eren"}),
    "Suharti": ("999990056", {"Finn"}),
    "Nadia": ("999990172", set()),  # what is under investigation is not certain
    "Olena": ("999990111", {"Mei", "Danylo"}),
    "Bas": ("999984329", {"Saar"}),
    "Kees": ("999990214", {"Teun"}),
    "Femke": ("999982886", {"Mei", "Lise"}),
    "Anouk": ("999988177", {"Lise"}),
    "Pieter": ("999990196", set()),
}


def derived(outbound: Outbound, url: str, shown: str = secret(Party.POPULATION)) -> ByFlow:
    return ByFlow(families=HttpFamilies(outbound=outbound, clock=SystemClock(), url=url, secret=shown))


def as_registered(outbound: Outbound, url: str, shown: str = secret(Party.POPULATION)) -> AsRegistered:
    register = HttpCustodyRegister(outbound=outbound, clock=SystemClock(), url=url, secret=shown)
    return AsRegistered(register=register)


def noon() -> datetime:
    """Return the middle of today, so that no midnight passes while it is tested."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).replace(hour=12).astimezone(UTC)


@pytest.mark.requires("GEZAG")
async def test_what_is_derived_is_what_the_register_says_itself(tmp_path: Path) -> None:
    async with running(build(Places(home=tmp_path))) as url, calling() as outbound:
        ours, theirs = derived(outbound, url), as_registered(outbound, url)
        for name, number in CHILDREN.items():
            mine, said = (
                await ours.over(Bsn.parse(number), noon()),
                await theirs.over(Bsn.parse(number), noon()),
            )
            assert (name, mine.outcome.kind) == (name, KINDS[name]), mine.outcome.reasons
            assert (name, said.outcome.kind) == (name, KINDS[name])
            assert mine.outcome.holders == said.outcome.holders
            assert (mine.outcome.investigated, said.outcome.investigated) == ((name == "Yara"),) * 2
            assert [each.valid_until for each in mine.authorities] == [
                each.valid_until for each in said.authorities
            ]


async def test_everybody_finds_the_children_they_act_for(tmp_path: Path) -> None:
    async with running(build(Places(home=tmp_path))) as url, calling() as outbound:
        for asked in (derived(outbound, url), as_registered(outbound, url)):
            for name, (number, children) in ADULTS.items():
                person = Bsn.parse(number)
                found = await asked.of(person, noon())
                certain = {each.outcome.child.digits for each in found.found if each.of(person)}
                assert (name, certain) == (name, {CHILDREN[child] for child in children})
                assert found.complete


async def test_of_an_own_child_it_is_said_why_it_cannot_be_told(tmp_path: Path) -> None:
    async with running(build(Places(home=tmp_path))) as url, calling() as outbound:
        kees, pieter = (Bsn.parse(ADULTS[name][0]) for name in ("Kees", "Pieter"))
        of_kees = await derived(outbound, url).of(kees, noon())
        of_pieter = await derived(outbound, url).of(pieter, noon())
    assert [each.outcome.gap for each in of_kees.found] == [None, Gap.HAS_LIVED_ABROAD]
    assert [each.outcome.gap for each in of_pieter.found] == [Gap.NOT_RESIDENT]


async def test_authority_ends_when_a_death_is_reported_and_comes_back_when_it_is_withdrawn(
    tmp_path: Path,
) -> None:
    sanne, tess = Bsn.parse(ADULTS["Sanne"][0]), Bsn.parse(CHILDREN["Tess"])
    async with running(build(Places(home=tmp_path))) as url, calling() as outbound:
        ours, theirs = derived(outbound, url), as_registered(outbound, url)
        async with httpx2.AsyncClient(base_url=f"{url}/persons/{sanne.digits}/") as registrar:
            await registrar.post("death")
        mine, said = await ours.over(tess, noon()), await theirs.over(tess, noon())
        assert mine.outcome.kind is Kind.SOLE
        assert sanne not in mine.outcome.holders | said.outcome.holders
        assert said.outcome.gap is Gap.SAID_BY_REGISTER
        async with httpx2.AsyncClient(base_url=f"{url}/persons/{sanne.digits}/") as registrar:
            await registrar.post("death-withdrawn")
        assert (await ours.over(tess, noon())).outcome.kind is Kind.JOINT
        assert (await theirs.over(tess, noon())).outcome.kind is Kind.JOINT


@pytest.mark.requires("GEZAG")
async def test_who_the_register_does_not_know_gets_nothing(tmp_path: Path) -> None:
    tess, sanne = Bsn.parse(CHILDREN["Tess"]), Bsn.parse(ADULTS["Sanne"][0])
    async with running(build(Places(home=tmp_path))) as url, calling() as outbound:
        for wrong in (derived(outbound, url, "obviously wrong"), as_registered(outbound, url, "wrong")):
            assert (await wrong.over(tess, noon())).outcome.gap is Gap.SOURCE_SILENT
            assert (await wrong.of(sanne, noon())).complete is False
        families = HttpFamilies(outbound=outbound, clock=SystemClock(), url=url, secret="wrong")
        with pytest.raises(Unavailable, match="401"):
            await families.find(frozenset({tess}))


async def test_the_eighteenth_birthday_moves_with_the_day(tmp_path: Path) -> None:
    eren, days = Bsn.parse(CHILDREN["Eren"]), 1
    if (noon() + timedelta(days=days)).strftime("%m-%d") == "02-29":
        days = 2
    async with running(build(Places(home=tmp_path))) as url, calling() as outbound:
        found = await derived(outbound, url).over(eren, noon())
        assert found.authorities[0].valid_until is not None
        assert found.authorities[0].valid_until - noon() < timedelta(days=days - 1, hours=14)
        later = await derived(outbound, url).over(eren, noon() + timedelta(days=days))
    assert later.outcome.kind is Kind.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("today", "turns_today", "turns_tomorrow"),
    [
        (date(2028, 2, 27), "2010-02-27", "2010-02-28"),
        (date(2028, 2, 28), "2010-02-28", "2010-03-01"),
        (date(2028, 2, 29), "2010-02-28", "2010-03-01"),
        (date(2028, 3, 1), "2010-03-01", "2010-03-02"),
    ],
)
def test_who_turns_18_on_a_leap_day_is_18_on_it_and_who_does_tomorrow_is_not_before(
    today: date, turns_today: str, turns_tomorrow: str
) -> None:
    assert (born("today-18", today), born("tomorrow-18", today)) == (turns_today, turns_tomorrow)
    assert is_adult(turns_today, today)
    assert not is_adult(turns_tomorrow, today)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", ("Sanne Maria de Jong en Thijs Visser hebben samen het gezag.", "Suharti is voogd.")),
        ("en", ("Femke Haan and Anouk de Graaf have authority together.", "Is an adult: nobody")),
    ],
)
async def test_the_page_of_the_register_tells_of_every_child(
    tmp_path: Path, language: str, said: tuple[str, ...]
) -> None:
    async with running(build(Places(home=tmp_path))) as url, httpx2.AsyncClient(base_url=url) as browser:
        page = (await browser.get("/", headers={"accept-language": language})).text
        assert all(text in page for text in said)
        assert all(number in page for number in CHILDREN.values())
        await browser.post(f"/persons/{ADULTS['Sanne'][0]}/death")
        assert said[0] not in (await browser.get("/", headers={"accept-language": "nl"})).text


def test_everybody_in_the_file_has_a_number_that_passes_and_relatives_that_are_there() -> None:
    people = read_families().people
    for bsn, family in people.items():
        Bsn.parse(bsn)
        relatives = [*family.get("children", []), *family.get("wards", [])]
        relatives += [union["partner"] for union in family.get("unions", [])]
        relatives += [family[place]["bsn"] for place in ("first", "second") if family.get(place)]
        assert [each for each in relatives if each not in people] == [], bsn
