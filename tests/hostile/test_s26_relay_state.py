"""S26: the sender's own state as a place for scripts, addresses and floods."""

from __future__ import annotations

from urllib.parse import quote_plus, urlencode

import pytest

from tests.saml.parties import HUB, request, signed, signing
from toegang.errors import Malformed
from toegang.saml.bindings import artifact, post, redirect
from toegang.saml.bindings.parameters import RELAY_LIMIT, Carrier, check_relay_state

MESSAGE = signed(request())
TICKET = artifact.make(HUB, b"h" * 20)
FORM = urlencode(post.fields(Carrier.RESPONSE, MESSAGE.encode(), None))
BAD = ["x" * 81, "é" * 41, "a\r\nset-cookie: b", "a\x00b", "a\tb", "\x7f", "a\n"]


@pytest.mark.parametrize("state", BAD)
@pytest.mark.requires("SAMLBind-3.4.3", "SAMLBind-3.5.3", "SAMLBind-3.6.3")
def test_state_that_is_long_or_holds_controls_is_neither_taken_nor_sent(state: str) -> None:
    for act in (
        lambda: check_relay_state(state),
        lambda: post.parse(f"{FORM}&RelayState={quote_plus(state)}".encode()),
        lambda: artifact.parse_carried(urlencode({"SAMLart": TICKET.write(), "RelayState": state}).encode()),
        lambda: post.fields(Carrier.RESPONSE, b"<x/>", state),
        lambda: artifact.address("https://sp.example/acs", TICKET, state),
        lambda: redirect.address("https://sp.example/acs", Carrier.REQUEST, b"<x/>", state, signing()),
    ):
        with pytest.raises(Malformed):
            act()


@pytest.mark.parametrize(
    "state", ["", "x" * RELAY_LIMIT, "é" * 40, "javascript:alert(1)", '"><script>', "https://evil.example/"]
)
@pytest.mark.requires("SAMLBind-3.5.3")
def test_state_is_an_opaque_string_that_comes_back_as_it_was(state: str) -> None:
    posted = post.parse(f"{FORM}&{urlencode({'RelayState': state})}".encode())
    assert posted.relay_state == state
    assert post.fields(Carrier.RESPONSE, b"<x/>", state)[1] == ("RelayState", state)


def test_a_profile_may_take_longer_state_knowingly() -> None:
    state = "https://sp.example/" + "x" * 500
    assert (
        post.parse(f"{FORM}&{urlencode({'RelayState': state})}".encode(), relay_limit=1_024).relay_state
        == state
    )
    assert artifact.address("https://sp.example/acs", TICKET, state, relay_limit=1_024)


FORMS = [
    b"",
    b"RelayState=x",
    b"SAMLResponse=",
    b"SAMLResponse=%",
    b"SAMLResponse=AAAA&SAMLResponse=AAAA",
    (FORM + "&SAMLRequest=AAAA").encode(),
    (FORM + "&Signature=AAAA").encode(),
    (FORM + "&SAMLart=AAAA").encode(),
    (FORM + "&RelayState=a&RelayState=b").encode(),
    FORM.replace("SAMLResponse", "SAML%52esponse").encode(),
    FORM.replace("=", "=%20", 1).encode(),
    FORM.replace("=", "=!", 1).encode(),
    FORM[:-5].encode(),
    b"\xff\xfe",
]


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
@pytest.mark.requires("SAMLBind-3.5.4")
def test_a_form_with_anything_but_one_message_is_refused(form: bytes) -> None:
    with pytest.raises(Malformed):
        post.parse(form)
