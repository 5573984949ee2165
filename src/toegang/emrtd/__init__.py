"""Electronic documents: passports, identity cards and driving licences with a chip; no hub in it.

Start in document.py (what a reader brings and what is believed of it), then verify.py, the one door, which
names its steps. Below it: sod.py and trust.py (who signed the data), active_authentication.py and
chip_authentication.py (whether this is the chip that it was signed for), mrz.py and data_groups.py (what it
says). reading.py is the conversation that a reader relays to a chip, with bac.py, pace.py and
secure_messaging.py below it.
Never here: whose document it should be (means), whether it was reported lost (registers), the radio.
"""
