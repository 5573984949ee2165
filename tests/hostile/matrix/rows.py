"""The table: every route and every act of an app, and which entry it is, or why it is none."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tests.hostile.matrix import entries as e
from tests.hostile.matrix.entries import Entry, On, own_page


class No(enum.Enum):
    """Why a route is no entry."""

    NOBODY = "it is about nobody: the same for all, or about a party"
    BEGINS = "it begins something, and lets nobody in before another row does"
    SHOWS = "it shows the page of a step, whose form is another row"
    SUGGESTS = "it suggests whom a page would show, and lets nobody in: test_l19_suggested_names.py"
    ENDS = "it ends something, and is refused in no state (test_ending_is_refused_in_no_state)"
    ELSEWHERE = "what comes from another party; it ends in the gate that single sign-on passes"
    DESK = (
        "what a desk gives or a letter: test_desk_insiders.py, test_desk_accounts.py, test_desk_mandates.py,"
        " test_app_activation.py"
    )
    CARD = "a step of a card with a reader, each tried in test_o15_card_matrix.py"
    SYSTEM = (
        "a system asks about parties, of whom nobody logs in: test_l19_systems.py, test_l19_statements.py"
    )
    CHECK = "a step of a check of a document, each tried in test_o15_check_matrix.py by the same states"


STEPS = ("whom", "services", "until", "check")
OWN: Final = (
    *("GET /account", "GET /account/history", "GET /account/history/{reference}"),
    *("GET /account/level", "POST /account/level"),
    *("GET /account/devices", "POST /account/devices"),
    *("GET /account/password", "POST /account/password"),
    *("GET /account/number", "POST /account/number"),
    *("GET /account/number/letter", "POST /account/number/letter"),
    *("GET /account/number/{change}", "POST /account/number/{change}"),
    *("GET /account/mail", "POST /account/mail"),
    *("GET /account/mail/{change}", "POST /account/mail/{change}"),
    *("GET /account/suspend", "POST /account/suspend"),
    *("GET /account/end", "POST /account/end"),
    *("GET /account/misuse",),
    *("GET /account/apps", "POST /account/apps", "GET /account/apps/new"),
    *("GET /account/apps/new/{pairing}", "POST /account/apps/new/{pairing}"),
    *("POST /account/apps/lower", "POST /account/apps/letter"),
    *("GET /account/apps/check/{check}", "POST /account/apps/check/{check}"),
    *("GET /account/means", "GET /account/sessions", "GET /account/trail"),
    *("GET /account/history/{reference}/proof", "GET /account/proof/{event}"),
    *("GET /account/passkeys", "POST /account/passkeys", "GET /account/passkeys/added"),
    *("GET /account/passkeys/new", "POST /account/passkeys/new"),
    *("GET /account/cards", "POST /account/cards", "GET /account/notices", "POST /account/notices"),
    *("GET /account/letters", "POST /account/letters"),
    *("GET /account/cards/activate", "POST /account/cards/activate"),
    *("GET /account/cards/activate/{reader}", "POST /account/cards/activate/{reader}"),
    *("GET /account/cards/pin", "POST /account/cards/pin"),
    *("GET /account/data", "POST /account/data"),
    *("GET /account/links", "POST /account/links"),
    *("GET /account/links/new", "POST /account/links/new"),
    *("GET /account/links/confirm/{proposal}", "POST /account/links/confirm/{proposal}"),
    *("GET /account/mandates", "GET /account/mandates/list/{listing}", "GET /account/mandates/used"),
    "GET /account/mandates/list/{listing}/file",
    *("GET /account/mandates/new", "POST /account/mandates/new"),
    *("GET /account/mandates/ask", "POST /account/mandates/ask"),
    *("GET /account/mandates/help", "POST /account/mandates/help"),
    *("GET /account/mandates/code", "POST /account/mandates/code"),
    *(f"{method} /account/mandates/draft/{{draft}}/{step}" for method in ("GET", "POST") for step in STEPS),
    *("GET /account/mandates/one/{edge}", "POST /account/mandates/one/{edge}/agree"),
    *(
        f"POST /account/mandates/one/{{edge}}/{what}"
        for what in ("code", "drop", "end", "extend", "letter", "limit", "renew", "shorten")
    ),
    *("GET /account/mandates/one/{edge}/on", "POST /account/mandates/one/{edge}/on"),
    *("GET /account/mandates/one/{edge}/everything", "POST /account/mandates/one/{edge}/everything"),
    *("GET /account/mandates/jobs/{job}", "POST /account/mandates/jobs/{job}"),
    *("GET /account/teams", "POST /account/teams", "GET /account/teams/{firm}", "POST /account/teams/{firm}"),
    *(f"{method} /account/teams/{{firm}}/unassigned" for method in ("GET", "POST")),
    "GET /account/teams/{firm}/colleagues",
    *("GET /account/teams/{firm}/{team}", "GET /account/teams/{firm}/{team}/many"),
    *(
        f"POST /account/teams/{{firm}}/{{team}}/{what}"
        for what in ("add", "close", "find", "limit", "many", "names", "remove")
    ),
    *("GET /account/mandates/for", "POST /account/mandates/for"),
    *(
        f"GET /account/mandates/for/{{whom}}{path}"
        for path in (
            *(
                "",
                "/list/{listing}",
                "/list/{listing}/file",
                "/used",
                "/new",
                "/ask",
                "/ask/many",
                "/help",
                "/one/{edge}",
                "/one/{edge}/everything",
                "/clients",
                "/ending/{listing}",
                "/hand-over",
                "/jobs/{job}",
            ),
            *(f"/draft/{{draft}}/{step}" for step in STEPS),
            *("/draft/{draft}/asked", "/draft/{draft}/asked/file"),
        )
    ),
    *(
        f"POST /account/mandates/for/{{whom}}{path}"
        for path in (
            *("/new", "/ask", "/ask/many", "/help", "/clients", "/clients/names", "/jobs/{job}"),
            *("/hand-over", "/hand-over/{job}"),
            *(f"/draft/{{draft}}/{step}" for step in STEPS),
            *(
                f"/one/{{edge}}/{what}"
                for what in ("agree", "drop", "end", "everything", "extend", "limit", "renew", "shorten")
            ),
        )
    ),
    *("GET /cockpit/keys", "GET /cockpit/keys/partner"),
    *("GET /cockpit/metadata", "GET /cockpit/metadata/{upload}", "POST /cockpit/metadata/{upload}"),
    *("GET /cockpit/mandates", "POST /cockpit/mandates", "GET /cockpit/explain", "POST /cockpit/explain"),
    *(f"{how} /cockpit/mandates/{{edge}}" for how in ("GET", "POST")),
    "POST /cockpit/mandates/{edge}/proposal",
)
"""Pages of My account: each is tried as it stands here, by whoever is inside."""

CHANGES: Final = frozenset(
    {
        *("POST /account/apps/letter", "GET /account/apps/new", "POST /account/teams/{firm}"),
        "POST /account/teams/{firm}/unassigned",
        *(f"POST /account/teams/{{firm}}/{{team}}/{what}" for what in ("add", "find", "many")),
        *(f"POST /account/mandates/for/{{whom}}/hand-over{job}" for job in ("", "/{job}")),
        *(f"POST /account/mandates/one/{{edge}}/{what}" for what in ("code", "letter")),
        *(
            f"POST {whose}/one/{{edge}}/{what}"
            for whose in ("/account/mandates", "/account/mandates/for/{whom}")
            for what in ("agree", "extend", "renew")
        ),
        *(
            f"{method} {page}"
            for method in ("GET", "POST")
            for page in (
                *("/account/cards/activate", "/account/cards/pin", "/account/data", "/account/end"),
                *("/account/letters", "/account/level", "/account/links/confirm/{proposal}"),
                *("/account/links/new", "/account/mail", "/account/mail/{change}", "/account/notices"),
                *("/account/number", "/account/number/letter", "/account/number/{change}"),
                *("/account/passkeys/new", "/account/password", "/account/suspend"),
                *("/account/mandates/code", "/account/mandates/one/{edge}/on"),
                "/account/mandates/for/{whom}/ask/many",
                *(
                    f"{whose}/{what}"
                    for whose in ("/account/mandates", "/account/mandates/for/{whom}")
                    for what in ("ask", "help", "new", *(f"draft/{{draft}}/{each}" for each in STEPS))
                ),
            )
        ),
    }
)
"""Those that change something: they ask a login of just now, at the level that the account can prove."""

WORK: Final = frozenset(row for row in OWN if "/cockpit/" in row)
"""Those of who works for the hub: they ask a login with two factors."""


def own_entry(row: str) -> Entry:
    """Make the entry of a page of My account, by what it rests on."""
    rests = [On.LOW] if row in CHANGES | WORK else []
    if row.endswith("/account/passkeys/new"):
        rests.append(On.PASSKEY_MEANS)
    method, path = row.split(" ")
    return own_page(method, path, *rests)


NUMBERS = "/account/teams/{firm}/{team}/many/file"
ASKED = "/account/mandates/for/{whom}/ask/many/file"

ROWS: Final[Mapping[str, Entry | No]] = MappingProxyType(
    {
        "GET /oidc/authorize": e.AUTHORIZE,
        "POST /oidc/authorize": No.BEGINS,
        "GET /oidc/authorize/{posted}": e.SINGLE_SIGN_ON,
        "POST /oidc/par": No.BEGINS,
        "POST /oidc/token": e.REDEEM,
        "POST /oidc/token refresh": e.REFRESH,
        "GET /oidc/userinfo": e.USERINFO,
        "POST /oidc/userinfo": e.USERINFO,
        "POST /oidc/introspect": e.INTROSPECT,
        "POST /oidc/revoke": No.ENDS,
        "GET /oidc/logout": No.ENDS,
        "POST /oidc/logout": No.ENDS,
        "GET /login/{login}": No.SHOWS,
        "POST /login/{login}": e.CONFIRM,
        "POST /login/{login}/names": No.SUGGESTS,
        "GET /.well-known/openid-configuration": No.NOBODY,
        "GET /.well-known/oauth-authorization-server": No.NOBODY,
        "GET /oidc/jwks": No.NOBODY,
        "GET /saml/sso": e.SAML_SINGLE_SIGN_ON,
        "POST /saml/sso": No.BEGINS,
        "GET /saml/sso/{posted}": e.SAML_SINGLE_SIGN_ON,
        "GET /saml/answer/{code}": e.SAML_ANSWER,
        "POST /saml/artifact": e.SAML_ARTIFACT,
        "GET /saml/slo": No.ENDS,
        "POST /saml/slo": No.ENDS,
        "GET /saml/slo/{posted}": No.ENDS,
        "POST /saml/slo/soap": No.ENDS,
        "GET /saml/metadata": No.NOBODY,
        "GET /saml/mandates/metadata": No.NOBODY,
        "GET /logout": No.ENDS,
        "GET /logout/{logout}": No.ENDS,
        "POST /logout/{logout}": No.ENDS,
        "GET /saml/means/slo": No.ENDS,
        "POST /saml/means/slo": No.ENDS,
        "GET /saml/means/slo/{posted}": No.ENDS,
        "POST /means/oidc/logout/{means}": No.ENDS,
        "GET /means/oidc/logged-out": No.ENDS,
        "GET /means/citizen/{login}/password": No.SHOWS,
        "POST /means/citizen/{login}/password": e.PASSWORD,
        "GET /means/citizen/{login}/code": No.SHOWS,
        "POST /means/citizen/{login}/code": e.SMS_CODE,
        "GET /means/citizen/{login}/number": No.SHOWS,
        "POST /means/citizen/{login}/number": No.BEGINS,
        "GET /means/citizen/{login}/activation": No.SHOWS,
        "POST /means/citizen/{login}/activation": e.ACTIVATE_ACCOUNT,
        "GET /means/oidc/callback/{means}": No.ELSEWHERE,
        "GET /means/saml/{name}": No.BEGINS,
        "POST /saml/acs": No.ELSEWHERE,
        "GET /saml/acs": No.ELSEWHERE,
        "GET /saml/acs/{posted}": No.ELSEWHERE,
        "GET /account/apply": No.NOBODY,
        "GET /account/apply/person": No.SHOWS,
        "POST /account/apply/person": No.BEGINS,
        "GET /account/apply/sent": No.NOBODY,
        "GET /account/apply/{application}/credentials": No.SHOWS,
        "POST /account/apply/{application}/credentials": No.BEGINS,
        "GET /account/apply/{application}/number": No.SHOWS,
        "POST /account/apply/{application}/number": e.APPLY,
        "GET /account/apply/{application}/code": No.SHOWS,
        "POST /account/apply/{application}/code": e.APPLY,
        "GET /account/forgotten": No.SHOWS,
        "POST /account/forgotten": e.ASK_RECOVERY,
        "GET /account/forgotten/sent": No.NOBODY,
        "GET /account/forgotten/letter": No.SHOWS,
        "POST /account/forgotten/letter": e.RECOVERY_LETTER,
        "GET /account/forgotten/{recovery}/code": No.SHOWS,
        "POST /account/forgotten/{recovery}/code": e.RECOVERY_CODE,
        "GET /account/forgotten/{recovery}/password": No.SHOWS,
        "POST /account/forgotten/{recovery}/password": e.RECOVERY_PASSWORD,
        "GET /account/enter/{ticket}": e.ENTER,
        "GET /account/refused": No.NOBODY,
        "POST /account/logout": No.ENDS,
        "POST /account/misuse": No.ENDS,
        "GET /misuse": No.NOBODY,
        "POST /misuse": No.ENDS,
        **{row: own_entry(row) for row in OWN},
        f"POST {NUMBERS}": own_page("POST", NUMBERS, On.LOW, file=True),
        f"POST {ASKED}": own_page("POST", ASKED, On.LOW, file=True),
        "GET /account/apps/new/{pairing}/state": No.SHOWS,
        "GET /account/apps/check": No.CHECK,
        "POST /account/apps/check": No.CHECK,
        "GET /account/apps/check/{check}/state": No.SHOWS,
        "POST /account/sessions": No.ENDS,
        "GET /means/app/{login}/check/{check}": No.CHECK,
        "GET /means/app/{login}/check/{check}/state": No.CHECK,
        "POST /means/app/{login}/check/{check}": No.CHECK,
        "GET /reader/": No.NOBODY,
        "GET /account/cards/activate/{reader}/state": No.SHOWS,
        "GET /means/card/{login}": No.CARD,
        "GET /means/card/{login}/state": No.CARD,
        "POST /means/card/{login}": No.CARD,
        "POST /account/apps/new": e.APP_ADD,
        "GET /account/links/refused": No.NOBODY,
        "POST /cockpit/metadata": No.BEGINS,
        "GET /app/": No.NOBODY,
        "GET /app/manifest.webmanifest": No.NOBODY,
        "GET /app/worker.js": No.NOBODY,
        "POST /app/v1/contacts": e.APP_CONTACT,
        "POST /app/v1/scans": e.APP_SCAN,
        "POST /app/v1/activations/{session}/key": No.BEGINS,
        "POST /app/v1/activations/{session}/pin": e.APP_ACTIVATE,
        "POST /app/v1/activations/{session}/code": e.APP_ACTIVATE,
        "POST /app/v1/activations/{session}/refuse": No.ENDS,
        "POST /app/v1/logins/{session}/confirm": e.APP_CONFIRM,
        "POST /app/v1/logins/{session}/refuse": No.ENDS,
        "POST /app/v1/challenges": No.BEGINS,
        "POST /app/v1/challenges/{session}/code": No.DESK,
        "POST /app/v1/desk": No.DESK,
        "GET /desk": No.DESK,
        "POST /desk": No.DESK,
        "GET /desk/account": No.DESK,
        "POST /desk/account": No.DESK,
        "GET /account/desk": No.SHOWS,
        "POST /account/desk": No.DESK,
        "GET /account/desk/opened": No.NOBODY,
        "GET /desk/letters": No.DESK,
        "POST /desk/letters": No.DESK,
        "GET /desk/mandate": No.DESK,
        "GET /desk/mandate/end": No.DESK,
        "POST /desk/mandate/end": No.DESK,
        "POST /desk/mandate/end/{look}": No.DESK,
        "POST /desk/mandate": No.DESK,
        "GET /desk/mandate/{visit}/services": No.DESK,
        "POST /desk/mandate/{visit}/services": No.DESK,
        "GET /desk/mandate/{visit}/until": No.DESK,
        "POST /desk/mandate/{visit}/until": No.DESK,
        "GET /desk/mandate/{visit}/check": No.DESK,
        "POST /desk/mandate/{visit}/check": No.DESK,
        "GET /desk/mandate/{visit}/agree": No.DESK,
        "POST /desk/mandate/{visit}/agree": No.DESK,
        "POST /desk/case": No.DESK,
        "POST /desk/case/decide": No.DESK,
        "POST /app/v1/challenges/{session}/pin": e.APP_CHANGE_PIN,
        "POST /app/v1/challenges/{session}/stop": No.ENDS,
        "POST /app/v1/challenges/{session}/subscription": e.APP_SUBSCRIBE,
        "POST /app/v1/challenges/{session}/waiting": e.APP_WAITS,
        "POST /app/v1/logins/{session}/match": e.APP_MATCH,
        "a login that calls an app": e.APP_CALL,
        "act subscribe": e.APP_SUBSCRIBE,
        "act waiting": e.APP_WAITS,
        "act match": e.APP_MATCH,
        "act key": No.BEGINS,
        "act activate": e.APP_ACTIVATE,
        "act letter": e.APP_ACTIVATE,
        "act confirm": e.APP_CONFIRM,
        "act refuse": No.ENDS,
        "act stop": No.ENDS,
        "act pin": e.APP_CHANGE_PIN,
        "POST /reader/v1/sessions": No.CHECK,
        "POST /reader/v1/sessions/{session}/given": No.CHECK,
        "POST /reader/v1/sessions/{session}/answers": No.CHECK,
        "POST /reader/v1/sessions/{session}/end": No.ENDS,
        "GET /means/app/{login}": e.APP_CHOOSE,
        "POST /means/app/{login}": e.APP_PROVE,
        "GET /means/app/{login}/state": No.SHOWS,
        "GET /means/app/{login}/return/{ticket}": e.APP_COME_BACK,
        "GET /means/passkey/{login}": e.PASSKEY_LOGIN,
        "POST /means/passkey/{login}": e.PASSKEY_ANSWER,
        "GET /means/passkey/{login}/question": No.BEGINS,
        "single sign-on after an app": e.APP_SINGLE_SIGN_ON,
        "GET /": No.NOBODY,
        "GET /help": No.NOBODY,
        "GET /practice": No.NOBODY,
        "GET /privacy": No.NOBODY,
        "GET /toegankelijkheid": No.NOBODY,
        "GET /figures": No.NOBODY,
        "GET /figures.csv": No.NOBODY,
        "GET /figures/cards.csv": No.NOBODY,
        "GET /figures/{figure}.csv": No.NOBODY,
        "GET /figures/{figure}.svg": No.NOBODY,
        "GET /.well-known/authzen-configuration": No.NOBODY,
        "GET /access/v1/openapi.json": No.NOBODY,
        "POST /access/v1/evaluation": No.SYSTEM,
        "POST /access/v1/evaluations": No.SYSTEM,
        "POST /access/v1/search/action": No.SYSTEM,
        "POST /access/v1/search/resource": No.SYSTEM,
        "POST /access/v1/search/subject": No.SYSTEM,
        "GET /access/v1/statements/{statement}": No.SYSTEM,
        "GET /decisions/{reference}": No.NOBODY,
        "POST /decisions/{reference}": No.NOBODY,
        "GET /healthz": No.NOBODY,
        "GET /readyz": No.NOBODY,
        "GET /.well-known/security.txt": No.NOBODY,
    }
)
BESIDE_ROUTES: Final = frozenset(
    {"POST /oidc/token refresh", "single sign-on after an app", "a login that calls an app"}
)
"""Entries that share a route with another."""

ENTRIES: Final[tuple[Entry, ...]] = tuple(
    sorted(dict.fromkeys(row for row in ROWS.values() if isinstance(row, Entry)), key=lambda each: each.last)
)
