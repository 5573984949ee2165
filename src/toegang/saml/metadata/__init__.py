"""Metadata: what an entity publishes about itself (SAMLMeta-2). Start in values.py."""
