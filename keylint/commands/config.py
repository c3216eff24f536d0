"""`keylint config`: what holds for a scan, and where each value comes from: a flag, the environment, a line of a file, the default."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import Namespace
from collections.abc import Iterator
from typing import Any, NamedTuple

from keylint.commands.scan import base_of, configured, known_in
from keylint.core.cache_files import cache_folder
from keylint.core.config import (
    INVENTORIES,
    KEYS,
    VARIABLES,
    Config,
    limits_from,
    read_config,
    variable,
)
from keylint.core.limits import KNOBS
from keylint.core.workers import workers
from keylint.readers.key_value import settings
from keylint.reporters.text import clean
from keylint.rules.load import load_rules

_HEADER = re.compile(rb'^[ \t]*\[([^\[\]\r\n]+)\]', re.MULTILINE)


class Row(NamedTuple):
    """A value and who says it."""

    key: str
    value: Any
    source: str


def run(arguments: Namespace) -> int:
    """0. Raises ConfigError as a scan would."""
    found = list(rows(arguments))
    if arguments.format == 'json':
        table = {row.key: {'value': row.value, 'source': row.source} for row in found}
        sys.stdout.write(json.dumps(table, indent=2) + '\n')
        return 0
    width = max(len(row.key) for row in found)
    values = [json.dumps(row.value, ensure_ascii=False) for row in found]
    room = min(max(len(value) for value in values), 40)
    for row, value in zip(found, values, strict=True):
        print(clean(f'{row.key:{width}}  {value:{room}}  {row.source}'))
    return 0


def rows(arguments: Namespace) -> Iterator[Row]:
    """Every key with its effective value, then what only the environment says."""
    config, base = configured(arguments), base_of(arguments)
    file = _File(base.source)
    yield Row('config', file.name or None, _origin_of_file(arguments, file))
    for key in KEYS:
        if key == 'pedantic':
            continue  # it is a severity and a confidence
        if key == 'policies':
            yield from _thresholds(config, file)
        elif key == 'limits':
            yield from _limits(config, arguments, file)
        elif key == 'baseline':
            path = known_in(arguments, config)
            yield Row(
                key,
                os.path.relpath(path) if path else None,
                '--no-baseline' if arguments.no_baseline else _source(key, arguments, file),
            )
        else:
            yield Row(key, _value(key, config), _source(key, arguments, file))
    name = os.environ.get('KEYLINT_FORMAT')
    yield Row('format', name or 'text', 'KEYLINT_FORMAT' if name else 'default')
    yield Row(
        'cache-dir',
        cache_folder(),
        'KEYLINT_CACHE_DIR' if os.environ.get('KEYLINT_CACHE_DIR') else 'default',
    )
    yield Row(
        'workers',
        workers(),
        'KEYLINT_WORKERS' if os.environ.get('KEYLINT_WORKERS', '').isdigit() else 'default',
    )


class _File:
    """The configuration file, by name as it is shown, and the lines of its keys."""

    def __init__(self, path: str | None) -> None:
        self.name = os.path.relpath(path) if path else ''
        self._lines: dict[tuple[str, ...], int] = {}
        self._said: set[str] = set()
        if path:
            self._read(path)

    def _read(self, path: str) -> None:
        import tomllib  # noqa: PLC0415

        read_config(path, Config())
        with open(path, 'rb') as file:
            data = file.read()
        is_project = os.path.basename(path) == 'pyproject.toml'
        document = tomllib.loads(data.decode())
        self._said = set(document.get('tool', {}).get('keylint', {}) if is_project else document)
        head = ('tool', 'keylint') if is_project else ()
        for match in _HEADER.finditer(data):
            section = tuple(part.strip(' \t"\'') for part in match.group(1).decode().split('.'))
            if section[: len(head)] == head:
                self._lines.setdefault(
                    section[len(head) :], data.count(b'\n', 0, match.start()) + 1
                )
        for setting in settings(data):
            if setting.path[: len(head)] == head:
                inner = setting.path[len(head) :]
                line = data.count(b'\n', 0, setting.start) + 1
                for length in range(1, len(inner) + 1):
                    self._lines.setdefault(inner[:length], line)

    def place(self, *path: str) -> str:
        """`FILE:LINE` of a key, `FILE` where its line is not known, nothing where the file does not say it."""
        if path[0] not in self._said:
            return ''
        line = self._lines.get(path) or self._lines.get(path[:1])
        return f'{self.name}:{line}' if line else self.name


def _origin_of_file(arguments: Namespace, file: _File) -> str:
    if arguments.isolated:
        return '--isolated'
    if arguments.config:
        return '--config'
    return (
        'KEYLINT_CONFIG'
        if os.environ.get('KEYLINT_CONFIG')
        else 'nearest'
        if file.name
        else 'default'
    )


def _value(key: str, config: Config) -> Any:
    if key == 'per-path-ignores':
        return {pattern: list(rules) for pattern, rules in config.per_path_ignores}
    if key == 'inventory':
        return list(config.inventory or INVENTORIES)
    value = getattr(config, key.replace('-', '_'))
    return list(value) if isinstance(value, tuple) else value


def _source(key: str, arguments: Namespace, file: _File) -> str:
    """Who says a value: the strongest alone, but for folders of rules, which add up."""
    is_level = key in ('severity', 'confidence')
    flag = (
        f'--{key}'
        if getattr(arguments, key.replace('-', '_'), None)
        else '--pedantic'
        if is_level and arguments.pedantic
        else ''
    )
    name = variable(key)
    said = [
        flag,
        name if name and os.environ.get(name, '').strip() else '',
        file.place(key) or (file.place('pedantic') if is_level else ''),
    ]
    found = [one for one in said if one] or ['default']
    return ', '.join(reversed(found)) if key == 'rules' else found[0]


def _thresholds(config: Config, file: _File) -> Iterator[Row]:
    defaults = load_rules(config.rules).pack.tables['policies']['thresholds']
    own = dict(config.thresholds)
    for name, value in config.limits(defaults).items():
        yield Row(
            f'policies.{name}', value, file.place('policies', name) if name in own else 'default'
        )


def _limits(config: Config, arguments: Namespace, file: _File) -> Iterator[Row]:
    own, flags = dict(config.costs), {name for name, _ in limits_from(arguments.limit or [])}
    for name, knob in KNOBS.items():
        said = (
            '--limit' if name in flags else file.place('limits', name) if name in own else 'default'
        )
        yield Row(f'limits.{name}', own.get(name, knob.default), said)


def unknown_variables() -> list[str]:
    """Variables of the environment that look like ours and say nothing."""
    known = {*VARIABLES, *(variable(key) for key in KEYS)}
    return sorted(name for name in os.environ if name.startswith('KEYLINT_') and name not in known)
