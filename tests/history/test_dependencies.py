"""Dependencies that only the past of a repository holds: what names itself is looked for.

The summary says so. Whatever else lies there, and what `publish` tells, is read as everything is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keylint.core.packages import is_dependency
from keylint.history.batches import TOKENS_ONLY
from keylint.rules.recipes import expand_recipes
from tests.hiding import Git, leak, secret
from tests.history.reports import one, report

PACKAGE = 'node_modules/left-pad/index.js'


def tell_inside(document: dict[str, Any]) -> list[str]:
    """List what the findings about folders of packages say that is inside."""
    messages = [
        finding['message']
        for finding in document['findings']
        if finding['rule'] == 'committed-dependencies'
    ]
    inside = (message.partition('Inside: ')[2].partition('.')[0] for message in messages)
    return sorted(', '.join(sorted(text.split(', '))) for text in inside)


def make_token(seed: str) -> str:
    return expand_recipes('gsk_{alnum:52}', f'dependencies/{seed}')


@pytest.fixture
def git(tmp_path: Path) -> Git:
    git = Git(tmp_path / 'bot')
    git.write('bot.env', leak('own'))
    git.write(PACKAGE, leak('package'))
    git.write('node_modules/left-pad/groq.js', f'groq = "{make_token("package")}"\n')
    git.write('lib/python3.11/site-packages/ccxt/base.py', leak('site'))
    git.commit()
    git('rm', '-q', '-r', '--cached', 'node_modules', 'lib')
    git('commit', '-q', '-m', 'less')
    return git


def test_only_what_names_itself_is_found(git: Git) -> None:
    document = report(git.folder, '--show-secrets')
    assert one(document, secret('own'))['path'] == 'bot.env'
    assert tell_inside(document) == ['1 groq-credential']
    assert document['summary']['skipped'] == {TOKENS_ONLY: 3}


def test_an_option_reads_them_as_everything_else(git: Git) -> None:
    document = report(git.folder, '--show-secrets', '--no-ignore')
    assert one(document, secret('own'))['path'] == 'bot.env'
    assert tell_inside(document) == [
        '1 binance-credential',
        '1 binance-credential, 1 groq-credential',
    ]
    assert document['summary']['skipped'] == {}


def test_what_was_clean_without_names_is_read_with_them(git: Git, own_cache: Path) -> None:
    cache = {'KEYLINT_CACHE_DIR': str(own_cache)}
    command = [sys.executable, '-m', 'keylint', 'scan', '--history', '--isolated', '--format']
    counts: list[tuple[int, dict[str, int]]] = []
    for more in ((), ('--no-ignore',), (), ()):
        if len(counts) == 3:
            git('add', '-A')  # and they are there once more
        done = subprocess.run(
            [*command, 'json', str(git.folder), *more],
            capture_output=True,
            check=False,
            env={'PATH': '/usr/bin:/bin', **cache},
        )
        answer = json.loads(done.stdout)
        counts.append((len(answer['findings']), answer['summary']['skipped']))
    few = (2, {TOKENS_ONLY: 3})
    assert counts == [few, (3, {}), few, (3, {})]


WRITTEN = (
    'left-pad.js',
    'node_modules/.cache/babel-loader/0a.json',
    'node_modules/left-pad/.env',
    'node_modules/left-pad/.env.local',
    'venv/bin/activate',
    'venv/lib/python3.11/site-packages/own.py',
    'site-packages.py',
    'vendor/left-pad/index.js',
    'my_node_modules/left-pad/index.js',
)
COPIES = ('copied.js', 'vendor/a/index.js', 'node_modules/.cache/a.js')


def test_what_somebody_may_have_written_is_read(tmp_path: Path) -> None:
    """A copy in a dependency changes nothing for the one that stands elsewhere."""
    git = Git(tmp_path / 'bot')
    for path in WRITTEN:
        git.write(path, leak(path))
    for path in COPIES:
        git.write(f'node_modules/pad/{path.replace("/", "-")}', leak(path))
        git.write(path, leak(path))
    git.write('node_modules/left-pad/present.js', leak('present'))
    git.commit()
    git('rm', '-q', '-r', '--cached', '.')
    git('add', 'node_modules/left-pad/present.js')
    git('commit', '-q', '-m', 'less')
    document = report(git.folder)
    assert document['summary']['skipped'] == {}
    shown = [finding['path'] for finding in document['findings']]
    inside = sum(int(entry.split()[0]) for entry in tell_inside(document))
    count = len(shown) - len(tell_inside(document)) + inside
    assert count == len(WRITTEN) + len(COPIES) + 1


def test_a_range_and_a_publication_are_read_whole(git: Git) -> None:
    git.write('node_modules/left-pad/late.js', leak('late'))
    git('add', '-f', 'node_modules/left-pad/late.js')
    git('commit', '-q', '-m', 'more')
    command = [sys.executable, '-m', 'keylint']
    where = {'cwd': git.folder, 'capture_output': True, 'check': False}
    since = subprocess.run(
        [*command, 'scan', '--since', 'HEAD~1', '--isolated', '--format', 'json'],
        **where,  # type: ignore[call-overload]
    )
    (finding,) = json.loads(since.stdout)['findings']
    assert finding['path'] == 'node_modules/left-pad/late.js'
    published = subprocess.run(
        [*command, 'publish', '.', '--isolated', '--format', 'json'],
        **where,  # type: ignore[call-overload]
    )
    answer = json.loads(published.stdout)
    assert answer['verdict'] == 'not publishable'
    for path in (PACKAGE, 'lib/python3.11/site-packages/ccxt/base.py'):
        assert path in json.dumps(answer['leaks'])


@pytest.mark.parametrize(
    'path',
    [
        'node_modules/a/b.js',
        'docs/node_modules/@babel/core/lib/index.js',
        'node_modules/.pnpm/a@1/node_modules/a/b.js',
        '.venv/lib/python3.9/site-packages/pip/x.py',
        'web/bower_components/jquery/jquery.js',
        'node_modules/a/environment.js',
        'node_modules/.env/../a/b.js',
    ],
)
def test_files_of_packages_are_known(path: str) -> None:
    assert is_dependency(path) == ('.env/' not in path)
