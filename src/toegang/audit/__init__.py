"""Audit: what happened, for good, in a form that others can check.

Start in events/ (the closed list of what can happen), then trail.py (how an event is recorded and read),
sequencer.py (how events get their place in the tree), verify.py (how somebody else finds out that the
trail was changed). merkle.py and note.py are the mathematics and the paper, without a store.
Never here: what the figures say (reports), where rows are kept (storage), what people are shown (web).
"""
