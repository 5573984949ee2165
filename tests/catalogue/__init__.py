"""Catalogue: what is kept, read and refused."""
