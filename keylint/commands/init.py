"""`keylint init`: hook, configuration, CI and .gitignore; with `--keys` a first key inventory.

Nothing is overwritten, nothing is invented: the inventory says what the tree itself shows.
"""

from __future__ import annotations

import os
import stat
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from difflib import unified_diff

from keylint.commands.parsers.shared import read_overrides
from keylint.commands.setup.answers import SavedAnswer, read_answers
from keylint.commands.setup.inventory_entries import make_printable, move_source, render_entry
from keylint.commands.setup.steps import SetupStep, list_agent_steps, list_steps
from keylint.core.atomic import replace_file
from keylint.core.config import INVENTORIES, Config
from keylint.core.errors import SourceError
from keylint.core.records import NamedTuple
from keylint.declarations.inventory_schema import FIELDS
from keylint.rules.load import load_rules
from keylint.scanner.configure import configure
from keylint.scanner.keys import list_keys
from keylint.scanner.request import ScanRequest, make_scope
from keylint.sources.git import find_work_tree

SCHEMA = 'https://keylint.readthedocs.io/keys.schema.json'
_HEAD = f"""\
# yaml-language-server: $schema={SCHEMA}
# The keys of this project: what each may do, from where, and since when. \
No value of a key belongs here, only where it is kept.
# `keylint scan` judges this file and holds it against the code, \
`keylint keys` shows both side by side.
#
# A key may have these fields; a field that you do not know is better left out than guessed:
"""
_NONE = """\
keys: []
# No code here uses an exchange. TODO: one entry for each key:
#  - exchange: kraken
"""


class InitRequest(NamedTuple):
    """Say which folder to set up, whether only its key inventory, and whether only to show it.

    `agents` are the coding agents to set up instead, empty for those that are used there.
    """

    scan: ScanRequest
    keys_only: bool
    is_dry_run: bool
    answers: tuple[str, ...] = ()
    agents: tuple[str, ...] | None = None


def run(arguments: Namespace) -> int:
    """Set keylint up and return the exit code.

    0: all was written, printed or existed already, 2: a step could not be made. Raises SourceError
    for a file that is in the way.
    """
    request = read_request(arguments)
    return _write_inventory(request) if request.keys_only else _set_up(request)


def read_request(arguments: Namespace) -> InitRequest:
    """Make the request of a command line."""
    overrides = read_overrides(arguments)
    scan = ScanRequest(
        make_scope(tuple(arguments.paths), arguments.no_ignore),
        overrides,
        shows_progress=not arguments.no_progress,
    )
    if arguments.answers and not arguments.keys:
        raise SourceError('--from needs --keys: answers fill the key inventory')
    if arguments.keys and arguments.agents is not None:
        raise SourceError('--keys does not go together with --agents: choose one')
    agents = None if arguments.agents is None else tuple(arguments.agents)
    return InitRequest(scan, arguments.keys, arguments.dry_run, tuple(arguments.answers), agents)


def _set_up(request: InitRequest) -> int:
    """Make every step, or print what each would change."""
    folder = next(iter(request.scan.scope.paths), '.')
    if not os.path.isdir(folder):
        raise SourceError(f'{folder}: no such folder')
    top = find_work_tree(folder)
    if request.agents is not None:
        made = list(list_agent_steps(os.path.relpath(top) if top else folder, request.agents))
    else:
        made = list(list_steps(folder, top and os.path.relpath(top)))
    _make_steps(made, request.is_dry_run)
    if request.agents is None:
        _print_next(made, top is None, request.is_dry_run)
    return 2 if any(step.is_problem for step in made) else 0


def _make_steps(made: Sequence[SetupStep], is_dry_run: bool) -> None:
    for step in made:
        name = (
            f'{make_printable(os.path.normpath(step.path).replace(os.sep, "/"))}: '
            if step.path
            else ''
        )
        if step.is_problem:
            print(f'keylint: {name}{step.says}', file=sys.stderr)
        elif step.after is None:
            print(f'{name}{step.says}')
        elif is_dry_run:
            sys.stdout.writelines(
                _render_difference(name.removesuffix(': '), step.before or '', step.after)
            )
        else:
            _replace_text(step.path, step.after)
            print(f'{name}{"written" if step.before is None else "added"}: {step.says}')


def _print_next(made: Sequence[SetupStep], is_loose: bool, is_dry_run: bool) -> None:
    if is_loose:
        print('no git repository here: no hook, no CI, no .gitignore')
    if any(step.after for step in made) and not is_dry_run:
        hook = '' if is_loose else '`pre-commit install`, '
        print(
            f'next: {hook}`keylint scan`, '
            'and `keylint baseline create` for what cannot be fixed today'
        )


def _render_difference(name: str, before: str, after: str) -> Iterator[str]:
    """Render a unified diff, each line with an end."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in unified_diff(old, new, name if before else '/dev/null', name):
        yield line if line.endswith('\n') else f'{line}\n'


def _replace_text(path: str, text: str) -> None:
    """Write a file as a whole or not at all; one that exists keeps its permissions."""
    try:
        os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
        replace_file(
            path,
            text.encode(),
            kept=stat.S_IMODE(os.stat(path).st_mode) if os.path.exists(path) else None,
        )
    except OSError as error:
        raise SourceError(f'{path}: cannot write: {error.strerror}') from None


def _write_inventory(request: InitRequest) -> int:
    """Write the inventory, or print it."""
    config = configure(request.scan)
    folder = next((path for path in request.scan.scope.paths if os.path.isdir(path)), '.')
    name = _name_inventory(folder, config)
    if not request.is_dry_run:
        _check_absence(folder, name, config)
    answers = read_answers(request.answers, load_rules(config.rules).pack)
    text = build_inventory(request.scan, config, os.path.dirname(name) or '.', answers)
    if request.is_dry_run:
        sys.stdout.write(text)
        return 0
    try:
        with open(name, 'x', encoding='utf-8', errors='backslashreplace', newline='\n') as file:
            file.write(text)
    except FileExistsError:
        raise _make_conflict(name) from None
    except OSError as error:
        raise SourceError(f'{name}: cannot write the inventory: {error.strerror}') from None
    print(f'{name}: written; fill in what is marked TODO, then run `keylint scan`')
    return 0


def _name_inventory(folder: str, config: Config) -> str:
    """Return the first name of the configuration that is no pattern, else `keys.yaml`."""
    given = next(
        (
            name
            for name in config.inventory
            if not any(char in name for char in '*?[') and name.endswith(('.yaml', '.yml'))
        ),
        None,
    )
    return (
        os.path.join(os.path.dirname(config.source or ''), given)
        if given
        else os.path.normpath(os.path.join(folder, INVENTORIES[0]))
    )


def _check_absence(folder: str, name: str, config: Config) -> None:
    paths = [name]
    if not config.inventory:
        paths += [os.path.normpath(os.path.join(folder, other)) for other in INVENTORIES]
    for path in paths:
        if os.path.lexists(path):
            raise _make_conflict(path)


def _make_conflict(path: str) -> SourceError:
    return SourceError(
        f'{path}: exists already and is not overwritten; --dry-run prints what would be written'
    )


def build_inventory(
    request: ScanRequest, config: Config, folder: str, answers: Sequence[SavedAnswer] = ()
) -> str:
    """Build the whole file: what each field is for, then an entry for each exchange in use.

    An exchange with saved answers has an entry for each of them.
    """
    pack = load_rules(config.rules).pack
    table, code = list_keys(request, config)
    width = max(len(name) for name in FIELDS)
    fields = ''.join(
        f'#   {name:{width}}  {field.says}; such as {field.example}\n'
        for name, field in FIELDS.items()
    )
    rows = [
        row._replace(
            place=os.path.relpath(row.place, folder), source=move_source(folder, row.source)
        )
        for row in table
        if row.source != 'no key'
    ]
    exchanges = {row.exchange for row in rows if row.exchange}
    exchanges |= {answer.exchange for answer in answers}
    entries = [
        render_entry(
            issuer,
            [row for row in rows if row.exchange == issuer],
            code.needs.get(issuer),
            folder,
            pack,
            answer,
        )
        for issuer in sorted(exchanges)
        for answer in _list_answers(issuer, answers)
    ]
    return f'{_HEAD}{fields}\n' + ('keys:\n' + '\n'.join(entries) if entries else _NONE)


def _list_answers(issuer: str, answers: Sequence[SavedAnswer]) -> list[SavedAnswer | None]:
    """List the answers about an exchange's keys; None alone where there is none."""
    return [one for one in answers if one.exchange == issuer] or [None]
