"""What people write is not random; what a generator made is, in nearly every try."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.rules.recipes import expand_recipes
from keylint.validators.bigrams import SYMBOLS, TABLE
from keylint.validators.randomness import is_random

WRITTEN = {
    'words': 'password secret exchange binance kraken development production configuration '
    'authentication',
    'compounds': 'supersecretpassword mysecretkey tradingbotconfig correcthorsebatterystaple',
    'snake': 'api_key binance_api_secret max_open_trades stoploss_on_exchange '
    'get_historical_candles_with_retry order_book_depth_limit',
    'kebab': 'grid-bot-2024-v1 my-trading-strategy-v2 market-maker-production '
    'us-east-1-binance-futures',
    'camel': 'apiKeySecretManager getAccountBalance createMarketBuyOrder '
    'WebSocketClientProtocolFactory HttpRequestExecutorService',
    'constants': 'BINANCE_API_SECRET DEFAULT_REQUEST_TIMEOUT_SECONDS MAX_RETRY_ATTEMPTS_PER_ORDER',
    'dotted': 'com.binance.client.model.trade binance.exceptions.BinanceAPIException '
    'settings.exchange.api_key',
    'paths': '/etc/trading/bot/config /usr/local/lib/python/site-packages '
    './src/strategies/moving_average.py keylint/validators/randomness.py',
    'addresses': 'https://api.binance.com/api/v3/account wss://stream.binance.com:9443/ws '
    'http://localhost:8080/health',
    'dates': '2024-01-01 20240101120000 2024/01/01-12:30:45',
    'versions': '1.2.3 10.15.7-2 3.11.0 0.0.0.0:8080 1,000,000.00',
    'numbers': '1234567890 3141592653589793238462643383279 0x1234567890 1e-18 1718000000000',
    'runs': '0123456789abcdef abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '
    '1234567890abcdef',
    'short': 'a ab1 x9Z q7W8e a1b2c3',
    'pairs': 'BTCUSDT ETHUSDT-PERP BTC/USDT:USDT',
}
SENTENCES = (
    'the quick brown fox jumps over the lazy dog',
    'Please set your api key in the configuration file first',
    'Error: could not connect to the exchange after three attempts',
    "don't forget to rotate the keys every month",
)
# Recipes of which at least 980 in a thousand must pass.
MADE = (
    '{alnum:24}',
    '{alnum:32}',
    '{alnum:64}',
    '{hex:24}',
    '{hex:32}',
    '{hex:64}',
    '{HEX:32}',
    '{base64:18}',
    '{base64:24}',
    '{base64:64}',
    '{base64url:24}',
    '{base64url:32}',
    '{urlsafe:32}',
    '{base58:44}',
    '{base32:32}',
    '{lower:32}',
    '{upper:32}',
    '{letters:32}',
    '{uuid}',
    '{evm}',
    '0x{evm}',
    '{wif}',
    '{xprv}',
    '{solana}',
    '{stellar}',
)


@pytest.mark.parametrize('kind', WRITTEN)
def test_written_values_are_not_random(kind: str) -> None:
    assert [word for word in WRITTEN[kind].split() if is_random(word.encode())] == []


@pytest.mark.parametrize('sentence', SENTENCES)
def test_sentences_are_not_random(sentence: str) -> None:
    assert not is_random(sentence.encode())
    assert not is_random(sentence.upper().encode())


@pytest.mark.parametrize('recipe', MADE)
def test_made_values_are_random(recipe: str) -> None:
    missed = [
        value
        for value in (expand_recipes(recipe, f'randomness/{number}') for number in range(1000))
        if not is_random(value.encode())
    ]
    assert len(missed) <= 20, missed[:10]


@given(st.binary(min_size=1, max_size=5), st.integers(1, 100))
def test_few_characters_are_not_random(alphabet: bytes, times: int) -> None:
    assert is_random((alphabet * times).lstrip(b'=')) is False


@given(st.binary(max_size=7))
def test_short_values_are_not_random(value: bytes) -> None:
    assert is_random(value) is False


@given(st.text('0123456789.,:-+/', max_size=80))
def test_numbers_are_not_random(text: str) -> None:
    assert is_random(text.encode()) is False


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_bytes_never_raise(data: bytes) -> None:
    answer = is_random(data)
    assert isinstance(answer, bool)
    assert answer is is_random(data)
    assert not answer or (len(data) >= 8 and len(set(data)) >= 6)


@pytest.mark.parametrize('recipe', ['{hex:32}', '{alnum:40}', '{base64:30}'])
def test_padding_and_prefix_are_left_out(recipe: str) -> None:
    for number in range(50):
        value = expand_recipes(recipe, f'padding/{number}').encode()
        assert is_random(value) is is_random(value + b'==')
        assert is_random(value) is is_random(b'0x' + value)


def test_a_huge_value_is_judged() -> None:
    assert is_random(expand_recipes('{alnum:20000}', 'huge').encode())
    assert not is_random(b'the_name_of_a_function_' * 1000)


def test_the_table_is_square() -> None:
    assert len(SYMBOLS) == len(TABLE) == 28
    assert {len(row) for row in TABLE} == {28}
    assert (
        TABLE[SYMBOLS.index('t')][SYMBOLS.index('h')]
        > TABLE[SYMBOLS.index('q')][SYMBOLS.index('z')]
    )
