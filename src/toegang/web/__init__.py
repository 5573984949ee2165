"""Web: HTTP only: parse, call a room, render.

Start in routes.py (every URL on one screen), then answers.py (errors become pages, OAuth errors or
statuses). What people see: pages.py fills templates/ with words of words.py and translations/.
Never here: a decision about a login, a client or a person.
"""
