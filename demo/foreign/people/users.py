"""A patient: known by BSN, as the documentation of django-digid-eherkenning asks."""

from __future__ import annotations

from typing import Any

from digid_eherkenning.managers import BaseDigidManager
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class ByNumber(BaseDigidManager):  # type: ignore[misc]
    """Finds and makes people by BSN."""

    def get_by_bsn(self, bsn: str) -> Any:  # noqa: ANN401 Django's own
        """Find somebody."""
        return self.get_queryset().get(bsn=bsn)

    def digid_create(self, bsn: str, **_: Any) -> Any:  # noqa: ANN401 Django's own
        """Make a user for somebody new."""
        return super().create(username=bsn, bsn=bsn)


class User(AbstractUser):  # type: ignore[misc]
    """A patient."""

    bsn = models.CharField(max_length=9, blank=True)

    objects = UserManager()
    digid_objects = ByNumber()
