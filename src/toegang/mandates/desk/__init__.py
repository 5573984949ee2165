"""A desk where people give a mandate, or end one, without a means of their own.

One clerk sees who comes by and notes what they want; another officer reads the same words and agrees, and
then it counts. To end one a single clerk is enough.

Start in visits.py (what is noted, and what may become of it), then giving.py, then ending.py.
Never here: who works at a desk (provider.operators), what a document looks like (means.app.at_desk).
"""
