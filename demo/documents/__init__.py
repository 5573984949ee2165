"""Documents of the demo: states that issue them and chips that answer, in software, with real cryptography.

Start in states.py (an authority and its signers), then papers.py (a passport, a card, a driving licence) and
chip.py (answers commands, as a chip would). Written from the norms and not from `toegang.emrtd`, so that two
readings of them meet in the tests. All people and states in it are made up.
Never here: verification.
"""
