"""Provider: the hub toward service providers, in the protocol that each of them speaks.

Start in oidc/ (the OpenID provider; SAML stands beside it when it comes). A request in any protocol
becomes a `LoginRequest`, an outcome becomes that protocol's answer.
Never here: who logged in and how (login, means), the words of the protocol itself (oidc), HTTP (web).
"""
