"""What we write is valid by the schemas of the norm, as another library brings them along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from lxml import etree

from tests.parts import needed, venv_python
from tests.saml import strategies
from tests.saml.described import HUB_ITSELF, NEXT_YEAR, REGISTER_ITSELF, provider
from tests.saml.parties import IDP, SP, signing, trusted
from tests.saml.samples import (
    ASSERTION,
    KEY,
    LOGGED_OUT,
    LOGOUT,
    REQUEST,
    RESOLVE,
    RESOLVED,
    RESPONSE,
)
from tests.volumes import volume
from toegang.saml import names, writing
from toegang.saml.encryption import PRESCRIBED, encrypt_id
from toegang.saml.messages import AuthnRequest, EncryptedId, NameId, Response
from toegang.saml.metadata.values import EntityMetadata
from toegang.saml.metadata.write import Group, write_metadata

FILES = {
    names.SAMLP: "saml-schema-protocol-2.0.xsd",
    names.SAML: "saml-schema-assertion-2.0.xsd",
    names.MD: "saml-schema-metadata-2.0.xsd",
}
BSN = NameId(value="999990019", format=names.NameFormat.PERSISTENT.value, name_qualifier=names.GDI_LEGACY_BSN)
# As the Dutch schemes prescribe it; the newer ways have elements that these schemas are too old for.
SEALED = EncryptedId(
    octets=encrypt_id(writing.name_id(BSN), SP, trusted("rsa", SP), PRESCRIBED), recipient=SP
)
FOREIGN = writing.assertion(replace(ASSERTION, id="_foreign", issuer=IDP), signing("rsa", IDP))
FULL = replace(ASSERTION, subject=SEALED, advice=(FOREIGN,))
WRITTEN = (
    writing.authn_request(REQUEST, KEY),
    writing.authn_request(REQUEST, None),
    writing.response(RESPONSE, KEY),
    writing.response(replace(RESPONSE, assertion=FULL), KEY),
    writing.assertion(FULL, KEY),
    writing.artifact_resolve(RESOLVE, KEY),
    writing.artifact_response(replace(RESOLVED, message=writing.response(RESPONSE, KEY)), KEY),
    writing.logout_request(LOGOUT, KEY),
    writing.logout_response(LOGGED_OUT, KEY),
    write_metadata(HUB_ITSELF, "_ours", KEY),
    write_metadata(REGISTER_ITSELF, "_register", KEY),
    write_metadata(
        Group(members=(provider(0), provider(1)), valid_until=NEXT_YEAR, cache_seconds=1), "_group", KEY
    ),
)
often = settings(
    max_examples=volume(10, 200), deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


@pytest.fixture(scope="module")
def schemas() -> dict[str, etree.XMLSchema]:
    """Return the schemas by what they are for; nothing is fetched."""
    home = venv_python("saml-peers").parent.parent
    found = next(home.glob("lib/python*/site-packages/onelogin/saml2/schemas"), None)
    folder: Path = needed("the schemas of SAML", found)
    parser = etree.XMLParser(no_network=True)
    return {
        namespace: etree.XMLSchema(etree.parse(folder / name, parser)) for namespace, name in FILES.items()
    }


def faults(schemas: dict[str, etree.XMLSchema], octets: bytes) -> list[str]:
    """Return what the schema has against a document."""
    root = etree.fromstring(octets)
    schema = schemas[str(etree.QName(root).namespace)]
    schema.validate(root)
    return [error.message for error in schema.error_log]


@pytest.mark.parametrize("octets", WRITTEN, ids=range(len(WRITTEN)))
@pytest.mark.requires("SAMLCore-1.3", "SAMLMeta-2.1")
def test_everything_that_we_write_is_valid(schemas: dict[str, etree.XMLSchema], octets: bytes) -> None:
    assert faults(schemas, octets) == []


def test_the_schema_would_say_so_otherwise(schemas: dict[str, etree.XMLSchema]) -> None:
    octets = writing.authn_request(REQUEST, None).replace(b"samlp:Scoping", b"samlp:Scope")
    assert faults(schemas, octets)


@often
@given(value=strategies.authn_requests)
def test_requests_drawn_at_random_are_valid(schemas: dict[str, etree.XMLSchema], value: AuthnRequest) -> None:
    assert faults(schemas, writing.authn_request(value, KEY)) == []


@often
@given(value=strategies.responses)
def test_answers_drawn_at_random_are_valid(schemas: dict[str, etree.XMLSchema], value: Response) -> None:
    assert faults(schemas, writing.response(value, KEY)) == []


@often
@given(value=strategies.entities)
def test_entities_drawn_at_random_are_valid(
    schemas: dict[str, etree.XMLSchema], value: EntityMetadata
) -> None:
    assert faults(schemas, write_metadata(value, "_document", KEY)) == []
