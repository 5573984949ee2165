"""Registers: tests."""
