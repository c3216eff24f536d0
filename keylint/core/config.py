"""The settings of a run: their defaults, their keys, and the variables that set them.

`core.config_file` reads the file; it is imported only if there is one.
"""

import os
import time
from collections.abc import Mapping

from keylint.core.errors import ConfigError, suggest_word
from keylint.core.ignore_patterns import compile_patterns
from keylint.core.records import NamedTuple
from keylint.core.relative_paths import path_from_root
from keylint.core.report import ScanWarning
from keylint.core.terms import CONFIDENCES, SEVERITIES

# The file names of a key inventory if the user configures none.
INVENTORIES = ('keys.yaml', 'keys.yml', 'keys.json', 'keys.toml')


class Config(NamedTuple):
    """Settings of a run.

    Lists of rules are prefixes as in ruff: `generic` selects every rule that begins with it.
    `exclude` has lines as in a `.gitignore` in `exclude_folder`; `per_path_ignores` and `inventory`
    are relative to `folder`, the folder of the configuration file that was found. If a folder is
    empty, as for flags and for a file that was named, patterns are relative to `base`, as the paths
    of the run are; an empty `base` is the working directory. Folders are absolute. Without
    `shows_excerpts` findings have no lines: those of a worker are only counted and compared.
    `origins` names the keys that something else than the file sets: a variable, or nothing for the
    call itself.
    Without `reads_dependencies`, the dependencies in a history are searched only for tokens that
    identify themselves.
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
    shows_excerpts: bool = True
    today: str = ''
    thresholds: tuple[tuple[str, int], ...] = ()
    inventory: tuple[str, ...] = ()
    baseline: str = ''
    costs: tuple[tuple[str, int], ...] = ()
    source: str | None = None
    folder: str = ''
    exclude_folder: str = ''
    base: str = ''
    reads_dependencies: bool = True
    origins: tuple[tuple[str, str], ...] = ()

    def limits(self, defaults: dict[str, int]) -> dict[str, int]:
        """Return the thresholds of the policies: the user's override those of the rules."""
        return {**defaults, **dict(self.thresholds)}

    def is_inventory(self, path: str) -> bool:
        """Tell whether a file may be a key inventory, by the user's names or by the defaults."""
        if self.inventory:
            return self._matches(path, self.inventory, self.folder)
        return path.replace('\\', '/').rsplit('/', 1)[-1] in INVENTORIES

    def is_excluded(self, path: str) -> bool:
        """Tell whether the configuration excludes a path of this run."""
        return bool(self.exclude) and self._matches(path, self.exclude, self.exclude_folder)

    def matches_path(self, path: str, pattern: str) -> bool:
        """Tell whether a pattern of `per-path-ignores` applies to a path of this run.

        `!pattern` applies to all paths that `pattern` does not match, as in ruff.
        """
        is_match = self._matches(path, (pattern.removeprefix('!'),), self.folder)
        return is_match != pattern.startswith('!')

    def _matches(self, path: str, patterns: tuple[str, ...], folder: str) -> bool:
        """Match a path of this run against patterns of a folder; a path outside never matches."""
        if folder or path.startswith(('/', '..')):
            base = self.base or os.getcwd()
            path = path_from_root(path, folder or base, base)
        return not os.path.isabs(path) and compile_patterns(patterns).matches(path)

    def lost_inventories(self) -> list[ScanWarning]:
        """Warn about configured inventory names that no file has."""
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
        """Return today in UTC as YYYY-MM-DD; a given day overrides it, so that runs repeat."""
        if self.today:
            return self.today
        return time.strftime('%Y-%m-%d', time.gmtime())  # avoids importing datetime


class Key(NamedTuple):
    """A key of the configuration.

    Its fields are the form of its value, its purpose, and whether the environment may set it too.
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
    'exclude': Key('texts', 'paths left out: lines as of a .gitignore in the folder of this file'),
    'per-path-ignores': Key(
        'per-path',
        'rules (ids or beginnings of ids) that do not apply to the paths of a pattern as of '
        'exclude; !pattern: for all others',
        has_variable=False,
    ),
    'pedantic': Key('switch', 'true: severity info and confidence low', has_variable=False),
    'policies': Key('thresholds', 'thresholds of the policies on keys', has_variable=False),
    'limits': Key(
        'limits', 'how much one file may cost before its rest is a failure', has_variable=False
    ),
    'inventory': Key(
        'texts',
        'key inventories: patterns as of exclude; without it keys.yaml, keys.yml, keys.json, '
        'keys.toml in any folder',
        has_variable=False,
    ),
    'baseline': Key(
        'path',
        'the file of known findings, relative to this file; without it .keylint-baseline.json',
    ),
}
ALIASES = {'per-file-ignores': 'per-path-ignores'}  # ruff's name
CHOICES = {'severity': SEVERITIES, 'confidence': CONFIDENCES}
# Variables without a key in the configuration, and their meanings.
VARIABLES = {
    'KEYLINT_CONFIG': 'a configuration file instead of the nearest one',
    'KEYLINT_FORMAT': 'the format of `keylint scan`',
    'KEYLINT_CACHE_DIR': 'the folder of the compiled rules, and of what is known to be clean',
    'KEYLINT_NO_CACHE': 'set: as `--no-cache`',
    'KEYLINT_QUIET': '1: no line about rules that are being prepared',
    'KEYLINT_WORKERS': 'how many processes scan',
    'KEYLINT_START_METHOD': 'how they are started: `fork`, or `spawn` as on macOS and Windows',
    'KEYLINT_ENGINE': 'what matches patterns: `python` instead of Hyperscan, slower',
    'KEYLINT_DEBUG': '1: a traceback for an error of keylint itself, with values in it',
}


def name_variable(key: str) -> str:
    """Return the environment variable that sets a key; empty if there is none."""
    return f'KEYLINT_{key.replace("-", "_").upper()}' if KEYS[key].has_variable else ''


def apply_environment(base: Config, variables: Mapping[str, str]) -> Config:
    """Apply the environment to `base`: lists are separated by commas, folders as in PATH.

    Raises ConfigError that names the variable.
    """
    changes: dict[str, object] = {}
    origins = []
    for key, about in KEYS.items():
        name = name_variable(key)
        text = variables.get(name, '').strip() if name else ''
        if not text:
            continue
        if about.form in CHOICES and text not in CHOICES[about.form]:
            raise ConfigError(f"{name} is '{text}'; allowed: {', '.join(CHOICES[about.form])}")
        origins.append((key, name))
        if about.form == 'paths':
            changes[key] = getattr(base, key) + tuple(
                folder for folder in text.split(os.pathsep) if folder
            )
        elif about.form == 'texts':
            changes[key] = tuple(part.strip() for part in text.split(',') if part.strip())
            if key == 'exclude':
                changes['exclude_folder'] = ''
        else:
            changes[key.replace('-', '_')] = text
    changes['origins'] = tuple(origins)
    return base._replace(**changes)  # type: ignore[arg-type]  # the keys are fields of Config


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
                raise ConfigError(f'{_name_origin(config, key)}: {describe_unknown(rule, known)}')


def _name_origin(config: Config, key: str) -> str:
    """Name the key as whoever set it wrote it: a variable, a flag, or a line of the file."""
    origins = dict(config.origins)
    if key in origins:
        return origins[key] or key
    return f'{config.source}: {key}' if config.source else key


def describe_unknown(rule: str, known: list[str]) -> str:
    """Say that no rule begins with a name, and which one was probably meant."""
    names = [*known, *(name.removesuffix('-credential') for name in known)]
    return f"unknown rule '{rule}'{suggest_word(rule, names)}; `keylint rules` lists them"
