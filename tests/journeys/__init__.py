"""Whole logins in process: the real house on a real database, without a network between."""
