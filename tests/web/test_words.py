"""Closed lists have words for every member."""

from __future__ import annotations

from babel.support import NullTranslations

from toegang import errors
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Attribute, IdentityForm
from toegang.emrtd.document import DocumentKind
from toegang.mandates import office
from toegang.mandates.edge import Source
from toegang.mandates.edge import State as Edge
from toegang.mandates.names import Shown
from toegang.mandates.party import PartyKind
from toegang.mandates.why import Why
from toegang.means.base import Factor
from toegang.means.citizen.account import Status
from toegang.means.citizen.ways import Way
from toegang.means.listed import State
from toegang.web import words
from toegang.web.words_of_data import VALUES, WAYS
from toegang.web.words_of_errors import ERRORS
from toegang.web.words_of_office import CAUSES, KINDS, ORDERS, RULES, SOURCES


def every(kind: type[errors.ToegangError]) -> set[str]:
    return {kind.code}.union(*(every(child) for child in kind.__subclasses__()))


def test_every_error_has_words_for_people() -> None:
    assert every(errors.ToegangError) - set(ERRORS) == set()


def test_an_error_nobody_knows_gets_the_general_words() -> None:
    said = words.in_language(NullTranslations())["error_words"]("from-nowhere")
    assert said == ERRORS["error"]


def test_a_reason_nobody_knows_still_points_at_the_field() -> None:
    assert words.in_language(NullTranslations())["reason"]("from-nowhere") == "Check this field."


def test_the_file_with_my_data_has_words_for_every_state_way_and_level() -> None:
    assert set(Status) == set(VALUES["status"])
    assert set(State) | set(Edge) <= set(VALUES["state"])
    assert {level.name.lower() for level in Level} == set(VALUES["level"])
    assert set(WAYS) == set(Way)


def test_every_level_attribute_identity_and_factor_has_a_name() -> None:
    assert set(words.LEVELS) == set(words.LEVEL_MEANINGS) == set(Level)
    assert {*Attribute, *IdentityForm} - set(words.ATTRIBUTES) == set()
    assert set(Factor) - set(words.FACTORS) == set()
    assert {kind.value for kind in DocumentKind} == set(words.DOCUMENT_KINDS)


def test_whoever_works_at_the_office_reads_words_for_all_that_they_decide_and_see() -> None:
    assert set(ORDERS) == set(office.CAUSES)
    assert set(CAUSES) == set(office.Cause)
    assert set(KINDS) == set(EdgeKind)
    assert set(SOURCES) == set(Source)
    of_moves = list(Why)[list(Why).index(Why.NOT_YOURS) :]
    assert set(RULES) == set(Why) - set(of_moves)


def test_a_party_without_a_name_is_called_something_neutral() -> None:
    party_name = words.in_language(NullTranslations())["party_name"]
    assert party_name(Shown(kind=PartyKind.PERSON, name="Sanne de Jong")) == "Sanne de Jong"
    assert set(words.NAMELESS) == {*PartyKind, None}
    assert "cannot show" in str(party_name(Shown(kind=None)))
