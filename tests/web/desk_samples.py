"""Values for the pages of the desk about mandates, as the handlers give them; long and odd names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tests.web.mandate_samples import AT, NAME, PROVIDER, ROW, SERVICE, WAITING
from toegang.web.forms import Form

DOCUMENTS = ("passport", "identity-card", "other-travel-document", "driving-licence")
CASE = "2345-6789-BCDF"
FOUND = {"id": "018f0000-0000-7000-8000-000000000003", "names": SERVICE, "owner": PROVIDER}
WORDS: Mapping[str, Any] = {
    "words": Markup('<p class="nl-paragraph">Wie handelt: S. van der Wolkenbreuk</p>'),
    "words_language": "nl",
    "came_too": True,
}

DESK_MANDATE_SAMPLES: Mapping[str, dict[str, Any]] = {
    "desk/mandate_who": {
        "documents": DOCUMENTS,
        "helpers": [("library", "Bibliotheek Zandvoort aan de Zee"), ("advice", "Sociaal raadslieden")],
        "own_helps": True,
    },
    "desk/mandate_services": {
        "found": [FOUND],
        "many": True,
        "chosen": [{"id": "018f0000-0000-7000-8000-000000000001", "names": SERVICE}],
    },
    "desk/mandate_until": {"usual": AT},
    "desk/mandate_check": {**WORDS, "read": "0" * 64},
    "desk/mandate_noted": {"case": CASE},
    "desk/mandate_agree": {
        **WORDS,
        "came": [{"name": NAME.name, "born": "00-00-1958", "document": "passport"}],
    },
    "desk/mandate_given": {"state": "active"},
    "desk/mandate_end": {"documents": DOCUMENTS},
    "desk/mandate_to_end": {
        "look": CASE,
        "everything": False,
        "rows": [
            dict(ROW, version=3, given_on=False),
            dict(WAITING, version=1, mine=False, given_on=False),
            dict(ROW, version=3, given_on=True),
        ],
    },
    "desk/mandate_ended": {"ended": 2, "changed": False},
}
DESK_MANDATE_ERRORS: Mapping[str, Form] = {
    "desk/mandate_who": Form(
        csrf="c", errors={"helper_here": ("choose-one",), "helper_bsn": ("desk-person-differs",)}
    ),
    "desk/mandate_agree": Form(csrf="c", errors={"": ("desk-not-apart",)}),
}
