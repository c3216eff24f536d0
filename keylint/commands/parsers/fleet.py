"""Options of `keylint fleet`: the run, and the reports of what runs have stored."""

from __future__ import annotations

from argparse import ArgumentParser, _ArgumentGroup

from keylint.commands.parsers import shared
from keylint.core.terms import CONFIDENCES, SEVERITIES

ACTIONS = ('scan', 'report', 'keys', 'diff')


def complete_arguments(given: list[str]) -> list[str]:
    """Return the arguments of `keylint fleet` with `scan` where they begin with a target."""
    if given[:1] == ['fleet'] and not {*given[1:2]} & {*ACTIONS, '-h', '--help'}:
        return ['fleet', 'scan', *given[1:]]
    return given


def add_options(fleet: ArgumentParser) -> None:
    """Add the actions of `keylint fleet`; without one, `scan` is meant."""
    actions = fleet.add_subparsers(dest='action', required=True, metavar='ACTION')
    scan = actions.add_parser('scan', help='scan repositories and store what is found (default)')
    _add_scan(scan)
    report = actions.add_parser('report', help='what was found, and what to revoke first')
    _add_report(report)
    keys = actions.add_parser('keys', help='which keys the repositories declare, share and need')
    keys.add_argument('--format', choices=('text', 'json', 'csv'), default='text')
    _add_reading(keys)
    diff = actions.add_parser('diff', help='what is new, gone and back between two runs')
    diff.add_argument('before', metavar='RUN', help='the number of a run')
    diff.add_argument('after', metavar='RUN', help='the number of a later run, or `last`')
    diff.add_argument('--format', choices=('text', 'json', 'csv'), default='text')
    _add_reading(diff)


def _add_scan(scan: ArgumentParser) -> None:
    scan.add_argument(
        'targets',
        nargs='+',
        metavar='TARGET',
        help='folders of clones and bare mirrors; lists: paths, or JSON lines with path, name, '
        'team and tags; - for a list on standard input',
    )
    _add_store(scan)
    _add_cluster(scan.add_argument_group('Dask'))
    _add_units(scan.add_argument_group('units of work'))
    which = scan.add_argument_group('which findings')
    shared.add_exclude(which)
    shared.add_no_ignore(which)
    shared.add_select(which)
    which.add_argument('--severity', choices=SEVERITIES, help='lowest severity kept')
    which.add_argument('--confidence', choices=CONFIDENCES, help='lowest confidence kept')
    which.add_argument('--fail-on', choices=SEVERITIES, help='lowest severity that fails the run')
    which.add_argument('--no-baseline', action='store_true', help="not the repositories' baselines")
    which.add_argument(
        '--strict-baseline', action='store_true', help='unreviewed and expired entries stay open'
    )
    shared.add_limit(which)
    shared.add_rules(which)
    shared.add_today(which)
    shared.add_no_progress(scan)
    scan.add_argument('--exit-zero', action='store_true', help='exit with 0 whatever is found')
    shared.add_config(scan)


def _add_store(options: ArgumentParser) -> None:
    options.add_argument(
        '--store',
        default='fleet.db',
        metavar='FILE|URL',
        help='where runs are kept: a file of SQLite (default: fleet.db), or PostgreSQL by its URL',
    )
    options.add_argument(
        '--key',
        metavar='FILE',
        help='the key that digests of values are made with (default: FILE.key beside the store)',
    )


def _add_cluster(group: _ArgumentGroup) -> None:
    group.add_argument(
        '--scheduler', metavar='ADDRESS', help='a scheduler of yours (default: one of our own)'
    )
    group.add_argument('--scheduler-file', metavar='FILE', help='the file that names a scheduler')
    group.add_argument(
        '--workers', type=int, metavar='N', help='workers to start here (default: one a core)'
    )
    group.add_argument(
        '--dashboard', action='store_true', help="Dask's dashboard, on the loopback interface"
    )
    group.add_argument(
        '--wait',
        type=float,
        default=60,
        metavar='SECONDS',
        help='how long to wait for a scheduler and its workers (default: 60)',
    )


def _add_units(group: _ArgumentGroup) -> None:
    group.add_argument(
        '--chunk',
        type=int,
        default=256,
        metavar='MB',
        help='larger histories are cut into chunks of so much (default: 256)',
    )
    group.add_argument(
        '--unit-seconds',
        type=float,
        default=3600,
        metavar='N',
        help='seconds that a repository or a chunk may take (default: 3600)',
    )
    group.add_argument(
        '--unit-memory',
        type=int,
        default=4096,
        metavar='MB',
        help='memory that its process may take, 0 for no limit (default: 4096)',
    )
    group.add_argument(
        '--no-keys', action='store_true', help='do not read what the repositories declare of keys'
    )


def _add_report(report: ArgumentParser) -> None:
    report.add_argument(
        '--by',
        choices=('credential', 'exchange', 'team', 'repository'),
        default='credential',
        help='what the rows are (default: credential)',
    )
    report.add_argument(
        '--format',
        choices=('text', 'json', 'csv', 'sarif', 'html'),
        default='text',
        help='sarif: a file for each repository in the folder --output',
    )
    report.add_argument('--team', metavar='NAME', help='only repositories of this team')
    report.add_argument(
        '--all', action='store_true', help='also what baselines and marks have accepted'
    )
    report.add_argument('--exit-zero', action='store_true', help='exit with 0 whatever is shown')
    _add_reading(report)


def _add_reading(options: ArgumentParser) -> None:
    options.add_argument(
        '--store', default='fleet.db', metavar='FILE|URL', help='the store (default: fleet.db)'
    )
    shared.add_output(options)
