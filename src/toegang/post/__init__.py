"""Post: what leaves the house, and messages between rooms.

Start in outbox.py (a message is written in the unit of the act that causes it), then delivery.py (who
takes it from there, and what happens when the other side does not answer). sms.py and letter.py are
the two kinds that reach people; other rooms bring a `Carrier` for a kind of their own.
Never here: when something is to be said (the rooms that act), the tables (storage).
"""
