"""What a passkey is worth, by its admission in the catalogue; and the figures of this room.

synced        level of a passkey that a provider keeps on several devices; `no`: not admitted. Default: low
device_bound  level of one that stays on its device, as the device says; `no`: not admitted. Default: low
attested      level of one that a listed model vouched for. Default: that of `device_bound`
models        AAGUIDs of the listed models, separated by spaces

The levels are a decision on admission (eIDAS-2015/1502-2.2.1), so they stand in the catalogue, where every
change is recorded with who made it, and holds at the next login. The certificates of the models are files of
the operator (known_models.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.assurance.levels import parse_level
from toegang.errors import Misconfigured
from toegang.means.citizen.policy import Limit
from toegang.means.passkey.values import Bond, Passkey

if TYPE_CHECKING:
    from toegang.catalogue.values import AdmittedMeans

NOT_ADMITTED = "no"
HIGHEST = Level.SUBSTANTIAL  # high asks a chip that was checked face to face
ADDITIONS = Limit(most=20, window=timedelta(days=1))  # passkeys that an account may try to add
FAILURES = Limit(most=100, window=timedelta(minutes=10))  # refused answers of one network


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyPolicy:
    """Limits and lifetimes of passkeys; a challenge lives as long as a page says that it waits."""

    challenge_lifetime: timedelta = timedelta(minutes=5)
    login_lifetime: timedelta = timedelta(minutes=15)
    passkeys_most: int = 10
    additions: Limit = ADDITIONS
    failures: Limit = FAILURES


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What passkeys are worth under one admission; None: not admitted."""

    synced: Level | None
    device_bound: Level | None
    attested: Level | None
    models: frozenset[str]

    @classmethod
    def of(cls, admission: AdmittedMeans) -> Worth:
        """Read the settings of an admission.

        Raises:
            Misconfigured: a word that is no level, a model that is no AAGUID, more than a passkey can be
                worth, or a looser bond worth more than a tighter one.

        """
        synced = _level(admission, "synced", "low")
        device_bound = _level(admission, "device_bound", "low")
        attested = _level(admission, "attested", "") if admission.setting("attested") else device_bound
        worth = cls(synced=synced, device_bound=device_bound, attested=attested, models=_models(admission))
        ladder = [level or Level.MINIMAL for level in (synced, device_bound, attested)]
        if ladder != sorted(ladder):
            message = f"means {admission.id}: `synced` <= `device_bound` <= `attested` must hold"
            raise Misconfigured(message)
        if attested != device_bound and not worth.models:
            message = f"means {admission.id}: `attested` needs `models`, the AAGUIDs that it is for"
            raise Misconfigured(message)
        return worth

    @property
    def highest(self) -> Level:
        """The highest level that any passkey can prove; the lowest there is when none is admitted."""
        return max(level or Level.MINIMAL for level in (self.synced, self.device_bound, self.attested))

    @property
    def asks_attestation(self) -> bool:
        """Whether anything rests on attestation; if not it is not asked, since it tells what people have."""
        return self.attested != self.device_bound

    def level_of(self, passkey: Passkey) -> Level | None:
        """Return what a passkey proves now: by its bond, and never more than it was registered with.

        That of a model that is listed no more is what it says itself.
        """
        listed = passkey.model in self.models
        level = self._by_bond(passkey.bond if listed else passkey.unattested.bond)
        return None if level is None else min(level, passkey.level)

    def _by_bond(self, bond: Bond) -> Level | None:
        levels = {
            Bond.SYNCED: self.synced,
            Bond.DEVICE_BOUND: self.device_bound,
            Bond.ATTESTED: self.attested,
        }
        return levels[bond]


def check_admission(admission: AdmittedMeans) -> Worth:
    """eIDAS-2015/1502-2.2.1: refuse an admission for more than a passkey can ever be worth.

    Raises:
        Misconfigured: as `Worth.of`, or its ceiling is above substantial.

    """
    if admission.ceiling > HIGHEST:
        message = "the ceiling of passkeys is at most `substantial`; lower `ceiling`"
        raise Misconfigured(message)
    return Worth.of(admission)


def _level(admission: AdmittedMeans, name: str, default: str) -> Level | None:
    word = admission.setting(name, default)
    if word == NOT_ADMITTED:
        return None
    try:
        level = parse_level(word)
    except ValueError as error:
        message = f"means {admission.id}: the setting `{name}`: {error}, or `{NOT_ADMITTED}`"
        raise Misconfigured(message) from None
    if level > HIGHEST:
        message = f"means {admission.id}: the setting `{name}` is at most `substantial`"
        raise Misconfigured(message)
    return level


def _models(admission: AdmittedMeans) -> frozenset[str]:
    found = set()
    for word in admission.setting("models").split():
        try:
            found.add(str(UUID(word)))
        except ValueError:
            message = f"means {admission.id}: the setting `models` has `{word}`, which is no AAGUID"
            raise Misconfigured(message) from None
    return frozenset(found)
