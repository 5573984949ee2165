"""For whom somebody acts, as a client is told it: `represents` and `representation` (NLGOV-OIDC).

sub                who logged in, always
represents         whom they represent; nested for a chain, the deepest is whom the service is about
representation     by what: the kinds of authority, the levels, until when
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Scheme, name_of
from toegang.clock import epoch
from toegang.identity.subject import RepresentedKind
from toegang.mandates.scope import UNRESTRICTED
from toegang.oidc.authorization_details import KVK, PSEUDONYM, RSIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.identity.people import PersonId
    from toegang.identity.subject import Represented
    from toegang.mandates.scope import Restriction
    from toegang.mandates.statement import Statement
    from toegang.provider.grants import Grant

BSN = "urn:nl-eid-gdi:1.0:id:BSN"
_NUMBERS = {RepresentedKind.KVK: KVK, RepresentedKind.RSIN: RSIN}


def claims_of(grant: Grant, issuer: str, numbers: Mapping[PersonId, str] | None = None) -> dict[str, object]:
    """NLGOV-OIDC-represents: return the claims about whom this grant is for; empty for themselves.

    `numbers` are the BSNs of people, only for what is encrypted.
    """
    told: dict[str, object] = {}
    for represented, name in reversed(tuple(zip(grant.chain, grant.names, strict=True))):
        deeper = {"represents": told} if told else {}
        told = {**_party(represented, name, issuer, numbers or {}), **deeper}
    if not told:
        return {}
    return {"represents": told, "representation": _representation(grant, issuer)}


def _party(who: Represented, name: str, issuer: str, numbers: Mapping[PersonId, str]) -> dict[str, object]:
    party: dict[str, object] = {"sub": name, "iss": issuer, "sub_id_type": _NUMBERS.get(who.kind, PSEUDONYM)}
    if who.person is None:
        return party
    if who.person in numbers:
        party["alt_sub"] = [{"sub": numbers[who.person], "sub_id_type": BSN}]
    return party


def _representation(grant: Grant, issuer: str) -> dict[str, object]:
    statement = grant.statement
    told: dict[str, object] = {
        "level": name_of(grant.level, Scheme.EIDAS),
        "login_level": name_of(grant.own_level, Scheme.EIDAS),
    }
    if statement is None:
        return told | {"basis": list(grant.chain[-1].types)}
    told |= {
        "basis": [step.basis for step in statement.path],
        **({"beside": list(statement.beside)} if statement.beside else {}),
        "statement": str(statement.id),
        "status_uri": f"{issuer}/access/v1/statements/{statement.id}",
    }
    if statement.valid_until is not None:
        told["valid_until"] = epoch(statement.valid_until)
    if statement.restriction != UNRESTRICTED:
        told["restriction"] = _restriction(statement)
    return told


def _restriction(statement: Statement) -> dict[str, object]:
    left: Restriction = statement.restriction
    told: dict[str, object] = {"actions": sorted(each.value for each in left.actions)}
    if left.branches is not None:
        told["branches"] = sorted(left.branches)
    if left.cases is not None:
        told["cases"] = sorted(left.cases)
    if left.most is not None:
        told["most_cents"] = left.most
    if left.looks_back_to is not None:
        told["not_before"] = epoch(left.looks_back_to)
    return told
