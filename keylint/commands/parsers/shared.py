"""Options that several commands have, and the overrides of the configuration that they make."""

from __future__ import annotations

from importlib import import_module

from keylint.core.terms import CONFIDENCES, SEVERITIES
from keylint.scanner.request import ConfigOverrides

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action, ArgumentParser, Namespace, _ArgumentGroup
    from typing import TypeAlias

    Options: TypeAlias = ArgumentParser | _ArgumentGroup


def add_paths(options: Options) -> None:
    """Add the files and folders."""
    options.add_argument('paths', nargs='*', metavar='PATH', help='files and folders (default: .)')


def add_exclude(options: Options) -> None:
    """Add `--exclude`."""
    options.add_argument(
        '--exclude', action='append', metavar='GLOB', help='leave out paths that match'
    )


def add_select(options: Options) -> None:
    """Add `--select` and `--ignore`."""
    options.add_argument(
        '--select',
        action='append',
        metavar='RULES',
        help='only these rules (ids or beginnings of ids, comma-separated)',
    )
    options.add_argument('--ignore', action='append', metavar='RULES', help='not these rules')


def add_limit(options: Options) -> None:
    """Add `--limit`."""
    options.add_argument(
        '--limit',
        action='append',
        metavar='NAME=VALUE',
        help='how much one file may cost: docs/carriers.md; repeatable',
    )


def add_no_ignore(options: Options) -> None:
    """Add `--no-ignore`."""
    options.add_argument(
        '--no-ignore',
        action='store_true',
        help='also files that git ignores and folders of dependencies',
    )


def add_no_cache(options: Options) -> None:
    """Add `--no-cache`."""
    options.add_argument(
        '--no-cache',
        action='store_true',
        help='look again at files and objects in which an earlier run found nothing',
    )


def add_today(options: Options) -> None:
    """Add `--today`."""
    options.add_argument(
        '--today',
        metavar='YYYY-MM-DD',
        help='the day that ages of keys are counted to, so that runs repeat',
    )


def add_rules(options: Options) -> None:
    """Add `--rules`."""
    options.add_argument(
        '--rules',
        action='append',
        default=[],
        metavar='DIR',
        help='a folder with dossiers of your own',
    )


def add_output(options: Options) -> None:
    """Add `--output`."""
    options.add_argument('--output', metavar='FILE', help='write to FILE')


def add_no_progress(options: Options) -> None:
    """Add `--no-progress`."""
    options.add_argument('--no-progress', action='store_true', help='no progress on the terminal')


def _make_colour_action(**options: object) -> Action:
    module = import_module('keylint.commands.parsers.colour_action')
    action: Action = module.ColourAction(**options)
    return action


def add_color(options: Options) -> None:
    """Add `--color`."""
    options.add_argument(
        '--color',
        choices=('auto', 'always', 'never'),
        action=_make_colour_action,  # type: ignore[arg-type]  # any function will do
        metavar='WHEN',
        help='auto (default), always or never; NO_COLOR and FORCE_COLOR say the same',
    )


def add_config(options: Options) -> None:
    """Add `--config` and `--isolated`."""
    options.add_argument(
        '--config', metavar='FILE', help='a configuration file instead of the nearest one'
    )
    options.add_argument('--isolated', action='store_true', help='read no configuration file')


def add_settings(options: Options) -> None:
    """Add the options of a scan that stand for keys of the configuration."""
    add_exclude(options)
    add_select(options)
    options.add_argument('--severity', choices=SEVERITIES, help='lowest severity shown')
    options.add_argument('--confidence', choices=CONFIDENCES, help='lowest confidence shown')
    options.add_argument(
        '--fail-on', choices=SEVERITIES, help='lowest severity that makes the exit code 1'
    )
    options.add_argument('--baseline', metavar='FILE', help='known findings')
    options.add_argument('--no-baseline', action='store_true', help='no known findings')
    add_limit(options)
    add_rules(options)
    add_config(options)


def read_overrides(arguments: Namespace) -> ConfigOverrides:
    """Read what the options say instead of the configuration.

    An option that the command does not have overrides nothing.
    """
    given = vars(arguments)

    def read_text(name: str) -> str:
        return given.get(name) or ''

    def read_texts(name: str) -> tuple[str, ...]:
        return tuple(given.get(name) or ())

    return ConfigOverrides(
        file=read_text('config'),
        isolated=arguments.isolated,
        select=read_texts('select'),
        ignore=read_texts('ignore'),
        exclude=read_texts('exclude'),
        severity=read_text('severity'),
        confidence=read_text('confidence'),
        pedantic=given.get('pedantic', False),
        fail_on=read_text('fail_on'),
        rules=read_texts('rules'),
        limits=read_texts('limit'),
        show_secrets=given.get('show_secrets', False),
        today=read_text('today'),
    )
