"""Values for the pages on which a mandate is given to many at once, or many end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.web.mandate_samples import CHECK, EDGE, FIRM, IN_NAME, NAME, ROWS, WHO

OTHERS = [{"other": None, "hint": "019"}, {"other": NAME, "hint": ""}, {"other": FIRM, "hint": ""}]

AT_ONCE_SAMPLES: Mapping[str, dict[str, Any]] = {
    "account/mandate_several": {"rows": ROWS[:2]},
    "account/mandate_work": {"id": EDGE, "other": NAME, "state": "running", "done": 100, "refused": 2},
}
AT_ONCE_VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
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
)
