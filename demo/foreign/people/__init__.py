"""The people of the health portal: django-digid-eherkenning asks its users to have a manager of its own."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class People(AppConfig):  # type: ignore[misc]
    """Tells Django where the people are described."""

    name = __name__

    def import_models(self) -> None:
        """Read users.py."""
        found = import_module(f"{__name__}.users")
        super().import_models()
        self.models_module = found
