"""What names say: words, the part of a credential, and names that say nothing."""

from __future__ import annotations

import pytest

from keylint.core.names import find_role, split_words, squeeze_name


@pytest.mark.parametrize(
    ('name', 'words'),
    [
        ('', ()),
        ('__', ()),
        ('apiKey', ('api', 'key')),
        ('binanceAPIKey_2', ('binance', 'api', 'key', '2')),
        ('X-MBX-APIKEY', ('x', 'mbx', 'apikey')),
        ('api key', ('api', 'key')),
        ('key2Secret', ('key', '2', 'secret')),
    ],
)
def test_words(name: str, words: tuple[str, ...]) -> None:
    assert split_words(name) == words


def test_squeezed_names() -> None:
    assert squeeze_name('X-MBX-API_key 2') == 'xmbxapikey2'


@pytest.mark.parametrize(
    'name',
    """
    order_id user_id key_id_count token_length token_count key_path key_name api_url
    public_secret token_type password_hash total the_secret_key_name key_file token_address
    """.split(),
)
def test_names_of_what_is_no_secret(name: str) -> None:
    assert find_role(name) is None


def test_a_sentence_is_no_name() -> None:
    words = ' '.join(['of'] * 11)
    assert find_role(f'{words} secret') == ('secret', True)
    assert find_role(f'{words} the secret') is None
    assert find_role('') is None


@pytest.mark.parametrize(
    ('name', 'want'),
    [
        ('key', ('api-key', False)),
        ('api_key', ('api-key', True)),
        ('BINANCE_API_KEY_2', ('api-key', True)),
        ('apiKeyTestnet', ('api-key', True)),
        ('access_key_id', ('api-key', True)),
        ('public_key', ('api-key', False)),
        ('secret', ('secret', False)),
        ('secret_length', ('secret', True)),
        ('BINANCE_API_SECRET', ('secret', True)),
        ('hmac.new', ('secret', True)),
        ('my_secret_v1', ('secret', True)),
        ('private_key', ('private-key', True)),
        ('wallet_private_keys', ('private-key', True)),
        ('walletkey', ('private-key', True)),
        ('mnemonic', ('mnemonic', True)),
        ('seed_phrase', ('mnemonic', True)),
        ('backup words', ('mnemonic', True)),
        ('passphrase', ('passphrase', True)),
        ('okx_password', ('password', True)),
        ('access_token', ('token', True)),
        ('github_token', ('token', True)),
    ],
)
def test_the_part_that_a_name_speaks_of(name: str, want: tuple[str, bool]) -> None:
    assert find_role(name) == want


@pytest.mark.parametrize(
    ('name', 'want'),
    [
        ('words', None),
        ('wallet words', ('mnemonic', True)),
        ('secretphrase', ('mnemonic', True)),
        ('private_id', None),
        ('private_pem', ('private-key', True)),
        ('private_hex', None),
        ('seed', ('private-key', False)),
        ('my_seed', ('private-key', True)),
        ('extended key', ('private-key', True)),
        ('extended id', None),
        ('validate_password', None),
        ('my_password', ('password', True)),
        ('token', ('token', False)),
        ('bearer', ('token', False)),
        ('bearer_size', None),
        ('keys', ('api-key', False)),
        ('user_keys', ('api-key', False)),
        ('client_id', ('api-key', True)),
        ('myapikey', ('api-key', True)),
        ('my_webhook', ('url', True)),
        ('slackwebhook', ('url', True)),
        ('dsn', ('url', True)),
        ('public_address', None),
        ('private', None),
        ('my_auth', ('token', True)),
        ('2', None),
        ('key_2', ('api-key', False)),
    ],
)
def test_names_that_say_it_another_way(name: str, want: tuple[str, bool] | None) -> None:
    assert find_role(name) == want
