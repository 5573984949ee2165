"""Keys: tests."""
