"""A page with a form of ours, outside a login: shown, shown again with what is wrong, never with secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from hmac import compare_digest
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from toegang.errors import ValueRefused
from toegang.web.answers import page, status_of, wait
from toegang.web.forms import Form
from toegang.web.wrong import NO_ERRORS, errors_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response

    from toegang.errors import Refusal
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit
    from toegang.web.wrong import Errors, Places

T = TypeVar("T")
NOTHING: Mapping[str, str] = MappingProxyType({})
BAD_REQUEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page with a form: its template, where it shows refusals, and the fields that it shows again."""

    name: str
    places: Places = field(default_factory=lambda: MappingProxyType({}))
    kept: tuple[str, ...] = ()
    signed_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a sheet is filled in: by whom, with which values around the form, and what was sent."""

    rooms: Rooms
    visit: Visit
    values: Mapping[str, object]
    form: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def show(self, sheet: Sheet, errors: Errors = NO_ERRORS, status: int = 200) -> Response:
        """Show the sheet, with `errors` at its fields."""
        kept = {name: self.form[name] for name in sheet.kept if name in self.form}
        form = Form(csrf=self.visit.csrf, values=kept, errors=errors)
        values = {**self.values, "signed_in": sheet.signed_in}
        return page(self.rooms, self.visit, sheet.name, values, status=status, form=form)

    def refuse(self, sheet: Sheet, refusal: Refusal) -> Response:
        """Show the sheet again with what was refused.

        Raises:
            Refusal: this one, when it is not about what was typed.

        """
        response = self.show(sheet, errors_of(refusal, sheet.places), status_of(refusal))
        wait(response, refusal)
        return response

    def wrong(self, sheet: Sheet, errors: Errors) -> Response:
        """Show the sheet again with fields that cannot be read."""
        return self.show(sheet, errors, BAD_REQUEST)


class Fields:
    """Reads the fields of a form one by one, and remembers which of them were wrong."""

    def __init__(self, form: Mapping[str, str]) -> None:
        """Begin without errors."""
        self.errors: dict[str, tuple[str, ...]] = {}
        self._form = form

    def read(self, name: str, parse: Callable[[str], T], reason: str) -> T | None:
        """Parse a field; None when that cannot be done, for `reason` or because it is empty."""
        typed = self._form.get(name, "").strip()
        try:
            return parse(typed)
        except ValueError:
            self.errors[name] = (reason if typed else "empty",)
            return None

    def ticked(self, name: str) -> bool:
        """Tell whether a box is ticked."""
        return self._form.get(name) == "yes"


def new_password(form: Mapping[str, str]) -> str:
    """Return the new password, typed the same twice.

    Raises:
        ValueRefused: it was not.

    """
    typed, again = form.get("new_password", ""), form.get("repeat_password", "")
    if not compare_digest(typed.encode(), again.encode()):
        field = "repeat_password"
        raise ValueRefused(field, "passwords-differ")
    return typed
