"""Rules on what a service admits of representation."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from toegang.catalogue.forms import AMSTERDAM
from toegang.catalogue.representation import EdgeKind, LimitKind
from toegang.catalogue.rules import Finding
from toegang.catalogue.values import Client, Connection, SamlProfile, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toegang.catalogue.representation import Announced, Representation
    from toegang.catalogue.rules import Rule, World
    from toegang.catalogue.values import Record


def representation_counts_up(record: Record, world: World) -> Iterator[Finding]:
    """Demand another, higher version of rules that changed: statements name the version that they obeyed.

    What was announced and began is what they are compared with, and what is withdrawn in time never was.
    """
    if not isinstance(record, Service) or record.representation is None:
        return
    before = world.before.service(record.id)
    known = None if before is None else before.representation
    after = record.representation.at(world.now)
    if known is None or after is None:
        return
    in_force = known.at(world.now)
    last = in_force or known
    if in_force is not None and _alone(in_force) == _alone(after):
        return
    if after.version <= last.version:
        yield _finding(
            f"the rules changed, and `version` is not above {last.version}",
            f"write `version: {last.version + 1}`",
        )


def announced_is_one_or_the_other(record: Record, _: World) -> Iterator[Finding]:
    """Demand that what is announced is either other rules or an end, from a day on, and counts up."""
    coming = _announced(record)
    if coming is None:
        return
    change, rules = coming
    if (change.rules is None) is not change.ends:
        yield _finding(
            "what is announced is either `rules` or an end",
            "write the rules as they will be, whole, or `ends: true`",
        )
    if change.from_.astimezone(AMSTERDAM).time() != time():
        yield _finding(
            "what is announced does not begin with a day", "write `from` as a date, such as 2027-01-01"
        )
    if change.rules is None:
        return
    if change.rules.version <= rules.version:
        yield _finding(
            f"what is announced has no `version` above {rules.version}",
            f"write `version: {rules.version + 1}` there",
        )
    if replace(change.rules, version=rules.version) == _alone(rules):
        yield _finding("what is announced changes nothing", "leave `announced` out")


def announced_is_to_come(record: Record, world: World) -> Iterator[Finding]:
    """Demand that a new announcement begins later; what began stays as it was announced.

    In a catalogue that does not have the service nothing changes for anybody: there it may have begun.
    """
    coming = _announced(record)
    known = world.before.service(record.id) if isinstance(record, Service) else None
    if coming is None or known is None:
        return
    change, _ = coming
    before = None if known.representation is None else known.representation.announced
    if change.from_ <= world.now and change != before:
        yield _finding(
            "what is announced begins in the past",
            "choose a day to come, or change the rules themselves and count `version` up",
        )


def representation_admits_something(record: Record, _: World) -> Iterator[Finding]:
    """Demand one kind or more, each once, and groups and limits that stand once; of what is announced too."""
    for rules in _stages(record):
        if not rules.kinds:
            yield _finding("no kind of authority is admitted", "name one, or leave `representation` out")
        twice = [kind for kind, times in Counter(rules.kinds).items() if times > 1]
        groups = [id_ for id_, times in Counter(each.id for each in rules.groups).items() if times > 1]
        limits = [limit for limit, times in Counter(rules.limits).items() if times > 1]
        for word in (*(each.value for each in (*twice, *limits)), *groups):
            yield _finding(f"`{word}` stands here twice", "write it once")


def representation_reaches_children(record: Record, _: World) -> Iterator[Finding]:
    """Demand that the ages between which parents act are not empty."""
    for rules in _stages(record):
        if EdgeKind.PARENTAL in rules.kinds and rules.child_until <= rules.child_from:
            yield _finding("parents act for children of no age", "`child_until` is above `child_from`")


def limits_are_of_what_is_admitted(record: Record, _: World) -> Iterator[Finding]:
    """Demand that who says to hold people to a branch admits authority over organisations."""
    for rules in _stages(record):
        if LimitKind.BRANCH in rules.limits and not rules.of_organisations:
            yield _finding(
                "only authority over an organisation is limited to a branch, and none is admitted",
                "remove `branch` from `limits`, or admit a kind of organisations",
            )


def excluded_is_reached_by_name_only(record: Record, _: World) -> Iterator[Finding]:
    """Demand that a service is not at once in a group and out of reach of groups."""
    for rules in _stages(record):
        wide = rules.groups or rules.since is not None
        if rules.one_agent and wide:
            yield _finding(
                "where one acts at a time a service is reached by its name only",
                "remove `groups` and `since`, or `one_agent`",
            )
        if rules.excluded and wide:
            yield _finding(
                "an excluded service is reached by its name only",
                "remove `groups` and `since`, or `excluded`",
            )


SAYS_FOR_WHOM = frozenset({SamlProfile.ST_SAML, SamlProfile.ETD})
"""Profiles that have a form for who acts and who is represented (STSAML-4.3, ETD-1.13)."""


def profile_can_say_for_whom(record: Record, _: World) -> Iterator[Finding]:
    """MANDATES-P9: demand that an answer about somebody else cannot be read as one about who logged in."""
    if isinstance(record, Connection) and record.representation and record.profile not in SAYS_FOR_WHOM:
        able = " or ".join(sorted(each.value for each in SAYS_FOR_WHOM))
        yield _finding(
            f"{record.profile.value} cannot say for whom somebody acts", f"use {able}, or remove it"
        )


def representation_is_admitted_somewhere(record: Record, world: World) -> Iterator[Finding]:
    """Demand that who is registered for representation has a service that admits it."""
    if not isinstance(record, Client | Connection) or not record.representation:
        return
    services = (world.after.service(id_) for id_ in record.services)
    if not any(each is not None and each.representation is not None for each in services):
        yield _finding("none of its services admits representation", "add it to a service, or remove it")


def organisations_are_acted_for(record: Record, world: World) -> Iterator[Finding]:
    """MANDATES-P9: demand that who asks about organisations understands that somebody acts for one.

    In OpenID Connect nobody logs in there otherwise: a number alone would be taken for who logged in.
    """
    if not isinstance(record, Client) or not record.enabled or record.representation:
        return
    services = (world.after.service(id_) for id_ in record.services)
    if any(each is not None and each.identity.of_organisation for each in services):
        yield _finding(
            "a service of it is told an organisation's number, and nobody acts for one through this client",
            "add `representation: true` when its software reads `represents`; a service says what it admits",
        )


def details_need_representation(record: Record, _: World) -> Iterator[Finding]:
    """RFC9396-10: demand that who may ask for people who act for another also understands the answer."""
    if isinstance(record, Client) and record.authorization_details_types and not record.representation:
        yield Finding(
            field="authorization_details_types",
            what="the client is not registered for representation, so nobody acts for another through it",
            remedy="add `representation: true`, or remove it",
        )


def _stages(record: Record) -> tuple[Representation, ...]:
    """Return the rules of a service, and those that are announced."""
    if not isinstance(record, Service) or record.representation is None:
        return ()
    return record.representation.stages


def _announced(record: Record) -> tuple[Announced, Representation] | None:
    """Return what a service announces, with the rules that it comes after."""
    rules = record.representation if isinstance(record, Service) else None
    return None if rules is None or rules.announced is None else (rules.announced, rules)


def _alone(rules: Representation) -> Representation:
    """Return rules without what is announced to come after them."""
    return replace(rules, announced=None)


def _finding(what: str, remedy: str) -> Finding:
    return Finding(field="representation", what=what, remedy=remedy)


REPRESENTATION_RULES: tuple[Rule, ...] = (
    representation_counts_up,
    announced_is_one_or_the_other,
    announced_is_to_come,
    representation_admits_something,
    representation_reaches_children,
    limits_are_of_what_is_admitted,
    excluded_is_reached_by_name_only,
    profile_can_say_for_whom,
    representation_is_admitted_somewhere,
    organisations_are_acted_for,
    details_need_representation,
)
