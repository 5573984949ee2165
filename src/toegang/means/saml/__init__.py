"""An external SAML identity provider as a login means: the hub is its service provider.

Start in kind.py (from ask to answer), then partner.py (what the catalogue says of a provider), request.py
(what is asked), answer.py (what is believed, and why) and people.py (who that is).
"""
