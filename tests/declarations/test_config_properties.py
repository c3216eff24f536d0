"""Facts of declarations, and what holds for any text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keylint.core.terms import PERMISSIONS
from keylint.rules.rule_set import RuleSet
from tests.declarations.entries import LOUD, declare, read

FACTS = {
    'label': ('label: grid', 'label', 'grid'),
    'name of the key': ('key_name: grid', 'label', 'grid'),
    'account': ('sub_account: main', 'account', 'main'),
    'purpose': ('purpose: tax', 'purpose', 'tax'),
    'created': ('created_at: 2025-12-01', 'created', '2025-12-01'),
    'expires': ('validUntil: 2026-12-01', 'expires', '2026-12-01'),
    'rotation': ('rotation: 90d', 'rotate_after', '90d'),
    'reference': ('secret_ref: env:KRAKEN_SECRET', 'secret_ref', 'env:KRAKEN_SECRET'),
    'users': ('used_by: [grid-bot, tax-tool]', 'used_by', ('grid-bot', 'tax-tool')),
    'users in one text': ('used_by: grid-bot, tax-tool', 'used_by', ('grid-bot', 'tax-tool')),
    'no second factor': ('2fa: false', 'two_factor', False),
    'second factor': ('two_factor: yes', 'two_factor', True),
    'test network': ('environment: testnet', 'environment', 'testnet'),
    'sandbox': ('sandbox: true', 'environment', 'testnet'),
    'no sandbox': ('sandbox: false', 'environment', 'unknown'),
    'live': ('environment: production', 'environment', 'live'),
    'denied': (
        'forbidden_permissions: [withdraw, transfer]',
        'denied',
        frozenset(('withdraw', 'transfer')),
    ),
    'unknown': ('scopes: [frobnicate]', 'unknown', ('frobnicate',)),
    'from an inventory': ('secret_ref: env:KRAKEN_SECRET', 'source', 'inventory'),
    'from a configuration': ('comment: main', 'source', 'config'),
}


@pytest.mark.parametrize('case', FACTS)
def test_facts(case: str, pack: RuleSet) -> None:
    line, field, value = FACTS[case]
    (said,) = read(
        'keys.yaml',
        f'exchange: kraken\npermissions: [read]\nip_allowlist: [52.54.32.109]\n{line}\n',
        pack,
    )
    assert getattr(said, field) == value


NAMES = (
    'keys.yaml',
    'keys.json',
    'keys.toml',
    '.env',
    'main.tf',
    'keys.py',
    'keys.js',
    'README.md',
    'config.ini',
    'keys.xml',
)


WORDS = st.sampled_from(
    [
        *'{}[]():=,\n"\'#-&*',
        '  ',
        *(
            'exchange kraken permissions withdraw read ip_allowlist 0.0.0.0/0 true << [[keys]] ---'
        ).split(),
    ]
)


TEXTS = st.one_of(
    st.lists(WORDS, max_size=60).map(''.join),
    st.lists(WORDS, max_size=60).map(' '.join),
    st.text(max_size=200),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(NAMES), TEXTS)
def test_any_text_is_read(pack: RuleSet, name: str, text: str) -> None:
    for said in declare(text.encode('utf-8', 'surrogatepass'), name, pack):
        assert said.restriction in ('none', 'listed', 'placeholder', 'unknown')
        assert (said.permissions or frozenset()) <= set(PERMISSIONS)
        assert said.restriction == 'listed' or not said.addresses


@pytest.mark.parametrize(
    ('name', 'number'),
    [('yaml merge', 1), ('yaml documents', 2), ('toml array of tables', 2), ('json lines', 2)],
)
def test_the_same_text_twice_says_twice(name: str, number: int, pack: RuleSet) -> None:
    path, text, _ = LOUD[name]
    between = '\n---\n' if path.endswith('.yaml') else '\n'
    once, twice = (declare(data.encode(), path, pack) for data in (text, text + between + text))
    assert len(twice) == 2 * len(once) >= 2 * number
