"""O26: nothing that we hand out can be made by who knows the code: every key is a secret of this hub.

What is not there cannot be attacked: cursors that hold a query, or pages of a list by number. The one list
that goes on (a person's own logins) continues from a moment in time, which gives away nothing and is held
against who is logged in.
"""

from __future__ import annotations

import hmac
import shutil
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from bench.means import KIND, BenchMeans
from tests.conftest import NOON
from tests.hostile.scenes import tokens_for
from tests.journeys.house import House, settings_at
from tests.journeys.party import TOWN_PARTY, answer, follow
from tests.web.citizens import Town
from toegang.app import build
from toegang.clock import FixedClock
from toegang.errors import Misconfigured
from toegang.oidc.dpop import Nonces
from toegang.provider.oidc.handles import Handle, Handles

SECRETS = ("seal", "find", "pairwise", "tokens", "passwords")
GUESSES = (bytes(32), b"\xff" * 32, b"0" * 32, b"", b"secret", b"changeme", sha256(b"toegang").digest())


def absent(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(32))


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:31])


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def opened_to_all(path: Path) -> None:
    path.chmod(0o644)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("spoil", [absent, emptied, zeroed, shortened, lengthened, opened_to_all])
async def test_the_hub_does_not_open_without_a_good_secret(
    house_secrets: Path, tmp_path: Path, name: str, spoil: object
) -> None:
    folder = tmp_path / "house"
    shutil.copytree(house_secrets, folder)
    spoil(folder / name)  # type: ignore[operator]
    settings = settings_at(folder, f"sqlite:///{tmp_path}/toegang.db")
    with pytest.raises(Misconfigured):
        await build(settings, {KIND: BenchMeans()}, FixedClock(NOON))


async def test_a_refresh_token_made_with_a_key_that_somebody_could_guess_is_nobodys(
    lone_house: House,
) -> None:
    good = (await tokens_for(lone_house))["refresh_token"]
    grant = good.split(".")[0]
    forged = [Handles(key).write(Handle(grant, 1)) for key in GUESSES]
    forged.append(
        f"{grant}.1." + urlsafe_b64encode(sha256(f"{grant}.1".encode()).digest()).rstrip(b"=").decode()
    )
    forged.append(f"{grant}.1.")
    for token in forged:
        response = await TOWN_PARTY.refresh(lone_house.browser(), token)
        assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")
    assert (await TOWN_PARTY.refresh(lone_house.browser(), good)).status_code == 200


async def test_a_proof_of_origin_made_with_a_key_that_somebody_could_guess_opens_no_form(town: Town) -> None:
    browser = town.browser()
    page = await browser.open("/account/apply/person")
    cookie = browser.http.cookies["toegang-browser"]
    for key in GUESSES:
        forged = hmac.new(key, b"form\x00" + cookie.encode(), sha256).hexdigest()
        assert (await browser.send(page, csrf=forged)).status == 403


async def test_a_nonce_that_was_made_elsewhere_is_not_ours(lone_house: House) -> None:
    ours = lone_house.app.rooms.openid.tokens.back.nonces
    now = lone_house.clock.now()
    assert ours.issue(now) not in {Nonces(key=key).issue(now) for key in GUESSES}


FORGED = (
    "",
    "x",
    "9" * 400,
    "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00",
    "2027-03-01T12:00:00+23:59",
    "2027-03-01' OR '1'='1",
    "eyJwZXJzb24iOiAiYW55Ym9keSJ9",
    "\x00",
)


async def test_a_forged_place_in_ones_history_shows_ones_own_logins_or_nothing(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    mine = await browser.open("/account/history")
    for before in FORGED:
        page = await browser.http.get(
            "/account/history", params={"before": before, "person": "x", "page": "-1"}
        )
        assert page.status_code in {200, 303, 400}, before
        shown = set(_references(page.text))
        assert shown <= set(_references(mine.text)), before


async def test_nobody_finds_the_logins_of_another_by_reference_or_place(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    for reference in _references((await browser.open("/account/history")).text):
        stranger = await town.browser().http.get(f"/account/history/{reference}")
        assert stranger.status_code != 200
        assert "sanne" not in stranger.text


def _references(text: str) -> list[str]:
    return [each.partition('"')[0] for each in text.split("/account/history/")[1:]]


async def test_codes_tickets_and_names_of_logins_cannot_be_foreseen(lone_house: House) -> None:
    codes = [answer(await follow(lone_house.browser(), TOWN_PARTY.url()))["code"] for _ in range(8)]
    assert len(set(codes)) == 8
    assert min(map(len, codes)) >= 43
    for at in range(min(map(len, codes))):
        assert len({code[at] for code in codes}) > 1, "a place that is the same in all"
