"""On chains a token is a coin: what everybody may see needs a secret's name to be a secret."""

from __future__ import annotations

import pytest

from tests.detect.conftest import FindCredentials

SILENT = [
    'TOKEN={base58-bytes:32}\n',
    'QUOTE_TOKEN={base58-bytes:32}\nTOKEN_MINT={base58-bytes:32}\n',
    'INPUT_TOKEN="{base58-bytes:32}"\n',
    'BASE_MINT={base58-bytes:32}\nQUOTE_MINT={base58-bytes:32}\n',
    "TOKENS = ['{base58-bytes:32}', '{base58-bytes:32}']\n",
    'auth = "{base58-bytes:32}"\n',
    'pool_key = "{base58-bytes:32}"\nowner_key = "{base58-bytes:32}"\n',
    'pk = "{base58-bytes:32}"\n',
    'token: {base58-bytes:64}\n',
]
FOUND = [
    ('PRIVATE_KEY={base58-bytes:32}\n', 'private-key'),
    ('WALLET_SECRET={base58-bytes:32}\n', 'private-key'),
    ('API_TOKEN={base58-bytes:32}\n', 'token'),
    ('access_token = "{base58-bytes:32}"\n', 'token'),
    ('TOKEN={solana}\n', 'token'),
    ('TOKEN={alnum:40}\n', 'token'),
]


@pytest.mark.parametrize('recipe', SILENT)
def test_mints_and_signatures_are_no_secrets(recipe: str, credentials: FindCredentials) -> None:
    assert credentials(recipe, '.env') == []


@pytest.mark.parametrize(('recipe', 'role'), FOUND)
def test_a_name_of_a_secret_counts(recipe: str, role: str, credentials: FindCredentials) -> None:
    (found,) = credentials(recipe, '.env')
    assert [part.role for part in found.parts] == [role]
