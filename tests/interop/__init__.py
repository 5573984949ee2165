"""Interop: foreign OpenID clients, unchanged, log people in through the hub in a real Chromium."""
