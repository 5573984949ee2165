"""JOSE: tests."""
