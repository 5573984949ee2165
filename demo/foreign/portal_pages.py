"""The pages of the health portal: its name, its words, and which language somebody reads them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import HttpResponse

from demo.foreign import pages
from demo.foreign.pages import Page, written
from demo.words import LANGUAGE_COOKIE, Words, language_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

NAME: Final = Words("Gezondheidsportaal Zandermeer", "Zandermeer Health Portal")
SERVICE: Final = Words("Mijn gezondheid", "My health")
ON: Final = Words("Verder naar Toegang", "On to Toegang")
ON_THE_WAY: Final = Words("U gaat naar Toegang om in te loggen.", "You go to Toegang to log in.")
WHY: Final = Words(
    "Hier staat uw medicatie. Daarom is een tweede stap nodig: een sms-code. Niveau: midden.",
    "Your medication is here. So a second step is needed: a code by text message. Level: medium.",
)
FAILED: Final = 400


def language_of(request: HttpRequest) -> str:
    """Return the language of who asks."""
    wished = request.headers.get("accept-language", "")
    return language_from(request.GET.get("language"), request.COOKIES.get(LANGUAGE_COOKIE), wished)


def shown(
    request: HttpRequest, title: Words, body: str, *, status: int = 200, once: bool = False
) -> HttpResponse:
    """Show a page; what is asked only once has no other language, and goes on by itself."""
    page = Page(
        look="portal", name=NAME, title=title, body=body, switch=not once, script=once and status < FAILED
    )
    return HttpResponse(written(page, language_of(request)), status=status)


def on_the_way(request: HttpRequest, url: str, fields: Mapping[str, str]) -> HttpResponse:
    """Show the form that carries a request to the hub."""
    language = language_of(request)
    body = pages.paragraph(ON_THE_WAY, language=language)
    body += pages.form(url, ON, language, fields)
    return shown(request, ON, body, once=True)


def refused(request: HttpRequest, why: str = "") -> HttpResponse:
    """Say that nobody is logged in; in our words, not in those that the library has for its own means."""
    language = language_of(request)
    body = pages.paragraph(pages.TRY_AGAIN, language=language)
    body += pages.received([pages.Fact(name="error", value=why)], language) if why else ""
    body += pages.link("/", Words(f"Terug naar {NAME.nl}", f"Back to {NAME.en}"), language)
    return shown(request, pages.NOT_IN, body, status=FAILED, once=True)
