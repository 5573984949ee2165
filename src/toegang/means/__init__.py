"""Means: what a login can be done with.

Start in base.py (the interface that every kind of means fills), then kinds.py (which kinds exist),
then a kind, for instance citizen/.
Never here: whether a means may be used now (catalogue/gate), which one is offered (login/routing),
what a service learns (login/release).
"""
