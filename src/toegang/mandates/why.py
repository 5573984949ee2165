"""Why not: the closed list of what can be against a move or a decision, each explainable to the person.

A service never learns any of these: to it every refusal is the same.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Why(enum.StrEnum):
    """What is against it. The words are keys of texts for people, and stand in the trail."""

    # the service
    NOT_ADMITTED = "not-admitted"  # no representation here
    KIND_NOT_ADMITTED = "kind-not-admitted"
    NO_DESK = "no-desk"  # what was given at a desk does not count here
    NO_HELPER = "no-helper"  # its agent is not in the list of organisations that help people
    LONGER_THAN_ADMITTED = "longer-than-admitted"
    CHAIN_TOO_LONG = "chain-too-long"
    LIMIT_NOT_HONOURED = "limit-not-honoured"  # it does not hold people to a limit that there is
    NOT_ANSWERABLE = "not-answerable"  # it asked for another authority, or cannot be told of this one
    # the authority
    NO_AUTHORITY = "no-authority"  # none that covers this service
    NOT_IN_FORCE = "not-in-force"  # not yet, no longer, not answered, or ended
    SUSPENDED = "suspended"
    LEVEL_TOO_LOW = "level-too-low"
    NOTHING_LEFT = "nothing-left"  # the restrictions of a chain leave nothing
    NO_SUBSTITUTION = "no-substitution"  # its agent may not have others act
    NOT_ON_THE_TEAM = "not-on-the-team"  # this client is of another team of the organisation, or of none
    TOGETHER = "together"  # others must act too
    UNCERTAIN = "uncertain"  # the register doubts it
    REGISTER_SILENT = "register-silent"  # a register did not tell, so nothing is taken for granted
    OVERRULED = "overruled"  # by curatele of who gave it, or by bewind or mentorship over what it is for
    # the parties
    PARTY_UNKNOWN = "party-unknown"
    PARTY_ENDED = "party-ended"  # deceased, dissolved, insolvent
    PARTY_INVESTIGATED = "party-investigated"
    NOT_CAPABLE = "not-capable"  # a minor, or under curatele
    NOT_OF_THE_AGE = "not-of-the-age"  # a child too young or too old for a parent to act for
    SELF_APPROVAL = "self-approval"  # one person on both sides
    # the move
    NOT_YOURS = "not-yours"
    NOT_NOW = "not-now"  # the edge is not in a state for it
    CHANGED = "changed"  # somebody else was first
    WIDER = "wider"  # more than there was, or more than the grantor has
    PENDING_ALREADY = "pending-already"
    CODE_NOT_PROVEN = "code-not-proven"
    NO_LETTER = "no-letter"
    ONE_AGENT = "one-agent"  # here one acts, so a mandate is for this service alone and is given on by nobody
    HELD_ALREADY = "held-already"  # who takes over has, or waits for, one for this already
    ASK_FIRST = "ask-first"  # who gave it must say so anew; never told whether they died, or hide
    TOO_OFTEN = "too-often"  # asked too often, or again too soon after it was declined


@dataclass(frozen=True, slots=True)
class Objection:
    """What is against a move."""

    why: Why
