"""Secrets that symbols break into runs too short for the other patterns."""

from __future__ import annotations

import pytest

from keylint.rules.recipes import expand_recipes
from tests.detect.layered import found

SEEDS = tuple(f'broken/{number}' for number in range(8))
FORMS = {
    'assignment': ('settings.py', "SECRET_KEY = '{v}'\n"),
    'settings': ('.env', 'SECRET_KEY={v}\n'),
    'quoted settings': ('.env', 'SECRET_KEY="{v}"\n'),
    'YAML': ('config.yaml', 'secret_key: "{v}"\n'),
    'JSON': ('config.json', '{{{{"jwtSecret": "{v}"}}}}\n'),
    'JavaScript': ('config.js', 'const config = {{{{ jwtSecret: "{v}", port: 1 }}}};\n'),
    'default of a look-up': ('settings.py', "SECRET_KEY = os.getenv('SECRET_KEY', '{v}')\n"),
    'next line': ('settings.py', "SECRET_KEY = (\n    '{v}'\n)\n"),
}
VALUES = {'Django': '{django:50}', 'short runs': '{lower:6}!{lower:5}${lower:6}@{lower:6}'}
SILENT = {
    'a colour': 'keyColor: "#a40e26", tokenForeground: "#098658ff"\n',
    'an address': 'token_url = "https://x.io/oauth?id=1&next=2!%20#a1"\n',
    'a template': 'secret = "${VAULT_1}!${VAULT_2}@a1"\n',
    'code': 'token = self._find(x1)*2!=y[3]&&tokens.length1\n',
    'a sentence': 'secret = "ask for it at #ops-2 (24/7)!"\n',
    'a password hash': 'PASSWORD_KEY = "pbkdf2_sha256$1200000$abc1$Zm9v"\n',
    'a version': 'key = "actions/checkout@v4.2.2#main"\n',
}


@pytest.mark.parametrize('case', SILENT)
def test_other_texts_with_symbols_are_silent(case: str) -> None:
    assert found('config.js', SILENT[case]) == []


@pytest.mark.parametrize('value', VALUES)
@pytest.mark.parametrize('form', FORMS)
def test_a_quoted_string_is_one_value(form: str, value: str) -> None:
    name, text = FORMS[form]
    missed = [
        seed
        for seed in SEEDS
        if not found(name, expand_recipes(text.format(v=VALUES[value]), seed))
    ]
    assert len(missed) <= 1, missed  # one in fifty reads like words


def test_a_bare_value_is_reported_once() -> None:
    text = expand_recipes('DJANGO_SECRET_KEY={django:50}\n', SEEDS[0])
    (finding,) = found('.env', text)
    assert [part.value for part in finding.parts] == [text.partition('=')[2].strip()]
