"""Partners in SAML: how their metadata comes into the catalogue, and what about their keys needs a person.

Start in takeover.py (what of a document may take the place of what is known), then refresh.py (how it is
fetched again), cockpit.py (who has which keys, and what breaks when) and warnings.py (certificates that end).
Never here: how XML is read (saml.metadata), what a connection may do (catalogue), how it looks (web, cli).
"""
