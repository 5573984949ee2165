"""Outbound: tests."""
