"""RFC9110-5.5: whatever a path says, no answer gets a header that others wrote, or breaks on a letter."""

from __future__ import annotations

import pytest

from tests.hostile.test_fuzz_http import seeds
from tests.hostile.wire import call
from tests.journeys.house import House

PLANTED = (
    b"%0D%0AX-Planted:%20yes%0D%0A%0D%0A",
    "\N{PILE OF POO}".encode(),
    b"%F0%9F%92%A9",
    b"\xc3",
    b"%00",
    b"%20%22",
)


@pytest.mark.requires("RFC9110-5.5")
async def test_no_part_of_a_path_comes_back_as_a_header_or_breaks_one(lone_house: House) -> None:
    for each in await seeds(lone_house):
        path, mark, query = each.target.partition(b"?")
        parts = path.split(b"/")
        for at, planted in ((at, planted) for at in range(2, len(parts)) for planted in PLANTED):
            bent = b"/".join([*parts[:at], parts[at] + planted, *parts[at + 1 :]])
            answer = await call(lone_house.web, each.but(target=bent + mark + query))
            assert answer.status < 500, bent
            for name, value in answer.headers:
                assert (value.isascii(), value.decode().isprintable()) == (True, True), (bent, name)
