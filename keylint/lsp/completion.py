"""Complete keys and values of inventories and dossiers, and say what each key is for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lsprotocol import types

from keylint.lsp.schemas import find_schemas, load_schema, read_context


def complete_text(
    name: str, lines: list[str], line: int, column: int
) -> list[types.CompletionItem]:
    """List what may stand at a position of a text that the schema `name` is for."""
    root = load_schema(name)
    context = read_context(lines, line, column)
    found = find_schemas(root, context.keys)
    if context.is_value:
        return _unique(_list_values(found))
    items = [*_list_keys(found, context.siblings)]
    if context.keys[-1:] == ('',):
        items += _list_values(found)
    return _unique(items)


def describe_key(name: str, lines: list[str], line: int) -> str:
    """Return what the key of a line is for; empty where it has none."""
    text = lines[line] if line < len(lines) else ''
    context = read_context(lines, line, len(text))
    if not context.is_value:
        return ''
    found = find_schemas(load_schema(name), context.keys)
    return next((says for one in found if (says := one.get('description'))), '')


def _list_keys(
    schemas: list[Mapping[str, Any]], present: frozenset[str]
) -> Iterator[types.CompletionItem]:
    for schema in schemas:
        needed = schema.get('required', ())
        for name, inner in schema.get('properties', {}).items():
            if name not in present and not name.startswith('$'):
                yield types.CompletionItem(
                    name,
                    kind=types.CompletionItemKind.Property,
                    detail='required' if name in needed else None,
                    documentation=inner.get('description') if isinstance(inner, dict) else None,
                    insert_text=f'{name}: ',
                    sort_text=f'{name not in needed:d}{name}',
                )


def _list_values(schemas: list[Mapping[str, Any]]) -> Iterator[types.CompletionItem]:
    for schema in schemas:
        values = [*schema.get('enum', ()), *schema.get('examples', ())]
        if 'const' in schema:
            values.append(schema['const'])
        kinds = schema.get('type')
        if kinds == 'boolean' or (isinstance(kinds, list) and 'boolean' in kinds):
            values += [True, False]
        for value in values:
            label = value if isinstance(value, str) else json.dumps(value)
            yield types.CompletionItem(label, kind=types.CompletionItemKind.Value)


def _unique(
    items: Iterator[types.CompletionItem] | list[types.CompletionItem],
) -> list[types.CompletionItem]:
    return list({item.label: item for item in items}.values())
