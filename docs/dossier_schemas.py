"""The JSON Schemas of dossiers and of their examples, from the tables by which keylint reads them.

Draft 7: what the language servers of editors know best.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from keylint.core.terms import PERMISSIONS
from keylint.rules.form import Field
from keylint.rules.rights import LIST, READ_ONLY, WORDS
from keylint.rules.schema import DOSSIER, EXAMPLES
from keylint.validators.checksums import CHECKS

_TEXT: dict[str, Any] = {'type': 'string'}
_TEXTS: dict[str, Any] = {'type': 'array', 'items': _TEXT}
_LEVEL: dict[str, Any] = {'enum': [*PERMISSIONS, READ_ONLY, WORDS]}
_LEVELS: dict[str, Any] = {'oneOf': [_LEVEL, {'type': 'array', 'items': _LEVEL}]}
_FORMS: dict[str, dict[str, Any]] = {
    'text': _TEXT,
    'texts': _TEXTS,
    'words': {'type': 'array', 'items': {'type': 'string', 'pattern': '^[a-z0-9]+$'}},
    'text-or-texts': {'oneOf': [_TEXT, _TEXTS]},
    'switch': {'type': 'boolean'},
    'number': {'type': 'integer'},
    'mapping': {'type': 'object'},
    'pattern': {'type': 'string', 'format': 'regex'},
    'check': {'enum': sorted(CHECKS)},
    'rights': {
        'type': 'object',
        'description': f'{LIST} behind a key: its value is a list of rows',
        'additionalProperties': {
            'anyOf': [
                _LEVELS,
                {
                    'type': 'object',
                    'additionalProperties': False,
                    'required': ['word'],
                    'properties': {'word': _TEXT, 'read_only': _TEXT},
                },
                {
                    'type': 'object',
                    'additionalProperties': False,
                    'required': ['rows'],
                    'properties': {'rows': _TEXTS},
                },
                {'type': 'object', 'additionalProperties': _LEVELS},
            ]
        },
    },
}


def dossier_schemas() -> dict[str, str]:
    """Return file name and text of both schemas."""
    made = {
        'dossier': ('keylint dossier', 'What keylint knows about one issuer of keys', DOSSIER),
        'dossier-examples': (
            'examples of a keylint dossier',
            'What the rule of a dossier must find, and what it must not; values are recipes',
            EXAMPLES,
        ),
    }
    return {
        f'{name}.schema.json': json.dumps(_document(name, *parts), indent=2) + '\n'
        for name, parts in made.items()
    }


def _document(
    name: str, title: str, description: str, fields: Mapping[str, Field]
) -> dict[str, Any]:
    where = 'https://keylint.readthedocs.io'
    return {
        '$schema': 'http://json-schema.org/draft-07/schema#',
        '$id': f'{where}/{name}.schema.json',
        'title': title,
        'description': f'{description}: {where}/writing-rules/',
        **_table(fields),
    }


def _table(fields: Mapping[str, Field]) -> dict[str, Any]:
    read = {name: field for name, field in fields.items() if field.form != 'unused'}
    required = [name for name, field in read.items() if field.is_required]
    return {
        'type': 'object',
        'additionalProperties': False,
        **({'required': required} if required else {}),
        'properties': {name: _property(field) for name, field in read.items()},
    }


def _property(field: Field) -> dict[str, Any]:
    default = {} if field.default is None else {'default': field.default}
    return {'description': field.says, **_shape(field), **default}


def _shape(field: Field) -> dict[str, Any]:
    if field.form == 'table':
        return _table(field.fields)
    if field.form == 'tables':
        least = {'minItems': 1} if field.is_required else {}
        return {'type': 'array', **least, 'items': _table(field.fields)}
    if field.form == 'named-tables':
        names = {name: _table(field.fields) for name in field.choices}
        return {'type': 'object', 'additionalProperties': False, 'properties': names}
    if field.form == 'choice':
        return {'enum': list(field.choices)}
    if field.form == 'choices':
        one = {'enum': list(field.choices)}
        return {'oneOf': [one, {'type': 'array', 'items': one}]}
    return _FORMS[field.form]
