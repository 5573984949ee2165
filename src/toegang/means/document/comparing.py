"""Whether a document is this person's: by the BSN on it or in its register, then also name and birth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.emrtd.names import same_name, spellings
from toegang.identity.numbers import Bsn

if TYPE_CHECKING:
    from toegang.emrtd.document import Holder
    from toegang.registers.population import Names, Registered


def is_of(holder: Holder, issued_to: Bsn | None, person: Registered) -> bool:
    """eIDAS-2015/1502-2.1.2: tell whether the holder of a verified document is this person.

    A BSN on it decides, whatever the names: those change, and are printed as they were. Nine digits that are
    no BSN are nobody's. Without one, namesakes of one day would be one person: its register must say that it
    was issued to this BSN, and family name, given names and the whole date of birth must all be those that
    the population register has now. To whom a register says that it was issued, is never another.
    """
    if issued_to is not None and issued_to != person.bsn:
        return False
    if holder.bsn is not None:
        return _is_bsn(holder.bsn, person.bsn)
    if issued_to is None:
        return False
    born = person.birth_date
    same_birth = (holder.birth.year, holder.birth.month, holder.birth.day) == (
        born.year,
        born.month,
        born.day,
    )
    return same_birth and _same_names(holder, person.names)


def _is_bsn(digits: str, bsn: Bsn) -> bool:
    try:
        return Bsn.parse(digits) == bsn
    except ValueError:
        return False


def _same_names(holder: Holder, names: Names) -> bool:
    """ICAO9303-3-4.6: the two parts of a printed name; who has one name has it in the first part.

    A prefix ("de", "van der") stands before the family name, on the document and here.
    """
    family = f"{names.prefix} {names.family}".strip() or names.full
    return _same(holder.primary, family, whole=holder.whole_name) and _same(
        holder.secondary, names.given, whole=holder.whole_name
    )


def _same(printed: str, name: str, *, whole: bool) -> bool:
    """Compare what is printed with a name; a licence prints it with its marks, so both are spelled."""
    if not printed or not name:
        return not printed and not name
    return any(same_name(each, name, whole=whole) for each in spellings(printed) if each)
