"""Passkeys: keys on a person's own devices or at their password manager, that belong to a citizen account.

Start in passkeys.py (`Passkeys`, the room's door), then a journey: own_passkeys.py, logging_in.py. What a
passkey is worth stands in policy.py, what is kept in values.py, which models are known in known_models.py,
and what is believed of the metadata of their makers in metadata.py.
All that WebAuthn asks to be checked is in ceremonies.py and attestation.py. kind.py makes it a login means.
Never here: HTTP and pages (web), the account itself (means.citizen), where it is kept (storage).
"""
