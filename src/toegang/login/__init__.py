"""Login: one login, from request to outcome; the waist of the house, without any protocol in it.

Start in flow.py (`Logins`, the room's door, and `next_step`, the one dispatcher), then
transaction.py (the one stored record that everything is decided from), routing.py (which means are
offered and why), release.py (what the service learns), decision.py (why, for everyone to read).
Never here: OpenID Connect or SAML (provider), how a means proves someone (means), HTTP (web).
"""
