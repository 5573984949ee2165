"""Mandates: who may act for whom, for what, and until when.

Start in edge.py (what is kept), then life.py (what becomes of it, as one table), moving.py and guards.py (who
may do what with it); legal/authority.py is what the law itself gives.
Never here: who logged in (login), how a mandate is shown (web), where it is kept (storage), how a register
speaks (registers).
"""
