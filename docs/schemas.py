"""The JSON Schema of the key inventory, from the table by which keylint reads one."""

from __future__ import annotations

import json
from typing import Any

from keylint.declare.inventory import FIELDS
from keylint.model import LEVELS
from keylint.rulepack.files import read_dossiers
from keylint.rulepack.listing import built_in
from keylint.validators.checksums import CHECKS

KINDS = ('exchange', 'broker', 'bot-platform')
_TEXTS = {'oneOf': [{'type': 'array', 'items': {'type': 'string'}}, {'type': 'string'}, {'type': 'null'}]}
_FORMS: dict[str, dict[str, Any]] = {'text': {'type': ['string', 'integer', 'null']}, 'texts': _TEXTS, 'switch': {'type': ['boolean', 'null']}}
# Suggestions for editors: other values are allowed.
_SAMPLES = {
    'purpose': ['portfolio-tracker', 'tax', 'market-data', 'trading-bot', 'arbitrage', 'treasury'], 'environment': ['live', 'testnet'],
    'permissions': [['read'], ['read', 'trade']], 'forbidden_permissions': [['withdraw', 'transfer']],
}  # fmt: skip


def schemas() -> dict[str, str]:
    """File name and text of every generated schema."""
    dossiers = read_dossiers((built_in(),), frozenset(CHECKS))
    exchanges = sorted(dossier['id'] for dossier in dossiers if dossier['kind'] in KINDS)
    document = {
        '$schema': 'https://json-schema.org/draft/2020-12/schema',
        '$id': 'https://keylint.readthedocs.io/keys.schema.json',
        'title': 'keylint key inventory',
        'description': f'What each key of a project may do, from where, and since when. Rights: {", ".join(LEVELS)}, or the words of the exchange.',
        'type': 'object', 'additionalProperties': False, 'required': ['keys'], 'patternProperties': {'^x-': True},
        'properties': {
            '$schema': {'type': 'string'},
            'version': {'type': ['string', 'integer']},
            'keys': {'type': ['array', 'null'], 'items': {'$ref': '#/$defs/key'}},
        },
        '$defs': {'key': {
            'type': 'object', 'additionalProperties': False, 'required': ['exchange'], 'patternProperties': {'^x-': True},
            'properties': {name: _property(name, exchanges) for name in FIELDS},
        }},
    }  # fmt: skip
    return {'keys.schema.json': json.dumps(document, indent=2) + '\n'}


def _property(name: str, exchanges: list[str]) -> dict[str, Any]:
    field = FIELDS[name]
    if name == 'exchange':
        return {'description': field.says, 'type': 'string', 'minLength': 1, 'examples': exchanges}
    return {'description': field.says, **_FORMS[field.form], 'examples': _SAMPLES.get(name, [_example(field.example)])}


def _example(text: str) -> object:
    if text.startswith('['):
        return [part.strip() for part in text.strip('[]').split(',')]
    return text == 'true' if text in ('true', 'false') else text
