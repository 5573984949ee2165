"""Assurance: tests."""
