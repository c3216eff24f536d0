"""Code that sends a key where others read it, or prints its secret."""

from __future__ import annotations

import pytest

from keylint.declarations.careless_code import find_careless_code
from keylint.declarations.issuers import list_exchange_hosts
from keylint.rules.rule_set import RuleSet

LOUD = (
    ('print(api_secret)', 'shown'),
    ("logger.info(f'secret {self.api_secret}')", 'printed'),
    ('console.log(`key ${apiSecret}`)', 'printed'),
    ("print('key', key, 'secret', secret_key)", 'printed'),
    ('fmt.Println("s", cfg.ApiSecret)', 'printed'),
    ("log.debug('x %s', config.secret)", 'printed'),
    ("url = 'http://api.crypto.com/v2'", 'plain'),
    ('const base = "http://www.binance.com/api/v3"', 'plain'),
    ('requests.get(url, verify=False)', 'unverified'),
    ('new https.Agent({ rejectUnauthorized: false })', 'unverified'),
    ('TLSClientConfig: &tls.Config{InsecureSkipVerify: true}', 'unverified'),
)
SILENT = (
    "print('api_secret missing')",
    'print(len(api_secret))',
    "logger.info('api_secret set: %s', bool(api_secret))",
    'print(mask(api_secret))',
    'print(api_secret[:4])',
    "print('set your api_secret')",
    "print(f'{api_secret is None}')",
    "print('yes' if api_secret else 'no')",
    'print(api_secret_name)',
    '# see http://www.binance.com for keys',
    "url = 'https://api.crypto.com'",
    "url = 'http://api.mycrypto.com.example.org/'",
    "url = 'http://localhost:8080/api/'",
    'requests.get(url, verify=True)',
)


@pytest.mark.parametrize(('text', 'what'), LOUD)
def test_careless(text: str, what: str, pack: RuleSet) -> None:
    data = f'# 🔑\n{text}\n'.encode()
    [(kind, said, start, end)] = find_careless_code(
        data, [len(data)], list_exchange_hosts(pack), True
    )
    assert kind == what
    assert data[start:end].decode().lower() == said.lower()


@pytest.mark.parametrize('text', SILENT)
def test_careful(text: str, pack: RuleSet) -> None:
    ends = [len(text.encode())]
    assert list(find_careless_code(text.encode(), ends, list_exchange_hosts(pack), True)) == []


@pytest.mark.parametrize('text', ['print(api_secret)', 'requests.get(url, verify=False)'])
def test_other_services_are_none_of_our_business(text: str, pack: RuleSet) -> None:
    hosts = list_exchange_hosts(pack)
    assert list(find_careless_code(text.encode(), [len(text)], hosts, False)) == []


def test_only_lines_of_matches_are_read(pack: RuleSet) -> None:
    line = b'print(api_secret)\n'
    data = line + b'x = 1\n' * 3 + line
    found = list(find_careless_code(data, [len(line)], list_exchange_hosts(pack), True))
    assert [(what, start) for what, _, start, _ in found] == [('shown', len(b'print('))]
