"""What is written is read back as the same value, through the gate and with its signature verified."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from tests.saml import strategies
from tests.saml.parties import signing, trusted
from tests.volumes import volume
from toegang.saml import reading, writing
from toegang.saml.bindings import post, redirect
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import admit
from toegang.saml.messages import (
    ArtifactResolve,
    ArtifactResponse,
    Assertion,
    AuthnRequest,
    LogoutRequest,
    LogoutResponse,
    Response,
)
from toegang.saml.metadata.read import SignedBy, read_metadata
from toegang.saml.metadata.values import EntityMetadata
from toegang.saml.metadata.write import Group, write_metadata
from toegang.saml.signature import AssertionOnly, Verified, verify, verify_response
from toegang.saml.writing import SignedPart

KEY = signing("p256")
TRUST = (trusted("p256"),)
NOW = datetime(2026, 1, 1, tzinfo=UTC)

often = settings(max_examples=volume(40, 300), deadline=None)


def proven(octets: bytes) -> Verified:
    return verify(admit(octets), TRUST)


@often
@given(value=strategies.authn_requests)
@pytest.mark.requires("SAMLCore-3.4.1")
def test_a_request_for_a_login(value: AuthnRequest) -> None:
    assert reading.read_authn_request(proven(writing.authn_request(value, KEY))) == value


@often
@given(value=strategies.authn_requests)
@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_a_request_for_a_login_in_an_address(value: AuthnRequest) -> None:
    where = redirect.address(
        "https://idp.example/sso?a=b", Carrier.REQUEST, writing.authn_request(value, None), "é &", KEY
    )
    received = redirect.parse(where.partition("?")[2].encode())
    proof = redirect.verify(received, TRUST)
    assert (proof.relay_state, proof.key) == ("é &", TRUST[0])
    assert reading.read_authn_request(proof) == value


@often
@given(value=strategies.assertions)
@pytest.mark.requires("SAMLCore-2.3.3")
def test_an_assertion(value: Assertion) -> None:
    assert reading.read_assertion(proven(writing.assertion(value, KEY))) == value


@pytest.mark.parametrize("signed", SignedPart)
@often
@given(value=strategies.responses)
@pytest.mark.requires("SAMLCore-3.3.3")
def test_an_answer_whatever_of_it_is_signed(signed: SignedPart, value: Response) -> None:
    found = verify_response(admit(writing.response(value, KEY, signed=signed)), TRUST)
    if isinstance(found, AssertionOnly):
        assert (signed, reading.read_assertion(found.assertion)) == (SignedPart.ASSERTION, value.assertion)
    else:
        assert reading.read_response(found) == value


@often
@given(value=strategies.artifact_resolves)
@pytest.mark.requires("SAMLCore-3.5.1")
def test_a_request_for_what_is_behind_an_artifact(value: ArtifactResolve) -> None:
    assert reading.read_artifact_resolve(proven(writing.artifact_resolve(value, KEY))) == value


@often
@given(value=strategies.artifact_responses)
@pytest.mark.requires("SAMLCore-3.5.2")
def test_nothing_behind_an_artifact(value: ArtifactResponse) -> None:
    assert reading.read_artifact_response(proven(writing.artifact_response(value, KEY))) == value


@often
@given(value=strategies.logout_requests)
@pytest.mark.requires("SAMLCore-3.7.1")
def test_a_wish_to_end_sessions(value: LogoutRequest) -> None:
    posted = post.fields(Carrier.REQUEST, writing.logout_request(value, KEY), None)
    assert posted[0][0] == "SAMLRequest"
    assert reading.read_logout_request(proven(writing.logout_request(value, KEY))) == value


@often
@given(value=strategies.logout_responses)
@pytest.mark.requires("SAMLCore-3.7.2")
def test_how_a_wish_to_end_sessions_went(value: LogoutResponse) -> None:
    assert reading.read_logout_response(proven(writing.logout_response(value, KEY))) == value


@often
@given(value=strategies.entities)
@pytest.mark.requires("SAMLMeta-2.3.2")
def test_an_entity(value: EntityMetadata) -> None:
    octets = write_metadata(value, "_document", KEY)
    assert read_metadata(octets, SignedBy(keys=TRUST), NOW) == (value,)


@often
@given(value=strategies.entities)
@pytest.mark.requires("SAMLMeta-2.3.1")
def test_a_group_of_entities(value: EntityMetadata) -> None:
    octets = write_metadata(Group(members=(value,), name="https://group.example/"), "_document", KEY)
    assert read_metadata(octets, SignedBy(keys=TRUST), NOW) == (value,)
