"""Provider: the hub toward service providers, in the protocol that each of them speaks.

Start in oidc/ (the OpenID provider) or saml/ (the SAML identity provider). A request in any protocol
becomes a `LoginRequest`, an outcome becomes that protocol's answer, remembered as a grant (grants.py).
Never here: who logged in and how (login, means), the words of the protocol itself (oidc), HTTP (web).
"""
