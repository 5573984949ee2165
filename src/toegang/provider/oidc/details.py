"""`authorization_details` of ours: what is sought by it, and how it was granted (RFC9396)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, ProtocolRefusal
from toegang.identity.numbers import KvkNumber, Rsin
from toegang.login.acting import Named, Sought
from toegang.mandates.link import kind_of
from toegang.mandates.party import PartyId
from toegang.oidc.authorization_details import ACT_FOR, KVK, RSIN
from toegang.oidc.errors import INVALID_AUTHORIZATION_DETAILS
from toegang.provider.oidc.represents import claims_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.oidc.authorization_details import ActFor, NamedParty
    from toegang.provider.grants import Grant
    from toegang.pseudonyms.known import KnownPseudonyms, Sector


def check_named(wish: ActFor, issuer: str) -> None:
    """RFC9396-5: refuse a number that nobody can have, and a name that another gave.

    Raises:
        ProtocolRefusal: it is one.

    """
    named = wish.represented
    if named is not None and named.iss not in {"", issuer}:
        raise ProtocolRefusal(INVALID_AUTHORIZATION_DETAILS, "represented is named by another issuer")
    reader = {KVK: KvkNumber.parse, RSIN: Rsin.parse}.get(named.sub_id_type) if named else None
    if named is None or reader is None:
        return
    try:
        reader(named.sub)
    except ValueError as error:
        description = "represented is a number that nobody can have"
        raise ProtocolRefusal(INVALID_AUTHORIZATION_DETAILS, description) from error


async def sought_by(wish: ActFor | None, names: KnownPseudonyms, sector: Sector) -> Sought | None:
    """Return what the login is to look for; a name that the service was never told is nobody's."""
    if wish is None:
        return None
    kinds = tuple(map(EdgeKind, wish.kinds))
    return Sought(kinds=kinds, named=await _named(wish.represented, names, sector))


async def _named(party: NamedParty | None, names: KnownPseudonyms, sector: Sector) -> Named | None:
    if party is None:
        return None
    if party.sub_id_type == KVK:
        return Named(kvk=party.sub)
    if party.sub_id_type == RSIN:
        return Named(rsin=party.sub)
    person = await names.find(party.sub, sector)
    return Named(party=None if person is None else PartyId(person))


def granted(grant: Grant, issuer: str) -> str:
    """RFC9396-7: return what was granted of it: never more than was asked, and whom it came to.

    Raises:
        NotEntitled: somebody acts for another by the word of their means, and not by what the hub decided.

    """
    if grant.statement is None:
        message = "who acts for another by the word of their means was not asked for"
        raise NotEntitled(message)
    told = claims_of(grant, issuer)["represents"]
    while isinstance(told, dict) and "represents" in told:
        told = told["represents"]
    kind = kind_of(grant.statement.path[-1].basis)
    detail = {"type": ACT_FOR, "service": str(grant.service), "kinds": [kind.value], "represented": told}
    return json.dumps([detail])


def details_of(grant: Grant) -> Mapping[str, object]:
    """RFC9396-7, RFC9396-9: return what a token says of it; nothing where it was not asked."""
    return {"authorization_details": json.loads(grant.details)} if grant.details else {}
