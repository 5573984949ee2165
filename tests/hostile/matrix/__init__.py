"""The one matrix of O15: what was begun while all was well, what is closed then, and every entry there is."""
