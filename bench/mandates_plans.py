"""Plans of PostgreSQL: how it would find what a statement asks, with values and without knowing them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psycopg

from toegang.storage.statements import Question, Value, numbered

MODES = ("force_custom_plan", "force_generic_plan")


def plans(url: str, questions: Sequence[Question]) -> Iterator[str]:
    """Yield each statement, with its plan for these values, and the one for any.

    The house prepares its statements, so the server uses either.
    """
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as link:
        for sql, params in questions:
            text, names = numbered(sql)
            yield text.strip()
            link.execute(f"PREPARE asked AS {text}".encode())
            given = ", ".join(_literal(params[name]) for name in names)
            for mode in MODES:
                yield f"-- {mode}"
                link.execute(f"SET plan_cache_mode = {mode}".encode())
                explained = f"EXPLAIN (COSTS OFF) EXECUTE asked{f'({given})' if names else ''}"
                yield from (row[0] for row in link.execute(explained.encode()))
            link.execute("DEALLOCATE asked")


def _literal(value: Value) -> str:
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)
