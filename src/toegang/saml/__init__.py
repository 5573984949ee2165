"""SAML 2.0 as a pure library: messages, bindings, signatures, encryption, metadata; no hub in it.

Start in messages.py (what is said), then document.py (the gate that every octet from outside passes),
signature.py (what was signed becomes a new object, and only that can be read) and reading.py.
Never here: who may connect (catalogue), what a login decides (login), what is answered (provider, means).
"""
