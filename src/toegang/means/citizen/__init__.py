"""The citizen account: a user name and a password (basis), with a code by text message (low).

Start in accounts.py (`Accounts`, the room's door), then a journey: applying.py, signing_in.py,
recovering.py, own_account.py. What is kept stands in account.py; the figures in policy.py; who may try
how often in throttle.py. kind.py makes it a login means.
Never here: pages (web), what a service learns (login), where it is kept (storage).
"""
