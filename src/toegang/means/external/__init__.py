"""External: what means of other parties have in common, whatever protocol they speak.

Start in linking.py (how an account elsewhere becomes a means of a person), then levels.py (what the
other party's names for levels mean), errands.py (what is remembered while the browser is away).
"""
