"""Reading settings: a TOML file and the environment become frozen values, or every problem is told."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT_PREFIX = "TOEGANG_"
S = TypeVar("S")


def setting(explained: str, default: Any = dataclasses.MISSING) -> Any:  # noqa: ANN401 dataclasses.field is untyped too
    """Declare a setting: what it is for, its unit, and its default if it has one."""
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata={"explained": explained})
    return dataclasses.field(default=default, metadata={"explained": explained})


def read(kind: type[S], path: Path, environment: Mapping[str, str]) -> S:
    """Read settings of a kind from a TOML file and the environment.

    Relative paths are relative to the file's directory.

    Raises:
        Misconfigured: cannot be read, an unknown name, a wrong type or a missing value; all of them
            at once, each with what to do.

    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}; give the settings with --config FILE"
        raise Misconfigured(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: {error}"
        raise Misconfigured(message) from error
    reader = _Reader(path.parent.resolve(), environment)
    settings = reader.section(kind, document, "")
    if reader.problems:
        raise Misconfigured("\n".join([f"{path}:", *reader.problems]))
    return settings


class _Reader:
    """Reads a tree of dataclasses out of plain values, collecting every problem."""

    def __init__(self, base: Path, environment: Mapping[str, str]) -> None:
        self.base = base
        self.environment = environment
        self.problems: list[str] = []

    def section(self, kind: type[S], values: Mapping[str, Any], at: str) -> S:
        """Read one section; `at` is its dotted name with a dot at the end, or empty for the root."""
        hints = typing.get_type_hints(kind)
        fields = dataclasses.fields(kind)  # type: ignore[arg-type]
        names = [each.name for each in fields]
        for unknown in sorted(values.keys() - set(names)):
            near = difflib.get_close_matches(unknown, names, 1)
            self.problems.append(
                f"  {at}{unknown}: unknown" + (f"; did you mean {at}{near[0]}?" if near else "")
            )
        found: dict[str, Any] = {}
        for each in fields:
            value = self._value(each, hints[each.name], values, at)
            if value is not dataclasses.MISSING:
                found[each.name] = value
        # An incomplete section cannot be made; its problems were noted, and nobody gets to use it.
        return kind(**found) if not self.problems else typing.cast("S", None)

    def _value(self, each: dataclasses.Field[Any], hint: Any, values: Mapping[str, Any], at: str) -> Any:  # noqa: ANN401
        name = f"{at}{each.name}"
        if dataclasses.is_dataclass(hint):
            inner = values.get(each.name, {})
            if not isinstance(inner, dict):
                self.problems.append(f"  {name}: must be a section, [{name}]")
                return dataclasses.MISSING
            return self.section(typing.cast("type[Any]", hint), inner, f"{name}.")
        variable = ENVIRONMENT_PREFIX + name.upper().replace(".", "__")
        if variable in self.environment:
            return self._from_text(self.environment[variable], hint, variable)
        if each.name in values:
            return self._from_toml(values[each.name], hint, name)
        if each.default is dataclasses.MISSING:
            self.problems.append(f"  {name}: needed. {each.metadata['explained']}")
        return dataclasses.MISSING

    def _from_text(self, text: str, hint: Any, name: str) -> Any:  # noqa: ANN401
        plain = _plain(hint)
        if plain is bool:
            if text.lower() in {"true", "false"}:
                return text.lower() == "true"
            self.problems.append(f"  {name}: must be true or false")
            return dataclasses.MISSING
        if plain is int:
            if text.isascii() and text.isdigit():
                return int(text)
            self.problems.append(f"  {name}: must be a whole number")
            return dataclasses.MISSING
        if typing.get_origin(plain) is tuple:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        return self._from_toml(text, hint, name)

    def _from_toml(self, value: object, hint: Any, name: str) -> Any:  # noqa: ANN401
        plain = _plain(hint)
        if plain is Path and isinstance(value, str):
            return (self.base / value).resolve()
        if typing.get_origin(plain) is tuple and isinstance(value, list):
            if all(isinstance(part, str) for part in value):
                return tuple(value)
        elif isinstance(plain, type) and type(value) is plain:
            return value
        words = {str: "text", int: "a whole number", bool: "true or false", Path: "a path in quotes"}
        self.problems.append(f"  {name}: must be {words.get(plain, 'a list of texts')}")
        return dataclasses.MISSING


def _plain(hint: Any) -> Any:  # noqa: ANN401
    """Return the type of a setting that may be left out without its None."""
    if isinstance(hint, types.UnionType):
        return next(arm for arm in typing.get_args(hint) if arm is not types.NoneType)
    return hint
