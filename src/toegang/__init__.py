"""Toegang: digital access to public services, as one hub.

Start in app.py (how the house is put together), then login/flow.py (one login from request to
outcome). docs/architecture.md draws the rooms and the arrows between them.
"""

__version__ = "0.1.0"
