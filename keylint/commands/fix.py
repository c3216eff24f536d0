"""`keylint fix`: move leaked values out of the files, and say what is left to do.

Every key that stood in a file must still be revoked.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import sys
from argparse import Namespace
from collections.abc import Callable
from itertools import chain
from typing import TextIO

from keylint.commands.parsers.shared import read_overrides
from keylint.core.blob import Origin, UnreadFile
from keylint.core.config import Config
from keylint.core.errors import KeylintError
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import Report
from keylint.core.terms import SEVERITIES
from keylint.findings.foreign_text import make_mask
from keylint.fix.compose import is_compose
from keylint.fix.edits import MovedValue, UnfixableError, split_lines
from keylint.fix.redacted_lines import redact_lines
from keylint.fix.repair import RepairOutcome, describe_accident, repair_file
from keylint.fix.store import ENV, EXAMPLE, EnvFiles, replace_file
from keylint.reporters.outputs import wants_colour
from keylint.reporters.terminal import measure_terminal
from keylint.reporters.text import sanitize_text, wrap_words
from keylint.rules.load import Rules, load_rules
from keylint.scanner.baseline_scope import apply_baseline
from keylint.scanner.configure import configure
from keylint.scanner.find_baseline import find_baseline
from keylint.scanner.items import list_items, make_reader
from keylint.scanner.request import BaselineOptions, ScanRequest, make_scope
from keylint.scanner.scan_items import scan_listed_items
from keylint.sources.git import find_work_tree, try_git

_MAX_NAMES = 8
_STAYS = 'If it was committed, its value stays in the history, in clones and in backups.'
_BY_COMPOSE = 'Compose reads it by itself.'
_BY_HAND = (
    'Load it before the program starts: `set -a; . ./.env; set +a`, `env_file:` of Compose, '
    'or python-dotenv.'
)
_OWN_TODO = re.compile(r'\s*# TODO [a-z_]+: [^=]*\(key-[a-z-]+\)')
_COLOURS = {'+': '32', '-': '31', '@': '36'}


class FixRequest(NamedTuple):
    """Say in which files to fix what, and whether to show the changes instead of making them."""

    scan: ScanRequest
    is_dry_run: bool


def run(arguments: Namespace) -> int:
    """Fix what can be fixed and return the exit code.

    0: nothing is left, 1: findings remain (with --dry-run: or files would change), 2: something
    could not be read or written.
    """
    request = read_request(arguments)
    is_dry = request.is_dry_run
    config = configure(request.scan)
    report, items = _scan_for_fixes(request.scan, config)
    rules = load_rules(config.rules)
    folder = next((path for path in request.scan.scope.paths if os.path.isdir(path)), '.')
    stores = EnvFiles(folder)
    outcomes = [
        outcome
        for outcome in _repair_files(report, items, rules, config, stores)
        if outcome.done or outcome.left
    ]
    is_coloured = wants_colour(sys.stdout)
    mask = make_mask(report.findings)
    for outcome in outcomes:
        shown = outcome._replace(path=mask(outcome.path))
        _print_outcome(shown, rules, _list_moves(stores), is_coloured, is_dry)
    failures = [f'{failure.path}: {failure.error}' for failure in report.failures]
    if not is_dry:
        failures += _write_files(outcomes, stores)
    fixed = [outcome.path for outcome in outcomes if outcome.done]
    _print_stores(stores, is_dry, bool(failures), fixed, mask)
    if not (is_dry or failures):
        changed = [outcome.path for outcome in outcomes if outcome.before != outcome.after]
        _print_index_hint(changed, mask)
    for failure in failures:
        print(f'keylint: {sanitize_text(mask(failure))}', file=sys.stderr)
    left = _scan_again(request.scan, config, stores)
    changes = any(outcome.done or outcome.before != outcome.after for outcome in outcomes)
    _print_end([finding for outcome in outcomes for finding, _ in outcome.done], left, is_dry)
    is_left = bool(left) or any(outcome.rest for outcome in outcomes)
    return 2 if failures else int(is_left or (is_dry and changes))


def read_request(arguments: Namespace) -> FixRequest:
    """Make the request of a command line."""
    scan = ScanRequest(
        make_scope(tuple(arguments.paths)),
        read_overrides(arguments),
        BaselineOptions(arguments.baseline or '', arguments.no_baseline),
        shows_progress=not arguments.no_progress,
    )
    return FixRequest(scan, arguments.dry_run)


def _scan_for_fixes(request: ScanRequest, config: Config) -> tuple[Report, dict[str, UnreadFile]]:
    """Return the findings with the states of the baseline, and the files by their paths."""
    report = Report()
    items = list_items(request, config, report)
    scan_listed_items(items, report, request, config)
    baseline = find_baseline(request, config)
    if baseline:
        apply_baseline(baseline, request, config, report)
    return report, {item.path: item for item in items if isinstance(item, UnreadFile)}


def _repair_files(
    report: Report, items: dict[str, UnreadFile], rules: Rules, config: Config, stores: EnvFiles
) -> list[RepairOutcome]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.path, []).append(finding)
    outcomes = []
    read = make_reader(list(items.values()))
    for path, findings in found.items():
        opened = [finding for finding in findings if finding.state == 'open']
        if not opened:
            continue
        try:
            origin = Origin(path, place=items[path].place)
            outcomes.append(
                repair_file(origin, read(path), tuple(findings), (rules, config, stores))
            )
        except Exception as error:  # noqa: BLE001 - one file's accident is told, the others go on
            why = _describe_failure(error)
            left = tuple((finding, why) for finding in opened)
            outcomes.append(RepairOutcome(path, b'', b'', (), left))
    return outcomes


def _describe_failure(error: Exception) -> str:
    if isinstance(error, UnfixableError):
        return str(error)
    if isinstance(error, OSError):
        return f'the file cannot be read: {error.strerror or type(error).__name__}'
    return describe_accident(error)


def _list_moves(stores: EnvFiles) -> list[MovedValue]:
    return list(chain.from_iterable(store.moves.values() for store in stores.all.values()))


def _write_files(outcomes: list[RepairOutcome], stores: EnvFiles) -> list[str]:
    """Write the stores, then the files that values leave, then the examples; return what failed.

    In this order no value is lost, whatever fails.
    """
    used = [store for store in stores.all.values() if store.is_used]
    try:
        for store in used:
            store.write()
    except (KeylintError, UnfixableError) as error:
        return [str(error)]
    failures = []
    for outcome in outcomes:
        if outcome.before != outcome.after:
            try:
                replace_file(outcome.path, outcome.before, outcome.after)
            except (KeylintError, UnfixableError) as error:
                failures.append(str(error))
    for store in used:
        try:
            store.write_example()
        except (KeylintError, UnfixableError) as error:
            failures.append(str(error))
    return failures


def _scan_again(request: ScanRequest, config: Config, stores: EnvFiles) -> list[Finding]:
    """Return the open findings of the tree as it is now.

    Values belong in an untracked `.env`, and in one that lies in no repository.
    """
    report, _ = _scan_for_fixes(request, config)
    homes = {
        os.path.realpath(store.path)
        for store in stores.all.values()
        if store.is_used and not store.is_tracked
    }
    threshold = SEVERITIES.index(config.fail_on)
    opened = [
        f
        for f in report.findings
        if f.state == 'open' and SEVERITIES.index(f.severity) >= threshold
    ]
    return [
        finding
        for finding in opened
        if os.path.realpath(finding.path) not in homes and not _is_loose(finding.path)
    ]


def _is_loose(path: str) -> bool:
    return os.path.basename(path) == ENV and find_work_tree(os.path.dirname(path) or '.') is None


def _print_outcome(
    outcome: RepairOutcome,
    rules: Rules,
    moves: list[MovedValue],
    is_coloured: bool,
    with_diff: bool,
) -> None:
    print(sanitize_text(outcome.path))
    done = 'would fix' if with_diff else 'fixed'
    for finding, says in sorted(outcome.done, key=_place_of):
        _print_wrapped(f'  {done}  ', f'line {finding.place.line}: {finding.title} → {says}')
    for finding, why in sorted(outcome.left, key=_place_of):
        title = f'{finding.title} ({finding.rule})'
        _print_wrapped('  left   ', f'line {finding.place.line}: {title}: {why}')
    for line, why in outcome.rest:
        _print_wrapped('  left   ', f'line {line}: {why}')
    if with_diff and outcome.before != outcome.after:
        _print_difference(outcome, rules, moves, is_coloured, sys.stdout)


def _place_of(row: tuple[Finding, str]) -> tuple[int, int]:
    place = row[0].place
    return place.line, place.column


def _print_wrapped(head: str, text: str) -> None:
    """Print a sentence as wide as the terminal; on one line in a pipe and a file."""
    said = sanitize_text(text)
    if sys.stdout.isatty():
        columns = measure_terminal(sys.stdout).columns
        sys.stdout.writelines(wrap_words(said, columns, head, len(head)))
    else:
        print(f'{head}{said}')


def _print_difference(
    outcome: RepairOutcome, rules: Rules, moves: list[MovedValue], is_coloured: bool, stream: TextIO
) -> None:
    """Print what would change, every value masked.

    Lines are compared as they are: two that differ in a value alone look the same when masked.
    """
    raw_before, raw_after = split_lines(outcome.before), split_lines(outcome.after)
    before, after = (
        redact_lines(outcome.path, data, moves, rules) for data in (outcome.before, outcome.after)
    )
    rows = [('1', f'--- {outcome.path}'), ('1', f'+++ {outcome.path}')]
    matcher = difflib.SequenceMatcher(None, raw_before, raw_after)
    for group in matcher.get_grouped_opcodes(n=2):
        (_, first, _, begin, _), (_, _, last, _, end) = group[0], group[-1]
        head = f'@@ -{_format_range(first, last)} +{_format_range(begin, end)} @@'
        rows.append((_COLOURS['@'], head))
        for tag, i1, i2, j1, j2 in group:
            if tag == 'equal':
                rows += [('', f' {line}') for line in before[i1:i2]]
                continue
            rows += [(_COLOURS['-'], f'-{line}') for line in before[i1:i2]]
            rows += [
                (_COLOURS['+'], f'+{_show_own_line(raw, line) if tag == "insert" else line}')
                for raw, line in zip(raw_after[j1:j2], after[j1:j2], strict=True)
            ]
    for colour, line in rows:
        is_painted = is_coloured and colour
        stream.write(
            f'\x1b[{colour}m{sanitize_text(line)}\x1b[0m\n'
            if is_painted
            else f'{sanitize_text(line)}\n'
        )


def _show_own_line(raw: bytes, shown: str) -> str:
    """Return a TODO as it is: keylint has written it."""
    text = raw.decode('utf-8', 'replace').rstrip()
    return text if _OWN_TODO.fullmatch(text) else shown


def _format_range(start: int, stop: int) -> str:
    """Return a range of lines as unified diffs write it."""
    length = stop - start
    if length == 1:
        return f'{start + 1}'
    return f'{start + 1 if length else start},{length}'


def _print_stores(
    stores: EnvFiles, is_dry: bool, has_failed: bool, paths: list[str], mask: Callable[[str], str]
) -> None:
    for store in sorted(stores.all.values(), key=lambda store: store.path):
        if store.is_used and not has_failed:
            names = (
                ', '.join(move.name for move in store.new()) if is_dry else ', '.join(store.moves)
            )
            verb = 'would get' if is_dry else 'holds'
            print(
                f'{sanitize_text(mask(store.path))}: {verb} {names or "nothing new"}; '
                f'ignored by git; names in {EXAMPLE}'
            )
    if any(store.moves for store in stores.all.values()):
        print(_BY_COMPOSE if all(is_compose(path) for path in paths) else _BY_HAND)


def _print_index_hint(paths: list[str], mask: Callable[[str], str]) -> None:
    """Print what the next commit would still hold: a fix stages nothing."""
    staged = [path for path in paths if _is_tracked(path)]
    if staged:
        names = (
            ' '.join(shlex.quote(sanitize_text(mask(path))) for path in staged)
            if len(staged) <= _MAX_NAMES
            else '-u'
        )
        print(f'The index still has the old content: review the change, then `git add {names}`')


def _is_tracked(path: str) -> bool:
    folder, name = os.path.split(path)
    return find_work_tree(folder or '.') is not None and bool(
        try_git(folder or '.', 'ls-files', '-z', '--', f'./{name}').output
    )


def _print_end(done: list[Finding], left: list[Finding], is_dry: bool) -> None:
    """Print what remains, and for each key that stood in a file how to revoke it."""
    if left and not is_dry:
        print(f'{len(left)} finding{"s" * (len(left) != 1)} left; `keylint scan` shows them')
    if not done and not left:
        print('nothing to fix')
    for title, step in dict.fromkeys((finding.title, finding.do[0]) for finding in done):
        print(
            f'Still compromised: {sanitize_text(title)}. {_STAYS} Revoke it: {sanitize_text(step)}'
        )
