"""Values for the pages of My account beyond the account itself; long and odd names on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.web.at_once_samples import AT_ONCE_SAMPLES
from tests.web.mandate_samples import MANDATE_ERRORS, MANDATE_SAMPLES
from toegang.assurance import Level
from toegang.catalogue.values import Text
from toegang.means.listed import Listed
from toegang.means.listed import State as ListedState
from toegang.provider.own_data import Part
from toegang.web.forms import Form

AT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SERVICE = Text(nl="Parkeervergunning aanvragen", en="Apply for a parking permit")
PROVIDER = Text(nl="Gemeente Zandvoort aan de Zee", en="Municipality of Zandvoort aan de Zee")
ACCOUNT = Text(nl="Gebruikersnaam en wachtwoord", en="User name and password")
REFERENCE = "K7QM-4TXB-29"
DEVICES = [{"tag": "0" * 32, "since": AT, "last_used_at": AT, "here": here} for here in (True, False)]
LISTED = [
    Listed(
        title=ACCOUNT,
        name=name,
        state=state,
        level=level,
        since=AT,
        last_used_at=AT,
        page="/account/password",
    )
    for name, state, level in (
        ("", ListedState.WORKS, Level.LOW),
        ("telefoon in de keuken", ListedState.WAITS, Level.LOW),
        ("78", ListedState.BLOCKED, None),
    )
]

PART = Part(
    name="logins",
    title=PROVIDER,
    rows=({"reference": REFERENCE, "started_at": AT, "released": ("bsn", "family_name"), "level": None},),
)

OWN_SAMPLES: Mapping[str, dict[str, Any]] = {
    **AT_ONCE_SAMPLES,
    **MANDATE_SAMPLES,
    "account/data": {},
    "account/notices": {
        "possible": ("text", "mail", "push", "letter"),
        "chosen": ("text", "mail"),
        "logins": True,
        "number_end": "78",
        "mail": "s…@post.example",
        "mails": True,
    },
    "account/mail": {"mail": "s…@post.example", "mails": True},
    "account/mail_code": {"mail": "s…@post.example"},
    "account/mail_set": {"mail": "s…@post.example"},
    "account/letters": {"large": True},
    "account/letters_set": {"large": True},
    "account/notices_set": {"ways": ("text", "mail", "push", "letter"), "logins": False},
    "account/data_file": {"parts": (PART, Part(name="devices", title=ACCOUNT, rows=())), "at": AT},
    "account/misuse_reported": {
        "reference": REFERENCE,
        "report": REFERENCE,
        "stop": "account",
        "mail": "s…@post.example",
    },
    "citizen/report_misuse": {},
    "citizen/misuse_reported": {"report": REFERENCE},
    "account/level": {
        "current": Level.LOW,
        "lowered": Level.MINIMAL,
        "lowers_at": AT,
        "choices": [("minimal", Level.MINIMAL), ("low", Level.LOW)],
    },
    "account/level_set": {"level": Level.LOW, "until": AT},
    "account/means": {"found": LISTED, "devices": DEVICES},
    "account/sessions": {
        "sessions": [
            {"service": SERVICE, "provider": PROVIDER, "since": AT, "here": here} for here in (True, False)
        ],
    },
    "account/trail": {
        "events": [
            {"id": "1", "name": name, "at": AT, "reference": reference, "index": index}
            for name, reference, index in (
                ("login:completed", REFERENCE, 7),
                ("account:number-letter-sent", None, None),
                ("from:nowhere", None, 8),
            )
        ],
        "older": "/account/trail?before=x",
    },
}
OWN_ERRORS: Mapping[str, Form] = {
    **MANDATE_ERRORS,
    "account/letters": Form(csrf="c", errors={"letter_size": ("choose-one",)}),
    "account/notices": Form(csrf="c", errors={"ways": ("choose-way",)}),
    "account/mail": Form(csrf="c", values={"mail": "sanne"}, errors={"mail": ("mail-not-usable",)}),
    "account/mail_code": Form(csrf="c", errors={"mail_code": ("code-wrong",)}),
    "account/level": Form(csrf="c", errors={"floor": ("choose-one",)}),
}
