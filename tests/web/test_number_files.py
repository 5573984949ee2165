"""Files of numbers: lines and tables as spreadsheets write them, and what is refused."""

from __future__ import annotations

import pytest

from toegang.errors import ValueRefused
from toegang.web.multipart import File
from toegang.web.number_files import LONGEST, numbers_in


def read(octets: bytes) -> list[str]:
    return list(numbers_in(File(name="x.csv", octets=octets), "f"))


@pytest.mark.parametrize(
    ("octets", "numbers"),
    [
        (b"90000303\n\n  999993653 \r\n12\n", ["90000303", "999993653", "12"]),
        (b"\xef\xbb\xbfBSN\r\n999993653\r\n", ["999993653"]),
        (b"Naam;KvK-nummer\nJansen;90000303\n;\n", ["90000303"]),
        (b'name,telephone,number\n"Jansen, P",999993653,90000303\n', ["90000303"]),
        (b"bsn\tnaam\n12345678\tJos\xe9\n", ["012345678"]),
        (
            b"kvk;bsn\n9000030;\n;999993653\n90000303;999993653\nx\n",
            ["09000030", "999993653", "90000303 / 999993653", "x"],
        ),
        (b"number\n1234567\n", ["1234567"]),
        (b"Naam;BSN\rJansen;999993653\r", ["999993653"]),
        (b'"Naam, voorletters, titel";BSN\n"Jansen, P, dr";999993653\n', ["999993653"]),
        (b"bsn;naam\n;Jansen\n", ["-"]),
        (b'"90000303"\n<b>\n', ["90000303", "<b>"]),
    ],
)
def test_numbers_are_read_as_they_stand_there_from_the_column_that_is_called_so(
    octets: bytes, numbers: list[str]
) -> None:
    assert read(octets) == numbers


@pytest.mark.parametrize(
    ("octets", "lines"),
    [
        (b"BSN;Geboortedatum\n99999365;12-4-1988\n", ["099999365 12-4-1988"]),
        (
            b"date of birth,name,bsn\n1988-04-12,Jo,999993653\n,Mo,999993641\n",
            ["999993653 1988-04-12", "999993641"],
        ),
        (b"999993653 12-04-1988\n", ["999993653 12-04-1988"]),
        (b"kvk;geboortedatum\n90000303;\n", ["90000303"]),
    ],
)
def test_dates_of_birth_stand_behind_numbers_where_they_are_asked(octets: bytes, lines: list[str]) -> None:
    file = File(name="x.csv", octets=octets)
    assert list(numbers_in(file, "f", born=True)) == lines
    assert not any("-" in each for each in numbers_in(file, "f") if ";" in octets.decode())


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"", "file-missing"),
        (b" \n\n", "file-empty"),
        (b"bsn;naam\n", "file-empty"),
        (b"naam;telefoon\nJansen;999993653\n", "file-no-column"),
        (b"90000303;999993653\n", "file-no-column"),
        (b"90000303\n999993653,Jansen\n", ""),
        ("90000303\n".encode("utf-16"), "file-unreadable"),
        (b"PK\x03\x04\x00\x00", "file-unreadable"),
        (b'"90000303\n', "file-unreadable"),
        (b'naam;bsn\n"a"b;999993653\n', "file-unreadable"),
        (b"bsn;" + b"x" * 200_000 + b"\n", "file-unreadable"),
    ],
)
def test_what_is_no_list_of_numbers_is_refused_and_nothing_is_guessed(octets: bytes, why: str) -> None:
    if not why:  # of one column: what stands beside a number is no number
        assert read(octets) == ["90000303", "999993653,Jansen"]
        return
    with pytest.raises(ValueRefused) as refused:
        read(octets)
    assert (refused.value.field, refused.value.reason) == ("f", why)


def test_no_file_is_none_and_what_is_too_long_is_cut_and_stays_no_number() -> None:
    with pytest.raises(ValueRefused) as refused:
        numbers_in(None, "f")
    assert refused.value.reason == "file-missing"
    [cut] = read(b"9" * (LONGEST + 1))
    assert cut == "9" * LONGEST + "…"
    [spaced] = read(b"90000303" + b" " * 60 + b"1")
    assert spaced == "90000303 1"
