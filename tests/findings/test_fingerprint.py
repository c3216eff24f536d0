"""Names of findings: one question decides which values may be named by a digest or a preview."""

from __future__ import annotations

import pytest

from keylint.core.model import SecretPart
from keylint.findings.fingerprint import (
    fingerprint_credential,
    is_guessable,
    locate_credential,
    make_digest,
)
from keylint.findings.redaction import preview_value
from keylint.rules.recipes import expand_recipes

PEOPLE = (
    ('secret', b'Sunflower-Trading-2024!'),
    ('token', b'correct_horse_battery_staple'),
    ('secret', b'MyBinanceWebhookSecret1'),
    ('password', b'8fZq0XvT6cY3wLr9'),
    ('url', b'postgres://bot:Sunflower2024!@db.example.org/trades'),
)
MACHINES = (
    ('secret', expand_recipes('{alnum:64}', 'fingerprint').encode()),
    ('token', expand_recipes('{hex:40}', 'fingerprint').encode()),
    ('secret', expand_recipes('{uuid}', 'fingerprint').encode()),
)


def hit(role: str, value: bytes) -> SecretPart:
    return SecretPart('x', role, value, 0, len(value), 'high', 'X_SECRET')  # type: ignore[arg-type]


@pytest.mark.parametrize(('role', 'value'), PEOPLE)
def test_a_guessable_value_has_no_digest_of_itself(role: str, value: bytes) -> None:
    part = hit(role, value)
    assert is_guessable(part)
    assert fingerprint_credential('a.env', 'x', part) != make_digest('x', value)
    other = hit(role, value.replace(b'2', b'3').replace(b'horse', b'mouse'))
    assert fingerprint_credential('a.env', 'x', part) == fingerprint_credential('a.env', 'x', other)
    assert locate_credential('x', part)
    assert value[:2].decode() not in preview_value(part).removeprefix('postgres://')


@pytest.mark.parametrize(('role', 'value'), MACHINES)
def test_a_random_value_is_named_by_itself(role: str, value: bytes) -> None:
    part = hit(role, value)
    assert fingerprint_credential('a.env', 'x', part) == make_digest('x', value)
    assert preview_value(part) == f'{value[:4].decode()}…({len(value)})'
    assert locate_credential('x', part) == ''
