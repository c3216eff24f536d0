"""A database is compiled once for its patterns, and again when the cache does not have it whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.core.write_cache import write_cache_file
from keylint.matcher.hyperscan import Database, DatabaseError, compile_database
from keylint.rules import database_cache

PATTERNS = [b'(?i)secret', b'token']


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[bytes]]:
    """Use an empty cache, and note what is compiled: nothing else shows what was read from it."""
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(tmp_path))
    seen: list[list[bytes]] = []

    def compile_and_note(patterns: list[bytes]) -> Database:
        seen.append(patterns)
        return compile_database(patterns)

    monkeypatch.setattr(database_cache, 'compile_database', compile_and_note)
    return seen


def test_the_same_patterns_are_compiled_once(compiled: list[list[bytes]]) -> None:
    first = database_cache.load_or_compile(PATTERNS)
    second = database_cache.load_or_compile(PATTERNS)
    assert compiled == [PATTERNS]
    assert first.scan(b'my SECRET token') == second.scan(b'my SECRET token') == [(0, 9), (1, 15)]


@pytest.mark.parametrize(
    'others', [PATTERNS[:1], PATTERNS[::-1], [b''.join(PATTERNS)], [b'(?i)s', *PATTERNS]]
)
def test_other_patterns_are_another_database(
    compiled: list[list[bytes]], others: list[bytes]
) -> None:
    database_cache.load_or_compile(PATTERNS)
    database_cache.load_or_compile(others)
    assert compiled == [PATTERNS, others]


@pytest.mark.parametrize('damage', ['missing', 'cut off', 'of another shape'])
def test_a_database_that_does_not_load_is_compiled_again(
    compiled: list[list[bytes]], tmp_path: Path, damage: str
) -> None:
    database_cache.load_or_compile(PATTERNS)
    (path,) = tmp_path.glob('*.database')
    if damage == 'missing':
        path.unlink()
    elif damage == 'cut off':
        path.write_bytes(path.read_bytes()[:-1])
    else:
        state = path.read_bytes()[len(b'keylint-pack\n') :][:32]
        write_cache_file(str(path), state, b'no database', ('.none',))
    assert database_cache.load_or_compile(PATTERNS).scan(b'token') == [(1, 5)]
    assert compiled == [PATTERNS, PATTERNS]


def test_a_pattern_that_hyperscan_refuses_is_not_kept(
    compiled: list[list[bytes]], tmp_path: Path
) -> None:
    with pytest.raises(DatabaseError):
        database_cache.load_or_compile([b'(?<=a)b'])
    assert not list(tmp_path.glob('*.database'))
