"""Questions: may this subject do this action with this resource, one at a time or a batch of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toegang.errors import Malformed

if TYPE_CHECKING:
    from toegang.jose.segments import JsonObject

MOST_QUESTIONS: Final = 50
_PARTS: Final = ("subject", "action", "resource", "context")
LONGEST: Final = 256  # characters of a type, an id, a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """AuthZEN-5.1 and -5.2: a subject or a resource; `id` is unique within its `type`."""

    type: str
    id: str = field(default="", repr=False)
    properties: JsonObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """AuthZEN-5.3: what is to be done."""

    name: str
    properties: JsonObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """AuthZEN-6.1: one access to be evaluated; `context` is about the question itself."""

    subject: Entity
    action: Action
    resource: Entity
    context: JsonObject = field(default_factory=dict, repr=False)


class Semantic(enum.StrEnum):
    """AuthZEN-7.1.2.1: which of a batch are answered."""

    ALL = "execute_all"
    FIRST_DENY = "deny_on_first_deny"
    FIRST_PERMIT = "permit_on_first_permit"

    def stops_at(self, *, permitted: bool) -> bool:
        """Tell whether nothing after this answer is answered."""
        return self is (Semantic.FIRST_PERMIT if permitted else Semantic.FIRST_DENY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """AuthZEN-7.1: questions in their order; `alone` when there was one that was no list."""

    questions: tuple[Question, ...]
    semantic: Semantic = Semantic.ALL
    alone: bool = False


def parse_question(body: JsonObject) -> Question:
    """AuthZEN-6.1: read one question; members that nobody knows are passed over.

    Raises:
        Malformed: a part is missing, or is not what it should be.

    """
    return Question(
        subject=entity(body, "subject"),
        action=action(body),
        resource=entity(body, "resource"),
        context=part(body, "context", {}),
    )


def parse_batch(body: JsonObject) -> Batch:
    """AuthZEN-7.1: read a batch; what stands above the list is each one's default.

    Without a list, or with an empty one, it is a question by itself.

    Raises:
        Malformed: a question of it cannot be read, it has too many, or asks for other semantics.

    """
    given = body.get("evaluations", [])
    if not isinstance(given, list) or len(given) > MOST_QUESTIONS:
        message = f"evaluations is not a list of at most {MOST_QUESTIONS}"
        raise Malformed(message)
    if not given:
        return Batch(questions=(parse_question(body),), alone=True)
    above: JsonObject = {name: body[name] for name in _PARTS if name in body}
    questions = []
    for each in given:
        if not isinstance(each, dict):
            message = "a question is not an object"
            raise Malformed(message)
        questions.append(parse_question(above | each))
    return Batch(questions=tuple(questions), semantic=_semantic(part(body, "options", {})))


def entity(body: JsonObject, name: str, *, named: bool = True) -> Entity:
    """Read a subject or resource; not `named`: one of which only the type counts (AuthZEN-8.4.1).

    Raises:
        Malformed: it is none.

    """
    found = part(body, name)
    return Entity(
        type=text(found, "type"),
        id=text(found, "id") if named else "",
        properties=part(found, "properties", {}),
    )


def action(body: JsonObject) -> Action:
    """Read an action.

    Raises:
        Malformed: it is none.

    """
    found = part(body, "action")
    return Action(name=text(found, "name"), properties=part(found, "properties", {}))


def part(body: JsonObject, name: str, default: JsonObject | None = None) -> JsonObject:
    """Return a member that is an object.

    Raises:
        Malformed: it is something else, or missing without a default.

    """
    found = body.get(name, default)
    if not isinstance(found, dict):
        message = f"{name} is not an object"
        raise Malformed(message)
    return found


def text(body: JsonObject, name: str, default: str | None = None) -> str:
    """Return a member that is a short text.

    Raises:
        Malformed: it is something else, empty or too long, or missing without a default.

    """
    found = body.get(name, default)
    if not isinstance(found, str) or len(found) > LONGEST or (not found and default is None):
        message = f"{name} is not a text of at most {LONGEST} characters"
        raise Malformed(message)
    return found


def _semantic(options: JsonObject) -> Semantic:
    word = text(options, "evaluations_semantic", Semantic.ALL.value)
    try:
        return Semantic(word)
    except ValueError:
        message = "evaluations_semantic is one of execute_all, deny_on_first_deny, permit_on_first_permit"
        raise Malformed(message) from None
