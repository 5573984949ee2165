"""The form of each kind of value in a catalogue file: how it is read, and how it is written back.

`write(read(text))` gives the same value again, so that export and import are each other's inverse.
"""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from toegang.assurance import Level, Scheme, name_of
from toegang.assurance.levels import parse_level
from toegang.catalogue.addresses import logout_address, redirect_address
from toegang.catalogue.nodes import Spot, items, keys, pairs, scalar
from toegang.catalogue.problems import Wrong
from toegang.catalogue.values import EntityId, Text
from toegang.errors import Malformed
from toegang.identity.numbers import KvkNumber, Oin
from toegang.jose.certificates import certificates_in
from toegang.jose.public_keys import PublicKeySet
from toegang.keys.certificates import read_base64
from toegang.keys.presented import CertificateName, parse_thumbprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
E = TypeVar("E", bound=enum.StrEnum)
Plain = str | int | bool | date | list["Plain"] | dict[str, "Plain"]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LONGEST = 2000
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?")
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_TELEPHONE = re.compile(r"\+[0-9][0-9 ]{5,20}")
LONGEST_ENTITY_ID = 1024
_URI = re.compile(r"(?:https?://|urn:)[\x21-\x7e]+")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """How one kind of value is read and written."""

    read: Callable[[Spot], T]
    write: Callable[[T], Plain]


def _read_text(spot: Spot) -> str:
    text = scalar(spot)
    if not text.strip():
        message = "the text is empty"
        raise Wrong(message, "write it, or leave the key out")
    if len(text) > LONGEST or _CONTROL.search(text):
        message = f"the text has more than {LONGEST} characters, or characters that cannot be shown"
        raise Wrong(message, "shorten it, and remove tabs and control characters")
    return text


def matching(pattern: re.Pattern[str], what: str, remedy: str) -> Form[str]:
    """Text that fits `pattern` from end to end."""

    def read(spot: Spot) -> str:
        text = scalar(spot)
        if not pattern.fullmatch(text):
            raise Wrong(what, remedy)
        return text

    return Form(read, str)


def parsed(parse: Callable[[str], T], remedy: str, write: Callable[[T], Plain] = str) -> Form[T]:
    """Whatever `parse` makes of a text; its ValueError becomes the problem."""

    def read(spot: Spot) -> T:
        try:
            return parse(scalar(spot))
        except ValueError as error:
            raise Wrong(str(error), remedy) from None

    return Form(read, write)


def chosen(type_: type[E]) -> Form[E]:
    """One word of a closed set."""
    words = ", ".join(each.value for each in type_)

    def parse(word: str) -> E:
        try:
            return type_(word)
        except ValueError:
            message = f"`{word}` is not known here"
            raise ValueError(message) from None

    return parsed(parse, f"write one of: {words}", lambda each: each.value)


def chosen_but(type_: type[E], refused: Mapping[str, tuple[str, str]]) -> Form[E]:
    """One word of a closed set; a word of `refused` is told what is wrong with it, and how to mend it."""
    usual = chosen(type_)

    def read(spot: Spot) -> E:
        found = refused.get(scalar(spot))
        if found is not None:
            raise Wrong(*found)
        return usual.read(spot)

    return Form(read, usual.write)


def one_of(words: frozenset[str]) -> Form[str]:
    """One word of a set that has no type of its own."""

    def read(spot: Spot) -> str:
        word = scalar(spot)
        if word not in words:
            message = f"`{word}` is not known here"
            raise Wrong(message, f"write one of: {', '.join(sorted(words))}")
        return word

    return Form(read, str)


def many(form: Form[T]) -> Form[tuple[T, ...]]:
    """Read a list; every item that cannot be read is a problem of its own."""

    def read(spot: Spot) -> tuple[T, ...]:
        found = [item.attempt(form.read) for item in items(spot)]
        return tuple(each for each in found if each is not None)

    return Form(read, lambda values: [form.write(each) for each in values])


def whole(least: int, most: int) -> Form[int]:
    """Read a whole number between two bounds, both included."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
            message = f"this is not a whole number from {least} to {most}"
            raise ValueError(message)
        return int(text)

    return parsed(parse, "write digits only", int)


def _parse_truth(word: str) -> bool:
    if word not in {"true", "false"}:
        message = f"`{word}` is neither true nor false"
        raise ValueError(message)
    return word == "true"


def _parse_uuid(word: str) -> UUID:
    try:
        found = UUID(word)
    except ValueError:
        found = UUID(int=0)
    if not found.int or str(found) != word:
        message = f"`{word}` is not a UUID in lower case with hyphens"
        raise ValueError(message)
    return found


def _parse_moment(word: str) -> datetime:
    """Read a moment; a date is the first one of that day in Amsterdam, where law counts days."""
    try:
        if len(word) == len("2026-01-01"):
            return datetime.combine(date.fromisoformat(word), time(), AMSTERDAM).astimezone(UTC)
        at = datetime.fromisoformat(word)
    except (ValueError, OverflowError):
        message = f"`{word}` is not a date or a moment"
        raise ValueError(message) from None
    if at.tzinfo is None:
        message = f"`{word}` does not say in which time zone"
        raise ValueError(message)
    return at.astimezone(UTC)


def _write_moment(at: datetime) -> Plain:
    local = at.astimezone(AMSTERDAM)
    return local.date() if local.time() == time() else at.isoformat()


def _read_texts(spot: Spot) -> Text:
    read = keys(spot, {"nl": _read_text, "en": _read_text}, ("nl", "en"))
    if not read.sound:
        return Text(nl="", en="")  # its problems are noted, so nothing is made of it
    return Text(**read.values)


def _read_hash(spot: Spot) -> str:
    text = scalar(spot)
    if not _HASH.fullmatch(text):
        # Not echoed: it may be a secret, and problems end up in logs.
        message = "this is not a hash, and may be a secret in clear"
        raise Wrong(message, CLEAR_SECRET)
    return text


def _read_jwks(spot: Spot) -> str:
    members = [dict(_jwk(item)) for item in _jwk_items(spot)]
    document: dict[str, object] = {"keys": members}
    try:
        found = PublicKeySet.parse(document)
        certificates_in(document)
    except Malformed as error:
        raise Wrong(error.detail, "take the public key set that the client's own software gives") from None
    if len(found.keys) != len(members):
        message = "a key is of a kind that is not used here"
        raise Wrong(message, "use P-256 or RSA of 2048 bits or more, with `use: sig` or `use: enc`")
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def _jwk_items(spot: Spot) -> list[Spot]:
    found = [value for _, key, value in pairs(spot) if key == "keys"]
    if not found:
        message = "a key set has a list of keys"
        raise Wrong(message, "write `keys:` with a list below it")
    return list(items(found[0]))


def _jwk(spot: Spot) -> Mapping[str, object]:
    members: dict[str, object] = {}
    for _, key, value in pairs(spot):
        many_values = key in {"key_ops", "x5c"}
        members[key] = [scalar(item) for item in items(value)] if many_values else scalar(value)
    return members


def _write_jwks(text: str) -> Plain:
    document: Plain = json.loads(text)
    return document


def parse_entity_id(text: str) -> EntityId:
    """SAMLCore-8.3.6: a name of at most 1024 characters that is a URI.

    Raises:
        ValueError: it is not.

    """
    if len(text) > LONGEST_ENTITY_ID or not _URI.fullmatch(text):
        message = f"an entity id is a URI (https: or urn:) of at most {LONGEST_ENTITY_ID} characters"
        raise ValueError(message)
    return EntityId(text)


def parse_certificate(text: str) -> str:
    """Read a certificate in base64, and return it in its one spelling.

    Raises:
        ValueError: it is not a certificate.

    """
    try:
        return read_base64("".join(text.split())).base64
    except Malformed as error:
        raise ValueError(error.detail) from None


def _read_settings(spot: Spot) -> tuple[tuple[str, str], ...]:
    found = []
    for key_spot, key, value in pairs(spot):
        if re.search(r"secret|password|private", key, re.IGNORECASE):
            key_spot.complain(f"`{key}` looks like a secret", "keep secrets in the hub's secret files")
            continue
        text = value.attempt(_read_text)
        if text is not None:
            found.append((key, text))
    return tuple(sorted(found))


CLEAR_SECRET = "run `toegang client secret` and write the hash that it prints"  # noqa: S105 an instruction

TEXT = Form(_read_text, str)
TEXTS: Form[Text] = Form(_read_texts, lambda text: {"nl": text.nl, "en": text.en})
SLUG = matching(
    _SLUG, "an id has 1 to 100 small letters, digits, `.`, `_` and `-`", "write it like `gemeente-x`"
)
UUID_ = parsed(_parse_uuid, "write one like 0192d3a4-0000-7000-8000-000000000001")
OIN: Form[str] = parsed(lambda text: Oin.parse(text).digits, "write all 20 digits, the leading zeros too")
KVK: Form[str] = parsed(lambda text: KvkNumber.parse(text).digits, "write all 8 digits")
ENTITY_ID: Form[EntityId] = parsed(parse_entity_id, "write it exactly as the partner's metadata has it", str)
CERTIFICATE: Form[str] = parsed(
    parse_certificate, "write the certificate in base64 on one line, as metadata has it", str
)
MAIL = matching(_MAIL, "this is not a mail address", "write it like name@organisation.example")
TELEPHONE = matching(
    _TELEPHONE, "this is not an international telephone number", "write it like +31 70 1234567"
)
TRUTH: Form[bool] = parsed(_parse_truth, "write true or false", bool)
LEVEL: Form[Level] = parsed(
    parse_level, "write the word as it stands there", lambda level: name_of(level, Scheme.CATALOGUE) or ""
)
MOMENT: Form[datetime] = parsed(_parse_moment, "write 2026-01-01 or 2026-01-01T09:00:00+01:00", _write_moment)
REDIRECT = parsed(redirect_address, "write the exact https address that the client uses")
LOGOUT = parsed(logout_address, "write the exact https address that the client listens on")
HASH = Form(_read_hash, str)
CERTIFICATE_NAME: Form[CertificateName] = parsed(
    CertificateName.parse, "write one of dn:, dns:, uri:, ip: and email:, with the name after it"
)
THUMBPRINT = parsed(
    parse_thumbprint, "write what `openssl x509 -fingerprint -sha256` prints, or the same in base64url"
)
JWKS = Form(_read_jwks, _write_jwks)
SETTINGS: Form[tuple[tuple[str, str], ...]] = Form(_read_settings, dict)
