"""Whose a value is: a name and a length alone never make it an issuer's, and least of all money."""

from __future__ import annotations

import re

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.terms import KINDS_WITHOUT_ISSUER
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from keylint.validators.checksums import CHECKS
from tests.detect.drawn_values import draw_value
from tests.detect.identity_cases import EVM, GENERIC, NEW_FORMS, SHARED_NAMES, STRANGERS, WORD
from tests.dossiers import BUILT_IN

SHOWN = Config(severity='low', confidence='medium')
ALL = Config(severity='info', confidence='low')
SEEDS = ('one', 'two', 'three')
SHAPES = (
    '{alnum:32} {alnum:40} {alnum:64} {hex:32} 0x{hex:64} {base64:32} {base64:64} {uuid}'
).split()
NAMES = (
    'API_KEY API_SECRET SECRET_KEY SECRET TOKEN ACCESS_TOKEN AUTH_TOKEN PRIVATE_KEY KEY BOT_TOKEN '
    'SIGNING_KEY MASTER_KEY CLIENT_SECRET CLIENT_ID WEBHOOK_SECRET WALLET_KEY SESSION_TOKEN SEED '
    'JWT_SECRET ENCRYPTION_KEY KEYPAIR'
).split()


def scan(path: str, text: str, config: Config = SHOWN) -> list[Finding]:
    return list(scan_blob(Blob(text.encode(), Origin(path)), load_rules(), config).findings)


def list_shared_names() -> list[str]:
    """List the names in dossiers that have no word of an issuer."""
    pack = load_rules().pack
    names = {
        name
        for dossier in BUILT_IN
        for entry in dossier['credentials']
        for name in entry.get('names', [])
    }
    words = [text for text, _, _ in pack.issuer_words]
    return sorted(
        name
        for name in names
        if re.fullmatch(r'\w+', name)
        and not pack.issuers_in(name)
        and not any(word in name.lower() for word in words)
    )


def proves_issuer(rule: str, value: bytes) -> bool:
    """Tell whether a check or a beginning of its own makes a value an issuer's."""
    pack = load_rules().pack
    return any(
        pack.pattern(entry.shape).fullmatch(value) is not None
        and (
            CHECKS[entry.check](value)
            if entry.check is not None
            else re.match(rb'(?:\(\?:)?(?!0x)[\w-]{2}', entry.shape) is not None
        )
        for entry in pack.rules[rule].credentials
        if not entry.needs_issuer
    )


@pytest.mark.parametrize('seed', SEEDS)
@pytest.mark.parametrize('case', [*STRANGERS, *NEW_FORMS, *SHARED_NAMES])
def test_each_value_has_one_finding_of_its_own_rule(case: str, seed: str) -> None:
    path, recipe, rule = {**STRANGERS, **NEW_FORMS, **SHARED_NAMES}[case]
    found = scan(path, expand_recipes(recipe, f'{case}/{seed}'))
    assert [finding.rule for finding in found] == [rule]


@pytest.mark.parametrize(
    'text',
    [
        f"PRIVATE_KEY_AS_HEXSTR = '0x{WORD * 4}'\n",
        'PRIVATE_KEY = "0x' + '11' * 32 + '"\n',
        'APTOS_PRIVATE_KEY = "ed25519-priv-0x' + '00' * 32 + '"\n',
        '[Interface]\nPrivateKey = ' + 'A' * 43 + '=\n',
    ],
)
def test_filler_is_no_key_of_any_wallet(text: str) -> None:
    assert scan('test_keys.py', text) == []


def test_a_public_key_with_its_flag_is_no_key_file() -> None:
    text = expand_recipes('["AK{alnum:42}", "AL{alnum:42}"]\n', 'validators')
    assert scan('validators.json', text, ALL) == []


def test_keys_one_a_line_are_keys_each() -> None:
    text = expand_recipes('0x{evm}\n{solana}\n', 'two')
    rules = [finding.rule for finding in scan('keys.txt', text)]
    assert sorted(rules) == [EVM, 'solana-keypair-credential']
    assert all(len(finding.parts) == 1 for finding in scan('keys.txt', text))


@pytest.mark.parametrize('path', ['.env', 'settings.py'])
def test_a_key_of_uuid_form_is_shown_to_the_pedantic(path: str) -> None:
    text = expand_recipes('API_KEY={uuid}\n' if path == '.env' else 'API_KEY = "{uuid}"\n', 'uuid')
    assert scan(path, text) == []
    (finding,) = scan(path, text, ALL)
    assert (finding.rule, finding.severity, finding.confidence) == (GENERIC, 'low', 'low')
    assert scan('.env', expand_recipes('ORDER_KEY={uuid}\n', 'uuid'), ALL) == []


@pytest.mark.parametrize('name', [*NAMES, *list_shared_names()])
def test_no_stranger_is_named_by_its_length(name: str) -> None:
    """No value of a common shape under a common name is called an issuer's without a proof."""
    for shape in SHAPES:
        value = expand_recipes(shape, name)
        for finding in scan('.env', f'{name}={value}\n', ALL):
            if finding.issuer is not None:
                assert proves_issuer(finding.issuer, value.encode()), (shape, finding.rule)


def test_a_pair_without_a_word_is_a_guess() -> None:
    (finding,) = scan('.env', expand_recipes('API_KEY={alnum:18}\nAPI_SECRET={alnum:36}\n', 'pair'))
    assert finding.title == 'likely Bybit credential'
    assert 'Likely of Bybit: only keys of Bybit' in finding.message
    text = 'BYBIT_API_KEY={alnum:18}\nBYBIT_API_SECRET={alnum:36}\n'
    (finding,) = scan('.env', expand_recipes(text, 'pair'))
    assert finding.title == 'Bybit credential'
    assert 'likely of' not in finding.message.lower()


WHOLE = [
    (dossier, number)
    for dossier in BUILT_IN
    for number, entry in enumerate(dossier['credentials'])
    if entry.get('alone')
    and not {'within', 'check'} & entry.keys()
    and dossier['kind'] != 'database'  # a password there has no form
]


@pytest.mark.parametrize(
    ('dossier', 'number'), WHOLE, ids=[f'{dossier["id"]}-{number}' for dossier, number in WHOLE]
)
def test_what_names_itself_is_found_and_judged_by_what_it_can_do(dossier, number) -> None:  # type: ignore[no-untyped-def]
    """A secret is above low wherever it stands; the id of a key alone may be low."""
    entry = dossier['credentials'][number]
    for seed in SEEDS:
        value = draw_value(entry['shape'], f'{dossier["id"]}/{number}/{seed}')
        found = scan('notes.txt', f'the new one: {value}\n')
        assert [f.issuer for f in found] == [dossier['id']], value[:9]
        is_id = entry['role'] == 'api-key' and bool(found[0].missing)
        is_test = entry.get('environment') in ('testnet', 'paper')
        assert is_id or is_test or found[0].severity not in ('info', 'low')


def test_a_live_key_of_stripe_is_no_mere_id() -> None:
    for prefix in ('sk_live_', 'rk_live_'):
        text = expand_recipes(f'STRIPE_SECRET_KEY={prefix}{{alnum:24}}\n', prefix)
        (finding,) = scan('.env', text)
        assert finding.severity == 'high'
        assert finding.missing == ()


def test_a_key_of_bedrock_is_whole_and_an_access_key_is_not() -> None:
    (token,) = scan('.env', expand_recipes('KEY=ABSK{base64:96}\n', 'bedrock'))
    (key,) = scan('.env', expand_recipes('KEY=AKIA{base32:16}\n', 'aws'))
    assert (token.severity, token.missing) == ('high', ())
    assert (key.severity, key.missing) == ('low', ('secret',))


MONEY = ('can move everything it controls', 'approvals', 'savings', 'coins')
NO_MONEY = {
    'SSH': ('id_rsa', '{pem:rsa}\n'),
    'TLS': ('nginx/ssl/site.key', '{pem:ec}\n'),
    'app of Snowflake': ('.env', 'SNOWFLAKE_PRIVATE_KEY="{pem1:rsa}"\n'),
    'app of GitHub': ('.env', 'GITHUB_APP_PRIVATE_KEY="{pem1:rsa}"\n'),
    'Kalshi': ('.env', 'KALSHI_PRIVATE_KEY="{pem1:rsa}"\n'),
    'Ed25519': ('.env', 'SIGNING_KEY={ed25519}\n'),
    'Nostr': ('nsec.txt', '{bech32:nsec:32}\n'),
    'WireGuard': ('wg0.conf', '[Interface]\nPrivateKey = {base64:32}\n'),
}


@pytest.mark.parametrize('case', NO_MONEY)
def test_only_wallets_are_told_of_money(case: str) -> None:
    path, recipe = NO_MONEY[case]
    (finding,) = scan(path, expand_recipes(recipe, case))
    text = ' '.join([finding.message, *finding.do])
    assert not [word for word in MONEY if word in text]
    assert finding.severity == 'high'
    assert len(finding.do) == len(set(finding.do)) > 2


def test_a_wallet_is_told_of_money() -> None:
    recipe = 'nostr+walletconnect://{hex:64}?relay=wss://relay.getalby.com/v1&secret={hex:64}\n'
    for text in ('PRIVATE_KEY={evm}\n', f'NWC_URL={recipe}'):
        (finding,) = scan('.env', expand_recipes(text, 'wallet'))
        assert 'can move everything it controls' in finding.message
        assert finding.severity == 'critical'


def test_the_key_of_a_wallet_outlives_its_venue() -> None:
    (finding,) = scan('.env', expand_recipes('LINKED_SIGNER_PRIVATE_KEY=0x{evm}\n', 'vertex'))
    assert (finding.issuer, finding.severity) == ('vertex', 'critical')
    text = 'BITTREX_API_KEY={lower:32}\nBITTREX_API_SECRET={lower:32}\n'
    (finding,) = scan('.env', expand_recipes(text, 'bittrex'))
    assert (finding.issuer, finding.severity) == ('bittrex', 'low')


def test_every_key_without_an_issuer_has_a_proof_or_needs_a_word() -> None:
    for dossier in BUILT_IN:
        if dossier['kind'] in KINDS_WITHOUT_ISSUER:
            entries = load_rules().pack.rules[dossier['id']].credentials
            for entry, row in zip(entries, dossier['credentials'], strict=True):
                assert row.get('check') or entry.needs_issuer, (dossier['id'], row['shape'])
