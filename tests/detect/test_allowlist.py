"""Values that are never a finding."""

from __future__ import annotations

import pytest

from keylint.detect.allowlist import (
    is_allowlisted,
    is_allowlisted_url,
    is_hash_context,
    is_public,
    repeats_name,
)
from keylint.rules.recipes import expand_recipes
from keylint.rules.rule_set import RuleSet


def made(recipe: str) -> bytes:
    return expand_recipes(recipe, 'allowlist').encode()


@pytest.mark.parametrize('recipe', ['{alnum:64}', '{hex:64}', '{base64:44}', '{alnum:20}'])
def test_random_values_are_not_allowlisted(pack: RuleSet, recipe: str) -> None:
    assert not is_allowlisted(made(recipe), pack)
    assert not is_public(made(recipe), pack)


@pytest.mark.parametrize(
    'recipe',
    [
        'your_api_key_here',
        '0x{hex:40}',
        'src/config/settings_file',
        'lib/vendor.min.js',
        'XXX{alnum:20}XXX',
        '{alnum:12}EXAMPLE',
        '0000000000000000{alnum:16}',
    ],
)
def test_what_is_no_secret_whatever_its_name(pack: RuleSet, recipe: str) -> None:
    assert is_allowlisted(made(recipe), pack)


def test_published_samples_are_public(pack: RuleSet) -> None:
    sample = min(pack.published, key=lambda value: (-len(value), value))
    assert is_public(sample, pack)
    assert is_allowlisted(sample, pack)


@pytest.mark.parametrize(
    ('recipe', 'want'),
    [
        ('https://example.org/', True),
        ('https://user:user@db.example.org/', True),
        ('https://user:abc@db.example.org/', True),
        ('https://user:{alnum:5}@db.example.org/', True),
        ('https://user:{alnum:6}@db.example.org/', False),
        ('postgres://user:tradingdb@localhost/bot', True),
        ('https://user:{alnum:20}@db.example.org/', False),
        ('postgres://user:{alnum:20}@localhost/bot', False),
        ('https://hooks.example.org/v1/{alnum:32}', False),
        ('https://hooks.example.org/v1/your_api_key_here', True),
    ],
)
def test_addresses(pack: RuleSet, recipe: str, want: bool) -> None:
    assert is_allowlisted_url(made(recipe), pack) is want


@pytest.mark.parametrize(
    ('name', 'value', 'want'),
    [
        ('api_key', b'api_key', True),
        ('api_key', b'API-KEY', True),
        ('my_api_key', b'apikey', True),
        ('apikey', b'my_apikey_2', True),
        ('key', b'keyring1', False),
        ('api_key', b'', False),
        ('api_key', b'apikey' + b'x' * 18, False),
    ],
)
def test_values_that_repeat_their_name(name: str, value: bytes, want: bool) -> None:
    assert repeats_name(name, value) is want


@pytest.mark.parametrize(
    ('before', 'want'),
    [
        (b'sha256: ', True),
        (b'integrity="', False),
        (b'"integrity": ', True),
        (b'secret: ', False),
        (b'etag=', True),
        (b'sha256: ' + b' ' * 8, False),
    ],
)
def test_names_of_hashes_before_a_value(before: bytes, want: bool) -> None:
    assert is_hash_context(before + b'value', len(before)) is want
