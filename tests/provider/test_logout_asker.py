"""Who asked for a logout is not told of it; everybody else is, also who shares its connection."""

from __future__ import annotations

import pytest

from toegang.provider.logout.leave import NOBODYS_WISH, Wish, asked_itself
from toegang.provider.logout.records import Way
from toegang.provider.logout.tellers import Participant

ONE, TWO = "https://one.example/saml", "https://two.example/saml"


def participant(party: str, entity: str = "") -> Participant:
    return Participant(key="saml:a-grant", party=party, way=Way.BACK, entity=entity)


@pytest.mark.requires("SAMLCore-3.7.3.2")
def test_another_member_of_the_cluster_that_asks_is_told() -> None:
    wish = Wish(sessions=frozenset({"a-session"}), asked_by="cluster", entity=ONE)
    assert asked_itself(participant("cluster", ONE), wish)
    assert not asked_itself(participant("cluster", TWO), wish)


def test_a_client_that_asks_is_not_told_and_others_are() -> None:
    wish = Wish(sessions=frozenset({"a-session"}), asked_by="portal")
    assert asked_itself(participant("portal"), wish)
    assert not asked_itself(participant("desk"), wish)
    assert not asked_itself(participant("portal", ONE), wish)


def test_where_nobody_asked_everybody_is_told() -> None:
    assert not asked_itself(participant("portal"), NOBODYS_WISH)
    assert not asked_itself(participant("cluster", ONE), NOBODYS_WISH)
