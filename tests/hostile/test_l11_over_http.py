"""L11 at the door: documents that are bent, copied, reported or somebody else's, brought by a reader.

Whatever a reader brings, the app stays what it was, the person reads what to do, and nobody what was wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from demo.documents.papers import Features, Paper, driving_licence, passport
from demo.documents.states import State
from tests.conftest import NOON
from tests.hostile.readers import reasons, unraised
from tests.means.bureau import DAAN
from tests.means.papers import (
    EXPIRY,
    REFUSED_PAGE,
    SANNE_ON_PAPER,
    SOMEBODY,
    WITHOUT_BSN,
    Counter,
    card_of,
    licence_of,
    licence_state,
    passport_of,
    signer,
)
from toegang.assurance import Level
from toegang.registers.documents import DocumentStatus

FORGER = State.founded(NOON)


# Documents: each is shown by a reader that relays honestly.

OTHER_NAME = replace(WITHOUT_BSN, given_names="Sanna")
OTHER_BIRTH = replace(WITHOUT_BSN, birth=date(1988, 4, 13))
NO_BSN_AT_ALL = replace(SANNE_ON_PAPER, bsn="123456789")
OVER = date(2027, 2, 28)  # the day before NOON


def altered(paper: Paper) -> Paper:
    return replace(paper, groups={**paper.groups, 11: passport_of(SOMEBODY).groups[11]})


def copied(paper: Paper) -> Paper:
    """Copy all that can be read, and none of the keys that stay in the chip."""
    fresh = passport(SANNE_ON_PAPER, signer(), expiry=EXPIRY)
    return replace(paper, active_key=fresh.active_key, chip_key=fresh.chip_key)


PAPERS: dict[str, tuple[Callable[[], Paper], str, str]] = {
    "a cloned chip": (lambda: copied(passport_of()), "chip-not-proven", "not-accepted"),
    "a chip without proofs": (
        lambda: passport_of(features=Features(active=None, chip=None)),
        "clone-possible",
        "not-accepted",
    ),
    "a changed data group": (lambda: altered(passport_of()), "altered", "not-accepted"),
    "a foreign authority": (
        lambda: passport(SANNE_ON_PAPER, FORGER.signer(), expiry=EXPIRY),
        "signer-unknown",
        "not-accepted",
    ),
    "a licence by the authority of passports": (
        lambda: driving_licence(
            WITHOUT_BSN, signer(), expiry=EXPIRY, features=Features(active="ecdsa", pace=None)
        ),
        "signer-unknown",
        "not-accepted",
    ),
    "a passport by the authority of licences": (
        lambda: passport(SANNE_ON_PAPER, licence_state().signer(), expiry=EXPIRY),
        "signer-unknown",
        "not-accepted",
    ),
    "an expired document": (
        lambda: passport(SANNE_ON_PAPER, signer(), expiry=OVER),
        "expired",
        "expired",
    ),
    "somebody else's, with a BSN": (lambda: passport_of(SOMEBODY), "other-person", "not-accepted"),
    "digits that are no BSN": (lambda: passport_of(NO_BSN_AT_ALL), "other-person", "not-accepted"),
    "another name": (lambda: card_of(OTHER_NAME), "other-person", "not-accepted"),
    "another date of birth": (lambda: card_of(OTHER_BIRTH), "other-person", "not-accepted"),
    "a licence of another name": (lambda: licence_of(OTHER_NAME), "other-person", "not-accepted"),
    "a state whose register we cannot ask": (
        lambda: passport(WITHOUT_BSN, signer(), expiry=EXPIRY, issuer="BEL"),
        "signer-not-entitled",
        "not-accepted",
    ),
}


async def test_a_document_that_is_not_good_raises_nothing(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    for which, (made, reason, advice) in PAPERS.items():
        counter.phones.town.bureau.later(hours=3)
        outcome, page = await counter.check(device, made())
        assert (outcome, page.title) == (advice, REFUSED_PAGE), which
        assert (await reasons(counter))[-1] == reason, which
    assert len(await reasons(counter)) == len(PAPERS)
    await unraised(counter)


async def test_namesakes_of_one_day_are_not_one_person(counter: Counter) -> None:
    """A document without a BSN is of whom its register says; of whom nobody says it, a clerk looks at it."""
    device = await counter.phones.add(counter.phones.town.browser())
    for holder, reason, advice in ((DAAN, "other-person", "not-accepted"), (None, "no-number", "desk")):
        for paper in (card_of(WITHOUT_BSN), licence_of()):
            counter.phones.town.bureau.later(hours=3)
            counter.register.holder = holder
            outcome, page = await counter.check(device, paper)
            assert (outcome, page.title, (await reasons(counter))[-1]) == (advice, REFUSED_PAGE, reason)
            assert ("Go to a desk with it" in page.text) is (holder is None)
    counter.register.holder = DAAN
    counter.phones.town.bureau.later(hours=3)
    assert (await counter.check(device, passport_of()))[0] == "not-accepted"
    await unraised(counter)


STATUSES = {
    DocumentStatus.LOST: "not-accepted",
    DocumentStatus.STOLEN: "not-accepted",
    DocumentStatus.REVOKED: "not-accepted",
    DocumentStatus.UNKNOWN: "not-accepted",
    DocumentStatus.EXPIRED: "expired",
}


async def test_a_document_that_is_not_in_circulation_raises_nothing(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    for status, advice in STATUSES.items():
        counter.register.statuses["SPECI2026"] = status
        outcome, page = await counter.check(device, passport_of())
        assert (outcome, page.title) == (advice, REFUSED_PAGE), status
    assert await reasons(counter) == [status.value for status in STATUSES]
    await unraised(counter)


async def test_what_did_not_match_is_told_to_nobody(counter: Counter) -> None:
    """Lost, stolen, somebody else's, cloned or forged: reader and page say the same words."""
    device = await counter.phones.add(counter.phones.town.browser())
    said = set()
    for number, paper in enumerate((passport_of(), passport_of(SOMEBODY), copied(passport_of()))):
        counter.register.statuses["SPECI2026"] = (
            DocumentStatus.STOLEN if number == 0 else DocumentStatus.IN_CIRCULATION
        )
        outcome, page = await counter.check(device, paper)
        text = page.text.partition("<main")[2].partition("<form")[0]
        said.add((outcome, text.partition("<dl")[0]))
    assert len(said) == 1


@pytest.mark.parametrize("which", ["documents", "people"])
async def test_a_register_that_does_not_answer_raises_nothing(counter: Counter, which: str) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    browser, page, reader, session = await counter.taken(device)
    if which == "documents":
        counter.register.away = True
    else:
        counter.phones.town.bureau.register.away = True
    assert await reader.read(session, passport_of()) == "later"
    assert "right now" in (await browser.open(page.address)).text
    assert await reasons(counter) == ["unavailable"]
    await unraised(counter)


async def test_without_a_fresh_list_of_what_was_revoked_nobody_is_raised_nor_blamed(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    counter.phones.town.bureau.later(days=91)
    outcome, page = await counter.check(device, passport_of())
    assert outcome == "later"
    assert "right now" in page.text
    assert await reasons(counter) == ["revocation-unknown"]
    await unraised(counter)


async def test_the_person_who_has_died_is_nobody(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    browser, page, reader, session = await counter.taken(device)
    people = counter.phones.town.bureau.register.people
    for bsn, person in people.items():
        people[bsn] = replace(person, deceased_on=date(2027, 2, 1))
    assert await reader.read(session, passport_of()) == "not-accepted"
    assert (await browser.open(page.address)).title == REFUSED_PAGE
    await unraised(counter)


@pytest.mark.parametrize("made", [passport_of, card_of, licence_of], ids=["passport", "card", "licence"])
async def test_the_same_documents_unbent_are_accepted(counter: Counter, made: Callable[[], Paper]) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    outcome, page = await counter.check(device, made())
    assert (outcome, page.title) == ("accepted", "Your identity document was checked")
    assert await counter.level() is Level.SUBSTANTIAL
