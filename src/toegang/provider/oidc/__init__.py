"""The OpenID provider: what clients may ask of the hub and what they get.

Start in admit.py (a request becomes a login; the rules are a tuple), then levels.py (the one rule for
`acr`), answer.py (an outcome becomes a code), tokens.py (a code becomes tokens), grants.py (what is
remembered of an answer), userinfo.py, endings.py (introspection, revocation, logout).
Never here: the shape of messages and proofs (oidc), HTTP (web).
"""
