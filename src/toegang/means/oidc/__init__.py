"""An external OpenID provider as a login means: the hub is its client.

Start in kind.py (from ask to answer), then provider.py (what the catalogue says of a provider),
metadata.py (what the provider says of itself) and id_token.py (what is believed of its answer, and why).
"""
