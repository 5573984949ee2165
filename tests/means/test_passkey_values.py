"""What a passkey is worth, when its counter and its flags are believed, and which admissions there can be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.means.keyholders import PASSKEYS
from tests.means.vouching import KNOWN
from tests.storage.test_passkeys import NOW, passkey
from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans
from toegang.errors import Misconfigured, PasskeyRefused
from toegang.means.kinds import KINDS
from toegang.means.passkey.policy import Worth
from toegang.means.passkey.values import Bond, Passkey, PasskeyStatus, Used

LADDER = {"synced": "basic", "device_bound": "low", "attested": "substantial", "models": str(KNOWN)}
SYNCED = Used(count=0, eligible=True, backed_up=True)
BOUND = Used(count=0, eligible=False, backed_up=False)


def admission(**settings: str) -> AdmittedMeans:
    return replace(PASSKEYS, settings=tuple(settings.items()))


@pytest.mark.parametrize(
    "settings",
    [
        {"synced": "high"},
        {"attested": "high", "models": str(KNOWN)},
        {"synced": "lowest"},
        {"synced": "substantial"},  # looser worth more than tighter
        {"device_bound": "no"},  # and synced would be low
        {"attested": "substantial"},  # by no model
        {"attested": "substantial", "models": "yubikey"},
        {"device_bound": "substantial", "attested": "low", "models": str(KNOWN)},
    ],
)
def test_an_admission_that_makes_no_sense_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        KINDS["passkey"](admission(**settings))


def test_no_passkey_is_admitted_for_more_than_substantial() -> None:
    with pytest.raises(Misconfigured):
        KINDS["passkey"](replace(PASSKEYS, ceiling=Level.HIGH))


@pytest.mark.requires("eIDAS-2015/1502-2.2.1")
@pytest.mark.parametrize(
    ("is_so", "level"),
    [
        ({"eligible": True, "backed_up": True}, Level.BASIC),
        ({"eligible": True}, Level.BASIC),  # it can leave its device, and that is enough
        ({"eligible": True, "attested": True, "model": str(KNOWN)}, Level.BASIC),
        ({}, Level.LOW),
        ({"attested": True, "model": str(KNOWN)}, Level.SUBSTANTIAL),
        ({"attested": False, "model": str(KNOWN)}, Level.LOW),  # a model that anybody can name
        ({"attested": True, "model": "00000000-0000-4000-8000-00000000beef"}, Level.LOW),  # listed no more
        ({"attested": True, "model": str(KNOWN), "level": Level.LOW}, Level.LOW),
        ({"attested": True, "model": str(KNOWN), "level": Level.BASIC}, Level.BASIC),
    ],
)
def test_a_passkey_is_worth_what_its_bond_is_and_never_more_than_the_login_it_was_added_with(
    is_so: dict[str, object], level: Level
) -> None:
    kept = passkey(**{"level": Level.SUBSTANTIAL, **is_so})
    assert Worth.of(admission(**LADDER)).level_of(kept) is level


def test_a_bond_that_is_not_admitted_is_worth_nothing() -> None:
    worth = Worth.of(admission(synced="no"))
    assert worth.level_of(passkey(eligible=True)) is None
    assert worth.level_of(passkey()) is Level.LOW
    assert worth.highest is Level.LOW


def test_attestation_is_asked_only_where_something_rests_on_it() -> None:
    assert not Worth.of(admission()).asks_attestation
    assert Worth.of(admission(**LADDER)).asks_attestation


@pytest.mark.requires("WEBAUTHN3-7.2")
@pytest.mark.parametrize(
    ("kept", "given", "copied"),
    [(0, 0, False), (0, 1, False), (1, 2, False), (1, 9, False), (1, 1, True), (2, 1, True), (1, 0, True)],
)
def test_a_counter_goes_on_or_there_is_none(kept: int, given: int, copied: bool) -> None:
    assert passkey(count=kept).is_copied(given) is copied


@pytest.mark.requires("WEBAUTHN3-7.2")
def test_a_passkey_that_leaves_its_device_is_synced_from_then_on_and_never_bound_again() -> None:
    synced = passkey(attested=True).used(SYNCED, NOW)
    assert isinstance(synced, Passkey)
    assert (synced.bond, synced.last_used_at) == (Bond.SYNCED, NOW)
    assert isinstance(synced.used(BOUND, NOW), PasskeyRefused)
    left = synced.used(replace(SYNCED, backed_up=False), NOW)
    assert isinstance(left, Passkey)
    assert left.bond is Bond.SYNCED


def test_a_stopped_passkey_has_no_name_and_stays_as_it_was_stopped() -> None:
    stopped = passkey().stopped("person", NOW)
    assert (stopped.status, stopped.name, stopped.ended_by) == (PasskeyStatus.STOPPED, "", "person")
    assert stopped.stopped("copied", NOW) is stopped
    assert isinstance(stopped.refusal, PasskeyRefused)
