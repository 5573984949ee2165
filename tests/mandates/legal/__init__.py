"""Legal authority: tests."""
