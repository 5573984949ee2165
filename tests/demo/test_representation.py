"""The demo's tax portal and health portal admit people who act for another; its other services do not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from demo import hospital, municipality
from demo.catalogue import CONTACT_SERVICE, GRANTS_SERVICE, write_catalogue
from demo.places import Places
from tests.conftest import NOON
from toegang.catalogue.check import Basis, check_files
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import OrganisationId, ServiceId
from toegang.mandates.scope import Scope, ScopeKind, covering

if TYPE_CHECKING:
    from pathlib import Path


def test_taxes_admit_every_kind_and_care_is_for_people(tmp_path: Path) -> None:
    places = Places(home=tmp_path, port_base=8700)
    places.prepare()
    catalogue = check_files([write_catalogue(places)], Basis(before=Snapshot.of([]), now=NOON)).after
    taxes, care = (ServiceId(UUID(each.REGISTRATION.offers[-1].id)) for each in (municipality, hospital))
    contact, grants = (ServiceId(UUID(each)) for each in (CONTACT_SERVICE, GRANTS_SERVICE))
    assert catalogue.representable() == {taxes, care, contact, grants}
    assert catalogue.representable_of(OrganisationId("gemeente-zandermeer")) == {taxes, contact, grants}
    assert catalogue.representable_in("zorg") == {care}

    admitted = catalogue.service(taxes)
    assert admitted is not None
    assert admitted.representation is not None
    assert set(admitted.representation.kinds) == set(EdgeKind)
    group = Scope(ScopeKind.GROUP, "belastingen")
    assert any(each.covers(group) for each in covering(admitted))
