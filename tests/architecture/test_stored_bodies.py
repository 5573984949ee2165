"""What is written and read back by another version: nothing is required of it later, or it is simply gone.

stored_fields.txt lists what each record that is kept had to hold from its first day. A field that comes
later has a default, so that what an older version wrote is read; a record that is new gets its line there.
"""

from __future__ import annotations

import ast
import importlib
from functools import reduce
from pathlib import Path

from msgspec import inspect

from tests.architecture.source import Module, called, functions, package
from toegang.provider.oidc.letter import Letter as OpenIdLetter
from toegang.provider.saml.letter import Letter as SamlLetter
from toegang.provider.saml.logout import AnswerTo

LISTED = Path(__file__).parent / "stored_fields.txt"
READERS = {"json.loads", "msgspec.json.decode", "msgspec.msgpack.decode"}
DECODERS = {"msgspec.msgpack.Decoder", "msgspec.json.Decoder"}
LETTERS = (OpenIdLetter, SamlLetter, AnswerTo)
# What a store or a reader is handed the type of is named where that is done; the others have no fields.
GIVEN = {"kind", "value_type", "str", "bytes", "int"}
Required = dict[str, set[str]]
OURS = ("identity", "login", "mandates", "means", "post", "provider", "reports", "storage", "web")
CAUGHT = {"ValueError", "msgspec.DecodeError", "msgspec.ValidationError", "msgspec.MsgspecError"}

# Read at the edge of a loop, which tries again and in the end gives up (post/delivery.py).
OUTBOX = "a message of the outbox"
KEPT = "kept for good: a test of its own says that what was ever written is read"
CATALOGUE = "keys of a client, which were read when they came into the catalogue"

UNGUARDED = {
    "mandates/ended.py read": OUTBOX,
    "mandates/searching.py read": OUTBOX,
    "means/app/desk.py open_push": KEPT,
    "means/citizen/new_browser.py carry": OUTBOX,
    "means/citizen/notices.py read": OUTBOX,
    "means/citizen/notifying.py again": OUTBOX,
    "means/citizen/telling.py read": OUTBOX,
    "means/citizen/warning.py carry": OUTBOX,
    "means/passkey/ceremonies.py _check_alone": "what the library for passkeys read before",
    "post/letter.py read": OUTBOX,
    "post/mail.py carry": OUTBOX,
    "post/person_notices.py read": OUTBOX,
    "post/push.py carry": OUTBOX,
    "post/sms.py carry": OUTBOX,
    "provider/authzen/notices.py carry": OUTBOX,
    "provider/oidc/clients.py certificates_of": CATALOGUE,
    "provider/oidc/clients.py keys_of": CATALOGUE,
    "provider/oidc/details.py details_of": "handed on as it stands",
    "provider/oidc/logout.py carry": OUTBOX,
    "provider/saml/telling.py carry": OUTBOX,
    "storage/ladder.py _standing": KEPT,
    "storage/migrations/versions/0016_history.py _fill": KEPT,
    "storage/migrations/versions/0038_typed_numbers.py _typed": KEPT,
    "storage/migrations/versions/0038_typed_numbers.py _waiting": KEPT,
}


def guarded(module: Module) -> set[ast.AST]:
    """Return everything of a module that stands where what cannot be read is thought of."""
    return {
        inner
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Try)
        if any(CAUGHT & names(handler.type) for handler in node.handlers)
        for line in node.body
        for inner in ast.walk(line)
    }


def names(node: ast.expr | None) -> set[str]:
    """Return the dotted names in what a handler catches."""
    return {ast.unparse(each) for each in ast.walk(node)} if node is not None else set()


def test_what_was_written_here_is_read_where_another_version_is_thought_of() -> None:
    found = set()
    for module in package():
        if module.room not in OURS:
            continue
        safe = guarded(module)
        for function in functions(module):
            inside = {node for node in ast.walk(function) if isinstance(node, ast.Call)}
            if any(called(node) in READERS and node not in safe for node in inside):
                found.add(f"{module.name.removeprefix('src/toegang/')} {function.name}")
    assert found == set(UNGUARDED)


def kept() -> Required:
    """Return what every record that is kept must have to be read, and every record inside one."""
    found: Required = {}
    for module in package():
        if module.room not in {*OURS, "app"}:
            continue
        for node in ast.walk(module.tree):
            name = type_of(node) if isinstance(node, ast.Call) else ""
            if name and name not in GIVEN:
                add(found, resolved(module, name))
    for kind in LETTERS:
        add(found, kind)
    return found


def type_of(call: ast.Call) -> str:
    """Return the name of the type that a store or a decoder is of."""
    if called(call) == "ExpiringStore":
        return ast.unparse(call.args[2])
    if called(call) in DECODERS and call.args:
        return ast.unparse(call.args[0])
    if called(call) in READERS:
        return next((ast.unparse(each.value) for each in call.keywords if each.arg == "type"), "")
    return ""


def resolved(module: Module, name: str) -> object:
    """Return what a name stands for in a module, also what is imported there for its types only."""
    imported = importlib.import_module(module.name.removeprefix("src/").removesuffix(".py").replace("/", "."))
    first, *others = name.split(".")
    return reduce(getattr, others, getattr(imported, first))


def add(found: Required, kind: object) -> None:
    """Add a record and all that stands inside it."""
    waiting = [inspect.type_info(kind)]
    while waiting:
        info = waiting.pop()
        if isinstance(info, inspect.DataclassType | inspect.StructType):
            name = f"{info.cls.__module__.removeprefix('toegang.')}.{info.cls.__name__}"
            if name not in found:
                found[name] = {field.name for field in info.fields if field.required}
                waiting += [field.type for field in info.fields]
        waiting += parts(info)


def parts(info: inspect.Type) -> list[inspect.Type]:
    """Return the types that a type is made of."""
    if isinstance(info, inspect.UnionType):
        return list(info.types)
    if isinstance(info, inspect.TupleType):
        return list(info.item_types)
    if isinstance(info, inspect.DictType):
        return [info.key_type, info.value_type]
    item = getattr(info, "item_type", None)
    return [item] if isinstance(item, inspect.Type) else []


def listed() -> Required:
    """Return the list of fields."""
    rows = (line.partition(":") for line in LISTED.read_text().splitlines() if line)
    return {name: set(fields.split()) for name, _, fields in rows}


def test_no_record_that_is_kept_requires_what_an_older_version_did_not_write() -> None:
    """A record that is new gets a line in stored_fields.txt; a field that is new gets a default."""
    found, before = kept(), listed()
    assert sorted(found.keys() - before.keys()) == []
    more = {name: sorted(fields - before[name]) for name, fields in found.items() if fields - before[name]}
    assert more == {}
