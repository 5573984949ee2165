"""Registers: what other registers know, asked when it is needed; facts carry source and time.

Start in population.py (the port and its values), then population_http.py (the register as it speaks). Courts,
estates and organisations are spoken to in one way: spoken.py.
Never here: keeping what a register said (nobody does), deciding what follows from it (the rooms above).
"""
