"""The `claims` parameter: which claims a client asks for by name, how badly, and with which value."""

from __future__ import annotations

from dataclasses import dataclass

from toegang.errors import Malformed, ProtocolRefusal
from toegang.jose.segments import parse_object
from toegang.oidc.errors import INVALID_REQUEST

WISH_LIMIT = 64
NAME_LIMIT = 128
VALUES_LIMIT = 32

# A value of these decides over the answer, so one that cannot be read is refused, never passed over.
BINDING = frozenset({"acr", "sub"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWish:
    """OIDCC-5.5.1: one claim asked for; `values` empty means any value."""

    name: str
    essential: bool
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsRequest:
    """OIDCC-5.5: the claims asked for in each of the two places."""

    userinfo: tuple[ClaimWish, ...] = ()
    id_token: tuple[ClaimWish, ...] = ()

    @classmethod
    def parse(cls, text: str) -> ClaimsRequest:
        """OIDCC-5.5: read the JSON; members that the norm does not know are skipped, as it asks.

        Raises:
            ProtocolRefusal: not that JSON, or more wishes than anything honest (invalid_request).

        """
        try:
            return cls.read(parse_object(text.encode()))
        except Malformed as error:
            raise ProtocolRefusal(INVALID_REQUEST, "claims is not a JSON object") from error

    @classmethod
    def read(cls, document: dict[str, object]) -> ClaimsRequest:
        """Read the object, as it stands in a request object.

        Raises:
            ProtocolRefusal: as `parse`.

        """
        found = cls(userinfo=_wishes(document, "userinfo"), id_token=_wishes(document, "id_token"))
        if not found.subjects and any(wish.name == "sub" and wish.values for wish in found._all):
            raise ProtocolRefusal(INVALID_REQUEST, "claims asks for two subjects at once")
        return found

    def find(self, name: str) -> ClaimWish | None:
        """Return the wish for this claim in the ID token, else in userinfo, or None."""
        return next((wish for wish in self._all if wish.name == name), None)

    @property
    def subjects(self) -> tuple[str, ...]:
        """OIDCC-5.5.1: of whom one must have logged in, wherever that was asked; empty for anybody."""
        asked = [set(wish.values) for wish in self._all if wish.name == "sub" and wish.values]
        return tuple(sorted(set.intersection(*asked))) if asked else ()

    @property
    def essential_acr_values(self) -> tuple[str, ...]:
        """OIDCC-5.5.1.1: the levels of which one must be proven, in the client's order; else empty."""
        wish = next((wish for wish in self.id_token if wish.name == "acr" and wish.essential), None)
        return () if wish is None else wish.values

    @property
    def voluntary_acr_values(self) -> tuple[str, ...]:
        """OIDCC-5.5.1.1: the levels preferred, when `acr` is asked without being essential."""
        wish = next((wish for wish in self.id_token if wish.name == "acr" and not wish.essential), None)
        return () if wish is None else wish.values

    @property
    def _all(self) -> tuple[ClaimWish, ...]:
        return (*self.id_token, *self.userinfo)


def _wishes(document: dict[str, object], place: str) -> tuple[ClaimWish, ...]:
    members = document.get(place)
    if members is None:
        return ()
    if not isinstance(members, dict) or len(members) > WISH_LIMIT:
        raise ProtocolRefusal(INVALID_REQUEST, "claims holds something else than wishes by name")
    return tuple(_wish(name, wish) for name, wish in members.items())


def _wish(name: str, wish: object) -> ClaimWish:
    if not 0 < len(name) <= NAME_LIMIT:
        raise ProtocolRefusal(INVALID_REQUEST, "claims holds a name of another length")
    if wish is None:
        return ClaimWish(name=name, essential=False, values=())
    if not isinstance(wish, dict) or not isinstance(wish.get("essential", False), bool):
        raise ProtocolRefusal(INVALID_REQUEST, "claims holds a wish that is neither null nor an object")
    values = wish.get("values", [wish["value"]] if "value" in wish else [])
    if not isinstance(values, list) or len(values) > VALUES_LIMIT:
        raise ProtocolRefusal(INVALID_REQUEST, "claims holds values that are not a list")
    texts = tuple(value for value in values if isinstance(value, str))
    if name in BINDING and not _is_binding(wish, texts, len(values)):
        raise ProtocolRefusal(INVALID_REQUEST, "claims asks acr or sub with a value that cannot be one")
    return ClaimWish(name=name, essential=wish.get("essential", False), values=texts)


def _is_binding(wish: dict[str, object], texts: tuple[str, ...], count: int) -> bool:
    """Tell whether `value` or `values`, not both, holds nothing but texts; or neither is there."""
    ways = len(wish.keys() & {"value", "values"})
    return ways == 0 or (ways == 1 and 0 < len(texts) == count)
