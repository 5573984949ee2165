"""What a browser calls itself: its name and its system, for a person to recognise; nothing rests on it."""

from __future__ import annotations

from functools import lru_cache

from toegang.catalogue.values import Text

LONGEST = 512  # characters that are looked at

# Looked at in this order: most browsers also name those that they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
UNKNOWN = Text(nl="onbekend", en="unknown")


@lru_cache(maxsize=256)
def browser_of(agent: str) -> Text:
    """Return name and system from a User-Agent header (RFC9110-10.1.5), in words of ours alone."""
    looked_at = agent[:LONGEST]
    browser = next((name for mark, name in _BROWSERS if mark in looked_at), "")
    system = next((name for mark, name in _SYSTEMS if mark in looked_at), "")
    if browser and system:
        return Text(nl=f"{browser} op {system}", en=f"{browser} on {system}")
    known = browser or system
    return Text(nl=known, en=known) if known else UNKNOWN
