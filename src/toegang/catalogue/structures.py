"""Values of other rooms, such as metadata, written field by field: the form follows from the type itself.

So a field that is added there can be exported and imported here without another word.
"""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from datetime import datetime
from typing import Any, TypeVar

from toegang.catalogue import forms
from toegang.catalogue.forms import Form, chosen, many, whole
from toegang.catalogue.nodes import Spot, items, scalar
from toegang.catalogue.problems import Wrong
from toegang.catalogue.shape import Shape, nested

T = TypeVar("T")

LONGEST = 100_000
LARGEST = 2**31 - 1


def structure(type_: type[T]) -> Form[T]:
    """Return the form of a frozen dataclass: a mapping with a key for each field.

    A field without a default is required; what is as it would be anyway is left out.
    """
    hints = typing.get_type_hints(type_)
    fields = dataclasses.fields(type_)  # type: ignore[arg-type]
    required = tuple(
        each.name
        for each in fields
        if each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
    )
    known = {each.name: _form(hints[each.name]) for each in fields}
    return nested(Shape(type_=type_, forms=known, required=required))


def _form(hint: Any) -> Form[Any]:  # noqa: ANN401 a type, an alias or a union
    """Return the form of one field, by its type."""
    plain = {str: ANY_TEXT, bool: forms.TRUTH, int: whole(0, LARGEST), datetime: forms.MOMENT}
    if hint in plain:
        return plain[hint]  # type: ignore[return-value]
    if typing.get_origin(hint) is tuple:
        first, *rest = typing.get_args(hint)
        return many(_form(first)) if rest == [...] else _row((first, *rest))
    if isinstance(hint, types.UnionType):
        return _form(next(arm for arm in typing.get_args(hint) if arm is not types.NoneType))
    return chosen(hint) if issubclass(hint, enum.StrEnum) else structure(hint)


def _row(hints: tuple[Any, ...]) -> Form[tuple[Any, ...]]:
    """Read a list of as many values as there are types."""
    columns = [_form(hint) for hint in hints]

    def read(spot: Spot) -> tuple[Any, ...]:
        found = list(items(spot))
        if len(found) != len(columns):
            message = f"{len(columns)} values belong here"
            raise Wrong(message, "write them as a list")
        return tuple(form.read(item) for form, item in zip(columns, found, strict=True))

    return Form(read, lambda values: [form.write(each) for form, each in zip(columns, values, strict=True)])


def _read_any(spot: Spot) -> str:
    text = scalar(spot)
    if len(text) > LONGEST:
        message = f"the text has more than {LONGEST} characters"
        raise Wrong(message, "shorten it")
    return text


ANY_TEXT = Form(_read_any, str)
"""Text as a partner wrote it: also nothing, and also what people do not write."""
