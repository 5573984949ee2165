"""The page of events: the closed list of what the audit trail can hold."""

import dataclasses
import inspect
import types
import typing

from scripts.reference.page import first_line, head, table
from toegang.audit.events import EVENTS, Event, Personal


def page() -> str:
    """Return docs/reference/events.md."""
    explained = (
        "Everything that the audit trail can hold, and nothing else. A field marked *personal* is kept as a "
        "commitment only; the value itself stands apart and can be erased. Every event also carries `at`, "
        "the moment of the act, in UTC."
    )
    parts = [head("Events", explained, "src/toegang/audit/events/"), *map(section, EVENTS)]
    return "\n".join(parts)


def section(event: type[Event]) -> str:
    """Return one event: what happened, why its fields are there, and what they hold."""
    hints = typing.get_type_hints(event)
    rows = [
        (f"`{field.name}`", shown(hints[field.name]), "yes" if is_personal(hints[field.name]) else "")
        for field in dataclasses.fields(event)
        if field.name != "at"
    ]
    told = inspect.cleandoc(event.__doc__ or "")
    fields = table(("field", "holds", "personal"), rows) if rows else "No fields of its own.\n"
    return f"## {event.name}\n\n{told or first_line(event.__doc__)}\n\n{fields}"


def is_personal(hint: object) -> bool:
    """Say whether a field holds a commitment to a value about a person."""
    return hint is Personal or Personal in typing.get_args(hint)


def shown(hint: object) -> str:
    """Return a type in words that a reader of the trail understands."""
    if isinstance(hint, types.UnionType):
        arms = [arm for arm in typing.get_args(hint) if arm is not types.NoneType]
        return " or ".join(map(shown, arms)) + ", or nothing"
    if typing.get_origin(hint) is not None:
        inner = ", ".join(shown(arm) for arm in typing.get_args(hint) if arm is not Ellipsis)
        return f"list of {inner}"
    return getattr(hint, "__name__", str(hint))
