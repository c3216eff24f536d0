"""The JSON Schemas of the key inventory and of the configuration.

They are made from the tables by which keylint reads them.

They are made from the tables by which keylint reads them.
"""

from __future__ import annotations

import json
from typing import Any

from keylint.core.config import ALIASES, CHOICES, KEYS, Config, Key
from keylint.core.limits import LIMIT_OPTIONS
from keylint.core.terms import PERMISSIONS, THRESHOLDS
from keylint.declarations.inventory_schema import FIELDS
from keylint.rules.files import read_dossiers, read_shared
from keylint.rules.listing import find_builtin_rules
from keylint.validators.checksums import CHECKS

KINDS = ('exchange', 'broker', 'bot-platform')
_TEXTS = {
    'oneOf': [{'type': 'array', 'items': {'type': 'string'}}, {'type': 'string'}, {'type': 'null'}]
}
_FORMS: dict[str, dict[str, Any]] = {
    'text': {'type': ['string', 'integer', 'null']},
    'texts': _TEXTS,
    'switch': {'type': ['boolean', 'null']},
    'switch or text': {'type': ['boolean', 'string', 'null']},
}
# Suggestions for editors: other values are allowed.
_SAMPLES = {
    'purpose': ['portfolio-tracker', 'tax', 'market-data', 'trading-bot', 'arbitrage', 'treasury'],
    'environment': ['live', 'testnet'],
    'status': ['active', 'retired', 'revoked'],
    'two_factor': [True, 'hardware', 'app', 'sms', False],
    'permissions': [['read'], ['read', 'trade']],
    'forbidden_permissions': [['withdraw', 'transfer']],
}


def schemas() -> dict[str, str]:
    """File name and text of every generated schema."""
    dossiers = read_dossiers((find_builtin_rules(),), frozenset(CHECKS))
    exchanges = sorted(dossier['id'] for dossier in dossiers if dossier['kind'] in KINDS)
    document = {
        '$schema': 'https://json-schema.org/draft/2020-12/schema',
        '$id': 'https://keylint.readthedocs.io/keys.schema.json',
        'title': 'keylint key inventory',
        'description': 'What each key of a project may do, from where, and since when. '
        f'Rights: {", ".join(PERMISSIONS)}, or the words of the exchange.',
        'type': 'object',
        'additionalProperties': False,
        'required': ['keys'],
        'patternProperties': {'^x-': True},
        'properties': {
            '$schema': {'type': 'string'},
            'version': {'type': ['string', 'integer']},
            'keys': {'type': ['array', 'null'], 'items': {'$ref': '#/$defs/key'}},
        },
        '$defs': {
            'key': {
                'type': 'object',
                'additionalProperties': False,
                'required': ['exchange'],
                'patternProperties': {'^x-': True},
                'properties': {name: _property(name, exchanges) for name in FIELDS},
            }
        },
    }
    return {
        'keys.schema.json': json.dumps(document, indent=2) + '\n',
        'keylint.schema.json': json.dumps(_configuration(), indent=2) + '\n',
    }


def _configuration() -> dict[str, Any]:
    """Return the schema of keylint.toml and of [tool.keylint].

    It is in the draft that editors of TOML know.

    It is in the draft that editors of TOML know.
    """
    return {
        '$schema': 'http://json-schema.org/draft-07/schema#',
        '$id': 'https://keylint.readthedocs.io/keylint.schema.json',
        'title': 'keylint configuration',
        'description': 'keylint.toml, or [tool.keylint] in pyproject.toml: '
        'https://keylint.readthedocs.io/configuration/',
        'type': 'object',
        'additionalProperties': False,
        'properties': {
            name: {'description': key.says, **_form(name, key)} for name, key in _list_keys()
        },
    }


def _list_keys() -> list[tuple[str, Key]]:
    """List the keys of the configuration and their other names."""
    others = [
        (alias, KEYS[key]._replace(says=f'another name for {key}'))
        for alias, key in ALIASES.items()
    ]
    return [*KEYS.items(), *others]


def _form(name: str, key: Key) -> dict[str, Any]:
    texts: dict[str, Any] = {'type': 'array', 'items': {'type': 'string'}}
    if key.form in CHOICES:
        return {
            'type': 'string',
            'enum': list(CHOICES[key.form]),
            'default': getattr(Config(), name.replace('-', '_')),
        }
    if key.form == 'thresholds':
        defaults = read_shared()['policies']['thresholds']
        numbers = {
            name: {'type': 'integer', 'minimum': 0, 'default': defaults[name]}
            for name in THRESHOLDS
        }
        return {'type': 'object', 'additionalProperties': False, 'properties': numbers}
    if key.form == 'limits':
        knobs = {
            name: {
                'description': knob.says,
                'type': 'integer',
                'minimum': 1,
                'default': knob.default,
            }
            for name, knob in LIMIT_OPTIONS.items()
        }
        return {'type': 'object', 'additionalProperties': False, 'properties': knobs}
    return {
        'texts': texts,
        'paths': texts,
        'switch': {'type': 'boolean', 'default': False},
        'path': {'type': 'string', 'minLength': 1},
        'per-path': {'type': 'object', 'additionalProperties': texts},
    }[key.form]


def _property(name: str, exchanges: list[str]) -> dict[str, Any]:
    field = FIELDS[name]
    if name == 'exchange':
        return {'description': field.says, 'type': 'string', 'minLength': 1, 'examples': exchanges}
    return {
        'description': field.says,
        **_FORMS[field.form],
        'examples': _SAMPLES.get(name, [_example(field.example)]),
    }


def _example(text: str) -> object:
    if text.startswith('['):
        return [part.strip() for part in text.strip('[]').split(',')]
    return text == 'true' if text in ('true', 'false') else text
