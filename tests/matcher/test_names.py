"""Names of secrets, and what joins them to values."""

from __future__ import annotations

import pytest

from keylint.rules.recipes import expand_recipes
from tests.matcher.wide import ONCE_MISSED, Twice, notebook

pytestmark = pytest.mark.slow  # every example of every rule, in every surrounding


NAMES = (
    'api_key',
    'apiSecret',
    'SECRET',
    'token',
    'private_key',
    'client_id',
    'credential',
    'auth',
    'jwt',
    'wif',
    'signer',
    'kraken.prv',
    'PK',
    'sk',
    'wallet_ak',
    'walletPk',
    'pk_hex',
    'github_pat',
)


JOINS = (
    '=',
    ' = ',
    ': ',
    '": "',
    "' : '",
    ' := ',
    '=>',
    ' -> ',
    '(',
    "', '",
    '|',
    ' || ',
    ' or ',
    '\n',
    '=\n',
    '= \\\n  ',
    ': |\n  ',
    '>',
    '" value="',
    ' is ',
    '\t',
    ': str = ',
    ' = os.getenv("X", "',
    ' = os.environ.get("BINANCE_API_KEY") or "',
    ' = Some("',
    ' = b"',
    '="${X:-',
    ' == "',
)


VALUES = ('{alnum:64}', '{alnum:16}', '{alnum:20}', '{hex:32}', '{uuid}', '{base64:64}', '0x{evm}')


PASSWORDS = ('password', 'DB_PASS', 'passphrase', 'wallet_pwd', 'PW', 'dbpwd', 'userPwd', 'ROOTPWD')


@pytest.mark.parametrize('name', NAMES)
def test_names_and_what_joins_them_to_values(twice: Twice, name: str) -> None:
    missed = []
    for join in JOINS:
        quote = join[-1] if join[-1] in '"\'' else ''
        for recipe in VALUES:
            value = expand_recipes(recipe, f'gate/{name}/{join}/{recipe}')
            missed.append(
                twice.missed('a.py', f'import binance\n{name}{join}{value}{quote}\n'.encode())
            )
    assert len(missed) == len(JOINS) * len(VALUES)
    assert [difference for difference in missed if difference] == []


@pytest.mark.parametrize('form', ONCE_MISSED)
def test_forms_that_were_once_missed(twice: Twice, form: str) -> None:
    name, text = ONCE_MISSED[form]
    data = expand_recipes(text, f'gate/{form}').encode()
    assert twice.missed(name, data) is None
    assert twice.usual(name, data)
    assert twice.missed('a.ipynb', notebook(data.decode())) is None


@pytest.mark.parametrize('name', PASSWORDS)
def test_short_passwords(twice: Twice, name: str) -> None:
    missed = []
    for join in JOINS:
        quote = join[-1] if join[-1] in '"\'' else ''
        value = expand_recipes('{pass:12}', f'gate/{name}/{join}')
        missed.append(
            twice.missed('a.py', f'import binance\n{name}{join}{value}{quote}\n'.encode())
        )
    assert [difference for difference in missed if difference] == []
