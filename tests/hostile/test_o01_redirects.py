"""O01: return addresses that look like a registered one and are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toegang.errors import Malformed, RedirectNotRegistered
from toegang.oidc.redirect import check_redirect, check_registrable, with_parameters

REGISTERED = "https://client.example/cb"
NATIVE = "http://127.0.0.1/cb"
LIKE = [
    "",
    "https://client.example",
    "https://client.example/",
    "https://client.example/cb/",
    "https://client.example/cb?",
    "https://client.example/cb?a=b",
    "https://client.example/cb#",
    "https://client.example/cb#part",
    "https://client.example/cb/../cb",
    "https://client.example/./cb",
    "https://client.example//cb",
    "https://client.example/%63b",
    "https://client.example%2fcb",
    "https://client.example\\cb",
    "https://client.example/cb ",
    " https://client.example/cb",
    "https://client.example/cb\n",
    "https://client.example/cb\x00",
    "https://CLIENT.example/cb",
    "HTTPS://client.example/cb",
    "http://client.example/cb",
    "https://client.example:443/cb",
    "https://client.example./cb",
    "https://client.example@thief.example/cb",
    "https://a@b@client.example/cb",
    "https://thief.example/https://client.example/cb",
    "https://client.example.thief.example/cb",
    "https://cl\u0131ent.example/cb",
    "https://xn--clent-q4a.example/cb",
    "https://[::1]/cb",
    "javascript:alert(1)//https://client.example/cb",
    "data:text/html,x",
    "//client.example/cb",
    "/cb",
]


@pytest.mark.requires("RFC9700-2.1")
@pytest.mark.parametrize("address", LIKE)
def test_what_only_looks_like_the_registered_address_is_refused(address: str) -> None:
    for native in (False, True):
        with pytest.raises(RedirectNotRegistered):
            check_redirect(address, (REGISTERED,), native=native)


@given(st.text(max_size=60) | st.from_regex(r"https://client\.example/cb.{0,9}", fullmatch=True))
def test_only_the_very_octets_pass(address: str) -> None:
    if address != REGISTERED:
        with pytest.raises(RedirectNotRegistered):
            check_redirect(address, (REGISTERED,))
    assert check_redirect(REGISTERED, (REGISTERED, NATIVE)) == REGISTERED


@pytest.mark.requires("RFC8252-7.3")
def test_the_port_of_a_loopback_address_is_free_for_native_clients_only() -> None:
    asked = "http://127.0.0.1:51004/cb"
    assert check_redirect(asked, (NATIVE,), native=True) == asked
    assert check_redirect("http://[::1]:1/cb", ("http://[::1]/cb",), native=True)
    with pytest.raises(RedirectNotRegistered):
        check_redirect(asked, (NATIVE,))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:51004/other",
        "http://127.0.0.1:51004/cb#x",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:123456/cb",
        "http://127.0.0.1:80@thief.example/cb",
        "http://127.0.0.1.thief.example/cb",
        "http://localhost:51004/cb",
        "http://127.0.0.2:51004/cb",
        "http://[::1]:51004/cb",
        "https://127.0.0.1:51004/cb",
        "http://127.0.0.1:51004/cb\n",
    ],
)
def test_nothing_but_the_port_of_a_loopback_address_is_free(address: str) -> None:
    with pytest.raises(RedirectNotRegistered):
        check_redirect(address, (NATIVE, REGISTERED), native=True)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/cb",
        "//client.example/cb",
        "https://",
        "https://[::1",
        "https:client.example",
        "http://client.example/cb",
        "http://127.0.0.1/cb",
        "http://localhost/cb",
        "https://*.client.example/cb",
        "https://client.example/cb#part",
        "https://client.example/c b",
        "https://client.example\\cb",
        "https://user@client.example/cb",
        "https://client.example:99999/cb",
        "https://cl\u0131ent.example/cb",
        "https://client.example/cb\n",
        "https://client.example/" + "a" * 3000,
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_what_cannot_be_a_return_address_cannot_be_registered(address: str) -> None:
    with pytest.raises(Malformed):
        check_registrable(address)


def test_ordinary_addresses_can_be_registered() -> None:
    check_registrable(REGISTERED)
    check_registrable("https://client.example/cb?a=b")
    check_registrable(NATIVE, native=True)
    check_registrable("http://localhost:8001/cb", plain_http=True)


def test_the_answer_keeps_a_query_that_was_registered() -> None:
    assert with_parameters(REGISTERED, {"code": "a b"}) == f"{REGISTERED}?code=a+b"
    assert with_parameters(f"{REGISTERED}?a=b", {"state": "&="}) == f"{REGISTERED}?a=b&state=%26%3D"
