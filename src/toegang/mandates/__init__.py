"""Mandates: who may act for whom, for what, and until when.

Start in party.py (who can stand at either end of an edge); legal/authority.py is what the law itself gives.
Never here: who logged in (login), how a mandate is shown (web), where it is kept (storage), how a register
speaks (registers).
"""
