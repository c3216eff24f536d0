"""Put a TODO into a key inventory: what only the owner knows is never invented."""

from __future__ import annotations

import re
import tomllib

import yaml

from keylint.core.safe_yaml import load_documents
from keylint.fix.edits import (
    Edit,
    RepairedFile,
    UnfixableError,
    apply_edits,
    find_line_ending,
    split_lines,
)
from keylint.readers.formats import format_of

# Maps each policy to the field that satisfies it, and the value the field needs.
FIELDS = {
    'key-unrestricted-ip': ('ip_allowlist', 'the addresses of the bot, as entered at the exchange'),
    'key-ip-too-broad': ('ip_allowlist', 'single addresses instead of a wide range'),
    'key-ip-useless': ('ip_allowlist', 'public addresses of the bot'),
    'key-ip-not-yours': ('ip_allowlist', 'addresses that are yours alone'),
    'key-ip-too-many': ('ip_allowlist', 'only the addresses in use'),
    'key-can-withdraw': (
        'permissions',
        'without withdrawals, once they are switched off at the exchange',
    ),
    'key-can-transfer': (
        'permissions',
        'without transfers, once they are switched off at the exchange',
    ),
    'key-can-administer': (
        'permissions',
        'without rights over keys and accounts, once they are switched off at the exchange',
    ),
    'key-exceeds-purpose': (
        'permissions',
        'what the purpose needs, once the rest is switched off at the exchange',
    ),
    'key-unknown-permission': ('permissions', "a word of keylint or of the exchange's own page"),
    'key-no-label': ('label', 'the name of the key on the page of the exchange'),
    'key-stale': ('created', 'the day of the new key, once this one is replaced'),
    'key-expired': ('expires', 'the day on which the new key ends'),
    'key-no-rotation': ('rotate_after', 'how long the key may live, such as 90d'),
    'account-without-2fa': ('two_factor', 'true, once the account has a second factor'),
    'key-secret-inline': (
        'secret_ref',
        'env:NAME or a path in a secret manager, instead of the value',
    ),
}
_ITEM = re.compile(rb'([ \t]*)(-[ \t]+)?')


def add_todo(data: bytes, path: str, rule: str, line: int) -> RepairedFile:
    """Return the file with a TODO at a line (counted from 1).

    Raises UnfixableError for policies without a field and for formats without comments.
    """
    if rule not in FIELDS:
        raise UnfixableError(
            'only the owner of the key can fix this, at the exchange or in the code'
        )
    if format_of(path).ending not in ('yaml', 'yml', 'toml'):
        raise UnfixableError(f'this format has no comments; the field is {FIELDS[rule][0]}')
    field, says = FIELDS[rule]
    lines = split_lines(data)
    start = _ITEM.match(lines[line - 1])
    assert start is not None  # noqa: S101 - the pattern matches the empty text
    indent, dash = start.groups()
    opens = dash is not None or lines[line - 1].lstrip().startswith(b'[[')
    todo = b'%b# TODO %b: %b (%b)' % (
        indent + b' ' * len(dash or b''),
        field.encode(),
        says.encode(),
        rule.encode(),
    )
    after = line if opens else line - 1
    if any(todo.strip() in near for near in lines[max(0, after - 4) : after + 4]):
        raise UnfixableError(f'there is a TODO for {field} already')
    at = sum(map(len, lines[:after]))
    newline = find_line_ending(data)
    text = (
        todo + newline
        if not lines[:after] or lines[after - 1].endswith((b'\n', b'\r'))
        else newline + todo
    )
    made = apply_edits(data, [Edit(at, at, text)])
    _check_same_document(data, made, path)
    return RepairedFile(made, (), f'# TODO {field}')


def _check_same_document(before: bytes, after: bytes, path: str) -> None:
    """Raise UnfixableError unless both have the same meaning: a comment must change nothing."""
    try:
        if format_of(path).ending == 'toml':
            same = tomllib.loads(after.decode()) == tomllib.loads(before.decode())
        else:
            new, old = (load_documents(text, yaml.SafeLoader) for text in (after, before))
            same = new == old
    except (yaml.YAMLError, ValueError, RecursionError):  # the last: a mapping that holds itself
        same = False
    if not same:
        raise UnfixableError('a comment there would change the document, or it cannot be parsed')
