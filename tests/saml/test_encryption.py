"""Encrypted identifiers and assertions: read by their recipient, and by nobody who cannot prove more."""

from __future__ import annotations

import pytest

from tests.saml.parties import (
    HUB,
    IDP,
    SP,
    assertion,
    decryption,
    element,
    private_key,
    request,
    response,
    signed,
    signing,
    trusted,
)
from toegang.errors import Misconfigured, ProofInvalid
from toegang.saml.algorithms import DataCipher, KeyTransport
from toegang.saml.bindings import redirect
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import admit, canonical
from toegang.saml.encryption import (
    MODERN,
    PRESCRIBED,
    Methods,
    decrypt_assertion,
    decrypt_id,
    encrypt_assertion,
    encrypt_id,
)
from toegang.saml.keys import DecryptionKey
from toegang.saml.messages import EncryptedId
from toegang.saml.names import SAML
from toegang.saml.signature import Verified, verify, verify_response

NAME = b'<saml:NameID xmlns:saml="%s" NameQualifier="q">900026236</saml:NameID>' % SAML.encode()
EVERY = [
    Methods(transports=(transport,), ciphers=(cipher,), key_beside=beside)
    for transport in KeyTransport
    for cipher in DataCipher
    for beside in (True, False)
]


def inside(encrypted: bytes) -> tuple[EncryptedId, Verified]:
    """Return the encrypted name as it is read from a signed assertion, and that assertion."""
    text = assertion().replace("</saml:AttributeValue>", encrypted.decode() + "</saml:AttributeValue>")
    verified = verify(admit(signed(text).encode()), [trusted()])
    found = verified.element.find(f".//{{{SAML}}}EncryptedID")
    assert found is not None
    return EncryptedId(octets=canonical(found)), verified


@pytest.mark.parametrize("methods", EVERY)
@pytest.mark.requires("SAMLCore-2.2.4")
def test_the_recipient_opens_what_was_encrypted_for_it_in_every_prescribed_way(methods: Methods) -> None:
    encrypted = encrypt_id(NAME, HUB, trusted(who=HUB, name="k1"), methods)
    assert b"900026236" not in encrypted
    name, verified = inside(encrypted)
    for keys in ([decryption()], [decryption(SP), decryption(IDP), decryption(name="k1")]):
        assert decrypt_id(name, keys, methods, verified).octets == NAME


@pytest.mark.requires("STSAML-4.3")
@pytest.mark.parametrize("methods", EVERY)
@pytest.mark.parametrize("names", [("k1", "k2"), ("", "")])
def test_each_key_of_the_recipient_opens_it_the_current_and_the_next(
    methods: Methods, names: tuple[str, str]
) -> None:
    first, second = trusted(who=HUB, name=names[0]), trusted(who=SP, name=names[1])
    name, verified = inside(encrypt_id(NAME, HUB, first, methods, also=(second,)))
    for keys in ([decryption(HUB, names[0])], [decryption(SP, names[1])]):
        for _ in range(20):
            assert decrypt_id(name, keys, methods, verified).octets == NAME
    with pytest.raises(ProofInvalid):
        decrypt_id(name, [decryption(IDP)], methods, verified)


@pytest.mark.requires("SAMLCore-2.2.4")
def test_by_default_it_is_gcm_under_oaep_with_sha256_and_opens_on_its_own() -> None:
    encrypted = encrypt_id(NAME, HUB, trusted(who=HUB))
    assert b"2009/xmlenc11#aes256-gcm" in encrypted
    assert b"2009/xmlenc11#rsa-oaep" in encrypted
    assert b"#sha1" not in encrypted
    assert decrypt_id(EncryptedId(octets=encrypted), [decryption()]).octets == NAME


@pytest.mark.parametrize("methods", [each for each in EVERY if each.alone != each])
def test_what_does_not_authenticate_itself_opens_only_inside_something_signed(methods: Methods) -> None:
    encrypted = EncryptedId(octets=encrypt_id(NAME, HUB, trusted(who=HUB), methods))
    _, elsewhere = inside(encrypt_id(NAME, HUB, trusted(who=HUB), methods))
    for around in (None, elsewhere):
        with pytest.raises(ProofInvalid):
            decrypt_id(encrypted, [decryption()], methods, around)


@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_a_signed_address_is_something_signed_too() -> None:
    encrypted = encrypt_id(NAME, HUB, trusted(who=HUB), PRESCRIBED)
    head, _, rest = request(IDP).partition("</saml:Issuer>")
    message = f"{head}</saml:Issuer><saml:Subject>{encrypted.decode()}</saml:Subject>{rest}"
    address = redirect.address("https://hub.example/", Carrier.REQUEST, message.encode(), None, signing())
    proof = redirect.verify(redirect.parse(address.partition("?")[2].encode()), (trusted(),))
    name = EncryptedId(octets=canonical(element(encrypted.decode())))
    assert decrypt_id(name, [decryption()], PRESCRIBED, proof).octets == NAME
    other = EncryptedId(octets=encrypt_id(NAME, HUB, trusted(who=HUB), PRESCRIBED))
    with pytest.raises(ProofInvalid):
        decrypt_id(other, [decryption()], PRESCRIBED, proof)


def test_what_a_profile_does_not_prescribe_is_not_opened() -> None:
    name, verified = inside(encrypt_id(NAME, HUB, trusted(who=HUB), PRESCRIBED))
    with pytest.raises(ProofInvalid):
        decrypt_id(name, [decryption()], MODERN, verified)
    assert decrypt_id(name, [decryption()], PRESCRIBED, verified).octets == NAME


def test_each_recipient_has_an_encrypted_name_of_its_own_with_the_name_of_its_key() -> None:
    for beside in (True, False):
        methods = Methods(transports=MODERN.transports, ciphers=MODERN.ciphers, key_beside=beside)
        text = encrypt_id(NAME, 'https://sp.example/"&', trusted(who=SP, name="a<b"), methods).decode()
        assert "a&lt;b</ds:KeyName>" in text
        (wrapped,) = element(text).iter("{http://www.w3.org/2001/04/xmlenc#}EncryptedKey")
        assert wrapped.get("Recipient") == 'https://sp.example/"&'


def test_two_encryptions_of_one_name_have_nothing_in_common() -> None:
    first, second = (encrypt_id(NAME, HUB, trusted(who=HUB)) for _ in range(2))
    assert first != second


@pytest.mark.requires("XMLENC-4.4")
@pytest.mark.parametrize("methods", EVERY)
def test_a_prefix_that_is_declared_only_around_what_was_encrypted_is_known_in_it(methods: Methods) -> None:
    bare = NAME.replace(f' xmlns:saml="{SAML}"'.encode(), b"")
    name, verified = inside(encrypt_id(bare, HUB, trusted(who=HUB), methods))
    assert decrypt_id(name, [decryption()], methods, verified).octets == NAME


@pytest.mark.parametrize(
    "plain", [b"<other:NameID>x</other:NameID>", b"<NameID>", b"", b"<", b"<:a/>", b"\xff"]
)
def test_what_was_encrypted_must_be_whole_with_what_is_declared_around_it(plain: bytes) -> None:
    name, verified = inside(encrypt_id(plain, HUB, trusted(who=HUB), PRESCRIBED))
    with pytest.raises(ProofInvalid):
        decrypt_id(name, [decryption()], PRESCRIBED, verified)


def test_what_opened_tells_by_which_of_our_keys_it_was_encrypted() -> None:
    old, new = decryption(HUB, "old"), decryption(SP, "new")
    assert old.fingerprint != new.fingerprint
    for key, who in ((old, HUB), (new, SP)):
        name, verified = inside(encrypt_id(NAME, HUB, trusted(who=who)))
        assert decrypt_id(name, [new, old], MODERN, verified).key == key.fingerprint
        sealed = encrypt_assertion(assertion().encode(), HUB, trusted(who=who))
        answer = verify_response(admit(signed(response(sealed.decode())).encode()), [trusted()])
        assert isinstance(answer, Verified)
        assert answer.opened_by == ""
        assert decrypt_assertion(answer, [new, old], [trusted()]).opened_by == key.fingerprint


def test_only_rsa_keys_encrypt_and_decrypt() -> None:
    with pytest.raises(Misconfigured):
        encrypt_id(NAME, HUB, trusted("p256", HUB))
    with pytest.raises(Misconfigured):
        DecryptionKey.of(private_key("p256", HUB), b"")


@pytest.mark.requires("SAMLCore-2.3.4")
def test_an_encrypted_assertion_is_read_from_inside_a_signed_response() -> None:
    for inner in (assertion(), signed(assertion())):
        sealed = encrypt_assertion(inner.encode(), HUB, trusted(who=HUB))
        answer = verify_response(admit(signed(response(sealed.decode())).encode()), [trusted()])
        assert isinstance(answer, Verified)
        opened = decrypt_assertion(answer, [decryption()], [trusted()])
        assert opened.kind == (SAML, "Assertion")
        assert opened.element.findtext(f".//{{{SAML}}}NameID") == "somebody"
        assert opened.octets == canonical(element(assertion()))


def test_an_assertion_inside_that_somebody_else_signed_is_refused() -> None:
    sealed = encrypt_assertion(signed(assertion(), signing(who=SP)).encode(), HUB, trusted(who=HUB))
    answer = verify_response(admit(signed(response(sealed.decode())).encode()), [trusted()])
    assert isinstance(answer, Verified)
    with pytest.raises(ProofInvalid):
        decrypt_assertion(answer, [decryption()], [trusted()])
