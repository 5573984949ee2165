"""Others change the same at that moment, and PostgreSQL undoes one of the two: it is no trouble."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.journeys.house import House
from tests.journeys.party import TOWN_PARTY, answer, follow
from toegang.storage import Dialect

# What was undone takes back everything but how far a sequence came.
UNDO = """
CREATE SEQUENCE undone MINVALUE 0 START 0;
CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('undone') < %s THEN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER undo BEFORE DELETE ON expiring FOR EACH ROW WHEN (OLD.kind = 'login-transaction')
    EXECUTE FUNCTION undo();
"""


@pytest.fixture
def engine() -> Dialect:
    return Dialect.POSTGRES


@pytest.fixture
def outside(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def undo(outside: psycopg.Connection, times: int) -> None:
    """Have the server undo the end of a login so often, as it does where two wait for each other."""
    outside.execute(UNDO.replace("%s", str(times)))


async def test_a_login_whose_end_crossed_with_something_goes_on(
    house: House, outside: psycopg.Connection
) -> None:
    undo(outside, 3)
    browser = house.browser()
    came_back = answer(await follow(browser, TOWN_PARTY.url()))

    assert (await TOWN_PARTY.redeem(browser, came_back["code"])).status_code == 200
    assert outside.execute("SELECT last_value FROM undone").fetchone() == (3,)


async def test_a_login_that_crosses_each_time_waits_for_another_try_and_is_no_trouble(
    house: House, outside: psycopg.Connection
) -> None:
    undo(outside, 1_000)
    browser = house.browser()
    page = await follow(browser, TOWN_PARTY.url())

    assert page.status_code == 503
    assert page.headers["retry-after"] == "1"
    assert "op hetzelfde moment" in page.text
    outside.execute("DROP TRIGGER undo ON expiring")
    assert "code" in answer(await follow(browser, str(page.request.url)))
