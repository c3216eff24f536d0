"""The form of what a dossier knows about declarations: rights, IP restrictions, documents, calls that create keys."""

from __future__ import annotations

import re
from typing import Any

from keylint.core.model import PERMISSIONS, SEVERITIES, THRESHOLDS
from keylint.rules.form import Form

READ_ONLY = 'read-only'
WORDS = 'words'
LIST = '[]'

_PERMISSION = {
    'word': True,
    'level': True,
    'ui': False,
    'says': False,
    'where': False,
    'confidence': False,
}
_IP = {
    'fields': True,
    'supported': False,
    'anyone': False,
    'limit': False,
    'cidr': False,
    'ui': False,
    'required_for': False,
    'unrestricted': False,
    'confidence': False,
    'sources': False,
    'note': False,
}
_DOCUMENT = {
    'name': True,
    'endpoint': False,
    'keys': True,
    'needs_issuer': False,
    'rights': False,
    'ip': False,
    'label': False,
    'account': False,
    'created': False,
    'expires': False,
    'confidence': False,
    'source': False,
    'note': False,
}
_DOCUMENT_IP = {'list': False, 'absent': False, 'restricted': False, 'anyone': False}
_CALL = {'library': True, 'call': True, 'document': True, 'positional': False, 'no_ip': False}
_POLICY = {'id': True, 'title': True, 'severity': True, 'why': True, 'do': True, 'examples': True}
_LIBRARY = {
    'id': True,
    'exchange': False,
    'modules': True,
    'classes': False,
    'hosts': False,
    'markers': False,
    'methods': True,
    'source': True,
}
_TREE_EXAMPLE = {'file': False, 'text': False, 'files': False}
_EXAMPLE = {'file': True, 'text': True, 'rules': True}


def check_declared(form: Form, top: dict[str, Any]) -> None:
    """Raises RuleError for the first mistake in `permissions`, `ip`, `documents` and `creates_keys`."""
    for number, value in enumerate(form.items(top.get('permissions', []), 'permissions')):
        key = f'permissions[{number}]'
        entry = form.mapping(value, key, _PERMISSION)
        if not isinstance(entry['word'], str):
            raise form.fail(f'{key}.word must be text; quote it')
        _check_levels(form, entry['level'], f'{key}.level', PERMISSIONS)
    if top.get('ip') is not None:
        _check_ip(form, top['ip'])
    documents = form.items(top.get('documents', []), 'documents')
    for number, value in enumerate(documents):
        _check_document(form, value, f'documents[{number}]')
    names = tuple(document['name'] for document in documents)
    for number, value in enumerate(form.items(top.get('creates_keys', []), 'creates_keys')):
        key = f'creates_keys[{number}]'
        entry = form.mapping(value, key, _CALL)
        form.choice(entry['document'], f'{key}.document', names)
        form.texts(entry.get('positional', []), f'{key}.positional')


def check_examples(form: Form, examples: object) -> None:
    """Raises RuleError for a mistake in `examples.declarations`."""
    for number, value in enumerate(form.items(examples, 'examples.declarations')):
        entry = form.mapping(value, f'examples.declarations[{number}]', _EXAMPLE)
        form.texts(entry['rules'], f'examples.declarations[{number}].rules')


def _check_levels(form: Form, value: object, key: str, allowed: tuple[str, ...]) -> None:
    for level in value if isinstance(value, list) else [value]:
        form.choice(level, key, allowed)


def _check_ip(form: Form, value: object) -> None:
    ip = form.mapping(value, 'ip', _IP)
    form.texts(ip['fields'], 'ip.fields')
    form.texts(ip.get('anyone') or [], 'ip.anyone')
    form.choice(ip.get('supported', 'yes'), 'ip.supported', ('yes', 'no'))
    form.choice(ip.get('cidr', 'unknown'), 'ip.cidr', ('yes', 'no', 'unknown'))
    if not isinstance(ip.get('limit'), int | None):
        raise form.fail('ip.limit must be a number or null')


def _check_document(form: Form, value: object, key: str) -> None:
    document = form.mapping(value, key, _DOCUMENT)
    form.texts(document['keys'], f'{key}.keys')
    rights = document.get('rights') or {}
    if not isinstance(rights, dict):
        raise form.fail(f'{key}.rights must be a mapping')
    if not document['keys'] and LIST not in rights:
        raise form.fail(
            f"{key}.keys must name at least one key, unless rights speak of a bare list ('{LIST}')"
        )
    for name, meaning in rights.items():
        _check_right(form, meaning, f'{key}.rights.{name}')
    if document.get('ip') is not None:
        ip = form.mapping(document['ip'], f'{key}.ip', _DOCUMENT_IP)
        form.choice(ip.get('absent', 'unstated'), f'{key}.ip.absent', ('anyone', 'unstated'))


def _check_right(form: Form, meaning: object, key: str) -> None:
    allowed = (*PERMISSIONS, READ_ONLY, WORDS)
    if isinstance(meaning, dict):
        if 'word' in meaning:
            form.mapping(meaning, key, {'word': True, 'read_only': False})
        elif 'rows' in meaning:
            form.texts(meaning['rows'], f'{key}.rows')
        else:
            for value, level in meaning.items():
                _check_levels(form, level, f'{key}.{value}', allowed)
    else:
        _check_levels(form, meaning, key, allowed)


def check_policies(document: object, file: str) -> None:
    """Raises RuleError unless the document gives thresholds and, for every policy, severities, texts and examples of both kinds."""
    form = Form(file)
    top = form.mapping(
        document, 'the file', {'thresholds': True, 'third-party-addresses': True, 'policies': True}
    )
    form.mapping(top['thresholds'], 'thresholds', dict.fromkeys(THRESHOLDS, True))
    for number, value in enumerate(form.items(top['policies'], 'policies')):
        entry = form.mapping(value, f'policies[{number}]', _POLICY)
        key = f"policy '{entry['id']}'"
        if 'else' not in entry['severity']:
            raise form.fail(f'{key}: severity must have a case called else')
        for level in entry['severity'].values():
            form.choice(level, f'{key}: severity', SEVERITIES)
        form.texts(entry['do'], f'{key}: do')
        examples = form.mapping(
            entry['examples'], f'{key}: examples', {'loud': True, 'silent': True}
        )
        for kind in ('loud', 'silent'):
            for example in form.items(examples[kind], f'{key}: examples.{kind}'):
                form.mapping(example, f'{key}: examples.{kind}', _TREE_EXAMPLE)


def check_libraries(document: object, file: str) -> None:
    """Raises RuleError unless every library has modules, client classes and methods with levels."""
    form = Form(file)
    top = form.mapping(document, 'the file', {'libraries': True})
    for number, value in enumerate(form.items(top['libraries'], 'libraries')):
        entry = form.mapping(value, f'libraries[{number}]', _LIBRARY)
        key = f"library '{entry['id']}'"
        form.texts(entry['modules'], f'{key}: modules')
        for method in form.items(entry['methods'], f'{key}: methods'):
            form.mapping(method, f'{key}: methods', {'level': True, 'names': True})
            form.choice(method['level'], f'{key}: level', ('public', 'context', *PERMISSIONS))
            try:
                re.compile(method['names'])
            except (re.error, TypeError) as error:
                raise form.fail(f'{key}: names is not a regular expression: {error}') from None
