"""Rules: what must hold between records, each a small function with its ground.

A rule looks at one record and at the catalogue as it would become, and yields its findings. The rules
know nothing of files: check.py gives each finding its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from toegang.assurance import Scheme, level_named, name_of
from toegang.catalogue.records import Key, RecordKind
from toegang.catalogue.values import (
    AdmittedMeans,
    Campaign,
    Client,
    Connection,
    IdentityForm,
    Kind,
    Organisation,
    Role,
    RoleHolder,
    Service,
)
from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toegang.assurance import Level
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import AcrAlias, Asker, Record

Kinds = Mapping[str, Callable[[AdmittedMeans], object]] | frozenset[str]
"""The words for kinds of means; a mapping also has what raises Misconfigured for settings that do not fit."""

BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with the value of a field, and how to mend it."""

    field: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a record is judged against: the catalogue with the change (`after`) and without (`before`).

    `declared` are ids in the files whose records could not be read: known, but not to be judged.
    `kinds` are the kinds of means that this program speaks, and what judges the settings of each; None
    when that is not known here. `own` are our own names in SAML, as far as they are known here.
    """

    after: Snapshot
    before: Snapshot
    now: datetime
    declared: frozenset[tuple[RecordKind, Key]] = frozenset()
    kinds: Kinds | None = None
    own: frozenset[str] = frozenset()

    def knows(self, kind: RecordKind, key: object) -> bool:
        """Tell whether a reference leads somewhere."""
        named = Key(str(key))
        return self.after.record(kind, named) is not None or (kind, named) in self.declared

    def organisation_of(self, record: Service | Asker) -> Organisation | None:
        """Find the organisation of a record, as it would become."""
        return self.after.organisation(record.organisation)


def organisation_exists(record: Record, world: World) -> Iterator[Finding]:
    """Demand that a record belongs to an organisation of the catalogue."""
    named = "" if isinstance(record, Organisation | Campaign) else record.organisation
    if named and not world.knows(RecordKind.ORGANISATION, named):
        yield Finding(
            field="organisation", what=f"no organisation `{named}`", remedy="add it, or mend the id"
        )


def dates_are_in_order(record: Record, _: World) -> Iterator[Finding]:
    """Demand that validity, half-open, is not empty."""
    begin, end = record.validity.from_, record.validity.until
    if begin is not None and end is not None and end <= begin:
        yield Finding(field="until", what="`until` is not after `from`", remedy="mend one of the two dates")


def services_exist(record: Record, world: World) -> Iterator[Finding]:
    """Demand that a client, a connection or a campaign names services that exist, each once."""
    if not isinstance(record, Client | Connection | Campaign):
        return
    for id_, times in Counter(record.services).items():
        if times > 1:
            yield Finding(field="services", what=f"service {id_} is named twice", remedy="name it once")
        if not world.knows(RecordKind.SERVICE, id_):
            yield Finding(field="services", what=f"no service {id_}", remedy="add it, or mend the id")


def asker_stays_with_its_own(record: Record, world: World) -> Iterator[Finding]:
    """STSAML-LC: only a supplier's clients and connections reach services of other organisations."""
    if not isinstance(record, Client | Connection):
        return
    owner = world.organisation_of(record)
    if owner is None or owner.supplier:
        return
    for id_ in record.services:
        service = world.after.service(id_)
        if service is not None and service.organisation != record.organisation:
            yield Finding(
                field="services",
                what=f"service {id_} belongs to `{service.organisation}`",
                remedy=f"mend the id, or set `supplier: true` on `{owner.id}`",
            )


def public_excludes_nothing(record: Record, world: World) -> Iterator[Finding]:
    """WDO-acceptance: a public organisation turns no admitted means away."""
    if not isinstance(record, Service) or not record.excluded_means:
        return
    owner = world.organisation_of(record)
    if owner is not None and owner.kind is Kind.PUBLIC:
        yield Finding(
            field="excluded_means",
            what="a public organisation cannot exclude an admitted means",
            remedy="remove `excluded_means`; ask a higher level if the service needs one",
        )


def excluded_means_exist(record: Record, world: World) -> Iterator[Finding]:
    """Demand that what is excluded exists, so that a slip of the pen does not let it in."""
    if isinstance(record, Service):
        for id_ in record.excluded_means:
            if not world.knows(RecordKind.MEANS, id_):
                yield Finding(field="excluded_means", what=f"no means `{id_}`", remedy="mend the id")


def bsn_only_with_a_ground(record: Record, world: World) -> Iterator[Finding]:
    """Wabb-10: only a public organisation, or one that a law lets use it, gets the BSN; known by its OIN."""
    if not isinstance(record, Service) or record.identity is not IdentityForm.BSN:
        return
    owner = world.organisation_of(record)
    if owner is None:
        return
    if owner.kind is not Kind.PUBLIC and not owner.bsn_ground:
        yield Finding(
            field="identity",
            what="the BSN is only for a public organisation, or one that a law lets use it",
            remedy="use `identity: pseudonym`, or name that law under the organisation's `bsn_ground`",
        )
    if not owner.oin:
        yield Finding(
            field="identity",
            what="the BSN is only for an organisation with an OIN",
            remedy="use `identity: pseudonym`, or add the organisation's `oin`",
        )


def ground_is_for_private_ones(record: Record, _: World) -> Iterator[Finding]:
    """Wabb-10: a public organisation uses the BSN by that law itself, and names no other."""
    if isinstance(record, Organisation) and record.bsn_ground and record.kind is Kind.PUBLIC:
        yield Finding(
            field="bsn_ground",
            what="a public organisation needs no ground of its own for the BSN",
            remedy="remove `bsn_ground`, or mend `kind`",
        )


def planned_levels_rise(record: Record, _: World) -> Iterator[Finding]:
    """Demand that planned levels follow each other in time, each higher than the one before."""
    if not isinstance(record, Service):
        return
    level, since = record.level, BEGINNING
    for plan in record.planned:
        if plan.from_ <= since:
            yield Finding(field="planned", what="planned levels are not in order of time", remedy="sort them")
        if plan.level <= level:
            yield Finding(
                field="planned",
                what=f"the planned level {_word(plan.level)} is not higher than {_word(level)} before it",
                remedy="a level is lowered by changing `level` itself, after a decision",
            )
        level, since = plan.level, plan.from_


def planned_levels_are_announced(record: Record, world: World) -> Iterator[Finding]:
    """Demand that a new plan for a service in use begins later, so that its users read the message."""
    if not isinstance(record, Service):
        return
    known = world.before.service(record.id)
    if known is None:
        return
    for plan in record.planned:
        if plan.from_ <= world.now and plan not in known.planned:
            yield Finding(
                field="planned",
                what=f"the planned level {_word(plan.level)} begins in the past",
                remedy="choose a day to come, or change `level` itself",
            )


def attributes_stand_once(record: Record, _: World) -> Iterator[Finding]:
    """GDPR-5.1.b: an attribute has one purpose."""
    if isinstance(record, Service):
        for attribute, times in Counter(grant.attribute for grant in record.attributes).items():
            if times > 1:
                yield Finding(
                    field="attributes",
                    what=f"`{attribute.value}` is asked twice",
                    remedy="ask it once, with one purpose",
                )


def aliases_mean_one_thing(record: Record, _: World) -> Iterator[Finding]:
    """OIDCC-3.1.2.1: one name of a client means one level at any moment, and no known name something else."""
    if not isinstance(record, Client | Connection):
        return
    seen: dict[str, AcrAlias] = {}
    for alias in record.acr_aliases:
        if " " in alias.name or "\n" in alias.name:
            yield _alias(f"`{alias.name}` has a space", "acr_values are separated by spaces; leave it out")
        known = level_named(alias.name) or level_named(alias.name, Scheme.EIDAS_SHORT)
        if known is not None and known[1] is not alias.level:
            yield _alias(f"`{alias.name}` already means {_word(known[1])}", "choose another name")
        if alias.name in seen:
            yield _alias(f"`{alias.name}` stands here twice", "keep one of the two")
        seen[alias.name] = alias


def aliases_leave_a_name(record: Record, _: World) -> Iterator[Finding]:
    """Demand that a dual-run ends with a name that stays: not every alias of a level may end."""
    if not isinstance(record, Client | Connection):
        return
    for level in {alias.level for alias in record.acr_aliases}:
        same = [alias for alias in record.acr_aliases if alias.level is level]
        if len(same) > 1 and all(alias.until is not None for alias in same):
            yield _alias(f"every alias of {_word(level)} ends", "leave out `until` of the one that stays")


def kind_of_means_is_spoken(record: Record, world: World) -> Iterator[Finding]:
    """Demand that a means is of a kind that this program speaks."""
    if isinstance(record, AdmittedMeans) and world.kinds is not None and record.kind not in world.kinds:
        yield Finding(
            field="kind",
            what=f"no means of kind `{record.kind}`",
            remedy=f"write one of: {', '.join(sorted(world.kinds))}",
        )


def settings_of_means_fit(record: Record, world: World) -> Iterator[Finding]:
    """Demand that the settings of a means are what its kind can work with."""
    if not isinstance(record, AdmittedMeans) or not isinstance(world.kinds, Mapping):
        return
    judge = world.kinds.get(record.kind)
    try:
        if judge is not None:
            judge(record)
    except Misconfigured as error:
        yield Finding(field="settings", what=error.detail, remedy="see the page about means of other parties")


def party_manager_has_a_party(record: Record, _: World) -> Iterator[Finding]:
    """Demand that whoever manages a party manages one in particular."""
    if isinstance(record, RoleHolder) and record.role is Role.PARTY_MANAGER and not record.organisation:
        yield Finding(field="role", what="a party manager has no organisation", remedy="add `organisation:`")


def _alias(what: str, remedy: str) -> Finding:
    return Finding(field="acr_aliases", what=what, remedy=remedy)


def _word(level: Level) -> str:
    return name_of(level, Scheme.CATALOGUE) or str(int(level))


Rule = Callable[["Record", "World"], "Iterator[Finding]"]

RULES: tuple[Rule, ...] = (
    organisation_exists,
    dates_are_in_order,
    services_exist,
    asker_stays_with_its_own,
    public_excludes_nothing,
    excluded_means_exist,
    bsn_only_with_a_ground,
    ground_is_for_private_ones,
    planned_levels_rise,
    planned_levels_are_announced,
    attributes_stand_once,
    aliases_mean_one_thing,
    aliases_leave_a_name,
    kind_of_means_is_spoken,
    settings_of_means_fit,
    party_manager_has_a_party,
)
