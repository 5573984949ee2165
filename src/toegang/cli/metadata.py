"""`toegang metadata`: partners' metadata: bring it in, fetch it again, look at it; print our own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toegang.app import partners
from toegang.app.ground import rings_of
from toegang.catalogue.partners import cockpit as view
from toegang.catalogue.partners.bringing import Brought, Document, named_pins, owner_of, read_document
from toegang.catalogue.partners.refresh import FETCH_SECONDS, LARGEST, OK
from toegang.catalogue.partners.sources import sources_of
from toegang.catalogue.partners.takeover import Pins, Taken
from toegang.catalogue.watch import open_catalogue
from toegang.cli.terminal import (
    DEFAULT,
    ConfigFile,
    by_command,
    err,
    fail,
    ground,
    out,
    run,
    settings_of,
    shown,
)
from toegang.errors import Refusal, Unavailable, UnknownParty
from toegang.keys.certificates import read_base64, spoken
from toegang.keys.files import load
from toegang.provider.saml.register import first_key
from toegang.saml.metadata.claimed import claimed_signer
from toegang.saml.metadata.read import fingerprint
from toegang.storage.catalogue import CatalogueTables

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.catalogue.partners.cockpit import Facts, PartnerView
    from toegang.config import Settings

app = typer.Typer(help="Partners in SAML: their metadata and keys, and our own.", no_args_is_help=True)
SHOWN = 20
Which = Annotated[str, typer.Argument(help="The partner's entity id.")]
WORDS = {
    view.Trouble.CERTIFICATE_ENDS: "a certificate of theirs ends",
    view.Trouble.SIGNER_ENDS: "the certificate ends that signs their metadata",
    view.Trouble.METADATA_ENDS: "their metadata ends, and is not renewed",
    view.Trouble.NOT_REFRESHED: "their metadata cannot be fetched or believed since",
    view.Trouble.OUR_KEY_ENDS: "a key of ours goes out of use that they still encrypt with",
}


@app.command("import")
def import_(  # noqa: PLR0913 - typer makes an option of each
    place: Annotated[str, typer.Argument(help="A file, or an address (https) that is fetched every night.")],
    config_file: ConfigFile = DEFAULT,
    *,
    organisation: Annotated[
        str, typer.Option(help="Whose entities are that no connection in the catalogue names.")
    ] = "",
    signer: Annotated[
        list[Path] | None, typer.Option(help="Certificate of who signs it; may be given again.", exists=True)
    ] = None,
    sha256: Annotated[str, typer.Option(help="Or: the SHA-256 of the document, if nobody signs it.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Pin anew what is known by other pins, or from elsewhere.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; only with --signer or --sha256.")] = False,
) -> None:
    """Take over metadata, and pin by whose word it is believed from then on. Live within five seconds."""
    settings = settings_of(config_file)
    octets, source = _read(settings, place)
    pins = _named(signer or [], sha256) or run(_known(settings, source)) or _asked(octets, yes=yes)
    document = Document(octets=octets, source=source, pins=pins, organisation=organisation, anew=replace)
    counts = run(_import(settings, document, yes=yes))
    for taken, word in (
        (Taken.NEW, "new"),
        (Taken.CHANGED, "changed"),
        (Taken.SAME, "as they were"),
        (Taken.FOREIGN, "left alone: known by other pins or from elsewhere (--replace)"),
        (Taken.UNNAMED, "left out: no connection names them (--organisation)"),
    ):
        if counts[taken]:
            out.print(f"{counts[taken]:,} {word}")


@app.command("refresh")
def refresh(
    config_file: ConfigFile = DEFAULT,
    *,
    entity: Annotated[str, typer.Option(help="Only where this entity comes from.")] = "",
) -> None:
    """Fetch metadata again now; the hub does so itself every night."""
    settings = settings_of(config_file)

    async def refreshed() -> list[str]:
        async with ground(settings) as opened:
            catalogue = await open_catalogue(CatalogueTables(opened.database))
            door = partners.refreshing(opened, catalogue)
            sources = [
                each for each in sources_of(catalogue.current) if not entity or entity in each.entities
            ]
            if not sources:
                fail("nothing that is pinned is fetched from an address")
            failed = []
            for source in sources:
                if not await door.refresh(source, opened.clock.now()):
                    state = await door.store.source(source.address)
                    failed.append(f"{source.address}: {state.failure if state else ''}")
            return failed

    failed = run(refreshed())
    for line in failed:
        err.print(shown(line))
    if failed:
        raise typer.Exit(1)
    out.print("Everything is as its source says.")


@app.command("list")
def list_(config_file: ConfigFile = DEFAULT) -> None:
    """List the partners whose metadata is pinned."""
    for partner in view.partners(run(_facts(settings_of(config_file)))):
        name = partner.organisation.names.en if partner.organisation else "?"
        out.print(f"[bold]{shown(partner.entity_id)}[/]")
        out.print(
            f"  {shown(name)}; {shown(partner.source) or 'from a file'}, {partner.fetched_at:%Y-%m-%d %H:%M}"
        )


@app.command("show")
def show(entity: Which, config_file: ConfigFile = DEFAULT) -> None:
    """Show everything about a partner: its keys, when they were seen, what breaks when."""
    facts = run(_facts(settings_of(config_file)))
    partner = view.partner(entity, facts)
    record = facts.snapshot.entity(entity)
    if partner is None or record is None:
        fail(f"nothing is pinned of {entity}")
    _print(partner)
    for signer in record.signers:
        out.print(f"  believed by the word of {_spoken(read_base64(signer).sha256)}")
    if record.sha256:
        out.print(f"  believed because it was {_spoken(record.sha256)}")


@app.command("publish")
def publish(
    config_file: ConfigFile = DEFAULT,
    *,
    mandates: Annotated[
        bool, typer.Option("--mandates", help="That of the register of mandates (`/saml/mandates/metadata`).")
    ] = False,
) -> None:
    """Print our own metadata, signed, as `/saml/metadata` answers it."""
    settings = settings_of(config_file)

    async def written() -> bytes:
        async with ground(settings) as opened:
            of = partners.mandates_metadata if mandates else partners.own_metadata
            try:
                return of(opened).written(opened.clock.now())
            except UnknownParty as error:
                keys = load(settings.keys.saml_folder, certified=True)
                fail(f"{error.detail}: `{first_key(keys, opened.clock.now())}`")

    typer.echo(run(written()).decode())


@app.command("service-catalogue")
def service_catalogue(config_file: ConfigFile = DEFAULT) -> None:
    """Print the catalogue of services for the business scheme (eTD 1.13), signed."""
    settings = settings_of(config_file)
    if not settings.saml.oin:
        fail("saml.oin is needed: by it the scheme knows who connects these services")

    async def written() -> bytes:
        async with ground(settings) as opened:
            catalogue = await open_catalogue(CatalogueTables(opened.database))
            return partners.service_catalogue(opened, catalogue)

    typer.echo(run(written()).decode())


@app.command("cockpit")
def cockpit(
    config_file: ConfigFile = DEFAULT,
    *,
    everyone: Annotated[bool, typer.Option("--all", help="Partners with whom all is well, too.")] = False,
) -> None:
    """Tell which key versions there are, who still uses an old one, and what breaks within ninety days."""
    settings = settings_of(config_file)
    facts, rings = run(_facts(settings)), rings_of(settings)
    out.print("[bold]Our keys[/]")
    for key in view.own_keys_in(rings.saml, rings.mandates, facts.now):
        ends = f", retires {key.retires_at:%Y-%m-%d}" if key.retires_at else ""
        until = f"certificate until {key.dates.ends:%Y-%m-%d}"
        out.print(f"  {key.use} {key.state.value} since {key.active_from:%Y-%m-%d}{ends}; {until}")
        out.print(f"    {_spoken(key.dates.fingerprint)}")
    found = [each for each in view.partners(facts) if everyone or each.breaks]
    for partner in found:
        _print(partner)
    if not found:
        out.print("Nothing breaks within ninety days.")


def _print(partner: PartnerView) -> None:
    out.print(f"[bold]{shown(partner.entity_id)}[/]")
    for each in partner.breaks:
        out.print(f"  [red]{each.at:%Y-%m-%d}: {WORDS[each.what]}[/]")
    for key in partner.keys:
        seen = f"seen {key.seen_at:%Y-%m-%d}" if key.seen_at else "not seen"
        out.print(f"  {key.use} until {key.dates.ends:%Y-%m-%d}, {seen}")
        out.print(f"    {_spoken(key.dates.fingerprint)}")
    for own, at in partner.ours:
        out.print(f"  encrypts with our key {own.kid} ({own.state.value}), seen {at:%Y-%m-%d}")


def _spoken(sha256: str) -> str:
    return f"SHA-256 {spoken(sha256)}"


def _read(settings: Settings, place: str) -> tuple[bytes, str]:
    """Read or fetch a document; return it, and what its place is called as a source."""
    if place.startswith(("https://", "http://")):
        return run(_fetched(settings, place)), place
    path = Path(place)
    try:
        return path.read_bytes(), path.name
    except OSError as error:
        fail(f"cannot read {path}: {error.strerror}")


async def _fetched(settings: Settings, address: str) -> bytes:
    async with ground(settings) as opened:
        answer = await opened.outbound.request(
            f"metadata {address}", "GET", address, limit=LARGEST, seconds=FETCH_SECONDS
        )
    if answer.status != OK:
        raise Unavailable(detail=f"{address} answered with status {answer.status}")
    return answer.body


def _named(signers: list[Path], sha256: str) -> Pins | None:
    """Return the pins that the command line names, if any."""
    try:
        return named_pins([each.read_bytes() for each in signers], sha256)
    except Refusal as error:
        fail(error.detail)


async def _known(settings: Settings, source: str) -> Pins | None:
    async with ground(settings) as opened:
        return await partners.importing(opened).known_pins(source)


def _asked(octets: bytes, *, yes: bool) -> Pins:
    """Show what a person must compare with what the partner told by another way, and ask whether it is so."""
    if yes:
        fail("say by whose word it is believed: --signer FILE or --sha256 HEX")
    try:
        signer = claimed_signer(octets)
    except Refusal as error:
        fail(error.detail)
    if not signer:
        out.print("Nobody signed this document. It is believed for what it is now, and never fetched again.")
        out.print(_spoken(fingerprint(octets)))
        typer.confirm("Did the partner tell you this by another way?", abort=True)
        return Pins(sha256=fingerprint(octets))
    found = read_base64(signer)
    out.print(f"It says that it is signed by {shown(found.subject)}, until {found.not_after:%Y-%m-%d}.")
    out.print(_spoken(found.sha256))
    typer.confirm("Did the partner tell you this fingerprint by another way?", abort=True)
    return Pins(signers=(signer,))


async def _import(settings: Settings, document: Document, *, yes: bool) -> Counter[Taken]:
    async with ground(settings) as opened:
        brought = await _brought(opened, document)
        door = partners.importing(opened)
        judged = await door.judge(brought)
        for entity_id, taken in list(judged.items())[:SHOWN]:
            out.print(f"{taken.value:>8}  {shown(entity_id)}")
        if len(judged) > SHOWN:
            out.print(f"          and {len(judged) - SHOWN:,} more")
        if document.anew and not yes:
            typer.confirm("Take these over, in place of what is known?", abort=True)
        return await door.write(brought)


async def _brought(opened: Ground, document: Document) -> Brought:
    owner = None
    if document.organisation:
        catalogue = await open_catalogue(CatalogueTables(opened.database))
        owner = owner_of(catalogue.current, document.organisation)
    by = by_command()
    return await read_document(partners.reader(opened), document, owner, by, opened.clock.now())


async def _facts(settings: Settings) -> Facts:
    async with ground(settings) as opened:
        store = partners.importing(opened).takeover.store
        kept = await store.seen_keys(), await store.sources()
        catalogue = await open_catalogue(CatalogueTables(opened.database))
        return view.Facts.of(catalogue.current, opened.saml_keys.ring(), kept, opened.clock.now())
