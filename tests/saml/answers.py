"""A true answer of an identity provider, bent in one place and signed as it is then; what we say of it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

from lxml import etree

from tests.saml.crafting import craft, native
from tests.saml.parties import HUB, IDP, certificate, signing
from tests.saml.samples import ASSERTION, NOW, RESPONSE
from toegang.assurance import Level
from toegang.catalogue.values import AcrAlias, AdmittedMeans, MeansId, OrganisationId, Text
from toegang.errors import LevelNotProven, Refusal, Unavailable
from toegang.means.external.levels import level_of
from toegang.means.saml.answer import believe
from toegang.means.saml.partner import AnswerBy, AskBy, LevelBy, Partner, Speaks
from toegang.means.saml.people import who_is
from toegang.saml import names, writing
from toegang.saml.bearer import Expected
from toegang.saml.document import admit
from toegang.saml.messages import Attribute, NameId
from toegang.saml.metadata.values import IdentityProviderRole, KeyUse, PartnerKey
from toegang.saml.names import SAML, SAMLP
from toegang.saml.signing import sign
from toegang.saml.writing import SignedPart

Element = etree._Element
Bend = Callable[[Element], None]

NAMES = {"saml": SAML, "samlp": SAMLP}
ACS = "https://hub.example/saml/acs"
LOW, SUBSTANTIAL, HIGH = "urn:bank:2", "urn:bank:3", "urn:bank:4"
KEY = signing("rsa", IDP)

TOLD = replace(
    ASSERTION,
    issuer=IDP,
    subject=NameId(value="customer-4711", format=names.NameFormat.PERSISTENT.value, name_qualifier=IDP),
    confirmations=(replace(ASSERTION.confirmations[0], recipient=ACS),),
    audiences=((HUB,),),
    authn=replace(ASSERTION.authn, context_class=SUBSTANTIAL) if ASSERTION.authn else None,
    attributes=(Attribute(name="urn:bank:customer", values=("4711",), name_format=names.URI_NAMES),),
)
SAID = replace(RESPONSE, issuer=IDP, destination=ACS, assertion=None)
EXPECTED = Expected(issuer=IDP, audience=HUB, recipient=ACS, request="_request", asked_at=NOW, posted=True)
ADMISSION = AdmittedMeans(
    id=MeansId("bank"),
    kind="saml",
    organisation=OrganisationId("bank"),
    names=Text("De Bank", "The Bank"),
    ceiling=Level.SUBSTANTIAL,
    levels=(
        AcrAlias(name=LOW, level=Level.LOW),
        AcrAlias(name=SUBSTANTIAL, level=Level.SUBSTANTIAL),
        AcrAlias(name=HIGH, level=Level.HIGH),
    ),
    settings=(("entity_id", IDP),),
)
CERTIFICATE = base64.b64encode(certificate("rsa", IDP)).decode()
PARTNER = Partner(
    admission=ADMISSION,
    entity_id=IDP,
    role=IdentityProviderRole(keys=(PartnerKey(use=KeyUse.SIGNING, certificate=CERTIFICATE),), sign_on=()),
    speaks=Speaks.PLAIN,
    ask_by=AskBy.POST,
    answer_by=AnswerBy.POST,
    level_by=LevelBy.EXACT,
    names_requester=False,
    service_index=None,
)
RES, ASS = ".", "saml:Assertion"
ISSUER, STATUS = "saml:Issuer", "samlp:Status"
SUBJECT = f"{ASS}/saml:Subject"
CONFIRMATION = f"{SUBJECT}/saml:SubjectConfirmation"
DATA = f"{CONFIRMATION}/saml:SubjectConfirmationData"
CONDITIONS = f"{ASS}/saml:Conditions"
AUDIENCES = f"{CONDITIONS}/saml:AudienceRestriction"
AUTHN = f"{ASS}/saml:AuthnStatement"
CONTEXT = f"{AUTHN}/saml:AuthnContext"
CLASS = f"{CONTEXT}/saml:AuthnContextClassRef"
ATTRIBUTES = f"{ASS}/saml:AttributeStatement"


def found(root: Element, path: str) -> Element:
    element = root.find(path, NAMES)
    assert element is not None, path
    return element


def put(path: str, attribute: str, value: str | None) -> Bend:
    """Give an attribute another value, or take it away."""

    def bend(root: Element) -> None:
        element = found(root, path)
        element.attrib.pop(attribute, None)
        if value is not None:
            element.set(attribute, value)

    return bend


def drop(path: str) -> Bend:
    """Take an element away."""

    def bend(root: Element) -> None:
        element = found(root, path)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return bend


def bare(path: str) -> Bend:
    """Leave of an element nothing but its name."""

    def bend(root: Element) -> None:
        element = found(root, path)
        element.attrib.clear()
        hollow(path)(root)

    return bend


def hollow(path: str) -> Bend:
    """Leave an element its attributes, and nothing inside."""

    def bend(root: Element) -> None:
        element = found(root, path)
        for child in list(element):
            element.remove(child)
        element.text = None

    return bend


def say(path: str, text: str) -> Bend:
    """Write another text."""

    def bend(root: Element) -> None:
        found(root, path).text = text

    return bend


def fail(code: str, second: str, sentence: str) -> Bend:
    """Say that nobody was proven, as the scheme's anomalies do."""

    def bend(root: Element) -> None:
        drop(ASS)(root)
        status = found(root, STATUS)
        found(status, "samlp:StatusCode").set("Value", code)
        etree.SubElement(found(status, "samlp:StatusCode"), f"{{{SAMLP}}}StatusCode").set("Value", second)
        etree.SubElement(status, f"{{{SAMLP}}}StatusMessage").text = sentence

    return bend


def signed(root: Element, part: SignedPart, inner: str = "") -> bytes:
    """Sign what can be signed of it, from the inside out; without an ID by a reference to nothing."""
    assertion = root.find(ASS, NAMES)
    if assertion is not None and part is not SignedPart.RESPONSE:
        made = etree.fromstring(inner or _sealed(assertion))
        root.replace(assertion, made)
    # Without an assertion there is nothing else to sign.
    if part is SignedPart.ASSERTION and assertion is not None:
        return etree.tostring(root)
    return _sealed(root)


def _sealed(element: Element) -> bytes:
    alone = etree.fromstring(etree.tostring(element))
    if alone.get("ID"):
        return sign(alone, KEY)
    return craft(etree.tostring(alone).decode(), key=native("rsa", IDP), uri="").encode()


def written(bend: Bend) -> Element:
    inner = writing.assertion(TOLD, None)
    root = etree.fromstring(writing.response_around(SAID, inner, None))
    bend(root)
    return root


def outcome(octets: bytes, partner: Partner = PARTNER) -> str:
    """Return the code by which an answer is refused, empty when it is believed."""
    try:
        believed = believe(admit(octets), partner, EXPECTED, (), NOW)
        who_is(believed, partner, ())
        authn = believed.assertion.authn
        if authn is None or level_of(partner.admission, authn.context_class, NOW) < Level.SUBSTANTIAL:
            raise LevelNotProven
    except (Refusal, Unavailable) as refusal:
        return refusal.code
    return ""
