"""Life: what becomes of somebody's means when they die, move, get another number or lose a document.

Start in following.py (reads the register's events, each once, in order), then acts.py (does what the rules in
identity/life.py say), numbers.py (a number that is corrected, and two accounts that meet), due.py (what
comes when its time has come). What is kept stands in store.py.
Never here: what a hold does to an account (means/citizen/holding.py), how the register speaks (registers).
"""
