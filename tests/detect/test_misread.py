"""What real histories held and was taken for something else: silent or named rightly since."""

from __future__ import annotations

import json

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

GATE = (
    '{{"exchanges": {{"gateio": {{"api-key": "", "api-secret": ""}}}},\n'
    ' "services": {{\n  "web": {{\n   "{name}": "{hex:64}"\n  }}\n }}\n}}\n'
)


def rules(keylint: Run, name: str, text: str) -> list[str]:
    """Return the rules that find something in a file of this text, whatever the severity."""
    done = keylint(
        'scan',
        '-',
        '--stdin-filename',
        name,
        '--isolated',
        '--format',
        'json',
        '--exit-zero',
        stdin=text.encode(),
    )
    return [finding['rule'] for finding in json.loads(done.stdout)['findings']]


@pytest.mark.parametrize(
    ('name', 'recipe', 'want'),
    [
        pytest.param(
            'pools.json',
            '{{"name": "LP Element Yield Token yvCurve-MIM-29APR22"}}',
            [],
            id='a coin is called a token',
        ),
        pytest.param(
            'notes.md',
            'use the API token {alnum:40} for it',
            ['generic-credential'],
            id='a token of access in prose',
        ),
        pytest.param(
            'keys.pyi', 'def load(private_key: Ed25519PrivateKey) -> None: ...', [], id='a type'
        ),
        pytest.param(
            'keys.py',
            'def load(pem) -> (\n'
            '    RSAPrivateKey | EllipticCurvePrivateKey | X25519PrivateKey\n'
            '    | X448PrivateKey): ...',
            [],
            id='a choice of types',
        ),
        pytest.param(
            'keys.py',
            "private_key = 'Ed{alnum:41}'",
            ['generic-credential'],
            id='a value that begins like a type',
        ),
        pytest.param(
            'logo.svg',
            '<svg>{alnum:64}+oqpqjpLhzSK {alnum:76} {alnum:76}</svg>',
            [],
            id='a line of base64 that ends like a name',
        ),
        pytest.param(
            'commit.txt',
            ' {alnum:52}+oqpqjpLhzSK\n {alnum:64}\n {alnum:64}\n',
            [],
            id='a signature of a commit',
        ),
        pytest.param(
            'commit.txt',
            'author Invalid Token <{digits:8}+octocat@users.noreply.github.com> 1714740000 +0200',
            [],
            id='an author',
        ),
        pytest.param(
            'config.json',
            GATE.replace('{name}', 'password'),
            ['generic-password'],
            id='a password of a web interface is no Gate secret',
        ),
        pytest.param(
            'config.json',
            '{{"pairs": ["DYDX/USDT"],\n "api_server": {{\n  "jwt_secret_key": "{evm}"\n }}\n}}',
            ['generic-credential'],
            id='a JWT secret beside a coin is no key of dYdX',
        ),
        pytest.param(
            'deploy.ts',
            "const accounts = ['0x{hex:40}', '0x{hex:40}'];",
            [],
            id='accounts by their addresses',
        ),
        pytest.param(
            'deploy.ts',
            "accounts: [\n  '0x{evm}',\n  '{evm:2}', '0x{evm:3}'\n]",
            ['evm-private-key-credential'] * 3,
            id='accounts by their keys',
        ),
        pytest.param(
            'sign.py',
            'signature = hmac.new(b"{alnum:64}", query, hashlib.sha256).hexdigest()',
            ['generic-credential'],
            id='what signs in Python',
        ),
        pytest.param(
            'sign.go',
            'mac := hmac.New(sha256.New, []byte("{alnum:64}"))',
            ['generic-credential'],
            id='what signs in Go',
        ),
        pytest.param(
            'api.json', '{{"hmac": "{hex:64}", "algorithm": "sha256"}}', [], id='a signature'
        ),
        pytest.param(
            'load.py',
            'Account.from_key(bytes.fromhex("{evm}"))',
            ['evm-private-key-credential'],
            id='a key in hexadecimal digits',
        ),
        pytest.param(
            'bot.reg',
            '[HKEY_CURRENT_USER\\Bot\\Binance]\n"ApiKey"="{alnum:64}"\n"Secret"="{alnum:64}"\n',
            ['binance-credential'],
            id='names in quotes',
        ),
        pytest.param(
            'notes.md',
            'the checksum is `{hex:64}` and the commit is `{hex:40}`',
            [],
            id='what is said to be something else',
        ),
        pytest.param('.env', 'DYDX_PRIVATE_KEY={evm}', ['dydx-credential'], id='a key of dYdX'),
        pytest.param(
            '.env',
            'JWT_PRIVATE_KEY="{pem1:ed25519}"',
            ['pem-private-key-credential'],
            id='a private key for JWT',
        ),
    ],
)
def test_misread(keylint: Run, name: str, recipe: str, want: list[str]) -> None:
    assert rules(keylint, name, expand_recipes(recipe, 'misread')) == want


@pytest.mark.parametrize(
    ('folder', 'want'),
    [
        ('', 'critical'),
        ('venv/bot/', 'critical'),
        ('.venv/lib/python3.12/site-packages/shop/', 'low'),
        ('web/node_modules/shop/', 'low'),
    ],
)
def test_what_packages_bring_along_is_lower(keylint: Run, folder: str, want: str) -> None:
    text = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'packages')
    done = keylint(
        'scan',
        '-',
        '--stdin-filename',
        f'{folder}settings.env',
        '--isolated',
        '--format',
        'json',
        stdin=text.encode(),
    )
    [finding] = json.loads(done.stdout)['findings']
    assert finding['severity'] == want
    assert (finding['rule'] == 'committed-dependencies') == (want == 'low')


def rows(words: list[str]) -> dict[str, str]:
    """Return a phrase in the forms in which it is written down."""
    return {
        'plain.txt': ' '.join(words),
        'words.ts': f'const words = [{", ".join(repr(word) for word in words)}];',
        'ton.py': f'mnemonics = [\n{"".join(f"    {word!r},{chr(10)}" for word in words)}]',
        'words.json': json.dumps({'words': words}, indent=2),
        'paper.txt': '\n'.join(f'{number}. {word}' for number, word in enumerate(words, 1)),
        'paper.md': '  '.join(f'{number}) {word}' for number, word in enumerate(words, 1)),
        'table.txt': '\n'.join(f'{number} {word}' for number, word in enumerate(words, 1)),
    }


@pytest.mark.parametrize('name', rows([]))
@pytest.mark.parametrize('count', [12, 24])
def test_a_phrase_is_one_however_it_is_written_down(keylint: Run, name: str, count: int) -> None:
    words = expand_recipes(f'{{mnemonic:{count}}}', f'rows/{count}').split()
    assert rules(keylint, name, rows(sorted(words))[name]) == []
    assert rules(keylint, name, rows(words)[name]) == ['bip39-mnemonic-credential']
