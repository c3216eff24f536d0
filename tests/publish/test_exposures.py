"""Find what would be published by accident: each kind with a silent counterpart."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from keylint.publish.ci_files import find_printed_secrets
from keylint.publish.exposed_files import has_outputs
from keylint.publish.file_kinds import find_file_kind
from keylint.publish.git_settings import is_private_url
from tests.conftest import Repository
from tests.publish.leaks import kinds, made, values

TRACKED = [
    pytest.param('config/.env.example', None, id='an example of an environment file'),
    pytest.param('environment.py', None, id='environment.py'),
    pytest.param('prod.env', ('env-file', 'stop'), id='an environment file'),
    pytest.param('.env', ('env-file', 'stop'), id='.env'),
    pytest.param('keys/UTC--2021-01-01T00-00-00.000Z--00', ('keystore', 'stop'), id='a key store'),
    pytest.param('wallet.dat.md', None, id='a page about wallets'),
    pytest.param('src/keystore.py', None, id='code about key stores'),
    pytest.param('user_data/tradesv3.sqlite', ('trades', 'stop'), id='trades of freqtrade'),
    pytest.param(
        'tradesv3.dryrun.sqlite-wal', ('trades', 'stop'), id='the log of a database of trades'
    ),
    pytest.param('docs/sqlite.md', None, id='a page about databases'),
    pytest.param('cache.db', ('database', 'look'), id='a database'),
    pytest.param('pickles.py', None, id='code about pickles'),
    pytest.param('model.pkl', ('pickle', 'look'), id='a pickle'),
    pytest.param('docs/bash_history.md', None, id='a page about histories'),
    pytest.param('home/.bash_history', ('shell-history', 'stop'), id='a shell history'),
    pytest.param('.vscode/settings.json', None, id='settings of an editor'),
    pytest.param('.bot.py.swp', ('editor', 'look'), id='a swap file'),
    pytest.param('.idea/workspace.xml', ('editor', 'look'), id='a workspace'),
    pytest.param('logging.py', None, id='code about logs'),
    pytest.param('logs/bot.log.1', ('log', 'look'), id='a log'),
    pytest.param('a/__pycache__/b.cpython-311.pyc', ('bytecode', 'look'), id='compiled Python'),
    pytest.param('pycache.txt', None, id='a name like compiled Python'),
]


@pytest.mark.parametrize(('path', 'want'), TRACKED)
def test_names_of_files(path: str, want: tuple[str, str] | None) -> None:
    kind = find_file_kind(path)
    assert (kind and (kind.id, kind.level)) == want


def test_files_that_are_gone_travel_with_the_history(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    repository.write('tradesv3.sqlite', 'x')
    repository.commit()
    (repository.folder / 'tradesv3.sqlite').unlink()
    repository.commit('gone')
    assert [(item['path'], item['seat']) for item in published()['exposures']] == [
        ('tradesv3.sqlite', 'history')
    ]
    assert published('--exclude', '*.sqlite')['verdict'] == 'publishable'


def test_untracked_files_and_gitignore(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    repository.write('.gitignore', '.env\n*.tmp\n')
    repository.write('notes.tmp', 'x')
    repository.write('.env', 'MODE=dry\n')
    repository.commit()
    assert published()['exposures'] == []
    repository.write('.gitignore', '')
    repository.commit()  # now both are tracked
    repository.write('.gitignore', '.env\n*.tmp\n')
    repository.write('more.txt', 'x')
    repository.write('wallets/UTC--1', '{}')
    found = {(item['kind'], item['path'], item['seat']) for item in published()['exposures']}
    assert found == {
        ('ignored-but-tracked', '.env', 'tracked'),
        ('ignored-but-tracked', 'notes.tmp', 'tracked'),
        ('env-file', '.env', 'tracked'),
        ('untracked', 'more.txt', 'untracked'),
        ('keystore', 'wallets/UTC--1', 'untracked'),
    }


CONFIGS = [
    pytest.param('remote.origin.url', 'https://github.com/a/b.git', False, id='a plain address'),
    pytest.param('remote.origin.url', 'git@github.com:a/b.git', False, id='ssh'),
    pytest.param('remote.origin.url', 'https://me@github.com/a/b.git', False, id='a user name'),
    pytest.param(
        'remote.origin.url', 'https://me:{alnum:20}@github.com/a/b.git', True, id='a password'
    ),
    pytest.param(
        'remote.origin.pushurl',
        'https://ghp_{alnum:36}@github.com/a/b.git',
        True,
        id='a token for a user',
    ),
    pytest.param(
        'http.https://git.example.org/.extraheader',
        'Authorization: Basic {base64:20}',
        True,
        id='a header',
    ),
    pytest.param(
        'http.https://git.example.org/.extraheader', 'X-Team: a', False, id='another header'
    ),
    pytest.param('hub.token', '{hex:40}', True, id='a token of a tool'),
]


@pytest.mark.parametrize(('name', 'recipe', 'is_bad'), CONFIGS)
def test_git_config(
    repository: Repository,
    published: Callable[..., dict[str, Any]],
    name: str,
    recipe: str,
    is_bad: bool,
) -> None:
    value = made(recipe)
    repository.git('config', name, value)
    answer = published()
    assert kinds(answer) == ({('git-config', 'stop')} if is_bad else set())
    assert not any(part in json.dumps(answer) for part in values(value))


def test_hooks_and_stashes(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    repository.write('a.txt', 'a\n')
    repository.commit()
    (repository.folder / '.git' / 'hooks').mkdir(exist_ok=True)
    (repository.folder / '.git' / 'hooks' / 'pre-push.sample').write_text('#!/bin/sh\n')
    assert published()['exposures'] == []
    (repository.folder / '.git' / 'hooks' / 'pre-push').write_text('#!/bin/sh\n')
    repository.write('a.txt', 'b\n')
    repository.git('stash')
    answer = published()
    assert (kinds(answer), answer['verdict']) == (
        {('hook', 'look'), ('stash', 'look')},
        'publishable',
    )


def test_large_files(repository: Repository, published: Callable[..., dict[str, Any]]) -> None:
    repository.write('small.bin', 'x' * (4 << 20))
    repository.commit()
    assert published()['exposures'] == []
    repository.write('large.bin', 'x' * (6 << 20))
    repository.commit()
    assert [(item['path'], item['what']) for item in published()['exposures']] == [
        ('large.bin', '6 MB in every clone')
    ]


@pytest.mark.parametrize(
    ('outputs', 'want'),
    [('', False), ('{"output_type": "stream", "name": "stdout", "text": ["balance 5"]}', True)],
)
def test_notebooks(
    outputs: str, want: bool, repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    text = (
        f'{{"cells": [{{"cell_type": "code", "metadata": {{}}, "outputs": [{outputs}], '
        f'"source": ["x"]}}], "metadata": {{}}, "nbformat": 4}}'
    )
    assert has_outputs(text.encode()) is want
    repository.write('a.ipynb', text)
    repository.commit()
    assert kinds(published()) == ({('notebook-output', 'look')} if want else set())


CI = [
    pytest.param('      - run: echo "done"', set(), id='says nothing secret'),
    pytest.param('      - run: ./deploy ${{ secrets.KEY }}', set(), id='gives it to a program'),
    pytest.param('      - run: echo "$API_KEY" > key.txt', set(), id='writes it to a file'),
    pytest.param(
        '      - run: echo "KEY=${{ secrets.KEY }}" >> $GITHUB_ENV', set(), id='sets a variable'
    ),
    pytest.param(
        '      - run: echo "$DOCKER_TOKEN" | docker login --password-stdin',
        set(),
        id='pipes it to a program',
    ),
    pytest.param('      # - run: echo ${{ secrets.KEY }}', set(), id='a comment'),
    pytest.param('      - run: env', set(), id='the environment, without secrets'),
    pytest.param('      - run: echo ${{ secrets.KEY }}', {'stop'}, id='prints it'),
    pytest.param(
        '      - run: echo $KRAKEN_API_KEY | base64', {'stop'}, id='prints it in disguise'
    ),
    pytest.param(
        '      - run: printenv\n        env: {A: "${{ secrets.KEY }}"}',
        {'look'},
        id='prints the environment',
    ),
]


@pytest.mark.parametrize(('text', 'want'), CI)
def test_ci_files(text: str, want: set[str]) -> None:
    assert {
        item.level
        for item in find_printed_secrets(
            '.github/workflows/ci.yml', f'jobs:\n  a:\n    steps:\n{text}\n'.encode()
        )
    } == want


@pytest.mark.parametrize(
    ('url', 'want'),
    [
        ('https://github.com/a/b.git', False),
        ('git@github.com:a/b.git', False),
        ('../b.git', False),
        ('ssh://git@gitlab.com/a/b', False),
        ('https://git.corp/a/b', True),
        ('git@server:a/b.git', True),
        ('/srv/git/b.git', True),
        ('http://192.168.1.4/b.git', True),
        ('ssh://git@10.0.0.5:2222/a/b.git', True),
        ('file:///srv/b.git', True),
        ('https://gitlab.example.internal/a.git', True),
    ],
)
def test_private_hosts(url: str, want: bool) -> None:
    assert is_private_url(url) is want


def test_submodules(repository: Repository, published: Callable[..., dict[str, Any]]) -> None:
    repository.write(
        '.gitmodules', '[submodule "a"]\n\tpath = a\n\turl = https://github.com/a/b.git\n'
    )
    repository.commit()
    assert published()['exposures'] == []
    repository.write(
        '.gitmodules',
        made(
            '[submodule "a"]\n\tpath = a\n\turl = git@nas:b.git\n[submodule "b"]\n'
            '\turl = https://u:{alnum:20}@x.org/b\n'
        ),
    )
    repository.commit()
    assert kinds(published()) == {('submodule', 'look'), ('submodule', 'stop')}


def test_identities_only_when_asked(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    repository.write('a.txt', 'a\n')
    repository.commit()
    assert published()['exposures'] == []
    (found,) = published('--identity')['exposures']
    assert (found['kind'], found['path']) == ('identity', 'name@example.org <email@example.org>')
