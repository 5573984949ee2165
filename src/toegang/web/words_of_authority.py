"""On what ground somebody acts for another, in plain words: what is shown beside each choice.

The key is the basis of a link (mandates.link): what the law calls it, or the kind of a mandate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.legal.authority import Basis
from toegang.mandates.link import DESK

if TYPE_CHECKING:
    from collections.abc import Mapping

N_ = str  # marks a sentence for the translators' list; it is translated when a page is made

_PARENT = N_("as a parent")
_DIRECTOR = N_("as a director")
_EMPLOYEE = N_("as an employee")
_MANDATE = N_("with a mandate")

BASES: Final[Mapping[str, str]] = {
    Basis.PARENTAL_JOINT: _PARENT,
    Basis.PARENTAL_SOLE: _PARENT,
    Basis.PARENTAL_WITH_THIRD: N_("as who has parental authority"),
    Basis.GUARDIANSHIP: N_("as a guardian"),
    Basis.CURATELE: N_("as a curator, appointed by a judge"),
    Basis.BEWIND: N_("as an administrator, appointed by a judge"),
    Basis.MENTORSHIP: N_("as a mentor, appointed by a judge"),
    Basis.PROVISIONAL_BEWIND: N_("as a provisional administrator, appointed by a judge"),
    Basis.HEIR: N_("as an heir"),
    Basis.EXECUTOR: N_("as an executor of the will"),
    Basis.AUTHORISED_HEIR: N_("as an heir, for all heirs"),
    Basis.DIRECTOR_SOLE: _DIRECTOR,
    Basis.DIRECTOR_JOINT: _DIRECTOR,
    Basis.DIRECTOR_LIMITED: _DIRECTOR,
    Basis.PROXY: N_("as a proxy in the trade register"),
    EdgeKind.VOLUNTARY: _MANDATE,
    DESK: N_("with a mandate that was given at a desk"),
    EdgeKind.INTERMEDIARY: _MANDATE,
    EdgeKind.EMPLOYEE: _EMPLOYEE,
    EdgeKind.STAFF: _EMPLOYEE,
    EdgeKind.HELPER: N_("as a helper"),
}
