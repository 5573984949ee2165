"""Files for spreadsheets: in the signs of the page's language, plain for programs, and never computed."""

from __future__ import annotations

import csv
import io

import pytest

from tests.web.citizens import Town
from tests.web.test_mandate_pages import inside, ready
from toegang.spreadsheets import MARK, Reader, table

COLUMNS = ("name", "many")


def read(text: str, delimiter: str) -> list[list[str]]:
    return list(
        csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), delimiter=delimiter, strict=True)
    )


@pytest.mark.requires("RFC4180")
@pytest.mark.parametrize(
    ("reader", "parted", "number"), [(Reader.PROGRAM, ",", "12.5"), (Reader.DUTCH, ";", "12,5")]
)
def test_a_table_is_parted_and_its_numbers_are_written_as_its_reader_does(
    reader: Reader, parted: str, number: str
) -> None:
    cells = ['Smit; de "Jong", en zn.', reader.number(12.5, 1)]
    text = table(COLUMNS, [cells], reader)
    assert read(text, parted) == [list(COLUMNS), ['Smit; de "Jong", en zn.', number]]
    assert text.startswith(MARK) is (reader is not Reader.PROGRAM)


@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", ' "='])
def test_no_cell_is_a_formula_whichever_sign_the_spreadsheet_parts_cells_at(
    reader: Reader, sign: str
) -> None:
    bent = f"{sign}1;{sign}2,{sign}3\t{sign}4\n{sign}5"
    text = table([bent], [[bent, 5]], reader).removeprefix(MARK)
    for line in text.splitlines():
        for parted in (",", ";", "\t"):
            cells = next(csv.reader([line], delimiter=parted))
            assert not [each for each in cells if each.lstrip(' "').startswith(("=", "+", "-", "@"))]


async def test_a_dutch_page_gives_a_dutch_file_and_an_english_one_an_english(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    address = "/account/mandates/list/given/file"
    english, dutch = [await browser.open(f"{address}?ui_locales={each}") for each in ("en", "nl")]
    assert english.text.startswith(f"{MARK}Reference,Given or got,")
    assert dutch.text.startswith(f"{MARK}Kenmerk;")


async def test_figures_are_the_same_for_every_program_and_follow_the_page_for_people(town: Town) -> None:
    http = town.browser().http
    plain = await http.get("/figures.csv", headers={"accept-language": "nl"})
    assert plain.text.startswith("figure,per,period")
    assert (await http.get("/figures.csv?ui_locales=nl")).text.startswith(f"{MARK}figure;per;period")
    assert (await http.get("/figures.csv?ui_locales=en")).text.startswith(f"{MARK}figure,per,period")
    assert (await http.get("/figures.csv?ui_locales=%0d%0a")).text == plain.text
    page = await town.browser().open("/figures?ui_locales=nl")
    assert "/figures/logins-by-level.csv?ui_locales=nl" in page.text
