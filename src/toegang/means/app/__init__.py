"""The app: an authenticator on a person's own device, with a PIN, that belongs to a citizen account (low).

Start in apps.py (`Apps`, the room's door), then a journey: activation.py, logging_in.py, calling.py,
own_apps.py. What an app signs stands in statements.py, how a page and an app meet in meeting.py, which step
may follow which in pairing.py, what is kept in values.py. kind.py makes it a login means. The protocol is
docs/protocols/app.md.
Never here: HTTP and pages (web), the account itself (means.citizen), where it is kept (storage).
"""
