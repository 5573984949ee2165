"""Values for the pages of logging in with an app, and of the apps in My account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace

from tests.web.desk_samples import DESK_MANDATE_ERRORS, DESK_MANDATE_SAMPLES
from toegang.assurance import Level
from toegang.catalogue.partners.cockpit import Dates, Further
from toegang.catalogue.partners.door import Standing
from toegang.catalogue.values import Text
from toegang.web.forms import Form
from toegang.web.qr import picture_of
from toegang.web.words import CERTIFICATE_PURPOSES

AT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SHELL = "https://toegang.example/app/"
WAY = {
    "adding": False,
    "service": Text(nl="Parkeervergunning aanvragen", en="Apply for a parking permit"),
    "provider": Text(nl="Gemeente Zandvoort aan de Zee", en="Municipality of Zandvoort aan de Zee"),
    "level": Level.LOW,
    "stage": "met",
    "state": "/means/app/1/state",
    "known": True,
    "called": False,
    "seconds": 58,
    "picture": picture_of(SHELL + "#AAAAAAAAAAAAAAAAAAAAAA"),
    "number": "0123456789",
    "link": SHELL + "#AAAAAAAAAAAAAAAAAAAAAA",
    "app_address": SHELL,
}
APPS = [
    {
        "id": str(at),
        "name": name,
        "status": status,
        "since": AT,
        "last_used_at": used,
        "level": Level.LOW,
        "checked_at": used if at == 0 else None,
    }
    for at, (name, status, used) in enumerate(
        (
            ("Mijn telefoon", "active", AT),
            ("Tablet<img src=x onerror=alert(1)> van tante", "pending", None),
            ("W" * 40, "blocked", AT),
        )
    )
]
READER = "https://toegang.example/reader/#BCDFGHJK"
READ = WAY | {
    "on_the_way": True,
    "level": Level.SUBSTANTIAL,
    "reader_code": "BCDF-GHJK",
    "reader_link": READER,
    "app_page": "/means/app/1",
    "picture": picture_of(READER),
    "advice": "not-accepted",
    "reference": "BCDF-2345-GHJK",
}
PAIRING = (
    "where",
    "code",
    "scan",
    "open",
    "called",
    "go_on_in_app",
    "confirmed",
    "come_back",
)
APP_SAMPLES: Mapping[str, Mapping[str, object]] = {
    **{f"pairing/{name}": WAY for name in PAIRING},
    "pairing/not_confirmed": WAY | {"stage": "strayed"},
    "pairing/check": WAY | {"address": "/means/app/1", "level": Level.SUBSTANTIAL},
    "account/check": {"device": "W" * 40},
    "reading/code": READ | {"stage": "waiting", "device": "Telefoon van Sanne"},
    "reading/busy": READ | {"stage": "taken"},
    "reading/done": READ | {"stage": "accepted"},
    "reading/refused": READ | {"stage": "refused"},
    "reading/reader": {"get": "https://reader.example/"},
    "account/apps": {"apps": APPS, "offered": True, "checks": True},
    "account/app_new": {"ground": "password-letter"},
    "account/app_added": {"by_letter": True, "until": AT},
}
DESK = {
    "documents": ("passport", "identity-card", "other-travel-document", "driving-licence"),
    "second": True,
    "organisation": Text(nl="Gemeente Zandvoort aan de Zee", en="Municipality of Zandvoort aan de Zee"),
}
LOOKED = SimpleNamespace(
    case=SimpleNamespace(document="passport", asked="account"),
    replaces=True,
    who=SimpleNamespace(names=SimpleNamespace(full="S.<img src=x onerror=alert(1)> de Wit")),
)
APP_SAMPLES = {
    **APP_SAMPLES,
    "app/shell": {
        "practice": None,
        "issuer": "https://toegang.example",
        "manifest": "/app/manifest.webmanifest",
        "push_key": "B" * 87,
    },
    "desk/start": DESK,
    "desk/case": {"case": "2345-6789-BCDF", "looked": LOOKED, "born": "00-00-1958"},
    "desk/given": {
        "given": SimpleNamespace(asked="account", case="2345-6789-BCDF", code="BCDF-GHJK-MNPQ", until=AT),
        "goes_to": "toegang.example/account/desk",
    },
    "desk/account": DESK,
    "desk/letters": DESK,
    "desk/letters_set": {"large": True},
    **DESK_MANDATE_SAMPLES,
    "desk/not_clerk": {"own_name": "A" * 43},
}
CERTIFICATES = [
    Standing(
        certificate=Further(
            owner="believed",
            purpose=purpose,
            dates=Dates("0f" * 32, AT, AT, "Common Name: Authority, made up, Country: NL"),
        ),
        days=days,
    )
    for purpose, days in zip(CERTIFICATE_PURPOSES, (0, 7, 90, None), strict=True)
]
APP_ERRORS: Mapping[str, Form] = {
    "pairing/where": Form(csrf="c", errors={"": ("app-called",)}),
    "desk/start": Form(csrf="c", errors={"bsn": ("desk-no-account",), "case": ("desk-no-case",)}),
    "desk/letters": Form(csrf="c", errors={"bsn": ("desk-no-account",), "letter_size": ("choose-one",)}),
    "desk/account": Form(csrf="c", errors={"bsn": ("desk-has-account",)}),
    **DESK_MANDATE_ERRORS,
    "account/apps": Form(csrf="c", errors={"": ("app-no-letter",)}),
    "pairing/code": Form(csrf="c", errors={"app_code": ("app-code-wrong",)}),
    "account/app_new": Form(csrf="c", errors={"": ("apps-most",)}),
}
