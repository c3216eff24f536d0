"""Read the settings of a run: from flags, the environment, a configuration file, and defaults."""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from keylint.core.errors import ConfigError, describe_library_error, suggest_word
from keylint.core.report import ScanWarning
from keylint.core.terms import CONFIDENCES, SEVERITIES, THRESHOLDS

# The names under which a key inventory is looked for where the user names none.
INVENTORIES = ('keys.yaml', 'keys.yml', 'keys.json', 'keys.toml')


class Config(NamedTuple):
    """Settings of a run.

    Lists of rules are prefixes as in ruff: `generic` selects every rule that begins so.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: str = 'low'
    confidence: str = 'medium'
    fail_on: str = 'low'
    rules: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_path_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    show_secrets: bool = False
    today: str = ''
    thresholds: tuple[tuple[str, int], ...] = ()
    inventory: tuple[str, ...] = ()
    baseline: str = ''
    costs: tuple[tuple[str, int], ...] = ()
    source: str | None = None

    def limits(self, defaults: dict[str, int]) -> dict[str, int]:
        """Return the thresholds of the policies: the user's over those of the rules."""
        return {**defaults, **dict(self.thresholds)}

    def is_inventory(self, path: str) -> bool:
        """Tell whether a file may be a key inventory: by the user's names, else by ours."""
        if self.inventory:
            names = {
                path,
                _path_below_config(os.path.dirname(os.path.abspath(self.source or '.')), path),
            }
            return any(matches_glob(name, pattern) for name in names for pattern in self.inventory)
        return path.replace('\\', '/').rsplit('/', 1)[-1] in INVENTORIES

    def lost_inventories(self) -> list[ScanWarning]:
        """Warn about names that the configuration gives to inventories and that no file has."""
        folder = os.path.dirname(self.source or '')
        lost = [
            name
            for name in self.inventory
            if '/' in name
            and not set('*?[') & set(name)
            and not os.path.exists(os.path.join(folder, name))
        ]
        return [
            ScanWarning(self.source or '', 1, f"inventory: no file is called '{name}'")
            for name in lost
        ]

    def day(self) -> str:
        """Return today as YYYY-MM-DD: the day that was given, so that runs repeat, else the clock's."""
        if self.today:
            return self.today
        from keylint.core.dates import today_in_utc  # noqa: PLC0415 - only where a key is judged

        return today_in_utc()


def _path_below_config(folder: str, path: str) -> str:
    """Return a path as seen from the folder of the configuration: runs may start below it."""
    whole = os.path.abspath(path)
    return (
        whole[len(folder) + 1 :].replace(os.sep, '/') if whole.startswith(folder + os.sep) else path
    )


class Key(NamedTuple):
    """A key of the configuration.

    The form of its value, what it is for, and whether the environment may set it too.
    """

    form: str
    says: str
    has_variable: bool = True


KEYS: dict[str, Key] = {
    'select': Key('texts', 'only these rules: ids or beginnings of ids'),
    'ignore': Key('texts', 'not these rules: ids or beginnings of ids'),
    'severity': Key('severity', 'lowest severity shown'),
    'confidence': Key('confidence', 'lowest confidence shown'),
    'fail-on': Key('severity', 'lowest severity that makes the exit code 1'),
    'rules': Key('paths', 'folders with dossiers of your own, relative to this file'),
    'exclude': Key(
        'texts',
        'paths left out: globs as in .gitignore; a bare name matches at any depth, '
        'dir/ its contents',
    ),
    'per-path-ignores': Key(
        'per-path',
        'rules (ids or beginnings of ids) that do not hold for the paths of a glob',
        has_variable=False,
    ),
    'pedantic': Key('switch', 'true: severity info and confidence low', has_variable=False),
    'policies': Key('thresholds', 'thresholds of the policies on keys', has_variable=False),
    'limits': Key(
        'limits', 'how much one file may cost before its rest is a failure', has_variable=False
    ),
    'inventory': Key(
        'texts',
        'key inventories: globs; without it keys.yaml, keys.yml, keys.json, keys.toml '
        'in any folder',
        has_variable=False,
    ),
    'baseline': Key(
        'path',
        'the file of known findings, relative to this file; without it .keylint-baseline.json',
    ),
}
CHOICES = {'severity': SEVERITIES, 'confidence': CONFIDENCES}
# Variables that no key of the configuration stands for, and what they say.
VARIABLES = {
    'KEYLINT_CONFIG': 'a configuration file instead of the nearest one',
    'KEYLINT_FORMAT': 'the format of `keylint scan`',
    'KEYLINT_CACHE_DIR': 'the folder of the compiled rules, and of what is known to be clean',
    'KEYLINT_NO_CACHE': 'set: as `--no-cache`',
    'KEYLINT_WORKERS': 'how many processes scan',
    'KEYLINT_DEBUG': '1: a traceback for an error of keylint itself, with values in it',
}


def name_variable(key: str) -> str:
    """Return the environment variable that sets a key; empty where there is none."""
    return f'KEYLINT_{key.replace("-", "_").upper()}' if KEYS[key].has_variable else ''


def apply_environment(base: Config, variables: Mapping[str, str]) -> Config:
    """Apply what the environment says to `base`: lists have commas, folders are as in PATH.

    Raises ConfigError that names the variable.
    """
    changes: dict[str, Any] = {}
    for key, about in KEYS.items():
        name = name_variable(key)
        text = variables.get(name, '').strip() if name else ''
        if not text:
            continue
        if about.form in CHOICES and text not in CHOICES[about.form]:
            raise ConfigError(f"{name} is '{text}'; allowed: {', '.join(CHOICES[about.form])}")
        if about.form == 'paths':
            changes[key] = getattr(base, key) + tuple(
                folder for folder in text.split(os.pathsep) if folder
            )
        elif about.form == 'texts':
            changes[key] = tuple(part.strip() for part in text.split(',') if part.strip())
        else:
            changes[key.replace('-', '_')] = text
    return base._replace(**changes)


def read_config(path: str | None, base: Config) -> Config:
    """Apply what the file says to `base`. Raises ConfigError that names the file and the key."""
    if path is None:
        return base
    import tomllib  # noqa: PLC0415 - only where there is a configuration

    try:
        with open(path, 'rb') as file:
            document = tomllib.load(file)
    except OSError as error:
        raise ConfigError(f'{path}: cannot read the configuration: {error.strerror}') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f'{path}: not TOML: {describe_library_error(error)}') from None
    table: Any = document
    is_project = os.path.basename(path) == 'pyproject.toml'
    sections = ('tool', 'keylint') if is_project else ()
    for name in sections:
        table = table.get(name, {})
        if not isinstance(table, dict):
            raise ConfigError(f'{path}: {name} must be a table')
    return _apply_table(table, path, base)._replace(source=path)


def _apply_table(table: dict[str, Any], path: str, base: Config) -> Config:
    for key in table:
        if key not in KEYS:
            raise ConfigError(
                f"{path}: unknown key '{key}'{suggest_word(key, list(KEYS))}; "
                f'allowed: {", ".join(KEYS)}'
            )
    changes: dict[str, Any] = {}
    for key in ('select', 'ignore', 'exclude', 'inventory'):
        if key in table:
            changes[key] = _read_texts(table[key], path, key)
    if 'rules' in table:
        changes['rules'] = tuple(
            os.path.join(os.path.dirname(path), name)
            for name in _read_texts(table['rules'], path, 'rules')
        )
    if 'baseline' in table:
        if not isinstance(table['baseline'], str) or not table['baseline']:
            raise ConfigError(f'{path}: baseline must be the name of a file')
        changes['baseline'] = os.path.join(os.path.dirname(path), table['baseline'])
    changes |= _read_levels(table, path)
    if 'policies' in table:
        changes['thresholds'] = _read_thresholds(table['policies'], path)
    if 'limits' in table:
        changes['costs'] = _read_costs(table['limits'], path)
    if 'per-path-ignores' in table:
        changes['per_path_ignores'] = _read_path_ignores(table['per-path-ignores'], path)
    return base._replace(**changes)


def _read_levels(table: dict[str, Any], path: str) -> dict[str, str]:
    """Read the lowest severities and the lowest confidence; those that are named beat `pedantic`."""
    levels = {}
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
                f"{path}: policies: unknown threshold '{key}'{suggest_word(key, list(THRESHOLDS))}; "
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
    """Raise ConfigError for a limit that does not exist, and for a number that is none."""
    from keylint.core.limits import LIMIT_OPTIONS  # noqa: PLC0415 - only where somebody sets a limit

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


def check_rules(config: Config, known: list[str]) -> None:
    """Raise ConfigError for a name in the configuration with which no rule begins."""
    named = [
        ('select', config.select),
        ('ignore', config.ignore),
        *((f'per-path-ignores.{p}', r) for p, r in config.per_path_ignores),
    ]
    for key, rules in named:
        for rule in rules:
            if not any(name.startswith(rule) for name in known):
                where = f'{config.source}: ' if config.source else ''
                raise ConfigError(
                    f"{where}{key}: unknown rule '{rule}'{suggest_word(rule, known)}; "
                    '`keylint rules` lists them'
                )


def matches_glob(path: str, pattern: str) -> bool:
    """Tell whether a path (with `/`) matches a glob, as in `.gitignore`.

    A bare name matches at any depth, `dir/` its contents.
    """
    from fnmatch import fnmatchcase  # noqa: PLC0415 - only where patterns are given

    pattern = pattern.removeprefix('./')
    if pattern.endswith('/'):
        pattern += '*'
    candidates = [path] if '/' in pattern else path.split('/')
    return any(fnmatchcase(text, pattern) for text in candidates) or fnmatchcase(
        path, pattern.rstrip('/*') + '/*'
    )
