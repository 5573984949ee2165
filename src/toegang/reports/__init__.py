"""Reports: what the trail says in figures; counted here and nowhere else, and never changing anything.

Start in counting.py (`Reports`, the room's door), then facts.py (which event counts as what), figures.py
(the tables, with privacy.py hiding what is too small), paper.py (CSV), charts.py (SVG).
Never here: events (audit), pages (web), where counts are kept (storage). Prometheus counts are for
operators and are no figures.
"""
