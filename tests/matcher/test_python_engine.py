"""The gate without Hyperscan: the same ends of the same matches, and the same findings."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from keylint.matcher import hyperscan
from keylint.matcher.expressions import PatternError, mirror_expression
from keylint.matcher.python_engine import (
    PythonDatabase,
    compile_python_database,
    load_python_database,
)
from keylint.rules.load import load_rules
from tests.dossiers import examples

pytestmark = pytest.mark.skipif(
    not hyperscan.HAS_HYPERSCAN, reason='there is no Hyperscan to compare with'
)
LEAKY = Path(__file__).parent.parent.parent / 'examples' / 'leaky-bot' / 'bot'

# An expression, and texts in which Hyperscan reports more than `re` would find.
ROWS: dict[str, tuple[bytes, list[bytes]]] = {
    'each end of a run': (rb'ab{1,}', [b'abbb ab', b'', b'a', b'xabx']),
    'overlapping texts': (b'aa', [b'aaaa']),
    'letters of any case': (rb'(?i)key[ =]+[a-z]{2}', [b'KEY=abcd key  xy', b'ke']),
    'case within a group': (rb'(?i)a(?-i:b)c', [b'ABC AbC abc aBc']),
    'lazy and greedy alike': (rb'x.{0,4}?y', [b'xyxyyy', b'x\ny', b'xabcdy']),
    'a dot for every byte': (rb'(?s)x.y', [b'x\ny', b'xxy']),
    'the start of the text': (rb'(?:^|[^a-z])pk[0-9]', [b'pk1 pk2 apk3', b'-pk4', b'pk']),
    'borders of words': (rb'\bip\b', [b'ip', b'a ip.', b'zip ip', b'ip_ ip']),
    'alternatives of several widths': (rb'(?:ab|abcd|b)c?', [b'abcdc abc', b'bbb']),
    'a class with brackets': (rb'[\]\[)-]{2}x?', [b'[]x )-', b'[x']),
    'bytes by their numbers': (rb'\x41\x00{2}', [b'A\x00\x00\x00', b'A\x00']),
    'bytes that are no ASCII': ('ключ.?'.encode(), ['ключи ключ'.encode()]),
    'what repeats in groups': (rb'(?:ab){2,3}c', [b'ababababc abc', b'ababc']),
    'no text that must be there': (rb'[a-c]{2}[0-9]', [b'abc12 ab1', b'zzz']),
    'a wide gap': (rb'k[^\n]{0,200}v[0-9]', [b'k' + b'-' * 190 + b'v1v2', b'k\nv1']),
    'nothing at all': (rb'(?:|a)b?c', [b'c ac abc bc']),
}


def ends(database: hyperscan.Database, data: bytes) -> list[tuple[int, int]]:
    return sorted(set(database.scan(data)), key=lambda pair: (pair[1], pair[0]))


def made(*patterns: bytes) -> PythonDatabase:
    return compile_python_database(patterns, False, hyperscan.MAX_MATCHES)


@pytest.mark.parametrize('name', ROWS)
def test_an_expression_ends_where_hyperscan_says(name: str) -> None:
    pattern, texts = ROWS[name]
    real = hyperscan.compile_database([pattern])
    for text in texts:
        assert made(pattern).scan(text) == ends(real, text), text


@cache
def own_database() -> PythonDatabase:
    return made(*load_rules().pack.patterns)


def test_the_rules_match_the_same_in_examples() -> None:
    real = load_rules().matcher.database
    count = 0
    for label, _, data in [*examples('loud'), *examples('silent')][::25]:
        found = own_database().scan(data)
        assert found == ends(real, data), label
        count += len(found)
    assert count > 100


def test_the_rules_match_the_same_in_random_texts() -> None:
    """Texts are pieces of the examples, cut and joined anywhere, with noise between them."""
    real = load_rules().matcher.database
    pieces = [data for _, _, data in examples('loud')]
    source = random.Random(7)  # noqa: S311 - the same every time
    count = 0
    for number in range(20):
        text = bytearray()
        for _ in range(6):
            piece = source.choice(pieces)
            first = source.randrange(len(piece))
            text += piece[first : first + source.randrange(90)]
            text += source.choice([b'', b'\n', b'"', b' = ', b'key', source.randbytes(3)])
        found = own_database().scan(bytes(text))
        assert found == ends(real, bytes(text)), number
        count += len(found)
    assert count > 50


def test_one_match_is_enough_where_once_is_asked() -> None:
    database = compile_python_database([b'a', b'b'], True, 10)
    assert [number for number, _ in database.scan(b'aab')] == [0, 1]


def test_there_is_a_most_as_with_hyperscan() -> None:
    assert len(compile_python_database([b'a'], False, 3).scan(b'aaaaa')) == 3


def test_a_database_is_the_same_from_the_cache() -> None:
    again = load_python_database(made(b'ab+').to_bytes(), 10)
    assert again.scan(b'abb') == [(0, 2), (0, 3)]
    for data in (b'', b'junk', hyperscan.compile_database([b'a']).to_bytes()):
        with pytest.raises(PatternError):
            load_python_database(data, 10)


@pytest.mark.parametrize('pattern', [b'(a', b'a)', b'[a'])
def test_a_broken_expression_is_refused(pattern: bytes) -> None:
    with pytest.raises(PatternError):
        mirror_expression(pattern)


def run_scan(**variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, '-m', 'keylint', 'scan', str(LEAKY), '--isolated', '--format=json']
    return subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, **variables}
    )


def test_a_scan_finds_the_same_and_says_once_that_it_is_slower(tmp_path: Path) -> None:
    variables = {'KEYLINT_ENGINE': 'python', 'KEYLINT_CACHE_DIR': str(tmp_path / 'cache')}
    runs = [run_scan(**variables), run_scan(**variables), run_scan(KEYLINT_ENGINE='')]
    assert [run.returncode for run in runs] == [1, 1, 1]
    first, second, real = (json.loads(run.stdout)['findings'] for run in runs)
    assert first == second == real
    assert b'the same findings, but slower' in runs[0].stderr
    assert [run.stderr for run in runs[1:]] == [b'', b'']


def test_it_is_taken_where_hyperscan_cannot_be_imported() -> None:
    code = (
        'import sys; sys.modules["hyperscan"] = None\n'
        'from keylint.matcher import hyperscan as own\n'
        'print(own.HAS_HYPERSCAN, own.compile_database([b"ab+"]).scan(b"abb"))'
    )
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, check=True)
    assert done.stdout.split(b'\n')[0].strip() == b'False [(0, 2), (0, 3)]'
