"""A user with a BSN or an RSIN, as the documentation of django-digid-eherkenning asks."""

from __future__ import annotations

from typing import Any

from digid_eherkenning.managers import BaseDigidManager, BaseeHerkenningManager
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class DigidManager(BaseDigidManager):  # type: ignore[misc]
    """Finds and makes people by BSN."""

    def get_by_bsn(self, bsn: str) -> Any:  # noqa: ANN401 Django's own
        """Find somebody."""
        return self.get_queryset().get(bsn=bsn)

    def digid_create(self, bsn: str, **_: Any) -> Any:  # noqa: ANN401 Django's own
        """Make a user for somebody new."""
        return super().create(username=f"digid-{bsn}", bsn=bsn)


class EherkenningManager(BaseeHerkenningManager):  # type: ignore[misc]
    """Finds and makes companies by RSIN."""

    def get_by_rsin(self, rsin: str) -> Any:  # noqa: ANN401 Django's own
        """Find a company."""
        return self.get_queryset().get(rsin=rsin)

    def eherkenning_create(self, rsin: str, **_: Any) -> Any:  # noqa: ANN401 Django's own
        """Make a user for a new company."""
        return super().create(username=f"company-{rsin}", rsin=rsin)


class User(AbstractUser):  # type: ignore[misc]
    """Somebody with DigiD, or a company with eHerkenning."""

    bsn = models.CharField(max_length=9, blank=True)
    rsin = models.CharField(max_length=9, blank=True)

    objects = UserManager()
    digid_objects = DigidManager()
    eherkenning_objects = EherkenningManager()
