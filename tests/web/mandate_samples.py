"""Values for the pages about mandates, as the handlers give them; long and odd names on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from toegang.catalogue.values import Text
from toegang.mandates.filling import Outcome
from toegang.mandates.names import Shown
from toegang.mandates.party import PartyKind
from toegang.mandates.reasons import Reason
from toegang.web.forms import Form

AT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SERVICE = Text(nl="Parkeervergunning aanvragen", en="Apply for a parking permit")
PROVIDER = Text(nl="Gemeente Zandvoort aan de Zee", en="Municipality of Zandvoort aan de Zee")
NAME = Shown(kind=PartyKind.PERSON, name="S. van der Wolkenbreuk-Hottentottententententoonstelling")
FIRM = Shown(kind=PartyKind.ORGANISATION, name="Bouwbedrijf De Eerste Steen en Zonen Zandvoort B.V.")
IN_NAME: Mapping[str, Any] = {"behalf": FIRM, "together": True, "mandates_at": "/account/mandates/for/x"}
NAMELESS = Shown(kind=PartyKind.PERSON)
EDGE = "018f0000-0000-7000-8000-000000000001"
ANOTHER = "018f0000-0000-7000-8000-000000000002"
SINGLE: Mapping[str, Any] = {
    "key": f"service:{EDGE}",
    "wide": "service",
    "names": SERVICE,
    "as_of": None,
    "width": None,
}
WIDE: Mapping[str, Any] = {
    "key": "provider:zandvoort",
    "wide": "provider",
    "names": PROVIDER,
    "as_of": AT,
    "width": {"count": 12, "left_out": [SERVICE, SERVICE], "others": 3},
}
GROUP: Mapping[str, Any] = {
    "key": "group:wonen",
    "wide": "group",
    "names": Text(nl="Wonen en verbouwen", en="Housing and building"),
    "as_of": None,
    "width": {"count": 1, "left_out": [], "others": 0},
}
SERVICES = [SINGLE, {**SINGLE, "key": f"service:{ANOTHER}", "names": None}, WIDE, GROUP]
COMING = [
    {"key": EDGE, "names": SERVICE, "from": AT, "ends": True},
    {"key": ANOTHER, "names": PROVIDER, "from": AT, "ends": False},
]
ROW: Mapping[str, Any] = {
    "id": EDGE,
    "address": f"/account/mandates/one/{EDGE}",
    "named": False,
    "other": NAME,
    "hint": None,
    "services": SERVICES,
    "limits": [],
    "from": AT,
    "until": AT,
    "state": "active",
    "early": False,
    "over": False,
    "fallen": False,
    "works": False,
    "mine": True,
    "answer": False,
    "waits_until": None,
    "given_on_by": None,
    "on_for": None,
    "beside": None,
    "signers": [],
}
WAITING = {
    **ROW,
    "other": None,
    "hint": "019",
    "state": "offered",
    "waits_until": AT,
    "services": SERVICES[:1],
}
OVER = {**ROW, "other": NAMELESS, "over": True, "mine": False}
ROWS = [ROW, WAITING, OVER, {**ROW, "other": NAME, "mine": False, "works": True, "fallen": True}]
DETAIL = {
    **ROW,
    "former": {"said": [], "since": None, "older": ""},
    "why": None,
    "reasons": [each.value for each in Reason],
    "coming": COMING,
    "limits_open": [],
    "limits_may": [],
    "version": "3." + "a" * 64,
    "one_agent": False,
    "helper": False,
    "grants": False,
    "may_give_on": False,
    "may_agree": False,
    "may_end": True,
    "may_end_all": True,
    "may_letter": False,
    "may_code": False,
    "may_change": True,
    "may_extend": True,
    "may_renew": False,
}
CHECK = {
    "asking": False,
    "doer": None,
    "falls": False,
    "organisation": False,
    "helper": False,
    "grants": False,
    "me": NAME,
    "other": None,
    "hint": "019",
    "more": [],
    "clients": 0,
    "against": None,
    "whom_at": "/account/mandates/draft/x/whom",
    "read": "a" * 64,
    "services": SERVICES,
    "limits": [],
    "from": AT,
    "early": False,
    "one_agent": False,
    "until": AT,
    "coming": COMING[:1],
}

HAND_OVERS = [{"address": "/account/mandates/for/x/hand-over", "name": each} for each in (FIRM, NAME)]
OF_FIRM = {
    "teams_at": "/account/teams/f",
    "clients_at": "/account/mandates/for/x/clients",
    "hand_over_at": "/account/mandates/for/x/hand-over",
    "hand_overs": HAND_OVERS[:1],
}
TEAM_NAME = "Loonaangiften-en-omzetbelastingteam"
CLIENTS: Mapping[str, Any] = {
    "at": "/account/mandates/for/x/clients",
    "rows": [{**ROW, **IN_NAME, "mine": False, "named": True}],
    "found": False,
    "more": "?edge=x",
    "more_names": "",
    "file": "/account/mandates/for/x/list/received/file",
    "beyond": "/account/mandates/for/x/clients?edge=y",
    "suggested_at": "/account/mandates/for/x/clients/names",
    **IN_NAME,
}
ENDING: Mapping[str, Any] = {
    "listing": "received",
    "lists": ["received", "workers", "given"],
    "days": 60,
    "ahead": (30, 60, 90),
    "rows": [{**ROW, "mine": False, "named": True, "may_renew": True}, {**OVER, "may_renew": False}],
    "more": "?edge=x",
    "file": "/account/mandates/for/x/list/received/file?days=60",
    **IN_NAME,
}
UNASSIGNED: Mapping[str, Any] = {
    "firm": FIRM,
    "firm_address": "/account/teams/f",
    "teams": [(EDGE, TEAM_NAME), (ANOTHER, "Zorg")],
    "other_teams": "?teams=x",
    "rows": [{"box": "client-one", "name": NAME}, {"box": "client-two", "name": NAMELESS}],
    "more": "?edge=x",
    "added": 2,
    "to": TEAM_NAME,
    "too_high": 1,
}

WHO = {"asking": False, "organisation": False, "others": [], "full": False, "most": 10}

MANDATE_SAMPLES: Mapping[str, dict[str, Any]] = {
    "account/mandates": {
        **dict.fromkeys(("teams_at", "hand_over_at", "clients_at"), ""),
        "lists": [
            ("to-answer", [WAITING], True),
            ("given", ROWS, False),
            ("received", [], False),
            ("waiting", [], False),
        ],
        "hand_overs": HAND_OVERS,
    },
    "account/mandates_for": {
        "hand_overs": HAND_OVERS[:1],
        "rows": [
            {"address": "/account/mandates/for/x", "name": NAME, "basis": "parental-joint"},
            {"address": "/account/mandates/for/y", "name": FIRM, "basis": "director-joint"},
        ],
    },
    "account/mandate_list": {
        "listing": "ended",
        "rows": ROWS,
        "more": "/account/mandates/list/ended?edge=x",
        "file": "/x",
        "beyond": "/account/mandates/list/ended?edge=y",
    },
    "account/mandate": dict(DETAIL),
    "account/mandate_everything": {**DETAIL, "others": True},
    "account/mandate_who": WHO,
    "account/mandate_help": {"found": [("library", "Bibliotheek Zandvoort aan de Zee")], "many": True},
    "account/mandate_services": {
        "asking": False,
        "found": [{"id": ANOTHER, "names": SERVICE, "owner": PROVIDER}],
        "chosen": [{"id": EDGE, "names": SERVICE}],
        "wide": [{**WIDE, "ticked": True}, {**GROUP, "ticked": False}],
        "later": False,
        "many": True,
    },
    "account/mandate_until": {
        "asking": True,
        "longest": AT,
        "usual": AT,
        "may_grant": True,
        "granted": True,
        "limits_lost": False,
        "limits_own": [],
        "limits_open": ["actions", "amount"],
        "limits_may": ["view", "all"],
    },
    "account/mandate_check": dict(CHECK),
    "account/mandate_on": {
        "id": EDGE,
        "of": NAME,
        "services": [{"id": EDGE, "names": SERVICE}, {"id": ANOTHER, "names": SERVICE}],
        "until": AT,
    },
    "account/teams": {},
    "account/teams_firm": {
        "firm": NAMELESS,
        "teams": [{"name": "Loonaangiften-en-omzetbelastingteam", "address": f"/account/teams/f/{EDGE}"}],
        "more": "?after=x",
        "address": "/account/teams/f",
        "firm_mandates_at": "/account/mandates/for/x",
    },
    "account/team": {
        "team": "Loonaangiften-en-omzetbelastingteam",
        "address": f"/account/teams/f/{EDGE}",
        "firm_address": "/account/teams/f",
        "people": [
            {"id": "one", "name": NAME, "for_all": True},
            {"id": "two", "name": NAMELESS, "for_all": False},
        ],
        "clients": [{"id": "three", "name": NAME, "for_all": False}],
        "more_people": "?people=x",
        "more_clients": "?clients=x",
        "may_close": True,
        "looked": True,
        "found": [{"id": "four", "name": FIRM}],
        "more_names": "four",
    },
    "account/clients": dict(CLIENTS),
    "account/ending": dict(ENDING),
    "account/team_unassigned": dict(UNASSIGNED),
    "account/team_colleagues": {
        "firm": FIRM,
        "firm_address": "/account/teams/f",
        "rows": [
            {
                "name": NAME,
                "for_all": False,
                "early": False,
                "until": AT,
                "teams": [{"name": TEAM_NAME, "address": f"/account/teams/f/{EDGE}"}],
            },
            {"name": NAMELESS, "for_all": True, "early": False, "until": AT, "teams": []},
        ],
        "more": "?edge=x",
    },
    "account/team_many": {
        "team": "Loonaangiften-en-omzetbelastingteam",
        "address": f"/account/teams/f/{EDGE}",
        "most": 1000,
        "largest": 256,
        "lines": [("90000303", each) for each in (*Outcome, "invalid", "twice")],
        "read": "digest",
        "done": False,
        "changed": True,
        "adding": 3,
    },
    "account/mandate_code": {"code": "K7QM-4TXB-29PR"},
    "account/mandates_used": {
        "rows": [
            {"name": NAME, "of": FIRM, "service": SERVICE, "at": AT},
            {"name": NAMELESS, "of": None, "service": None, "at": AT},
        ],
        "older": "/account/mandates/used?before=x",
    },
}
MANDATE_VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("account/clients", {**CLIENTS, "found": True, "more": "", "beyond": "", "file": "", "more_names": "x"}),
    ("account/clients", {**CLIENTS, "found": True, "more": "", "beyond": "", "file": "", "rows": []}),
    ("account/clients", {**CLIENTS, "more": "", "beyond": "", "rows": []}),
    ("account/ending", {**ENDING, "rows": [], "more": ""}),
    ("account/team_unassigned", {**UNASSIGNED, "added": 0, "too_high": 0, "rows": [], "more": ""}),
    ("account/team_unassigned", {**UNASSIGNED, "rows": []}),
    ("account/team_unassigned", {**UNASSIGNED, "teams": [], "other_teams": ""}),
    (
        "account/team_colleagues",
        {
            "firm": FIRM,
            "firm_address": "/account/teams/f",
            "rows": [{"name": NAME, "for_all": False, "early": True, "until": AT, "teams": []}],
            "more": "",
        },
    ),
    ("account/team_colleagues", {"firm": FIRM, "firm_address": "/account/teams/f", "rows": [], "more": ""}),
    ("account/mandates_for", {"rows": [], "hand_overs": []}),
    ("account/mandates", {"lists": [("workers", ROWS, True), ("given", [], False)], **OF_FIRM, **IN_NAME}),
    *(
        (
            "account/mandate_list",
            {"listing": each, "rows": ROWS, "more": "", "file": "/x", "beyond": "", **IN_NAME},
        )
        for each in ("workers", "ended")
    ),
    ("account/mandate_list", {"listing": "workers", "rows": ROWS, "more": "", "file": "/x", "beyond": ""}),
    ("account/mandate", {**DETAIL, **IN_NAME}),
    ("account/mandate_everything", {**DETAIL, "others": True, **IN_NAME}),
    ("account/mandate_who", {**WHO, "asking": True, "organisation": True, **IN_NAME}),
    ("account/mandates_used", {"rows": [], "older": "", **IN_NAME}),
    (
        "account/mandate_check",
        {**CHECK, "doer": NAME, "falls": True, "organisation": True, "other": FIRM, "hint": "", **IN_NAME},
    ),
    ("account/mandate", {**DETAIL, **WAITING, "may_change": False, "may_letter": True}),
    ("account/mandate", {**DETAIL, **WAITING, "state": "code-sent", "may_change": False, "may_code": True}),
    (
        "account/mandate",
        {**DETAIL, **WAITING, "answer": True, "may_agree": True, "mine": False, "may_change": False},
    ),
    ("account/mandate", {**DETAIL, **OVER, "may_end": False, "may_change": False, "may_renew": True}),
    (
        "account/mandate_check",
        {**CHECK, "services": [{**SINGLE, "key": "all:", "wide": "all", "names": None}]},
    ),
    ("account/mandate_who", {**WHO, "asking": True}),
    ("account/mandate_help", {"found": [], "many": False, **IN_NAME}),
    ("account/mandate", {**DETAIL, "other": FIRM, "helper": True}),
    *(("account/mandate", {**DETAIL, "over": True, "may_end": False, "why": each.value}) for each in Reason),
    ("account/mandate", {**DETAIL, "mine": False, "grants": True, "may_give_on": True}),
    ("account/mandate", {**DETAIL, "given_on_by": NAME, "fallen": True}),
    (
        "account/mandate",
        {
            **DETAIL,
            "beside": FIRM,
            "state": "awaiting-cosign",
            "answer": True,
            "may_agree": True,
            "signers": [{"name": NAME, "signed": True}, {"name": NAMELESS, "signed": False}],
        },
    ),
    (
        "account/mandate_list",
        {"listing": "to-answer", "rows": [{**ROW, "beside": FIRM}], "more": "", "file": "/x", "beyond": ""},
    ),
    ("account/mandate", {**DETAIL, "on_for": NAME, "may_change": False}),
    (
        "account/mandate_list",
        {"listing": "given-on", "rows": [{**ROW, "on_for": NAME}], "more": "", "file": "/x", "beyond": ""},
    ),
    (
        "account/mandate_list",
        {"listing": "given-on", "rows": [], "more": "", "file": "/x", "beyond": "", **IN_NAME},
    ),
    ("account/mandates", {"lists": [("given-on", ROWS, True)]}),
    (
        "account/mandate_on",
        {"id": EDGE, "of": NAME, "services": [{"id": EDGE, "names": SERVICE}], "until": AT},
    ),
    ("account/mandate_check", {**CHECK, "grants": True, "doer": NAME, "falls": True}),
    ("account/mandate", {**DETAIL, "mine": False, "helper": True}),
    ("account/mandate_check", {**CHECK, "organisation": True, "helper": True, "other": FIRM, "hint": ""}),
    ("account/mandate_check", {**CHECK, "asking": True, "other": NAME, "hint": ""}),
    ("account/mandate_code", {"code": ""}),
    ("account/mandate", {**DETAIL, "early": True}),
    ("account/mandate", {**DETAIL, "state": "suspended", "may_change": False}),
    (
        "account/mandate_list",
        {"listing": "given", "rows": [{**ROW, "early": True}], "more": "", "file": "/x", "beyond": ""},
    ),
    ("account/mandate_check", {**CHECK, "early": True}),
    ("account/mandate_check", {**CHECK, "one_agent": True}),
    ("account/mandate", {**DETAIL, "may_agree": True, "one_agent": True}),
)
MANDATE_ERRORS: Mapping[str, Form] = {
    "account/mandate": Form(csrf="c", errors={"until": ("date-invalid",)}),
    "account/clients": Form(
        csrf="c", errors={"client_name": ("name-too-short",), "client_number": ("no-client-of-it",)}
    ),
    "account/team_unassigned": Form(csrf="c", errors={"clients": ("choose-one",), "team": ("choose-one",)}),
    "account/mandates_for": Form(csrf="c", errors={"number_of": ("nobody-to-give-for",)}),
    "account/mandate_who": Form(csrf="c", errors={"bsn": ("bsn-invalid",), "birth_date": ("date-invalid",)}),
    "account/mandate_help": Form(csrf="c", errors={"helper": ("choose-one",)}),
    "account/mandate_on": Form(csrf="c", errors={"services": ("choose-one",)}),
    "account/mandate_services": Form(csrf="c", errors={"services": ("choose-one",)}),
    "account/mandate_until": Form(csrf="c", errors={"until": ("day-is-over",)}),
    "account/mandate_check": Form(csrf="c", errors={"": ("mandate-level-too-low",)}),
}
