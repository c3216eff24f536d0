"""The entries of a first key inventory: what is certain as fields, what is likely as comments."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

from keylint.commands.setup.answers import SavedAnswer
from keylint.declarations.inventory_schema import FIELDS
from keylint.policies.key_table import KeyRow
from keylint.policies.least_privilege import RequiredPermissions
from keylint.rules.rule_set import RuleSet

_MAX_PATHS = 12


def render_entry(
    issuer: str,
    rows: Sequence[KeyRow],
    need: RequiredPermissions | None,
    folder: str,
    pack: RuleSet,
    answer: SavedAnswer | None,
) -> str:
    """Write what is certain as an entry, and what is only likely as comments."""
    rule = pack.rules.get(issuer)  # a library's exchange may have no dossier
    name = rule.name if rule else issuer
    manage = rule.manage if rule else None
    paths = _list_paths(rows, need, folder)
    lines = [f'  - exchange: {issuer}']
    if {row.environment for row in rows} in ({'live'}, {'testnet'}):
        lines.append(f'    environment: {rows[0].environment}')
    if paths:
        shown = ', '.join(json.dumps(path, ensure_ascii=False) for path in paths[:_MAX_PATHS])
        lines.append(f'    used_by: [{shown}]')
    saved = os.path.relpath(answer.path, folder) if answer else ''
    lines += _render_reference(rows, need, saved)
    todos = [
        f'    # label:  # TODO what {name} calls this key{f" on {manage}" if manage else ""}',
        f'    # permissions:  # TODO what is ticked there now{_describe_need(need, folder)}',
        *(
            f'    #   {make_printable(row.place)} says: {" ".join(row.declared) or "nothing"}'
            for row in rows
            if row.declared is not None
        ),
        '    # ip_allowlist:  # TODO the addresses entered there, [] when there are none',
        '    # purpose:  # TODO',
        '    # created:  # TODO',
        '    # rotate_after:  # TODO',
    ]
    lines += todos if answer is None else _fill_from_answer(todos, answer)
    return '\n'.join(lines) + '\n'


def _fill_from_answer(todos: Sequence[str], answer: SavedAnswer) -> list[str]:
    """Put what an answer says in the place of what is still to be done."""
    lines = [f'    {name}: {value}' for name, value in answer.fields.items()]
    for line in todos:
        name = line.strip().removeprefix('#').partition(':')[0].strip()
        is_said = name in answer.fields or (name == 'rotate_after' and 'expires' in answer.fields)
        if name in FIELDS and not is_said:
            remark = answer.remarks.get(name)
            lines.append(f'{line}; {make_printable(remark)}' if remark else line)
        elif name in answer.remarks:
            lines.append(f'    # {name}: {make_printable(answer.remarks[name])}')
    return lines


def move_source(folder: str, source: str) -> str:
    """Show the path of `leaked PATH:LINE` from the folder of the inventory."""
    kind, mark, place = source.partition('leaked ')
    return f'{mark}{os.path.relpath(place, folder)}' if mark and not kind else source


def _list_paths(rows: Sequence[KeyRow], need: RequiredPermissions | None, folder: str) -> list[str]:
    """List the files that build a client with the key or call for it, else its declarations."""
    found = (
        {client.path for client in need.clients if client.has_key}
        | {call.path for call in need.calls}
        if need
        else set()
    )
    own = {row.place.rsplit(':', 1)[0] for row in rows if not row.source.startswith('leaked')}
    return (
        sorted(make_printable(os.path.relpath(path, folder)) for path in found)
        if found
        else sorted(make_printable(path) for path in own)
    )


def _render_reference(
    rows: Sequence[KeyRow], need: RequiredPermissions | None, saved: str
) -> list[str]:
    """Render `secret_ref` if exactly one environment variable of the code must be the secret.

    A value in the file `saved` was written there to fill the inventory.
    """
    leaks = [
        row.source.partition('leaked ')[2] or row.place
        for row in rows
        if row.source.startswith('leaked')
    ]
    places = [place for place in leaks if place.rpartition(':')[0] != saved]
    if places:
        return [
            '    # secret_ref:  # TODO revoke this key first, '
            f'its value is in {make_printable(places[0])}; '
            'then where the new one is kept'
        ]
    found = (
        [name for client in need.clients for name in client.variables or client.references]
        if need
        else []
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
        '    # secret_ref:  # TODO env: and the name of the variable, '
        f'or the path in the secret manager{hint}'
    ]


def _describe_need(need: RequiredPermissions | None, folder: str) -> str:
    """Describe what the code needs, with the call that proves each level."""
    if need is None or not (need.clients or need.calls):
        return ''
    proofs = [
        f'{call.permission} ({make_printable(call.call)} '
        f'{make_printable(os.path.relpath(call.path, folder))}:{call.place.line})'
        for call in need.proofs()
    ]
    if not proofs and not need.is_exact:
        return '; what the code needs cannot be read from it'
    return (
        f'; the code needs {"" if need.is_exact else "at least "}{", ".join(proofs) or "no rights"}'
    )


def make_printable(text: str) -> str:
    """Replace what would break a comment of one line."""
    return ''.join(char if char.isprintable() else '?' for char in text)
