"""The proof that Toegang does what it says.

Start in run.py (what `./toegang test` does). Rooms of the package are mirrored by name; beside them
stand storage (every store on every engine), journeys (whole logins in process), hostile (one file per
attack), browser, interop (foreign clients) and architecture (what no linter knows).
"""
