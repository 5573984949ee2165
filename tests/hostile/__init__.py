"""Attacks, one file each: tests."""
