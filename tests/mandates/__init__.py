"""Who may act for whom: tests."""
