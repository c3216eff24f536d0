"""Read and write the file of a baseline: JSON with two lines for each entry."""

from __future__ import annotations

import os

from keylint.baseline.entries import Baseline, Entry, check_verdict
from keylint.core.atomic import replace_file
from keylint.core.errors import ConfigError, SourceError, suggest_word
from keylint.core.lazy_modules import defer_module
from keylint.core.lazy_patterns import defer_regex
from keylint.core.lazy_re import re
from keylint.core.library_errors import describe_library_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    import json
else:
    json = defer_module('json')

_VERSION = 1
_ABOUT = (
    'Known findings, written by `keylint baseline`; docs: https://keylint.readthedocs.io/baseline/'
)
_FIELDS = ('id', 'rule', 'path', 'local', 'times', 'history', 'verdict', 'reason', 'by', 'until')
_FINDING_FIELDS, _VERDICT_FIELDS = _FIELDS[:6], _FIELDS[6:]
_REQUIRED_FIELDS = ('id', 'rule', 'path')
_TEXT_FIELDS = ('id', 'rule', 'path', 'local', 'verdict', 'reason', 'by', 'until')
# Fields that are omitted from the file if they have their default; a verdict is always written.
_DEFAULTS = {name: value for name, value in Entry._field_defaults.items() if name != 'verdict'}
_MAX_BYTES = 64 << 20
_MERGE_MARKS = defer_regex(rb'^(?:<{7}|>{7})(?: |$)', re.MULTILINE)
_SALT = defer_regex(r'[0-9a-f]{32}')


def read_baseline(path: str) -> Baseline:
    """Read the baseline in a file. Raises ConfigError that names the file and the place."""
    data = _read_file(path)
    if _MERGE_MARKS.search(data):
        raise ConfigError(
            f'{path}: a merge left its marks: delete the lines with <<<<<<<, ======= and >>>>>>> '
            'and keep the entries of both sides'
        )
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f'{path}: not JSON: {describe_library_error(error)}') from None
    return _parse_baseline(path, document)


def _read_file(path: str) -> bytes:
    try:
        if os.path.getsize(path) > _MAX_BYTES:
            raise ConfigError(f'{path}: larger than {_MAX_BYTES >> 20} MB; this is not a baseline')
        with open(path, 'rb') as file:
            return file.read()
    except OSError as error:
        raise ConfigError(f'{path}: cannot read the baseline: {error.strerror}') from None


def _parse_baseline(path: str, document: object) -> Baseline:
    if not isinstance(document, dict) or 'keylint-baseline' not in document:
        raise ConfigError(
            f'{path}: not a baseline of keylint; '
            f'`keylint baseline import {path}` reads those of other scanners'
        )
    if document['keylint-baseline'] != _VERSION:
        raise ConfigError(
            f'{path}: a baseline of version {document["keylint-baseline"]!r}; '
            f'this keylint reads version {_VERSION}'
        )
    salt, rows = document.get('salt'), document.get('entries')
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        raise ConfigError(
            f'{path}: salt must be 32 hexadecimal digits; without the right one no entry is known'
        )
    if not isinstance(rows, list):
        raise ConfigError(f'{path}: entries must be a list')
    entries: dict[str, Entry] = {}
    for number, row in enumerate(rows, 1):
        entry = _parse_entry(row, f'{path}: entry {number}')
        twin = entries.get(entry.id)
        # Both sides of a merge may have the same entry: a verdict wins over none.
        entries[entry.id] = twin if twin is not None and twin.verdict != 'unreviewed' else entry
    return Baseline(path, bytes.fromhex(salt), entries)


def _parse_entry(row: object, where: str) -> Entry:
    """Make an entry from a row, checking the types of its fields. Raises ConfigError."""
    if not isinstance(row, dict):
        raise ConfigError(f'{where}: must be an object')
    for key in row:
        if key not in _FIELDS:
            raise ConfigError(
                f"{where}: unknown key '{key}'{suggest_word(key, list(_FIELDS))}; "
                f'allowed: {", ".join(_FIELDS)}'
            )
    for key in _REQUIRED_FIELDS:
        if not row.get(key):
            raise ConfigError(f'{where}: {key} is missing')
    if not all(isinstance(row[key], str) for key in _TEXT_FIELDS if key in row):
        raise ConfigError(f'{where}: {", ".join(_TEXT_FIELDS)} must be strings')
    if not _is_count(row.get('times', 1)) or not isinstance(row.get('history', False), bool):
        raise ConfigError(
            f'{where}: times must be a whole number above 0, and history true or false'
        )
    entry = Entry(**row)
    check_verdict(entry.verdict, entry.until, where)
    return entry


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def render_baseline(baseline: Baseline) -> str:
    """Render the file, with entries sorted by rule and id so that adding one moves no other.

    Each entry has two lines: the finding, and the verdict.
    """
    entries = sorted(baseline.entries.values(), key=lambda entry: (entry.rule, entry.id))
    rows = [
        f'    {{{_render_fields(entry, _FINDING_FIELDS)},\n'
        f'     {_render_fields(entry, _VERDICT_FIELDS)}}}'
        for entry in entries
    ]
    inner = '[\n' + ',\n'.join(rows) + '\n  ]' if rows else '[]'
    return (
        f'{{\n  "keylint-baseline": {_VERSION},\n  "about": {_render_value(_ABOUT)},\n'
        f'  "salt": "{baseline.salt.hex()}",\n  "entries": {inner}\n}}\n'
    )


def _render_fields(entry: Entry, names: tuple[str, ...]) -> str:
    values = [(name, getattr(entry, name)) for name in names]
    return ', '.join(
        f'"{name}": {_render_value(value)}'
        for name, value in values
        if value != _DEFAULTS.get(name)
    )


def _render_value(value: object) -> str:
    """Render JSON that a terminal and an editor can show."""
    shown = json.dumps(value, ensure_ascii=False)
    return shown if shown.isprintable() else json.dumps(value)


def write_baseline(baseline: Baseline) -> None:
    """Replace the file atomically, or leave it unchanged. Raises SourceError."""
    try:
        replace_file(os.path.realpath(baseline.path), render_baseline(baseline).encode())
    except OSError as error:
        raise SourceError(f'{baseline.path}: cannot write the baseline: {error.strerror}') from None
