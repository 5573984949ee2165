"""Reader sessions: a page of ours and something with a radio or a slot, which relays commands to a chip.

Start in conversation.py (what a purpose must do: every round is computed anew from all that was said), then
readers.py (`Readers`, the room's door). Which step may follow which is one table in sessions.py; keeping.py
seals what was said. docs/protocols/reader.md is the protocol.
Never here: what a chip is asked and what it is worth (who writes a conversation), HTTP and pages (web).
"""
