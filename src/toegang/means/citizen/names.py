"""Names that people choose: of their account, in one canonical form, and of their devices."""

from __future__ import annotations

import re
import unicodedata

from toegang.errors import Malformed, ValueRefused
from toegang.identity.numbers import Bsn

SHORTEST = 6
LONGEST = 32
LONGEST_TYPED = 256
DEVICE_LONGEST = 40
_ROUNDS = 3

_ALLOWED = re.compile(r"[\w.@-]+")


def canonical(typed: str) -> str:
    """RFC8265-3.3: fold width, case and composition: `ANNA`, typed wide or not, and `anna` are one name.

    Never refuses: a name that nobody can have is looked up like any other, and not found.
    """
    text = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED])
    # Folding can bring out what normalising changes again, so both are done until nothing changes.
    for _ in range(_ROUNDS):
        text = unicodedata.normalize("NFKC", text.casefold()).strip()
    return text


def check_name(typed: str) -> str:
    """Return the canonical form of a new user name.

    Letters, digits and `. _ - @` are allowed, 6 to 32 of them. A BSN is refused: a user name is typed in
    the open and known to others.

    Raises:
        ValueRefused: field `name`; the reason is a message key.

    """
    name = canonical(typed)
    field = "name"
    if not SHORTEST <= len(name) <= LONGEST:
        raise ValueRefused(field, "name.length")
    if _ALLOWED.fullmatch(name) is None:
        raise ValueRefused(field, "name.characters")
    if _looks_like_bsn(name):
        raise ValueRefused(field, "name.bsn")
    return name


def read_device_name(typed: str) -> str:
    """Return what a person calls their device, on one line and without signs that turn a text around.

    Raises:
        Malformed: empty, too long, or with such signs.

    """
    name = unicodedata.normalize("NFC", typed.strip())
    signs = {unicodedata.category(sign) for sign in name}
    if not 0 < len(name) <= DEVICE_LONGEST or any(sign[0] == "C" or sign in {"Zl", "Zp"} for sign in signs):
        message = "a name of a device is one line of at most 40 characters"
        raise Malformed(message)
    return name


def _looks_like_bsn(name: str) -> bool:
    try:
        Bsn.parse(re.sub(r"[._@-]", "", name))
    except ValueError:
        return False
    return True
