"""Which files count as code, and as the configuration of a bot."""

from __future__ import annotations

import json

import pytest

from keylint.policies.code_permissions import CodePermissions, read_code_permissions
from keylint.rules.load import load_rules

BUILD = 'import ccxt\nexchange = ccxt.kraken({"apiKey": K})\n'
ORDER = 'exchange.create_order("BTC/USD", "limit", "buy", 1, 2)\n'
NOTEBOOK = json.dumps(
    {
        'cells': [
            {'cell_type': 'code', 'source': [BUILD]},
            {'cell_type': 'code', 'source': ['%matplotlib inline\n', ORDER]},
        ],
        'nbformat': 4,
        'metadata': {},
    }
)


def read(**files: str) -> CodePermissions:
    """Read files whose names have `_` for the point before their endings."""
    texts = {'.'.join(name.rsplit('_', 1)): text.encode() for name, text in files.items()}

    def read_file(path: str) -> bytes:
        if not texts[path]:
            raise FileNotFoundError(path)
        return texts[path]

    return read_code_permissions(list(texts), read_file, load_rules().pack)


def needs(**files: str) -> dict[str | None, tuple[str, ...]]:
    return {issuer: need.permissions for issuer, need in read(**files).needs.items()}


@pytest.mark.parametrize(
    'files',
    [
        pytest.param({}, id='nothing'),
        pytest.param({'a_py': 'exchange.create_order(1)\n'}, id='no library'),
        pytest.param({'a_md': BUILD + ORDER}, id='no code'),
        pytest.param({'a_json': BUILD + ORDER}, id='no code, but perhaps settings'),
        pytest.param({'a_py': ''}, id='cannot be read'),
        pytest.param({'a_py': BUILD + '\0\1\2\3' * 99}, id='binary'),
    ],
)
def test_no_code(files: dict[str, str]) -> None:
    assert needs(**files) == {}


@pytest.mark.parametrize('ending', ['py', 'pyw'])
def test_code(ending: str) -> None:
    assert needs(**{f'a_{ending}': BUILD + ORDER}) == {'kraken': ('trade',)}


def test_notebooks() -> None:
    assert needs(a_ipynb=NOTEBOOK) == {'kraken': ('trade',)}
    assert needs(a_ipynb=NOTEBOOK.replace('import ccxt', 'x')) == {}


def test_a_caller_of_another_file_is_read_where_it_names_the_client() -> None:
    assert needs(a_py=BUILD) == {'kraken': ()}
    assert needs(a_py=BUILD, b_py=f'from a import exchange\n{ORDER}') == {'kraken': ('trade',)}
    assert needs(a_py=BUILD, b_py=ORDER.replace('exchange', 'other')) == {'kraken': ()}
    assert needs(a_py=BUILD, b_md=f'from a import exchange\n{ORDER}') == {'kraken': ()}


def test_settings_in_the_folder_of_a_library_are_read() -> None:
    """Only code of a library's package is none of the bot's."""
    names = 'binance kraken bybit okx kucoin bitget gate htx bitmex bitfinex coinbase'.split()
    settings = {'stake_currency': 'USDT', 'exchange': {'name': 'kraken', 'key': ''}}
    head = 'from ccxt.base.exchange import Exchange\n'
    library = {f'ccxt/{name}_py': f'{head}class {name}(Exchange): ...\n' for name in names} | {
        'ccxt/__init___py': '# the library\n',
        'ccxt/base/exchange_py': 'class Exchange: ...\n',
    }
    found = read(**library, **{'ccxt/config_json': json.dumps(settings)})
    assert [one.folder for one in found.packages] == ['ccxt/']
    assert {issuer: need.permissions for issuer, need in found.needs.items()} == {
        'kraken': ('read', 'trade')
    }


def test_what_is_no_python_makes_nothing_exact() -> None:
    found = read(a_py=BUILD + ORDER)
    assert (found.unparsed, found.needs['kraken'].is_exact) == ((), True)
    found = read(a_py=BUILD + ORDER, b_py='import ccxt\nprint "two"\n')
    assert (found.unparsed, found.needs['kraken'].is_exact) == (('b.py',), False)
