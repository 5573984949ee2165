"""What a worker holds is laid in large pages, and is what it was."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from toegang.cli import large_pages
from toegang.cli.large_pages import LARGE, areas

OLDEST = (6, 1)  # of Linux, that can do it
MIB = 1024 * 1024


HOLDS_MUCH = """
import re
from toegang.cli import large_pages

def told(what):
    areas = large_pages.AREAS.read_text(encoding="ascii")
    found = re.findall(rf"^{what}: +([0-9]+) kB$", areas, re.MULTILINE)
    return sum(map(int, found)) * 1024

held = [number.to_bytes(4, "big") * 8 for number in range(600_000)]
before = told("Rss")
large_pages.lay()
more = told("Rss") - before
same = all(each == number.to_bytes(4, "big") * 8 for number, each in enumerate(held))
print(told("AnonHugePages"), more, same)
"""


def area(
    begin: int, size: int, resident: int, *, rights: str = "rw-p", of: str = "00:00 0", name: str = ""
) -> str:
    """Return what the kernel tells of an area, as far as it matters here."""
    head = f"{begin:x}-{begin + size:x} {rights} 00000000 {of} {name:>26}"
    return (
        f"{head}\nSize: {size // 1024:>18} kB\nKernelPageSize:        4 kB\nRss: {resident // 1024:>19} kB\n"
    )


def test_whole_large_pages_of_memory_that_is_in_use_are_found() -> None:
    begin = 40 * LARGE
    assert list(areas(area(begin, 3 * LARGE, 3 * LARGE))) == [(begin, 3 * LARGE)]
    assert list(areas(area(begin - 4096, 3 * LARGE, 3 * LARGE, name="[heap]"))) == [(begin, 2 * LARGE)]


@pytest.mark.parametrize(
    "told",
    [
        area(40 * LARGE, 3 * LARGE, LARGE),
        area(40 * LARGE + 4096, LARGE, LARGE),
        area(40 * LARGE, 3 * LARGE, 3 * LARGE, rights="r--p"),
        area(40 * LARGE, 3 * LARGE, 3 * LARGE, rights="r-xp", of="fe:00 1234", name="/usr/bin/python3"),
        area(40 * LARGE, 3 * LARGE, 3 * LARGE, of="fe:00 1234", name="/usr/lib/data"),
        area(40 * LARGE, 3 * LARGE, 3 * LARGE, name="[stack]"),
    ],
    ids=["mostly empty", "no whole one", "not to be written", "code", "a file", "a stack"],
)
def test_nothing_else_is_touched(told: str) -> None:
    after = area(90 * LARGE, LARGE, LARGE)
    assert list(areas(told + after)) == [(90 * LARGE, LARGE)]


def test_a_process_keeps_what_it_held_and_takes_no_more_memory() -> None:
    linux = re.match(r"(\d+)\.(\d+)", platform.release()) if sys.platform == "linux" else None
    if linux is None or (int(linux[1]), int(linux[2])) < OLDEST:
        pytest.skip("this kernel lays nothing in large pages when it is asked")
    reach = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", HOLDS_MUCH]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=reach)
    laid, more, same = ran.stdout.split()
    assert int(more) < 4 * MIB
    assert same == "True"
    if not int(laid):
        pytest.skip("this machine has no large page to give")


def test_a_system_that_tells_of_no_areas_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(large_pages, "AREAS", tmp_path / "nothing")
    large_pages.lay()
