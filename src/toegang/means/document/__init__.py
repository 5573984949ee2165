"""The check of an identity document, by which an app of an account becomes substantial.

Start in check.py (`DocumentCheck`, a conversation of means.reader, with its steps numbered). What a reader's
person gives is read in given.py, whom to believe comes from a folder (trusting.py), whether it is their own
document is decided in comparing.py. docs/protocols/reader.md has what a reader sees of it.
Never here: how a document is verified (emrtd), what a register says (registers), pages (web).
"""
