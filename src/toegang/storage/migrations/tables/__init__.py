"""The tables as they are now, one module per room; read by `Migrations.check` and by nothing else."""

from toegang.storage.migrations.tables import (
    accounts,
    apps,
    audit,
    cards,
    catalogue,
    floors,
    ground,
    ladder,
    life,
    links,
    login,
    mandates,
    oidc,
    partners,
    passkeys,
    post,
    pseudonyms,
)
from toegang.storage.migrations.tables.base import metadata

__all__ = [
    "accounts",
    "apps",
    "audit",
    "cards",
    "catalogue",
    "floors",
    "ground",
    "ladder",
    "life",
    "links",
    "login",
    "mandates",
    "metadata",
    "oidc",
    "partners",
    "passkeys",
    "post",
    "pseudonyms",
]
