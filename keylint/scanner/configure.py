"""Turn a request into the configuration of its run."""

from __future__ import annotations

import os

from keylint.core.config import Config, apply_environment
from keylint.core.errors import ConfigError
from keylint.core.find_config import find_config
from keylint.core.lazy_re import re
from keylint.scanner.request import ScanRequest
from keylint.sources.git import find_work_tree

# Compiled only where a day is given.
_DAY = r'\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])'


def read_base_config(request: ScanRequest) -> Config:
    """Read the configuration file that was named, else the nearest one. Raises ConfigError."""
    if request.overrides.isolated:
        return Config()
    named = request.overrides.file or os.environ.get('KEYLINT_CONFIG', '')
    if named and not os.path.isfile(named):
        hint = '' if request.overrides.file else ' (KEYLINT_CONFIG)'
        raise ConfigError(f'{named}: no such configuration file{hint}')
    path = named or _find_one_config(request)
    if not path:
        return Config()
    from keylint.core.config_file import read_config  # noqa: PLC0415 - has tomllib

    config = read_config(path, Config())
    if named:
        return config
    top = os.path.dirname(path)
    return config._replace(folder=top, exclude_folder=top if config.exclude else '')


def _find_one_config(request: ScanRequest) -> str | None:
    """Find the configuration file that all paths of a request have.

    An index and a history are of a whole repository, wherever in it they are asked for. Raises
    ConfigError if paths have different ones: no order of arguments should decide.
    """
    scope = request.scope
    if scope.mode == 'staged' or scope.reads_objects:  # staged paths are entries of the index
        where = scope.paths[0] if scope.paths and scope.reads_objects else '.'
        return find_config(find_work_tree(where) or where)
    folders: dict[str, str] = {}
    asked = (scope.stdin_name,) if scope.mode == 'stdin' else (*scope.paths, *scope.listed)
    for path in asked:
        folders.setdefault(path if os.path.isdir(path) else os.path.dirname(path) or '.', path)
    found = {find_config(folder): path for folder, path in folders.items()}
    if len(found) > 1:
        texts = [f'{file or "none"} for {path}' for file, path in list(found.items())[:2]]
        raise ConfigError(
            f'different configurations: {", ".join(texts)}; scan these paths one by one, '
            'or name one file with --config'
        )
    return next(iter(found), None) if found else find_config('.')


def configure(request: ScanRequest) -> Config:
    """Merge the settings: the request overrides environment, configuration file and defaults.

    Raises ConfigError for a value that no setting takes.
    """
    overrides = request.overrides
    config = apply_environment(read_base_config(request), os.environ)
    changes: dict[str, object] = {
        'show_secrets': overrides.show_secrets,
        'base': (find_work_tree('.') or '') if request.scope.mode == 'staged' else '',
        'exclude_folder': '' if overrides.exclude else config.exclude_folder,
    }
    if overrides.pedantic:
        changes |= {'severity': 'info', 'confidence': 'low'}
    for name in ('select', 'ignore', 'exclude'):
        if texts := getattr(overrides, name):
            changes[name] = _split_entries(texts)
            changes['origins'] = (*config.origins, (name, ''))
    for name in ('severity', 'confidence', 'fail_on', 'today'):
        if value := getattr(overrides, name):
            changes[name] = value
    if overrides.today and not re.fullmatch(_DAY, overrides.today):
        raise ConfigError(f"--today is '{overrides.today}'; it must be a day such as 2026-01-31")
    if overrides.limits:
        from keylint.core.config_file import parse_limits  # noqa: PLC0415 - as above

        limits = parse_limits(list(overrides.limits))
        changes['costs'] = tuple((dict(config.costs) | dict(limits)).items())
    if overrides.rules:
        changes['rules'] = (*config.rules, *overrides.rules)
    return config._replace(**changes)  # type: ignore[arg-type]  # the keys are fields of Config


def _split_entries(texts: tuple[str, ...]) -> tuple[str, ...]:
    parts = [part.strip() for text in texts for part in text.split(',')]
    return tuple(part for part in parts if part)
