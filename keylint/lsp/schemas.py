"""Find the JSON Schema of a text, and what of it holds at a place.

The schemas are those of the documentation, made from the tables by which keylint reads the files.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from keylint.core.config import Config
from keylint.core.records import NamedTuple
from keylint.rules.listing import find_builtin_rules

KEYS, DOSSIER, EXAMPLES = 'keys', 'dossier', 'dossier-examples'
_NAMED = re.compile(r'^#\s*yaml-language-server:.*/(keys|dossier|dossier-examples)\.schema\.json')
_ROW = re.compile(
    r'(?P<indent> *)(?P<dashes>(?:- ++)*+)'
    r'(?P<name>[^\s#:\'"](?:[^:#]*[^:#\s])?|"[^"]*")\s*:(?:\s|$)'
)
_ENDINGS = ('.yaml', '.yml')
_MAX_DEPTH = 40


class CursorContext(NamedTuple):
    """Where the cursor is in a text: the keys around it, those beside it, and whether in a value.

    `keys` has an empty text for a list.
    """

    keys: tuple[str, ...]
    siblings: frozenset[str]
    is_value: bool
    typed: str


@lru_cache(maxsize=3)
def load_schema(name: str) -> Mapping[str, Any]:
    """Load a schema: in the wheel beside the rules, or of a checkout."""
    folder = os.path.dirname(find_builtin_rules())
    names = (os.path.join(folder, place, f'{name}.schema.json') for place in ('', 'docs'))
    with open(next(path for path in names if os.path.exists(path)), encoding='utf-8') as file:
        schema: Mapping[str, Any] = json.load(file)
        return schema


def choose_schema(path: str, text: str, config: Config) -> str:
    """Name the schema of a text; empty for none.

    A line of the language server of YAML decides, then the name: inventories by the configuration,
    dossiers by the folders that it names.
    """
    if not path.endswith(_ENDINGS):
        return ''
    named = next((found[1] for line in text.split('\n')[:5] if (found := _NAMED.match(line))), '')
    if named:
        return named
    if config.is_inventory(path):
        return KEYS
    own = os.path.join(os.path.dirname(config.source or ''), 'rules') if config.source else ''
    folders = (*config.rules, own, find_builtin_rules())
    if any(folder and _is_below(path, folder) for folder in folders):
        return EXAMPLES if path.endswith(('.examples.yaml', '.examples.yml')) else DOSSIER
    return ''


def _is_below(path: str, folder: str) -> bool:
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ''))


def read_context(lines: list[str], line: int, column: int) -> CursorContext:
    """Tell where a position stands in a YAML text, which may be unfinished."""
    head = lines[line][:column] if line < len(lines) else ''
    row = _ROW.match(head)
    inner = head.lstrip(' ')
    indent = len(head) - len(inner)
    while inner.startswith('- ') or inner == '-':
        inner, dash = inner[2:], len(inner[:2])
        indent += dash + len(inner) - len(inner.lstrip(' '))
        inner = inner.lstrip(' ')
    has_dash = head.lstrip(' ').startswith('-')
    if row is not None:
        keys = _list_above(lines, line, indent, has_dash)
        return CursorContext((*keys, _clean(row['name'])), frozenset(), True, '')
    keys = _list_above(lines, line, indent, has_dash)
    siblings = _list_siblings(lines, line, indent)
    return CursorContext(keys, siblings, False, inner)


def _list_above(lines: list[str], line: int, indent: int, has_dash: bool) -> tuple[str, ...]:
    """List the keys that a line stands below, the outermost first; an empty one for a list."""
    found: list[str] = [''] if has_dash else []
    own = (
        len(lines[line]) - len(lines[line].lstrip(' '))
        if has_dash and line < len(lines)
        else indent
    )
    is_inside_list = has_dash
    for number in range(line - 1, -1, -1):
        text = lines[number]
        bare = text.strip()
        if not bare or bare.startswith('#'):
            continue
        outer = len(text) - len(text.lstrip(' '))
        row = _ROW.match(text)
        if bare.startswith('-'):
            begin = outer + len(text.lstrip(' ')) - len(text.lstrip(' -'))
            if not is_inside_list and begin <= own and outer < own:
                if begin < own and row is not None:
                    found.append(_clean(row['name']))
                found.append('')
                own, is_inside_list = outer, True
            elif is_inside_list and outer < own:
                if row is not None:
                    found.append(_clean(row['name']))
                found.append('')
                own = outer
            continue
        if row is not None and (outer < own or (is_inside_list and outer == own)):
            found.append(_clean(row['name']))
            own, is_inside_list = outer, False
    return tuple(reversed(found))


def _list_siblings(lines: list[str], line: int, indent: int) -> frozenset[str]:
    """List the keys that stand in the same table."""
    found = set()
    for step in (-1, 1):
        number = line + step
        while 0 <= number < len(lines):
            text = lines[number]
            row = _ROW.match(text)
            bare = text.strip()
            begin = (
                len(text) - len(text.lstrip(' -'))
                if bare.startswith('-')
                else (len(text) - len(text.lstrip(' ')))
            )
            if bare and not bare.startswith('#'):
                if begin < indent or (step > 0 and bare.startswith('-') and begin <= indent):
                    break
                if begin == indent and row is not None:
                    found.add(_clean(row['name']))
                if begin == indent and bare.startswith('-'):
                    break
            number += step
    return frozenset(found)


def _clean(name: str) -> str:
    return name.strip().strip('"\'')


def find_schemas(root: Mapping[str, Any], keys: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """List the parts of a schema that hold below keys."""
    found = [*_spread(root, root)]
    for key in keys:
        found = [
            inner
            for schema in found
            for step in _step_into(schema, key)
            for inner in _spread(root, step)
        ]
    return found


def _step_into(schema: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    if not key:
        if isinstance(items := schema.get('items'), dict):
            yield items
        return
    properties = schema.get('properties', {})
    more = schema.get('additionalProperties')
    if key in properties:
        yield properties[key]
    elif isinstance(more, dict):
        yield more


def _spread(
    root: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0
) -> Iterator[Mapping[str, Any]]:
    """Yield a schema, what it refers to, and its alternatives."""
    if depth > _MAX_DEPTH or not isinstance(schema, dict):
        return
    yield schema
    reference = schema.get('$ref', '')
    if reference.startswith('#/'):
        target: Any = root
        for name in reference[2:].split('/'):
            target = target.get(name, {})
        yield from _spread(root, target, depth + 1)
    for word in ('oneOf', 'anyOf', 'allOf'):
        for other in schema.get(word, ()):
            yield from _spread(root, other, depth + 1)
