"""Catalogue: what is true now about parties, services, clients and means, read by every login.

Start in values.py (what stands in it), then snapshot.py (how a login reads it), file.py (YAML in and
out), watch.py (how a change arrives on every node as a delta).
Never here: how something became true (governance), where it is kept (storage), what a login does
with it (login).
"""
