"""What stands for a secret is recognised, by families of `rules/placeholders.yaml`.

What a generator made never is.
"""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from keylint.validators.placeholders import Placeholders, build_patterns, is_placeholder

PLACEHOLDERS = {
    'interpolation': (
        '${VAR}',
        '${KEY:-}',
        '$API_KEY',
        '$api_secret',
        '%API_KEY%',
        '!Ref ApiKey',
        '!vault |',
        '!ENV API_KEY',
    ),
    'template': (
        '{{ var }}',
        '{{var}}',
        '{{ .Values.apiKey }}',
        '{% secret %}',
        '<%= key %>',
        '{api_key}',
        '@API_KEY@',
        '__API_KEY__',
        '#{k}',
    ),
    'shell': ('$(cat key.txt)', '`pass show binance`', '$(aws secretsmanager get-secret-value)'),
    'lookup': (
        "os.environ['API_KEY']",
        "os.getenv('SECRET')",
        'process.env.API_KEY',
        'config.api_key',
        "settings['secret']",
        'self.api_key',
    ),
    'masked': (
        'abcd****',
        '****',
        'sk-xxxxxxxxxxxx',
        'XXXXXXXXXXXXXXXX',
        'abc...xyz',
        '1234…',
        '••••••••',
    ),
    'angle brackets': ('<API_KEY>', '<your api key>', '<insert key here>', '<api-secret'),
    'repeated': (
        '0' * 32,
        '0' * 64,
        '0x' + '0' * 64,
        'a' * 64,
        '0x' + '1' * 64,
        'ff' * 32,
        'deadbeef' * 8,
        '0' * 63 + '1',
        'xxxx',
        '....',
        '?',
    ),
    'sequence': (
        '0123456789abcdef' * 4,
        '1234567890',
        '123456',
        'abc123',
        'abcdef1234567890',
        'qwerty',
        'qwerty123',
        '0x0123456789abcdef',
    ),
    'uuid': (
        '00000000-0000-0000-0000-000000000000',
        '12345678-1234-1234-1234-123456789012',
        'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
    ),
    'encrypted': (
        'ENC[AES256_GCM,data:abc,type:str]',
        'ENC(abcdef=)',
        'vault:v1:abcdef',
        '{cipher}abcdef',
        '$ANSIBLE_VAULT;1.1;AES256',
    ),
    'reference': (
        'op://vault/binance/key',
        'arn:aws:secretsmanager:eu-west-1:1:secret:a',
        '/run/secrets/api_key',
        'env://API_KEY',
    ),
    'path': (
        './secrets/key.pem',
        '/etc/bot/key',
        '~/keys/binance.json',
        'keys/id.pem',
        'c:\\keys\\a',
        '/path/to/key',
        'secret.key',
    ),
    'date or number': (
        '2024-01-01',
        '2024-01-01T00:00:00Z',
        '1',
        '10000',
        '1.2.3',
        '127.0.0.1:8080',
    ),
    'name of a variable': ('API_KEY', 'BINANCE_API_SECRET', 'MY_SECRET'),
    'your': (
        'your_api_key',
        'YOUR_API_KEY',
        'YourApiKey',
        'your-binance-secret',
        'your api key',
        'my_secret_key',
        'my-key',
        "'your_key'",
    ),
    'x run': ('xxx', 'xxxx', 'xxxx-xxxx', 'sk_xxx'),
    'nothing': (
        '',
        ' ',
        'null',
        'None',
        'nil',
        'undefined',
        'n/a',
        'false',
        'true',
        'TODO',
        'tbd',
        'unset',
        'missing',
        'optional',
    ),
    'change me': (
        'changeme',
        'change_me',
        'ChangeMe',
        'change-this',
        'please_change_me',
        'replace_me',
        'replace with your key',
        'editme',
    ),
    'imperative': (
        'insert_key_here',
        'put your secret here',
        'paste key',
        'enter_api_key',
        'ADD_TOKEN',
        'fill_in_password',
    ),
    'here': ('key_goes_here', 'api-key-here', 'keyhere', 'secret_here'),
    'dummy': (
        'dummy',
        'dummy_key',
        'test_api_key',
        'fake-secret',
        'testkey',
        'sample_token',
        'demo',
        'foo',
        'foobar',
        'invalid_key',
    ),
    'name of a field': (
        'api_key',
        'apiKey',
        'secret',
        'api_secret',
        'access_token',
        'password',
        'binance_api_key',
        'private-key',
        'passphrase',
    ),
    'redacted': ('redacted', '[REDACTED]', '<removed>', '**hidden**', '(filtered)', 'omitted'),
    'other languages': ('dein_schluessel', 'votre_cle', 'seu_token', 'il_tuo segreto'),
    'sentence': (
        'the key of the account',
        'ask the admin for it',
        'see README',
        "don't commit this!",
    ),
    'example': (
        'example',
        'example_key',
        'my_example_secret',
        'placeholder',
        'key-placeholder',
        'not_a_real_key',
        'exampleSecretKey',
    ),
    'weak': (
        'admin',
        'root',
        'letmein',
        'password123',
        'hunter2',
        'secret1',
        'supersecret',
        'somethingrandom',
    ),
    'stub after a prefix': (
        'sk_test_your_key',
        'sk-xxxx',
        'ghp_xxxx',
        'AKIA_example',
        'sk_live_...',
    ),
    'foreign letters': ('ключ', 'あなたの鍵です', '你的密钥在这里', '여기에키입력'),
}
# What an exchange hands out, as recipes.
MADE = (
    '{alnum:64}',
    '{alnum:32}',
    '{alnum:20}',
    '{lower:32}',
    '{upper:32}',
    '{hex:32}',
    '{hex:64}',
    '{HEX:40}',
    '{base64:42}',
    '{base64:64}',
    '{base64url:32}',
    '{urlsafe:40}',
    '{uuid}',
    '{evm}',
    '{wif}',
    '{xprv}',
    '{stellar}',
    '{xrp}',
    '{solana}',
    '{pass:16}',
    '{mnemonic:12}!',
)


@pytest.fixture(scope='module')
def families() -> Placeholders:
    return load_rules(()).pack.placeholders


@pytest.mark.parametrize('family', PLACEHOLDERS)
def test_placeholders_are_recognised(family: str, families: Placeholders) -> None:
    assert [
        text for text in PLACEHOLDERS[family] if not is_placeholder(text.encode(), families)
    ] == []


@pytest.mark.parametrize('family', PLACEHOLDERS)
def test_quotes_and_spaces_around_do_not_matter(family: str, families: Placeholders) -> None:
    wrapped = [
        f' {mark}{text}{mark}, ' for text in PLACEHOLDERS[family] for mark in ('"', "'", '`')
    ]
    assert [text for text in wrapped if not is_placeholder(text.encode(), families)] == []


@pytest.mark.parametrize('recipe', MADE)
def test_made_values_are_none(recipe: str, families: Placeholders) -> None:
    values = [expand_recipes(recipe, f'placeholders/{number}').rstrip('!') for number in range(50)]
    taken = [value for value in values if is_placeholder(value.encode(), families)]
    assert (len(taken) == 50) if 'mnemonic' in recipe else (taken == [])


@settings(max_examples=500, deadline=None)
@given(seed=st.integers(min_value=0), length=st.integers(32, 64))
def test_random_letters_and_digits_are_none(families: Placeholders, seed: int, length: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - seeded on purpose
    value = ''.join(chance.choices(string.ascii_letters + string.digits, k=length))
    assert not is_placeholder(value.encode(), families)


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(min_value=0), length=st.sampled_from((32, 40, 64)))
def test_random_hex_is_none(families: Placeholders, seed: int, length: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - seeded on purpose
    value = f'{chance.getrandbits(4 * length):0{length}x}'
    assert not is_placeholder(value.encode(), families)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100))
def test_bytes_never_raise(families: Placeholders, data: bytes) -> None:
    text = data.decode('utf-8', 'replace').strip(' "\'`,')
    answer = is_placeholder(data, families)
    assert isinstance(answer, bool)
    if '\ufffd' in text or len(set(text.lower())) < 4:
        assert answer is True


@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=3), st.integers(1, 600))
def test_three_characters_are_no_secret(families: Placeholders, alphabet: str, times: int) -> None:
    assert is_placeholder((alphabet * times).encode(), families)


def test_a_huge_value_is_judged_by_its_beginning(families: Placeholders) -> None:
    made = expand_recipes('{alnum:64}', 'huge')
    assert is_placeholder(b'${' + b'A1b2' * 400 + b'}', families)
    assert not is_placeholder((made * 2000).encode(), families)


@pytest.mark.parametrize('word', ['example', 'dummy', 'placeholder', 'changeme'])
def test_a_machine_made_value_may_hold_a_word(word: str, families: Placeholders) -> None:
    """Capitals, small letters and digits in one run are never taken for words.

    With separators, or short, they are.
    """
    head, tail = expand_recipes('{alnum:16}', word), expand_recipes('{alnum:16}', f'{word}/tail')
    assert not is_placeholder((head + word + tail).encode(), families)
    assert is_placeholder(f'{word} for {head}'.encode(), families)
    assert is_placeholder(f'{word}_key'.encode(), families)


def test_expressions_keep_the_order() -> None:
    """The first patterns hold for every value and mind the case; the others do not."""
    patterns, strict = build_patterns(['A+', 'B+'], ['c+'])
    assert strict == 2
    assert patterns == [b'(?s)^(?:A+)$', b'(?s)^(?:B+)$', b'(?si)^(?:c+)$']
