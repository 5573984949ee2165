"""What a register of mandates declares beside a login over SAML: believed by its own keys, or not at all.

The keys come from metadata of the register that was pinned apart from the identity provider's: whoever gets
hold of the key that signs logins cannot declare who may act for whom. It asks lxml and xmlsec only.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import xmlsec
from lxml import etree

if TYPE_CHECKING:
    from pathlib import Path

SPACES: Final = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
ACTING: Final = "urn:nl-eid-gdi:1.0:ActingSubjectID"
LEGAL: Final = "urn:nl-eid-gdi:1.0:LegalSubjectID"
BETWEEN: Final = "urn:etoegang:core:IntermediateSubjectID"
KIND: Final = "urn:nl-eid-gdi:1.1:RepresentationType"
SERVICE: Final = "urn:nl-eid-gdi:1.0:ServiceUUID"
BASIS: Final = "urn:toegang:representation:basis"
LEVEL: Final = "urn:toegang:representation:level"
STATEMENT: Final = "urn:toegang:representation:statement"
SUBJECTS: Final = (ACTING, BETWEEN, LEGAL)
CLOCKS: Final = timedelta(seconds=60)
"""By how much clocks may differ."""


class Unbelieved(Exception):
    """What came in is not what it should be; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register whose metadata was pinned."""

    entity_id: str
    keys: tuple[xmlsec.Key, ...]

    @classmethod
    def pinned(cls, file: Path) -> Self:
        """Read who it is and what it signs with, as the operator of the hub told."""
        root = _parsed(file.read_bytes())
        told = root.xpath("//md:KeyDescriptor//ds:X509Certificate/text()", namespaces=SPACES)
        keys = (
            f"-----BEGIN CERTIFICATE-----\n{each.strip()}\n-----END CERTIFICATE-----\n".encode()
            for each in told
        )
        return cls(
            entity_id=root.get("entityID"),
            keys=tuple(xmlsec.Key.from_memory(each, xmlsec.constants.KeyDataFormatCertPem) for each in keys),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads a declaration: its entity id, its private key (PEM), and the register that it believes."""

    entity_id: str
    key: bytes
    register: Register

    def declared(self, login: Any, now: datetime) -> dict[str, list[str]]:  # noqa: ANN401 lxml's own
        """STSAML-4.3: return what the register declares in the `Advice` of a login that was believed.

        1. there is one declaration; 2. the register issued it; 3. and signed all of it, by a key of its own;
        4. it is for us, now, and about the same subject; 5. it is no login; 6. it names the same people.

        Raises:
            Unbelieved: it is otherwise.

        """
        # 1.
        found = login.xpath("saml:Advice/saml:Assertion", namespaces=SPACES)
        if len(found) != 1:
            message = f"there are {len(found)} declarations beside the login"
            raise Unbelieved(message)
        alone = _parsed(etree.tostring(found[0], with_tail=False))
        # 2.
        if _texts(alone, "saml:Issuer") != [self.register.entity_id]:
            message = "it was not issued by the register"
            raise Unbelieved(message)
        # 3.
        if not any(_signed_by(key, alone) for key in self.register.keys):
            message = "its signature is by no key of the register"
            raise Unbelieved(message)
        # 4.
        if self.entity_id not in _texts(alone, "saml:Conditions/saml:AudienceRestriction/saml:Audience"):
            message = "it is for somebody else"
            raise Unbelieved(message)
        _check_now(alone, now)
        if _texts(alone, "saml:Subject/saml:NameID") != _texts(login, "saml:Subject/saml:NameID"):
            message = "it is about another login"
            raise Unbelieved(message)
        # 5.
        if alone.xpath("saml:AuthnStatement | saml:Subject/saml:SubjectConfirmation", namespaces=SPACES):
            message = "it is a login, and no declaration"
            raise Unbelieved(message)
        # 6.
        declared, said = self.told(alone), self.told(login)
        if any(declared.get(name) != said.get(name) for name in (*SUBJECTS, SERVICE)):
            message = "it names others than the login does"
            raise Unbelieved(message)
        return declared

    def told(self, assertion: Any) -> dict[str, list[str]]:  # noqa: ANN401 lxml's own
        """Return the attributes of an assertion, with the names that are encrypted in the clear."""
        found = assertion.xpath("saml:AttributeStatement/saml:Attribute", namespaces=SPACES)
        return {
            attribute.get("Name"): [
                self._value(each) for each in attribute.xpath("saml:AttributeValue", namespaces=SPACES)
            ]
            for attribute in found
        }

    def _value(self, value: Any) -> str:  # noqa: ANN401 lxml's own
        sealed = value.xpath("saml:EncryptedID", namespaces=SPACES)
        if not sealed:
            return str(value.text or "")
        box = deepcopy(sealed[0])
        (data,) = box.xpath("xenc:EncryptedData", namespaces=SPACES)
        # The key to it stands beside it (SAMLCore-2.2.4); xmlsec looks within.
        data.find("ds:KeyInfo", SPACES).extend(box.xpath("xenc:EncryptedKey", namespaces=SPACES))
        manager = xmlsec.KeysManager()
        manager.add_key(xmlsec.Key.from_memory(self.key, xmlsec.constants.KeyDataFormatPem))
        return str(xmlsec.EncryptionContext(manager).decrypt(data).text)


def _check_now(assertion: Any, now: datetime) -> None:  # noqa: ANN401 lxml's own
    (conditions,) = assertion.xpath("saml:Conditions", namespaces=SPACES)
    begin, end = (datetime.fromisoformat(conditions.get(name)) for name in ("NotBefore", "NotOnOrAfter"))
    if not begin - CLOCKS <= now < end + CLOCKS:
        message = "it is not of now"
        raise Unbelieved(message)


def _signed_by(key: xmlsec.Key, assertion: Any) -> bool:  # noqa: ANN401 lxml's own
    """XMLDSIG-4.4.3: tell whether this key signed all of the assertion, and nothing else in its place."""
    signatures = assertion.xpath("ds:Signature", namespaces=SPACES)
    references = assertion.xpath("ds:Signature/ds:SignedInfo/ds:Reference/@URI", namespaces=SPACES)
    if len(signatures) != 1 or references != [f"#{assertion.get('ID')}"]:
        return False
    xmlsec.tree.add_ids(assertion, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = key
    try:
        context.verify(signatures[0])
    except xmlsec.Error:
        return False
    return True


def _texts(element: Any, path: str) -> list[str]:  # noqa: ANN401 lxml's own
    return [str(each.text) for each in element.xpath(path, namespaces=SPACES)]


def _parsed(octets: bytes) -> Any:  # noqa: ANN401 lxml's own
    """EXC-C14N-1.1: read what is signed, which has no comments: else one put into a text would end it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(octets, parser)
