"""Values for the pages on which a mandate is given to many at once, or many end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.web.mandate_samples import AT, CHECK, EDGE, FIRM, IN_NAME, NAME, ROWS, WHO
from toegang.web.words_of_mandates import LINES

HAND_OVER = "/account/mandates/for/x/hand-over"
MINE = {
    "id": EDGE,
    "other": FIRM,
    "state": "running",
    "until": AT,
    "done": 2,
    "refused": 1,
    "not_asked": [EDGE],
    "more": "?after=x",
}
OTHERS = [{"other": None, "hint": "019"}, {"other": NAME, "hint": ""}, {"other": FIRM, "hint": ""}]

MANY: Mapping[str, Any] = {
    "address": "/account/mandates/for/x/ask/many",
    "most": 200,
    "largest": 256,
    "wrongs": [],
    **IN_NAME,
}
ASKED: Mapping[str, Any] = {
    "lines": [(1, "019", "asked"), (2, "044", "pending-already"), (200, "653", "left")],
    "asked": 1,
    "left": 1,
    "busy": False,
    "file_at": "/account/mandates/for/x/draft/x/asked/file",
    "check_at": "/account/mandates/for/x/draft/x/check",
    **IN_NAME,
}
AT_ONCE_SAMPLES: Mapping[str, dict[str, Any]] = {
    "account/mandate_several": {"rows": ROWS[:2]},
    "account/mandate_ask_many": {**MANY},
    "account/mandate_asked_many": {**ASKED},
    "account/mandate_work": {"id": EDGE, "other": NAME, "state": "running", "done": 100, "refused": 2},
    "account/hand_over": {
        "at": HAND_OVER,
        "waiting": [{"id": EDGE, "other": FIRM, "until": AT}],
        "agreed": [],
        "mine": None,
        "open": True,
        **IN_NAME,
    },
}
AT_ONCE_VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("account/mandate_ask_many", {**MANY, "wrongs": list(enumerate(sorted(LINES), 1))}),
    ("account/mandate_asked_many", {**ASKED, "busy": True}),
    ("account/mandate_asked_many", {**ASKED, "asked": 2, "left": 0, "lines": [(1, "019", "asked")] * 2}),
    ("account/mandate_check", {**CHECK, "asking": True, "clients": 200, "hint": "", **IN_NAME}),
    ("account/mandate_who", {**WHO, "others": OTHERS}),
    ("account/mandate_who", {**WHO, "others": OTHERS, "full": True}),
    ("account/mandate_check", {**CHECK, "more": OTHERS, "organisation": True}),
    ("account/mandate_check", {**CHECK, "more": OTHERS, "against": OTHERS[0]}),
    ("account/mandate_check", {**CHECK, "more": OTHERS, "against": OTHERS[1]}),
    *(
        (
            "account/mandate_work",
            {"id": EDGE, "other": FIRM, "state": each, "done": 1, "refused": 1, **IN_NAME},
        )
        for each in ("running", "done", "stopped")
    ),
    *(
        (
            "account/hand_over",
            {
                "at": HAND_OVER,
                "waiting": [],
                "agreed": [{"id": EDGE, "other": FIRM, "done": 12}],
                "mine": {**MINE, "state": each},
                "open": False,
                **IN_NAME,
            },
        )
        for each in ("proposed", "running", "done", "stopped", "declined", "lapsed")
    ),
)
