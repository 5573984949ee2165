"""Cards with an e-function: an identity card or a driving licence with its PIN, at each login anew (high).

Start in cards.py (`OwnCards`, the room's door): own_cards.py is what people do with their cards,
logging_in.py what a login asks, kind.py makes it a login means. reading.py is the conversation with the card,
up to whose it is (judging.py); what is kept here of a card stands in values.py, and whether what it proved
still counts in standing.py. Who we are toward cards comes from a folder (terminals.py).
docs/protocols/card.md is the protocol.
Never here: a PIN, the chip's own language (emrtd), what the issuer keeps (registers), HTTP and pages (web).
"""
