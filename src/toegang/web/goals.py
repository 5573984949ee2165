"""Goals: which page of My account is come back to after a login that began there.

A cookie remembers it. What a cookie says was not written by us, so it names one of a closed list, or a page
below teams or mandates, letter by letter of our own addresses: no cookie leads elsewhere.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME: Final = "/account"
COCKPIT: Final = "/cockpit/keys"
BRINGING: Final = "/cockpit/metadata"
OFFICE: Final = "/cockpit/mandates"
EXPLAIN: Final = "/cockpit/explain"
DESK: Final = "/desk"

# What the cookie says > the page that is come back to; a closed list, so that no cookie leads elsewhere.
GOALS: Mapping[str, str] = (
    {
        path.strip("/").replace("/", "-"): HOME + path
        for path in (
            "",
            "/history",
            "/password",
            "/number",
            "/number/letter",
            "/level",
            "/devices",
            "/means",
            "/notices",
            "/letters",
            "/mail",
            "/data",
            "/trail",
            "/sessions",
            "/apps",
            "/apps/new",
            "/apps/check",
            "/passkeys",
            "/passkeys/new",
            "/cards",
            "/cards/activate",
            "/cards/pin",
            "/links",
            "/links/new",
            "/suspend",
            "/end",
            "/misuse",
            "/mandates",
            "/mandates/new",
            "/mandates/ask",
            "/mandates/code",
            "/teams",
            "/mandates/for",
        )
    }
    | {"cockpit": COCKPIT, "bringing": BRINGING, "desk": DESK, "desk-account": DESK + "/account"}
    | {"desk-letters": DESK + "/letters", "office": OFFICE, "explain": EXPLAIN}
)
_BELOW: Final = re.compile(f"{HOME}/(?:teams|mandates)(?:/[A-Za-z0-9_-]+){{1,6}}")
_LONGEST: Final = 512  # signs of a path
_MARK: Final = "at~"
_ACTS: Final = frozenset(
    (
        "add",
        "remove",
        "limit",
        "close",
        "end",
        "agree",
        "letter",
        "code",
        "shorten",
        "extend",
        "drop",
        "renew",
        "file",
        "find",
        "names",
    )
)
"""Last words of addresses that forms are sent to; the page with the form stands one above."""

_LISTS: Final = ("/hand-over",)
"""Pages with a form for each of a list, sent to an address one below."""


def goal_of(asked: str, *, form: bool) -> str:
    """Return what the cookie says of the page that was asked; of a form, of the page that it stands on.

    Of a form at the desk, the desk: not every clerk has an account.
    """
    known = next((name for name, path in GOALS.items() if path == asked), None)
    if known is not None:
        return known
    page, _, last = asked.rpartition("/")
    below = page if form and (last in _ACTS or page.endswith(_LISTS)) else asked
    if _BELOW.fullmatch(below) and len(below) <= _LONGEST:
        return _MARK + urlsafe_b64encode(below.encode()).rstrip(b"=").decode()
    roots = (("desk", DESK + "/"), ("mandates", HOME + "/mandates/"), ("office", OFFICE + "/"))
    return next((name for name, root in roots if asked.startswith(root)), "")


def page_of(goal: str) -> str:
    """Return the page that a cookie means; home where it means none of ours."""
    if not goal.startswith(_MARK):
        return GOALS.get(goal, HOME)
    told = goal.removeprefix(_MARK)
    if len(told) > 2 * _LONGEST:
        return HOME
    try:
        page = urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode("ascii")
    except ValueError:
        return HOME
    return page if _BELOW.fullmatch(page) else HOME
