"""Live, testnet or paper."""

from __future__ import annotations

import pytest

from keylint.detect.environment import find_environment
from keylint.rules.rule_set import RuleSet


def environment(
    pack: RuleSet, text: bytes = b'', names: tuple[str, ...] = (), rule: str = 'binance'
) -> str:
    place = text.find(b'KEY')
    return find_environment(text, place, place + 3, names, pack.rules.get(rule))


@pytest.mark.parametrize(
    ('rule', 'want'), [('none', 'unknown'), ('binance', 'live'), ('ethereum', 'unknown')]
)
def test_without_a_sign(pack: RuleSet, rule: str, want: str) -> None:
    assert environment(pack, b'KEY', rule=rule) == want


@pytest.mark.parametrize(
    ('name', 'want'),
    [
        ('BINANCE_TESTNET_KEY', 'testnet'),
        ('sandboxSecret', 'testnet'),
        ('paper_api_key', 'paper'),
        ('PROD_KEY', 'live'),
        ('mainnetKey', 'live'),
    ],
)
@pytest.mark.parametrize('rule', ['none', 'binance'])
def test_names_say_it(pack: RuleSet, name: str, want: str, rule: str) -> None:
    assert environment(pack, b'KEY', (name,), rule) == want


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        (b'sandbox: false, KEY', 'live'),
        (b'sandbox: true, KEY', 'testnet'),
        (b'KEY, use_testnet=1', 'testnet'),
        (b'KEY "paper_trading": "yes"', 'paper'),
        (b'dry_run = true KEY', 'paper'),
        (b'mode = "paper" KEY', 'paper'),
        (b'env: production KEY', 'live'),
        (b'env: uat KEY', 'testnet'),
        (b'exchange.set_sandbox_mode(True)' + b' ' * 5000 + b'KEY', 'testnet'),
        (b'https://testnet.example.org KEY', 'testnet'),
        (b'https://testnet.example.org https://mainnet.example.org KEY', 'live'),
        (b'sandbox: true' + b' ' * 1200 + b'KEY', 'live'),
        (b'sandbox: true' + b' ' * 1100 + b'KEY', 'testnet'),
    ],
)
def test_what_stands_around_says_it(pack: RuleSet, text: bytes, want: str) -> None:
    assert environment(pack, text) == want


def test_names_count_more_than_switches(pack: RuleSet) -> None:
    assert environment(pack, b'sandbox: true KEY', ('LIVE_KEY',)) == 'live'
    assert environment(pack, b'sandbox: false KEY', ('paper_key',)) == 'paper'
