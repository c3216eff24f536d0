"""Options of `keylint scan`."""

from __future__ import annotations

from keylint.commands.parsers import shared
from keylint.core.terms import CONFIDENCES, SEVERITIES
from keylint.reporters import REPORTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, _ArgumentGroup


def add_options(scan: ArgumentParser) -> None:
    """Add the options of `keylint scan`."""
    scan.add_argument(
        'paths',
        nargs='*',
        metavar='PATH',
        help='files and folders (default: .); - for standard input',
    )
    what = scan.add_argument_group('what is scanned')
    which = scan.add_argument_group('which findings')
    how = scan.add_argument_group('output')
    _add_scopes(what)
    _add_sources(what)
    _add_filters(which)
    _add_outputs(how)
    shared.add_no_cache(what)
    shared.add_today(which)
    shared.add_config(scan)


def _add_scopes(what: _ArgumentGroup) -> None:
    """Add what takes the place of paths in a work tree."""
    what.add_argument(
        '--staged', action='store_true', help='the index: what your next commit will contain'
    )
    what.add_argument(
        '--history',
        action='store_true',
        help='every object of the repository PATH: all commits, stashes, tags, what is unreachable',
    )
    what.add_argument('--since', metavar='REV', help='only what commits since REV add')
    what.add_argument('--range', metavar='A..B', help='only what commits of a range add')
    what.add_argument(
        '--diff',
        metavar='REV',
        help='only what the work tree adds since its merge base with REV; '
        'auto: the base that the CI pipeline names',
    )
    what.add_argument(
        '--pre-push', action='store_true', help='only what a push would add: for the pre-push hook'
    )


def _add_sources(what: _ArgumentGroup) -> None:
    """Add where files come from and which are left out."""
    what.add_argument(
        '--stdin-filename', metavar='NAME', help='the name to report for standard input'
    )
    what.add_argument(
        '--files-from',
        metavar='FILE',
        help='scan the files that FILE lists, one a line or separated by NUL; - for standard input',
    )
    shared.add_no_ignore(what)
    shared.add_exclude(what)
    shared.add_limit(what)


def _add_filters(which: _ArgumentGroup) -> None:
    """Add which findings are shown."""
    shared.add_select(which)
    which.add_argument(
        '--severity',
        type=str.lower,
        choices=SEVERITIES,
        help='lowest severity shown (default: low)',
    )
    which.add_argument(
        '--confidence',
        type=str.lower,
        choices=CONFIDENCES,
        help='lowest confidence shown (default: medium)',
    )
    which.add_argument(
        '--pedantic', action='store_true', help='everything: severity info and low confidence too'
    )
    which.add_argument(
        '--baseline',
        metavar='FILE',
        help='known findings '
        '(default: .keylint-baseline.json beside the configuration or at the top)',
    )
    which.add_argument('--no-baseline', action='store_true', help='report known findings too')
    which.add_argument(
        '--strict-baseline',
        action='store_true',
        help='known findings that nobody reviewed, or whose verdict expired, stay open',
    )
    shared.add_rules(which)


def _add_outputs(how: _ArgumentGroup) -> None:
    """Add what is printed, where, and with which exit code."""
    how.add_argument(
        '--format',
        choices=tuple(REPORTERS),
        metavar='FORMAT',
        help=f'{", ".join(REPORTERS)} (default: text)',
    )
    amount = how.add_mutually_exclusive_group()
    amount.add_argument(
        '-q', '--quiet', action='store_true', help='print the findings alone: no advice, no summary'
    )
    amount.add_argument(
        '-v', '--verbose', action='store_true', help='print every step of every finding'
    )
    shared.add_color(how)
    how.add_argument(
        '--output',
        action='append',
        default=[],
        metavar='[FORMAT:]FILE',
        help='write to FILE, - for standard output; repeatable',
    )
    how.add_argument(
        '--show-secrets',
        action='store_true',
        help='print the values of secrets; nothing else ever does',
    )
    how.add_argument(
        '--fail-on',
        type=str.lower,
        choices=SEVERITIES,
        help='lowest severity that makes the exit code 1 (default: low)',
    )
    how.add_argument('--exit-zero', action='store_true', help='exit with 0 whatever is found')
    shared.add_no_progress(how)
