"""The app's own page, and what makes it installable; what it does stands in static/app.

Installing follows AppManifest and ServiceWorkers. What the app says to the hub is answered by app_api.py,
never here.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from toegang.assurance import Level
from toegang.catalogue.values import Text
from toegang.post.push import LOGIN_WAITS, NEWS
from toegang.web.languages import PARAMETER, Language, in_language, translations
from toegang.web.pages import MEDIA_TYPE
from toegang.web.security_headers import app_headers, data_headers, worker_headers
from toegang.web.visits import LANGUAGE, read_visit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from toegang.web.assets import Assets
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

SHELL = "/app/"
PRACTICE = "/practice"
MANIFEST = SHELL + "manifest.webmanifest"
WORKER = SHELL + "worker.js"
COLOUR = "#0b5563"
N_ = str  # marks a sentence for the translators' list
NOTICES = {
    LOGIN_WAITS: {
        "title": N_("A login waits for you"),
        "body": N_("Did you not begin to log in? Then say so in the app."),
    },
    NEWS: {
        "title": N_("There is news about your account"),
        "body": N_("Look in My account what it is."),
    },
}
"""What a device shows that was pushed to: the same for everybody, on a screen that anybody may see."""
EXAMPLE = {
    "service": Text(nl="Parkeervergunning aanvragen", en="Apply for a parking permit"),
    "provider": Text(nl="Gemeente Voorbeeld", en="Municipality of Example"),
    "level": Level.SUBSTANTIAL,
    "place": Text(nl="Nederland", en="the Netherlands"),
    "browser": Text(nl="Firefox op Windows", en="Firefox on Windows"),
}
"""What is practised with."""
_BESIDE = ("toegang.css", "logo.svg", "noto-sans-latin-400.woff2", "noto-sans-latin-700.woff2")
_NEVER_KEPT = ("/worker.js", "/practice.js", "/jsqr.js")  # not of the page; the last large and seldom needed


async def shell(request: Request, rooms: Rooms) -> Response:
    """Show the app; it is the same for everybody, so the worker may keep it."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    values = {
        "place": SHELL,
        "practice": None,
        "issuer": rooms.openid.issuer,
        "manifest": in_language(MANIFEST, visit.language),
        "push_key": push_key_of(rooms),
    }
    return _app_page(rooms, visit, values)


async def practice(request: Request, rooms: Rooms) -> Response:
    """Show the app's screens to practise with: without an account, a key or a question to the hub.

    So somebody who helps can show each step and never uses the person's own means. It stands outside the
    app's scope: its worker does not keep it, and an installed app never opens as practice.
    """
    visit = read_visit(request, rooms.cookies, rooms.ids)
    return _app_page(rooms, visit, {"place": PRACTICE, "practice": EXAMPLE})


def _app_page(rooms: Rooms, visit: Visit, values: Mapping[str, object]) -> Response:
    response = Response(rooms.pages.render("app/shell", visit.language, **values))
    response.headers["content-type"] = MEDIA_TYPE
    response.raw_headers.extend(app_headers(https=rooms.cookies.https))
    if visit.language_chosen:
        rooms.cookies.write(response, LANGUAGE, visit.language.value)
    return response


async def manifest(request: Request, rooms: Rooms) -> Response:
    """Tell a browser what the app is called and looks like once it is installed."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    content = manifest_of(rooms.pages.names.hub_name, visit.language, rooms.assets)
    response = Response(msgspec.json.encode(content), media_type="application/manifest+json")
    response.raw_headers.extend(data_headers(https=rooms.cookies.https))
    return response


async def worker(_: Request, rooms: Rooms) -> Response:
    """Serve the worker that keeps the page for when there is no network."""
    response = Response(worker_script(rooms.assets), media_type="text/javascript")
    response.raw_headers.extend(worker_headers(https=rooms.cookies.https))
    return response


def manifest_of(name: str, language: Language, assets: Assets) -> dict[str, object]:
    """AppManifest: return a manifest; the app is one app in any language, by its `id`."""
    any_shape = [_icon(assets, f"icon-{size}.png", f"{size}x{size}") for size in (192, 512)]
    masked = _icon(assets, "icon-maskable-512.png", "512x512") | {"purpose": "maskable"}
    return {
        "id": SHELL,
        "name": name,
        "short_name": name,
        "lang": language.value,
        "start_url": SHELL,
        "scope": SHELL,
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": "#ffffff",
        "icons": [*any_shape, masked],
    }


def worker_script(assets: Assets) -> str:
    """Return the worker, beginning with what it keeps; another file makes it another worker."""
    own = [url for url in assets.app_urls() if not url.endswith(_NEVER_KEPT)]
    files = [*own, *map(assets.url, _BESIDE)]
    mark = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
    pages = {each.value: f"{SHELL}?{PARAMETER}={each.value}" for each in Language}
    notices = {each.value: _notices(each) for each in Language}
    made = {"mark": mark, "pages": pages, "files": files, "notices": notices}
    kept = msgspec.json.encode(made).decode()
    return f"const KEPT = {kept};\n{assets.text('app/worker.js')}"


def push_key_of(rooms: Rooms) -> str:
    """RFC8292-3.2: return the key that apps subscribe with; empty where no push service may be called."""
    push = rooms.apps.subscribing.desk.push
    return urlsafe_b64encode(push.public).rstrip(b"=").decode() if push.services.some else ""


def _notices(language: Language) -> dict[str, dict[str, str]]:
    say = translations(language).ugettext
    return {kind: {name: say(text) for name, text in said.items()} for kind, said in NOTICES.items()}


def _icon(assets: Assets, file: str, sizes: str) -> dict[str, str]:
    return {"src": assets.url(f"app/{file}"), "sizes": sizes, "type": "image/png"}


ROUTES = (
    ("GET", SHELL, shell),
    ("GET", PRACTICE, practice),
    ("GET", MANIFEST, manifest),
    ("GET", WORKER, worker),
)
