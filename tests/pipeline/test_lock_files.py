"""Lock files hold names of packages and digests: only an address or a token in them is a secret."""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.packages import is_lock_file
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

_PACKAGE_IP = (
    '{{\n "dependencies": {{\n  "ip": {{"version": "1.1.5", "integrity": "sha1-{base64:20}"}},\n'
    '  "binance-api-node": {{"requires": {{"ip": "*", "permissions": "*", "withdraw": "^2"}}}},\n'
    '  "ccxt": {{"requires": {{"ip": "0.0.0.0"}}}}\n }}\n}}\n'
)
SILENT = {
    'the package ip': ('package-lock.json', _PACKAGE_IP),
    'the package ip in a folder': ('web/npm-shrinkwrap.json', _PACKAGE_IP),
    'a digest that ends like a name': (
        'yarn.lock',
        '  integrity sha512-{base64:60}/4Pw== sha512-{base64:60}/Pw==\n',
    ),
    'a package called token': (
        'pnpm-lock.yaml',
        'packages:\n  /api-token@1.2.3:\n    secret: {alnum:40}\n    password: {pass:16}\n',
    ),
    'keys of packages': ('poetry.lock', 'content-hash = "{hex:64}"\nsecret-key = "{hex:64}"\n'),
    'checksums': ('go.sum', 'github.com/x/secret-key v1.0.0 h1:{base64:32}\n'),
}
FOUND = {
    'a token in an address': (
        'package-lock.json',
        '{{"resolved": "https://npm.corp.io/x.tgz?auth_token={alnum:40}"}}\n',
        'generic-credential',
    ),
    'a login': (
        'yarn.lock',
        '  resolved "https://deploy-bot:{alnum:40}@npm.corp.io/x-1.tgz#{hex:40}"\n',
        'generic-credential',
    ),
    'a token that names itself': (
        'composer.lock',
        '{{"url": "https://ghp_{alnum:36}@github.com/a/b.git"}}\n',
        'github-credential',
    ),
}


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def _find(path: str, text: str, rules: Rules) -> list[str]:
    result = scan_blob(Blob(expand_recipes(text, 'lock').encode(), Origin(path)), rules, Config())
    assert result.failures == ()
    return [finding.rule for finding in result.findings]


@pytest.mark.parametrize('case', SILENT)
def test_what_is_nothing(case: str, rules: Rules) -> None:
    path, text = SILENT[case]
    assert _find(path, text, rules) == []


def test_the_same_elsewhere_is_something(rules: Rules) -> None:
    """Prove that the cases are silent for the name of their file."""
    elsewhere = [_find(f'a.{path}.json', text, rules) for path, text in SILENT.values()]
    assert sum(bool(found) for found in elsewhere) >= 2


@pytest.mark.parametrize('case', FOUND)
def test_secrets_are_found(case: str, rules: Rules) -> None:
    path, text, rule = FOUND[case]
    assert _find(path, text, rules) == [rule]


@pytest.mark.parametrize(
    ('path', 'is_lock'),
    [
        ('package-lock.json', True),
        ('a/b/Cargo.lock', True),
        ('a\\b\\Pipfile.lock', True),
        ('bun.lock', True),
        ('uv.lock', True),
        ('bot.lock', False),
        ('package.json', False),
        ('my-package-lock.json', False),
        ('package-lock.json/keys.json', False),
    ],
)
def test_names_of_lock_files(path: str, is_lock: bool) -> None:
    assert is_lock_file(path) is is_lock
