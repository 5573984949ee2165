"""The SAML identity provider: what service providers may ask of the hub and what they get.

Start in profiles.py (how the four kinds of connection differ, as a table), admit.py (a request becomes a
login; the rules are a tuple in rules.py), then levels.py (class references), answer.py (an outcome becomes
an artifact or a form), resolve.py (what stands behind it, signed), statement.py and identifiers.py (what is
said about whom), logout.py, status.py (how a refusal is called), metadata.py (what we say of ourselves).
Never here: the shape of messages and proofs (saml), HTTP (web).
"""
