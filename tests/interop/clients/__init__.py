"""Clients: what a service provider writes around each foreign library; run in environments of their own."""
