"""Identity: who.

Start in numbers.py (BSN and the like, parsed once, never printed), then people.py (the person that
every means and every pseudonym hangs on).
Never here: how someone proves it (means), what a service may know (login/release).
"""
