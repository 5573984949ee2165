"""Values for every page, as the handlers give them; long and odd names on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.web.acting_samples import ACTING_ERRORS, ACTING_SAMPLES
from tests.web.app_samples import APP_ERRORS, APP_SAMPLES, CERTIFICATES
from tests.web.card_samples import CARD_SAMPLES, ROLLOUT
from tests.web.mandate_samples import HAND_OVERS
from tests.web.office_samples import OFFICE_ERRORS, OFFICE_SAMPLES
from tests.web.own_samples import OWN_ERRORS, OWN_SAMPLES
from tests.web.passkey_samples import PASSKEY_ERRORS, PASSKEY_SAMPLES
from toegang.assurance import Level
from toegang.catalogue.partners.cockpit import (
    Breaks,
    Dates,
    OwnKey,
    PartnersKey,
    PartnerView,
    Trouble,
)
from toegang.catalogue.partners.preview import AddressLine, Door, EntityPreview, Fate, KeyLine, Preview
from toegang.catalogue.partners.store import SourceState
from toegang.catalogue.partners.takeover import Taken
from toegang.catalogue.values import Attribute, EntityId, Kind, Organisation, OrganisationId, Text
from toegang.keys.ring import State
from toegang.mandates.names import Shown
from toegang.mandates.party import PartyKind
from toegang.means.base import Factor
from toegang.web.forms import Form, Notice, TimeLeft

AT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SERVICE = Text(nl="Parkeervergunning aanvragen", en="Apply for a parking permit")
PROVIDER = Text(nl="Gemeente Zandvoort aan de Zee", en="Municipality of Zandvoort aan de Zee")
HOSPITAL = Text(nl="Mijn dossier", en="My file")
LONG = Text(
    nl="Samenwerkingsverband Bedrijfsgezondheidszorgverzekeringsmaatschappijen",
    en="Partnership of occupational health insurance companies",
)
ACCOUNT = Text(nl="Gebruikersnaam en wachtwoord", en="User name and password")
CARD = Text(nl="Stadspas", en="City pass")
BACK = "https://www.voorbeeld.example/mijn"
REFERENCE = "K7QM-4TXB-29"

OFFERED = [
    {
        "id": "account",
        "name": ACCOUNT,
        "provider": LONG,
        "level": Level.LOW,
        "remembered": True,
        "link_needed": False,
    },
    {
        "id": "pass",
        "name": CARD,
        "provider": PROVIDER,
        "level": Level.HIGH,
        "remembered": False,
        "link_needed": True,
    },
]
NOT_OFFERED = [
    {"name": CARD, "why": "level"},
    {"name": Text(nl="Bankpas", en="Bank card"), "why": "bsn"},
    {"name": Text(nl="Burgerapp", en="Citizen app"), "why": "closed"},
    {"name": LONG, "why": "excluded"},
    {"name": Text(nl="Werkpas", en="Staff card"), "why": "person"},
]
SHARED = [
    {"attribute": "bsn", "purpose": None},
    {"attribute": "pseudonym", "purpose": None},
    {
        "attribute": Attribute.BIRTH_DATE,
        "purpose": Text(nl="om te zien of u een vergunning mag hebben", en="to see if you may have a permit"),
    },
]
DATES = Dates(
    fingerprint="5d0c6f0a" * 8,
    begins=AT,
    ends=AT + timedelta(days=20),
    subject="CN=portaal.voorbeeld.example",
)
OWN_KEYS = [
    OwnKey(kid="k1", use="signing", state=State.ACTIVE, dates=DATES, active_from=AT, retires_at=AT),
    OwnKey(kid="k2", use="signing", state=State.PUBLISHED, dates=DATES, active_from=AT, retires_at=None),
    OwnKey(kid="k3", use="encryption", state=State.RETIRED, dates=DATES, active_from=AT, retires_at=AT),
]
PARTNER = PartnerView(
    entity_id=EntityId("urn:nl-eid-gdi:1.0:DV:00000009999999990002:entities:0001"),
    organisation=Organisation(
        id=OrganisationId("samenwerking"), names=LONG, kind=Kind.PRIVATE, sector="finance"
    ),
    connections=("samenwerking-portaal",),
    source="https://portaal.voorbeeld.example/saml/metadata",
    fetched_at=AT,
    keys=(
        PartnersKey(use="signing", dates=DATES, seen_at=AT),
        PartnersKey(use="both", dates=DATES, seen_at=None),
    ),
    ours=((OWN_KEYS[2], AT),),
    state=SourceState(
        source="https://portaal.voorbeeld.example/saml/metadata",
        tried_at=AT,
        checked_at=AT,
        failing_since=AT,
        failure="unavailable",
    ),
    breaks=tuple(Breaks(at=AT, what=what, fingerprint=DATES.fingerprint) for what in Trouble),
)
CHANGING: dict[str, Any] = {
    "keys": tuple(
        KeyLine(use=use, dates=DATES, fate=fate, seen_at=AT)
        for fate in Fate
        for use in ("signing", "encryption", "both")
    ),
    "addresses": tuple(
        AddressLine(door=door, location=f"{PARTNER.source}/{door.value}", fate=fate)
        for door, fate in zip(Door, (*Fate, Fate.NEW), strict=True)
    ),
    "breaks": PARTNER.breaks,
}
PREVIEW = Preview(
    source="metadata van het samenwerkingsverband (2).xml",
    sha256=DATES.fingerprint,
    signers=(DATES,),
    mark="5d0c6f0a" * 8,
    entities=tuple(
        EntityPreview(
            entity_id=f"https://portaal{number}.voorbeeld.example/saml/metadata/van/het/samenwerkingsverband",
            taken=taken,
            organisation=None if taken is Taken.UNNAMED else PARTNER.organisation,
            came_from=PARTNER.source,
            repinned=taken is Taken.CHANGED,
            stops_renewing=taken is Taken.CHANGED,
            **(CHANGING if taken in {Taken.NEW, Taken.CHANGED} else {}),
        )
        for number, taken in enumerate(Taken)
    ),
)
RECENT = [
    {"reference": REFERENCE, "service": SERVICE, "provider": PROVIDER, "at": AT, "outcome": outcome}
    for outcome in ("completed", "refused", "cancelled", "under-way")
]
WAY = {"service": SERVICE, "provider": PROVIDER, "level": Level.LOW}
DEVICES = [{"tag": "0" * 32, "since": AT, "last_used_at": AT, "here": here} for here in (True, False)]
ENTRY = {
    "service": SERVICE,
    "provider": PROVIDER,
    "reference": REFERENCE,
    "at": AT,
    "outcome": "completed",
    "code": "",
    "asked": Level.LOW,
    "offered": [ACCOUNT, CARD],
    "not_offered": NOT_OFFERED,
    "means": ACCOUNT,
    "factors": [Factor.PASSWORD, Factor.SMS_CODE],
    "proven": Level.LOW,
    "floor": Level.LOW,
    "reused": True,
    "represented": "kvk",
    "whom": Shown(kind=PartyKind.ORGANISATION, name="Van der Oldenborgh Belastingadvies B.V."),
    "agent": SERVICE,
    "events": 5,
    "released": SHARED,
}
FIGURE = {
    "id": "logins",
    "title": Text(nl="Inloggen per niveau", en="Logins per level"),
    "explanation": Text(nl="Hoe vaak mensen inloggen.", en="How often people log in."),
    "picture": "",
    "columns": [
        Text(nl="Maand", en="Month"),
        Text(nl="Basis", en="Basic"),
        Text(nl="Midden", en="Medium"),
        Text(nl="Substantieel", en="Substantial"),
    ],
    "rows": [["2027-01", "12.500", "8.100", "90"], ["2027-02", "13.750", "9.400", "120"]],
    "numeric": {1, 2, 3},
    "csv": "/figures/logins.csv",
}
NOTHING_COUNTED = {**FIGURE, "id": "refusals", "rows": []}
_REFUSED = {
    "service": SERVICE,
    "provider": PROVIDER,
    "held": None,
    "last_day": None,
    "code": "too-many-tries",
    "reference": REFERENCE,
    "at": AT,
    "may_try_again": True,
    "action": "",
}

# Page name > what its own first lines ask for.
SAMPLES: Mapping[str, Mapping[str, object]] = {
    **ACTING_SAMPLES,
    **APP_SAMPLES,
    **OWN_SAMPLES,
    **PASSKEY_SAMPLES,
    **CARD_SAMPLES,
    **OFFICE_SAMPLES,
    "login/choose_means": {
        **WAY,
        "offered": OFFERED,
        "not_offered": NOT_OFFERED,
        "proven": Level.BASIC,
        "to_link": CARD,
        "own_floor": True,
        "climbs": False,
    },
    "login/offer_link": {**WAY, "means": CARD, "own": ACCOUNT},
    "login/invite": {
        **WAY,
        "headline": Text(nl="Log voortaan in met de app", en="Log in with the app from now on"),
        "text": Text(nl="Zo hebt u geen sms meer nodig.", en="Then you need no text message."),
        "started": False,
    },
    "login/refused": _REFUSED,
    "login/no_means": {**WAY, "not_offered": NOT_OFFERED, "reference": REFERENCE},
    "login/ended": {"service": SERVICE, "go_back": BACK},
    "login/elsewhere": {"reference": REFERENCE, "go_back": BACK},
    "login/too_late": {"service": SERVICE, "provider": PROVIDER, "reference": REFERENCE},
    "login/expired": {"service": SERVICE, "go_back": BACK, "reference": REFERENCE},
    "login/posting": {
        "address": BACK,
        "fields": [("code", "not-a-code"), ("state", "s")],
        "service": SERVICE,
        "send": True,
    },
    "login/leaving": {"address": BACK, "fields": [("SAMLRequest", "cmVxdWVzdA==")], "means": CARD},
    "logout/ask": {"service": SERVICE, "others": [HOSPITAL, LONG]},
    "logout/done": {
        "results": [
            {"service": SERVICE, "result": result} for result in ("done", "asked", "failed", "unsupported")
        ],
        "go_back": BACK,
        "fields": (),
        "service": SERVICE,
    },
    "logout/leaving": {
        "service": HOSPITAL,
        "address": "https://ziekenhuis.example/slo",
        "fields": (("SAMLRequest", "not-a-request"),),
        "key": "saml:a-key",
        "here": "/logout/a-name",
        "results": [
            {"service": HOSPITAL, "result": "waiting"},
            {"service": SERVICE, "result": "done"},
            {"service": LONG, "result": "unsupported"},
        ],
    },
    "citizen/sign_in": {
        **WAY,
        "forgotten": "/account/forgotten",
        "apply": "/account/apply",
        "passkeys": "/means/passkey/1",
    },
    "citizen/sms_code": {"number_end": "78", "purpose": "login"},
    "citizen/apply_start": {"next": "/account/apply/person", "by_desk": "/account/desk"},
    "citizen/desk_code": {},
    "citizen/account_opened": {"account": "/account"},
    "citizen/apply_person": {},
    "citizen/apply_sent": {"until": AT, "activate": "/account"},
    "citizen/activate": {},
    "citizen/choose_credentials": {},
    "citizen/phone": {"may_skip": True},
    "citizen/forgotten": {},
    "citizen/forgotten_sent": {"until": AT, "next": "/account/forgotten/letter"},
    "citizen/letter_code": {},
    "citizen/new_password": {"user_name": "sanne.de-vries", "proof": "current_password"},
    "citizen/no_number": {**WAY, "waiting": ""},
    **{f"account/{name}": {} for name in ("suspend_account", "suspended")},
    "account/number_letter": {"waiting": "78"},
    "account/number_added": {"number_end": "78"},
    "citizen/time_over": {"start": "/account/apply"},
    "citizen/password_changed": {"next": "/account"},
    "account/overview": {
        "level": Level.LOW,
        "number_end": "78",
        "since": AT,
        "recent": RECENT,
        "hand_overs": HAND_OVERS,
        **dict.fromkeys(
            ("operator", "officer", "help_desk", "apps", "passkeys", "offer_passkey", "cards"), True
        ),
    },
    "cockpit/keys": {
        "own": OWN_KEYS,
        "certificates": CERTIFICATES,
        "words": "",
        "count": 10_000,
        "troubled": 2,
        "partners": [
            {
                "entity_id": PARTNER.entity_id,
                "address": "/cockpit/keys/partner?entity=x",
                "organisation": LONG,
                "breaks": PARTNER.breaks[0],
            },
            {
                "entity_id": "https://portaal.voorbeeld.example/saml/metadata",
                "address": "/cockpit/keys/partner?entity=y",
                "organisation": None,
                "breaks": None,
            },
        ],
        "before": "/cockpit/keys?from=0",
        "after": "/cockpit/keys?from=50",
    },
    "cockpit/partner": {"partner": PARTNER},
    "cockpit/metadata": {"largest": 2_097_152, "most": 250},
    "cockpit/metadata_preview": {"preview": PREVIEW},
    "cockpit/metadata_done": {
        "done": [
            {"entity_id": each.entity_id, "taken": each.taken, "address": "/cockpit/keys/partner?entity=x"}
            for each in PREVIEW.entities
        ]
    },
    "cockpit/metadata_refused": {
        "code": "upload-refused",
        "why": "changed-meanwhile",
        "about": PARTNER.entity_id,
        "reference": REFERENCE,
        "at": AT,
    },
    "account/history": {
        "recent": RECENT,
        "older": "/account/history?before=x",
        "organisations": [("town", PROVIDER), ("long", LONG)],
        "asked": {"organisation": "town", "from": "2027-01-01"},
    },
    "account/history_entry": ENTRY,
    "account/change_number": {"number_end": "", "rests_until": None, "waiting": "78"},
    "account/end_account": {},
    "account/links": {
        "links": [
            {"id": "1", "name": CARD, "level": Level.LOW, "since": AT, "last_used_at": AT},
            {"id": "2", "name": LONG, "level": Level.HIGH, "since": AT, "last_used_at": AT},
        ]
    },
    "account/link_new": {"offered": OFFERED},
    "account/link_confirm": {"means": LONG, "level": Level.LOW},
    "account/link_refused": {},
    "account/ended": {"at": AT},
    "account/devices": {"devices": DEVICES},
    "account/number_changed": {"number_end": "78"},
    "account/not_entered": {},
    "account/report_misuse": {"login": RECENT[0], "mail": "s…@post.example"},
    "figures": {
        "until": AT,
        "figures": [FIGURE, NOTHING_COUNTED],
        "csv": "/figures/cards.csv",
        "rollout": ROLLOUT,
    },
    **{name: {} for name in ("home", "help", "privacy")},
    "accessibility": {"tested": date(2027, 2, 1), "limits": [LONG]},
    "error": {"code": "unavailable", "reference": REFERENCE, "at": AT, "go_back": BACK},
}

_WRONG = {"user_name": ("empty",), "new_password": ("password-too-short", "password-known")}

# What the handlers add, on pages that show it: errors, time, notices.
WITH_ERRORS: Mapping[str, Form] = {
    **ACTING_ERRORS,
    **APP_ERRORS,
    **PASSKEY_ERRORS,
    "account/link_confirm": Form(csrf="c", errors={"": ("linked-elsewhere",)}),
    "account/link_new": Form(csrf="c", errors={"means": ("choose-one",)}),
    "citizen/sign_in": Form(csrf="c", values={"user_name": "sanne"}, errors={"": ("credentials-wrong",)}),
    "citizen/sms_code": Form(csrf="c", errors={"code": ("code-wrong",)}),
    "citizen/apply_person": Form(
        csrf="c",
        values={"bsn": "12", "birth_date": "31-31-1980"},
        errors={"bsn": ("bsn-invalid",), "birth_date": ("date-invalid",)},
    ),
    "citizen/choose_credentials": Form(csrf="c", errors=_WRONG),
    "account/number_letter": Form(csrf="c", errors={"letter_code": ("number-letter-gone",)}),
    "account/suspend_account": Form(csrf="c", errors={"sure": ("not-confirmed",)}),
    **OWN_ERRORS,
    **OFFICE_ERRORS,
    "account/end_account": Form(csrf="c", errors={"sure": ("not-confirmed",)}),
}


def values(name: str) -> dict[str, object]:
    """Return all that a page gets, time left and a notice included."""
    return {
        **SAMPLES[name],
        "place": f"/{name}?login=7&ui_locales=nl",
        "form": Form(csrf="obviously-fake"),
        "time_left": TimeLeft(until=AT, seconds=900),
        "notices": (Notice(text="Storing", tone="warning"),) if name == "login/choose_means" else (),
        "signed_in": name.startswith(("account/", "cockpit/")),
    }
