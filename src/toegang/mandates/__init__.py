"""Mandates: who may act for whom, for what, and until when.

Start in register.py (`Mandates`, the room's door), then edge.py (what is kept), life.py (what becomes of it,
as one table, with moving.py and guards.py), judging.py and decide.py (whether a path lets somebody act);
legal/authority.py is what the law itself gives; numbers.py and names.py are how parties are known.
Never here: who logged in (login), how a mandate is shown (web), where it is kept (storage), how a register
speaks (registers).
"""
