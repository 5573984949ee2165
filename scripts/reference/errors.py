"""The page of errors: every way in which Toegang says no, with its stable code, and what it becomes."""

from collections.abc import Iterator, Mapping

from scripts.reference.page import first_line, head, table
from toegang import errors
from toegang.errors import (
    ClientNotProven,
    NonceRequired,
    ProtocolRefusal,
    RedirectNotRegistered,
    RefusedAtParty,
    ToegangError,
)
from toegang.oidc.errors import Endpoint, word_for
from toegang.provider.saml.status import status_of
from toegang.web import answers
from toegang.web.words_of_errors import ERRORS

MEND_REQUEST = "Mend the request: nobody can be logged in by it. Show the person that it is your fault."
MEND_PROOF = "Mend key, certificate or clock. See that your metadata or key set at the hub is the one in use."
ASK_OPERATOR = "Ask who runs the hub: what you ask is not, or no longer, in the catalogue."
BEGIN_AGAIN = "Begin a new login, with a new request. Never send the same one twice."
SAY_NO = "Show that the person is not logged in, with a button to try again. It is no fault."
SAY_LEVEL = "Say which level the service needs and how to get it. Do not let the person in at a lower one."
LATER = "Say that it does not work at the moment. Try again later, not in a loop."

# What a service does about it.
DO: Mapping[str, str] = {
    "refused": SAY_NO,
    "malformed": MEND_REQUEST,
    "too-large": MEND_REQUEST,
    "protocol-refusal": "Read the description or message: it says which rule. " + MEND_REQUEST,
    "unknown-party": ASK_OPERATOR,
    "register-without-key": "Pin the hub's own metadata: the hub signs in the place of its register.",
    "party-closed": ASK_OPERATOR,
    "not-entitled": ASK_OPERATOR,
    "redirect-not-registered": "Send the address that stands in the catalogue, letter by letter.",
    "client-not-proven": MEND_PROOF,
    "proof-invalid": MEND_PROOF,
    "nonce-required": "Make the proof again, with the nonce of the header `DPoP-Nonce`.",
    "one-time-gone": BEGIN_AGAIN,
    "replayed": BEGIN_AGAIN,
    "consent-needed": "Ask again without `prompt=none` or `IsPassive`, so that the person can agree.",
    "choice-needed": "Ask again without `prompt=none` or `IsPassive`, so that the person can choose.",
    "user-interaction-needed": "Ask again without `prompt=none` or `IsPassive`, when the person wants it.",
    "level-unreachable": SAY_LEVEL,
    "level-not-proven": SAY_LEVEL,
    "cancelled": SAY_NO,
    "login-expired": SAY_NO,
    "account-closed": "Show that the person is not logged in. Why is between them and the hub.",
    "account-held": "Show that the person is not logged in. Why is between them and the hub.",
    "below-own-floor": "Show that the person is not logged in. They chose their lowest level at the hub.",
    "means-declined": SAY_NO,
    "not-linked": SAY_NO,
    "linked-elsewhere": SAY_NO,
    "unavailable": LATER,
    "crossed": "Try again after a second.",
    "misconfigured": LATER,
}

# What never reaches a service: the person mends it at the hub.
AT_THE_HUB = frozenset(
    {
        "refused-at-party",
        "login-unknown",
        "login-elsewhere",
        "login-ended",
        "step-out-of-order",
        "form-expired",
        "credentials-wrong",
        "pin-wrong",
        "app-closed",
        "passkey-refused",
        "too-many-tries",
        "person-not-found",
        "document-refused",
        "password-too-weak",
        "number-not-usable",
        "upload-refused",
        "value-refused",
    }
)

PERSON_ONLY = frozenset({RedirectNotRegistered})
OPENID_ONLY = frozenset({ClientNotProven, NonceRequired})

HEAD = (
    "Codes are stable: they stand on error pages and in the log, and support may ask for them. What each "
    "of them becomes for a person or a service is decided in one place, `web/answers.py`."
)
TO_PEOPLE = (
    "The hub shows its own page when a service cannot be told, and most refusals never leave the hub: the "
    "person chooses again, or corrects a form. The page says this, in Dutch or English, with the code and a "
    "reference under which the log has it."
)
TO_SERVICES = (
    "In OpenID Connect the first word is that of the authorization endpoint, brought by the browser; after "
    "it stand the words of other endpoints where they differ. In SAML the first code says whose fault it is. "
    "What is refused before the return address is known to be the service's own is told to the person only. "
    "A rule of a protocol (`protocol-refusal`) has its own word each time, and says which rule it was. Codes "
    "that are not here never reach a service: the person mends it at the hub."
)


def page() -> str:
    """Return docs/reference/errors.md."""
    every = sorted(kinds(ToegangError), key=drawn)
    codes = [(f"`{kind.code}`", kind.__name__, first_line(kind.__doc__)) for kind in every]
    people = [person(kind) for kind in every if kind is not RefusedAtParty]
    services = [service(kind) for kind in every if kind.code not in AT_THE_HUB]
    return "\n".join(
        (
            head("Errors", HEAD, "src/toegang/errors/"),
            table(("code", "name", "means"), codes),
            f"## What a person reads\n\n{TO_PEOPLE}\n",
            table(("code", "page", "what it says to do", "HTTP status"), people),
            f"## What a service gets, and does\n\n{TO_SERVICES}\n",
            table(("code", "OpenID Connect", "SAML", "what the service does"), services),
        )
    )


def kinds(root: type[ToegangError]) -> Iterator[type[ToegangError]]:
    """Return every kind of error below `root`."""
    for kind in root.__subclasses__():
        if kind.__module__.startswith("toegang.errors."):
            yield kind
            yield from kinds(kind)


def drawn(kind: type[ToegangError]) -> int:
    """Return where an error stands in the tree that is drawn on the door."""
    return (errors.__doc__ or "").index(f"─ {kind.__name__} ")


def person(kind: type[ToegangError]) -> tuple[str, str, str, str]:
    """Return what the page about an error says."""
    words = ERRORS[kind.code]
    return f"`{kind.code}`", words.title, words.now, str(answers.status_of(bare(kind)))


def service(kind: type[ToegangError]) -> tuple[str, str, str, str]:
    """Return what a service is told of an error, and does."""
    if kind is ProtocolRefusal:
        return f"`{kind.code}`", "the rule's own", "the rule's own", DO[kind.code]
    return f"`{kind.code}`", oauth(kind), saml(kind), DO[kind.code]


def oauth(kind: type[ToegangError]) -> str:
    """Return the words for an error, the usual one first, and where they are others."""
    if kind in PERSON_ONLY:
        return "not told"
    usual = word_for(bare(kind), Endpoint.AUTHORIZATION).error
    others = {
        each: word_for(bare(kind), each).error
        for each in (Endpoint.TOKEN, Endpoint.USERINFO)
        if word_for(bare(kind), each).error != usual
    }
    return "; ".join((f"`{usual}`", *(f"{each.value}: `{word}`" for each, word in others.items())))


def saml(kind: type[ToegangError]) -> str:
    """Return the codes of a status, the outer first."""
    if kind in PERSON_ONLY | OPENID_ONLY:
        return "not told" if kind in PERSON_ONLY else "does not occur"
    status = status_of(bare(kind))
    codes = " ".join(code.rpartition(":")[2] for code in (status.code, status.second))
    return f"`{codes}`" + (f", “{status.message}”" if status.message else "")


def bare(kind: type[ToegangError]) -> ToegangError:
    """Return an error of which only the kind is looked at."""
    return kind.__new__(kind)
