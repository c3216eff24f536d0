"""Digests of tables by their contents, and the files that keep them.

`python -m tests.contracts.digests` writes the kept files anew. Do that only for a change that was
meant, and read the diff: it must name the tables and dossiers that were changed and no others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
UPDATE = 'If it was changed on purpose: python -m tests.contracts.digests, then read the diff.'


def digest_of(value: object) -> str:
    """Digest a table: the same for a dict, a named tuple and a dataclass that hold the same."""
    text = json.dumps(to_plain(value), sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def to_plain(value: object) -> Any:
    """Turn a table into what JSON can hold.

    Sets are sorted, and a text differs from the same bytes.
    """
    if isinstance(value, bytes):
        return {'bytes': value.decode('latin-1')}
    if hasattr(value, '_asdict'):
        return to_plain(value._asdict())
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((to_plain(item) for item in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    return value


def read_kept(name: str) -> Any:
    """Read a file of kept digests."""
    return json.loads((FOLDER / name).read_text(encoding='utf-8'))


def main() -> None:
    """Write all kept digests anew."""
    from tests.contracts import test_rule_tables, test_word_tables

    kept: dict[str, Callable[[], Any]] = {
        test_rule_tables.KEPT: test_rule_tables.digests_of_rules,
        test_word_tables.KEPT: test_word_tables.kept_tables,
    }
    for name, make in kept.items():
        text = json.dumps(make(), indent=1, ensure_ascii=False)
        (FOLDER / name).write_text(f'{text}\n', encoding='utf-8')


if __name__ == '__main__':
    main()
