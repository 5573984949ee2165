"""Read with pysaml2 who acts for whom, and by whose word: `python -m pysaml2_reader FOLDER`.

`asked.json` says who reads, `response.xml` is what the hub answered; the metadata of the hub and of its
register of mandates are pinned apart. What is written is what was read, or why it is not believed.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

from saml2 import BINDING_HTTP_POST, class_name, mdstore, saml
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.sigver import SignatureError

YEARS = 20 * 365 * 86_400
ENCRYPTED_ID = "EncryptedID"


class Reader:
    """A service provider; clocks count for nothing here."""

    def __init__(self, folder: Path) -> None:
        """Pin both."""
        mdstore.valid = lambda _: True
        self.asked = json.loads((folder / "asked.json").read_text())
        self.key = str(folder / "key.pem")
        service = {
            "endpoints": {"assertion_consumer_service": [(self.asked["consumer"], BINDING_HTTP_POST)]},
            "allow_unsolicited": False,
            "want_response_signed": False,
            "want_assertions_signed": True,
        }
        config = {
            "entityid": self.asked["reader"],
            "xmlsec_binary": self.asked["xmlsec"],
            "accepted_time_diff": YEARS,
            "metadata": {"local": [str(folder / "hub.xml"), str(folder / "register.xml")]},
            "allow_unknown_attributes": True,
            "service": {"sp": service},
        }
        self.client = Saml2Client(config=SPConfig().load(config))

    def read(self, response: str) -> dict[str, object]:
        """Believe the login, and then the declaration beside it by the register's own key."""
        outstanding = {self.asked["request"]: "/"}
        encoded = base64.b64encode(response.encode()).decode()
        login = self.client.parse_authn_request_response(encoded, BINDING_HTTP_POST, outstanding)
        (declared,) = login.assertion.advice.assertion
        return {
            "login": self.told(login.assertion),
            "declared": self.told(declared),
            "issuer": declared.issuer.text.strip(),
            "believed": self.holds(declared, response),
        }

    def holds(self, declared: saml.Assertion, within: str) -> bool:
        """Tell whether who issued a declaration signed it, by the keys in its metadata and no others."""
        try:
            self.client.sec.check_signature(declared, node_name=class_name(declared), origdoc=within)
        except SignatureError:
            return False
        return True

    def told(self, assertion: saml.Assertion) -> dict[str, list[str]]:
        """Return the attributes of an assertion, with what is encrypted in them in the clear."""
        return {
            attribute.name: [self.value(each) for each in attribute.attribute_value]
            for statement in assertion.attribute_statement
            for attribute in statement.attribute
        }

    def value(self, value: saml.AttributeValue) -> str:
        """Return one value; of an encrypted name the name."""
        sealed = [each for each in value.extension_elements if each.tag == ENCRYPTED_ID]
        if not sealed:
            return str(value.text)
        opened = self.client.sec.decrypt(sealed[0].to_string().decode(), key_file=self.key)
        return str(saml.encrypted_id_from_string(opened).extension_elements[0].text)


def main() -> None:
    """Read it whole, and once more with the declaration bent."""
    folder = Path(sys.argv[1])
    reader, response = Reader(folder), (folder / "response.xml").read_text()
    told = reader.read(response)
    bent = saml.assertion_from_string((folder / "bent.xml").read_bytes())
    told["bent_believed"] = reader.holds(bent, (folder / "bent.xml").read_text())
    (folder / "read.json").write_text(json.dumps(told))


main()
