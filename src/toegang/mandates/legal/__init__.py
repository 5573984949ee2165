"""Legal authority: who may act for whom by law, derived from what registers tell, never granted here.

Start in authority.py, the one value that every derivation yields; then asking.py, which asks the registers of
courts, estates and organisations and derives (court.py, estate.py, board.py) by the rules named in rules.py.
Never here: mandates that people give each other, what a service admits (both beside this folder).
"""
