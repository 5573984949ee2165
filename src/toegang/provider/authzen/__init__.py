"""The hub as decision point: services and their systems ask who may act for whom, outside any login.

Start in asking.py (the door), then understanding.py (what a question means to us) and naming.py (how a
service may know people and organisations).
Never here: whether somebody may act (mandates), how a system proves itself (provider/oidc), HTTP (web).
"""
