"""S29, and S17 in metadata: partners described by nobody known, too long ago, or with a door open."""

from __future__ import annotations

import base64

import pytest
from lxml import etree

from tests.saml.described import HUB_ITSELF, KEY, KEYS, NEXT_YEAR, NOW, TRUST, bent, provider, read
from tests.saml.parties import HUB, IDP, SP, certificate, signing, trusted
from toegang.errors import Malformed, ProofInvalid, Refusal
from toegang.saml import names
from toegang.saml.metadata.read import Pinned, SignedBy, fingerprint, read_metadata
from toegang.saml.metadata.write import Group, write_metadata

OURS = write_metadata(HUB_ITSELF, "_ours", KEY)
GROUP = write_metadata(Group(members=(provider(0), provider(1)), valid_until=NEXT_YEAR), "_group", KEY)


def unsigned(octets: bytes) -> bytes:
    root = etree.fromstring(octets)
    root.remove(root[0])
    return etree.tostring(root)


@pytest.mark.requires("SAMLMeta-3.1")
def test_metadata_that_nobody_signed_or_somebody_else_is_refused() -> None:
    assert read(OURS)
    for octets, trust in (
        (unsigned(OURS), TRUST),
        (OURS, SignedBy(keys=())),
        (OURS, SignedBy(keys=(trusted("rsa", SP),))),
        (write_metadata(HUB_ITSELF, "_ours", signing("rsa", SP)), TRUST),
        (OURS.replace(b"hub.example/saml/sso", b"evil.example/saml/ss"), TRUST),
        (GROUP.replace(b"sp1.example", b"sp2.example"), TRUST),
    ):
        with pytest.raises(ProofInvalid):
            read_metadata(octets, trust, NOW)


def test_a_signature_on_one_of_a_group_does_not_vouch_for_the_group() -> None:
    inner = etree.fromstring(write_metadata(HUB_ITSELF, "_ours", KEY))
    group = etree.Element(f"{{{names.MD}}}EntitiesDescriptor", ID="_group")
    group.append(inner)
    with pytest.raises(ProofInvalid):
        read(etree.tostring(group))


OTHERS = ["", "0" * 64, fingerprint(OURS)[:-1], fingerprint(OURS + b"\n")]


@pytest.mark.parametrize("pinned", OTHERS, ids=range(len(OTHERS)))
def test_a_document_that_is_not_the_pinned_one_is_refused(pinned: str) -> None:
    with pytest.raises(ProofInvalid):
        read_metadata(OURS, Pinned(sha256=pinned), NOW)


@pytest.mark.requires("SAMLMeta-2.3.1", "SAMLMeta-2.3.2")
def test_metadata_that_is_over_is_refused_from_its_very_moment() -> None:
    for octets in (OURS, GROUP):
        with pytest.raises(Malformed):
            read(octets, NEXT_YEAR)
    over = ('validUntil="2027-01-01T00:00:00Z"', 'validUntil="2025-12-31T23:59:59Z"')
    role = ("<md:SPSSODescriptor ", '<md:SPSSODescriptor validUntil="2026-06-01T00:00:00Z" ')
    for bends in ([over], before("md:EntityDescriptor", f"<md:EntitiesDescriptor {over[1]}/>")):
        with pytest.raises(Malformed):
            read(bent(GROUP, *bends))
    assert str(read(bent(OURS, role))[0].valid_until) == "2026-06-01 00:00:00+00:00"


@pytest.mark.requires("SAMLMeta-2.3.2")
def test_an_entity_that_occurs_twice_is_refused_wherever_it_hides() -> None:
    twice = ("sp1.example/saml/metadata", "sp0.example/saml/metadata")
    nested = (
        ("</md:EntitiesDescriptor>", "</md:EntitiesDescriptor></md:EntitiesDescriptor>"),
        ("<md:EntityDescriptor ", '<md:EntitiesDescriptor ID="_n"><md:EntityDescriptor '),
    )
    for bends in ([twice], [twice, *nested]):
        with pytest.raises(Malformed) as caught:
            read(bent(GROUP, *bends))
        assert "sp0.example" in caught.value.detail


IDP_KEY = 'use="signing"'
HERE = '"https://hub.example/saml/sso"'
ADDRESSES = (
    "http://hub.example/saml/sso",
    "http://localhost/saml/sso",
    "javascript:alert(1)",
    "data:text/html,x",
    "//hub.example/",
    "/saml/sso",
    "https://",
    "https://user@hub.example/",
    "https://hub.example/#x",
    "https://hub.example\\@evil.example/",
    "https://hub.example/ x",
    "https://hub.example:x/",
    "https://[::1/",
    "https://hüb.example/",
    "HTTPS://hub.example/",
    "https://hub.example/" + "x" * 2_048,
    "",
)


def before(name: str, inserted: str) -> list[tuple[str, str]]:
    """Put something before the first element of this name."""
    return [(f"<{name} ", f"{inserted}<{name} ")]


OTHER_IDP = f'<md:IDPSSODescriptor protocolSupportEnumeration="{names.SAMLP}"/>'
OTHER_CONSUMER = '<md:AssertionConsumerService Binding="urn:x" Location="https://x.example/" index="0"/>'
OTHER_ATTRIBUTE = (
    f'<saml:Attribute FriendlyName="{names.CERTIFICATION}" Name="urn:x">'
    "<saml:AttributeValue>high</saml:AttributeValue></saml:Attribute>"
)


@pytest.mark.parametrize(
    "bends",
    [
        # S17: no key at the identity provider that its signatures could be checked with.
        [(IDP_KEY, 'use="encryption"'), (IDP_KEY, 'use="encryption"')],
        [(IDP_KEY, 'use="signature"')],
        [(IDP_KEY, 'use=""')],
        [("<ds:X509Certificate>MII", "<ds:X509Certificate>AAA")],
        [("<ds:X509Certificate>", "<ds:X509Certificate>!")],
        [("<ds:X509Certificate>", "<ds:X509Certificate><x/>")],
        [("<ds:X509Data>", "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate>")],
        [("<ds:X509Data>", "<ds:Other>"), ("</ds:X509Data>", "</ds:Other>")],
        [("<ds:KeyInfo>", "<md:Other/><ds:KeyInfo>")],
        # Addresses that nobody should be sent to.
        *([(HERE, f'"{address}"')] for address in ADDRESSES),
        [('Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"', 'Binding=""')],
        # Roles and numbers that would give two answers.
        before("md:SPSSODescriptor", OTHER_IDP),
        before("md:AssertionConsumerService", OTHER_CONSUMER),
        [('index="0"', 'index="65536"')],
        [('index="0"', "")],
        [('WantAuthnRequestsSigned="true"', 'WantAuthnRequestsSigned="perhaps"')],
        # Forms that the schema does not have.
        [(f'entityID="{HUB}"', 'entityID=""')],
        [(f'entityID="{HUB}"', 'entityID="a b"')],
        [(f'entityID="{HUB}"', 'entityID="' + "x" * 1_025 + '"')],
        [("<md:Organization>", "<md:Organization><md:Organization/>")],
        [("<md:ContactPerson ", "<md:Organization/><md:ContactPerson ")],
        [(' contactType="support"', "")],
        [('<md:OrganizationDisplayName xml:lang="nl"', "<md:OrganizationDisplayName")],
        [('cacheDuration="PT86400S"', 'cacheDuration="-PT1S"')],
        [('validUntil="2027-01-01T00:00:00Z"', 'validUntil="2027-01-01"')],
    ],
)
@pytest.mark.requires("SAMLMeta-2.4.1", "SAMLMeta-2.2.2", "SAML-MetaIOP-2.6.1")
def test_an_entity_that_opens_a_door_refuses_the_whole_document(bends: list[tuple[str, str]]) -> None:
    with pytest.raises(Malformed):
        read(bent(OURS, *bends))


def test_a_service_provider_that_signs_has_a_key_for_it_when_it_stands_alone() -> None:
    bends = [('use="signing"', 'use="encryption"'), ('use="signing"', 'use="encryption"')]
    alone = write_metadata(provider(0), "_alone", KEY)
    with pytest.raises(Malformed):
        read(bent(alone, *bends))
    assert read(bent(alone, *bends, ('AuthnRequestsSigned="true"', "")))


@pytest.mark.parametrize(("kind", "who"), [("weak", IDP), ("p521", IDP)])
def test_a_key_that_is_not_trusted_for_messages_is_not_taken_from_metadata(kind: str, who: str) -> None:
    encoded = base64.b64encode(certificate(kind, who)).decode()
    with pytest.raises(Malformed):
        read(bent(OURS, (KEYS[0].certificate, encoded)))


AFFILIATION = unsigned(OURS).replace(b"md:EntityDescriptor", b"md:AffiliationDescriptor")


NONE = [b"", b"<", b"<x/>", b"<!DOCTYPE x><x/>", AFFILIATION]


@pytest.mark.parametrize("octets", NONE, ids=range(len(NONE)))
def test_what_is_no_metadata_is_refused_even_when_it_was_pinned(octets: bytes) -> None:
    with pytest.raises(Refusal):
        read_metadata(octets, Pinned(sha256=fingerprint(octets)), NOW)


def test_a_certification_is_what_the_signer_of_the_document_lets_stand() -> None:
    # Only the attribute of this very name, not one that is called so for people.
    [found] = read(bent(OURS, *before("saml:Attribute", OTHER_ATTRIBUTE)))
    assert found.certifications == HUB_ITSELF.certifications
