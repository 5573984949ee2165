"""What happens to the passkeys of accounts.

`bond` is how a passkey is bound to a device: `synced`, `device-bound` or `attested`. `before` and `after` are
what it proved and proves.
"""

from dataclasses import dataclass
from typing import ClassVar

from toegang.audit.event import Event
from toegang.audit.events.accounts import AccountChange, AccountEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyAdded(AccountChange):
    """A passkey of an account can be used from now on.

    `bond` is how it is bound to a device. `model` is the AAGUID of its kind of device or provider, which many
    people have in common; it is zero where a browser hides it.
    """

    name: ClassVar[str] = "passkey:added"

    bond: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyChanged(AccountChange):
    """A passkey is worth something else than before.

    At a use it turned out that it left its device, or that the policy changed; or a document of its person
    was reported lost or stolen.

    `bond_before` and `bond` are how it was and is bound.
    """

    name: ClassVar[str] = "passkey:changed"

    bond_before: str
    bond: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyStopped(AccountChange):
    """A passkey was stopped, for good.

    `bond` is how it was bound. `why` is the reason as a short word: `person`, `copied` (its counter went
    back), or that of its account (`misuse`, `blocked`, `ended`).
    """

    name: ClassVar[str] = "passkey:stopped"

    bond: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyNotBelieved(AccountEvent):
    """An answer by a passkey proved nobody.

    `reference` is the login that it happened in. `why` is the reason as a short word: `invalid` (a check of
    WebAuthn failed), `unknown`, `stopped`, `copied`, `flags` (it says that it never could leave its device,
    and said otherwise before), `not-admitted`, `other-person` (in a step up).
    """

    name: ClassVar[str] = "passkey:not-believed"

    reference: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyModelsTaken(Event):
    """Newer metadata of models of authenticators counts from now on, on every node.

    `number` is its serial number, higher than that of any before; by `renewed_by` (a date) there is a newer
    one. `models` counts the models that it knows, `fallen` those that protect no longer what they should.
    """

    name: ClassVar[str] = "passkey:models-taken"

    number: int
    renewed_by: str
    models: int
    fallen: int
