"""`keylint config`: what holds for a scan, and where each value comes from.

That is a flag, the environment, a line of a file, or the default.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from argparse import Namespace
from collections.abc import Iterator

from keylint.commands.parsers.shared import read_overrides
from keylint.core.cache_files import cache_folder
from keylint.core.config import ALIASES, INVENTORIES, KEYS, VARIABLES, Config, name_variable
from keylint.core.config_file import parse_limits, read_config
from keylint.core.limits import LIMIT_OPTIONS
from keylint.core.records import NamedTuple
from keylint.readers.key_value import settings
from keylint.reporters.text import sanitize_text
from keylint.rules.load import load_rules
from keylint.scanner.configure import configure, read_base_config
from keylint.scanner.find_baseline import find_baseline
from keylint.scanner.request import BaselineOptions, ScanRequest, make_scope
from keylint.workers.pool import count_workers

_HEADER = re.compile(rb'^[ \t]*\[([^\[\]\r\n]+)\]', re.MULTILINE)


class Row(NamedTuple):
    """A value and who says it."""

    key: str
    value: object
    source: str


def run(arguments: Namespace) -> int:
    """Print the settings and return 0. Raises ConfigError as a scan would."""
    found = list(list_settings(read_request(arguments)))
    if arguments.format == 'json':
        table = {row.key: {'value': row.value, 'source': row.source} for row in found}
        sys.stdout.write(json.dumps(table, indent=2) + '\n')
        return 0
    width = max(len(row.key) for row in found)
    values = [json.dumps(row.value, ensure_ascii=False) for row in found]
    room = min(max(len(value) for value in values), 40)
    for row, value in zip(found, values, strict=True):
        print(sanitize_text(f'{row.key:{width}}  {value:{room}}  {row.source}'))
    return 0


def read_request(arguments: Namespace) -> ScanRequest:
    """Make the request of a command line: the scan whose settings are shown."""
    return ScanRequest(
        make_scope(tuple(arguments.paths)),
        read_overrides(arguments),
        BaselineOptions(arguments.baseline or '', arguments.no_baseline),
    )


def list_settings(request: ScanRequest) -> Iterator[Row]:
    """List every key with its effective value, then what only the environment says."""
    config, base = configure(request), read_base_config(request)
    file = _ConfigFile(base.source)
    yield Row('config', file.name or None, _find_file_source(request, file))
    for key in KEYS:
        if key == 'pedantic':
            continue  # it is a severity and a confidence
        if key == 'policies':
            yield from _list_thresholds(config, file)
        elif key == 'limits':
            yield from _list_limits(config, request, file)
        elif key == 'baseline':
            path = find_baseline(request, config)
            yield Row(
                key,
                os.path.relpath(path) if path else None,
                '--no-baseline' if request.baseline.is_off else _find_source(key, request, file),
            )
        else:
            yield Row(key, _read_value(key, config), _find_source(key, request, file))
    name = os.environ.get('KEYLINT_FORMAT')
    yield Row('format', name or 'text', 'KEYLINT_FORMAT' if name else 'default')
    yield Row(
        'cache-dir',
        cache_folder(),
        'KEYLINT_CACHE_DIR' if os.environ.get('KEYLINT_CACHE_DIR') else 'default',
    )
    yield Row(
        'workers',
        count_workers(),
        'KEYLINT_WORKERS' if os.environ.get('KEYLINT_WORKERS', '').strip() else 'default',
    )


class _ConfigFile:
    """The configuration file, by name as it is shown, and the lines of its keys."""

    def __init__(self, path: str | None) -> None:
        self.name = os.path.relpath(path) if path else ''
        self._lines: dict[tuple[str, ...], int] = {}
        self._said: set[str] = set()
        if path:
            self._read_lines(path)

    def _read_lines(self, path: str) -> None:
        read_config(path, Config())
        with open(path, 'rb') as file:
            data = file.read()
        is_project = os.path.basename(path) == 'pyproject.toml'
        document = tomllib.loads(data.decode())
        said = document.get('tool', {}).get('keylint', {}) if is_project else document
        self._said = {ALIASES.get(key, key) for key in said}
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
        """Return `FILE:LINE` of a key.

        `FILE` if its line is unknown, nothing if it is not in the file.
        """
        if path[0] not in self._said:
            return ''
        written = next((alias for alias, key in ALIASES.items() if key == path[0]), path[0])
        line = self._lines.get(path) or self._lines.get(path[:1]) or self._lines.get((written,))
        return f'{self.name}:{line}' if line else self.name


def _find_file_source(request: ScanRequest, file: _ConfigFile) -> str:
    if request.overrides.isolated:
        return '--isolated'
    if request.overrides.file:
        return '--config'
    if os.environ.get('KEYLINT_CONFIG'):
        return 'KEYLINT_CONFIG'
    return 'nearest' if file.name else 'default'


def _read_value(key: str, config: Config) -> object:
    if key == 'per-path-ignores':
        return {pattern: list(rules) for pattern, rules in config.per_path_ignores}
    if key == 'inventory':
        return list(config.inventory or INVENTORIES)
    value = getattr(config, key.replace('-', '_'))
    return list(value) if isinstance(value, tuple) else value


def _find_source(key: str, request: ScanRequest, file: _ConfigFile) -> str:
    """Name who says a value: the strongest alone, but all for folders of rules, which add up."""
    is_level = key in ('severity', 'confidence')
    name = name_variable(key)
    said = [
        _find_flag(key, request),
        name if name and os.environ.get(name, '').strip() else '',
        file.place(key) or (file.place('pedantic') if is_level else ''),
    ]
    found = [source for source in said if source] or ['default']
    return ', '.join(reversed(found)) if key == 'rules' else found[0]


def _find_flag(key: str, request: ScanRequest) -> str:
    """Name the flag that says a value; empty for none."""
    given = request.baseline.path
    if key != 'baseline':
        given = getattr(request.overrides, key.replace('-', '_'), '')
    if given:
        return f'--{key}'
    is_pedantic = key in ('severity', 'confidence') and request.overrides.pedantic
    return '--pedantic' if is_pedantic else ''


def _list_thresholds(config: Config, file: _ConfigFile) -> Iterator[Row]:
    defaults = load_rules(config.rules).pack.thresholds
    own = dict(config.thresholds)
    for name, value in config.limits(defaults).items():
        yield Row(
            f'policies.{name}', value, file.place('policies', name) if name in own else 'default'
        )


def _list_limits(config: Config, request: ScanRequest, file: _ConfigFile) -> Iterator[Row]:
    own = dict(config.costs)
    flags = {name for name, _ in parse_limits(list(request.overrides.limits))}
    for name, knob in LIMIT_OPTIONS.items():
        said = 'default'
        if name in flags:
            said = '--limit'
        elif name in own:
            said = file.place('limits', name)
        yield Row(f'limits.{name}', own.get(name, knob.default), said)


def list_unknown_variables() -> list[str]:
    """Variables of the environment that look like ours and say nothing."""
    known = {*VARIABLES, *(name_variable(key) for key in KEYS)}
    return sorted(name for name in os.environ if name.startswith('KEYLINT_') and name not in known)
