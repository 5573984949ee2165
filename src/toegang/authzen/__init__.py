"""AuthZEN: the OpenID Authorization API 1.0 as values, read strictly and written back.

Start in questions.py (may this one do that with this), then search.py (who, what, with what), discovery.py.
Never here: what subjects and resources mean to us, whether somebody may, who asks (provider/authzen).
"""
