"""The language of OpenID Connect and OAuth: values and rules of the protocol, with no hub in them.

Start in profile.py (what each security profile asks, as one table), then request.py (what a client may
send to the authorization endpoint), token_request.py, client_assertion.py, dpop.py, and the makers of
answers: id_token.py, access_token.py, userinfo.py, logout.py, discovery.py.
Never here: which client may do what (provider), who logged in (login), where anything is kept (storage).
Every rule gets `now` as an argument; what must be remembered (a jti) is handed back to the caller.
"""
