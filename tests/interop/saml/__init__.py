"""The foreign SAML peers: real, unpatched software, each as processes on this machine's loopback address.

Start in peers.py (what a peer is, how it runs), then service_providers.py and identity_providers.py. What an
organisation writes around each library or module stands in sites/.
"""
