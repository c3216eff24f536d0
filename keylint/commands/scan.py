"""`keylint scan`: sources, pipeline, reporter, exit code."""

from __future__ import annotations

import os
import re
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress

from keylint.archives import ARCHIVES
from keylint.core.config import (
    Config,
    check_rules,
    find_config,
    from_environment,
    limits_from,
    read_config,
)
from keylint.core.errors import ConfigError, SourceError
from keylint.core.model import (
    SEVERITIES,
    Blob,
    BlobResult,
    Failure,
    Origin,
    Report,
    Skipped,
    Unread,
)
from keylint.core.workers import map_unordered
from keylint.pipeline.blob import scan_blob
from keylint.pipeline.clean_cache import Unchanged, unchanged
from keylint.pipeline.scan import NeedsDetection
from keylint.reporters import REPORTERS
from keylint.reporters.outputs import Output, outputs, write
from keylint.reporters.progress import Progress
from keylint.rules.load import Rules, load_rules
from keylint.sources import most_bytes
from keylint.sources.git import top_of

# The name of a baseline where none is named.
BASELINE = '.keylint-baseline.json'
# So many files are looked at sooner than it is found out which of them an earlier run found clean.
_MANY = 64
_DAY = re.compile(r'\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])')
Item = Unread | Blob | Failure | Skipped


def run(arguments: Namespace) -> int:
    """Scan, print, and return 0 (clean), 1 (findings at or above the threshold) or 2 (something was not scanned)."""
    wanted = outputs(arguments.format or _format_of_environment(), arguments.output)
    config = configured(arguments)
    report = report_of(arguments, config)
    _write(arguments, config, report, wanted)
    return _exit_code(arguments, config, report)


def _format_of_environment() -> str | None:
    name = os.environ.get('KEYLINT_FORMAT') or None
    if name and name not in REPORTERS:
        raise ConfigError(f"KEYLINT_FORMAT is '{name}'; allowed: {', '.join(REPORTERS)}")
    return name


def report_of(arguments: Namespace, config: Config) -> Report:
    """What was asked to be scanned, its findings held against the baseline."""
    if arguments.diff:
        from keylint.commands import diff  # noqa: PLC0415 - only where a change is asked for

        report = diff.collect(arguments, config)
    elif arguments.history or arguments.since or arguments.range or arguments.pre_push:
        from keylint.commands import history  # noqa: PLC0415 - only where the objects of a repository are asked for

        report = history.collect(arguments, config)
    else:
        report = collect(arguments, config)
    hold_against_baseline(arguments, config, report)
    return report


def hold_against_baseline(arguments: Namespace, config: Config, report: Report) -> None:
    """Give the findings the states of the baseline, where there is one. Raises ConfigError where it cannot be read."""
    known = known_in(arguments, config)
    if known:
        from keylint.commands import baseline  # noqa: PLC0415 - only where there is one

        baseline.apply(known, arguments, config, report)


def collect(
    arguments: Namespace, config: Config, asked: tuple[Report, Sequence[Item]] | None = None
) -> Report:
    """The whole run: every item of the source scanned, everything sorted. `asked` are items that another command chose, and their report."""
    started = time.perf_counter()
    rules = load_rules(config.rules)
    if config.select or config.ignore or config.per_path_ignores:
        check_rules(config, rules.pack.rule_ids)
    report = asked[0] if asked else Report()
    items = asked[1] if asked else items_of(arguments, config, report)
    report.paths = [path_of(item) for item in items]
    progress = Progress(len(items), not arguments.no_progress)
    known = (
        known_from(os.getcwd(), arguments, rules, config) if len(items) >= _MANY else Unchanged()
    )
    try:
        for result in map_unordered(
            lambda item: scanned(item, rules, config, known),
            _in_order(items),
            progress,
            glance=lambda item: _glanced(item, rules, config, known),
        ):
            report.add(result)
            known.add(result.clean)
    finally:
        progress.done()
        known.save()
    if report.records or config.severity == 'info':
        from keylint.policies.repository import check_repository  # noqa: PLC0415 - only where a key was declared, or calls are asked for

        report.findings += check_repository(
            report.records, reader_of(items), report.paths, rules.pack, config
        )
    report.warnings += config.lost_inventories()
    report.sort()
    report.seconds = time.perf_counter() - started
    return report


def known_from(folder: str, arguments: Namespace, rules: Rules, config: Config) -> Unchanged:
    """What earlier runs found clean in a folder; nothing with `--no-cache`."""
    return (
        Unchanged()
        if getattr(arguments, 'no_cache', False) or os.environ.get('KEYLINT_NO_CACHE')
        else unchanged(folder, rules, config)
    )


def _in_order(items: Sequence[Item]) -> Sequence[Item]:
    """The items in the order in which several processes end at the same time: what takes long is not left for the last, and what one of
    them may leave to another, as it leaves no archives, comes first.
    """
    return sorted(items, key=_cost) if len(items) > 1 else items


def _cost(item: Item) -> tuple[bool, int]:
    """Whether an item is called like an archive, and the more bytes the less; 0 for what will not be read."""
    size = len(item.data) if isinstance(item, Blob) else 0
    if isinstance(item, Unread):
        with suppress(OSError):
            size = os.lstat(item.name).st_size
    return path_of(item).endswith(ARCHIVES), -size


def base_of(arguments: Namespace) -> Config:
    """The configuration file that was named, else the nearest one, over the defaults."""
    if arguments.isolated:
        return Config()
    named = arguments.config or os.environ.get('KEYLINT_CONFIG', '')
    if named and not os.path.isfile(named):
        raise ConfigError(
            f'{named}: no such configuration file{"" if arguments.config else " (KEYLINT_CONFIG)"}'
        )
    folder = (
        next((path for path in arguments.paths if os.path.isdir(path)), '.')
        if arguments.paths
        else '.'
    )
    return read_config(named or find_config(folder), Config())


def configured(arguments: Namespace) -> Config:
    """Flags over the environment over the nearest configuration file over defaults."""
    config = from_environment(base_of(arguments), os.environ)
    changes: dict[str, object] = {'show_secrets': arguments.show_secrets}
    if arguments.pedantic:
        changes |= {'severity': 'info', 'confidence': 'low'}
    for name in ('select', 'ignore', 'exclude'):
        if getattr(arguments, name):
            changes[name] = tuple(
                part.strip()
                for text in getattr(arguments, name)
                for part in text.split(',')
                if part.strip()
            )
    for name in ('severity', 'confidence', 'fail_on', 'today'):
        if getattr(arguments, name):
            changes[name] = getattr(arguments, name)
    if arguments.today and not _DAY.fullmatch(arguments.today):
        raise ConfigError(f"--today is '{arguments.today}'; it must be a day such as 2026-01-31")
    if getattr(arguments, 'limit', None):
        changes['costs'] = tuple((dict(config.costs) | dict(limits_from(arguments.limit))).items())
    if arguments.rules:
        changes['rules'] = (*config.rules, *arguments.rules)
    return config._replace(**changes)  # type: ignore[arg-type]  # the keys are fields of Config


def known_in(arguments: Namespace, config: Config) -> str:
    """The baseline that holds for a run: the named one, else the first that lies beside the configuration or at the top; empty for none."""
    if arguments.no_baseline:
        return ''
    if arguments.baseline or config.baseline:
        return str(arguments.baseline or config.baseline)
    return (
        ''
        if arguments.isolated
        else next(
            (path for path in places_of_baseline(arguments, config) if os.path.isfile(path)), ''
        )
    )


def places_of_baseline(arguments: Namespace, config: Config) -> list[str]:
    """Where a baseline may lie: beside the configuration, at the top of the repository; outside of both in the scanned folder."""
    start = arguments.paths[0] if arguments.paths and arguments.paths[0] != '-' else '.'
    folder = start if os.path.isdir(start) else os.path.dirname(start) or '.'
    folders = [os.path.dirname(os.path.abspath(config.source))] if config.source else []
    top = top_of(folder)
    folders += [top] if top else []
    return [os.path.join(place, BASELINE) for place in folders or [os.path.abspath(folder)]]


def path_of(item: Item) -> str:
    """The path under which an item is reported."""
    return item.origin.path if isinstance(item, Blob) else item.path


def reader_of(items: Sequence[Item]) -> Callable[[str], bytes]:
    """Reads an item of the run again by its path. What cannot be read any more is an OSError."""
    by_path = {path_of(item): item for item in items}

    def read(path: str) -> bytes:
        item: Item = by_path[path]
        if isinstance(item, Unread):
            from keylint.sources.files import load  # noqa: PLC0415

            item = load(item)
        if not isinstance(item, Blob):
            raise OSError(f'{path} cannot be read')
        return item.data

    return read


def _glanced(item: Item, rules: Rules, config: Config, known: Unchanged) -> BlobResult | None:
    """What a worker says about one item for which nothing more has to be loaded; None for others."""
    try:
        return scanned(item, rules, config, known, may_load=False)
    except NeedsDetection:
        return None


def scanned(
    item: Item, rules: Rules, config: Config, known: Unchanged, may_load: bool = True
) -> BlobResult:
    """What a worker says about one item of a source: the file is opened here, so that no two are in memory at once. Raises NeedsDetection."""
    if isinstance(item, Unread):
        from keylint.sources.files import load  # noqa: PLC0415

        item = load(item, most_bytes(config))
    if isinstance(item, Failure):
        return BlobResult(failures=(item,))
    if isinstance(item, Skipped):
        return BlobResult(skipped=(item.why,))
    name, empty = known.name(item.origin.path, item.data), BlobResult(size=len(item.data))
    if name in known:
        return empty._replace(clean=name, is_unchanged=True)
    result = scan_blob(item, rules, config, may_load)._replace(size=len(item.data))
    return result._replace(clean=name) if result == empty else result


def items_of(arguments: Namespace, config: Config, report: Report) -> Sequence[Item]:
    """What the arguments ask to be scanned. What is left out on purpose is counted in the report."""
    if arguments.staged:
        from keylint.sources import index  # noqa: PLC0415 - only the source that is asked for is imported

        return index.read('.', arguments.paths, config, report)
    if arguments.paths == ['-']:
        return [Blob(_given(), Origin(arguments.stdin_filename or 'stdin'))]
    from keylint.sources import files  # noqa: PLC0415

    paths = list(arguments.paths)
    if arguments.files_from:
        paths += _listed(arguments.files_from)
        return files.listed(paths, config, report, arguments.no_ignore)
    return files.listed(paths or ['.'], config, report, arguments.no_ignore)


def _listed(name: str) -> list[str]:
    """The file names in a list, separated by NUL or by newlines."""
    try:
        data = _given() if name == '-' else _contents(name)
    except OSError as error:
        raise SourceError(f'{name}: cannot read the list of files: {error.strerror}') from None
    separator = b'\x00' if b'\x00' in data else b'\n'
    return [os.fsdecode(item.rstrip(b'\r')) for item in data.split(separator) if item.strip()]


def _given() -> bytes:
    """All of standard input. Raises SourceError where it was closed: nothing would have been scanned."""
    if sys.stdin is None:
        raise SourceError('standard input is closed; there is nothing to scan')
    return sys.stdin.buffer.read()


def _contents(name: str) -> bytes:
    with open(name, 'rb') as file:
        return file.read()


def _write(arguments: Namespace, config: Config, report: Report, wanted: Sequence[Output]) -> None:
    shown = report
    if report.unit == 'file' and any(REPORTERS[output.format].is_rooted for output in wanted):
        from keylint.reporters.places import root_of, rooted  # noqa: PLC0415 - only for formats of CI systems

        root = root_of(arguments.paths)
        base = root if arguments.staged and not arguments.paths else os.getcwd()
        shown = rooted(report, root, base)
    write(report, shown, config, wanted)


def _exit_code(arguments: Namespace, config: Config, report: Report) -> int:
    if arguments.exit_zero:
        return 0
    if report.failures:
        return 2
    threshold = SEVERITIES.index(config.fail_on)
    return int(
        any(
            f.state == 'open' and SEVERITIES.index(f.severity) >= threshold for f in report.findings
        )
    )
