"""The form of a dossier: what may stand in it. Errors name file, rule, key and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from keylint.core.model import PART_KINDS
from keylint.rules.declared_schema import check_declared, check_examples
from keylint.rules.form import Form

KINDS = (
    'exchange',
    'broker',
    'bot-platform',
    'rpc',
    'data',
    'messaging',
    'wallet',
    'cloud',
    'vcs',
    'ai',
    'payment',
    'package-registry',
    'database',
)
CONFIDENCES = ('documented', 'seen', 'inferred')
TEST_ENVIRONMENTS = ('testnet', 'paper')
STATUSES = ('live', 'closed')

_TOP = {
    'id': True,
    'name': True,
    'kind': True,
    'status': False,
    'aliases': True,
    'context': False,
    'credentials': True,
    'environments': False,
    'permissions': False,
    'ip': False,
    'documents': False,
    'creates_keys': False,
    'help': True,
    'examples': True,
    'notes': False,
    'sources': False,
}
_CREDENTIAL = {
    'role': True,
    'shape': True,
    'confidence': True,
    'names': False,
    'alone': False,
    'within': False,
    'check': False,
    'environment': False,
    'published': False,
    'source': False,
    'note': False,
}
_CONTEXT = {'imports': False, 'hosts': False, 'strings': False}
_HELP = {'manage': True, 'docs': False, 'revoke': True, 'note': False}
_LOUD = {'file': True, 'text': True, 'roles': True, 'environment': False, 'issuer': False}
_SILENT = {'file': True, 'text': True}
_ID = re.compile(r'[a-z0-9]+(?:-[a-z0-9]+)*')


def check_dossier(document: object, file: str, stem: str, checks: frozenset[str]) -> dict[str, Any]:
    """The document itself when it has the form of a dossier; `stem` is the file's name without its ending.

    Raises RuleError.
    """
    name = document.get('id', '?') if isinstance(document, dict) else '?'
    reader = Form(f"{file}: rule '{name}'")
    top = reader.mapping(document, 'the dossier', _TOP)
    if not isinstance(top['id'], str) or not _ID.fullmatch(top['id']):
        raise reader.fail(
            "id must be in kebab-case (letters, digits, '-'); quote it when it is a number"
        )
    if top['id'] != stem:
        raise reader.fail(f"id must be the file's name, '{stem}'")
    reader.choice(top['kind'], 'kind', KINDS)
    reader.choice(top.get('status', 'live'), 'status', STATUSES)
    reader.texts(top['aliases'], 'aliases')
    for key, value in reader.mapping(top.get('context', {}), 'context', _CONTEXT).items():
        reader.texts(value, f'context.{key}')
    _check_credentials(reader, top, checks)
    check_declared(reader, top)
    _check_help(reader, top)
    return top


def _check_credentials(reader: Form, top: dict[str, Any], checks: frozenset[str]) -> None:
    entries = reader.items(top['credentials'], 'credentials')
    if not entries:
        raise reader.fail('credentials must not be empty')
    for number, value in enumerate(entries):
        key = f'credentials[{number}]'
        entry = reader.mapping(value, key, _CREDENTIAL)
        reader.choice(entry['role'], f'{key}.role', PART_KINDS)
        reader.pattern(entry['shape'], f'{key}.shape')
        reader.choice(entry['confidence'], f'{key}.confidence', CONFIDENCES)
        if 'within' in entry:
            reader.pattern(entry['within'], f'{key}.within')
            if re.compile(entry['within']).groups != 1:
                raise reader.fail(f'{key}.within must have one group: the value')
        if entry.get('check') is not None:
            reader.choice(entry['check'], f'{key}.check', tuple(sorted(checks)))
        if entry.get('environment') is not None:
            reader.choice(entry['environment'], f'{key}.environment', TEST_ENVIRONMENTS)
        if not isinstance(entry.get('alone', False), bool):
            raise reader.fail(f'{key}.alone must be true or false')
        if entry.get('alone') and entry['confidence'] == 'inferred':
            raise reader.fail(f'{key}: an inferred shape cannot stand alone')
        for name in ('names', 'published'):
            reader.texts(entry.get(name, []), f'{key}.{name}')
    for name in top.get('environments') or {}:
        reader.choice(name, 'environments', TEST_ENVIRONMENTS)
        for key, value in reader.mapping(
            top['environments'][name], f'environments.{name}', {'words': False, 'hosts': False}
        ).items():
            reader.texts(value, f'environments.{name}.{key}')


def _check_help(reader: Form, top: dict[str, Any]) -> None:
    page = reader.mapping(top['help'], 'help', _HELP)
    reader.texts(page['revoke'], 'help.revoke')
    examples = reader.mapping(
        top['examples'], 'examples', {'loud': True, 'silent': True, 'declarations': False}
    )
    check_examples(reader, examples.get('declarations', []))
    for kind, allowed in (('loud', _LOUD), ('silent', _SILENT)):
        entries = reader.items(examples[kind], f'examples.{kind}')
        if not entries:
            raise reader.fail(f'examples.{kind} must not be empty')
        for number, value in enumerate(entries):
            entry = reader.mapping(value, f'examples.{kind}[{number}]', allowed)
            for role in entry.get('roles', []):
                reader.choice(role, f'examples.{kind}[{number}].roles', PART_KINDS)


def check_kinds(document: object, file: str) -> dict[str, Any]:
    """The document itself when it gives why, do and severities for every kind. Raises RuleError."""
    reader = Form(file)
    top = reader.mapping(document, 'the file', dict.fromkeys(KINDS, True))
    for kind, value in top.items():
        entry = reader.mapping(value, kind, {'why': True, 'do': True, 'severity': True})
        reader.texts(entry['do'], f'{kind}.do')
        reader.mapping(
            entry['severity'], f'{kind}.severity', {'complete': True, 'secret': True, 'key': True}
        )
    return top


Check = Callable[[bytes], bool]
