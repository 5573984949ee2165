"""Values for the pages of logging in with a passkey, and of the passkeys in My account."""

from __future__ import annotations

from collections.abc import Mapping

from tests.web.app_samples import AT, WAY
from toegang.assurance import Level
from toegang.web.forms import Form

OPTIONS = '{"challenge":"AAAA","rpId":"toegang.example","quote":"\\"><script>alert(1)</script>"}'
NEW = '{"challenge":"AAAA","rp":{"id":"toegang.example","name":"Toegang"},"user":{"id":"AA","name":"x"}}'
KEPT = [
    {"id": str(at), "name": name, "bond": bond, "level": level, "since": AT, "last_used_at": used}
    for at, (name, bond, level, used) in enumerate(
        (
            ("Mijn telefoon", "synced", Level.LOW, AT),
            ("Sleutel<img src=x onerror=alert(1)> van tante", "device-bound", None, None),
            ("W" * 40, "attested", Level.SUBSTANTIAL, AT),
        )
    )
]
PASSKEY_SAMPLES: Mapping[str, Mapping[str, object]] = {
    "passkey/log_in": {
        **{name: WAY[name] for name in ("service", "provider", "level")},
        "options": OPTIONS,
    },
    "account/passkeys": {"passkeys": KEPT, "offered": True},
    "account/passkey_new": {"options": NEW},
    "account/passkey_added": {},
}
PASSKEY_ERRORS: Mapping[str, Form] = {
    "passkey/log_in": Form(csrf="c", errors={"": ("passkey-copied",)}),
    "account/passkeys": Form(csrf="c", errors={"": ("passkeys-most",)}),
    "account/passkey_new": Form(
        csrf="c", values={"passkey_name": "Laptop"}, errors={"passkey_name": ("malformed",)}
    ),
}
