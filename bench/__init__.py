"""Benches: what the house costs, measured beside a peer that does the same work in the same run.

Start in __main__.py (`python -m bench NAME [--quick] [--json]`), then measure.py (what a bench says).
Each bench is a module with `async def measure(*, quick: bool) -> list[Measure]`.
Never here: a test; figures depend on the machine, only ratios within one run are quoted.
"""
