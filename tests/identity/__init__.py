"""Who: tests."""
