"""`toegang audit`: whether the trail is whole, and what it says of one login."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from toegang.audit.checkpoint import Verifier
from toegang.audit.events import AssertionIssued, DeclarationIssued
from toegang.audit.proofs import check_open_proof, read_proofs
from toegang.audit.sinks import read_checkpoints
from toegang.audit.trail import Asked
from toegang.audit.verify import verify
from toegang.cli.terminal import DEFAULT, ConfigFile, err, fail, ground, out, run, settings_of
from toegang.errors import Malformed, ProofInvalid
from toegang.storage.tree import TreeTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.audit.trail import Recorded
    from toegang.audit.verify import Findings
    from toegang.config import Settings

SHA256_BYTES = 32

app = typer.Typer(help="The audit trail: verify it, read it.", no_args_is_help=True)


@app.command("verify")
def verify_command(
    config_file: ConfigFile = DEFAULT,
    checkpoints: Annotated[
        Path | None,
        typer.Option(help="Checkpoints kept outside the database; the file of the settings without it."),
    ] = None,
) -> None:
    """Recompute the whole trail and compare it with the checkpoints that left the database.

    Finds every edit, deletion, insertion, swap, truncation and re-signing. Exit code 1 when it does, and
    when no checkpoint from outside spoke of these events: then a re-signing by the key cannot be found.
    """
    settings = settings_of(config_file)
    outside = checkpoints or settings.audit.checkpoints
    if outside is None:
        fail("no checkpoints outside the database: give --checkpoints FILE, or set audit.checkpoints")

    async def verified() -> Findings:
        async with ground(settings) as opened:
            archive = TreeTables(database=opened.database)
            return await verify(archive, read_checkpoints(outside), opened.signer.verifier())

    findings = run(verified())
    out.print(
        f"{findings.size} events, compared with {findings.outside} checkpoints from outside; "
        f"{findings.beyond} newer than the last of them, {findings.waiting} not in the tree yet, "
        f"{findings.erased} personal values erased by rule."
    )
    for finding in findings.findings:
        where = "" if finding.index is None else f" at event {finding.index}"
        out.print(f"[bold red]{finding.fault.value}[/]{where}")
    if findings.findings:
        raise typer.Exit(1)
    if findings.size and not findings.outside:
        fail("nothing from outside was compared: who holds the key may have written all of this anew")
    out.print("[bold green]The trail is whole.[/]")


@app.command("show")
def show(
    reference: Annotated[str, typer.Argument(help="The reference code of a login, or of a mandate.")],
    config_file: ConfigFile = DEFAULT,
) -> None:
    """Show what is recorded of one login or one mandate, without who it was."""
    settings = settings_of(config_file)

    async def recorded() -> Sequence[Recorded]:
        async with ground(settings) as opened:
            return await opened.trail.by_reference(reference)

    found = run(recorded())
    for one in found:
        place = "waiting" if one.index is None else str(one.index)
        body = msgspec.to_builtins(one.event, enc_hook=str)
        body.pop("person", None)
        out.print(f"{place:>8}  {one.event.name:24} {msgspec.json.encode(body, enc_hook=str).decode()}")
    err.print(f"{len(found)} events.")


@app.command("proof")
def proof(
    file: Annotated[Path, typer.Argument(help="A file of proofs, as My account hands it out.")],
    key: Annotated[str, typer.Option(help="The verifier key of the trail, as it is published: name+id+key.")],
) -> None:
    """Check that events stand in the trail: needs no database, no settings and no hub, only the file.

    Take the key from where it is published, never from who gave you the file. Exit code 1 when anything does
    not hold.
    """
    try:
        verifier, proofs = Verifier.parse(key), read_proofs(file.read_bytes())
        events = [(one.proof.index, check_open_proof(one, verifier)) for one in proofs]
    except (Malformed, ProofInvalid) as error:
        fail(f"does not hold: {error.detail}")
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    if not events:
        fail("no event stands in this file")
    for index, event in events:
        body = msgspec.json.encode(msgspec.to_builtins(event, enc_hook=str)).decode()
        out.print(f"{index:>8}  {event.name:24} {body}", soft_wrap=True)
    out.print(f"[bold green]{len(events)} events stand in the trail of {verifier.name}.[/]")


@app.command("key")
def key(config_file: ConfigFile = DEFAULT) -> None:
    """Print the verifier key of the trail, to be published where people find it without asking the hub."""
    settings = settings_of(config_file)

    async def verifier() -> str:
        async with ground(settings) as opened:
            return str(opened.signer.verifier())

    out.print(run(verifier()), soft_wrap=True)


@app.command("issued")
def issued(
    assertion: Annotated[
        str,
        typer.Argument(help="The ID of a SAML assertion, or of a declaration of our register of mandates."),
    ],
    digest: Annotated[
        str, typer.Option("--hash", help="The DigestValue in its signature, as it stands there or in hex.")
    ] = "",
    config_file: ConfigFile = DEFAULT,
) -> None:
    """Tell whether an assertion or declaration was issued by this hub; else it is the work of a thief.

    With --hash also whether it says what was issued. Exit code 1 when it was not issued, or not so. What was
    issued less than a second ago may not stand in the trail yet.
    """
    claimed = _hexadecimal(digest) if digest else ""
    settings = settings_of(config_file)

    event = run(_issuing(settings, assertion))
    if event is None:
        fail("no assertion with this ID was issued here: treat it as forged, and the key as stolen")
    if claimed and claimed != event.digest:
        fail("an assertion with this ID was issued, but it said something else: treat this one as forged")
    out.print(
        f"Issued at {event.at.isoformat(timespec='seconds')} to {event.client}, "
        f"for the login with reference code {event.reference}."
    )
    if isinstance(event, DeclarationIssued):
        out.print(f"It declares statement {event.statement}, in the name of {event.issuer}.", soft_wrap=True)
    if not claimed:
        err.print("Only the ID was compared; give --hash to compare what it says.")


async def _issuing(settings: Settings, id_: str) -> AssertionIssued | DeclarationIssued | None:
    """Find in the trail how the assertion or declaration with this ID was issued."""
    names = (AssertionIssued.name, DeclarationIssued.name)
    async with ground(settings) as opened:
        async for one in opened.trail.events(Asked(names=names)):
            if isinstance(one.event, AssertionIssued) and one.event.assertion == id_:
                return one.event
            if isinstance(one.event, DeclarationIssued) and one.event.declaration == id_:
                return one.event
    return None


def _hexadecimal(digest: str) -> str:
    """Read a SHA-256 as it stands in a signature (base64), or in hexadecimal."""
    try:
        octets = (
            bytes.fromhex(digest)
            if len(digest) == 2 * SHA256_BYTES
            else base64.b64decode(digest, validate=True)
        )
    except (ValueError, binascii.Error):
        octets = b""
    if len(octets) != SHA256_BYTES:
        fail("--hash is no SHA-256: copy the DigestValue of the assertion's own signature")
    return octets.hex()
