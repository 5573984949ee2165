"""The list of commands."""

from __future__ import annotations

import typer

from toegang import __version__
from toegang.cli import (
    account,
    audit,
    catalogue,
    client,
    config_,
    database,
    decision,
    documents,
    figures,
    keys,
    life,
    mandates,
    metadata,
    serve,
)
from toegang.cli.terminal import out

app = typer.Typer(
    name="toegang",
    help="Digital access to public services: one hub between service providers and login means.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)
app.command("serve")(serve.serve)
app.add_typer(config_.app, name="config")
app.add_typer(database.app, name="database")
app.add_typer(keys.app, name="keys")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(client.app, name="client")
app.add_typer(metadata.app, name="metadata")
app.add_typer(documents.app, name="documents")
app.add_typer(audit.app, name="audit")
app.add_typer(account.app, name="account")
app.add_typer(life.app, name="life")
app.add_typer(mandates.app, name="mandates")
app.command("decision")(decision.decision)
app.command("figures")(figures.figures)


@app.command("version")
def version() -> None:
    """Say which version this is."""
    out.print(__version__)


def main() -> None:
    """Run the command line."""
    app()
