"""`toegang decision`: why a login ended as it did, by its reference code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from toegang.audit.events import AccountSignInFailed, DecisionLookedUp, DecisionReader
from toegang.cli.terminal import DEFAULT, ConfigFile, fail, ground, out, run, settings_of
from toegang.storage.decisions import DecisionsStore

if TYPE_CHECKING:
    from toegang.login.decision import Decision


def decision(
    reference: Annotated[str, typer.Argument(help="The reference code, such as 9K2P-XWMR-4TBD.")],
    config_file: ConfigFile = DEFAULT,
) -> None:
    """Show the decision record of a login: all of it but who it was. The look-up is recorded."""
    settings = settings_of(config_file)

    async def found() -> tuple[Decision | None, list[AccountSignInFailed]]:
        async with ground(settings) as opened:
            record = await DecisionsStore(opened.database).find(reference.upper())
            if record is not None:
                event = DecisionLookedUp(
                    at=opened.clock.now(), reference=record.reference, reader=DecisionReader.OPERATOR
                )
                async with opened.units.begin() as unit:
                    await opened.trail.record(unit, event)
            recorded = await opened.trail.by_reference(reference.upper())
            return record, [one.event for one in recorded if isinstance(one.event, AccountSignInFailed)]

    record, failures = run(found())
    if record is None:
        fail(f"no login ended with reference code {reference}")
    _print(record, failures)


def _print(record: Decision, failures: list[AccountSignInFailed]) -> None:
    level = record.level.name if record.level else "nothing"
    out.print(f"[bold]{record.reference}[/] {record.end}")
    out.print(
        f"asked    {record.provider.en}: {record.service_name.en} ({record.service}) by {record.client}"
    )
    if record.requesters:
        out.print(f"for      {', '.join(record.requesters)}, as the client says")
    out.print(f"level    service asks {record.service_level.name}, to prove {record.required.name}")
    out.print(f"when     {record.started_at:%Y-%m-%d %H:%M:%S} to {record.ended_at:%H:%M:%S} UTC")
    for offer in record.offers:
        why = "offered" if offer.offered else f"not offered: {offer.reason}"
        out.print(f"means    {offer.means} reaches {offer.level.name}; {why}")
    for failure in failures:
        out.print(f"failed   {failure.why.value} by {failure.means} at {failure.at:%H:%M:%S}")
    for proof in record.proven:
        factors = ", ".join(factor.value for factor in proof.factors)
        reused = " (from an earlier login)" if proof.reused else ""
        out.print(
            f"proven   {proof.level.name} by {proof.means} with {factors} at {proof.at:%H:%M:%S}{reused}"
        )
    out.print(f"result   {level}; released: {', '.join(record.released) or 'nothing'}")
