"""The language of a page, and the plainness of its Dutch."""

from __future__ import annotations

import pytest

from tests.web.sentences import dutch, said_in_code, spoken, stiffness, used
from toegang.web.languages import Language, in_language, language_wished


def test_what_is_no_language_of_ours_leads_to_dutch() -> None:
    for junk in ("", "xx", "*", "en;q=0", ";;,,q=", "fr-FR;q=abc", "\x00", "a" * 100_000):
        assert language_wished(parameter=junk, cookie=junk, accept=junk) is Language.NL


@pytest.mark.requires("OIDCC-3.1.2.1")
def test_the_first_known_language_of_the_request_goes_before_all_else() -> None:
    assert language_wished(parameter="fr-CA en-GB nl", cookie="nl", accept="nl") is Language.EN


def test_a_choice_made_before_goes_before_the_browser() -> None:
    assert language_wished(cookie="en", accept="nl") is Language.EN
    assert language_wished(accept="de, en;q=0.8, nl;q=0.3") is Language.EN
    assert language_wished(accept="en;q=0.2,nl-BE;q=0.9") is Language.NL


def test_changing_the_language_keeps_the_place() -> None:
    assert in_language("/login/7?a=b&ui_locales=nl", Language.EN) == "/login/7?a=b&ui_locales=en"
    assert in_language("", Language.NL) == "/?ui_locales=nl"


@pytest.mark.parametrize("place", ["//evil.example/x", "///evil.example/x", "https://evil.example/x"])
def test_a_place_is_a_path_of_this_host_whatever_it_looks_like(place: str) -> None:
    shown = in_language(place, Language.NL)
    assert shown.startswith("/")
    assert not shown.startswith("//")


def test_every_sentence_of_the_pages_has_its_dutch_and_no_dutch_is_left_over() -> None:
    known = {message.id for message in dutch() if message.id and message.string}
    assert sorted(map(str, used() - known)) == []
    assert sorted(map(str, known - used())) == []


def test_every_dutch_sentence_has_the_same_places_to_fill_in() -> None:
    problems = {message.id: [*message.check()] for message in dutch() if message.id}
    assert {sentence: errors for sentence, errors in problems.items() if errors} == {}
    assert not any(message.fuzzy for message in dutch() if message.id)


def test_the_dutch_is_plain_and_says_u() -> None:
    assert [problem for text in spoken(dutch()) for problem in stiffness(text)] == []


def test_the_dutch_of_letters_messages_and_names_is_plain_too() -> None:
    texts = [*said_in_code()]
    assert len(texts) > 300
    assert [problem for text in texts for problem in stiffness(text)] == []


def test_what_is_stiff_is_found() -> None:
    found = [*stiffness("Gelieve je wachtwoord te wijzigen indien u dat wenst. " + "een " * 16)]
    assert len(found) == 4
