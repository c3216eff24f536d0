"""`keylint baseline`: accept what is there, decide on it, exchange it with other scanners."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Sequence

from keylint.baseline.entries import VERDICTS, Baseline, Entry, check_verdict, make_baseline
from keylint.baseline.file import read_baseline, write_baseline
from keylint.commands.exchange import ExportOptions, export_baseline, import_baseline
from keylint.commands.failures import print_failures
from keylint.commands.parsers.shared import read_overrides
from keylint.commands.review import Case, review_entries
from keylint.core.config import Config
from keylint.core.errors import ConfigError, SourceError
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.reporters.text import sanitize_text
from keylint.scanner.baseline_run import BaselineRun
from keylint.scanner.baseline_scope import find_root
from keylint.scanner.configure import configure
from keylint.scanner.find_baseline import list_baseline_paths
from keylint.scanner.request import BaselineOptions, ScanRequest, ScanScope
from keylint.sources.git import try_git

# An entry may be named by the beginning of its id, of this many digits at least.
_MIN_ID_DIGITS = 6


class BaselineRequest(NamedTuple):
    """Say what to do with a baseline: `create`, `update`, `audit`, `show`, `import` or `export`.

    `decisions` are texts `ID=VERDICT[:REASON]`, `until` is YYYY-MM-DD. `file` is what to import.
    """

    action: str
    scan: ScanRequest
    with_history: bool
    file: str
    decisions: Sequence[str]
    is_for_all: bool
    by: str
    until: str
    for_detect_secrets: bool
    export: ExportOptions


def run(arguments: Namespace) -> int:
    """Do what is asked; return 0, or 2 if something could not be scanned."""
    request = read_request(arguments)
    config = configure(request.scan)
    path = _find_target(request.scan, config)
    folder = _find_folder(path, request.scan, config)
    if request.file and request.action != 'import':
        raise ConfigError(
            f'baseline {request.action} takes no file; '
            f'to name the baseline: --baseline {request.file}'
        )
    scope = request.scan.scope._replace(paths=(os.path.relpath(folder),))
    request = request._replace(scan=request.scan._replace(scope=scope))
    return _ACTIONS[request.action](request, config, path)


def read_request(arguments: Namespace) -> BaselineRequest:
    """Make the request of a command line."""
    overrides = read_overrides(arguments)
    scan = ScanRequest(
        ScanScope(includes_ignored=arguments.no_ignore),
        overrides,
        BaselineOptions(arguments.baseline or ''),
        shows_progress=not arguments.no_progress,
    )
    return BaselineRequest(
        arguments.action,
        scan,
        arguments.history,
        arguments.file or '',
        arguments.set,
        arguments.all,
        arguments.by or '',
        arguments.until or '',
        arguments.detect_secrets,
        ExportOptions(arguments.all, arguments.plugin or '', arguments.output or ''),
    )


def _find_target(request: ScanRequest, config: Config) -> str:
    """Return the baseline that was named, the one that exists, or the first place for one."""
    named = request.baseline.path or config.baseline
    if named:
        return named
    paths = list_baseline_paths(request, config)
    return next((path for path in paths if os.path.isfile(path)), paths[0])


def _find_folder(path: str, request: ScanRequest, config: Config) -> str:
    """Return the folder that a baseline is about: its own, unless it lies somewhere else."""
    if path in list_baseline_paths(request, config):
        return os.path.dirname(os.path.abspath(path))
    return find_root(request, config)


def _read_existing(path: str) -> Baseline:
    if not os.path.isfile(path):
        raise SourceError(f'{path}: no such baseline; `keylint baseline create` writes it')
    return read_baseline(path)


def _run_scan(request: BaselineRequest, config: Config, baseline: Baseline) -> BaselineRun:
    return BaselineRun(request.scan, config, baseline, request.with_history)


def _create_baseline(request: BaselineRequest, config: Config, path: str) -> int:
    if os.path.lexists(path):
        raise SourceError(
            f'{path}: this baseline exists already; '
            '`keylint baseline update` adds to it and keeps your verdicts'
        )
    empty = make_baseline(path)
    run = _run_scan(request, config, empty)
    baseline, added = run.update(empty)
    write_baseline(baseline)
    todo = (
        'none reviewed yet; review them with `keylint baseline audit`, then commit the file'
        if added
        else 'no findings'
    )
    print(f'{os.path.relpath(path)}: {_count_entries(len(added))}, {todo}')
    return print_failures(run.report)


def _update_baseline(request: BaselineRequest, config: Config, path: str) -> int:
    old = _read_existing(path)
    run = _run_scan(request, config, old)
    baseline, added = run.update(old)
    dropped = len(old.entries) + len(added) - len(baseline.entries)
    if baseline != old:
        write_baseline(baseline)
    for entry in run.found.stale:
        print(f'dropped  {_render_entry(entry, config.day())}')
    for name, new in sorted(run.found.moved.items()):
        print(f'moved    {name}  {sanitize_text(old.entries[name].path)} -> {sanitize_text(new)}')
    for entry in sorted(added, key=lambda entry: (entry.path, entry.id)):
        print(f'added    {_render_entry(entry, config.day())}')
    waiting = sum(entry.is_open(config.day()) for entry in baseline.entries.values())
    print(
        f'{os.path.relpath(path)}: {_count_entries(len(baseline.entries))}, '
        f'{len(added)} added, {dropped} dropped, {waiting} to review'
    )
    return print_failures(run.report)


def _count_entries(number: int) -> str:
    return f'{number} entr{"y" if number == 1 else "ies"}'


def _render_entry(entry: Entry, today: str) -> str:
    """Render an entry in one line."""
    words = [entry.id, entry.verdict, entry.rule, entry.path]
    if entry.history:
        words.append('only in the history')
    if entry.times > 1:
        words.append(f'×{entry.times}')
    if entry.reason:
        words.append(f'"{entry.reason}"')
    if entry.by:
        words.append(f'by {entry.by}')
    if entry.until:
        words.append(f'{"EXPIRED" if entry.is_expired(today) else "until"} {entry.until}')
    return '  '.join(sanitize_text(word) for word in words)


def _show_baseline(request: BaselineRequest, config: Config, path: str) -> int:
    baseline, today = _read_existing(path), config.day()
    entries = sorted(
        baseline.entries.values(), key=lambda entry: (entry.path, entry.rule, entry.id)
    )
    for entry in entries:
        print(_render_entry(entry, today))
    counts = [(verdict, sum(entry.verdict == verdict for entry in entries)) for verdict in VERDICTS]
    counts.append(('expired', sum(entry.is_expired(today) for entry in entries)))
    shown = ', '.join(f'{count} {word}' for word, count in counts if count)
    summary = _count_entries(len(entries))
    print(f'{os.path.relpath(path)}: {summary}{": " + shown if shown else ""}')
    return 0


def _audit_baseline(request: BaselineRequest, config: Config, path: str) -> int:
    baseline = _read_existing(path)
    check_verdict('accepted', request.until, '--until')
    by = request.by or _read_git_user(find_root(request.scan, config))
    if request.decisions:
        return _apply_decisions(request, config, baseline, by)
    run = _run_scan(request, config, baseline)
    first: dict[str, Finding] = {}
    for number, finding in enumerate(run.found.findings):
        first.setdefault(run.found.ids[number], finding)
    cases = [Case(entry, first.get(name)) for name, entry in baseline.entries.items()]
    new = sum(finding.state == 'open' for finding in run.found.findings)
    if new:
        print(
            f'{new} finding{"s" * (new != 1)} not in the baseline yet: '
            '`keylint baseline update` adds them'
        )
    review_entries(baseline, cases, config, by, request.is_for_all)
    return print_failures(run.report)


def _read_git_user(folder: str) -> str:
    """Return the name that git would sign with; empty if none is set."""
    return try_git(folder, 'config', '--get', 'user.name').output.decode('utf-8', 'replace').strip()


class _EntryFinder:
    """Find the entry that a user means; scans the tree at most once, and only if it must."""

    def __init__(self, request: BaselineRequest, config: Config, baseline: Baseline) -> None:
        self._request = request
        self._config = config
        self._baseline = baseline
        self._by_fingerprint: dict[str, str] | None = None

    def find(self, wanted: str) -> str:
        """Return the id of an entry. Raises SourceError for none, ConfigError for several.

        `wanted` is an id, the beginning of one, or a fingerprint. A fingerprint of a weak value
        names no entry by itself: a scan has to tell where the value is.
        """
        name = self._find_by_id(wanted)
        if not name:
            if self._by_fingerprint is None:
                self._by_fingerprint = self._scan_fingerprints()
            name = self._by_fingerprint.get(wanted, '')
        if name not in self._baseline.entries:
            raise SourceError(
                f"{self._baseline.path}: no entry '{wanted}'; "
                '`keylint baseline show` lists them, `update` adds what is new'
            )
        return name

    def _find_by_id(self, wanted: str) -> str:
        """Find the entry by its id, the beginning of it, or the fingerprint of a strong value."""
        entries = self._baseline.entries
        found: list[str] = []
        if len(wanted) >= _MIN_ID_DIGITS:
            found = [name for name in entries if name.startswith(wanted)]
        if len(found) > 1:
            raise ConfigError(
                f"--set {wanted}: {len(found)} entries begin with '{wanted}'; give more of the id"
            )
        if found:
            return found[0]
        name = self._baseline.id_of_value(wanted)
        return name if name in entries else ''

    def _scan_fingerprints(self) -> dict[str, str]:
        found = _run_scan(self._request, self._config, self._baseline).found
        return {
            finding.fingerprint: found.ids[number] for number, finding in enumerate(found.findings)
        }


def _apply_decisions(request: BaselineRequest, config: Config, baseline: Baseline, by: str) -> int:
    """Apply the verdicts of the command line: all of them or, if one is wrong, none."""
    finder = _EntryFinder(request, config, baseline)
    entries = dict(baseline.entries)
    for text in request.decisions:
        wanted, mark, rest = text.partition('=')
        verdict, _, reason = rest.partition(':')
        if not mark or not wanted:
            raise ConfigError(f"--set is '{text}'; it must be ID=VERDICT or ID=VERDICT:REASON")
        check_verdict(verdict, '', f'--set {text}')
        name = finder.find(wanted)
        is_reviewed = verdict != 'unreviewed'
        entries[name] = entries[name]._replace(
            verdict=verdict,
            reason=reason.strip(),
            by=by if is_reviewed else '',
            until=request.until if is_reviewed else '',
        )
        print(_render_entry(entries[name], config.day()))
    write_baseline(baseline._replace(entries=entries))
    return 0


def _import_baseline(request: BaselineRequest, config: Config, path: str) -> int:
    if not request.file:
        raise ConfigError(
            'baseline import: name the file: a .secrets.baseline, a .gitleaksignore, '
            'a report of gitleaks, a kingfisher baseline'
        )
    baseline = _read_existing(path) if os.path.exists(path) else make_baseline(path)
    return import_baseline(request.file, request.scan, config, baseline, request.with_history)


def _export_baseline(request: BaselineRequest, config: Config, path: str) -> int:
    if not request.for_detect_secrets:
        raise ConfigError('baseline export: choose a format: --detect-secrets')
    return export_baseline(
        request.export, request.scan, config, _read_existing(path), request.with_history
    )


_ACTIONS: dict[str, Callable[[BaselineRequest, Config, str], int]] = {
    'create': _create_baseline,
    'update': _update_baseline,
    'audit': _audit_baseline,
    'show': _show_baseline,
    'import': _import_baseline,
    'export': _export_baseline,
}
