"""A browser without a screen: follows redirects, keeps cookies per host name, fills in forms.

A form that only carries a message of SAML on is sent at once, as a script in the page does in other browsers.

Cookies are kept by host name and not by port, as browsers do, which is why every party's cookie has a name
of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx2

SERVED = frozenset({"a", "form", "input", "button", "h1", "option", "select"})
LONGEST_CHAIN = 20
CARRIED = frozenset({"SAMLRequest", "SAMLResponse"})


@dataclass(slots=True)
class Form:
    """A form on a page: where it goes, what stands in it, and its buttons as (name, value)."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A page as read: its address, status, heading, links (text to address), forms, buttons by text."""

    url: str
    status: int
    text: str
    heading: str = ""
    links: dict[str, str] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    buttons: dict[str, tuple[Form, tuple[str, str]]] = field(default_factory=dict)

    def button(self, begin: str) -> tuple[Form, tuple[str, str]] | None:
        """Find the button whose text begins so, and its form."""
        return next((found for text, found in self.buttons.items() if text.startswith(begin)), None)

    def form_with(self, name: str) -> Form | None:
        """Find the form that has a field, or a button, of this name."""
        for form in self.forms:
            if name in form.fields or any(button == name for button, _ in form.buttons):
                return form
        return None

    def link(self, begin: str) -> str:
        """Return the address of the link whose text begins so.

        Raises:
            LookupError: the page has no such link.

        """
        for text, address in self.links.items():
            if text.startswith(begin):
                return address
        message = f"{self.url} has no link {begin!r}, but {list(self.links)}"
        raise LookupError(message)


class Browser:
    """One person's browser."""

    def __init__(self) -> None:
        """Open it, without cookies."""
        self._client = httpx2.Client(timeout=30, headers={"accept-language": "nl"}, transport=_OwnDomain())

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._client.close()

    def get(self, url: str) -> Page:
        """Go to an address."""
        return self._follow(self._client.get(url))

    def submit(self, page: Page, form: Form, values: dict[str, str], button: tuple[str, str] | None) -> Page:
        """Fill in the form and press a button."""
        sent = form.fields | values | (dict([button]) if button else {})
        target = urljoin(page.url, form.action or page.url)
        origin = origin_of(page.url)
        site = "same-origin" if origin_of(target) == origin else "same-site"
        headers = {"origin": origin, "sec-fetch-site": site}
        if form.method == "post":
            return self._follow(self._client.post(target, data=sent, headers=headers))
        return self._follow(self._client.get(target, params=sent))

    def _follow(self, response: httpx2.Response) -> Page:
        for _ in range(LONGEST_CHAIN):
            if response.next_request is None:
                page = read(str(response.url), response.status_code, response.text)
                carrying = next((form for form in page.forms if CARRIED & set(form.fields)), None)
                return self.submit(page, carrying, {}, None) if carrying else page
            response = self._client.send(response.next_request)
        message = "more redirects than a browser follows"
        raise LookupError(message)


def origin_of(url: str) -> str:
    """Return the part of an address that says whose it is."""
    return str(httpx2.URL(url).copy_with(path="/", query=None)).rstrip("/")


def read(url: str, status: int, text: str) -> Page:
    """Read a page."""
    reader = _Reader(Page(url=url, status=status, text=text))
    reader.feed(text)
    return reader.page


class _OwnDomain(httpx2.HTTPTransport):
    """Takes a cookie whose domain is the host that gave it, as browsers do, also when that is `localhost`."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Leave such a domain out: then the cookie is for this host, which is the same."""
        response = super().handle_request(request)
        own = f"; domain={request.url.host}"
        response.headers = httpx2.Headers(
            [
                (name, re.sub(re.escape(own), "", value, flags=re.IGNORECASE))
                if name.lower() == "set-cookie"
                else (name, value)
                for name, value in response.headers.multi_items()
            ]
        )
        return response


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self._inside: list[str] = []
        self._words: list[str] = []
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in {"a", "h1", "button"}:
            self._words, self._href = [], found.get("href", "")
        if tag == "form":
            self.page.forms.append(Form(found.get("action", ""), found.get("method", "get").lower()))
        elif self.page.forms and found.get("name"):
            self._field(tag, found)

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        said = " ".join("".join(self._words).split())
        if tag == "a" and self._href:
            self.page.links.setdefault(said, urljoin(self.page.url, self._href))
        elif tag == "h1":
            self.page.heading = said
        elif tag == "button" and self.page.forms and self.page.forms[-1].buttons:
            form = self.page.forms[-1]
            self.page.buttons.setdefault(said, (form, form.buttons[-1]))  # all buttons here have names

    def _field(self, tag: str, found: dict[str, str]) -> None:
        form = self.page.forms[-1]
        kind = found.get("type", "submit" if tag == "button" else "text")
        if kind == "submit":
            form.buttons.append((found["name"], found.get("value", "")))
        elif kind not in {"checkbox", "radio"} or "checked" in found:
            form.fields[found["name"]] = found.get("value", "")
