"""Keys: what Toegang signs, decrypts, seals and finds with, and since when.

Start in ring.py (a key's life: published, active, retired), then files.py (how a directory becomes a
ring), changes.py (generate, rotate, retire, withdraw) and secret.py (sealing and finding keys).
Never here: what is signed (jose, saml), where the paths come from (config).
"""
