"""Words and names of models are no secrets, although the name of an issuer's part stands beside."""

from __future__ import annotations

import pytest

from keylint.validators.randomness import is_random
from tests.detect.conftest import FindCredentials

SILENT = {
    'a table': (
        'README.md',
        '| Variable | Vendor | Model |\n|---|---|---|\n'
        '| OPENAI_API_KEY | OpenAI | gpt-4o-mini |\n| GROQ_API_KEY | Groq | llama3-70b-8192 |\n'
        '| ANTHROPIC_API_KEY | Anthropic | claude-3-5-sonnet-20241022 |\n',
    ),
    'a list': ('README.md', 'OPENAI_API_KEY: gpt-4o-mini-2024-07-18\nBYBIT_SECRET : section-4b\n'),
    'a message of a commit': (
        'COMMIT_EDITMSG',
        'Load Polymarket credentials from 1Password\n\npolymarket: token from 1Password\n',
    ),
    'a log of what was started': (
        'bot.log',
        'kucoin up\nidentityToken -> IdentityTokenV2Handler\nkucoin.passphrase -> KcKeyVersion2\n',
    ),
}
FOUND = {
    'a value with its prefix': (
        'README.md',
        '| OPENAI_API_KEY | sk-proj-{alnum:40}T3BlbkFJ{alnum:40} |\n',
        'openai',
    ),
    'a value of a new form': ('.env', 'OPENAI_API_KEY={hex:32}\n', 'openai'),
    'a value behind an arrow': ('bot.log', 'bybit apiSecret -> {alnum:36}\n', 'bybit'),
}


@pytest.mark.parametrize('case', SILENT)
def test_words_are_silent(case: str, credentials: FindCredentials) -> None:
    path, recipe = SILENT[case]
    assert credentials(recipe, path) == []


@pytest.mark.parametrize('case', FOUND)
def test_values_are_found(case: str, credentials: FindCredentials) -> None:
    path, recipe, rule = FOUND[case]
    assert [found.rule for found in credentials(recipe, path)] == [rule]


@pytest.mark.parametrize(
    'name', [b'gpt-4o-mini-2024-07-18', b'llama3-70b-8192', b'v2-module-3', b'mixtral-8x-7b-32k']
)
def test_names_of_models_are_not_random(name: bytes) -> None:
    assert not is_random(name)
