"""Who in My account works for the hub: found by their name at the hub's own service, and by no other.

The catalogue names role holders by that name (a pseudonym), so that no file of ours says who is who.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.catalogue.values import OrganisationId, Role
from toegang.errors import NotEntitled, PartyClosed, UnknownParty

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import RoleHolder
    from toegang.provider.own import MyAccount, Stay
    from toegang.pseudonyms import Pairwise

HUB = OrganisationId("")
"""What a role is for that is held for the hub as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """Tells who holds the role of operator."""

    own: MyAccount
    pairwise: Pairwise

    def name_of(self, stay: Stay, now: datetime) -> str:
        """Return the name of who is in My account, as the catalogue would have it under `people:`.

        Raises:
            UnknownParty, PartyClosed: My account is not in the catalogue, or closed.

        """
        snapshot = self.own.catalogue.current
        client = gate.open_client(snapshot, self.own.client, now)
        service = gate.open_service(snapshot, self.own.service, client, now)
        sector = service.pseudonym_sector or service.organisation
        who = stay.proven.subject
        if who.person is not None:
            return self.pairwise.of_person(who.person, sector, service.pseudonym_version)
        return self.pairwise.of_account(who.issuer, who.identifier, sector, service.pseudonym_version)

    def clerk(self, stay: Stay, now: datetime) -> RoleHolder:
        """Return the role that who is in My account holds now at a desk, of an organisation that is open.

        Raises:
            NotEntitled: none, or not any more.
            UnknownParty, PartyClosed: My account is not in the catalogue, or closed.

        """
        snapshot, name = self.own.catalogue.current, self.name_of(stay, now)
        for holder in snapshot.role_holders(name):
            if holder.role is not Role.DESK_CLERK:
                continue
            try:
                return gate.open_role(snapshot, name, Role.DESK_CLERK, holder.organisation, now)
            except (NotEntitled, PartyClosed, UnknownParty):
                continue
        message = "who is inside works at no desk now"
        raise NotEntitled(message)

    def still_clerk(self, name: str, organisation: str, now: datetime) -> bool:
        """Tell whether somebody, by the name that the catalogue has, works at its desk now."""
        return self._holds(name, Role.DESK_CLERK, OrganisationId(organisation), now)

    def still(self, name: str, role: Role, now: datetime) -> bool:
        """Tell whether somebody, by the name that the catalogue has, holds a role for the hub now."""
        return self._holds(name, role, HUB, now)

    def works(self, stay: Stay, now: datetime, role: Role = Role.OPERATOR) -> bool:
        """Tell whether to show the way to the pages of a role; each of them checks for itself."""
        try:
            self.check(stay, now, role)
        except NotEntitled:
            return False
        return True

    def check(self, stay: Stay, now: datetime, role: Role = Role.OPERATOR) -> RoleHolder:
        """Return the role for the hub that who is in My account holds now.

        Raises:
            NotEntitled: none, or not any more.
            UnknownParty, PartyClosed: My account is not in the catalogue, or closed.

        """
        return gate.open_role(self.own.catalogue.current, self.name_of(stay, now), role, HUB, now)

    def _holds(self, name: str, role: Role, organisation: OrganisationId, now: datetime) -> bool:
        try:
            gate.open_role(self.own.catalogue.current, name, role, organisation, now)
        except (NotEntitled, PartyClosed, UnknownParty):
            return False
        return True
