"""Which parts open an account: what the dossier says, or what its parts imply."""

from __future__ import annotations

import pytest

from keylint.rules.load import load_rules

COMPLETE = {
    'kraken': {('api-key', 'secret')},
    'okx': {('api-key', 'secret', 'passphrase')},
    'bybit': {('api-key', 'secret'), ('api-key', 'private-key')},  # RSA keys of its users
    'coinbase-cdp': {('api-key', 'secret'), ('api-key', 'private-key')},
    'hyperliquid': {('private-key',)},
    'dydx': {('mnemonic',), ('private-key',)},
    'evm-private-key': {('private-key',)},
    'bip39-mnemonic': {('mnemonic',)},
    'wireguard': {('private-key',)},
    'stripe': {('api-key',), ('token',)},  # each by itself
    'github': {('token',)},
}


@pytest.mark.parametrize('issuer', COMPLETE)
def test_which_parts_open_an_account(issuer: str) -> None:
    assert set(load_rules().pack.rules[issuer].complete) == COMPLETE[issuer]
