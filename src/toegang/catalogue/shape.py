"""A shape: which keys a record has in a file, each with its form; it reads and writes by the same table.

So nothing can be exported that is not imported. shapes.py has the tables.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from toegang.catalogue import forms
from toegang.catalogue.forms import Form, Plain
from toegang.catalogue.nodes import Keys, Spot, keys
from toegang.catalogue.problems import Wrong
from toegang.catalogue.values import Validity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(Generic[T]):
    """How one type is written: key -> form, which are required, and keys named unlike their field.

    `refused` are keys that people write by mistake, with what to tell them.
    """

    type_: Callable[..., T]
    forms: Mapping[str, Form[Any]]
    required: tuple[str, ...] = ()
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    dated: bool = False
    refused: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def read(self, spot: Spot, beside: Mapping[str, Callable[[Spot], object]]) -> Keys:
        """Read the keys of this shape and those `beside` it, as values by field name.

        Raises:
            Wrong: no mapping stands here.

        """
        known = {key: form.read for key, form in self.all_forms().items()}
        refused = {key: _refusing(key, remedy) for key, remedy in self.refused.items()}
        read = keys(spot, {**known, **refused, **beside}, self.required)
        values = {self.field_of(key): value for key, value in read.values.items()}
        places = {self.field_of(key): place for key, place in read.places.items()}
        if self.dated:
            dates = {side: values.pop(side, None) for side in ("from_", "until")}
            values["validity"] = Validity(**dates)
        return Keys(values, places, read.sound)

    def write(self, value: T) -> dict[str, Plain]:
        """Write `value`, leaving out what is as it would be anyway."""
        written: dict[str, Plain] = {}
        for key, form in self.all_forms().items():
            holder = value.validity if self.dated and key in {"from", "until"} else value  # type: ignore[attr-defined]
            found = getattr(holder, self.field_of(key))
            if found != _default(holder, self.field_of(key)):
                written[key] = form.write(found)
        return written

    def field_of(self, key: str) -> str:
        """Return the name of the field that stands under `key`."""
        return self.fields.get(key, "from_" if key == "from" else key)

    def all_forms(self) -> Mapping[str, Form[Any]]:
        """Return the form of every key, the dates at the end."""
        dates = {"from": forms.MOMENT, "until": forms.MOMENT} if self.dated else {}
        return {**self.forms, **dates}


def _refusing(key: str, remedy: str) -> Callable[[Spot], object]:
    def read(_: Spot) -> object:
        message = f"`{key}` does not belong in the catalogue"
        raise Wrong(message, remedy)

    return read


def _default(holder: object, field: str) -> object:
    for known in dataclasses.fields(holder):  # type: ignore[arg-type]
        if known.name == field:
            factory = known.default_factory
            return known.default if factory is dataclasses.MISSING else factory()
    return dataclasses.MISSING


def nested(shape: Shape[T]) -> Form[T]:
    """Read a value that has a shape of its own, inside another."""

    def read(spot: Spot) -> T:
        found = shape.read(spot, {})
        if not found.sound:
            message = "this entry cannot be read"
            raise Wrong(message, "mend the problems named above")
        return shape.type_(**found.values)

    return Form(read, shape.write)
