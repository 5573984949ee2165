"""Parental authority: who has it over a minor, derived from what the population register knows of the family.

Start in flow.py: the published decision flow as one table. questions.py asks each of its questions,
outcome.py is what comes out, granting.py makes authority of it, asking.py asks the register.
Never here: at which age a child acts alone at a service (its policy), how the register speaks (registers).
"""
