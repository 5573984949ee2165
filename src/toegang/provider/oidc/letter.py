"""What the OpenID provider must remember of a request while the login goes on.

It travels in `LoginRequest.reply_to.letter`, which the login keeps and never reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from toegang.login.answer import Reply
from toegang.login.request import ReplyTo
from toegang.oidc.profile import ResponseMode
from toegang.oidc.redirect import with_parameters
from toegang.provider import letters
from toegang.provider.oidc.levels import AskedLevels

PROVIDER = "oidc"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAddress:
    """A checked return address, and how an answer travels to it (OAuth2MRT-2.1, OAuth2FPRM-2)."""

    redirect_uri: str
    response_mode: ResponseMode
    state: str
    issuer: str

    def reply(self, parameters: dict[str, str]) -> Reply:
        """Make the answer with `parameters`, adding `state` and `iss` (RFC9207-2)."""
        answer = {**parameters, "iss": self.issuer}
        if self.state:
            answer["state"] = self.state
        if self.response_mode is ResponseMode.FORM_POST:
            return Reply(location=self.redirect_uri, fields=tuple(answer.items()))
        return Reply(location=with_parameters(self.redirect_uri, answer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The request, as far as its answer needs it.

    `pushed` is the id of a pushed request, once usable. `subjects` are the names of whom one must have
    logged in, if somebody was asked for. `detailed` says that the answer tells `authorization_details`.
    """

    address: ReturnAddress
    levels: AskedLevels
    scope: tuple[str, ...]
    nonce: str = ""
    challenge: str = ""
    proof_key: str = ""
    pushed: str = ""
    subjects: tuple[str, ...] = ()
    detailed: bool = False

    def seal(self) -> ReplyTo:
        """Write the letter for the login to carry."""
        return ReplyTo(provider=PROVIDER, letter=letters.write(self), destination=self.address.redirect_uri)

    @classmethod
    def open(cls, reply_to: ReplyTo) -> Letter:
        """Read a letter that this room wrote."""
        return letters.read(reply_to.letter, cls)
