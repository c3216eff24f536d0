"""A matcher that sees all, beside the one that keylint uses."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

import keylint.pipeline.examine
import keylint.pipeline.scan
from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.detect.unnamed_values import _CALL, _LOGIN
from keylint.matcher.hyperscan import Matcher
from keylint.matcher.match import Match
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules
from keylint.rules.recipes import expand_recipes
from keylint.rules.rule_set import RuleSet
from tests.detect.test_written_forms import CARRIERS, EXCHANGES, filled

# Kinds of patterns that are rows of the table of tokens.
TOKENS = ('phrase', 'token')


Found = list[tuple[str, str, str, list[tuple[str, int, int]]]]


class WideAwake(Matcher):
    """A matcher that matches everything everywhere.

    A name in every stretch, every token at every step of its width, every vendor on every line.
    Calls and logins are the exception: they match where the patterns of detection itself do; what
    speaks of permissions is not compared, and what is encoded matches as always:
    tests/detect/test_layer_matches.py has its law.
    """

    def __init__(self, pack: RuleSet) -> None:
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
        self.wide = Rules(pack.matcher, rules.folders, rules.state, '')
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


def carried() -> Iterator[tuple[str, str, str]]:
    for carrier, (name, template) in CARRIERS.items():
        for exchange, recipes in EXCHANGES.items():
            key, secret = (
                expand_recipes(recipe, f'gate/{exchange}/{carrier}/{n}')
                for n, recipe in enumerate(recipes)
            )
            yield (
                f'{carrier}/{exchange}',
                filled(name, exchange, key, secret),
                filled(template, exchange, key, secret),
            )


def carried_in_turn() -> list[tuple[str, str, str]]:
    """Return each carrier once, the exchanges taking turns."""
    every = list(carried())
    return [every[turn * len(EXCHANGES) + turn % len(EXCHANGES)] for turn in range(len(CARRIERS))]


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


# Forms that the gate was once blind to although detection finds the credential.
ONCE_MISSED = {
    'pk': ('a.env', 'PK=0x{evm}\n'),
    'a default above its name': (
        'a.rs',
        '#[arg(long, default_value = "{alnum:64}")]\nbinance_secret: String,\n',
    ),
    'a value before its name': ('a.config', '<add value="{alnum:64}" key="BinanceSecret"/>\n'),
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
