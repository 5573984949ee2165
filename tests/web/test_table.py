"""The table of routes: which handler answers, and what is said where none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.responses import Response

from toegang.web.routes import ROUTES
from toegang.web.table import Found, Table

if TYPE_CHECKING:
    from starlette.requests import Request

    from toegang.web.rooms import Rooms


async def first(_: Request, __: Rooms) -> Response:
    return Response()


async def second(_: Request, __: Rooms) -> Response:
    return Response()


async def files(_: Request, __: Rooms) -> Response:
    return Response()


A_FEW = (
    ("GET", "/", first),
    ("GET", "/login/{login}", first),
    ("POST", "/login/{login}", second),
    ("GET", "/login/help", second),
    ("GET", "/login/{login}/{step}/end", first),
    ("GET", "/login/{login}/stop", second),
)
TABLE = Table(A_FEW, under={"/static/": files})


@pytest.mark.parametrize(
    "path",
    ["", "//", "/login", "/login/", "/login//", "/login/a/b", "/login/a/", "/loginx", "/static", "/{login}"],
)
def test_a_path_that_no_template_has_is_not_found(path: str) -> None:
    found = TABLE.find("GET", path)

    assert (found.handler, found.allowed) == (None, ())


def test_another_method_is_refused_with_the_ones_there_are() -> None:
    found = TABLE.find("DELETE", "/login/a")

    assert (found.handler, found.allowed) == (None, ("GET", "HEAD", "POST"))


def test_a_name_stands_for_one_part_and_a_word_goes_before_it() -> None:
    named, word = TABLE.find("GET", "/login/a"), TABLE.find("GET", "/login/help")

    assert (named.handler, named.template, named.values) == (first, "/login/{login}", {"login": "a"})
    assert (word.handler, word.template, word.values) == (second, "/login/help", {})


def test_a_name_is_tried_where_the_word_led_nowhere() -> None:
    assert TABLE.find("GET", "/login/help/stop").values == {"login": "help"}
    assert TABLE.find("GET", "/login/a/b/end").values == {"login": "a", "step": "b"}


def test_braces_in_a_path_are_a_value_like_any_other() -> None:
    assert TABLE.find("GET", "/login/{login}").values == {"login": "{login}"}


def test_a_name_may_have_an_ending() -> None:
    table = Table([("GET", "/f/{name}", first), ("GET", "/f/{name}.svg", second)])

    assert table.find("GET", "/f/a.svg").values == {"name": "a"}
    assert table.find("GET", "/f/a.svg").handler is second
    assert table.find("GET", "/f/a.csv").values == {"name": "a.csv"}
    assert table.find("GET", "/f/.svg").handler is first


def test_head_is_answered_as_get_is() -> None:
    assert TABLE.find("HEAD", "/").handler is first


def test_everything_below_a_folder_goes_to_its_handler() -> None:
    assert TABLE.find("GET", "/static/a/b.css").handler is files
    assert TABLE.find("POST", "/static/a").allowed == ("GET", "HEAD")


def test_of_two_routes_the_first_counts() -> None:
    table = Table([("GET", "/x", first), ("GET", "/x", second)])

    assert table.find("GET", "/x").handler is first


def test_every_route_of_the_hub_is_found_by_its_own_template() -> None:
    table = Table(ROUTES)

    for method, template, handler in ROUTES:
        found = table.find(method, template.replace("{", "").replace("}", "x"))
        assert (found.template, found.handler) == (template, handler)


@pytest.mark.parametrize(
    ("path", "readable"),
    [
        ("/login/a", "/login/a"),
        ("/login/a/code", "/login/a"),
        ("/x/y", "/"),
        ("/", "/"),
        ("", "/"),
        ("//", "/"),
    ],
)
def test_above_what_cannot_be_read_is_something_that_can(path: str, readable: str) -> None:
    assert TABLE.readable(path) == readable


class Counting(Table):
    """Counts how often it was looked in."""

    looks = 0

    def find(self, method: str, path: str) -> Found:
        self.looks += 1
        return super().find(method, path)


@pytest.mark.parametrize(
    ("path", "readable"),
    [
        ("/a" * 30_000, "/"),
        ("/" * 60_000 + "a", "/"),
        ("/login/a" + "/b" * 30_000, "/login/a"),
        ("/login/a/b/end" + "/c" * 30_000, "/login/a/b/end"),
    ],
)
def test_a_path_that_is_deeper_than_any_costs_no_look_at_each_of_its_parts(path: str, readable: str) -> None:
    table = Counting(A_FEW)

    assert table.readable(path) == readable
    assert table.looks < 10


def test_no_address_has_a_method_twice() -> None:
    given = [(method, template) for method, template, _ in ROUTES]
    assert sorted(given) == sorted(set(given))
