"""The files that pages refer to: style sheets, fonts, a logo, scripts, and those of the app; read once.

Each is served under a name that holds a hash of its content, so that it may be cached for ever and a
new version is fetched at once. All style sheets of the pages are one file. The files of the app call each
other by name, so those share one hash, in the name of their folder.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

STATIC = "/static/"
CACHE_CONTROL = "public, max-age=31536000, immutable"  # a year: the name changes with the content

_STYLES = ("vendor/fonts.css", "vendor/theme.css", "vendor/components.css", "house.css")
_FONTS = ("latin-400", "latin-700", "latin-ext-400", "latin-ext-700")
_FILES = {
    **{f"noto-sans-{font}.woff2": (f"vendor/noto-sans-{font}.woff2", "font/woff2") for font in _FONTS},
    "logo.svg": ("logo.svg", "image/svg+xml"),
    "time-left.js": ("time-left.js", "text/javascript; charset=utf-8"),
    "passkey.js": ("passkey.js", "text/javascript; charset=utf-8"),
    "pairing.js": ("pairing.js", "text/javascript; charset=utf-8"),
    "suggest.js": ("suggest.js", "text/javascript; charset=utf-8"),
    "send-form.js": ("send-form.js", "text/javascript; charset=utf-8"),
}
APP = "app/"  # the app's files go by this name and their own
_APP_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_APP_READS = {"jsqr.js": "vendor/jsqr.js"}  # what stands in the app's folder as served, and elsewhere in ours
_URL = re.compile(r"url\(([\w.-]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file as served; `gzipped` is None where packing gains nothing (fonts)."""

    url: str
    media_type: str
    body: bytes
    gzipped: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Assets:
    """All files, by the name that templates use and by the address that browsers ask.

    Two are equal that serve the same addresses: each address holds a hash of what is served there.
    """

    _by_name: Mapping[str, Asset]
    _by_url: Mapping[str, Asset]

    def __eq__(self, other: object) -> bool:
        """Say whether the same files are served."""
        return isinstance(other, Assets) and self._by_url.keys() == other._by_url.keys()

    def __hash__(self) -> int:
        """Go by the addresses."""
        return hash(frozenset(self._by_url))

    @classmethod
    def load(cls, theme_css: Path | None = None) -> Assets:
        """Read the files of the package and, after them, the house's own theme sheet.

        Raises:
            OSError: `theme_css` cannot be read.

        """
        folder = resources.files("toegang.web").joinpath("static")
        found = {
            name: _asset(name, media_type, folder.joinpath(path).read_bytes())
            for name, (path, media_type) in _FILES.items()
        }
        sheets = [folder.joinpath(path).read_text(encoding="utf-8") for path in _STYLES]
        if theme_css is not None:
            sheets.append(theme_css.read_text(encoding="utf-8"))
        css = _URL.sub(lambda match: f"url({found[match[1]].url})", "\n".join(sheets))
        found["toegang.css"] = _asset("toegang.css", "text/css; charset=utf-8", css.encode())
        found |= _app(folder)
        return cls(found, {asset.url: asset for asset in found.values()})

    def url(self, name: str) -> str:
        """Return the address of the file that templates call `name`; a wrong name is a KeyError."""
        return self._by_name[name].url

    def app_urls(self) -> tuple[str, ...]:
        """Return the addresses of all files of the app."""
        return tuple(asset.url for name, asset in sorted(self._by_name.items()) if name.startswith(APP))

    def text(self, name: str) -> str:
        """Return the content of a text that templates call `name`."""
        return self._by_name[name].body.decode()

    def find(self, url: str) -> Asset | None:
        """Find the file that is served at `url` (a path such as `/static/toegang.3f9a.css`)."""
        return self._by_url.get(url)


def _app(folder: Traversable) -> dict[str, Asset]:
    """Read the app's files, and name the folder that they are served from after all of them."""
    own = {file.name: file for file in folder.joinpath("app").iterdir()}
    read = own | {name: folder.joinpath(path) for name, path in _APP_READS.items()}
    bodies = {name: read[name].read_bytes() for name in sorted(read)}
    mark = _mark(b"".join(name.encode() + b"\0" + body for name, body in bodies.items()))
    return {
        APP + name: _packed(f"{STATIC}app.{mark}/{name}", _APP_TYPES[name.rpartition(".")[2]], body)
        for name, body in bodies.items()
    }


def _asset(name: str, media_type: str, body: bytes) -> Asset:
    """Name `body` after its content."""
    stem, _, ending = name.rpartition(".")
    return _packed(f"{STATIC}{stem}.{_mark(body)}.{ending}", media_type, body)


def _mark(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


@lru_cache(maxsize=128)
def _packed(url: str, media_type: str, body: bytes) -> Asset:
    """Pack `body` when that helps; once in a process, however many hubs it has."""
    packed = gzip.compress(body, mtime=0)
    return Asset(
        url=url,
        media_type=media_type,
        body=body,
        gzipped=packed if len(packed) < len(body) * 0.9 else None,
    )
