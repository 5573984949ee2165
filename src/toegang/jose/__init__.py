"""JOSE: the strict gate through which every signed or encrypted JSON token enters and leaves.

Start in compact.py (text to UnverifiedToken), then verify.py (the only maker of VerifiedToken), sign.py,
public_keys.py (other parties' keys, parsed once) and encryption.py.
Never here: what the claims mean (oidc), where keys come from (keys, catalogue).
"""
