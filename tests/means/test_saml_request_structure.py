"""What the hub asks identity providers of the scheme for access has what the scheme asks, in order.

The outlines follow STSAML-4.2 and the examples that STSAML-4.5 names. Requests to declarers of authority
(BVD) do not exist here: for whom somebody acts is told by the identity provider.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.hostile.savers import saver_of, savings_bank
from tests.journeys.conftest import house_secrets, lone_house
from tests.journeys.house import BENCH, House, means
from tests.journeys.test_saml_clusters import PRACTICES, clustered
from tests.journeys.test_saml_structure import SIGNATURE, outline, shift
from tests.means.elsewhere import code_of
from tests.means.identity_provider import SUBSTANTIAL, IdentityProvider, consumer_of, named
from tests.means.savings_bank import SAVINGS, Saver, savings
from tests.means.test_logout_elsewhere import fields_of, leave
from toegang.assurance import Level
from toegang.catalogue.values import AcrAlias
from toegang.saml import names
from toegang.saml.bindings.parameters import decode_base64
from toegang.saml.document import admit
from toegang.saml.messages import AuthnStatement, Comparison, NameId
from toegang.saml.metadata.values import Endpoint
from toegang.saml.names import Binding
from toegang.saml.reading import read_logout_request
from toegang.saml.signature import verify

__all__ = ["house_secrets", "lone_house"]

HEAD = "AuthnRequest AssertionConsumerServiceIndex {more}Destination ID IssueInstant Version"
EXTENSIONS = """
    Extensions
        Attribute Name
            AttributeValue
        Attribute Name
            AttributeValue
"""
SCOPING = """
    Scoping
        RequesterID
"""


@pytest.fixture
async def bank(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with savings_bank(lone_house) as running:
        yield running


@pytest.fixture
def saver(lone_house: House, bank: IdentityProvider) -> Saver:
    return saver_of(lone_house, bank)


async def asked(saver: Saver) -> str:
    """Return the outline of the request with which the browser leaves."""
    gone = await saver.customer.leave(SAVINGS)
    page = (await saver.customer.browser.get(gone)).text
    field = page.partition('name="SAMLRequest" value="')[2].partition('"')[0]
    return outline(decode_base64(field))


@pytest.mark.requires("STSAML-4.5", "STSAML-4.2")
async def test_a_request_names_the_address_and_the_service_by_their_numbers(
    lone_house: House, saver: Saver, bank: IdentityProvider
) -> None:
    await lone_house.put(savings(bank, settings={"speaks": "st-saml", "service_index": "7"}))
    assert (await asked(saver)).splitlines() == [
        HEAD.format(more="AttributeConsumingServiceIndex "),
        "    Issuer",
        *SIGNATURE.strip("\n").splitlines(),
    ]


@pytest.mark.requires("STSAML-4.5", "STSAML-4.2")
async def test_or_for_whom_and_which_service_in_extensions(
    lone_house: House, saver: Saver, bank: IdentityProvider
) -> None:
    await lone_house.put(savings(bank, settings={"speaks": "st-saml", "requester": "yes"}))
    assert (await asked(saver)).splitlines() == [
        HEAD.format(more=""),
        "    Issuer",
        *SIGNATURE.strip("\n").splitlines(),
        *EXTENSIONS.strip("\n").splitlines(),
        *SCOPING.strip("\n").splitlines(),
    ]


@pytest.mark.requires("STSAML-4.2")
async def test_in_a_cluster_it_is_asked_for_the_provider_and_not_for_its_supplier(
    lone_house: House, bank: IdentityProvider
) -> None:
    cluster = await clustered(lone_house)
    settings = {"speaks": "st-saml", "requester": "yes"}
    levels = (AcrAlias(name="http://eidas.europa.eu/LoA/low", level=Level.LOW),)
    admitted = savings(bank, levels=levels, settings=settings, gives_bsn=True)
    await lone_house.put(admitted, means(BENCH, Level.HIGH, blocked=True))
    for practice, (entity, service) in PRACTICES.items():
        page = await cluster.supplier.ask(lone_house.browser(), cluster.request(lone_house, practice))
        request, _ = bank.asked_of(page.text)
        told = {each.name: each.values for each in request.extensions}
        assert told == {
            names.GDI_INTENDED_AUDIENCE: (entity,),
            names.GDI_SERVICE_UUID: (str(service),),
        }
        assert request.scoping is not None
        assert request.scoping.requesters == (entity,)


@pytest.mark.parametrize(("answer_by", "number"), [("post", 0), ("artifact", 1)])
@pytest.mark.requires("STSAML-4.2")
async def test_the_number_is_the_one_that_our_metadata_has_for_the_binding(
    lone_house: House, saver: Saver, bank: IdentityProvider, answer_by: str, number: int
) -> None:
    await lone_house.put(savings(bank, settings={"speaks": "st-saml", "answer_by": answer_by}))
    request = await saver.leave()
    assert (request.consumer_index, request.consumer_url, request.binding) == (number, "", "")
    assert request.requested is None
    metadata = (await lone_house.browser().get("/saml/metadata")).text
    binding = Binding.POST if answer_by == "post" else Binding.ARTIFACT
    here = f'Binding="{binding}" Location="{consumer_of(request)}" index="{number}"'
    assert f"<md:AssertionConsumerService {here}" in metadata


@pytest.mark.requires("LegacySAML-3")
async def test_the_older_interface_is_asked_a_level_as_a_minimum(
    lone_house: House, saver: Saver, bank: IdentityProvider
) -> None:
    await lone_house.put(savings(bank, settings={"speaks": "digid3"}))
    requested = (await saver.leave()).requested
    assert requested is not None
    assert requested.comparison is Comparison.MINIMUM
    assert len(requested.classes) == 1


@pytest.mark.requires("STSAML-4.5")
async def test_a_request_for_what_is_behind_an_artifact_has_what_the_scheme_asks(
    lone_house: House, saver: Saver, bank: IdentityProvider
) -> None:
    settings = {"speaks": "st-saml", "answer_by": "artifact"}
    await lone_house.put(savings(bank, settings=settings, gives_bsn=True))
    request = await saver.leave()
    acting = NameId(value="999990019", name_qualifier=names.GDI_LEGACY_BSN)
    told = bank.assertion(request, attributes=(named(names.GDI_ACTING_SUBJECT, acting),))
    page = await saver.customer.come_back(
        bank.ticket(bank.signed(bank.response(request, told)), saver.state, consumer_of(request))
    )
    assert code_of(page)
    [envelope] = bank.envelopes
    assert outline(envelope).splitlines() == [
        "Envelope",
        "    Body",
        "        ArtifactResolve Destination ID IssueInstant Version",
        "            Issuer",
        *shift(SIGNATURE, 2).splitlines(),
        "            Artifact",
    ]


@pytest.mark.requires("STSAML-4.5", "SAMLCore-3.7.1")
async def test_a_wish_to_log_out_has_what_the_scheme_asks(
    lone_house: House, saver: Saver, bank: IdentityProvider
) -> None:
    here = (Endpoint(binding=Binding.POST, location=f"{bank.url}/slo"),)
    settings = {"speaks": "st-saml", "logout": "yes"}
    await lone_house.put(bank.entity(logout=here), savings(bank, settings=settings, gives_bsn=True))
    request = await saver.leave()
    passing = NameId(value="_session", format=names.NameFormat.TRANSIENT.value)
    acting = NameId(value="999990019", name_qualifier=names.GDI_LEGACY_BSN)
    statement = AuthnStatement(
        at=lone_house.clock.now(), context_class=SUBSTANTIAL, session_index=passing.value
    )
    attributes = (named(names.GDI_ACTING_SUBJECT, acting),)
    code = code_of(await saver.answer(subject=passing, authn=statement, attributes=attributes))
    tokens = (await saver.customer.party.redeem(saver.customer.browser, code)).json()
    page = await leave(saver.customer, tokens["id_token"])
    action, fields = fields_of(page)
    assert action == f"{bank.url}/slo"
    octets = decode_base64(fields["SAMLRequest"])
    assert outline(octets).splitlines() == [
        "LogoutRequest Destination ID IssueInstant NotOnOrAfter Version",
        "    Issuer",
        *SIGNATURE.strip("\n").splitlines(),
        "    NameID Format",
        "    SessionIndex",
    ]
    said = read_logout_request(verify(admit(octets), bank.hub_keys))
    assert (said.subject, said.session_indexes) == (passing, (passing.value,))
    assert said.issuer == request.issuer
