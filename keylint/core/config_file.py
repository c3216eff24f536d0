"""Read the configuration file, and the limits that flags set."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable

from keylint.core.config import ALIASES, KEYS, Config
from keylint.core.errors import ConfigError, suggest_word
from keylint.core.library_errors import describe_library_error
from keylint.core.limits import LIMIT_OPTIONS
from keylint.core.terms import CONFIDENCES, SEVERITIES, THRESHOLDS


def read_config(path: str, base: Config) -> Config:
    """Apply the file to `base`. Raises ConfigError that names the file and the key."""
    try:
        with open(path, 'rb') as file:
            document = tomllib.load(file)
    except OSError as error:
        raise ConfigError(f'{path}: cannot read the configuration: {error.strerror}') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f'{path}: not TOML: {describe_library_error(error)}') from None
    table: dict[str, object] = document
    is_project = os.path.basename(path) == 'pyproject.toml'
    sections = ('tool', 'keylint') if is_project else ()
    for name in sections:
        inner = table.get(name, {})
        if not isinstance(inner, dict):
            raise ConfigError(f'{path}: {name} must be a table')
        table = inner
    return _apply_table(table, path, base)._replace(source=path)


def _apply_table(table: dict[str, object], path: str, base: Config) -> Config:
    table = _rename_aliases(table, path)
    for key in table:
        if key not in KEYS:
            raise ConfigError(
                f"{path}: unknown key '{key}'{suggest_word(key, list(KEYS))}; "
                f'allowed: {", ".join(KEYS)}'
            )
    changes: dict[str, object] = {
        key: _read_texts(table[key], path, key)
        for key in ('select', 'ignore', 'exclude', 'inventory')
        if key in table
    }
    changes |= _read_fields(table, path, _FILES)
    changes |= _read_levels(table, path)
    changes |= _read_fields(table, path, _TABLES)
    return base._replace(**changes)  # type: ignore[arg-type]  # the keys are fields of Config


def _rename_aliases(table: dict[str, object], path: str) -> dict[str, object]:
    """Return the table with our names for keys that other linters call by another."""
    for alias, key in ALIASES.items():
        if alias in table and key in table:
            raise ConfigError(f'{path}: {alias} is another name for {key}: keep one of them')
    return {ALIASES.get(key, key): value for key, value in table.items()}


def _read_fields(table: dict[str, object], path: str, fields: _Fields) -> dict[str, object]:
    """Read the keys of `fields` that the table has."""
    return {field: read(table[key], path) for key, (field, read) in fields.items() if key in table}


def _read_rule_folders(value: object, path: str) -> tuple[str, ...]:
    folder = os.path.dirname(path)
    return tuple(os.path.join(folder, name) for name in _read_texts(value, path, 'rules'))


def _read_baseline_path(value: object, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f'{path}: baseline must be the name of a file')
    return os.path.join(os.path.dirname(path), value)


def _read_levels(table: dict[str, object], path: str) -> dict[str, object]:
    """Read the lowest severities and confidence; explicit ones override `pedantic`."""
    levels: dict[str, object] = {}
    if table.get('pedantic') is True:
        levels = {'severity': 'info', 'confidence': 'low'}
    for key, allowed in (
        ('severity', SEVERITIES),
        ('confidence', CONFIDENCES),
        ('fail-on', SEVERITIES),
    ):
        if key in table:
            if table[key] not in allowed:
                raise ConfigError(f"{path}: {key} is '{table[key]}'; allowed: {', '.join(allowed)}")
            levels[key.replace('-', '_')] = table[key]
    return levels


def _read_texts(value: object, path: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f'{path}: {key} must be a list of strings')
    return tuple(value)


def _read_thresholds(value: object, path: str) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, dict):
        raise ConfigError(f'{path}: policies must be a table of threshold = number')
    for key, number in value.items():
        if key not in THRESHOLDS:
            raise ConfigError(
                f"{path}: policies: unknown threshold '{key}'"
                f'{suggest_word(key, list(THRESHOLDS))}; '
                f'allowed: {", ".join(THRESHOLDS)}'
            )
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise ConfigError(f'{path}: policies.{key} must be a whole number')
    return tuple(value.items())


def _read_costs(value: object, path: str) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, dict):
        raise ConfigError(f'{path}: limits must be a table of limit = number')
    for key, number in value.items():
        check_limit(key, number, f'{path}: limits: ', f'{path}: limits.{key}')
    return tuple(value.items())


def check_limit(name: str, number: object, where: str, what: str) -> None:
    """Raise ConfigError for a limit that does not exist, or for a value that is not a number."""
    if name not in LIMIT_OPTIONS:
        raise ConfigError(
            f"{where}unknown limit '{name}'{suggest_word(name, list(LIMIT_OPTIONS))}; "
            f'allowed: {", ".join(LIMIT_OPTIONS)}'
        )
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ConfigError(f'{what} must be a whole number from 1 on: {LIMIT_OPTIONS[name].says}')


def parse_limits(texts: list[str]) -> tuple[tuple[str, int], ...]:
    """Read the limits that flags set as NAME=VALUE. Raises ConfigError."""
    found = []
    for text in texts:
        name, _, number = text.partition('=')
        check_limit(
            name.strip(),
            int(number) if number.isascii() and number.isdigit() else None,
            '--limit: ',
            f'--limit {text}: the value',
        )
        found.append((name.strip(), int(number)))
    return tuple(found)


def _read_path_ignores(value: object, path: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ConfigError(f'{path}: per-path-ignores must be a table of pattern = [rules]')
    return tuple(
        (str(pattern), _read_texts(rules, path, f'per-path-ignores.{pattern}'))
        for pattern, rules in value.items()
    )


_Fields = dict[str, tuple[str, Callable[[object, str], object]]]
# The fields of Config and their readers, by key: those before the levels, and those after them.
_FILES: _Fields = {
    'rules': ('rules', _read_rule_folders),
    'baseline': ('baseline', _read_baseline_path),
}
_TABLES: _Fields = {
    'policies': ('thresholds', _read_thresholds),
    'limits': ('costs', _read_costs),
    'per-path-ignores': ('per_path_ignores', _read_path_ignores),
}
