"""Properties of mandates that have a story of their own; docs/mandates.md says where each is held.

Start in the table there. Those about any world of edges are beside the oracle, in tests/mandates.
"""
