"""What is encrypted opens nothing alone; a key beside its passphrase is an open one."""

from __future__ import annotations

import pytest

from tests.detect.conftest import FindCredentials

_BODY = '\\n'.join(['{base64:48}'] * 4)
_LINES = '\n'.join(['{base64:48}'] * 4)
_NEW = f'-----BEGIN ENCRYPTED PRIVATE KEY-----\n{_LINES}\n-----END ENCRYPTED PRIVATE KEY-----\n'
_IN_LINE = f'-----BEGIN ENCRYPTED PRIVATE KEY-----\\n{_BODY}\\n-----END ENCRYPTED PRIVATE KEY-----'
_OLD = (
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,{HEX:32}\n\n'
    f'{_LINES}\n-----END RSA PRIVATE KEY-----\n'
)
# The magic bytes, and aes256-ctr for the cipher's name.
_OPENSSH = (
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIA\n'
    f'{_LINES}\n-----END OPENSSH PRIVATE KEY-----\n'
)


@pytest.mark.parametrize('recipe', [_NEW, _OLD, _OPENSSH])
def test_an_encrypted_key_alone_is_nothing(recipe: str, credentials: FindCredentials) -> None:
    assert credentials(recipe, 'server.key') == []


def test_a_password_of_something_else_opens_no_key(credentials: FindCredentials) -> None:
    found = credentials(f'KEY="{_IN_LINE}"\n\nDB_PASSWORD={{pass:16}}\n', '.env')
    assert [[part.role for part in one.parts] for one in found] == [['password']]


@pytest.mark.parametrize(
    'recipe',
    [
        f'PRIVATE_KEY="{_IN_LINE}"\nPRIVATE_KEY_PASSPHRASE={{pass:16}}\n',
        f'PEM_PASSWORD={{pass:16}}\n{_NEW}',
        f'ssh_key_passphrase: {{pass:16}}\n{_OPENSSH}',
        f'passphrase = "{{pass:16}}"\n{_OLD}',
    ],
)
def test_a_key_beside_its_passphrase_is_open(recipe: str, credentials: FindCredentials) -> None:
    (found,) = credentials(recipe, 'deploy.env')
    assert found.rule == 'pem-private-key'
    assert sorted(part.role for part in found.parts) == ['passphrase', 'private-key']


def test_an_encrypted_web_token_is_told_at_low_confidence(credentials: FindCredentials) -> None:
    """A JWE under `token`: nobody reads it without the key; a signed one is another matter."""
    recipe = (
        "session_token = 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ."
        "{base64url:64}.{base64url:12}.{base64url:60}.{base64url:16}'\n"
    )
    (sealed,) = credentials(recipe, 'a.py')
    (signed,) = credentials("session_token = '{base64url:64}'\n", 'a.py')
    assert [one.parts[0].confidence for one in (sealed, signed)] == ['low', 'medium']


def test_an_open_key_needs_no_passphrase(credentials: FindCredentials) -> None:
    (found,) = credentials('{pem:rsa}\n', 'server.key')
    assert [part.role for part in found.parts] == ['private-key']


_HEADER = 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ'


@pytest.mark.parametrize(
    'value',
    [
        _HEADER + '.{base64url:256}.{base64url:12}.{base64url:200}.{base64url:16}',
        _HEADER + '..{base64url:12}.{base64url:200}.{base64url:16}',
    ],
)
def test_an_encrypted_token_is_of_low_confidence(value: str, credentials: FindCredentials) -> None:
    found = credentials(f'{{{{"token": "{value}"}}}}\n', 'session.json')
    assert [part.confidence for one in found for part in one.parts] == ['low'] * len(found)


def test_a_signed_token_is_not(credentials: FindCredentials) -> None:
    value = 'eyJhbGciOiJIUzI1NiJ9.{base64url:60}.{base64url:32}'
    (found,) = credentials(f'{{{{"token": "{value}"}}}}\n', 'session.json')
    assert found.parts[0].confidence == 'medium'
