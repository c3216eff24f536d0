"""Options of `keylint baseline`."""

from __future__ import annotations

from argparse import ArgumentParser

from keylint.commands.parsers import shared


def add_options(baseline: ArgumentParser) -> None:
    """Add the options of `keylint baseline`."""
    baseline.add_argument(
        'action',
        choices=('create', 'update', 'audit', 'show', 'import', 'export'),
        help='what to do',
    )
    baseline.add_argument(
        'file',
        nargs='?',
        metavar='FILE',
        help='import: a file of detect-secrets, gitleaks or kingfisher',
    )
    baseline.add_argument(
        '--baseline',
        metavar='FILE',
        help='the baseline '
        '(default: .keylint-baseline.json beside the configuration or at the top)',
    )
    baseline.add_argument(
        '--history',
        action='store_true',
        help='create, update: also what is only in the history of the repository',
    )
    _add_audit_options(baseline)
    _add_export_options(baseline)
    shared.add_no_ignore(baseline)
    baseline.add_argument(
        '--today',
        metavar='YYYY-MM-DD',
        help='the day by which verdicts expire, so that runs repeat',
    )
    shared.add_rules(baseline)
    shared.add_no_progress(baseline)
    shared.add_config(baseline)


def _add_audit_options(baseline: ArgumentParser) -> None:
    baseline.add_argument(
        '--set',
        action='append',
        default=[],
        metavar='ID=VERDICT[:REASON]',
        help='audit: decide without questions; '
        'VERDICT: false-positive, accepted, rotated, unreviewed',
    )
    baseline.add_argument(
        '--all',
        action='store_true',
        help='audit: ask about what was decided before too; export: weak values too',
    )
    baseline.add_argument(
        '--by', metavar='NAME', help='audit: who decides (default: user.name of git)'
    )
    baseline.add_argument(
        '--until',
        metavar='YYYY-MM-DD',
        help='audit --set: the last day on which the verdict applies',
    )


def _add_export_options(baseline: ArgumentParser) -> None:
    baseline.add_argument(
        '--detect-secrets',
        action='store_true',
        help='export: a .secrets.baseline that detect-secrets 1.5 reads',
    )
    baseline.add_argument(
        '--plugin',
        metavar='FILE',
        help="export: where your hooks have keylint's plugin for detect-secrets (its option -p)",
    )
    baseline.add_argument(
        '--output', metavar='FILE', help='export: write to FILE, - for standard output'
    )
