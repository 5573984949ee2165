"""Rich authorization requests: what a client asks in more words than a scope has (RFC9396).

One type is offered, `urn:toegang:act-for`: that the person acts for another, by what, and for whom.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.errors import Malformed, ProtocolRefusal
from toegang.jose.segments import parse_objects
from toegang.oidc.errors import INVALID_AUTHORIZATION_DETAILS as _INVALID

if TYPE_CHECKING:
    from toegang.jose.segments import JsonObject

ACT_FOR: Final = "urn:toegang:act-for"
TYPES: Final = (ACT_FOR,)

LIMIT: Final = 2_048
"""Characters of the whole parameter."""
KINDS_LIMIT: Final = 16
NAME_LIMIT: Final = 256

KVK: Final = "urn:nl-eid-gdi:1.0:id:KvKnr"
RSIN: Final = "urn:nl-eid-gdi:1.0:id:RSIN"
PSEUDONYM: Final = "urn:nl-eid-gdi:1.0:id:pseudonym"

_FIELDS = frozenset({"type", "service", "kinds", "represented"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedParty:
    """A party as the client was told it in `represents`; never by a BSN, which travels in no address.

    `iss` is who told it, as we did when it was granted; empty when the client does not say.
    """

    sub: str = field(repr=False)
    sub_id_type: str
    iss: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFor:
    """RFC9396-2: that somebody acts for another: at which service, by which kinds of authority, for whom.

    What is left out is the service of the request, any kind that it admits, and whomever the person chooses.
    """

    service: UUID | None = None
    kinds: tuple[str, ...] = ()
    represented: NamedParty | None = None

    @classmethod
    def parse(cls, text: str) -> ActFor:
        """RFC9396-5: read the parameter; what is not known in it MUST be refused, never passed over.

        Raises:
            ProtocolRefusal: it is not that JSON, or has another type, an unknown field or value.

        """
        if len(text) > LIMIT:
            raise ProtocolRefusal(_INVALID, "authorization_details is too long")
        try:
            found = parse_objects(text.encode())
        except Malformed as error:
            raise ProtocolRefusal(_INVALID, "authorization_details is not a JSON array of objects") from error
        if len(found) != 1:
            raise ProtocolRefusal(_INVALID, "one login is for one authorization_details")
        return cls.read(found[0])

    @classmethod
    def read(cls, detail: JsonObject) -> ActFor:
        """Read one of them.

        Raises:
            ProtocolRefusal: as `parse`.

        """
        if detail.get("type") != ACT_FOR:
            raise ProtocolRefusal(_INVALID, "authorization_details has a type that is not offered")
        if detail.keys() - _FIELDS:
            raise ProtocolRefusal(_INVALID, "authorization_details has a field that its type does not know")
        return cls(
            service=_service(detail),
            kinds=_kinds(detail),
            represented=_represented(detail.get("represented")) if "represented" in detail else None,
        )


def _service(detail: JsonObject) -> UUID | None:
    if "service" not in detail:
        return None
    try:
        return UUID(_text(detail["service"]))
    except ValueError as error:
        raise ProtocolRefusal(_INVALID, "service is not a UUID") from error


def _kinds(detail: JsonObject) -> tuple[str, ...]:
    if "kinds" not in detail:
        return ()
    kinds = detail["kinds"]
    if not isinstance(kinds, list) or not 0 < len(kinds) <= KINDS_LIMIT:
        raise ProtocolRefusal(_INVALID, "kinds is not a list of names")
    named = tuple(_text(each) for each in kinds)
    if len(set(named)) != len(named):
        raise ProtocolRefusal(_INVALID, "kinds names one twice")
    return named


def _represented(value: object) -> NamedParty:
    if not isinstance(value, dict) or value.keys() - {"iss"} != {"sub", "sub_id_type"}:
        raise ProtocolRefusal(_INVALID, "represented is not a sub with its sub_id_type")
    issuer = _text(value["iss"]) if "iss" in value else ""
    party = NamedParty(sub=_text(value["sub"]), sub_id_type=_text(value["sub_id_type"]), iss=issuer)
    if party.sub_id_type not in {KVK, RSIN, PSEUDONYM}:
        raise ProtocolRefusal(_INVALID, "represented is named in a way that is not offered")
    return party


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= NAME_LIMIT:
        raise ProtocolRefusal(_INVALID, "authorization_details holds a value that is no text, or too long")
    return value
