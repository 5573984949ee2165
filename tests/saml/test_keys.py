"""Keys: read once, bound to one kind of work, and shared by threads."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.saml.judging import judge
from tests.saml.parties import (
    HUB,
    KINDS,
    SP,
    assertion,
    certificate,
    decryption,
    element,
    response,
    signed,
    signing,
    trusted,
)
from tests.volumes import volume
from toegang.errors import ProofInvalid
from toegang.saml.algorithms import KeyKind, SignatureAlgorithm
from toegang.saml.document import admit
from toegang.saml.encryption import decrypt_id, encrypt_id
from toegang.saml.keys import sign_octets, trusted_key, verify_octets
from toegang.saml.messages import EncryptedId
from toegang.saml.metadata.values import KeyUse, PartnerKey
from toegang.saml.names import SAML
from toegang.saml.signature import Verified, verify_response
from toegang.saml.signing import sign

AT_ONCE = 8


def test_a_key_is_read_once_for_each_name_and_methods() -> None:
    encoded = base64.b64encode(certificate()).decode()
    one = PartnerKey(use=KeyUse.SIGNING, certificate=encoded, name="a")
    same = PartnerKey(use=KeyUse.BOTH, certificate=encoded, name="a")
    other = PartnerKey(use=KeyUse.SIGNING, certificate=encoded, name="a", algorithms=("urn:x",))
    assert trusted_key(one) is trusted_key(same)
    assert trusted_key(other) is not trusted_key(one)
    assert trusted_key(other).encrypts == ("urn:x",)
    assert trusted_key(one).fingerprint == signing().name


def test_the_name_of_a_key_of_ours_is_that_of_its_certificate_unless_it_has_another() -> None:
    assert len(signing().name) == 64
    assert signing(name="k").name == "k"
    assert decryption(name="k").name == "k"
    assert base64.b64decode(signing().certificate) == certificate()


@pytest.mark.parametrize(("kind", "expected"), list(zip(KINDS, KeyKind, strict=True)))
def test_a_key_is_of_the_kind_that_its_certificate_says(kind: str, expected: KeyKind) -> None:
    assert trusted(kind).kind is signing(kind).kind is expected


@given(st.binary(max_size=300), st.sampled_from(KINDS))
@settings(max_examples=volume(60, 5_000), deadline=None)
@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_any_octets_are_signed_and_only_those_are_verified(octets: bytes, kind: str) -> None:
    algorithm = next(each for each in SignatureAlgorithm if each.fits(signing(kind).kind))
    signature = sign_octets(octets, signing(kind), algorithm)
    keys = [trusted(other) for other in KINDS]
    assert verify_octets(octets, signature, algorithm.value, keys) is trusted(kind)
    with pytest.raises(ProofInvalid):
        verify_octets(octets + b"x", signature, algorithm.value, keys)
    with pytest.raises(ProofInvalid):
        verify_octets(octets, signature, algorithm.value, [trusted(kind, SP)])


@given(name=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1))
@settings(max_examples=volume(60, 5_000), deadline=None)
@pytest.mark.requires("SAMLCore-5.4")
def test_whatever_is_signed_or_encrypted_comes_out_as_it_went_in(name: str) -> None:
    root = element(response(assertion()))
    found = root.find(f".//{{{SAML}}}NameID")
    assert found is not None
    found.text = name
    if "\ufeff" in name:
        return  # a byte order mark stands at the beginning of a file, and nowhere else
    octets = sign(root, signing())
    answer = verify_response(admit(octets), [trusted()])
    assert isinstance(answer, Verified)
    assert answer.element.findtext(f".//{{{SAML}}}NameID") == name
    plain = f'<saml:NameID xmlns:saml="{SAML}">x</saml:NameID>'.encode()
    encrypted = encrypt_id(plain, name, trusted(who=HUB, name=name))
    assert decrypt_id(EncryptedId(octets=encrypted), [decryption()]).octets == plain


@pytest.mark.requires("SAMLCore-5.4")
def test_signatures_in_one_tree_are_made_from_the_inside_out() -> None:
    root = element(response(assertion()))
    inner = root.find(f"{{{SAML}}}Assertion")
    assert inner is not None
    sign(inner, signing())
    assert judge(sign(root, signing(), with_certificate=False)).refusal is None


def test_many_threads_verify_sign_and_decrypt_at_once() -> None:
    texts = [signed(response(signed(assertion(name=f"person {n}")))).encode() for n in range(AT_ONCE)]
    encrypted = EncryptedId(
        octets=encrypt_id(
            b'<saml:NameID xmlns:saml="%s">x</saml:NameID>' % SAML.encode(), HUB, trusted(who=HUB)
        )
    )

    def work(n: int) -> bool:
        believed = judge(texts[n % AT_ONCE])
        bent = judge(texts[n % AT_ONCE].replace(b"person", b"nobody"))
        decrypt_id(encrypted, [decryption()])
        again = judge(sign(element(response(assertion(name=f"{n}"))), signing()))
        return (
            b"person %d<" % (n % AT_ONCE) in believed.believed
            and bent.refusal is not None
            and b">%d<" % n in again.believed
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert all(pool.map(work, range(20 * AT_ONCE)))
