"""Browser: the pages in a real Chromium."""
