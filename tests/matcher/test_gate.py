"""The first law: the gate never says no where a rule would match.

Every text is scanned twice: as always, and with a matcher that matches every pattern everywhere.
Both must find the same.
"""

from __future__ import annotations

import copy
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mnemonic import Mnemonic
from shamir_mnemonic.wordlist import WORDLIST

import keylint.pipeline.examine
import keylint.pipeline.scan
from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.declarations.relevance import drop_irrelevant_declarations
from keylint.detect.unnamed_values import _CALL, _LOGIN
from keylint.matcher.hyperscan import Matcher, compile_database
from keylint.matcher.match import LEAK_KINDS, NAME_KINDS, Match, Pattern, PatternKind, list_kinds
from keylint.matcher.prefilter import PROSE, filter_matches
from keylint.pipeline.blob import scan_blob
from keylint.readers.formats import format_of
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand
from keylint.rules.rule_set import Pack
from tests.dossiers import examples
from tests.test_written_forms import CARRIERS, EXCHANGES, filled

pytestmark = pytest.mark.slow  # every example of every rule, in every surrounding

ROOT = Path(__file__).parent.parent.parent
# Kinds of patterns that are rows of the table of tokens.
TOKENS = ('phrase', 'token')
Found = list[tuple[str, str, str, list[tuple[str, int, int]]]]


class WideAwake(Matcher):
    """A matcher that matches everything everywhere.

    A name in every stretch, every token at every step of its width, every vendor on every line.
    Calls and logins are the exception: they match where the patterns of detection itself do; what
    speaks of permissions is not compared, and what is encoded matches as always:
    tests/detect/test_layers.py has its law.
    """

    def __init__(self, pack: Pack) -> None:
        self.widths = [row.width for row in pack.tokens]
        super().__init__(pack.matcher.database, pack.matcher.patterns)

    def find_matches(self, data: bytes) -> list[Match]:
        if not data:
            return []
        lines = [match.end() for match in re.finditer(rb'[^\n]+', data)]
        breaks = (match.end() for match in re.finditer(rb'\n', data))
        everywhere: dict[str, Iterable[int]] = {
            'split-literal': [len(data)],
            'name': sorted({*range(0, len(data), 400), *breaks, len(data)}),
            'call': [match.end() for match in _CALL.finditer(data)],
            'login': [match.end() for match in _LOGIN.finditer(data)],
            'plugin': lines,
        }
        found = []
        for pattern in self.patterns:
            ends = everywhere.get(pattern.kind, ())
            if pattern.kind in TOKENS:
                ends = (*range(0, len(data), self.widths[pattern.row]), len(data))
            if pattern.kind != 'name' or pattern.number == 0:
                found += [Match(pattern, end) for end in ends]
        usual = [m for m in super().find_matches(data) if m.pattern.kind not in (*TOKENS, 'plugin')]
        return sorted([*found, *usual], key=lambda match: match.end)


class Twice:
    """Scans as always and wide awake."""

    def __init__(self, rules: Rules, patch: pytest.MonkeyPatch) -> None:
        self.rules = rules
        self.patch = patch
        pack = copy.copy(rules.pack)
        pack.matcher = WideAwake(rules.pack)
        self.wide = Rules(pack.matcher, rules.folders, rules.state, rules._read_rest)
        self.wide._pack = pack

    def usual(self, name: str, data: bytes) -> Found:
        return found(self.rules, name, data)

    def awake(self, name: str, data: bytes) -> Found:
        with self.patch.context() as patch:
            for module in (keylint.pipeline.scan, keylint.pipeline.examine):
                patch.setattr(module, 'filter_matches', lambda data, matches: list(matches))
            return found(self.wide, name, data)

    def missed(self, name: str, data: bytes) -> Any:
        """Return what differs, None where nothing does."""
        usual, awake = self.usual(name, data), self.awake(name, data)
        return (
            None
            if usual == awake
            else {'name': name, 'data': data[:600], 'usual': usual, 'awake': awake}
        )


def found(rules: Rules, name: str, data: bytes) -> Found:
    result = scan_blob(Blob(data, Origin(name)), rules, Config(severity='info', confidence='low'))
    assert result.failures == ()
    return [
        (
            f.rule,
            f.severity,
            f.confidence,
            [(p.role, p.place.line, p.place.column) for p in f.parts],
        )
        for f in result.findings
    ]


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


@pytest.fixture
def twice(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> Twice:
    return Twice(rules, monkeypatch)


def carried() -> Iterator[tuple[str, str, str]]:
    for carrier, (name, template) in CARRIERS.items():
        for exchange, recipes in EXCHANGES.items():
            key, secret = (
                expand(recipe, f'gate/{exchange}/{carrier}/{n}') for n, recipe in enumerate(recipes)
            )
            yield (
                f'{carrier}/{exchange}',
                filled(name, exchange, key, secret),
                filled(template, exchange, key, secret),
            )


def notebook(text: str) -> bytes:
    cells = [
        {
            'cell_type': 'code',
            'metadata': {},
            'outputs': [],
            'source': text.splitlines(keepends=True),
        }
    ]
    return json.dumps({'cells': cells, 'nbformat': 4}, indent=1).encode()


# The comparison itself


def test_the_wide_gate_finds_what_a_blind_one_misses(twice: Twice) -> None:
    """Show that the difference is real: without patterns nothing is found, with all everything."""
    data = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'wide').encode()
    blind = Rules(
        Matcher(compile_database([b'no such text anywhere']), [Pattern(0, 'name')]),
        twice.rules.folders,
        b'',
        twice.rules._read_rest,
    )
    assert found(blind, 'a.env', data) == []
    assert [finding[0] for finding in twice.awake('a.env', data)] == ['binance-credential']
    assert twice.usual('a.env', b'x = 1\n' * 2000 + data + b'x = 1\n' * 2000) == twice.awake(
        'a.env', b'x = 1\n' * 2000 + data + b'x = 1\n' * 2000
    )


# Texts


def test_every_loud_example(twice: Twice) -> None:
    missed = {
        label: difference
        for label, name, data in examples('loud')
        if (difference := twice.missed(name, data))
    }
    assert missed == {}


def test_every_loud_example_far_from_the_start_and_with_crlf(twice: Twice) -> None:
    missed = {}
    for label, name, data in examples('loud'):
        if (
            name.endswith(
                ('.csv', '.tsv', '.json', '.ipynb', '.yaml', '.yml', '.toml', '.xml', '.pem')
            )
            or data.count(b'\n') > 8
        ):
            continue
        moved = b'# a line of words\n' * 100 + data + b'\n' + b'# a line of words\n' * 50
        for variant in (moved, data.replace(b'\n', b'\r\n')):
            if difference := twice.missed(name, variant):
                missed[label] = difference
    assert missed == {}


def test_every_silent_example(twice: Twice) -> None:
    """What is silent is so because detection says so, not because nobody looked."""
    loud = {
        label: finding
        for label, name, data in examples('silent')
        if (finding := twice.awake(name, data)) != twice.usual(name, data)
    }
    assert loud == {}


@pytest.mark.parametrize('folder', ['leaky-bot', 'clean-bot'])
def test_the_example_bots(twice: Twice, folder: str) -> None:
    paths = [
        path
        for path in (ROOT / 'examples' / folder).rglob('*')
        if path.is_file() and path.suffix != '.pyc'
    ]
    assert len(paths) >= 6
    assert [
        difference for path in paths if (difference := twice.missed(path.name, path.read_bytes()))
    ] == []
    leaks = [
        finding
        for path in paths
        for finding in twice.usual(path.name, path.read_bytes())
        if finding[3]
    ]
    assert bool(leaks) == (folder == 'leaky-bot')


VARIANTS = {
    'as it is': lambda text: text.encode(),
    'crlf': lambda text: text.replace('\n', '\r\n').encode(),
    'utf-16': lambda text: text.encode('utf-16'),
    'between words': lambda text: (
        '# some words\n' * 60 + text + '\n' + '# more words\n' * 60
    ).encode(),
}


@pytest.mark.parametrize('variant', VARIANTS)
def test_every_carrier(twice: Twice, variant: str) -> None:
    missed = {
        label: difference
        for label, name, text in carried()
        if (difference := twice.missed(name, VARIANTS[variant](text)))
    }
    assert missed == {}


def test_every_carrier_in_a_notebook(twice: Twice) -> None:
    missed = {
        label: difference
        for label, _, text in carried()
        if (difference := twice.missed('a.ipynb', notebook(text)))
    }
    assert missed == {}


def test_every_carrier_in_a_notebook_of_one_line(twice: Twice) -> None:
    """No blanks in the JSON, and the cell's source as one string."""
    missed = {}
    for label, _, text in carried():
        for source in (text, text.splitlines(keepends=True)):
            cell: dict[str, Any] = {
                'cell_type': 'code',
                'metadata': {},
                'outputs': [],
                'source': source,
            }
            data = json.dumps({'cells': [cell], 'nbformat': 4}, separators=(',', ':')).encode()
            if difference := twice.missed('a.ipynb', data):
                missed[label] = difference
    assert missed == {}


NAMES = (
    'api_key',
    'apiSecret',
    'SECRET',
    'token',
    'private_key',
    'client_id',
    'credential',
    'auth',
    'jwt',
    'wif',
    'signer',
    'kraken.prv',
    'PK',
    'sk',
    'wallet_ak',
    'walletPk',
    'pk_hex',
    'github_pat',
)
JOINS = (
    '=',
    ' = ',
    ': ',
    '": "',
    "' : '",
    ' := ',
    '=>',
    ' -> ',
    '(',
    "', '",
    '|',
    ' || ',
    ' or ',
    '\n',
    '=\n',
    '= \\\n  ',
    ': |\n  ',
    '>',
    '" value="',
    ' is ',
    '\t',
    ': str = ',
    ' = os.getenv("X", "',
    ' = os.environ.get("BINANCE_API_KEY") or "',
    ' = Some("',
    ' = b"',
    '="${X:-',
    ' == "',
)
VALUES = ('{alnum:64}', '{alnum:16}', '{alnum:20}', '{hex:32}', '{uuid}', '{base64:64}', '0x{evm}')
PASSWORDS = ('password', 'DB_PASS', 'passphrase', 'wallet_pwd', 'PW', 'dbpwd', 'userPwd', 'ROOTPWD')


@pytest.mark.parametrize('name', NAMES)
def test_names_and_what_joins_them_to_values(twice: Twice, name: str) -> None:
    missed = []
    for join in JOINS:
        quote = join[-1] if join[-1] in '"\'' else ''
        for recipe in VALUES:
            value = expand(recipe, f'gate/{name}/{join}/{recipe}')
            missed.append(
                twice.missed('a.py', f'import binance\n{name}{join}{value}{quote}\n'.encode())
            )
    assert len(missed) == len(JOINS) * len(VALUES)
    assert [difference for difference in missed if difference] == []


# Forms that the gate was once blind to although detection finds the credential.
ONCE_MISSED = {
    'pk': ('a.env', 'PK=0x{evm}\n'),
    'sk': ('a.py', 'import binance\nak = "{alnum:64}"\nsk = "{alnum:64}"\n'),
    'pw': ('a.env', 'PW={pass:16}\n'),
    'two question marks': ('a.ts', 'return process.env.BINANCE_SECRET ?? "{alnum:64}";\n'),
    'unequal': ('a.js', 'if (binanceSecret !== "{alnum:64}") throw 1;\n'),
    'two blanks': ('a.txt', 'binance secret key  {alnum:64}\n'),
    'sixteen characters in prose': ('a.txt', 'the binance api secret is {alnum:16}\n'),
    'a wide colon': ('a.txt', 'binance api secret\uff1a{alnum:64}\n'),
    'a short first argument': ('a.py', 'client = binance.Client("main-account", "{alnum:64}")\n'),
    'words as the first argument': (
        'a.py',
        'client = binance.Client("my-main-trading-account", "{alnum:64}")\n',
    ),
    'a name with a capital in the middle': ('a.ts', 'const walletPk = "0x{evm}";\n'),
    'a short name and the next line': ('a.py', 'import binance\nsk = (\n    "{alnum:64}"\n)\n'),
    'an id': ('a.py', 'import binance\naccess_id = "{alnum:64}"\napi_id = "{alnum:64}"\n'),
    'another spelling': ('a.js', 'import telethon\nconst apiHash = "{hex:32}";\n'),
    'words before what is none': (
        'a.py',
        'import binance\napi_secret = "what-a-secret-this-is!{alnum:40}"\n',
    ),
    'arguments on lines of their own': (
        'a.py',
        'client = binance.Client(\n    "{alnum:64}",\n    "{alnum:64}",\n)\n',
    ),
    'cr': ('a.tf', 'variable "binance_api_secret" {{\r  default = "{alnum:64}"\r}}\r'),
    'a key file with cr': ('binance.key', '{alnum:64}\r{alnum:64}\r'),
    'a constant expression': (
        'a.py',
        'import binance\nA = "{alnum:32}"\nB = "{alnum:32}"\napi_secret = "".join((A, B))\n',
    ),
    'a key file with a passphrase and blank lines': (
        'kucoin.key',
        '{hex:24}\n{uuid}\n{pass:12}!\n\n\n',
    ),
}


@pytest.mark.parametrize('form', ONCE_MISSED)
def test_forms_that_were_once_missed(twice: Twice, form: str) -> None:
    name, text = ONCE_MISSED[form]
    data = expand(text, f'gate/{form}').encode()
    assert twice.missed(name, data) is None
    assert twice.usual(name, data)
    assert twice.missed('a.ipynb', notebook(data.decode())) is None


@pytest.mark.parametrize('name', PASSWORDS)
def test_short_passwords(twice: Twice, name: str) -> None:
    missed = []
    for join in JOINS:
        quote = join[-1] if join[-1] in '"\'' else ''
        value = expand('{pass:12}', f'gate/{name}/{join}')
        missed.append(
            twice.missed('a.py', f'import binance\n{name}{join}{value}{quote}\n'.encode())
        )
    assert [difference for difference in missed if difference] == []


# Patterns


def everything() -> list[bytes]:
    texts = [text for _, _, text in carried()] + [
        expand(text, 'everything') for _, text in ONCE_MISSED.values()
    ]
    loose = [data for text in texts for data in (text.encode(), notebook(text))]
    loose += [
        coded
        for text in texts
        for coded in (b64encode(text.encode()), b64encode(b64encode(text.encode())))
    ]
    return [data for kind in ('loud', 'silent') for _, _, data in examples(kind)] + loose


def test_hyperscan_sees_every_match_that_re_sees(rules: Rules) -> None:
    """Compare both engines on patterns about leaks: Hyperscan matches where `re` ends a match."""
    known = [pattern for pattern in rules.matcher.patterns if pattern.kind in LEAK_KINDS]
    patterns = [re.compile(rules.pack.patterns[pattern.number]) for pattern in known]
    matches = [0] * len(patterns)
    for data in everything():
        found = set(rules.matcher.database.scan(data))
        for number, pattern in enumerate(patterns):
            for match in pattern.finditer(data):
                matches[number] += 1
                assert (number, match.end()) in found, (pattern.pattern, match.group())
    assert all(matches[pattern.number] for pattern in known if pattern.kind in NAME_KINDS), matches
    assert sum(map(bool, matches)) > len(matches) * 0.8


def test_the_gate_wakes_within_every_match_of_a_token(rules: Rules) -> None:
    """The gate's form of a token is looser than the pattern that detection runs."""
    seen = set()
    for data in everything():
        found = rules.matcher.find_matches(data)
        for number, row in enumerate(rules.pack.tokens):
            ends = [m.end for m in found if m.pattern.kind in TOKENS and m.pattern.row == number]
            for match in rules.pack.pattern(row.pattern).finditer(data):
                seen.add(number)
                assert any(match.start() < end <= match.end() for end in ends), (
                    row.rule,
                    match.group(),
                )
    assert len(seen) > len(rules.pack.tokens) * 0.8


def test_every_token_is_found_wherever_it_stands(twice: Twice, rules: Rules) -> None:
    """Place tokens beside text that shares their letters, between lines, at both ends of a file."""
    texts = [
        data
        for _, name, data in examples('loud')
        if not name.endswith(('.json', '.ipynb', '.csv', '.yaml', '.yml')) and len(data) < 3000
    ]
    patterns = [rules.pack.pattern(row.pattern) for row in rules.pack.tokens]
    tokens = {
        match.group()
        for data in texts
        for pattern in patterns
        for match in pattern.finditer(data)
        if not set(b'"\n') & set(match.group())
    }
    assert len(tokens) > 50
    missed = []
    for token in sorted(tokens):
        places = (
            (b'', b''),
            (b'see ', b'.'),
            (b'\n\n', b'\n'),
            (b'["', b'"]'),
            (b'words ' * 300, b''),
            (b'', b' words' * 300),
            (token + b' ', b''),
        )
        for before, after in places:
            missed.append(twice.missed('a.txt', before + token + after))
    assert [difference for difference in missed if difference] == []


def test_the_width_of_a_token_is_no_less_than_its_matches(rules: Rules) -> None:
    widest = {row.rule: 0 for row in rules.pack.tokens}
    for data in everything():
        for row in rules.pack.tokens:
            for match in rules.pack.pattern(row.pattern).finditer(data):
                widest[row.rule] = max(widest[row.rule], len(match.group()))
                assert len(match.group()) <= row.width, row.rule
    assert sum(map(bool, widest.values())) > len(widest) * 0.8


def test_what_rules_out_a_row_of_words_stands_in_no_list_of_words() -> None:
    lists = [Mnemonic(language).wordlist for language in Mnemonic.list_languages()]
    words = {
        word.encode() for wordlist in (*lists, WORDLIST) for word in wordlist if word.isascii()
    }
    assert len(words) > 10_000
    assert not words & PROSE
    assert not [word for word in words if len(word) >= 5 and not set(word) & set(b'aeiouy')]


def kinds_in(rules: Rules, text: str) -> frozenset[PatternKind]:
    return list_kinds(rules.matcher.find_matches(text.encode()))


@pytest.mark.parametrize('name', ['wallet_pk', 'WALLET_PK', 'bot.sk', 'BOT_PAT_2', 'api_secret'])
def test_names_in_short_wake_for_sums_and_for_what_is_escaped(rules: Rules, name: str) -> None:
    assert 'expression' in kinds_in(rules, f'{name} = first_half + second_half\n')
    assert 'encoded' in kinds_in(rules, f'x?{name}%3Dabcdefgh')


@pytest.mark.parametrize(
    'text', ['file_path = first_half + second_half\n', 'x?file_path%3Dabcdefgh']
)
def test_a_path_is_no_name_in_short(rules: Rules, text: str) -> None:
    assert not {'expression', 'encoded'} & kinds_in(rules, text)


JOBS = (
    b'on: push\npermissions:\n  contents: read\n  id-token: write  # to publish\n'
    b'jobs:\n  a:\n    permissions: {}\n    runs-on: any\n'
)
IMAGE_AND_TEXT = b'<image href="%s"/><a href="data:text/plain;base64,%s"/>'
PNG = b'data:image/png;base64,iVBORw0KGgo'
WORD = b'c2VjcmV0'  # `secret` in base64
LULLABIES = {
    'an argument with a number in its midst': (
        'a.py',
        b'if api.has("fetchL2OrderBook"):\n    pass\n',
    ),
    'a number that is added to': ('a.py', b'make(env=e, seed=seed + rank, other=1)\n'),
    'the rights of jobs': ('.github/workflows/ci.yml', JOBS),
    'the scope of a fixture': (
        'pyproject.toml',
        b'asyncio_default_fixture_loop_scope = "function"\n',
    ),
    'a whitelist of pairs': ('a.py', b'# Extend active-pair whitelist with pairs of open trades\n'),
    'an image': ('a.svg', b'<image href="' + PNG + b'A' * 400 + WORD + b'A' * 400 + b'"/>'),
}
CALLS_TO_WAKE = {
    'an argument that is a value': (
        'a.py',
        f'if api.has("{expand("{alnum:24}", "a")}"):\n    pass\n'.encode(),
    ),
    'a text that is put together': ('a.py', b'seed = seed + rest_of_it\n'),
    'an argument that is put together': ('a.py', b'make(seed=first + second)\n'),
    'a text beside a number that is added to': (
        'a.py',
        b'make(secret=first + second, seed=seed + rank)\n',
    ),
    'rights as a list': (
        '.github/workflows/ci.yml',
        b'on: push\npermissions:\n  - withdraw\njobs:\n  a: 1\n',
    ),
    'rights of another kind': (
        '.github/workflows/ci.yml',
        b'on: push\npermissions:\n  withdraw: write\njobs:\n  a: 1\n',
    ),
    'rights on one line': (
        '.github/workflows/ci.yml',
        b'on: push\npermissions: [trade, withdraw]\njobs:\n  a: 1\n',
    ),
    'other rights in a workflow': (
        '.github/workflows/ci.yml',
        JOBS + b'    env:\n      KEY_PERMISSIONS: withdraw\n',
    ),
    'rights in a file without jobs': ('a.yml', JOBS.replace(b'jobs:', b'keys:')),
    'a scope': ('pyproject.toml', b'key_scope = "withdraw"\n'),
    'a whitelist of addresses': ('a.py', b'# Leave the IP whitelist of the API key open\n'),
    'a word behind an image': (
        'a.svg',
        IMAGE_AND_TEXT % (PNG + b'A' * 400, b'A' * 40 + WORD + b'A' * 40),
    ),
    'a text that is said to be an image': (
        'a.svg',
        b'<image href="data:image/png;base64,' + b'A' * 400 + WORD + b'A' * 400 + b'"/>',
    ),
}


def wakes(rules: Rules, path: str, data: bytes) -> bool:
    found = filter_matches(data, rules.matcher.find_matches(data))
    return bool(drop_irrelevant_declarations(data, format_of(path), found, rules.matcher))


@pytest.mark.parametrize('case', LULLABIES)
def test_what_a_second_look_puts_to_sleep(rules: Rules, case: str) -> None:
    assert not wakes(rules, *LULLABIES[case])


@pytest.mark.parametrize('case', CALLS_TO_WAKE)
def test_what_looks_like_it_still_wakes(rules: Rules, case: str) -> None:
    assert wakes(rules, *CALLS_TO_WAKE[case])
