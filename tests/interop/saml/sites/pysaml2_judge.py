"""Tell of many answers at once whether pysaml2 believes them: `python -m pysaml2_judge FOLDER`.

`asked.json` holds what is expected and the answers; what is written is one reason for each, or nothing.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from saml2 import BINDING_HTTP_POST, mdstore
from saml2.client import Saml2Client
from saml2.config import SPConfig

YEARS = 20 * 365 * 86_400


class Heard(logging.Handler):
    """Keeps what the library says of its reasons: what it raises tells less."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(logging.ERROR)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one sentence."""
        self.words.append(record.getMessage())


def client(folder: Path, asked: dict[str, str]) -> Saml2Client:
    """Be the service provider that the answers are for; clocks count for nothing here."""
    mdstore.valid = lambda _: True
    config = {
        "entityid": asked["audience"],
        "xmlsec_binary": asked["xmlsec"],
        "accepted_time_diff": YEARS,
        "metadata": {"local": [str(folder / "partner.xml")]},
        "allow_unknown_attributes": True,
        "service": {
            "sp": {
                "endpoints": {"assertion_consumer_service": [(asked["consumer"], BINDING_HTTP_POST)]},
                "allow_unsolicited": False,
                "want_response_signed": False,
                "want_assertions_signed": False,
                "want_assertions_or_response_signed": True,
            }
        },
    }
    return Saml2Client(config=SPConfig().load(config))


def says(judge: Saml2Client, answer: str, requests: list[str]) -> str:
    """Return why it does not believe an answer."""
    heard = Heard()
    logging.getLogger().handlers = [heard]
    try:
        found = judge.parse_authn_request_response(answer, BINDING_HTTP_POST, dict.fromkeys(requests, "/"))
    except Exception as error:  # noqa: BLE001 - its errors have no common root, and any is a refusal
        return "; ".join((*heard.words, f"{type(error).__name__}: {error}"))
    return "" if found is not None and found.assertion is not None else "nothing"


def main() -> None:
    """Judge all of them."""
    folder = Path(sys.argv[1])
    asked = json.loads((folder / "asked.json").read_text())
    judge = client(folder, asked)
    verdicts = [says(judge, answer, asked["requests"]) for answer in asked["answers"]]
    (folder / "pysaml2.json").write_text(json.dumps(verdicts))


main()
