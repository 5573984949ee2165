"""Acceptance duty: who may turn a means away, and who may not."""

from __future__ import annotations

import pytest

from tests.catalogue import builders as b
from toegang.assurance import Level
from toegang.catalogue.routing import Offer, may_offer
from toegang.catalogue.values import IdentityForm, Kind


@pytest.mark.requires("WDO-acceptance")
def test_a_public_service_cannot_turn_away_an_admitted_means_that_reaches_its_level() -> None:
    service = b.service(excluded_means=(b.ACCOUNT,))
    assert may_offer(service, Kind.PUBLIC, b.means(), Level.LOW) is Offer.ALLOWED


def test_a_private_service_may_turn_a_means_away() -> None:
    service = b.service(excluded_means=(b.ACCOUNT,))
    assert may_offer(service, Kind.PRIVATE, b.means(), Level.LOW) is Offer.EXCLUDED


def test_a_means_is_not_offered_above_its_ceiling() -> None:
    assert may_offer(b.service(), Kind.PUBLIC, b.means(), Level.HIGH) is Offer.CEILING_TOO_LOW


def test_a_means_that_gives_no_bsn_is_not_offered_where_a_bsn_is_needed() -> None:
    service = b.service(identity=IdentityForm.BSN)
    assert may_offer(service, Kind.PUBLIC, b.means(gives_bsn=False), Level.LOW) is Offer.GIVES_NO_BSN


@pytest.mark.parametrize("identity", [IdentityForm.KVK, IdentityForm.RSIN])
def test_a_means_that_vouches_for_no_organisation_is_not_offered_where_one_is_needed(
    identity: IdentityForm,
) -> None:
    service = b.service(identity=identity)
    vouching = b.means(gives_organisation=True)
    assert may_offer(service, Kind.PUBLIC, b.means(), Level.LOW) is Offer.GIVES_NO_ORGANISATION
    assert may_offer(service, Kind.PUBLIC, vouching, Level.LOW) is Offer.ALLOWED


def test_a_means_that_people_link_to_themselves_leads_to_the_bsn_of_who_did() -> None:
    service = b.service(identity=IdentityForm.BSN)
    linked = b.means(gives_bsn=False, linkable=True)
    assert may_offer(service, Kind.PUBLIC, linked, Level.LOW) is Offer.ALLOWED
