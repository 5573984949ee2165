"""Sites: what an organisation writes around each foreign library; run in environments of their own.

Each is started with its port and a folder, where `site.json` says who it is and who its partner is.
"""
