"""Patterns of paths mean what they mean in a `.gitignore`: git itself is the judge."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from keylint.core.ignore_patterns import IgnorePatterns

PARTS = ('a', 'b', 'ab', 'docs', 'x.py', '.env', 'a b', 'é', '[a]', '!n', '#h', 'b-', 'a]', 'A')
PIECES = (
    *PARTS,
    *('*', '**', '***', '?', '/', '/', '/', '\\a', '\\*', '\\', ' ', '\\ ', '!', '#', '-'),
    *('[a-b]', '[!a]', '[^b]', '[]a]', '[[:alpha:]]', '[[:nope:]]', '[a', '[b-]', '[\\]]'),
    *('[a-\\b]', '[[a:]'),
)


@pytest.fixture(scope='module')
def repository() -> Path:
    folder = Path(tempfile.mkdtemp(prefix='keylint-ignore-'))
    subprocess.run(['git', 'init', '-q', folder], check=True)
    return folder


def ask_git(repository: Path, lines: list[str], paths: list[str]) -> set[str]:
    """Return the paths that git ignores by a `.gitignore` at the top."""
    (repository / '.gitignore').write_text('\n'.join(lines) + '\n', encoding='utf-8')
    done = subprocess.run(
        ['git', '-c', 'core.ignoreCase=false', 'check-ignore', '--no-index', '--stdin', '-z'],
        cwd=repository,
        input='\0'.join(paths).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return {path for path in done.stdout.decode().split('\0') if path}


PATHS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map('/'.join)
LINES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map(''.join)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(LINES, min_size=1, max_size=4), paths=st.lists(PATHS, min_size=5, max_size=30)
)
@example(lines=['plans/'], paths=['docs/plans/a', 'plans/a', 'plans'])
@example(lines=['/docs/'], paths=['docs/a', 'a/docs/a'])
@example(lines=['docs/*.env'], paths=['docs/a.env', 'docs/a/b.env', 'docs/.env'])
@example(lines=['*', '!*.py', '!docs/'], paths=['x.py', 'docs/x.py', 'docs/a', 'a/x.py'])
@example(lines=['a**/b'], paths=['a/b', 'a/x.py/b', 'ab/b', 'ab/a/b'])
def test_as_git_ignores(repository: Path, lines: list[str], paths: list[str]) -> None:
    patterns = IgnorePatterns(lines)
    assert {path for path in paths if patterns.matches(path)} == ask_git(repository, lines, paths)


def test_no_pattern_matches_nothing() -> None:
    assert not IgnorePatterns([]).matches('a/b')
    assert not IgnorePatterns(['', '# a', '!', '/']).matches('a')


def test_a_name_that_is_no_utf8_matches_as_bytes() -> None:
    path = b'docs/\xff.env'.decode('utf-8', 'surrogateescape')
    assert IgnorePatterns(['docs/?.env']).matches(path)
    assert not IgnorePatterns(['docs/??.env']).matches(path)
