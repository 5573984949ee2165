"""S19: what is encrypted tells nothing about itself by how it is refused, and proves nothing unsigned."""

from __future__ import annotations

import base64
import re
import statistics
import time
from collections.abc import Iterator

import pytest
from lxml import etree

from tests.saml.judging import judge
from tests.saml.parties import (
    HUB,
    SP,
    assertion,
    decryption,
    element,
    private_key,
    response,
    signed,
    trusted,
)
from tests.volumes import volume
from toegang.errors import ProofInvalid
from toegang.saml.algorithms import DataCipher, KeyTransport
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
from toegang.saml.messages import EncryptedId
from toegang.saml.names import DS, SAML, XENC
from toegang.saml.signature import Verified, verify

NAME = b'<saml:NameID xmlns:saml="%s">900026236</saml:NameID>' % SAML.encode()
CBC = Methods(transports=(KeyTransport.OAEP_MGF1P,), ciphers=(DataCipher.AES256_CBC,), key_beside=True)
PAIRS = volume(60, 2_000)
RSA15 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5"
DES = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc"


def around(encrypted: bytes) -> Verified:
    """Return an assertion of an honest party that holds the encrypted name as it is."""
    text = assertion().replace("</saml:AttributeValue>", encrypted.decode() + "</saml:AttributeValue>")
    return verify(admit(signed(text).encode()), [trusted()])


def opened(encrypted: bytes, methods: Methods) -> bytes:
    """Open a name that stands in something signed, whatever it was made into."""
    verified = around(encrypted)
    found = verified.element.find(f".//{{{SAML}}}EncryptedID")
    assert found is not None
    return decrypt_id(EncryptedId(octets=canonical(found)), [decryption()], methods, verified).octets


def bent(encrypted: bytes, *, wrapped: bool, at: int) -> bytes:
    """Change one octet of the wrapped key or of the data."""
    root = element(encrypted.decode())
    values = list(root.iter(f"{{{XENC}}}CipherValue"))
    inside = [each for each in values if _owner(each) == ("EncryptedKey" if wrapped else "EncryptedData")]
    octets = bytearray(base64.b64decode(inside[0].text or ""))
    octets[at] ^= 1
    inside[0].text = base64.b64encode(octets).decode()
    return etree.tostring(root)


def _owner(value: etree._Element) -> str:
    data = value.getparent()
    assert data is not None
    owner = data.getparent()
    assert owner is not None
    return str(owner.tag).rpartition("}")[2]


def failures() -> Iterator[tuple[str, bytes, Methods]]:
    """Return every way in which an encrypted name can be wrong."""
    for label, methods in (("gcm", MODERN), ("cbc", CBC)):
        good = encrypt_id(NAME, HUB, trusted(who=HUB), methods)
        yield f"{label}: another recipient's key", encrypt_id(NAME, HUB, trusted(who=SP), methods), methods
        for at in (0, 100, 255):
            yield f"{label}: wrapped key bent at {at}", bent(good, wrapped=True, at=at), methods
        for at in (0, 15, 16, -1, -17):
            if label == "gcm" or at == -1:
                yield f"{label}: data bent at {at}", bent(good, wrapped=False, at=at), methods
        yield f"{label}: not XML inside", encrypt_id(b"not xml", HUB, trusted(who=HUB), methods), methods
        yield f"{label}: two elements", encrypt_id(NAME * 2, HUB, trusted(who=HUB), methods), methods
        yield (
            f"{label}: a document type",
            encrypt_id(b"<!DOCTYPE a><a/>", HUB, trusted(who=HUB), methods),
            methods,
        )
        yield f"{label}: nothing inside", encrypt_id(b"", HUB, trusted(who=HUB), methods), methods
        for old, new in (
            (b"xmlenc11#rsa-oaep", b"xmlenc#rsa-1_5"),
            (b"rsa-oaep-mgf1p", b"rsa-1_5"),
            (b"xmlenc11#aes256-gcm", b"xmlenc#aes256-cbc"),
            (b"aes256-cbc", b"aes128-cbc"),
            (b"aes256-cbc", b"tripledes-cbc"),
            (b"aes256-gcm", b"aes128-gcm"),
            (b"mgf1sha256", b"mgf1sha1"),
            (b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1"),
            (
                b"<xenc:CipherData><xenc:CipherValue>",
                b'<xenc:CipherData><xenc:CipherReference URI="#_x"/><xenc:CipherValue>',
            ),
            (b"</xenc:CipherValue>", b"!</xenc:CipherValue>"),
            (b"<ds:DigestMethod", b"<xenc:OAEPparams>AAAA</xenc:OAEPparams><ds:DigestMethod"),
        ):
            if old in good:
                yield f"{label}: {old!r} made {new!r}", good.replace(old, new, 1), methods


@pytest.mark.parametrize("failure", list(failures()), ids=lambda each: each[0])
@pytest.mark.requires("XMLENC-6.1.2")
def test_every_failure_is_one_and_the_same(failure: tuple[str, bytes, Methods]) -> None:
    _, encrypted, methods = failure
    with pytest.raises(ProofInvalid) as refused:
        opened(encrypted, methods)
    assert type(refused.value) is ProofInvalid
    assert refused.value.detail == "an encrypted element does not open"


def test_the_names_that_are_bent_here_open_as_they_were() -> None:
    for methods in (MODERN, CBC, PRESCRIBED):
        assert opened(encrypt_id(NAME, HUB, trusted(who=HUB), methods), methods) == NAME


@pytest.mark.requires("XMLENC-5.5.1")
def test_rsa_15_is_in_no_profile_and_never_opened() -> None:
    assert RSA15 not in {each.value for each in KeyTransport}
    assert DES not in {each.value for each in DataCipher}
    for methods in (MODERN, PRESCRIBED):
        good = encrypt_id(NAME, HUB, trusted(who=HUB), methods)
        method = methods.transports[0].value.encode()
        with pytest.raises(ProofInvalid):
            opened(good.replace(method, RSA15.encode()), methods)


def test_a_wrong_key_and_a_wrong_text_take_the_same_work() -> None:
    """The time to refuse a key that does not unwrap is that of data that does not open.

    Medians of many, taken in turns; within a quarter of what one opening takes.
    """
    good = encrypt_id(NAME, HUB, trusted(who=HUB))
    kinds = [bent(good, wrapped=True, at=9), bent(good, wrapped=False, at=-1)]
    times: list[list[float]] = [[], []]
    keys = [decryption()]
    for _ in range(PAIRS):
        for taken, encrypted in zip(times, kinds, strict=True):
            before = time.process_time()
            with pytest.raises(ProofInvalid):
                decrypt_id(EncryptedId(octets=encrypted), keys)
            taken.append(time.process_time() - before)
    first, second = map(statistics.median, times)
    assert abs(first - second) < 0.25 * max(first, second)


@pytest.mark.requires("SAMLCore-2.3.4")
def test_an_encrypted_assertion_in_a_response_that_nobody_signed_is_not_even_opened() -> None:
    for inner in (assertion(), signed(assertion())):
        sealed = encrypt_assertion(inner.encode(), HUB, trusted(who=HUB)).decode()
        honest = signed(response(sealed))
        assert judge(honest.encode()).refusal is None
        assert judge(response(sealed).encode()).refusal is not None
        other = encrypt_assertion(assertion(name="attacker").encode(), HUB, trusted(who=HUB)).decode()
        swapped, count = re.subn("<saml:EncryptedAssertion.*</saml:EncryptedAssertion>", other, honest)
        assert count == 1
        assert judge(swapped.encode()).refusal is not None


@pytest.mark.parametrize(
    "inside",
    [
        "<a/>",
        "not xml",
        "<saml:Assertion xmlns:saml='urn:oasis:names:tc:SAML:1.0:assertion'/>",
        response(signed(assertion())),
        "<!DOCTYPE a><a/>",
        "<!-- -->" + assertion(),
    ],
)
def test_what_comes_out_of_encryption_goes_through_the_same_gate(inside: str) -> None:
    sealed = encrypt_assertion(inside.encode(), HUB, trusted(who=HUB)).decode()
    answer = verify(admit(signed(response(sealed)).encode()), [trusted()])
    with pytest.raises(ProofInvalid) as refused:
        decrypt_assertion(answer, [decryption()], [trusted()])
    assert refused.value.detail == "an encrypted element does not open"


def test_an_assertion_inside_with_a_signature_that_does_not_hold_is_refused() -> None:
    inner = signed(assertion()).replace("somebody", "attacker")
    sealed = encrypt_assertion(inner.encode(), HUB, trusted(who=HUB)).decode()
    assert judge(signed(response(sealed)).encode()).refusal is not None


@pytest.mark.parametrize(
    "name", ["EncryptedData", "EncryptedKey", "CipherData", "CipherValue", "EncryptionMethod"]
)
def test_there_is_one_of_each_or_it_does_not_open(name: str) -> None:
    for methods in (MODERN, CBC):
        good = element(encrypt_id(NAME, HUB, trusted(who=HUB), methods).decode())
        one = good.find(f".//{{{XENC}}}{name}")
        assert one is not None
        text = etree.tostring(one, with_tail=False)
        whole = etree.tostring(good)
        twice = element(whole.decode())
        found = twice.find(f".//{{{XENC}}}{name}")
        assert found is not None
        other = element(text.decode())
        for each in other.iter():
            each.attrib.pop("Id", None)
        found.addnext(other)
        without = element(whole.decode())
        gone = without.find(f".//{{{XENC}}}{name}")
        assert gone is not None
        parent = gone.getparent()
        assert parent is not None
        parent.remove(gone)
        # The key may be there more than once: it is wrapped for each key of its recipient (STSAML-4.3).
        for changed in (without,) if name == "EncryptedKey" else (twice, without):
            with pytest.raises(ProofInvalid):
                opened(etree.tostring(changed), methods)


def test_a_key_named_for_somebody_else_is_not_looked_for_in_the_message() -> None:
    good = encrypt_id(NAME, HUB, trusted(who=HUB, name="k1"))
    assert (
        decrypt_id(EncryptedId(octets=good), [decryption(SP, "other"), decryption(name="k1")]).octets == NAME
    )
    assert (
        decrypt_id(EncryptedId(octets=good), [decryption(SP, "other"), decryption(name="k2")]).octets == NAME
    )
    with pytest.raises(ProofInvalid):
        decrypt_id(EncryptedId(octets=good), [])
    with pytest.raises(ProofInvalid):
        decrypt_id(EncryptedId(octets=good), [decryption(SP, "k1"), decryption(name="k2")])


def test_a_private_key_is_in_no_message_and_no_text() -> None:
    numbers = private_key("rsa", HUB).private_numbers()
    assert str(getattr(numbers, "d")) not in repr(decryption())  # noqa: B009 - of RSA numbers only
    assert DS not in repr(decryption())
