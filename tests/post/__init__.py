"""Post: tests."""
