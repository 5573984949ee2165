"""The pages of parties on other software: the same look and the same words as the other parties have."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from demo.words import Words, other_than

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
STYLE: Final = "/static/demo.css"
SUBMIT: Final = "/static/submit.js"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
EVERY_PAGE: Final = Words(
    "Demo: alles op deze pagina is verzonnen.", "Demo: everything on this page is made up."
)
TO_CONTENT: Final = Words("Naar de inhoud", "To the content")
OTHER_LANGUAGE: Final = Words("English", "Nederlands")
LOG_OUT: Final = Words("Log uit", "Log out")
GOT: Final = Words("Wat deze website over u kreeg, en waarom", "What this website got about you, and why")
NOT_IN: Final = Words("U bent niet ingelogd", "You are not logged in")
TRY_AGAIN: Final = Words(
    "Het inloggen is gestopt of niet gelukt. U kunt het opnieuw proberen.",
    "Logging in was stopped or did not succeed. You can try again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page is made of; `body` is HTML. Where asking again asks something else there is no switch."""

    look: str
    name: Words
    title: Words
    body: str
    switch: bool = True
    script: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a website received, and what it is for."""

    name: str
    value: str
    why: Words | None = None


def written(page: Page, language: str) -> str:
    """Write a page in one language."""
    other = other_than(language)
    switch = (
        f'<p class="switch"><a href="?language={other}" lang="{other}" hreflang="{other}">'
        f"{OTHER_LANGUAGE.said(language)}</a></p>"
    )
    script = f'<script src="{SUBMIT}" defer></script>' if page.script else ""
    title = escape(page.title.said(language))
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - demo</title>
<link rel="stylesheet" href="{STYLE}">{script}
</head>
<body class="{page.look}">
<header>
<a class="skip" href="#main">{TO_CONTENT.said(language)}</a>
<p class="demo">{EVERY_PAGE.said(language)}</p>
<div class="bar">
<p class="name">{escape(page.name.said(language))}</p>
{switch if page.switch else ""}
</div>
</header>
<main id="main" tabindex="-1">
<h1>{title}</h1>
{page.body}
</main>
</body>
</html>
"""


def paragraph(*words: Words, language: str) -> str:
    """Write sentences as one paragraph."""
    return f"<p>{escape(' '.join(each.said(language) for each in words))}</p>"


def status(loud: str, rest: str) -> str:
    """Write what somebody must know before all else, such as for whom they act."""
    return f'<p class="acting" role="status"><strong>{escape(loud)}</strong> {escape(rest)}</p>'


def link(href: str, words: Words, language: str) -> str:
    """Write a link that looks like a button."""
    return f'<p><a class="button" href="{escape(href)}">{escape(words.said(language))}</a></p>'


def file(href: str, words: Words, octets: bytes, language: str) -> str:
    """Write a link to a file, and what it must be compared by."""
    digest = hashlib.sha256(octets).hexdigest()
    return (
        f'<p><a href="{escape(href)}" download>{escape(words.said(language))}</a>'
        f"<br>SHA-256: <code>{digest}</code></p>"
    )


def form(action: str, words: Words, language: str, fields: Mapping[str, str] | None = None) -> str:
    """Write a form with one button, and fields that nobody sees."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (fields or {}).items()
    )
    return (
        f'<form method="post" action="{escape(action)}">{hidden}'
        f"<button>{escape(words.said(language))}</button></form>"
    )


def received(facts: Iterable[Fact], language: str) -> str:
    """Write what a website received, and why."""
    lines = [f"<h2>{GOT.said(language)}</h2>", "<dl>"]
    for fact in facts:
        why = f"<br>{escape(fact.why.said(language))}" if fact.why else ""
        lines += [f"<dt>{escape(fact.name)}</dt>", f"<dd><code>{escape(fact.value)}</code>{why}</dd>"]
    return "\n".join([*lines, "</dl>"])
