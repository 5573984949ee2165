"""Values for the pages about mandates that have limits, or can get them; long ones on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.web.mandate_samples import AT, CHECK, DETAIL, ROW, SERVICES
from toegang.catalogue.representation import LimitKind

LIMITS = [
    ("prepare", ""),
    ("amount", "€ 1.250,50"),
    ("look-back", "1 januari 2026"),
    ("case", "2026-001/Wkr, Z.4711"),
    ("branch", "000012345678"),
]
OPEN: Mapping[str, Any] = {
    "limits_open": [each.value for each in LimitKind],
    "limits_may": ["view", "prepare", "all"],
}

LIMIT_VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("account/mandate_check", {**CHECK, "limits": LIMITS}),
    ("account/mandate", {**DETAIL, "limits": LIMITS, **OPEN}),
    (
        "account/mandate_until",
        {
            "asking": False,
            "longest": None,
            "usual": AT,
            "may_grant": False,
            "granted": False,
            "limits_lost": True,
            "limits_own": [],
            "limits_open": [],
            "limits_may": [],
        },
    ),
    (
        "account/mandate_until",
        {
            "asking": False,
            "longest": None,
            "usual": AT,
            "may_grant": False,
            "granted": False,
            "limits_lost": False,
            "limits_own": LIMITS,
            "limits_open": ["amount"],
            "limits_may": [],
        },
    ),
    (
        "account/mandate_list",
        {"listing": "given", "rows": [{**ROW, "limits": LIMITS}], "more": "", "file": "/x", "beyond": ""},
    ),
    (
        "account/mandate",
        {
            **DETAIL,
            "former": {
                "said": [{"at": AT, "until": AT, "services": SERVICES, "limits": LIMITS}],
                "since": AT,
                "older": "/account/mandates",
            },
        },
    ),
)
