"""Every decision about a severity.

What was found, which money is behind it, and where it stands.
"""

from __future__ import annotations

import pytest

from keylint.core.key_model import Violation
from keylint.core.model import Credential, KeyDeclaration, SecretPart
from keylint.core.terms import Environment, PartKind, Severity
from keylint.findings.severity import (
    credential_confidence,
    credential_severity,
    violation_confidence,
    violation_severity,
)
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.policy_types import PolicyText
from keylint.rules.types import CredentialSeverity, Rule

RULE = Rule(
    name='Kraken',
    kind='exchange',
    status='live',
    credentials=(),
    roles=('api-key', 'secret'),
    environments={},
    why='',
    do=(),
    severity=CredentialSeverity('critical', 'high', 'low'),
    manage=None,
    revoke=(),
    declarations_row=b'',
)


def credential(
    *kinds: PartKind, environment: Environment = 'live', rule: str = 'kraken'
) -> Credential:
    hits = tuple(SecretPart(rule, kind, b'x' * 20, 0, 20, 'medium') for kind in kinds)
    return Credential(rule, hits, environment, 0)


@pytest.mark.parametrize(
    ('kinds', 'environment', 'want'),
    [
        (('api-key', 'secret'), 'live', 'critical'),
        (('api-key', 'secret'), 'unknown', 'critical'),
        (('api-key', 'secret'), 'testnet', 'medium'),
        (('api-key', 'secret'), 'paper', 'medium'),
        (('secret',), 'live', 'high'),
        (('secret',), 'testnet', 'medium'),
        (('api-key',), 'live', 'low'),
        (('api-key', 'passphrase'), 'live', 'low'),
        (('api-key',), 'testnet', 'low'),
    ],
)
def test_parts_and_environment(
    kinds: tuple[PartKind, ...], environment: Environment, want: Severity
) -> None:
    found = credential_severity(credential(*kinds, environment=environment), RULE, 'bot.py')
    assert found == want


def test_a_closed_venue_is_low_at_most() -> None:
    closed = RULE._replace(status='closed')
    assert credential_severity(credential('secret'), closed, 'bot.py') == 'low'


def test_a_sample_of_an_installed_package_is_medium_at_most() -> None:
    both = credential('api-key', 'secret')
    assert credential_severity(both, RULE, 'v/site-packages/a.py') == 'medium'
    assert credential_severity(credential('api-key'), RULE, 'v/site-packages/a.py') == 'low'


def test_only_unidentified_values_are_samples_in_tests() -> None:
    generic = GENERIC_RULES['generic-credential']
    unidentified = credential('secret', rule='generic-credential')
    assert credential_severity(unidentified, generic, 'bot.py') == 'high'
    assert credential_severity(unidentified, generic, 'tests/bot.py') == 'medium'
    assert credential_severity(credential('secret'), RULE, 'tests/bot.py') == 'high'


def test_the_surest_part_decides_on_confidence() -> None:
    unsure = credential('api-key', 'secret')
    sure = unsure.parts[1]._replace(confidence='high')
    assert credential_confidence(unsure) == 'medium'
    assert credential_confidence(unsure._replace(parts=(unsure.parts[0], sure))) == 'high'


@pytest.mark.parametrize(
    ('case', 'environment', 'want'),
    [
        ('open', 'live', 'critical'),
        ('other', 'live', 'medium'),
        ('open', 'testnet', 'medium'),
        ('other', 'testnet', 'low'),
        ('open', 'paper', 'critical'),
    ],
)
def test_policies(case: str, environment: Environment, want: Severity) -> None:
    policy = PolicyText('', {'open': 'critical', 'else': 'medium'}, '', ())
    assert violation_severity(policy, case, environment) == want


def test_what_several_files_or_a_configuration_say_is_less_certain() -> None:
    inventory = KeyDeclaration('kraken', 'inventory', 0, 1)
    violation = Violation('r', 'low', 't', 'm', (), 'i', inventory)
    config = inventory._replace(source='config')
    assert violation_confidence(violation) == 'high'
    assert violation_confidence(violation._replace(path='a.yaml')) == 'medium'
    assert violation_confidence(violation._replace(declaration=config)) == 'medium'
    assert violation_confidence(violation._replace(declaration=None)) == 'medium'
