"""Web: pages, languages, words and headers."""
