"""Logout over every protocol: a session ends at once, then everybody who took part in it is told.

Start in leave.py (the use cases), then records.py (what is remembered of a logout), tellers.py (what each
protocol does), results.py (what came of telling).
Never here: the messages of a protocol (provider/oidc, provider/saml), pages (web).
"""
