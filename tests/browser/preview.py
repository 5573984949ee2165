"""Every page with sample values, answered to a browser without a server, under its real headers."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Route

from tests.web.at_once_samples import AT_ONCE_VARIANTS
from tests.web.limit_samples import LIMIT_VARIANTS
from tests.web.mandate_samples import MANDATE_VARIANTS
from tests.web.samples import SAMPLES, WITH_ERRORS, values
from toegang.web.app import EXAMPLE, PRACTICE, WORKER
from toegang.web.assets import Assets
from toegang.web.languages import Language
from toegang.web.pages import MEDIA_TYPE, Names, Pages
from toegang.web.security_headers import app_headers, page_headers

HOUSE = "https://toegang.example"
NAMES = Names(
    demo=True,
    operator="Stichting Voorbeeld",
    help_mail="hulp@voorbeeld.example",
    help_telephone="010 000 00 00",
)
FORMS_OF_PAGES = (*MANDATE_VARIANTS, *AT_ONCE_VARIANTS, *LIMIT_VARIANTS)
"""Other forms of pages: a page, and its values in place of those of its sample."""


class Preview:
    """Answers a browser context: /login/choose_means?ui_locales=nl, with `&wrong=yes` for its errors.

    With `&form=7` it is another form of the page, by its place in FORMS_OF_PAGES.
    """

    def __init__(self) -> None:
        """Load pages and files."""
        self._assets = Assets.load()
        self._pages = Pages(self._assets, NAMES)

    def attach(self, context: BrowserContext) -> None:
        """Answer every request of `context`; nothing leaves the browser."""
        context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        asset = self._assets.find(parts.path)
        name = parts.path.strip("/")
        if asset is not None:
            route.fulfill(body=asset.body, content_type=asset.media_type)
        elif parts.path == WORKER:
            # What a worker asks is not answered here, so it keeps nothing.
            route.fulfill(body="", content_type="text/javascript")
        elif name in SAMPLES or parts.path == PRACTICE:
            query = parse_qs(parts.query)
            practised = parts.path == PRACTICE
            filled: dict[str, object] = {"place": PRACTICE, "practice": EXAMPLE}
            if not practised:
                filled = dict(values(name))
            if "form" in query:
                filled |= FORMS_OF_PAGES[int(query["form"][0])][1]
            if "wrong" in query:
                filled["form"] = WITH_ERRORS[name]
            page = "app/shell" if practised else name
            body = self._pages.render(page, Language(query["ui_locales"][0]), **filled)
            given = app_headers(https=True) if page.startswith("app/") else page_headers(https=True)
            headers = {key.decode(): value.decode() for key, value in given}
            route.fulfill(body=body, headers=headers | {"content-type": MEDIA_TYPE})
        else:
            route.fulfill(status=404, body="")
