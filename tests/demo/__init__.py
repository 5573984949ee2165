"""Demo: tests."""
