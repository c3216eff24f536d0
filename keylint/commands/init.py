"""`keylint init`: hook, configuration, CI and .gitignore; with `--keys` a first key inventory from what the tree itself shows.

Nothing is overwritten, nothing is invented.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence

from keylint.commands.keys import known
from keylint.commands.scan import configured
from keylint.core.atomic import replace_file
from keylint.core.config import INVENTORIES, Config
from keylint.core.errors import SourceError
from keylint.declarations.inventory_schema import FIELDS
from keylint.policies.key_table import KeyRow
from keylint.policies.least_privilege import RequiredPermissions
from keylint.rules.load import load_rules
from keylint.rules.rule_set import Pack
from keylint.sources.git import top_of

SCHEMA = 'https://keylint.readthedocs.io/keys.schema.json'
_HEAD = f"""\
# yaml-language-server: $schema={SCHEMA}
# The keys of this project: what each may do, from where, and since when. No value of a key belongs here, only where it is kept.
# `keylint scan` judges this file and holds it against the code, `keylint keys` shows both side by side.
#
# A key may have these fields; a field that you do not know is better left out than guessed:
"""
_NONE = """\
keys: []
# No code here uses an exchange. TODO: one entry for each key:
#  - exchange: kraken
"""
_MOST = 12


def run(arguments: Namespace) -> int:
    """0 when all was written, printed or there already; 2 where a step could not be made. Raises SourceError where a file is in the way."""
    return _inventory(arguments) if arguments.keys else _set_up(arguments)


def _set_up(arguments: Namespace) -> int:
    """Every step, or what each would change."""
    from keylint.commands.setup import steps  # noqa: PLC0415

    folder = arguments.paths[0] if arguments.paths else '.'
    if not os.path.isdir(folder):
        raise SourceError(f'{folder}: no such folder')
    top = top_of(folder)
    made = list(steps(folder, top and os.path.relpath(top)))
    for step in made:
        name = f'{_safe(os.path.normpath(step.path).replace(os.sep, "/"))}: ' if step.path else ''
        if step.is_problem:
            print(f'keylint: {name}{step.says}', file=sys.stderr)
        elif step.after is None:
            print(f'{name}{step.says}')
        elif arguments.dry_run:
            sys.stdout.writelines(
                _difference(name.removesuffix(': '), step.before or '', step.after)
            )
        else:
            _put(step.path, step.after)
            print(f'{name}{"written" if step.before is None else "added"}: {step.says}')
    if top is None:
        print('no git repository here: no hook, no CI, no .gitignore')
    if any(step.after for step in made) and not arguments.dry_run:
        print(
            'next: `pre-commit install`, `keylint scan`, and `keylint baseline create` for what cannot be mended today'
        )
    return 2 if any(step.is_problem for step in made) else 0


def _difference(name: str, before: str, after: str) -> Iterator[str]:
    """A unified diff, each line with an end."""
    from difflib import unified_diff  # noqa: PLC0415

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in unified_diff(old, new, name if before else '/dev/null', name):
        yield line if line.endswith('\n') else f'{line}\n'


def _put(path: str, text: str) -> None:
    """The whole text or nothing: a file that exists is replaced by one with its permissions."""
    try:
        os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
        replace_file(
            path,
            text.encode(),
            kept=stat.S_IMODE(os.stat(path).st_mode) if os.path.exists(path) else None,
        )
    except OSError as error:
        raise SourceError(f'{path}: cannot write: {error.strerror}') from None


def _inventory(arguments: Namespace) -> int:
    """The inventory, written or printed."""
    config = configured(arguments)
    folder = next((path for path in arguments.paths if os.path.isdir(path)), '.')
    name = _name(folder, config)
    if not arguments.dry_run:
        _refuse(folder, name, config)
    text = inventory(arguments, config, os.path.dirname(name) or '.')
    if arguments.dry_run:
        sys.stdout.write(text)
        return 0
    try:
        with open(name, 'x', encoding='utf-8', errors='backslashreplace', newline='\n') as file:
            file.write(text)
    except FileExistsError:
        raise _in_the_way(name) from None
    except OSError as error:
        raise SourceError(f'{name}: cannot write the inventory: {error.strerror}') from None
    print(f'{name}: written; fill in what is marked TODO, then run `keylint scan`')
    return 0


def _name(folder: str, config: Config) -> str:
    """The first name of the configuration that is no pattern, else `keys.yaml` in the folder."""
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


def _refuse(folder: str, name: str, config: Config) -> None:
    for path in (
        name,
        *(
            ()
            if config.inventory
            else (os.path.normpath(os.path.join(folder, other)) for other in INVENTORIES)
        ),
    ):
        if os.path.lexists(path):
            raise _in_the_way(path)


def _in_the_way(path: str) -> SourceError:
    return SourceError(
        f'{path}: exists already and is not overwritten; --dry-run prints what would be written'
    )


def inventory(arguments: Namespace, config: Config, folder: str) -> str:
    """The whole file: what each field is for, then an entry for each exchange that the tree uses a key of."""
    pack = load_rules(config.rules).pack
    table, code = known(arguments, config)
    width = max(len(name) for name in FIELDS)
    fields = ''.join(
        f'#   {name:{width}}  {field.says}; such as {field.example}\n'
        for name, field in FIELDS.items()
    )
    rows = [
        row._replace(place=os.path.relpath(row.place, folder), source=_from(folder, row.source))
        for row in table
        if row.source != 'no key'
    ]
    exchanges = sorted({row.exchange for row in rows if row.exchange})
    entries = [
        _entry(
            [row for row in rows if row.exchange == issuer], code.needs.get(issuer), folder, pack
        )
        for issuer in exchanges
    ]
    return f'{_HEAD}{fields}\n' + ('keys:\n' + '\n'.join(entries) if entries else _NONE)


def _entry(
    rows: Sequence[KeyRow], need: RequiredPermissions | None, folder: str, pack: Pack
) -> str:
    """What is certain stands as an entry; what the tree only hints at, and what only the owner knows, as comments."""
    issuer = rows[0].exchange or ''
    name = pack.declared.get(issuer, {'name': issuer})[
        'name'
    ]  # a library's exchange may have no dossier
    manage = pack.rules.get(issuer, {}).get('manage')
    paths = _paths(rows, need, folder)
    lines = [f'  - exchange: {issuer}']
    lines += (
        [f'    environment: {rows[0].environment}']
        if {row.environment for row in rows} in ({'live'}, {'testnet'})
        else []
    )
    lines += (
        [
            f'    used_by: [{", ".join(json.dumps(path, ensure_ascii=False) for path in paths[:_MOST])}]'
        ]
        if paths
        else []
    )
    lines += _reference(rows, need)
    lines += [
        f'    # label:  # TODO what {name} calls this key{f" on {manage}" if manage else ""}',
        f'    # permissions:  # TODO what is ticked there now{_needed(need, folder)}',
        *(
            f'    #   {_safe(row.place)} says: {" ".join(row.declared) or "nothing"}'
            for row in rows
            if row.declared is not None
        ),
        '    # ip_allowlist:  # TODO the addresses entered there, [] when there are none',
        '    # purpose:  # TODO',
        '    # created:  # TODO',
        '    # rotate_after:  # TODO',
    ]
    return '\n'.join(lines) + '\n'


def _from(folder: str, source: str) -> str:
    """`leaked PATH:LINE` with the path as seen from the folder of the inventory."""
    kind, mark, place = source.partition('leaked ')
    return f'{mark}{os.path.relpath(place, folder)}' if mark and not kind else source


def _paths(rows: Sequence[KeyRow], need: RequiredPermissions | None, folder: str) -> list[str]:
    """The files that build a client with the key or call for it, else those that declare it."""
    found = (
        {client.path for client in need.clients if client.has_key}
        | {call.path for call in need.calls}
        if need
        else set()
    )
    own = {row.place.rsplit(':', 1)[0] for row in rows if not row.source.startswith('leaked')}
    return (
        sorted(_safe(os.path.relpath(path, folder)) for path in found)
        if found
        else sorted(_safe(path) for path in own)
    )


def _reference(rows: Sequence[KeyRow], need: RequiredPermissions | None) -> list[str]:
    """`secret_ref` where one environment variable of the code is beyond doubt the secret."""
    places = [
        row.source.partition('leaked ')[2] or row.place
        for row in rows
        if row.source.startswith('leaked')
    ]
    if places:
        return [
            f'    # secret_ref:  # TODO revoke this key first, its value lies in {_safe(places[0])}; then where the new one is kept'
        ]
    found = (
        [reference for client in need.clients for reference in client.references] if need else []
    )
    references = [
        name for name in dict.fromkeys(found) if name.isidentifier()
    ]  # not the names of headers
    secrets = [
        name
        for name in references
        if name.isupper() and any(word in name for word in ('SECRET', 'PRIVATE'))
    ]
    if len(secrets) == 1:
        return [f'    secret_ref: env:{secrets[0]}']
    hint = f'; the code reads {", ".join(references[:4])}' if references else ''
    return [
        f'    # secret_ref:  # TODO env: and the name of the variable, or the path in the secret manager{hint}'
    ]


def _needed(need: RequiredPermissions | None, folder: str) -> str:
    """What the code needs, with the call that proves each permission."""
    if need is None or not (need.clients or need.calls):
        return ''
    proofs = [
        f'{call.permission} ({_safe(call.call)} {_safe(os.path.relpath(call.path, folder))}:{call.place.line})'
        for call in need.proofs()
    ]
    if not proofs and not need.is_exact:
        return '; what the code needs cannot be read from it'
    return (
        f'; the code needs {"" if need.is_exact else "at least "}{", ".join(proofs) or "no rights"}'
    )


def _safe(text: str) -> str:
    """One line of printable text: it stands in a comment."""
    return ''.join(char if char.isprintable() else '?' for char in text)
