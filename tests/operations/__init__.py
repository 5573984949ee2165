"""The hub as an operator runs it: real processes on loopback, commands as they stand in the documents."""
