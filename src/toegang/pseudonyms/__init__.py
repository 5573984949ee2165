"""Pseudonyms: another name for the same person at each service.

Start in pairwise.py: names that only this hub can make; known.py has for whom those stand that were told.
Never here: which service gets a pseudonym and which a number (catalogue, login/release).
"""

from toegang.pseudonyms.pairwise import Pairwise

__all__ = ["Pairwise"]
