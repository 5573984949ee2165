"""Bindings: how a message travels (SAMLBind-3).

redirect.py (in an address, signed over that address), post.py (in a form), artifact.py (a ticket for a
message) and soap.py (from server to server). What arrives leaves here as `Unverified`; only redirect.py
verifies it too.
"""
