"""`keylint fix`: mends what can be mended in the files, says what cannot, and that every key that stood there must still be revoked."""

from __future__ import annotations

import difflib
import os
import shlex
import sys
from argparse import Namespace
from itertools import chain
from typing import TextIO

from keylint.commands import scan
from keylint.core.config import Config
from keylint.core.errors import KeylintError
from keylint.core.model import SEVERITIES, Finding, Report, Unread
from keylint.fix.config import is_compose
from keylint.fix.edits import Move, Unfixable
from keylint.fix.repair import Outcome, Stores, masked, repair
from keylint.fix.store import ENV, EXAMPLE, replace
from keylint.reporters.text import clean
from keylint.rules.load import Rules, load_rules
from keylint.sources.git import ask, top_of

_MOST_NAMES = 8
_STAYS = 'Where it was committed, its value stays in the history, in clones and in backups.'
_BY_COMPOSE = 'Compose reads it by itself.'
_BY_HAND = 'Load it before the program starts: `set -a; . ./.env; set +a`, `env_file:` of Compose, or python-dotenv.'
_COLOURS = {'+': '32', '-': '31', '@': '36'}


def run(arguments: Namespace) -> int:
    """0 when nothing is left, 1 when findings remain (with --dry-run: or files would change), 2 when something could not be read or written."""
    config = scan.configured(arguments)
    report, items = _collected(arguments, config)
    rules = load_rules(config.rules)
    folder = next((path for path in arguments.paths if os.path.isdir(path)), '.')
    stores = Stores(folder)
    outcomes = [
        outcome
        for outcome in _outcomes(report, items, rules, config, stores)
        if outcome.done or outcome.left
    ]
    is_coloured = sys.stdout.isatty() and 'NO_COLOR' not in os.environ
    for outcome in outcomes:
        _tell(outcome, rules, _moves(stores), is_coloured, arguments.dry_run)
    failures = [f'{clean(failure.path)}: {clean(failure.error)}' for failure in report.failures]
    failures += [] if arguments.dry_run else _written(outcomes, stores)
    _tell_stores(
        stores,
        arguments.dry_run,
        bool(failures),
        [outcome.path for outcome in outcomes if outcome.done],
    )
    if not (arguments.dry_run or failures):
        _tell_index([outcome.path for outcome in outcomes if outcome.before != outcome.after])
    for failure in failures:
        print(f'keylint: {failure}', file=sys.stderr)
    left = _left(arguments, config, stores)
    changes = any(outcome.done or outcome.before != outcome.after for outcome in outcomes)
    _tell_end(
        [finding for outcome in outcomes for finding, _ in outcome.done], left, arguments.dry_run
    )
    is_left = bool(left) or any(outcome.rest for outcome in outcomes)
    return 2 if failures else int(is_left or (arguments.dry_run and changes))


def _collected(arguments: Namespace, config: Config) -> tuple[Report, dict[str, Unread]]:
    """The findings with the states of the baseline, and the files behind their paths."""
    report = Report()
    items = scan.items_of(arguments, config, report)
    report = scan.collect(arguments, config, (report, items))
    scan.hold_against_baseline(arguments, config, report)
    return report, {item.path: item for item in items if isinstance(item, Unread)}


def _outcomes(
    report: Report, items: dict[str, Unread], rules: Rules, config: Config, stores: Stores
) -> list[Outcome]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.path, []).append(finding)
    outcomes = []
    read = scan.reader_of(list(items.values()))
    for path, findings in found.items():
        opened = [finding for finding in findings if finding.state == 'open']
        if not opened:
            continue
        try:
            outcomes.append(repair(path, read(path), tuple(findings), (rules, config, stores)))
        except (OSError, Unfixable) as error:
            outcomes.append(
                Outcome(path, b'', b'', (), tuple((finding, str(error)) for finding in opened))
            )
    return outcomes


def _moves(stores: Stores) -> list[Move]:
    return list(chain.from_iterable(store.moves.values() for store in stores.all.values()))


def _written(outcomes: list[Outcome], stores: Stores) -> list[str]:
    """Values first, then the files that they leave, then the names: whatever fails, no value is lost. What failed, in words."""
    used = [store for store in stores.all.values() if store.is_used]
    try:
        for store in used:
            store.write()
    except (KeylintError, Unfixable) as error:
        return [str(error)]
    failures = []
    for outcome in outcomes:
        if outcome.before != outcome.after:
            try:
                replace(outcome.path, outcome.before, outcome.after)
            except (KeylintError, Unfixable) as error:
                failures.append(str(error))
    for store in used:
        try:
            store.write_example()
        except (KeylintError, Unfixable) as error:
            failures.append(str(error))
    return failures


def _left(arguments: Namespace, config: Config, stores: Stores) -> list[Finding]:
    """The open findings of the tree as it is now. An untracked `.env` is where values belong, and one that no repository holds as well."""
    report, _ = _collected(arguments, config)
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
    return os.path.basename(path) == ENV and top_of(os.path.dirname(path) or '.') is None


def _tell(
    outcome: Outcome, rules: Rules, moves: list[Move], is_coloured: bool, with_diff: bool
) -> None:
    print(clean(outcome.path))
    for finding, says in outcome.done:
        print(
            f'  {"would fix" if with_diff else "fixed"}  line {finding.place.line}: {clean(finding.title)} → {clean(says)}'
        )
    for finding, why in outcome.left:
        print(
            f'  left   line {finding.place.line}: {clean(finding.title)} ({finding.rule}): {clean(why)}'
        )
    for line, why in outcome.rest:
        print(f'  left   line {line}: {clean(why)}')
    if with_diff and outcome.before != outcome.after:
        _show(outcome, rules, moves, is_coloured, sys.stdout)


def _show(
    outcome: Outcome, rules: Rules, moves: list[Move], is_coloured: bool, stream: TextIO
) -> None:
    """What would change, every value masked."""
    before, after = (
        masked(outcome.path, data, moves, rules) for data in (outcome.before, outcome.after)
    )
    for number, line in enumerate(
        difflib.unified_diff(before, after, outcome.path, outcome.path, n=2, lineterm='')
    ):
        colour = '1' if number < 2 else _COLOURS.get(line[:1], '')
        stream.write(
            f'\x1b[{colour}m{clean(line)}\x1b[0m\n'
            if is_coloured and colour
            else f'{clean(line)}\n'
        )


def _tell_stores(stores: Stores, is_dry: bool, has_failed: bool, paths: list[str]) -> None:
    for store in sorted(stores.all.values(), key=lambda store: store.path):
        if store.is_used and not has_failed:
            names = (
                ', '.join(move.name for move in store.new()) if is_dry else ', '.join(store.moves)
            )
            print(
                f'{clean(store.path)}: {"would get" if is_dry else "holds"} {names or "nothing new"}; ignored by git; names in {EXAMPLE}'
            )
    if any(store.moves for store in stores.all.values()):
        print(_BY_COMPOSE if all(is_compose(path) for path in paths) else _BY_HAND)


def _tell_index(paths: list[str]) -> None:
    """What the next commit would still hold: a fix stages nothing."""
    staged = [path for path in paths if _is_tracked(path)]
    if staged:
        names = (
            ' '.join(shlex.quote(clean(path)) for path in staged)
            if len(staged) <= _MOST_NAMES
            else '-u'
        )
        print(f'The index still holds what stood there: look at the change, then `git add {names}`')


def _is_tracked(path: str) -> bool:
    folder, name = os.path.split(path)
    return top_of(folder or '.') is not None and bool(
        ask(folder or '.', 'ls-files', '-z', '--', f'./{name}').output
    )


def _tell_end(done: list[Finding], left: list[Finding], is_dry: bool) -> None:
    """What remains, and last, for every key that stood in a file, that it is still compromised and how to revoke it."""
    if left and not is_dry:
        print(f'{len(left)} finding{"s" * (len(left) != 1)} left; `keylint scan` shows them')
    if not done and not left:
        print('nothing to fix')
    for title, step in dict.fromkeys((finding.title, finding.do[0]) for finding in done):
        print(f'Still compromised: {clean(title)}. {_STAYS} Revoke it: {clean(step)}')
