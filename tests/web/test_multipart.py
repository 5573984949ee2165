"""Forms with files: as browsers write them, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toegang.errors import Malformed, TooLarge
from toegang.web.multipart import MOST_PARTS, File, parse_multipart

MEDIA = "multipart/form-data; boundary=x"
FIELD = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nproof\r\n'
FILE = (
    b'--x\r\nContent-Disposition: form-data; name="metadata"; filename="one.xml"\r\n'
    b"Content-Type: text/xml\r\n\r\n<a>\r\n</a>\r\n"
)
END = b"--x--\r\n"


@pytest.mark.requires("RFC7578-4.2")
def test_fields_and_files_are_read_as_they_were_sent() -> None:
    sent = parse_multipart(MEDIA, FIELD + FILE + END)
    assert sent.fields == {"csrf": "proof"}
    assert sent.files == {"metadata": File(name="one.xml", octets=b"<a>\r\n</a>")}


def test_a_file_that_nobody_chose_is_not_there() -> None:
    empty = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n"
    )
    assert parse_multipart(MEDIA, empty + b"--x--").files == {}


def test_the_name_of_a_file_is_taken_as_browsers_escape_it() -> None:
    odd = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a%22; name=.xml"\r\n\r\n1\r\n'
    assert parse_multipart(MEDIA, odd + END).files["f"].name == "a%22; name=.xml"


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="x',
        "multipart/form-data; boundary=x; boundary=y",
        "multipart/mixed; boundary=x",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=" + "x" * 71,
    ],
)
@pytest.mark.requires("RFC2046-5.1.1")
def test_what_says_to_be_something_else_is_refused(media_type: str) -> None:
    with pytest.raises(Malformed):
        parse_multipart(media_type, FIELD + END)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        END[:-4],
        FIELD,
        b"preamble\r\n" + FIELD + END,
        FIELD + END + b"epilogue",
        FIELD + b"--x-",
        FIELD + FIELD + END,
        FIELD + FILE.replace(b"metadata", b"csrf") + END,
        FIELD.replace(b"--x\r\n", b"--x \r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\n") + END,
        FIELD.replace(b"form-data", b"attachment") + END,
        FIELD.replace(b'name="csrf"', b"name=csrf") + END,
        FIELD.replace(b'name="csrf"', b'name=""') + END,
        FIELD.replace(b'name="csrf"', b"name*=UTF-8''csrf") + END,
        FIELD.replace(b'"csrf"', b'"a"; filename="b"; filename="c"') + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Disposition: form-data\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\n folded\r\n\r\n") + END,
        FIELD.replace(b"proof", b"\xff") + END,
        FIELD.replace(b"proof", b"\x00") + END,
        FIELD.replace(b"\r\n", b"\n") + END,
    ],
)
@pytest.mark.requires("RFC7578-4.7")
def test_what_no_browser_sends_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse_multipart(MEDIA, body)


@pytest.mark.parametrize(
    "body",
    [
        b"".join(FIELD.replace(b"csrf", b"f%d" % number) for number in range(MOST_PARTS + 1)) + END,
        FIELD.replace(b"proof", b"p" * 70_000) + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Type: " + b"t" * 2_000 + b"\r\n\r\n") + END,
        b"--x\r\n" * 200_000,
    ],
)
def test_more_than_any_form_has_is_refused(body: bytes) -> None:
    with pytest.raises(TooLarge):
        parse_multipart(MEDIA, body)


@given(st.lists(st.sampled_from([b"--x", b"\r\n", b"--", b"\x00", b'name="', b'"', FIELD, FILE, END, b":"])))
def test_whatever_is_sent_is_read_or_refused(pieces: list[bytes]) -> None:
    try:
        sent = parse_multipart(MEDIA, b"".join(pieces))
    except (Malformed, TooLarge):
        return
    assert set(sent.fields) | set(sent.files) <= {"csrf", "metadata"}
