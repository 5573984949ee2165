"""The door of the app: one attribute per journey, and the means that logins use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from toegang.means.app.activation import Activation
from toegang.means.app.at_desk import AtDesk
from toegang.means.app.calling import Calling
from toegang.means.app.desk_letters import DeskLetters
from toegang.means.app.kind import AppMeans
from toegang.means.app.leaving import Leaving
from toegang.means.app.lettering import Letters
from toegang.means.app.logging_in import LoggingIn
from toegang.means.app.meeting import Meeting
from toegang.means.app.noticing import Noticing
from toegang.means.app.own_apps import OwnApps
from toegang.means.app.pin_change import PinChange
from toegang.means.app.subscribing import Subscribing
from toegang.means.app.visits import DeskRule

if TYPE_CHECKING:
    from toegang.means.app.desk import AppDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Apps:
    """What handlers may do with apps; every journey works at the same desk."""

    meeting: Meeting
    activation: Activation
    logging_in: LoggingIn
    calling: Calling
    subscribing: Subscribing
    noticing: Noticing
    own: OwnApps
    leaving: Leaving
    pin_change: PinChange
    letters: Letters
    at_desk: AtDesk
    desk_letters: DeskLetters
    means: AppMeans

    @classmethod
    def at(cls, desk: AppDesk, rule: DeskRule | None = None) -> Self:
        """Open the door at a desk; `rule` is that of the desks where people come themselves."""
        at_desk = AtDesk(desk=desk, rule=rule or DeskRule())
        return cls(
            meeting=Meeting(desk=desk),
            activation=Activation(desk=desk),
            logging_in=LoggingIn(desk=desk),
            calling=Calling(desk=desk),
            subscribing=Subscribing(desk=desk),
            noticing=Noticing(desk=desk),
            own=OwnApps(desk=desk),
            leaving=Leaving(desk=desk),
            pin_change=PinChange(desk=desk),
            letters=Letters(desk=desk),
            at_desk=at_desk,
            desk_letters=DeskLetters(at_desk=at_desk),
            means=AppMeans(desk=desk),
        )
