"""Which places of a program are read for statements, and which are passed by."""

from __future__ import annotations

import pytest

from keylint.declarations.spoken_places import list_places
from keylint.readers.formats import format_of
from keylint.rules.rule_set import RuleSet
from tests.dossiers import BUILT_IN

_DOCUMENTS = [
    (dossier['id'], tuple(document['keys']))
    for dossier in BUILT_IN
    for document in dossier.get('documents') or []
    if document['keys']
]


_OTHER = "OTHER = {'permissions': 1}\n"


def find_places(name: str, text: str, pack: RuleSet) -> list[int]:
    data = text.encode()
    matches = pack.matcher.find_matches(data)
    return list(list_places(data, format_of(name), matches, pack).literals)


@pytest.mark.parametrize(
    ('name', 'text'),
    [
        ('a.py', "has = {\n    'fetchWithdrawals': True,\n    'withdrawFee': 1,\n}\n"),
        ('a.py', "api = {'post': {'capital/withdraw': {'cost': 1}, 'asset/transfer': {}}}\n"),
        ('a.py', "fees = {'funding': {'withdraw': {}, 'transfer': {'min': 1}}}\n"),
        ('a.py', "row = {'withdraw': self.safe_bool(entry, 'canWithdraw')}\n"),
        ('a.py', "x = {\n    # 'permissions': ['withdraw'],\n    'a': 1,\n}\n"),
        ('a.py', "class A:\n    def describe(self):\n        return {'has': {'withdraw': True}}\n"),
        ('a.py', "if kind == 'withdraw':\n    rows = {'a': 1, 'b': [2]}\n"),
        ('a.py', "keyPermissions = Entry[_Dict]('x')\nrows = {'withdraw': fee}\n"),
        ('a.ts', "const row = { 'withdraw': entry.fee, 'transfer': { min: 1 } }\n"),
        ('a.go', 'x := map[string]any{"withdraw": fees.Get(coin)}\n'),
    ],
)
def test_what_states_nothing_of_a_key_is_not_read(name: str, text: str, pack: RuleSet) -> None:
    assert find_places(name, text, pack) == []


@pytest.mark.parametrize(
    ('name', 'text'),
    [
        ('a.py', "KEY = {'permissions': ['read'], 'ip': '1.2.3.4'}\n"),
        ('a.py', "KEY = {'exchange': 'kraken', 'withdraw': True}\n"),
        ('a.py', "KEY = {'exchange': 'kraken', 'withdraw': 'rw'}\n"),
        ('a.py', "KEY = {'exchange': 'kraken', 'withdraw': 0}\n"),
        ('a.py', "KEY = {'exchange': 'kraken', 'withdraw':\n    False}\n"),
        ('a.py', "KEYS = {'KRAKEN_GRID_BOT_MAIN_WITHDRAW': True}\n"),
        ('a.py', "KEYS = [dict(exchange='kraken', withdraw=True, permissions=[])]\n"),
        ('a.py', "x = {'has': {'fetchTicker': True}, 'key': {'withdraw': True}}\n"),
        ('a.py', "permissions = ['read', 'withdraw']\n"),
        ('a.ts', "const key = { exchange: 'kraken', withdraw: true }\n"),
        ('a.ts', "const key = { 'restrictAccess': 0, 'withdraw': '1' }\n"),
        ('keys.yaml', 'withdrawFee: 1\n# permissions: [read]\n'),
    ],
)
def test_what_may_state_something_is_read(name: str, text: str, pack: RuleSet) -> None:
    assert find_places(name, text, pack)


@pytest.mark.parametrize(('issuer', 'keys'), _DOCUMENTS)
@pytest.mark.parametrize('value', ['true', 'false', '1', '"1"'])
def test_of_every_document_of_a_vendor_a_key_is_read(
    issuer: str, keys: tuple[str, ...], value: str, pack: RuleSet
) -> None:
    text = ', '.join(f'"{key}": {value}' for key in keys)
    places = find_places('a.py', f'{_OTHER}answer = {{{text}}}\n', pack)
    assert any(place > len(_OTHER) for place in places), issuer
