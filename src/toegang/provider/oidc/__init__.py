"""The OpenID provider: what clients may ask of the hub and what they get.

Start in admit.py (a request becomes a login; the rules are a tuple), then levels.py (the one rule for
`acr`), answer.py (an outcome becomes a code), tokens.py (a code becomes tokens), userinfo.py, endings.py
(introspection, revocation, logout). What is remembered of an answer is a grant (provider/grants.py).
Never here: the shape of messages and proofs (oidc), HTTP (web).
"""
