"""A credential is complete only where every part that its issuer asks for was found."""

from __future__ import annotations

import json

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.terms import PartKind
from keylint.findings.completeness import claim_completeness, describe_parts
from keylint.pipeline.blob import scan_blob
from keylint.rules.builtin import GENERIC_RULES
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

OKX_PAIR = 'OKX_API_KEY={uuid}\nOKX_API_SECRET={HEX:32}\n'


@pytest.mark.parametrize(
    ('kinds', 'missing', 'want'),
    [
        (('api-key', 'secret'), (), 'API key and secret are both here'),
        (('secret',), ('api-key',), 'only the secret; the API key was not found here'),
        (
            ('api-key', 'secret'),
            ('passphrase',),
            'API key and secret; the passphrase was not found here',
        ),
        (
            ('api-key',),
            ('secret', 'passphrase'),
            'only the API key; the secret and the passphrase were not found here',
        ),
    ],
)
def test_what_was_found_and_what_was_not(
    kinds: tuple[PartKind, ...], missing: tuple[PartKind, ...], want: str
) -> None:
    assert describe_parts(kinds, missing) == want


@pytest.mark.parametrize(
    ('kinds', 'rule', 'want'),
    [
        (('api-key', 'secret'), 'binance', 'complete'),
        (('api-key', 'secret'), 'okx', 'incomplete'),
        (('api-key', 'secret'), 'kucoin', 'incomplete'),
        (('api-key', 'secret'), 'bitget', 'incomplete'),
        (('token',), 'coinone', 'incomplete'),
        (('secret', 'token'), 'coinone', 'complete'),
        (('api-key',), 'stripe', 'complete'),
        (('private-key',), 'polymarket', 'complete'),
        (('private-key',), 'coinbase-cdp', 'incomplete'),
    ],
)
def test_the_dossier_says_what_is_whole(kinds: tuple[PartKind, ...], rule: str, want: str) -> None:
    claim = claim_completeness(kinds, load_rules().pack.rules[rule])
    assert (claim.value, claim.is_proven) == (want, True)


def test_of_a_value_without_issuer_nothing_is_known() -> None:
    kinds: tuple[PartKind, ...] = ('secret',)
    claim = claim_completeness(kinds, GENERIC_RULES['generic-credential'])
    assert (claim.value, claim.certainty) == ('unknown', 'unknown')
    text = expand_recipes('SOME_SERVICE_SECRET = "{alnum:40}"\n', 'completeness')
    (finding,) = scan_blob(Blob(text.encode(), Origin('a.py')), load_rules(), Config()).findings
    assert finding.message.startswith('Found: secret. ')


@pytest.mark.parametrize(
    'name', ['text', 'json', 'jsonl', 'sarif', 'gitlab', 'csv', 'markdown', 'html', 'junit']
)
def test_every_format_says_which_part_is_missing(
    repository: Repository, keylint: Run, name: str
) -> None:
    repository.write('bot.env.txt', expand_recipes(OKX_PAIR, 'completeness'))
    text = keylint('scan', str(repository.folder), '--isolated', '--format', name).stdout
    words = ' '.join(text.replace('&#32;', ' ').split())
    assert 'the passphrase was not found here' in words
    if name == 'json':
        (finding,) = json.loads(text)['findings']
        assert (finding['missing_parts'], finding['severity']) == (['passphrase'], 'high')
