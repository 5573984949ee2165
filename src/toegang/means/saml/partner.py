"""What the catalogue says of an identity provider: the settings of its admission, and its pinned metadata.

entity_id      its name; its keys and addresses stand in the `entity` of that name
speaks         plain (default), digid3, st-saml or etd: where its answers say who somebody is
request_by     post (default) or redirect: how our request travels
answer_by      post (default) or artifact: how it is to answer
comparison     exact, minimum or none: how a level is asked; by default as the agreement has it
requester      yes: say on whose behalf we ask
service_index  the number by which it knows what we ask of it
subject        the attribute that names the person for good, where NameID does not (plain)
bsn            the attribute with the BSN (plain); counts only where the admission says that it gives it
logout         yes: it is told when somebody logs out here, and tells us when somebody does so there
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from toegang.catalogue import gate
from toegang.errors import Misconfigured, NotEntitled, UnknownParty
from toegang.saml.encryption import MODERN, PRESCRIBED, Methods
from toegang.saml.keys import TrustedKey, trusted_key
from toegang.saml.messages import Comparison
from toegang.saml.metadata.values import IdentityProviderRole, KeyUse
from toegang.saml.names import Binding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import AdmittedMeans

W = TypeVar("W", bound=enum.Enum)

YES = "yes"


class Speaks(enum.StrEnum):
    """By which agreement an identity provider says who somebody is."""

    PLAIN = "plain"
    DIGID3 = "digid3"
    ST_SAML = "st-saml"
    ETD = "etd"


class AskBy(enum.StrEnum):
    """How our request travels."""

    POST = "post"
    REDIRECT = "redirect"

    @property
    def binding(self) -> Binding:
        """The name of the binding."""
        return Binding.POST if self is AskBy.POST else Binding.REDIRECT


class AnswerBy(enum.StrEnum):
    """How its answer is to travel."""

    POST = "post"
    ARTIFACT = "artifact"

    @property
    def binding(self) -> Binding:
        """The name of the binding."""
        return Binding.POST if self is AnswerBy.POST else Binding.ARTIFACT


class LevelBy(enum.StrEnum):
    """How a level is asked (SAMLCore-3.3.2.2.1)."""

    EXACT = "exact"
    MINIMUM = "minimum"
    NONE = "none"

    @property
    def comparison(self) -> Comparison:
        """The protocol's word."""
        return Comparison.MINIMUM if self is LevelBy.MINIMUM else Comparison.EXACT


# STSAML-4.2: the catalogue of services has the level, no request does. LegacySAML-3: at least this one.
ASKED_BY: Mapping[Speaks, LevelBy] = {Speaks.ST_SAML: LevelBy.NONE, Speaks.DIGID3: LevelBy.MINIMUM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An identity provider as it was admitted, and as its metadata describes it."""

    admission: AdmittedMeans
    entity_id: str
    role: IdentityProviderRole
    speaks: Speaks
    ask_by: AskBy
    answer_by: AnswerBy
    level_by: LevelBy
    names_requester: bool
    service_index: int | None

    @classmethod
    def of(cls, admission: AdmittedMeans, snapshot: Snapshot, now: datetime) -> Partner:
        """Read the settings of an admission, and find its pinned metadata.

        Raises:
            Misconfigured: a setting is missing or not what it should be; the text says which.
            UnknownParty, PartyClosed: nothing is pinned of it that is in force.
            NotEntitled: its metadata is of no identity provider.

        """
        entity_id = entity_id_of(admission)
        role = gate.open_entity(snapshot, entity_id, now).metadata.identity_provider
        if role is None:
            message = f"means {admission.id}: the metadata of {entity_id} is of no identity provider"
            raise NotEntitled(message)
        speaks = _chosen(admission, "speaks", Speaks.PLAIN)
        return cls(
            admission=admission,
            entity_id=entity_id,
            role=role,
            speaks=speaks,
            ask_by=_chosen(admission, "request_by", AskBy.POST),
            answer_by=_chosen(admission, "answer_by", AnswerBy.POST),
            level_by=_chosen(admission, "comparison", ASKED_BY.get(speaks, LevelBy.EXACT)),
            names_requester=admission.setting("requester") == YES,
            service_index=_index(admission),
        )

    @property
    def keys(self) -> tuple[TrustedKey, ...]:
        """SAML-MetaIOP-2.6.1: the keys by which it may sign: those of its pinned metadata, and no others."""
        return tuple(trusted_key(key) for key in self.role.keys if key.use is not KeyUse.ENCRYPTION)

    @property
    def methods(self) -> Methods:
        """How it encrypts: by what is safe alone, or as the Dutch schemes prescribe inside a signature."""
        return MODERN if self.speaks is Speaks.PLAIN else PRESCRIBED

    @property
    def sign_on(self) -> str:
        """SAMLMeta-2.4.3: where browsers go.

        Raises:
            Misconfigured: its metadata has no address for the binding of its settings.

        """
        binding = self.ask_by.binding
        found = next((each.location for each in self.role.sign_on if each.binding == binding), "")
        if not found:
            message = f"means {self.admission.id}: its metadata has no address to ask at by {self.ask_by}"
            raise Misconfigured(message)
        return found

    def resolver(self, index: int) -> str:
        """SAMLBind-3.6.5: where an artifact of this index is exchanged.

        Raises:
            Misconfigured: its metadata has no such address.

        """
        found = next((each.location for each in self.role.artifact if each.index == index), "")
        if not found:
            message = f"means {self.admission.id}: its metadata has no artifact service {index}"
            raise Misconfigured(message)
        return found


def check_settings(admission: AdmittedMeans) -> None:
    """Read the settings of an admission, for who writes them; whether its metadata is pinned is not asked.

    Raises:
        Misconfigured: one is missing or not what it should be; the text says which.

    """
    entity_id_of(admission)
    _index(admission)
    for name, default in (
        ("speaks", Speaks.PLAIN),
        ("request_by", AskBy.POST),
        ("answer_by", AnswerBy.POST),
        ("comparison", LevelBy.EXACT),
    ):
        _chosen(admission, name, default)


def entity_id_of(admission: AdmittedMeans) -> str:
    """Return the name of the identity provider.

    Raises:
        Misconfigured: the admission does not say it.

    """
    found = admission.setting("entity_id")
    if not found:
        message = f"means {admission.id}: the setting `entity_id` is missing in the catalogue"
        raise Misconfigured(message)
    return found


def role_of(snapshot: Snapshot, entity_id: str) -> IdentityProviderRole:
    """Return what is pinned of an identity provider, in force or not: enough to end something.

    Raises:
        UnknownParty: nothing.

    """
    entity = snapshot.entity(entity_id)
    if entity is None or entity.metadata.identity_provider is None:
        message = "nothing is pinned of such an identity provider"
        raise UnknownParty(message)
    return entity.metadata.identity_provider


def _index(admission: AdmittedMeans) -> int | None:
    index = admission.setting("service_index")
    if index and not (index.isascii() and index.isdecimal()):
        message = f"means {admission.id}: `service_index` is no number"
        raise Misconfigured(message)
    return int(index) if index else None


def _chosen(admission: AdmittedMeans, name: str, default: W) -> W:
    word = admission.setting(name, str(default.value))
    try:
        return type(default)(word)
    except ValueError:
        message = f"means {admission.id}: the setting `{name}` cannot be `{word}`"
        raise Misconfigured(message) from None
