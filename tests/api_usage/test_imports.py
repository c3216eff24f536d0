"""Every form in which a file imports a library: the cheap look lets it through, and it is read."""

from __future__ import annotations

import pytest

from tests.api_usage.needs import libraries, told

CALL = '\nx = ccxt.kraken({"apiKey": k, "secret": s})\nx.create_order("A", "limit", "buy", 1, 2)\n'
FORMS = [
    'import ccxt, os',
    'import os, ccxt',
    'import os,ccxt',
    'import os; import ccxt',
    'x = 1; import ccxt',
    'import os, \\\n    ccxt',
    'import os, \\\r\n    ccxt',
    'try: import ccxt\nexcept ImportError: pass',
    'if True: import ccxt',
    'import time, ccxt.async_support as ccxt',
    'import os, ccxt as exchanges\nccxt = exchanges',
    'from ccxt import *',
    'ccxt = __import__("ccxt")',
    'from importlib import import_module\nccxt = import_module("ccxt")',
    'import importlib\nccxt = importlib.import_module("ccxt")',
    'import importlib\nccxt = importlib.import_module(name="ccxt")',
    'from importlib import import_module as load\nccxt = load("ccxt")',
    'import importlib\nNAME = "ccxt"\nccxt = importlib.import_module(NAME)',
    'def find():\n    import time, ccxt\n    return ccxt\nccxt = find()',
]


@pytest.mark.parametrize('form', FORMS)
def test_forms_of_import(form: str) -> None:
    text = form + CALL
    assert libraries().imports.may_match(text.encode())
    assert {(issuer, level) for issuer, level, _ in told(text)} == {('kraken', 'trade')}


@pytest.mark.parametrize(
    'made',
    [
        'import_module("binance").Client(k, s)',
        'import_module("binance.client").Client(k, s)',
        'import_module("binance").client.Client(k, s)',
        'getattr(import_module("binance.client"), "Client")(k, s)',
        '__import__("binance.client").client.Client(k, s)',
    ],
)
def test_modules_of_a_library_for_one_exchange(made: str) -> None:
    text = f'from importlib import import_module\nx = {made}\nx.create_order(symbol="A")\n'
    assert libraries().imports.may_match(text.encode())
    assert told(text) == [('binance', 'trade', 3)]


@pytest.mark.parametrize(
    'text',
    [
        '# import os, ccxt\nx = 1\n',
        'import os  # and ccxt\n',
        'import os\nname = "ccxt"\n',
        'import os, myccxt\n',
        'import os, own.ccxt\n',
        'from ccxt.base.errors import NetworkError\n',
    ],
)
def test_names_that_are_not_imported(text: str) -> None:
    assert not libraries().imports.may_match(text.encode())
