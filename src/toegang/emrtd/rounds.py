"""Conversations with a chip in rounds: commands that a reader sends in order, and the answers to them.

A conversation is a generator that yields rounds and is given answers. Commands that need no answer of each
other travel in one round. Nothing but the answers is kept: `run` computes it from the beginning.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from toegang.emrtd.apdu import Command, Response
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.secure_messaging import Channel

Round = tuple[bytes, ...]
"""Commands in the order in which a reader sends them, or the answers to those."""
T = TypeVar("T")


def run(dialogue: Generator[Round, Round, T], answers: Sequence[Round]) -> Round | T:
    """Return the round after all these answers, or what the conversation ends with.

    Raises:
        DocumentRefused: what the conversation raises; `UNREADABLE` too when there are more or fewer answers
            than commands.

    """
    sent = next(dialogue)
    for at, each in enumerate(answers, start=1):
        if len(each) != len(sent):
            refuse(Fault.UNREADABLE, "another number of answers than of commands")
        try:
            sent = dialogue.send(each)
        except StopIteration as end:
            if at < len(answers):
                refuse(Fault.UNREADABLE, "answers after the end")
            result: T = end.value
            return result
    return sent


def openly(commands: Iterable[Command]) -> Generator[Round, Round, list[Response]]:
    """Say things in one round, as they are."""
    sent = tuple(command.encode() for command in commands)
    answers = (yield sent) if sent else ()
    return [Response.parse(each) for each in answers]


def within(
    channel: Channel, commands: Iterable[Command]
) -> Generator[Round, Round, tuple[Channel, list[Response]]]:
    """Say things in one round, protected: the counter foresees that each is answered."""
    waiting, sent = [], []
    for command in commands:
        asked, protected = channel.protect(command)
        channel = replace(asked, counter=asked.counter + 1)
        waiting.append(asked)
        sent.append(protected.encode())
    answers = yield tuple(sent)
    opened = [asked.open(Response.parse(each))[1] for asked, each in zip(waiting, answers, strict=True)]
    return channel, opened
