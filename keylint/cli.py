"""The command line and the one door for errors."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import NoReturn

from keylint._version import __version__
from keylint.core.errors import KeylintError

FORMATS = (
    'text',
    'json',
    'jsonl',
    'sarif',
    'github',
    'gitlab',
    'codeclimate',
    'junit',
    'csv',
    'markdown',
    'html',
)
_SEVERITIES = ('info', 'low', 'medium', 'high', 'critical')
_CONFIDENCES = ('low', 'medium', 'high')


def entry() -> NoReturn:
    """Run a command and end this process. The interpreter is not taken down: that would be 8 ms of the hook's 50, for nothing that is kept.

    A standard stream that was closed is None in Python; what goes there goes nowhere. Its number must be no other file's: git is given all three.
    """
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)
    for name in ('stdout', 'stderr'):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, 'w', encoding='utf-8'))  # noqa: SIM115 - until the end
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main(argv: list[str] | None = None) -> int:
    """Run a command; return 0 (clean), 1 (findings), 2 (wrong usage or not everything was scanned), 130 (^C)."""
    try:
        given = sys.argv[1:] if argv is None else argv
        arguments = parser(given[0] if given and given[0] in _COMMANDS else None).parse_args(given)
        code = _run(arguments)
        sys.stdout.flush()
    except KeylintError as error:
        print(f'keylint: {error}', file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print('keylint: standard output was closed before the report was written', file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print('keylint: interrupted', file=sys.stderr)
        return 130
    return code


def _run(arguments: argparse.Namespace) -> int:
    """Each command is a module of its own, imported only when it is asked for."""
    command = import_module(f'keylint.commands.{arguments.command}')
    code: int = (
        command.run(arguments, parser())
        if arguments.command == 'completion'
        else command.run(arguments)
    )
    return code


def parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """The whole command line, or that of one command alone when it is known which is wanted: the hook waits for no others."""
    top = argparse.ArgumentParser(
        prog='keylint',
        description='A security linter for crypto trading bots: leaked keys, named and assembled.',
        formatter_class=_Help,
    )
    top.add_argument('--version', action='version', version=f'keylint {__version__}')
    commands = top.add_subparsers(
        dest='command', required=True, metavar='COMMAND', prog='keylint'
    )  # a given prog spares argparse its formatter
    for name in (wanted,) if wanted else _COMMANDS:
        text, fill = _COMMANDS[name]
        fill(commands.add_parser(name, help=text, formatter_class=_Help))
    return top


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal. argparse makes a formatter for every option that is added, and its own imports shutil for the width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width() - 2)


def _width() -> int:
    """Columns of the terminal, as shutil.get_terminal_size tells them."""
    asked = os.environ.get('COLUMNS', '')
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]  # None where there is none: see below
    except (AttributeError, ValueError, OSError):
        return 80


def _completion_parser(completion: argparse.ArgumentParser) -> None:
    completion.add_argument('shell', choices=('bash', 'zsh', 'tcsh'))


def _rules_parser(rules: argparse.ArgumentParser) -> None:
    rules.add_argument('action', nargs='?', choices=('list', 'check'), default='list')
    rules.add_argument('folders', nargs='*', metavar='DIR', help='folders with your own dossiers')


def _explain_parser(explain: argparse.ArgumentParser) -> None:
    explain.add_argument('rule', metavar='RULE')
    explain.add_argument('--rules', action='append', default=[], metavar='DIR')


def _keys_parser(keys: argparse.ArgumentParser) -> None:
    keys.add_argument('paths', nargs='*', metavar='PATH', help='files and folders (default: .)')
    keys.add_argument(
        '--recipe',
        action='store_true',
        help='for each exchange that the code uses, the smallest key that would do',
    )
    keys.add_argument('--format', choices=('text', 'json', 'markdown', 'html'), default='text')
    keys.add_argument('--output', metavar='FILE', help='write to FILE')
    keys.add_argument(
        '--no-ignore',
        action='store_true',
        help='also files that git ignores and folders of dependencies',
    )
    keys.add_argument(
        '--today',
        metavar='YYYY-MM-DD',
        help='the day that ages of keys are counted to, so that runs repeat',
    )
    keys.add_argument(
        '--rules',
        action='append',
        default=[],
        metavar='DIR',
        help='a folder with dossiers of your own',
    )
    keys.add_argument('--no-progress', action='store_true', help='no progress on the terminal')
    keys.add_argument(
        '--config', metavar='FILE', help='a configuration file instead of the nearest one'
    )
    keys.add_argument('--isolated', action='store_true', help='read no configuration file')
    keys.set_defaults(
        staged=False,
        files_from=None,
        stdin_filename=None,
        show_secrets=False,
        pedantic=False,
        exclude=None,
        select=None,
        ignore=None,
        severity=None,
        confidence=None,
        fail_on=None,
    )


def _publish_parser(publish: argparse.ArgumentParser) -> None:
    publish.add_argument('paths', nargs='*', metavar='REPO', help='the repository (default: .)')
    publish.add_argument(
        '--plan',
        metavar='DIR',
        help='write the plan into DIR, outside of any repository: replacements, commands, checklist',
    )
    publish.add_argument(
        '--verify',
        action='store_true',
        help='after the purge: whether anything of the plan in --plan DIR is left, and where',
    )
    publish.add_argument(
        '--identity', action='store_true', help="also authors' names and e-mail addresses"
    )
    publish.add_argument('--format', choices=('text', 'markdown', 'json', 'html'), default='text')
    publish.add_argument('--output', metavar='FILE', help='write to FILE')
    publish.add_argument(
        '--exclude', action='append', metavar='GLOB', help='leave out paths that match'
    )
    publish.add_argument(
        '--rules',
        action='append',
        default=[],
        metavar='DIR',
        help='a folder with dossiers of your own',
    )
    publish.add_argument(
        '--no-cache',
        action='store_true',
        help='look again at files and objects in which an earlier run found nothing',
    )
    publish.add_argument('--no-progress', action='store_true', help='no progress on the terminal')
    publish.add_argument(
        '--config', metavar='FILE', help='a configuration file instead of the nearest one'
    )
    publish.add_argument('--isolated', action='store_true', help='read no configuration file')
    publish.set_defaults(
        show_secrets=False,
        pedantic=False,
        select=None,
        ignore=None,
        severity=None,
        confidence=None,
        fail_on=None,
        today=None,
    )


def _baseline_parser(baseline: argparse.ArgumentParser) -> None:
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
        help='the baseline (default: .keylint-baseline.json beside the configuration or at the top)',
    )
    baseline.add_argument(
        '--history',
        action='store_true',
        help='create, update: also what only the history of the repository holds',
    )
    baseline.add_argument(
        '--set',
        action='append',
        default=[],
        metavar='ID=VERDICT[:REASON]',
        help='audit: decide without questions; VERDICT: false-positive, accepted, rotated, unreviewed',
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
        '--until', metavar='YYYY-MM-DD', help='audit --set: the last day on which the verdict holds'
    )
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
    baseline.add_argument(
        '--no-ignore',
        action='store_true',
        help='also files that git ignores and folders of dependencies',
    )
    baseline.add_argument(
        '--today',
        metavar='YYYY-MM-DD',
        help='the day by which verdicts expire, so that runs repeat',
    )
    baseline.add_argument(
        '--rules',
        action='append',
        default=[],
        metavar='DIR',
        help='a folder with dossiers of your own',
    )
    baseline.add_argument('--no-progress', action='store_true', help='no progress on the terminal')
    baseline.add_argument(
        '--config', metavar='FILE', help='a configuration file instead of the nearest one'
    )
    baseline.add_argument('--isolated', action='store_true', help='read no configuration file')
    baseline.set_defaults(
        paths=[],
        staged=False,
        files_from=None,
        stdin_filename=None,
        show_secrets=False,
        pedantic=False,
        exclude=None,
        select=None,
        ignore=None,
        severity=None,
        confidence=None,
        fail_on=None,
        no_baseline=False,
        diff=None,
        since=None,
        range=None,
        pre_push=False,
    )


def _fix_parser(fix: argparse.ArgumentParser) -> None:
    fix.add_argument('paths', nargs='*', metavar='PATH', help='files and folders (default: .)')
    fix.add_argument(
        '--dry-run',
        action='store_true',
        help='show what would change, every value masked, and write nothing',
    )
    fix.add_argument(
        '--exclude', action='append', metavar='GLOB', help='leave out paths that match'
    )
    fix.add_argument(
        '--select',
        action='append',
        metavar='RULES',
        help='only these rules (ids or beginnings of ids, comma-separated)',
    )
    fix.add_argument('--ignore', action='append', metavar='RULES', help='not these rules')
    fix.add_argument(
        '--baseline',
        metavar='FILE',
        help='known findings, which are left alone (default: as for scan)',
    )
    fix.add_argument('--no-baseline', action='store_true', help='fix known findings too')
    fix.add_argument(
        '--rules',
        action='append',
        default=[],
        metavar='DIR',
        help='a folder with dossiers of your own',
    )
    fix.add_argument(
        '--today',
        metavar='YYYY-MM-DD',
        help='the day that ages of keys are counted to, so that runs repeat',
    )
    fix.add_argument('--no-progress', action='store_true', help='no progress on the terminal')
    fix.add_argument(
        '--config', metavar='FILE', help='a configuration file instead of the nearest one'
    )
    fix.add_argument('--isolated', action='store_true', help='read no configuration file')
    fix.set_defaults(
        staged=False,
        files_from=None,
        stdin_filename=None,
        show_secrets=False,
        pedantic=False,
        severity=None,
        confidence=None,
        fail_on=None,
        no_ignore=False,
        strict_baseline=False,
        diff=None,
        since=None,
        range=None,
        pre_push=False,
        history=False,
    )


def _init_parser(init: argparse.ArgumentParser) -> None:
    init.add_argument('paths', nargs='*', metavar='PATH', help='the folder (default: .)')
    init.add_argument(
        '--keys',
        action='store_true',
        help='only a key inventory, keys.yaml: an entry for each exchange that the code uses',
    )
    init.add_argument('--dry-run', action='store_true', help='print what would be written')
    init.add_argument(
        '--no-ignore',
        action='store_true',
        help='look also at files that git ignores and folders of dependencies',
    )
    init.add_argument(
        '--rules',
        action='append',
        default=[],
        metavar='DIR',
        help='a folder with dossiers of your own',
    )
    init.add_argument('--no-progress', action='store_true', help='no progress on the terminal')
    init.add_argument(
        '--config', metavar='FILE', help='a configuration file instead of the nearest one'
    )
    init.add_argument('--isolated', action='store_true', help='read no configuration file')
    init.set_defaults(
        staged=False,
        files_from=None,
        stdin_filename=None,
        show_secrets=False,
        pedantic=False,
        exclude=None,
        select=None,
        ignore=None,
        severity=None,
        confidence=None,
        fail_on=None,
        today=None,
    )


def _doctor_parser(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument('paths', nargs='*', metavar='PATH', help='files and folders (default: .)')
    _narrowing(doctor)
    doctor.add_argument(
        '--no-ignore',
        action='store_true',
        help='also files that git ignores and folders of dependencies',
    )
    doctor.set_defaults(show_secrets=False, pedantic=False, today=None)


def _config_parser(config: argparse.ArgumentParser) -> None:
    config.add_argument('paths', nargs='*', metavar='PATH', help='files and folders (default: .)')
    _narrowing(config)
    config.add_argument('--pedantic', action='store_true', help='severity info and low confidence')
    config.add_argument('--format', choices=('text', 'json'), default='text')
    config.set_defaults(show_secrets=False, today=None)


def _narrowing(command: argparse.ArgumentParser) -> None:
    """The flags of a scan that stand for keys of the configuration."""
    command.add_argument(
        '--exclude', action='append', metavar='GLOB', help='leave out paths that match'
    )
    command.add_argument(
        '--select',
        action='append',
        metavar='RULES',
        help='only these rules (ids or beginnings of ids, comma-separated)',
    )
    command.add_argument('--ignore', action='append', metavar='RULES', help='not these rules')
    command.add_argument('--severity', choices=_SEVERITIES, help='lowest severity shown')
    command.add_argument('--confidence', choices=_CONFIDENCES, help='lowest confidence shown')
    command.add_argument(
        '--fail-on', choices=_SEVERITIES, help='lowest severity that makes the exit code 1'
    )
    command.add_argument('--baseline', metavar='FILE', help='known findings')
    command.add_argument('--no-baseline', action='store_true', help='no known findings')
    command.add_argument(
        '--limit',
        action='append',
        metavar='NAME=VALUE',
        help='how much one file may cost: docs/carriers.md; repeatable',
    )
    command.add_argument(
        '--rules',
        action='append',
        default=[],
        metavar='DIR',
        help='a folder with dossiers of your own',
    )
    command.add_argument(
        '--config', metavar='FILE', help='a configuration file instead of the nearest one'
    )
    command.add_argument('--isolated', action='store_true', help='read no configuration file')


def _scan_parser(scan: argparse.ArgumentParser) -> None:
    scan.add_argument(
        'paths',
        nargs='*',
        metavar='PATH',
        help='files and folders (default: .); - for standard input',
    )
    what = scan.add_argument_group('what is scanned')
    what.add_argument(
        '--staged', action='store_true', help='the index: what the next commit will hold'
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
        help='only what the work tree adds since its merge base with REV; auto: as the CI pipeline says',
    )
    what.add_argument(
        '--pre-push', action='store_true', help='only what a push would add: for the pre-push hook'
    )
    what.add_argument(
        '--stdin-filename', metavar='NAME', help='the name to report for standard input'
    )
    what.add_argument(
        '--files-from',
        metavar='FILE',
        help='scan the files that FILE lists, one a line or separated by NUL; - for standard input',
    )
    what.add_argument(
        '--no-ignore',
        action='store_true',
        help='also files that git ignores and folders of dependencies',
    )
    what.add_argument(
        '--exclude', action='append', metavar='GLOB', help='leave out paths that match'
    )
    what.add_argument(
        '--limit',
        action='append',
        metavar='NAME=VALUE',
        help='how much one file may cost: docs/carriers.md; repeatable',
    )
    which = scan.add_argument_group('which findings')
    which.add_argument(
        '--select',
        action='append',
        metavar='RULES',
        help='only these rules (ids or beginnings of ids, comma-separated)',
    )
    which.add_argument('--ignore', action='append', metavar='RULES', help='not these rules')
    which.add_argument(
        '--severity', choices=_SEVERITIES, help='lowest severity shown (default: low)'
    )
    which.add_argument(
        '--confidence', choices=_CONFIDENCES, help='lowest confidence shown (default: medium)'
    )
    which.add_argument(
        '--pedantic', action='store_true', help='everything: severity info and low confidence too'
    )
    which.add_argument(
        '--baseline',
        metavar='FILE',
        help='known findings (default: .keylint-baseline.json beside the configuration or at the top)',
    )
    which.add_argument('--no-baseline', action='store_true', help='report known findings too')
    which.add_argument(
        '--strict-baseline',
        action='store_true',
        help='known findings that nobody reviewed, or whose verdict expired, stay open',
    )
    which.add_argument(
        '--rules',
        action='append',
        default=[],
        metavar='DIR',
        help='a folder with dossiers of your own',
    )
    how = scan.add_argument_group('output')
    how.add_argument(
        '--format', choices=FORMATS, metavar='FORMAT', help=f'{", ".join(FORMATS)} (default: text)'
    )
    how.add_argument(
        '--output',
        action='append',
        default=[],
        metavar='[FORMAT:]FILE',
        help='write to FILE, - for standard output; repeatable',
    )
    how.add_argument(
        '--show-secrets', action='store_true', help='print the values; without it nothing ever does'
    )
    how.add_argument(
        '--fail-on',
        choices=_SEVERITIES,
        help='lowest severity that makes the exit code 1 (default: low)',
    )
    how.add_argument('--exit-zero', action='store_true', help='exit with 0 whatever is found')
    how.add_argument('--no-progress', action='store_true', help='no progress on the terminal')
    what.add_argument(
        '--no-cache',
        action='store_true',
        help='look again at files and objects in which an earlier run found nothing',
    )
    which.add_argument(
        '--today',
        metavar='YYYY-MM-DD',
        help='the day that ages of keys are counted to, so that runs repeat',
    )
    scan.add_argument(
        '--config', metavar='FILE', help='a configuration file instead of the nearest one'
    )
    scan.add_argument('--isolated', action='store_true', help='read no configuration file')


# Name of each command to its line of help and to what adds its options; the module of the same name in keylint/commands runs it.
_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    'scan': ('scan files, folders, the index or standard input', _scan_parser),
    'keys': (
        'every exchange key that the tree knows of, and the smallest key that would do',
        _keys_parser,
    ),
    'publish': (
        'whether a repository can be published, and if not, what to do in which order',
        _publish_parser,
    ),
    'baseline': (
        'accept what is there, so that only new findings fail a run; decide on it one by one',
        _baseline_parser,
    ),
    'fix': ('move leaked values out of the files into an untracked .env', _fix_parser),
    'init': (
        'set keylint up: hook, configuration, CI, .gitignore; or a key inventory',
        _init_parser,
    ),
    'doctor': (
        'what is installed, what would be scanned, what makes a scan see too little',
        _doctor_parser,
    ),
    'config': ('the effective configuration, and where each value comes from', _config_parser),
    'completion': ('a script of completions for a shell', _completion_parser),
    'rules': ('list the rules, or check them', _rules_parser),
    'explain': ("show a rule's page", _explain_parser),
}


if __name__ == '__main__':
    entry()
