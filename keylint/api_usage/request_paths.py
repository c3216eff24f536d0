"""Look up what a request to an exchange needs, by its path in the tables of REST endpoints."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from keylint.api_usage.library_names import Value
from keylint.api_usage.methods import Library
from keylint.api_usage.request_texts import HOLE, VERBS, find_verb, flatten_text
from keylint.api_usage.values import Values
from keylint.readers.python_outline import Spot

_MAX_PATH_CHARS = 200
_SECTION = re.compile(r'[A-Za-z]\w{1,30}')


def list_path_forms(path: str, bases: Iterable[str]) -> Iterator[str]:
    """Yield the ways in which a path may have been meant: as it stands, and below each base."""
    yield path
    if not path.startswith('/'):
        yield f'/{path}'
    for base in bases:
        if base:
            yield f'{base.rstrip("/")}/{path.lstrip("/")}'


def is_table_of(table: Library, exchange: str) -> bool:
    """Tell whether a table of endpoints is that of an exchange, or of one that it is a part of."""
    return exchange == table.exchange or exchange.startswith(f'{table.exchange}-')


def find_path_permission(
    tables: Iterable[Library], verb: str, path: str, bases: Iterable[str]
) -> str | None:
    """Return what a request needs, None for a path of nobody's."""
    plain = re.split(r'[?&#]', path)[0].rstrip('/')
    if not plain or len(plain) > _MAX_PATH_CHARS or plain.endswith(HOLE):
        return None
    forms = list(dict.fromkeys(list_path_forms(plain, bases)))
    found = (table.classify_request(verb, form) for table in tables for form in forms)
    return next((level for level in found if level is not None), None)


def find_call_permission(
    call: ast.Call, spot: Spot, values: Values, thing: Value, base: str
) -> str | None:
    """Return what a method needs that asks for whatever path it is given.

    None where the path is only known when the program runs, or is nobody's.
    """
    tables = [
        table
        for table in values.libraries.raw
        if thing.exchange is not None and is_table_of(table, thing.exchange)
    ]
    texts = [
        flatten_text(node, spot, values, set())
        for node in (*call.args, *(key.value for key in call.keywords))
    ]
    verb = find_verb(call, spot, values)
    paths = [
        text for text in texts if text.upper() not in VERBS and not any(map(str.isspace, text))
    ]
    sections = [text for text in paths if _SECTION.fullmatch(text)]
    for path in paths:
        own = [base] if base else _list_bases(tables, [one for one in sections if one != path])
        level = find_path_permission(tables, verb, _strip_host(path, tables), own)
        if level is not None:
            return level
    return None


def _list_bases(tables: list[Library], sections: list[str]) -> list[str]:
    """Return the bases of paths; those that a text beside the path names, where one does."""
    bases = [base for table in tables for base in table.bases]
    named = [base for base in bases if any(f'/{one}/' in base for one in sections)]
    return [*named, *(f'/{one}' for one in sections)] if sections else bases


def _strip_host(path: str, tables: list[Library]) -> str:
    """Return the path of an address of the exchange; anything else as it is."""
    for host in (host for table in tables for host in table.hosts):
        if host in path:
            return '/' + path.partition(host)[2].partition('/')[2]
    return path.lstrip(HOLE)
