"""`toegang client`: what a client's registration needs."""

from __future__ import annotations

from hashlib import sha256

import typer

from toegang.cli.terminal import err, out
from toegang.ids import SystemIds

app = typer.Typer(help="Clients: secrets for those that cannot use a key.", no_args_is_help=True)


@app.command("secret")
def secret() -> None:
    """Make a client secret. The catalogue gets its hash; the secret itself is shown once and not kept."""
    made = SystemIds().token()
    err.print("Give this to the client, once, by a safe way:")
    out.print(made)
    err.print("Put this in the catalogue, under secret_hashes:")
    out.print(sha256(made.encode()).hexdigest())
