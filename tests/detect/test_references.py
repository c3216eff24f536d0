"""References to secrets that are kept elsewhere are no secrets, whatever name they stand under."""

from __future__ import annotations

import pytest

from tests.detect.conftest import FindCredentials

SILENT = {
    'an ARN': 'db_password: arn:aws:secretsmanager:us-east-1:1234:secret:prod/k-{alnum:6}\n',
    'an ARN in HCL': (
        'password = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/keys-{alnum:16}"\n'
    ),
    'a parameter': 'api_secret: arn:aws-cn:ssm:cn-north-1:1:parameter/bots/{alnum:20}\n',
    'helmfile': 'db_password: ref+vault://secret/data/prod/{alnum:20}#/password\n',
    'helmfile and AWS': 'api_secret: ref+awssecrets://prod/binance-{alnum:16}#/secret\n',
    '1Password': 'binance_api_key: op://Trading7/{alnum:26}/credential\n',
    '1Password in quotes': 'BINANCE_SECRET="op://vault/{alnum:26}/secret"\n',
    'vault with a colon': 'password: vault:secret/data/prod/db#{alnum:16}\n',
    'secret with a colon': 'binance_api_secret: secret:prod/binance-{alnum:16}\n',
    'a key vault': 'password: keyvault:prod-{alnum:20}\n',
    'a key vault of an app': (
        'DB_PASSWORD=@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db/{hex:32})\n'
    ),
    'a keyring': 'password: "keyring://bots/{alnum:20}"\n',
    'Google': 'token: projects/my-project/secrets/{alnum:20}/versions/1\n',
    'Google in short': 'token: sm://my-project-123/{alnum:20}\n',
    'a tag of YAML': 'token: !vault secret/data/{alnum:20}\n',
    'a tag of an assistant': 'password: !secret mqtt{alnum:20}\n',
    'a call': 'secret = get_secret("prod/binance-{alnum:20}")\n',
    'a request': 'secret = client.get_secret_value(SecretId="prod/{alnum:20}")\n',
    'a lookup': "password: \"{{{{ lookup('hashi_vault', 'secret/data/{alnum:20}') }}}}\"\n",
}
FOUND = {
    'a header': 'curl -H "X-Secret:{alnum:32}"\n',
    'a list of names and values': 'login ok key:{alnum:32} secret:{alnum:32}\n',
    'an address with a password': 'db: "postgres://u:{alnum:20}@db.corp.io/x"\n',
    'a query': 'get("https://x.io/?api_secret={alnum:40}")\n',
    'a password': 'db_password: "{pass:16}"\n',
    'a value beside a reference': 'a: op://x/y\npassword: {pass:16}\n',
}


@pytest.mark.parametrize('case', SILENT)
def test_references_are_silent(case: str, credentials: FindCredentials) -> None:
    assert credentials(SILENT[case], 'deploy.yaml') == []


@pytest.mark.parametrize('case', FOUND)
def test_values_beside_colons_are_found(case: str, credentials: FindCredentials) -> None:
    assert len(credentials(FOUND[case], 'deploy.yaml')) == 1
