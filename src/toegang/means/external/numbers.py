"""Numbers as other parties tell them: what people type is read kindly, what machines say is read exactly."""

from __future__ import annotations


def exact(text: str) -> str:
    """Return a number that is written in digits and nothing else, in one way (S30).

    Raises:
        ValueError: it holds blanks, points or digits of another script.

    """
    if not (text.isascii() and text.isdigit()):
        message = "a number that is not written in digits alone"
        raise ValueError(message)
    return text
