"""`keylint baseline`: what is known and what was decided about it; and what a scan makes of that."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable

from keylint.baseline import file as book
from keylint.baseline.file import Baseline, Entry, Scope, Sorted
from keylint.commands.scan import BASELINE, collect, configured, places_of_baseline
from keylint.core.config import Config
from keylint.core.errors import ConfigError, SourceError
from keylint.core.model import Finding, Report
from keylint.reporters.places import from_root
from keylint.reporters.text import clean
from keylint.sources.git import ask, top_of

_NARROWING = ('select', 'ignore', 'severity', 'confidence', 'exclude')


def apply(path: str, arguments: Namespace, config: Config, report: Report) -> None:
    """Give the findings of a scan the states that the baseline knows. Raises ConfigError where it cannot be read."""
    if not os.path.isfile(path):
        raise ConfigError(
            f'{path}: no such baseline; `keylint baseline create` writes it, --no-baseline does without'
        )
    baseline, today = book.read(path), config.day()
    found = book.sort_out(
        baseline,
        report.findings,
        _scope(arguments, config, report),
        today,
        arguments.strict_baseline,
    )
    report.findings = found.findings
    report.warnings += book.notes(
        baseline,
        found,
        today,
        arguments.strict_baseline,
        os.path.relpath(path).replace(os.sep, '/'),
    )


def _root(arguments: Namespace, config: Config) -> str:
    """The folder that paths in the baseline are seen from: the top of the repository, else that of the configuration, else the scanned one."""
    start = arguments.paths[0] if arguments.paths and arguments.paths[0] != '-' else '.'
    folder = start if os.path.isdir(start) else os.path.dirname(start) or '.'
    return top_of(folder) or os.path.abspath(
        os.path.dirname(config.source) if config.source else folder
    )


def _scope(arguments: Namespace, config: Config, report: Report, is_whole: bool = False) -> Scope:
    """What a run looked at. A history and a change say nothing of what is not there, and neither does a run that was told to see less."""
    root = _root(arguments, config)
    is_staged = arguments.staged and not arguments.paths
    base = root if is_staged or report.unit != 'file' else os.getcwd()
    known: dict[str, str] = {}

    def locate(path: str) -> str:
        if path not in known:
            known[path] = from_root(path, root, base)
        return known[path]

    def is_gone(path: str) -> bool:
        return report.unit == 'file' and not os.path.lexists(os.path.join(root, path))

    partly = (
        report.unit != 'file'
        or arguments.diff
        or any(getattr(arguments, name) for name in _NARROWING)
    )
    if partly:
        return Scope(locate, lambda entry: False, is_gone)
    failed = {locate(failure.path) for failure in report.failures}
    scanned = {locate(path) for path in report.paths}
    is_listed = arguments.staged or arguments.files_from or arguments.paths == ['-']
    folders = (
        ()
        if is_listed
        else tuple(locate(path) for path in arguments.paths or ['.'] if os.path.isdir(path))
    )

    def is_scanned(entry: Entry) -> bool:
        if (
            entry.path in failed
            or (config.select and not entry.rule.startswith(config.select))
            or entry.rule.startswith(config.ignore)
        ):
            return False
        is_below = any(folder == '.' or entry.path.startswith(f'{folder}/') for folder in folders)
        return entry.path in scanned or (is_below and (is_whole or is_gone(entry.path)))

    return Scope(locate, is_scanned, is_gone)


def run(arguments: Namespace) -> int:
    """0; 2 when not everything could be scanned."""
    config = configured(arguments)
    path = _target(arguments, config)
    folder = (
        os.path.dirname(os.path.abspath(path))
        if path in places_of_baseline(arguments, config)
        else _root(arguments, config)
    )
    arguments.paths = [os.path.relpath(folder)]
    if arguments.file and arguments.action != 'import':
        raise ConfigError(
            f'baseline {arguments.action} takes no file; to name the baseline: --baseline {arguments.file}'
        )
    return _ACTIONS[arguments.action](arguments, config, path)


def _target(arguments: Namespace, config: Config) -> str:
    """The baseline's file: the named one, the one that is there, or the place where one would be looked for first."""
    if arguments.baseline or config.baseline:
        return str(arguments.baseline or config.baseline)
    places = places_of_baseline(arguments, config)
    return next((place for place in places if os.path.isfile(place)), places[0])


def _existing(path: str) -> Baseline:
    if not os.path.isfile(path):
        raise SourceError(f'{path}: no such baseline; `keylint baseline create` writes it')
    return book.read(path)


class Run:
    """The findings of the whole tree (and of the history, where it is asked for) held against a baseline."""

    def __init__(self, arguments: Namespace, config: Config, baseline: Baseline) -> None:
        self.report = collect(arguments, config)
        self.scope = _scope(arguments, config, self.report, True)
        self.found = book.sort_out(baseline, self.report.findings, self.scope, config.day(), False)
        self.past: tuple[Sorted, Scope] | None = None
        if arguments.history:
            from keylint.commands import history  # noqa: PLC0415 - only where the objects of a repository are asked for

            report = history.collect(arguments, config)
            scope = _scope(arguments, config, report)
            self.past = book.sort_out(baseline, report.findings, scope, config.day(), False), scope
            self.report.failures += report.failures

    def updated(self, baseline: Baseline) -> tuple[Baseline, list[Entry]]:
        """The baseline as this run would have it, and its new entries."""
        new, added = book.updated(baseline, self.found, self.scope)
        if self.past is None:
            return new, added
        new, more = book.with_history(new, *self.past)
        return new, added + more

    def code(self) -> int:
        """0, or 2 where something could not be scanned; it is named."""
        for failure in self.report.failures:
            print(f'keylint: {clean(failure.path)}: {clean(failure.error)}', file=sys.stderr)
        return 2 if self.report.failures else 0


def _create(arguments: Namespace, config: Config, path: str) -> int:
    if os.path.lexists(path):
        raise SourceError(
            f'{path}: there is a baseline already; `keylint baseline update` adds to it and keeps what was decided'
        )
    run = Run(arguments, config, book.fresh(path))
    baseline, added = run.updated(book.fresh(path))
    book.write(baseline)
    todo = (
        'none reviewed yet; decide on them with `keylint baseline audit`, then commit the file'
        if added
        else 'nothing was found'
    )
    print(f'{os.path.relpath(path)}: {_count(len(added))}, {todo}')
    return run.code()


def _update(arguments: Namespace, config: Config, path: str) -> int:
    old = _existing(path)
    run = Run(arguments, config, old)
    baseline, added = run.updated(old)
    dropped = len(old.entries) + len(added) - len(baseline.entries)
    if baseline != old:
        book.write(baseline)
    for entry in run.found.stale:
        print(f'dropped  {_row(entry, config.day())}')
    for name, new in sorted(run.found.moved.items()):
        print(f'moved    {name}  {clean(old.entries[name].path)} -> {clean(new)}')
    for entry in sorted(added, key=lambda entry: (entry.path, entry.id)):
        print(f'added    {_row(entry, config.day())}')
    waiting = sum(entry.is_open(config.day()) for entry in baseline.entries.values())
    print(
        f'{os.path.relpath(path)}: {_count(len(baseline.entries))}, {len(added)} added, {dropped} dropped, {waiting} to be decided'
    )
    return run.code()


def _count(number: int) -> str:
    return f'{number} entr{"y" if number == 1 else "ies"}'


def _row(entry: Entry, today: str) -> str:
    """An entry in one line."""
    words = [entry.id, entry.verdict, entry.rule, entry.path]
    words += ['only in the history'] if entry.history else []
    words += [f'×{entry.times}'] if entry.times > 1 else []
    words += [f'"{entry.reason}"'] if entry.reason else []
    words += [f'by {entry.by}'] if entry.by else []
    words += (
        [f'{"EXPIRED" if entry.is_expired(today) else "until"} {entry.until}']
        if entry.until
        else []
    )
    return '  '.join(clean(word) for word in words)


def _show(arguments: Namespace, config: Config, path: str) -> int:
    baseline, today = _existing(path), config.day()
    for entry in sorted(
        baseline.entries.values(), key=lambda entry: (entry.path, entry.rule, entry.id)
    ):
        print(_row(entry, today))
    counts = [
        (verdict, sum(entry.verdict == verdict for entry in baseline.entries.values()))
        for verdict in book.VERDICTS
    ]
    counts.append(('expired', sum(entry.is_expired(today) for entry in baseline.entries.values())))
    told = ', '.join(f'{count} {word}' for word, count in counts if count)
    print(f'{os.path.relpath(path)}: {_count(len(baseline.entries))}{": " + told if told else ""}')
    return 0


def _audit(arguments: Namespace, config: Config, path: str) -> int:
    baseline = _existing(path)
    book.checked('accepted', arguments.until or '', '--until')
    by = arguments.by or _user(_root(arguments, config))
    if arguments.set:
        return _decide(arguments, config, baseline, by)
    from keylint.commands.review import Case, audit  # noqa: PLC0415 - only where somebody is to be asked

    run = Run(arguments, config, baseline)
    first: dict[str, Finding] = {}
    for number, finding in enumerate(run.found.findings):
        first.setdefault(run.found.ids[number], finding)
    cases = [Case(entry, first.get(name)) for name, entry in baseline.entries.items()]
    new = sum(finding.state == 'open' for finding in run.found.findings)
    if new:
        print(
            f'{new} finding{"s" * (new != 1)} not in the baseline yet: `keylint baseline update` adds them'
        )
    audit(baseline, cases, config, by, arguments.all)
    return run.code()


def _user(folder: str) -> str:
    """The name that git would sign with; empty where none is set."""
    return ask(folder, 'config', '--get', 'user.name').output.decode('utf-8', 'replace').strip()


def _decide(arguments: Namespace, config: Config, baseline: Baseline, by: str) -> int:
    """Verdicts from the command line: all of them, or, where one cannot be had, none."""
    names: dict[str, str] | None = None
    entries = dict(baseline.entries)
    for text in arguments.set:
        wanted, mark, rest = text.partition('=')
        verdict, _, reason = rest.partition(':')
        if not mark or not wanted:
            raise ConfigError(f"--set is '{text}'; it must be ID=VERDICT or ID=VERDICT:REASON")
        book.checked(verdict, '', f'--set {text}')
        name = _named(baseline, wanted)
        if not name:  # a fingerprint of a value that is named by its place: only a scan can tell
            if names is None:
                found = Run(arguments, config, baseline).found
                names = {
                    finding.fingerprint: found.ids[number]
                    for number, finding in enumerate(found.findings)
                }
            name = names.get(wanted, '')
        if name not in entries:
            raise SourceError(
                f"{baseline.path}: no entry '{wanted}'; `keylint baseline show` lists them, `update` adds what is new"
            )
        until = '' if verdict == 'unreviewed' else arguments.until or ''
        entries[name] = entries[name]._replace(
            verdict=verdict,
            reason=reason.strip(),
            by=by if verdict != 'unreviewed' else '',
            until=until,
        )
        print(_row(entries[name], config.day()))
    book.write(baseline._replace(entries=entries))
    return 0


def _named(baseline: Baseline, wanted: str) -> str:
    """The entry that an id, the beginning of one (six digits at least) or a fingerprint of a strong value names."""
    found = (
        [name for name in baseline.entries if name.startswith(wanted)] if len(wanted) >= 6 else []
    )
    if len(found) > 1:
        raise ConfigError(
            f"--set {wanted}: {len(found)} entries begin with '{wanted}'; give more of the id"
        )
    if found:
        return found[0]
    name = baseline.id_of_value(wanted)
    return name if name in baseline.entries else ''


def _import(arguments: Namespace, config: Config, path: str) -> int:
    if not arguments.file:
        raise ConfigError(
            'baseline import: name the file: a .secrets.baseline, a .gitleaksignore, a report of gitleaks, a kingfisher baseline'
        )
    from keylint.commands import exchange  # noqa: PLC0415 - once in the life of a repository

    return exchange.take(
        arguments, config, _existing(path) if os.path.exists(path) else book.fresh(path)
    )


def _export(arguments: Namespace, config: Config, path: str) -> int:
    if not arguments.detect_secrets:
        raise ConfigError('baseline export: say for whom: --detect-secrets')
    from keylint.commands import exchange  # noqa: PLC0415

    return exchange.give(arguments, config, _existing(path))


_ACTIONS: dict[str, Callable[[Namespace, Config, str], int]] = {
    'create': _create,
    'update': _update,
    'audit': _audit,
    'show': _show,
    'import': _import,
    'export': _export,
}
__all__ = ['BASELINE', 'Run', 'apply', 'run']
