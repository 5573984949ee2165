"""A SAML service provider names whom it logs out in an encrypted name, as some software can be told to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.journeys.house import House
from tests.journeys.saml_party import SamlParty, Told, encrypted_for
from tests.journeys.test_saml_logout import (
    DONE,
    NOBODY,
    by_form,
    in_address,
    is_remembered,
    logged_in,
    shared,
)
from toegang.catalogue.values import ClientId, SamlProfile
from toegang.saml.algorithms import DataCipher, KeyTransport
from toegang.saml.encryption import MODERN, Methods
from toegang.saml.messages import EncryptedId, NameId

OLD = Methods(transports=(KeyTransport.OAEP_MGF1P,), ciphers=(DataCipher.AES128_CBC,))
"""How python3-saml encrypts, whatever our metadata tells."""


def name_of(told: Told) -> NameId:
    assert told.assertion is not None
    assert isinstance(told.assertion.subject, NameId)
    return told.assertion.subject


async def keys_of_ours(house: House, party: SamlParty) -> int:
    """Tell how many of our keys the cockpit has seen a partner encrypt with."""
    return len((await house.app.rooms.cockpit.partner(party.entity_id, house.clock.now())).ours)


@pytest.mark.requires("SAMLCore-3.7.1", "SAMLCore-2.2.4")
@pytest.mark.parametrize("profile", [SamlProfile.SAML2INT, SamlProfile.ST_SAML])
@pytest.mark.parametrize("methods", [MODERN, OLD], ids=["modern", "old"])
async def test_an_encrypted_name_ends_the_session_that_it_is_of(
    lone_house: House, profile: SamlProfile, methods: Methods
) -> None:
    asking, browser = await shared(lone_house, profile), lone_house.browser()
    told = await logged_in(lone_house, asking, browser)
    assert await is_remembered(lone_house, asking, browser)
    subject = encrypted_for(lone_house, name_of(told), methods)
    request = asking.log_out(lone_house, told, subject=subject)
    answer = await by_form(lone_house, asking, browser, request)
    assert (answer.status, answer.in_response_to) == (DONE, request.id)
    assert not await is_remembered(lone_house, asking, browser)
    assert await keys_of_ours(lone_house, asking) == 1


@pytest.mark.requires("SAMLCore-3.7.1")
async def test_a_name_may_be_encrypted_in_an_address_too(lone_house: House) -> None:
    asking, browser = await shared(lone_house, SamlProfile.SAML2INT), lone_house.browser()
    told = await logged_in(lone_house, asking, browser)
    subject = encrypted_for(lone_house, name_of(told), OLD)
    await browser.get(in_address(asking, asking.log_out(lone_house, told, subject=subject)))
    assert not await is_remembered(lone_house, asking, browser)


@pytest.mark.requires("SAMLCore-3.7.1")
@pytest.mark.parametrize("methods", [MODERN, OLD], ids=["modern", "old"])
async def test_what_does_not_open_is_answered_as_the_name_of_nobody_and_tells_of_no_key(
    lone_house: House, methods: Methods
) -> None:
    asking, browser = await shared(lone_house, SamlProfile.SAML2INT), lone_house.browser()
    other = asking.named(
        id=ClientId("other-saml"), entity_id="urn:nl-eid-gdi:1.0:DV:00000000000000000002:entities:9002"
    )
    await lone_house.put(*other.records(lone_house))
    told = await logged_in(lone_house, asking, browser)
    right = encrypted_for(lone_house, name_of(told), methods)
    key, data = right.octets.split(b"CipherValue>")[1::2]
    answers = [
        await by_form(lone_house, asking, browser, asking.log_out(lone_house, told, subject=each))
        for each in (
            encrypted_for(lone_house, NameId(value="_somebody-else"), methods),
            replace(right, octets=right.octets.replace(key, _bent(key))),
            replace(right, octets=right.octets.replace(data, _bent(data))),
            EncryptedId(octets=right.octets.replace(b"rsa-oaep", b"rsa-1_5x"), recipient=right.recipient),
        )
    ]
    answers.append(await by_form(lone_house, other, browser, other.log_out(lone_house, told, subject=right)))
    assert {answer.status for answer in answers} == {NOBODY}
    assert await keys_of_ours(lone_house, asking) == await keys_of_ours(lone_house, other) == 0
    assert await is_remembered(lone_house, asking, browser)


def _bent(value: bytes) -> bytes:
    """Change one sign of base64, in the middle."""
    at = len(value) // 2
    return value[:at] + (b"A" if value[at : at + 1] != b"A" else b"B") + value[at + 1 :]
