"""Files of languages that are not read: they are named where they use an exchange."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keylint.policies.unread_code import find_other_languages
from keylint.rules.load import load_rules
from tests.conftest import Run


def uses_of(path: str, text: str) -> list[str]:
    found = find_other_languages([path], lambda _: text.encode(), load_rules().pack)
    return [use.uses for use in found]


@pytest.mark.parametrize(
    ('path', 'text'),
    [
        ('a.js', 'const kraken = require("kraken-like")\n'),
        ('a.js', 'const words = ["binancer"]\n'),
        ('a.ts', 'const link = "https://www.binance.com/en/register?ref=1"\n'),
        ('a.ts', 'import { Contract } from "ethers"\nnew Contract(a, abi)\n'),
        ('a.go', 'import "github.com/other/go-binance"\n'),
        ('a.rs', 'use binance_like::Client;\n'),
        ('a.cs', 'using Binance.Nothing.Like.It;\n'),
        ('a.md', 'https://api.binance.com/api/v3/order\n'),
        ('a.py', 'import ccxt\n'),
    ],
)
def test_nothing_is_used(path: str, text: str) -> None:
    assert uses_of(path, text) == []


@pytest.mark.parametrize(
    ('path', 'text', 'uses'),
    [
        ('a.js', "const ccxt = require('ccxt')\n", 'ccxt'),
        ('a.mjs', 'import ccxt from "ccxt"\n', 'ccxt'),
        ('a.ts', "import { RestClientV5 } from 'bybit-api'\n", 'bybit-api'),
        ('a.tsx', "import { Spot } from '@binance/connector'\n", '@binance/connector'),
        ('a.ts', 'import { Wallet } from "ethers"\nnew Wallet(key)\n', 'ethers'),
        (
            'a.go',
            'import (\n\t"github.com/adshao/go-binance/v2/futures"\n)\n',
            'github.com/adshao/go-binance',
        ),
        ('a.rs', 'use hyperliquid_rust_sdk::ExchangeClient;\n', 'hyperliquid_rust_sdk'),
        ('A.java', 'import org.knowm.xchange.ExchangeFactory;\n', 'org.knowm.xchange'),
        ('a.kt', 'import com.binance.connector.client.SpotClient\n', 'com.binance.connector'),
        ('A.cs', 'using Binance.Net.Clients;\n', 'Binance.Net'),
        ('A.cs', 'using ExchangeSharp;\n', 'ExchangeSharp'),
        ('a.php', '<?php\n$x = new \\ccxt\\kraken();\n', 'ccxt'),
        ('a.rb', "require 'binance'\n", 'binance'),
        ('a.swift', 'import web3swift\n', 'web3swift'),
        ('a.cpp', '#include "binacpp.h"\n', 'binacpp.h'),
        ('a.js', 'fetch("https://api.bybit.com/v5/order/create")\n', 'api.bybit.com'),
        ('a.go', 'u := "wss://ws.okx.com:8443/ws/v5/private"\n', 'ws.okx.com'),
        ('a.sh', 'curl https://www.okx.com/api/v5/account/balance\n', 'www.okx.com'),
    ],
)
def test_exchanges_are_used(path: str, text: str, uses: str) -> None:
    assert uses_of(path, text) == [uses]


def test_keys_names_what_was_not_read(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.js').write_text("const ccxt = require('ccxt')\n")
    (tmp_path / 'bot.go').write_text('import "github.com/c9s/bbgo/pkg/bbgo"\n')
    for options in ((), ('--recipe',)):
        out = keylint('keys', '.', '--isolated', *options).stdout
        assert out.startswith('2 files use github.com/c9s/bbgo, ccxt and were not read')
        assert 'no exchange key' not in out
    told = json.loads(keylint('keys', '.', '--isolated', '--format', 'json').stdout)
    assert told['keys'] == []
    assert [one['path'] for one in told['not_read']] == ['bot.go', 'bot.js']
    for form in ('markdown', 'html'):
        assert 'were not read' in keylint('keys', '.', '--isolated', '--format', form).stdout


def test_nothing_at_all_is_said_so(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.js').write_text('const x = 1\n')
    out = keylint('keys', '.', '--isolated').stdout
    assert out == 'no exchange keys: nothing declared, used or leaked\n'


@pytest.mark.parametrize(
    ('text', 'uses'),
    [
        ('import v20\n', ['v20']),
        ('import os, v20\n', ['v20']),
        ('from coinbase.wallet.client import Client\n', ['coinbase.wallet']),
        ('import MetaTrader5 as mt5\n', ['MetaTrader5']),
        ('requests.get("https://api.gemini.com/v1/balances")\n', ['api.gemini.com']),
        ('# import v20\n', []),
        ('import v20_other\n', []),
        ('from own.v20 import x\n', []),
        ('requests.get("https://api.binance.com/api/v3/order")\n', []),  # read by its table
        ('requests.get("https://example.com/api/v3/order")\n', []),
    ],
)
def test_python_packages_and_hosts_that_no_table_has(text: str, uses: list[str]) -> None:
    assert uses_of('bot.py', text) == uses


def test_a_file_that_is_read_is_not_named(keylint: Run, tmp_path: Path) -> None:
    text = 'import ccxt\nx = ccxt.kraken({"apiKey": k})\nx.fetch_balance()\n'
    (tmp_path / 'bot.py').write_text(f'{text}# see https://api.gemini.com/v1/balances\n')
    assert 'not read' not in keylint('keys', '.', '--isolated').stdout
