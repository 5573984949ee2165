"""S16: a small address that inflates to everything the machine has."""

from __future__ import annotations

import base64
import tracemalloc
import zlib
from urllib.parse import quote_plus

import pytest

from tests.saml.parties import request
from toegang.errors import Malformed, Refusal, TooLarge
from toegang.saml.bindings import redirect
from toegang.saml.document import MESSAGE

MEGABYTE = 1024 * 1024


def bomb(octets: bytes, size: int) -> bytes:
    """Return how much of one octet, deflated, without ever holding it."""
    packer = zlib.compressobj(9, wbits=-15)
    pieces = [packer.compress(octets * MEGABYTE) for _ in range(size)]
    return b"".join((*pieces, packer.flush()))


def query(deflated: bytes) -> bytes:
    """Return the query of an address that carries it."""
    encoded = quote_plus(base64.b64encode(deflated).decode())
    return f"SAMLRequest={encoded}&SigAlg=x&Signature=AAAA".encode()


@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_a_bomb_stops_at_the_largest_honest_message_and_costs_no_memory() -> None:
    deflated = bomb(b" ", 200)
    assert len(deflated) < 220 * 1024
    tracemalloc.start()
    with pytest.raises(TooLarge):
        redirect.inflate(deflated)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MEGABYTE
    with pytest.raises(TooLarge):
        redirect.parse(query(deflated))


def test_a_bomb_in_a_bomb_is_not_opened_twice() -> None:
    with pytest.raises(Refusal):
        redirect.parse(query(redirect.deflate(bomb(b"<", 1))))


@pytest.mark.parametrize("size", [0, 1, 16 * 1024, 16 * 1024 + 1, MESSAGE.octets - 1, MESSAGE.octets])
def test_what_is_honest_is_inflated_whole(size: int) -> None:
    assert redirect.inflate(redirect.deflate(b"x" * size)) == b"x" * size


def test_one_octet_too_many_is_too_many() -> None:
    with pytest.raises(TooLarge):
        redirect.inflate(redirect.deflate(b"x" * (MESSAGE.octets + 1)))


DEFLATED = redirect.deflate(request().encode())


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff",
        DEFLATED[:-1],
        DEFLATED[: len(DEFLATED) // 2],
        DEFLATED + b"\x00",
        DEFLATED + DEFLATED,
        zlib.compress(request().encode()),
        request().encode(),
    ],
)
@pytest.mark.requires("RFC1951-3.2.3")
def test_what_is_cut_off_or_followed_or_otherwise_compressed_is_refused(octets: bytes) -> None:
    with pytest.raises(Malformed):
        redirect.inflate(octets)
