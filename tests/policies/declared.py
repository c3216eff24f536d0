"""Declarations, clients and calls for tests of single policies, with nothing wrong about them."""

from __future__ import annotations

import itertools
from typing import Any

from keylint.core.key_model import ApiCall, Client
from keylint.core.model import DeclarationRecord, KeyDeclaration, SourceRange

_NUMBERS = itertools.count(1)
PLACE = SourceRange(3, 1, 3, 9)


def declare(issuer: str | None = 'kraken', **fields: Any) -> KeyDeclaration:
    """Return a sound declaration of an inventory, changed in some fields."""
    sound = KeyDeclaration(
        issuer,
        'inventory',
        10,
        90,
        permissions=frozenset({'read', 'trade'}),
        restriction='listed',
        addresses=('52.54.32.109',),
        label='grid',
        purpose='trading-bot',
        created='2025-12-01',
        rotate_after='90d',
        secret_ref='env:KRAKEN_SECRET',
        two_factor=True,
    )
    if 'permissions' in fields and fields['permissions'] is not None:
        fields['permissions'] = frozenset(fields['permissions'])
    return sound._replace(**fields)


def record(path: str = 'keys.yaml', topic: str = '', **fields: Any) -> DeclarationRecord:
    """Return a declaration as the policies of the tree get it."""
    number = next(_NUMBERS)
    fields = {'label': f'grid-{number}', 'secret_ref': f'env:SECRET_{number}', **fields}
    topics = ((topic, SourceRange(7, 1, 7, 5)),) if topic else ()
    return DeclarationRecord(path, declare(**fields), PLACE, topics)


def client(issuer: str | None = 'kraken', path: str = 'bot.py', **fields: Any) -> Client:
    made = Client(issuer, 'ccxt', 'client', path, 5, True, place=PLACE)
    return made._replace(**fields)


def call(
    permission: str, name: str = 'create_order', issuer: str | None = 'kraken', **fields: Any
) -> ApiCall:
    made = ApiCall(issuer, 'ccxt', permission, name, 'bot.py', 50, 'client', PLACE)
    return made._replace(**fields)
