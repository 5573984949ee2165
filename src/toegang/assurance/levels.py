"""One scale of assurance levels, and the names that each scheme gives to them.

    scale         eTD (business)     citizen        eIDAS
    MINIMAL       loa1               -              -
    BASIC         loa2               basis          (low, not notified)
    LOW           loa2plus           midden         low
    SUBSTANTIAL   loa3               substantieel   substantial
    HIGH          loa4               hoog           high

`.../LoA/low` asks and answers midden: a name asked in one scheme is answered in that scheme, and a
level that a scheme cannot name is answered with the highest name below it in that scheme, or refused
where there is none. Across borders a name also says whether the means was notified to the Union; such
names are a scheme of their own, so that the one is never answered with the other. Sources:
eIDAS-2015/1502-2 (levels), eIDAS-SAML-3.2 (names, notified and not), STSAML-LoA and ETD-LoA (names).
"""

from __future__ import annotations

import enum


class Level(enum.IntEnum):
    """How sure; compared as numbers, in this one order. The numbers are stored and never change."""

    MINIMAL = 5
    BASIC = 10
    LOW = 20
    SUBSTANTIAL = 25
    HIGH = 30


class Scheme(enum.StrEnum):
    """Who gave the level its name."""

    CATALOGUE = "catalogue"  # short words of our own, for YAML, commands and events
    EIDAS = "eidas"  # URIs of the eID scheme, used in OpenID Connect and ST-SAML
    EIDAS_NOT_NOTIFIED = "eidas-not-notified"  # the same for means not notified to the Union
    EIDAS_SHORT = "eidas-short"  # the words of the regulation
    CLASSES = "classes"  # SAML context classes of the older citizen connections
    ETD = "etd"  # URIs of the business scheme


_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_ETD = "urn:etoegang:core:assurance-class:"
_EIDAS = "http://eidas.europa.eu/LoA/"
_NOT_NOTIFIED = "http://eidas.europa.eu/NotNotified/LoA/"
BASIC_URI = "http://eid.logius.nl/LoA/basic"
# The norm's text writes eID, its examples eid: both are read, lower case is written (STSAML-LoA).
_BASIC_URI_IN_TEXT = "http://eID.logius.nl/LoA/basic"

_NAMES: dict[Scheme, dict[Level, str]] = {
    Scheme.CATALOGUE: {
        Level.MINIMAL: "minimal",
        Level.BASIC: "basic",
        Level.LOW: "low",
        Level.SUBSTANTIAL: "substantial",
        Level.HIGH: "high",
    },
    Scheme.EIDAS: {
        Level.BASIC: BASIC_URI,
        Level.LOW: _EIDAS + "low",
        Level.SUBSTANTIAL: _EIDAS + "substantial",
        Level.HIGH: _EIDAS + "high",
    },
    Scheme.EIDAS_NOT_NOTIFIED: {
        Level.LOW: _NOT_NOTIFIED + "low",
        Level.SUBSTANTIAL: _NOT_NOTIFIED + "substantial",
        Level.HIGH: _NOT_NOTIFIED + "high",
    },
    Scheme.EIDAS_SHORT: {
        Level.LOW: "low",
        Level.SUBSTANTIAL: "substantial",
        Level.HIGH: "high",
    },
    Scheme.CLASSES: {
        Level.BASIC: _CLASS + "PasswordProtectedTransport",
        Level.LOW: _CLASS + "MobileTwoFactorContract",
        Level.SUBSTANTIAL: _CLASS + "Smartcard",
        Level.HIGH: _CLASS + "SmartcardPKI",
    },
    Scheme.ETD: {
        Level.MINIMAL: _ETD + "loa1",
        Level.BASIC: _ETD + "loa2",
        Level.LOW: _ETD + "loa2plus",
        Level.SUBSTANTIAL: _ETD + "loa3",
        Level.HIGH: _ETD + "loa4",
    },
}

_ALSO_READ = {_BASIC_URI_IN_TEXT: (Scheme.EIDAS, Level.BASIC)}

_LEVELS: dict[str, tuple[Scheme, Level]] = {
    name: (scheme, level)
    for scheme in (Scheme.EIDAS, Scheme.EIDAS_NOT_NOTIFIED, Scheme.CLASSES, Scheme.ETD)
    for level, name in _NAMES[scheme].items()
} | _ALSO_READ


def level_named(name: str, scheme: Scheme | None = None) -> tuple[Scheme, Level] | None:
    """Find the level that `name` stands for, and the scheme that gave the name; None if nobody did.

    Without `scheme` only names that belong to one scheme are found: the URIs. The short words
    (`low` is a level of ours and of the regulation) need their scheme.
    """
    if scheme is None:
        return _LEVELS.get(name)
    for level, known in _NAMES[scheme].items():
        if known == name:
            return scheme, level
    return _ALSO_READ.get(name) if scheme is Scheme.EIDAS else None


def name_of(level: Level, scheme: Scheme) -> str | None:
    """Name `level` in `scheme`: its own name, else that of the highest named level below it.

    None when the scheme has no name at or below the level, so that nothing is ever overstated.
    """
    names = _NAMES[scheme]
    below = [known for known in names if known <= level]
    return names[max(below)] if below else None


def parse_level(word: str) -> Level:
    """Read one of our own words (`basic`, `low`, ...).

    Raises:
        ValueError: the word is not one of them; the message lists them.

    """
    found = level_named(word, Scheme.CATALOGUE)
    if found is None:
        known = ", ".join(_NAMES[Scheme.CATALOGUE].values())
        msg = f"unknown level {word!r}; write one of: {known}"
        raise ValueError(msg)
    return found[1]
