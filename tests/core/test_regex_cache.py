"""What is kept of regular expressions makes the same expressions again, or none."""

from __future__ import annotations

import marshal
import re
from pathlib import Path

import pytest

from keylint.core import regex_cache, write_regex_cache
from keylint.core.cache_files import cache_path_stem
from keylint.core.write_cache import write_cache_file

# Expressions of each kind, with a text in which they find something.
CASES: dict[tuple[str | bytes, int], str | bytes] = {
    ('plain', 0): 'a plain text',
    (b'(?i)(?P<name>api[_-]?key)\\s*[:=]', 0): b'API_KEY = 1',
    (r'(?x) ( a | b )+ # letters', 0): 'abba',
    (r'(?P<first>\w)(?P<second>\d)?', re.ASCII): 'a1',
    (r'[à-üА-я]{2,}+(?!x)', re.IGNORECASE): 'пример',
    (b'^(?:"[^"\\r\\n]*+"|[^",])*+$', re.MULTILINE | re.DOTALL): b'a\n"b"',
    (r'(?<=k)(?>e+)y(?=s)\b|(?:e)(?(1)x|y)|()', 0): 'keys',
}


@pytest.fixture
def patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> regex_cache.RegexCache:
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(tmp_path / 'cache'))
    return _start_anew(monkeypatch)


def _start_anew(monkeypatch: pytest.MonkeyPatch) -> regex_cache.RegexCache:
    """Begin as another process does."""
    made = regex_cache.RegexCache()
    for module in (write_regex_cache, regex_cache):
        monkeypatch.setattr(module, 'PATTERNS', made)
    return made


def test_nothing_is_written_where_nothing_was_compiled(
    patterns: regex_cache.RegexCache, tmp_path: Path
) -> None:
    write_regex_cache.write_regex_cache()
    assert not patterns.missed
    assert not (tmp_path / 'cache').exists()


@pytest.mark.parametrize('key', CASES, ids=[str(key[0]) for key in CASES])
def test_the_next_run_makes_the_same_expression(
    patterns: regex_cache.RegexCache, monkeypatch: pytest.MonkeyPatch, key: tuple[str | bytes, int]
) -> None:
    usual = patterns.compile(*key)
    write_regex_cache.write_regex_cache()
    again = _start_anew(monkeypatch)
    made = again.compile(*key)
    assert not again.missed
    assert made == usual
    assert made is again.compile(*key)
    assert (made.pattern, made.flags, made.groups) == (usual.pattern, usual.flags, usual.groups)
    assert made.groupindex == usual.groupindex
    ours, theirs = made.search(CASES[key]), usual.search(CASES[key])
    assert ours is not None
    assert theirs is not None
    assert (ours.span(), ours.groupdict(), ours.lastgroup) == (
        theirs.span(),
        theirs.groupdict(),
        theirs.lastgroup,
    )


def test_what_was_kept_before_stays(
    patterns: regex_cache.RegexCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ('first', 'second'):
        _start_anew(monkeypatch).compile(text)
        write_regex_cache.write_regex_cache()
    again = _start_anew(monkeypatch)
    assert [again.compile(text).pattern for text in ('first', 'second')] == ['first', 'second']
    assert not again.missed
    assert patterns.kept.keys() == again.kept.keys()


def test_no_more_than_a_limit_is_kept(
    patterns: regex_cache.RegexCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_regex_cache, '_MAX_KEPT', 2)
    for text in ('first', 'second', 'third'):
        patterns.compile(text)
    write_regex_cache.write_regex_cache()
    assert len(_start_anew(monkeypatch).kept) == 2


@pytest.mark.parametrize(
    'body',
    [
        b'',
        b'\x00',
        marshal.dumps([]),
        marshal.dumps({('a+', 0): ()}),
        marshal.dumps({('a+', 0): (32, b'\xff' * 40, 0, {}, (None,))}),
        marshal.dumps({('a+', 0): (32, b'\xff' * 3, 0, {}, (None,))}),
    ],
)
def test_what_is_unsound_is_compiled_again(patterns: regex_cache.RegexCache, body: bytes) -> None:
    state = regex_cache.describe_python()
    write_cache_file(f'{cache_path_stem(state)}.expressions', state, body, ('.expressions',))
    assert patterns.compile('a+').pattern == 'a+'
    assert list(patterns.missed) == [('a+', 0)]


def test_a_mistake_is_told_as_usual(patterns: regex_cache.RegexCache) -> None:
    with pytest.raises(re.error):
        patterns.compile('(')
    assert not patterns.missed


def test_an_unknown_python_keeps_nothing(
    patterns: regex_cache.RegexCache, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise AttributeError('_code')

    monkeypatch.setattr('re._compiler._code', fail)
    patterns.missed['a+', 0] = re.compile('a+')
    write_regex_cache.write_regex_cache()
    assert not (tmp_path / 'cache').exists()
