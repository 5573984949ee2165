"""Means of logging in: tests."""
