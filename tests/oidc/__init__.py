"""The OpenID and OAuth language: tests."""
