"""The hub toward service providers: tests."""
