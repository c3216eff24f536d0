"""`keylint doctor`: show what is installed, what would be scanned, and what a scan would miss."""

from __future__ import annotations

import os
import platform
import sys
import tomllib
from argparse import Namespace
from collections.abc import Callable, Iterator

import yaml

from keylint._version import __version__
from keylint.commands.config import list_unknown_variables
from keylint.commands.parsers.shared import read_overrides
from keylint.commands.setup.pre_commit import PRE_COMMIT, has_hook
from keylint.core.cache_files import cache_folder
from keylint.core.config import KEYS, VARIABLES, Config, check_rules, name_variable
from keylint.core.errors import KeylintError, suggest_word
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import Report
from keylint.core.safe_yaml import load_document
from keylint.core.terms import SEVERITIES
from keylint.matcher.hyperscan import hyperscan_version
from keylint.pipeline.clean_cache import CleanCache
from keylint.reporters.text import sanitize_text
from keylint.rules.load import Rules, load_rules
from keylint.scanner.configure import configure, read_base_config
from keylint.scanner.find_baseline import find_baseline
from keylint.scanner.items import path_of_item
from keylint.scanner.request import BaselineOptions, ScanRequest, make_scope
from keylint.scanner.scan_items import scan_item
from keylint.sources import files, git
from keylint.workers.pool import map_unordered

_HOOK = 'pre-commit'


class Note(NamedTuple):
    """A line of the table, or a warning."""

    topic: str
    text: str
    is_warning: bool = False


def run(arguments: Namespace) -> int:
    """Print every note; return 1 if one is a warning, else 0."""
    warned = False
    for note in _collect_notes(read_request(arguments)):
        warned |= note.is_warning
        print(
            sanitize_text(
                f'warning: {note.topic}: {note.text}'
                if note.is_warning
                else f'{note.topic:13} {note.text}'
            )
        )
    sys.stdout.flush()
    return int(warned)


def read_request(arguments: Namespace) -> ScanRequest:
    """Make the request of a command line: the scan that is looked into."""
    return ScanRequest(
        make_scope(tuple(arguments.paths), arguments.no_ignore),
        read_overrides(arguments),
        BaselineOptions(arguments.baseline or '', arguments.no_baseline),
    )


def _make_warning(topic: str, text: str) -> Note:
    return Note(topic, text, True)


def _collect_notes(request: ScanRequest) -> Iterator[Note]:
    """Collect the notes of each part; an error in one is its warning, and the others follow."""
    paths = list(request.scope.paths) or ['.']
    folder = next((path for path in paths if os.path.isdir(path)), '.')
    yield from (
        Note('keylint', __version__),
        Note('Python', platform.python_version()),
        Note('hyperscan', hyperscan_version()),
    )
    parts: tuple[tuple[str, Callable[[], Iterator[Note]]], ...] = (
        ('git', lambda: _check_git(folder)),
        ('hook', lambda: _check_hook(folder)),
        ('cache', _check_cache),
        ('environment', _check_environment),
        ('configuration', lambda: _check_configuration(request)),
        ('scan', lambda: _check_scan(request, paths)),
    )
    for topic, part in parts:
        try:
            yield from part()
        except KeylintError as error:
            yield _make_warning(topic, str(error))


def _check_git(folder: str) -> Iterator[Note]:
    yield Note(
        'git',
        git.run_git(folder, 'version')
        .decode('utf-8', 'replace')
        .strip()
        .removeprefix('git version '),
    )


def _check_hook(folder: str) -> Iterator[Note]:
    top = git.find_work_tree(folder)
    if top is None:
        yield Note('hook', 'no git repository here')
        return
    named, path = _names_our_hook(top), os.path.join(_find_hooks_folder(top), _HOOK)
    text = _read_text(path)
    if 'keylint' in text:
        yield Note('hook', f'installed: {os.path.relpath(path)}')
    elif named and _HOOK in text:
        yield Note('hook', 'installed through pre-commit')
    elif named and not os.environ.get('CI'):
        yield _make_warning(
            'hook', 'is in .pre-commit-config.yaml, but git does not run it: `pre-commit install`'
        )
    else:
        yield Note(
            'hook',
            'named in .pre-commit-config.yaml'
            if named
            else 'none: `keylint init` adds it to .pre-commit-config.yaml',
        )


def _names_our_hook(top: str) -> bool:
    """Whether `.pre-commit-config.yaml` names a hook of ours."""
    try:
        return has_hook(load_document(_read_text(os.path.join(top, PRE_COMMIT))))
    except yaml.YAMLError:
        return False


def _find_hooks_folder(top: str) -> str:
    """Return where git looks for hooks: the last `core.hooksPath` wins.

    Every other call of git in keylint runs without hooks.
    """
    for scope in ('--local', '--global', '--system'):
        own = (
            git.try_git(top, 'config', scope, '--get', 'core.hooksPath')
            .output.decode('utf-8', 'replace')
            .strip()
        )
        if own:
            return os.path.join(top, os.path.expanduser(own))
    common = git.run_git(top, 'rev-parse', '--git-common-dir').decode('utf-8', 'replace').strip()
    return os.path.join(top, common, 'hooks')


def _read_text(path: str) -> str:
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            return file.read(1 << 20)
    except OSError:
        return ''


def _check_cache() -> Iterator[Note]:
    """Check whether the compiled rules are cached; afterwards they are, if it can be written."""
    folder, before = cache_folder(), _list_cached_rules()
    load_rules()
    if _list_cached_rules() - before:
        yield Note('cache', f'{folder}: was cold, now made')
    elif before:
        yield Note('cache', f'{folder}: ready')
    else:
        yield _make_warning(
            'cache',
            f'{folder}: cannot be written; every run compiles the rules again '
            '(KEYLINT_CACHE_DIR names another folder)',
        )


def _list_cached_rules() -> set[tuple[str, int]]:
    try:
        return {
            (entry.name, entry.stat().st_mtime_ns)
            for entry in os.scandir(cache_folder())
            if entry.name.endswith('.gate')
        }
    except OSError:
        return set()


def _check_environment() -> Iterator[Note]:
    known = [*VARIABLES, *filter(None, map(name_variable, KEYS))]
    for name in list_unknown_variables():
        yield _make_warning(
            'environment', f'{name} is not a variable of keylint{suggest_word(name, known)}'
        )


def _check_configuration(request: ScanRequest) -> Iterator[Note]:
    """Note the file, the baseline, the remaining rules, and what the file names in vain."""
    source = read_base_config(request).source
    yield Note('configuration', os.path.relpath(source) if source else 'none: defaults')
    config = configure(request)
    if (
        source
        and os.path.basename(source) == 'keylint.toml'
        and _has_table(os.path.join(os.path.dirname(source), 'pyproject.toml'))
    ):
        yield _make_warning(
            'configuration',
            f'[tool.keylint] in pyproject.toml is not read: {os.path.relpath(source)} is beside it',
        )
    known = find_baseline(request, config)
    yield Note('baseline', os.path.relpath(known) if known else 'none')
    if known and not os.path.isfile(known):
        yield _make_warning('baseline', f'{known}: no such file')
    yield from _count_rules(config, load_rules(config.rules))
    for lost in config.lost_inventories():
        yield _make_warning(
            os.path.relpath(lost.path) if lost.path else 'configuration', lost.message
        )


def _has_table(path: str) -> bool:
    try:
        return 'keylint' in tomllib.loads(_read_text(path)).get('tool', {})
    except tomllib.TOMLDecodeError:
        return False


def _count_rules(config: Config, rules: Rules) -> Iterator[Note]:
    ids = rules.pack.rule_ids
    check_rules(config, ids)
    left = [
        rule
        for rule in ids
        if (not config.select or rule.startswith(config.select))
        and not (config.ignore and rule.startswith(config.ignore))
    ]
    yield Note('rules', f'{len(left)} of {len(ids)}')
    if not left:
        yield _make_warning('rules', 'select and ignore leave no rule: nothing will ever be found')


def _check_scan(request: ScanRequest, paths: list[str]) -> Iterator[Note]:
    """Count the files that a scan would read, and warn of findings that settings hide."""
    config, report = configure(request), Report()
    count = len(files.list_files(paths, config, report, request.scope.includes_ignored))
    left = ', '.join(f'{number} {why}' for why, number in sorted(report.skipped.items()))
    found = f'{count} file{"s" * (count != 1)}'
    yield Note('scan', f'{found}; left out: {left}' if left else found)
    for failure in report.failures:
        yield _make_warning(failure.path, failure.error)
    if not count:
        yield _make_warning('scan', 'no file would be scanned')
    if config.exclude or config.per_path_ignores:
        yield from _find_hidden(request, paths, config)


def _find_hidden(request: ScanRequest, paths: list[str], config: Config) -> Iterator[Note]:
    """Warn of findings that an exclusion or an ignored path hides, by the pattern."""
    bare = config._replace(exclude=(), per_path_ignores=())
    items = [
        item
        for item in files.list_files(paths, bare, Report(), request.scope.includes_ignored)
        if _is_configured(path_of_item(item), config)
    ]
    rules = load_rules(config.rules)
    results = map_unordered(lambda item: scan_item(item, rules, bare, CleanCache()), items)
    findings = [
        finding for result in results for finding in result.findings if finding.state == 'open'
    ]
    excluded = [one for one in findings if config.is_excluded(one.path)]
    yield from _warn_of_hidden('exclude', ', '.join(config.exclude), excluded)
    left = [one for one in findings if one not in excluded]
    for pattern, ignored in config.per_path_ignores:
        hidden = [
            one
            for one in left
            if one.rule.startswith(ignored) and config.matches_path(one.path, pattern)
        ]
        yield from _warn_of_hidden('per-path-ignores', pattern, hidden)


def _is_configured(path: str, config: Config) -> bool:
    """Tell whether an exclusion or a `per-path-ignores` speaks of a path."""
    return config.is_excluded(path) or any(
        config.matches_path(path, pattern) for pattern, _ in config.per_path_ignores
    )


def _warn_of_hidden(key: str, pattern: str, findings: list[Finding]) -> Iterator[Note]:
    if findings:
        worst = min(
            findings,
            key=lambda one: (-SEVERITIES.index(one.severity), one.path, one.place.line, one.rule),
        )
        count = f'{len(findings)} finding{"s" if len(findings) > 1 else ""}'
        yield _make_warning(
            key,
            f"'{pattern}' hides {count}, the worst {worst.severity}: "
            f'{worst.rule} in {worst.path}:{worst.place.line}',
        )
