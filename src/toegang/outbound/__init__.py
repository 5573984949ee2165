"""Outbound: the one way in which Toegang calls others over HTTP.

Start in client.py (a request and its bounds), then addresses.py (which machines may be called) and
party.py (how one party's trouble stays its own).
Never here: what is asked and what the answer means (the room that calls).
"""
