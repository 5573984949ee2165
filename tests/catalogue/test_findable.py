"""Services found by what they are called: the index says what a look through all would say."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from tests.catalogue import builders as b
from toegang.catalogue.findable import words_of
from toegang.catalogue.records import Change
from toegang.catalogue.representation import EdgeKind, Representation
from toegang.catalogue.snapshot import MOST_FOUND, Delta, Snapshot
from toegang.catalogue.values import Organisation, OrganisationId, Service, ServiceId, Text

ADMITS = Representation(version=1, kinds=(EdgeKind.VOLUNTARY,))


def called(number: int, name: str, owner: OrganisationId = b.TOWN, *, admits: bool = True) -> Service:
    return replace(
        b.service(),
        id=ServiceId(UUID(int=number)),
        organisation=owner,
        names=Text(nl=name, en=name),
        representation=ADMITS if admits else None,
    )


def found(snapshot: Snapshot, words: str) -> list[int]:
    return [each.int for each in snapshot.representable_by(words_of(words))]


def town(name: str) -> Organisation:
    return replace(b.organisation(), id=b.TOWN, names=Text(nl=name, en=name))


def test_a_service_is_found_by_part_of_a_word_of_its_own_or_of_its_organisation() -> None:
    snapshot = Snapshot.of(
        [town("Gemeente Zandvoort"), called(1, "Parkeervergunning"), called(2, "Paspoort")]
    )
    assert found(snapshot, "vergunning") == [1]
    assert found(snapshot, "PAS") == [2]
    assert sorted(found(snapshot, "zandv")) == [1, 2]
    assert found(snapshot, "gemeente vergunning") == [1], "the rarest word is looked for"
    assert found(snapshot, "zee") == []


def test_without_words_they_come_in_the_order_of_their_names() -> None:
    snapshot = Snapshot.of([called(1, "Water"), called(2, "Afval"), called(3, "afval ophalen")])
    assert found(snapshot, "") == [2, 3, 1]


def test_only_services_at_which_people_act_for_another_are_found() -> None:
    snapshot = Snapshot.of([town("Zee"), called(1, "Water"), called(2, "Waterschap", admits=False)])
    assert found(snapshot, "water") == found(snapshot, "") == found(snapshot, "zee") == [1]


def test_a_change_of_a_name_is_found_at_once_and_the_old_name_no_more() -> None:
    before = Snapshot.of([town("Zee"), called(1, "Water"), called(2, "Wind")])
    after = before.apply(Delta(version=1, changes=(Change.put(called(1, "Vuur")), Change.put(town("Duin")))))
    assert found(after, "vuur") == [1]
    assert found(after, "water") == found(after, "zee") == []
    assert sorted(found(after, "duin")) == [1, 2]
    assert found(before, "water") == [1], "who reads the old snapshot goes on with it"
    gone = after.apply(Delta(version=2, changes=(Change.remove(called(1, "Vuur")),)))
    assert (found(gone, "vuur"), found(gone, "")) == ([], [2])


def test_what_is_typed_is_text_and_nothing_else() -> None:
    snapshot = Snapshot.of([called(1, "Water (nieuw)\nen meer"), called(2, "100% water")])
    assert sorted(found(snapshot, "water")) == [1, 2]
    assert found(snapshot, "nieuw) .*") == [1]
    assert found(snapshot, "\n") == found(snapshot, "%") == found(snapshot, "")


def test_a_word_that_stands_everywhere_costs_no_more_than_its_most() -> None:
    snapshot = Snapshot.of([called(each, f"Dienst {each}") for each in range(1, MOST_FOUND + 200)])
    assert len(found(snapshot, "dienst")) == MOST_FOUND
    assert found(snapshot, "dienst 611") == [611]


def test_the_index_after_many_changes_is_that_of_the_catalogue_as_it_is() -> None:
    names = ["Water", "Wind", "Afval ophalen", "Zee", "Aarde", "Vuur en vlam", "Water en wind"]
    snapshot = Snapshot.of([])
    standing: dict[int, Service] = {}
    for step in range(60):
        number = step * 7 % 11 + 1
        change = called(number, names[step * 5 % len(names)] + f" {step % 3}")
        if step % 4 == 3 and number in standing:
            snapshot = snapshot.apply(Delta(version=step, changes=(Change.remove(standing.pop(number)),)))
        else:
            standing[number] = change
            snapshot = snapshot.apply(Delta(version=step, changes=(Change.put(change),)))
        whole = Snapshot.of(standing.values())
        for words in ("", "wa", "water", "wind", "en", "1", "vlam", "al", "xx"):
            assert found(snapshot, words) == found(whole, words), (step, words)
