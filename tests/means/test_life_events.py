"""What becomes of accounts and links when the register tells that something happened in somebody's life."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.means.bureau import DAAN, GOOD, NEW_NUMBER, SANNE, browser, particulars, registered
from tests.means.lives import BANK, Lives, lives_at
from toegang.assurance import Level
from toegang.errors import AccountClosed, AccountHeld, CredentialsWrong, OneTimeGone, Refusal
from toegang.identity.holds import HoldReason, check_held
from toegang.identity.life import RULES, Effect, LifeEvent
from toegang.identity.numbers import Bsn
from toegang.identity.subject import Subject
from toegang.means.base import Authentication, Factor
from toegang.means.citizen.account import Status
from toegang.means.citizen.holding import By, SuspensionReason
from toegang.means.citizen.misuse import Report
from toegang.means.citizen.operating import Suspension
from toegang.means.citizen.recovering import Claimant
from toegang.means.external.linking import Vouched
from toegang.means.life import due
from toegang.means.life.numbers import Keep, settle
from toegang.means.life.store import DocumentReport, DocumentState
from toegang.pseudonyms import Pairwise

if TYPE_CHECKING:
    from datetime import datetime

    from tests.means.bureau import Bureau
    from toegang.identity.people import PersonId
    from toegang.units import Unit

NEW = Bsn.parse("999990275")
PASSPORT = {"type": "passport", "number": "SPECI2027"}
LAST_DAY = date(2027, 3, 31)


@pytest.fixture
async def lives(each_bureau: Bureau) -> Lives:
    """Have Sanne, who has an account, in a bureau that follows the register."""
    await each_bureau.active()
    await each_bureau.sent("account:proofs-withdrawn")
    await each_bureau.letters()
    await each_bureau.texts()
    return lives_at(each_bureau)


async def person_of(lives: Lives, bsn: Bsn = SANNE) -> PersonId:
    found = await lives.bureau.desk.enrolment.find(bsn)
    assert found is not None
    return found.id


async def linked(lives: Lives, person: PersonId) -> None:
    proven = Authentication(
        subject=Subject(issuer="https://bank.example", identifier="customer"),
        means=BANK,
        level=Level.SUBSTANTIAL,
        at=lives.bureau.now,
        factors=(Factor.EXTERNAL,),
    )
    async with lives.bureau.desk.units.begin() as unit:
        card = Subject(issuer="card", identifier="chip", person=person)
        vouched = Vouched(person=person, by=card, level=Level.LOW, at=proven.at)
        await lives.desk.linking.make(unit, vouched, proven, proven.at)


async def second(lives: Lives) -> PersonId:
    """Have Daan get an account too, and return him."""
    number = NEW_NUMBER
    await lives.bureau.active(particulars(DAAN), name="daan1234", number=number)
    return await person_of(lives, DAAN)


def test_every_kind_of_event_has_one_rule_with_its_ground() -> None:
    assert set(RULES) == set(LifeEvent)
    assert all(rule.ground for rule in RULES.values())
    assert {rule.effect for rule in RULES.values()} == set(Effect)


async def test_who_died_is_held_at_once_and_nothing_is_sent_to_them(lives: Lives) -> None:
    before = await lives.bureau.account()
    await lives.told("death", 1)
    held = await lives.bureau.account()
    assert (held.status, held.held_from, held.password) == (Status.HELD, Status.ACTIVE, before.password)
    notices = await lives.bureau.sent("account:proofs-withdrawn")
    assert len(notices) == 2
    with pytest.raises(AccountHeld) as refused:
        await lives.bureau.sign_in()
    assert refused.value.why == "died"
    await lives.bureau.door.reporting.report(held.id, Report(login=""), lives.bureau.now)
    assert (await lives.bureau.texts(), await lives.bureau.letters()) == ([], [])
    assert await lives.names() == ["life:done", "account:hold-placed"]


async def test_only_who_proves_the_password_is_told_that_somebody_died(lives: Lives) -> None:
    await lives.told("death", 1)
    login = await lives.bureau.start()
    with pytest.raises(CredentialsWrong):
        await lives.bureau.password(login, password=GOOD + "x")


async def test_no_other_means_proves_who_died_and_no_new_account_either(lives: Lives) -> None:
    person = await person_of(lives)
    await linked(lives, person)
    check_held(await lives.bureau.desk.holds.of_person(person))
    await lives.told("death", 1)
    with pytest.raises(AccountHeld):
        check_held(await lives.bureau.desk.holds.of_person(person))
    await lives.bureau.apply(name="sanne99", number=None)
    assert await lives.bureau.letters() == []


async def test_a_death_that_is_taken_back_leaves_all_as_it_was_but_the_old_proofs(lives: Lives) -> None:
    proven = await lives.bureau.sign_in()
    lives.bureau.later(seconds=1)
    await lives.told("death", 1)
    await lives.told("death-withdrawn", 2)
    assert (await lives.bureau.account()).status is Status.ACTIVE
    with pytest.raises(AccountClosed):
        await lives.bureau.door.means.check_usable(proven.authentication, lives.bureau.now)
    again = await lives.bureau.sign_in()
    assert again.authentication.subject.person == await person_of(lives)
    assert (await lives.names())[-1] == "account:hold-lifted"


async def test_a_lock_stays_a_lock_through_a_death_that_is_taken_back(lives: Lives) -> None:
    await lives.told("death", 1)
    await lives.bureau.door.reporting.report(
        (await lives.bureau.account()).id, Report(login=""), lives.bureau.now
    )
    await lives.told("death-withdrawn", 2)
    assert (await lives.bureau.account()).status is Status.LOCKED


async def test_the_account_of_who_died_ends_after_the_time_of_the_rule(lives: Lives) -> None:
    person = await person_of(lives)
    await linked(lives, person)
    await lives.told("death", 1)
    wait = RULES[LifeEvent.DEATH].ends_after
    assert wait is not None
    lives.bureau.clock.advance(wait - timedelta(seconds=1))
    assert await due.come(lives.desk, lives.bureau.now) == 0
    lives.bureau.later(seconds=1)
    assert await due.come(lives.desk, lives.bureau.now) == 1
    assert await due.come(lives.desk, lives.bureau.now) == 0
    assert await lives.bureau.desk.accounts.of_person(person) == ()
    assert await lives.desk.linking.of_person(person) == ()
    assert (await lives.names())[-2:] == ["link:ended", "account:ended"]
    with pytest.raises(AccountHeld):
        check_held(await lives.bureau.desk.holds.of_person(person))


async def test_a_name_is_read_from_the_register_and_nothing_is_lost(lives: Lives) -> None:
    before = await lives.bureau.account()
    lives.bureau.register.people[SANNE] = registered(SANNE)
    await lives.told("name-change", 1)
    assert await lives.bureau.account() == before
    assert await lives.names() == ["life:done"]


@pytest.mark.parametrize("kind", ["emigration", "address-change"])
async def test_a_code_in_a_letter_to_an_address_that_was_left_opens_nothing(lives: Lives, kind: str) -> None:
    claimant, at = Claimant(name="sanne88", bsn=SANNE), lives.bureau
    await at.door.recovering.ask(browser(), claimant, "nl", at.now)
    code = await at.letter_code()
    await lives.told(kind, 1)
    with pytest.raises(OneTimeGone):
        await at.door.recovering.open(browser(), claimant, code, at.now)
    assert (await at.account()).status is Status.ACTIVE


async def test_abroad_come_letters_that_open_nothing_and_no_letter_with_a_code(lives: Lives) -> None:
    at = lives.bureau
    abroad = ("Rue de l'Exemple 5", "1000 Bruxelles", "België")
    at.register.people[SANNE] = registered(SANNE, address=None, resident=False, abroad=abroad)
    await at.door.recovering.ask(browser(), Claimant(name="sanne88", bsn=SANNE), "nl", at.now)
    assert await at.letters() == []
    await at.door.operating.suspend(
        await person_of(lives), Suspension(reason=SuspensionReason.MISUSE, last_day=LAST_DAY), at.now
    )
    assert [each["address"] for each in await at.letters()] == [list(abroad)]


async def test_a_corrected_number_finds_the_same_person_with_the_same_names_at_services(lives: Lives) -> None:
    person, names = await person_of(lives), Pairwise({1: bytes(32)})
    await lives.told("number-correction", 1, newBsn=NEW.digits)
    assert await lives.bureau.desk.enrolment.find(SANNE) is None
    moved = await lives.bureau.desk.enrolment.find(NEW)
    assert moved is not None
    assert (moved.id, lives.bureau.desk.enrolment.bsn_of(moved)) == (person, NEW)
    assert names.of_person(moved.id, "town", 1) == names.of_person(person, "town", 1)
    assert (await lives.bureau.sign_in()).authentication.subject.person == person


async def test_what_happened_under_the_old_number_before_is_still_about_this_person(lives: Lives) -> None:
    person = await person_of(lives)
    await lives.told("number-correction", 5, newBsn=NEW.digits)
    await lives.told("death", 9, SANNE)  # the old number is somebody else's by now
    check_held(await lives.bureau.desk.holds.of_person(person))
    await lives.told("death", 4, SANNE)  # it comes late
    with pytest.raises(AccountHeld):
        check_held(await lives.bureau.desk.holds.of_person(person))


async def test_a_death_under_the_new_number_that_is_told_before_the_correction_is_asked_for(
    lives: Lives,
) -> None:
    await lives.bureau.sign_in()  # which asked today whether she lives
    lives.bureau.register.people[NEW] = replace(
        registered(SANNE), bsn=NEW, deceased_on=lives.bureau.now.date() - timedelta(days=1)
    )
    await lives.told("death", 5, NEW)
    await lives.told("number-correction", 4, newBsn=NEW.digits)
    with pytest.raises(AccountClosed):
        await lives.bureau.sign_in()
    with pytest.raises(AccountHeld):
        check_held(await lives.bureau.desk.holds.of_person(await person_of(lives, NEW)))


async def test_who_got_another_number_logs_in_while_the_register_does_not_answer(lives: Lives) -> None:
    await lives.told("number-correction", 1, newBsn=NEW.digits)
    lives.bureau.register.away = True
    await lives.bureau.sign_in()


async def test_an_immigration_that_is_told_before_the_emigration_leaves_no_code_at_the_old_address(
    lives: Lives,
) -> None:
    at, claimant = lives.bureau, Claimant(name="sanne88", bsn=SANNE)
    await at.door.recovering.ask(browser(), claimant, "nl", at.now)
    code = await at.letter_code()
    await lives.told("immigration", 2)
    await lives.told("emigration", 1)
    with pytest.raises(OneTimeGone):
        await at.door.recovering.open(browser(), claimant, code, at.now)


@pytest.mark.parametrize("keep", Keep)
async def test_two_accounts_that_meet_stand_still_until_an_operator_decides(lives: Lives, keep: Keep) -> None:
    sanne, daan = await person_of(lives), await second(lives)
    await linked(lives, daan)
    await lives.told("number-correction", 1, newBsn=DAAN.digits)
    held = lives.bureau.desk.holds
    for person in (sanne, daan):
        assert [each.reason for each in await held.of_person(person)] == [HoldReason.TWO_ACCOUNTS]
        with pytest.raises(AccountHeld):
            check_held(await held.of_person(person))
    await settle(lives.desk, daan, keep, lives.bureau.now)
    accounts = {
        who: [each.status for each in await lives.bureau.desk.accounts.of_person(person)]
        for who, person in (("sanne", sanne), ("daan", daan))
    }
    found = await lives.bureau.desk.enrolment.find(DAAN)
    assert found is not None
    active, gone = [Status.ACTIVE], list[Status]()
    assert (accounts["sanne"], accounts["daan"], found.id) == {
        Keep.CORRECTED: (active, gone, sanne),
        Keep.OTHER: (gone, active, daan),
        Keep.BOTH: (active, active, daan),
    }[keep]
    assert lives.bureau.desk.enrolment.bsn_of(found) == DAAN
    assert [await held.of_person(person) for person in (sanne, daan)] == [(), ()]
    with pytest.raises(AccountClosed):
        await settle(lives.desk, sanne, keep, lives.bureau.now)


async def test_a_number_of_somebody_who_is_not_in_use_passes_to_whose_it_is(lives: Lives) -> None:
    sanne, daan = await person_of(lives), await second(lives)
    await lives.bureau.door.operating.end(
        (await lives.bureau.account("daan1234")).id, "operator", lives.bureau.now
    )
    await lives.told("number-correction", 1, newBsn=DAAN.digits)
    found = await lives.bureau.desk.enrolment.find(DAAN)
    assert found is not None
    assert (found.id, daan == sanne) == (sanne, False)


class Cards:
    """A room with cards that rest on a document."""

    def __init__(self) -> None:
        self.heard: list[DocumentReport] = []

    async def document_reported(self, unit: Unit, report: DocumentReport, now: datetime) -> None:  # noqa: ARG002
        self.heard.append(report)


async def test_a_lost_document_is_told_to_whoever_rests_something_on_it(bureau: Bureau) -> None:
    await bureau.active()
    cards = Cards()
    lives = lives_at(bureau, (cards,))
    for number, kind in enumerate(("document-lost", "document-found", "document-stolen"), start=1):
        await lives.told(kind, number, document=PASSPORT)
    await lives.told("document-lost", 2, document=PASSPORT)  # late
    await lives.told("document-lost", 4, DAAN, document=PASSPORT)  # nobody of ours
    states = [report.state for report in cards.heard]
    assert states == [DocumentState.LOST, DocumentState.FOUND, DocumentState.STOLEN]
    (kept,) = await lives.desk.store.reports_of(await person_of(lives))
    assert (kept.state, kept.type, b"SPECI" in kept.document) == (DocumentState.STOLEN, "passport", False)


async def test_a_suspension_ends_by_itself_and_a_letter_says_why_and_until_when(lives: Lives) -> None:
    at, person = lives.bureau, await person_of(lives)
    suspension = Suspension(reason=SuspensionReason.INVESTIGATION, last_day=LAST_DAY)
    assert await at.door.operating.suspend(person, suspension, at.now)
    (letter,) = await at.letters()
    values = letter["values"]
    assert isinstance(values, dict)
    assert values["last_day"] == "31 maart 2027"
    assert "onderzoek" in values["reason"]
    with pytest.raises(AccountHeld) as refused:
        await at.sign_in()
    assert (refused.value.why, refused.value.about) == ("suspended", "investigation")
    assert refused.value.until == suspension.until
    with pytest.raises(AccountClosed):
        await at.door.operating.suspend(person, suspension, at.now)
    at.clock.advance(suspension.until - at.now)
    await due.come(lives.desk, at.now)
    assert [each["purpose"] for each in await at.letters()] == ["resumed-letter"]
    await at.sign_in()


async def test_a_suspension_that_is_over_stops_nobody_while_no_loop_runs(lives: Lives) -> None:
    """From its end on, and not a moment before; what else holds the person goes on doing so."""
    at, person = lives.bureau, await person_of(lives)
    suspension = Suspension(reason=SuspensionReason.INVESTIGATION, last_day=LAST_DAY)
    await at.door.operating.suspend(person, suspension, at.now)
    await at.letters()
    at.clock.advance(suspension.until - at.now - timedelta(microseconds=1))
    with pytest.raises(AccountHeld):
        await at.sign_in()
    at.clock.advance(timedelta(microseconds=1))
    await at.sign_in()
    assert [each["purpose"] for each in await at.letters()] == ["resumed-letter"]
    assert await at.desk.holds.of_person(person) == ()
    await due.come(lives.desk, at.now)
    assert await at.letters() == []


async def test_who_is_suspended_anew_while_the_first_suspension_ends_stays_suspended(lives: Lives) -> None:
    """Ending one by the clock asks the population register on the way, which takes its time."""
    at, person = lives.bureau, await person_of(lives)
    operating, first = at.door.operating, Suspension(reason=SuspensionReason.MISUSE, last_day=LAST_DAY)
    await operating.suspend(person, first, at.now)
    at.clock.advance(first.until - at.now)
    (over,) = await lives.desk.account.holds.due(at.now, due.MOST)
    await operating.resume(person, By.OPERATOR, at.now)
    anew = Suspension(reason=SuspensionReason.INVESTIGATION, last_day=LAST_DAY + timedelta(days=30))
    await operating.suspend(person, anew, at.now)
    with pytest.raises(AccountClosed):
        await operating.resume(over.person, By.TIME, at.now)
    (kept,) = await at.desk.holds.of_person(person)
    assert kept.words == "investigation"


async def test_who_died_while_suspended_stays_held_when_that_is_over(lives: Lives) -> None:
    at, person = lives.bureau, await person_of(lives)
    suspension = Suspension(reason=SuspensionReason.INVESTIGATION, last_day=LAST_DAY)
    await at.door.operating.suspend(person, suspension, at.now)
    await lives.told("death", 1)
    at.clock.advance(suspension.until - at.now)
    with pytest.raises(AccountHeld) as refused:
        await at.sign_in()
    assert refused.value.why == "died"


async def test_an_operator_takes_a_suspension_back_but_not_a_death_with_it(lives: Lives) -> None:
    at, person = lives.bureau, await person_of(lives)
    operating, suspension = at.door.operating, Suspension(reason=SuspensionReason.MISUSE, last_day=LAST_DAY)
    with pytest.raises(AccountClosed):
        await operating.resume(person, By.OPERATOR, at.now)
    await operating.suspend(person, suspension, at.now)
    await lives.told("death", 1)
    await operating.resume(person, By.OPERATOR, at.now)
    assert (await at.account()).status is Status.HELD
    await operating.alive(person, at.now)
    assert (await at.account()).status is Status.ACTIVE
    with pytest.raises(AccountClosed):
        await operating.alive(person, at.now)


async def test_a_suspension_of_the_account_leaves_means_of_others_alone(lives: Lives) -> None:
    at, person = lives.bureau, await person_of(lives)
    suspension = Suspension(reason=SuspensionReason.MISUSE, last_day=LAST_DAY)
    await at.door.operating.suspend(person, suspension, at.now)
    check_held(await at.desk.holds.of_person(person))


async def test_nobody_is_suspended_until_a_day_that_is_past(lives: Lives) -> None:
    suspension = Suspension(reason=SuspensionReason.MISUSE, last_day=date(2027, 2, 28))
    with pytest.raises(Refusal):
        await lives.bureau.door.operating.suspend(await person_of(lives), suspension, lives.bureau.now)
