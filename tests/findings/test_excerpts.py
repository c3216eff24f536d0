"""What excerpts show of lines of every kind, and that what nobody knows is not among it."""

from __future__ import annotations

import random

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.findings.comments import map_comments
from keylint.findings.excerpts import ExcerptMaker
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes

ISSUERS = frozenset({'binance', 'kraken', 'okx'})


def show(path: str, text: str) -> str:
    """Show the last line of a text as a report does; `@` stands for what a rule found."""
    data = text.replace('@', '\0').encode()
    start = data.rfind(b'\n') + 1
    return ExcerptMaker(path, map_comments(data, path), ISSUERS).show_line(data[start:], start)


@pytest.mark.parametrize(
    ('path', 'line', 'want'),
    [
        ('a.py', "a = ccxt.okx({'apiKey': '@'})", "a = ccxt.okx({'apiKey': '…'})"),
        (
            'a.py',
            "s = os.environ['BINANCE_API_SECRET_2']",
            "s = os.environ['BINANCE_API_SECRET_2']",
        ),
        ('a.py', "x = f'@'; n = 4711", "x = f'…'; n = …"),
        ('a.py', 'c = Client(key_id, secret=hunter)', 'c = Client(key_id, secret=…)'),
        ('a.js', "const c = new ccxt.binance({ apiKey: '@' });", None),
        ('a.go', 'client := binance.NewClient("@", "@")', 'client := binance.NewClient("…", "…")'),
        ('a.json', '{"apiKey": "@", "n": 1}', '{"apiKey": "…", "n": …}'),
        ('a.env', 'BINANCE_API_SECRET=@ # old', 'BINANCE_API_SECRET=… # old'),
        ('a.yaml', 'permissions: [read, withdraw]', 'permissions: [read, withdraw]'),
        ('a.yaml', '- exchange: kraken', '- exchange: kraken'),
        ('a.sh', 'export OKX_SECRET=@', 'export OKX_SECRET=…'),
        ('a.sh', 'curl -u bot:hunter2', 'curl -u bot:…'),
        ('a.csv', 'binance,@,hunter,x9', 'binance,…,…,…'),
        ('a.md', '| the key of the bot | @ |', '| the key of the bot | … |'),
        ('a.tf', 'secret_key = "@"', 'secret_key = "…"'),
        ('a.ipynb', '    "KEY = \'@\'\\n",', '    "KEY = \'…\'\\n",'),
        ('a.ipynb', '    "sunflower hunter\\n",', '    "…\\n",'),
    ],
)
def test_what_is_shown(path: str, line: str, want: str | None) -> None:
    assert show(path, line) == (line.replace('@', '…') if want is None else want)


PATHS = [
    f'a.{ending}' for ending in 'py js go json yaml env sh csv md txt log ini html ipynb rb'.split()
]
FORMS = (
    'x = @  # {}',
    'BINANCE_API_SECRET=@ {}',
    'curl -u bot:{} -H "X-KEY: @"',
    'deploy --token @ --password {}',
    'mysql -p{} @',
    '| @ | {} |',
    'binance,@,{},1',
    '{{"secret": "@", "other": "{}"}}',
    "f('@', '{}')",
    '// was {} @',
    '<!-- {} --> @',
    '<a key="@">{}</a>',
    'my password is {} and @',
    'pin {} @',
    '2024-05-01 12:00:00 INFO key=@ user={} done',
    '@ "{}',
    "it's {} @",
    '"{}": "@"',
)


@pytest.mark.parametrize('path', PATHS)
@pytest.mark.parametrize(
    'recipe', ['{pass:12}', '{alnum:15}', '{digits:8}', '{hex:16}', '{base64:24}']
)
def test_nothing_unknown_is_shown(path: str, recipe: str) -> None:
    for number, form in enumerate(FORMS):
        value = expand_recipes(recipe, f'{path}/{recipe}/{number}')
        for text in (form.format(value), f'"""\n{form.format(value)}', f'/*\n{form.format(value)}'):
            shown = show(path, text)
            pieces = [value[at : at + 5] for at in range(len(value) - 4)]
            assert not [piece for piece in pieces if piece in shown], (path, text, shown)


@pytest.mark.parametrize('path', PATHS)
def test_no_recovery_word_is_shown(path: str) -> None:
    """Phrases with a wrong word, in every form; halves of one, too."""
    chance = random.Random(path)  # noqa: S311 - the same words each time
    for number in range(12):
        words = expand_recipes('{mnemonic:12}', f'{path}/{number}').split()
        words[chance.randrange(12)] = 'zebrax'
        for text in (' '.join(words), ', '.join(words), ' '.join(words[:6])):
            for form in ('{} @', '# {} @', '// seed: {} @', 'a = "{}" # @', '| {} | @ |'):
                shown = show(path, form.format(text))
                told = [word for word in words if len(word) > 4 and word in shown]
                assert told == [], (path, form, text, shown)


@pytest.mark.parametrize(
    ('path', 'line', 'want'),
    [
        # Code: keywords, names and calls; values, numbers and what no quote closes are none.
        ('a.py', 'if key is None: return', 'if key is None: return'),
        ('a.py', 'x = key', 'x = …'),
        ('a.py', 'x = key, token', 'x = …, token'),
        ('a.py', 'x = make_key(token)', 'x = make_key(token)'),
        ('a.py', 'x = keys.make(token)', 'x = keys.make(token)'),
        ('a.py', 'x = True', 'x = True'),
        ('a.py', "x = 'key", "x = '…"),
        ('a.py', "x = ''", "x = ''"),
        ('a.py', "x = b'key'", "x = b'…'"),
        ('a.py', "f('key', 1)", "f('…', …)"),
        ('a.py', "x['key']", "x['key']"),
        ('a.py', "x = ['key']", "x = ['…']"),
        ('a.py', "x = {'key': 'token'}", "x = {'key': '…'}"),
        ('a.py', "f(a, 'key': 1)", "f(a, 'key': …)"),
        ('a.py', "a 'key': 1", "a '…': …"),
        ('a.js', 'x = `${KEY}`', 'x = `…`'),
        ('a.sh', 'x=${KEY}', 'x=${KEY}'),
        ('a.py', 'x = key / token', 'x = …'),
        ('a.py', "f(key)  # 'token' = 5", "f(key)  # 'token' = …"),
        ('a.py', 'f(a)!!#$%', 'f(a)…'),
        # Text: names at the start of a line, known words, plain values; all else is none.
        ('a.env', 'KEY=', 'KEY='),
        ('a.env', 'export KEY=x9', 'export KEY=…'),
        ('a.env', 'zebra KEY=x9', '… KEY=…'),
        ('a.env', 'zebra tango=x9', '…=…'),
        ('a.env', 'export tango=x9', 'export tango=…'),
        ('a.env', 'key token tango=x9', 'key token …=…'),
        ('a.yaml', 'tango: x9', 'tango: …'),
        ('a.yaml', '- tango: x9', '- tango: …'),
        ('a.yaml', '"tango": x9', '"tango": …'),
        ('a.yaml', 'key: "x9"', 'key: "…"'),
        ('a.yaml', 'exchange: okx', 'exchange: okx'),
        ('a.yaml', 'exchange: zebra', 'exchange: …'),
        ('a.yaml', 'a: key', 'a: …'),
        ('a.md', 'the `key` of zebra', 'the `key` of …'),
        ('a.md', 'the `zebra` of key', 'the `…` of key'),
        ('a.md', 'at 10:30 the key', 'at … the key'),
        ('a.md', '... the key ...', '... the key ...'),
        ('a.sh', 'deploy -u --force zebra', 'deploy -u …'),
        # Phrases: four words in a row without one that running text has.
        ('a.md', 'zebra tango hotel', '…'),
        ('a.md', 'key token secret', 'key token secret'),
        ('a.md', 'key token secret market', '…'),
        ('a.md', 'key token secret, the market', 'key token secret, the market'),
        ('a.md', 'ab12 cd34 ef56', '…'),
    ],
)
def test_what_is_shown_of_code_and_text(path: str, line: str, want: str) -> None:
    assert show(path, line) == want


def test_behind_a_sign_a_name_is_shown_only_if_it_is_known() -> None:
    """What stands behind a sign may be a password, also where another sign follows it."""
    assert show('a.yaml', 'a: key: x9') == 'a: key: …'
    assert show('a.yaml', 'a: zebra: x9') == 'a: …'


@pytest.mark.parametrize(
    ('mark', 'shown'),
    [
        ('ignore[binance-credential] a test account', 'ignore[binance-credential] a test account'),
        ('ignore[generic-password]', 'ignore[generic-password]'),
        (
            'ignore[kraken-credential, key-ip-useless] sample',
            'ignore[kraken-credential, key-ip-useless] sample',
        ),
        ('ignore[binance-credential] not {alnum:24}', 'ignore[binance-credential] not …'),
        ('ignore[{alnum:24}] sample', 'ignore[…] sample'),
    ],
)
@pytest.mark.parametrize('name', ['bot.py', '.env', 'conf.yaml'])
def test_a_mark_of_ours_shows_its_rule_and_a_plain_reason(name: str, mark: str, shown: str) -> None:
    assign = " = '{alnum:64}'" if name.endswith('.py') else ': {alnum:64}'
    if name == '.env':
        assign = '={alnum:64}'
    text = f'BINANCE_API_SECRET{assign}  # keylint: {mark}\n'
    data = expand_recipes(text, mark).encode()
    [finding] = scan_blob(Blob(data, Origin(name)), load_rules(), Config()).findings
    assert finding.excerpt[0].text.endswith(f'# keylint: {shown}')
