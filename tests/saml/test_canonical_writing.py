"""What is written here is written as its hash is taken: octet for octet what lxml makes of it (EXC-C14N-3).

The signature is made over the octets as they are written, so every kind of message is compared, with names
encrypted in every way and with signatures inside; what holds something of others never counts as canonical.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.saml import strategies
from tests.saml.parties import HUB, IDP, SP, certificate, private_key, signing, trusted
from tests.saml.samples import ASSERTION, RESOLVED, RESPONSE
from tests.volumes import volume
from toegang.saml import writing
from toegang.saml.encryption import DEPLOYED, MODERN, PRESCRIBED, Methods, encrypt_assertion, encrypt_id
from toegang.saml.keys import SigningKey
from toegang.saml.markup import Canonical, element, inside, leaf
from toegang.saml.messages import (
    ArtifactResolve,
    ArtifactResponse,
    Assertion,
    AuthnRequest,
    EncryptedId,
    LogoutRequest,
    LogoutResponse,
    NameId,
    Response,
)
from toegang.saml.names import SAML
from toegang.saml.signing import sign
from toegang.saml.writing import SignedPart

KEY = signing("p256", HUB, "a key & <more>")
ODD = 'https://sp.example/?a=1&b="<x>"\t'
WAYS = (MODERN, DEPLOYED, PRESCRIBED, replace(MODERN, key_beside=True), replace(PRESCRIBED, key_beside=False))

often = settings(max_examples=volume(40, 300), deadline=None)
keys = st.sampled_from((None, KEY))


def check(octets: bytes) -> None:
    """Compare octets that are written here with what another library writes for a hash."""
    assert type(octets) is Canonical
    assert octets == etree.tostring(etree.fromstring(octets), method="c14n", exclusive=True)


def sealed(name: NameId, methods: Methods) -> EncryptedId:
    """Encrypt a name for two keys, of which one is named."""
    named = trusted("rsa", SP, "a & <b>")
    octets = encrypt_id(writing.name_id(name), ODD, named, methods, also=(trusted("rsa", SP),))
    return EncryptedId(octets=octets, recipient=ODD)


def of_ours(value: Assertion) -> Assertion:
    """Return the assertion with the encrypted names of others, which the samples hold, taken out."""
    named = NameId(value="somebody")
    plain = tuple(
        replace(each, values=tuple(named if isinstance(one, EncryptedId) else one for one in each.values))
        for each in value.attributes
    )
    return replace(
        value, subject=named if isinstance(value.subject, EncryptedId) else value.subject, attributes=plain
    )


@often
@given(value=strategies.authn_requests, key=keys)
def test_a_request_for_a_login(value: AuthnRequest, key: SigningKey | None) -> None:
    check(writing.authn_request(value, key))


@often
@given(value=strategies.artifact_resolves)
def test_a_request_for_what_is_behind_an_artifact(value: ArtifactResolve) -> None:
    check(writing.artifact_resolve(value, KEY))


@often
@given(value=strategies.logout_requests, key=keys, methods=st.sampled_from(WAYS))
def test_a_wish_to_end_sessions(value: LogoutRequest, key: SigningKey | None, methods: Methods) -> None:
    named = value.subject if isinstance(value.subject, NameId) else sealed(NameId(value="x"), methods)
    check(writing.logout_request(replace(value, subject=named), key))


@often
@given(value=strategies.logout_responses, key=keys)
def test_how_a_wish_to_end_sessions_went(value: LogoutResponse, key: SigningKey | None) -> None:
    check(writing.logout_response(value, key))


@often
@given(value=strategies.assertions, key=keys)
def test_an_assertion(value: Assertion, key: SigningKey | None) -> None:
    check(writing.assertion(of_ours(value), key))


@pytest.mark.parametrize("signed", SignedPart)
@often
@given(value=strategies.responses, around=strategies.artifact_responses)
def test_an_answer_alone_and_behind_an_artifact(
    signed: SignedPart, value: Response, around: ArtifactResponse
) -> None:
    assertion = None if value.assertion is None else of_ours(value.assertion)
    octets = writing.response(replace(value, assertion=assertion), KEY, signed=signed)
    check(octets)
    check(writing.artifact_response(replace(around, message=octets), KEY))
    check(writing.artifact_response(around, KEY))


@pytest.mark.parametrize("methods", WAYS)
def test_names_and_assertions_that_are_encrypted(methods: Methods) -> None:
    name = sealed(NameId(value="a & b"), methods)
    [first, *_] = ASSERTION.attributes
    value = replace(ASSERTION, subject=name, attributes=(replace(first, values=("x", name)),))
    check(name.octets)
    inner = writing.assertion(value, KEY)
    check(inner)
    whole = encrypt_assertion(inner, ODD, trusted("rsa", SP), methods)
    for each in (inner, whole):
        octets = writing.response_around(RESPONSE, each, KEY)
        check(octets)
        check(writing.artifact_response(replace(RESOLVED, message=octets), KEY))


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384"])
def test_a_signature_of_every_kind_of_key(kind: str) -> None:
    key = SigningKey.of(private_key(kind, HUB), certificate(kind, HUB), "<&>\r\n\"'")
    check(writing.assertion(ASSERTION, key))


def test_what_others_wrote_is_not_taken_for_canonical() -> None:
    foreign = sign(etree.fromstring(writing.assertion(ASSERTION, None)), signing("rsa", IDP))
    theirs = EncryptedId(octets=bytes(sealed(NameId(value="x"), MODERN).octets))
    for octets in (
        writing.assertion(replace(ASSERTION, advice=(foreign,)), None),
        writing.assertion(replace(ASSERTION, subject=theirs), None),
        writing.response(replace(RESPONSE, assertion=replace(ASSERTION, advice=(foreign,))), KEY),
        writing.response_around(RESPONSE, foreign, None),
        writing.artifact_response(replace(RESOLVED, message=foreign), KEY),
        element("a", {"xml:lang": "nl"}),
        element("a", {"xmlns:x": "urn:x"}),
        element("a", {}, leaf("b", "c"), b"<d></d>"),
    ):
        assert type(octets) is bytes


def test_a_prefix_that_is_declared_around_is_left_out_of_what_is_ours_only() -> None:
    told = f' xmlns:saml="{SAML}"'
    alone, within = leaf("saml:Issuer", told, alone=True), leaf("saml:Issuer", told)
    assert inside(alone, "saml") == within
    assert inside(within, "saml") is within
    assert inside(alone, "samlp") is alone
    assert inside(bytes(alone), "saml") == alone
