"""Cli: what an operator types; one file per command, each a thin layer over a room.

Start in main.py (the list of commands). The words of help and of trouble are meant to be read.
Never here: a rule of any room, what the settings mean (config).
"""

from toegang.cli.main import main

__all__ = ["main"]
