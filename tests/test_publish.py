"""`keylint publish` through the real process on real repositories: accidents, verdicts, the plan, a purge carried out, what is left."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keylint.core.model import Finding, Held, Life, Part, Place
from keylint.publish.assess import ACTIONS, Seat, judged
from keylint.publish.exposures import has_outputs, is_private, kind_of, printed
from keylint.publish.plan import REMOVED, SECRETS, Spot, parsed, replacer
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand
from tests.conftest import Repository, Run

BINANCE = '{{"exchange": {{"name": "binance", "key": "{alnum:64}", "secret": "{alnum:64}"}}}}\n'
KRAKEN = 'KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}\n'
TESTNET = 'BINANCE_TESTNET_API_KEY={alnum:64}\nBINANCE_TESTNET_API_SECRET={alnum:64}\n'


def made(recipe: str, seed: str = 'publish') -> str:
    return expand(recipe, seed)


def values(text: str) -> list[str]:
    """The random runs of an expanded recipe."""
    return re.findall(r'[A-Za-z0-9+/=]{32,}', text)


@pytest.fixture
def published(keylint: Run, repository: Repository) -> Callable[..., dict[str, Any]]:
    """The JSON of a run on the test's repository. No run may print a value that was planted."""

    def run(*arguments: str) -> dict[str, Any]:
        done = keylint('publish', str(repository.folder), '--format', 'json', *arguments)
        answer: dict[str, Any] = json.loads(done.stdout)
        assert (
            done.returncode
            == {'publishable': 0, 'not publishable': 1, 'incomplete': 2}[answer['verdict']]
        ), done.stderr
        return answer

    return run


def kinds(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item['kind'], item['level']) for item in answer['accidents']}


# The exit codes


def test_a_clean_repository_is_publishable(repository: Repository, keylint: Run) -> None:
    repository.write('bot.py', 'print(1)\n')
    repository.commit()
    done = keylint('publish', str(repository.folder))
    assert (
        done.returncode,
        done.stdout.startswith('Yes: nothing stands in the way of publishing'),
    ) == (0, True)
    assert 'THE PLAN' not in done.stdout


def test_a_repository_without_a_commit_is_publishable(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    assert published()['verdict'] == 'publishable'


def test_outside_of_a_repository_it_says_so(keylint: Run, tmp_path: Path) -> None:
    done = keylint('publish', str(tmp_path))
    assert (done.returncode, 'not a git repository' in done.stderr) == (2, True)


def test_what_cannot_be_read_is_incomplete(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    repository.write('a.txt', 'a\n')
    repository.commit()
    name = repository.git('rev-parse', 'HEAD:a.txt').strip()
    (repository.folder / '.git' / 'objects' / name[:2] / name[2:]).unlink()
    answer = published()
    assert answer['verdict'] == 'incomplete'
    assert any(
        name[:12] in failure['error'] or name[:12] in failure['path']
        for failure in answer['failures']
    )


# What would travel by accident: each kind with a silent counterpart

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
    kind = kind_of(path)
    assert (kind and (kind.id, kind.level)) == want


def test_files_that_are_gone_travel_with_the_history(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    repository.write('tradesv3.sqlite', 'x')
    repository.commit()
    (repository.folder / 'tradesv3.sqlite').unlink()
    repository.commit('gone')
    assert [(item['path'], item['seat']) for item in published()['accidents']] == [
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
    assert published()['accidents'] == []
    repository.write('.gitignore', '')
    repository.commit()  # now both are tracked
    repository.write('.gitignore', '.env\n*.tmp\n')
    repository.write('more.txt', 'x')
    repository.write('wallets/UTC--1', '{}')
    found = {(item['kind'], item['path'], item['seat']) for item in published()['accidents']}
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
    assert published()['accidents'] == []
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
    assert published()['accidents'] == []
    repository.write('large.bin', 'x' * (6 << 20))
    repository.commit()
    assert [(item['path'], item['what']) for item in published()['accidents']] == [
        ('large.bin', '6 MB in every clone')
    ]


@pytest.mark.parametrize(
    ('outputs', 'want'),
    [('', False), ('{"output_type": "stream", "name": "stdout", "text": ["balance 5"]}', True)],
)
def test_notebooks(
    outputs: str, want: bool, repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    text = f'{{"cells": [{{"cell_type": "code", "metadata": {{}}, "outputs": [{outputs}], "source": ["x"]}}], "metadata": {{}}, "nbformat": 4}}'
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
        for item in printed(
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
    assert is_private(url) is want


def test_submodules(repository: Repository, published: Callable[..., dict[str, Any]]) -> None:
    repository.write(
        '.gitmodules', '[submodule "a"]\n\tpath = a\n\turl = https://github.com/a/b.git\n'
    )
    repository.commit()
    assert published()['accidents'] == []
    repository.write(
        '.gitmodules',
        made(
            '[submodule "a"]\n\tpath = a\n\turl = git@nas:b.git\n[submodule "b"]\n\turl = https://u:{alnum:20}@x.org/b\n'
        ),
    )
    repository.commit()
    assert kinds(published()) == {('submodule', 'look'), ('submodule', 'stop')}


def test_identities_only_when_asked(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    repository.write('a.txt', 'a\n')
    repository.commit()
    assert published()['accidents'] == []
    (found,) = published('--identity')['accidents']
    assert (found['kind'], found['path']) == ('identity', 'name@example.org <email@example.org>')


# The verdicts


def finding(**changes: Any) -> Finding:
    part = Part(changes.pop('role', 'secret'), Place(1, 1, 1, 9), 'abcd…(64)')
    base = Finding(
        'bot.py',
        part.place,
        'binance-credential',
        'critical',
        'high',
        'binance',
        'live',
        'Binance',
        '',
        (),
        (part,),
        '0',
        '',
    )
    return base._replace(**changes)


def life(*refs: str, others: tuple[str, ...] = (), on_remote: bool = False) -> Life:
    held = Held('0' * 40, '2021-01-01T00:00:00+00:00', '2021-01-01T00:00:00+00:00')
    return Life(held, held, 1, ('bot.py',), refs, others, False, bool(refs), on_remote)


BRANCH = life('refs/heads/main')
PUSHED = life('refs/heads/main', 'refs/remotes/origin/main', on_remote=True)
VERDICTS = [
    pytest.param(
        finding(environment='testnet', life=PUSHED),
        Seat(),
        'harmless',
        'test network',
        id='a testnet',
    ),
    pytest.param(
        finding(environment='paper', life=PUSHED), Seat(), 'harmless', 'paper', id='a paper account'
    ),
    pytest.param(
        finding(state='suppressed', reason='made up', life=PUSHED),
        Seat(),
        'harmless',
        'made up',
        id='accepted by its owner',
    ),
    pytest.param(
        finding(role='api-key', severity='low', life=PUSHED),
        Seat(),
        'purge',
        'only the id',
        id='a key id alone',
    ),
    pytest.param(
        finding(issuer='bittrex', life=PUSHED), Seat(), 'purge', 'closed', id='a closed exchange'
    ),
    pytest.param(
        finding(rule='generic-credential', issuer=None, path='tests/a.py', life=PUSHED),
        Seat(),
        'purge',
        'made up',
        id='in a test',
    ),
    pytest.param(finding(life=life('refs/stash')), Seat(), 'purge', 'stash', id='only in a stash'),
    pytest.param(
        finding(life=life(others=('reflog of HEAD',))),
        Seat(),
        'purge',
        'reflog',
        id='only in a reflog',
    ),
    pytest.param(
        finding(life=life(others=('unreachable',))),
        Seat(),
        'purge',
        'unreachable',
        id='unreachable, without a remote',
    ),
    pytest.param(
        finding(life=life(others=('unreachable',))),
        Seat(has_remote=True),
        'rotate',
        'no longer',
        id='unreachable, with a remote',
    ),
    pytest.param(finding(), Seat(True, True), 'purge', 'does not track', id='in an untracked file'),
    pytest.param(finding(), Seat(True), 'rotate', 'not committed', id='in the work tree'),
    pytest.param(finding(life=BRANCH), Seat(), 'rotate', 'no remote has seen it', id='on a branch'),
    pytest.param(
        finding(life=BRANCH, environment='unknown'),
        Seat(),
        'rotate',
        'nothing says',
        id='nothing said of tests',
    ),
    pytest.param(finding(life=PUSHED), Seat(), 'rotate-now', 'origin/main', id='on a remote'),
    pytest.param(
        finding(life=life('refs/heads/x', on_remote=True)),
        Seat(),
        'rotate-now',
        'once',
        id='on a remote once',
    ),
    pytest.param(
        finding(life=life('refs/pull/7/head')),
        Seat(),
        'rotate-now',
        'pull request',
        id='in a pull request',
    ),
    pytest.param(
        finding(life=BRANCH),
        Seat(has_remote=True, is_mirror=True),
        'rotate-now',
        'copy of a remote',
        id='in a mirror',
    ),
]


@pytest.mark.parametrize(('leak', 'seat', 'action', 'reason'), VERDICTS)
def test_verdicts(leak: Finding, seat: Seat, action: str, reason: str) -> None:
    rule = load_rules().pack.rules.get(leak.issuer or '')
    verdict = judged(leak, rule, seat).verdict
    assert (verdict.action, reason in '; '.join(verdict.reasons)) == (action, True), verdict
    assert verdict.action in ACTIONS


def test_lives_and_order(repository: Repository, published: Callable[..., dict[str, Any]]) -> None:
    repository.write('config.json', made(BINANCE))
    repository.commit()
    repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    repository.write('config.json', '{}\n')
    repository.write('k.py', made('KRAKEN_KEY = "{base64:42}"\nKRAKEN_SECRET = "{base64:64}"\n'))
    repository.write('t.py', made(TESTNET, 'testnet'))
    repository.commit()
    answer = published()
    seen = [
        (leak['issuer'], leak['verdict']['action'], leak['life']['in_head'], bool(leak['removed']))
        for leak in answer['leaks']
    ]
    assert seen == [
        ('binance', 'rotate-now', False, True),
        ('kraken', 'rotate', True, False),
        ('binance', 'harmless', True, False),
    ]
    assert [step['title'] for step in answer['plan']] == [
        'Revoke and create anew',
        'Purge',
        'Verify',
        'Publish',
    ]
    first, second = answer['plan'][0]['actions']
    assert (first['link'], second['link']) == (
        'https://www.binance.com/en/my/settings/api-management',
        'https://www.kraken.com/u/security/api',
    )
    assert any('delete the key' in detail for detail in first['details'])


def test_the_same_key_in_history_and_work_tree_is_one_leak(
    repository: Repository, published: Callable[..., dict[str, Any]]
) -> None:
    repository.write('a.json', made(BINANCE))
    repository.commit()
    repository.write('copy.json', made(BINANCE))
    (leak,) = published()['leaks']
    assert (leak['in_work_tree'], leak['is_untracked']) == (True, False)


def test_a_bare_copy_of_a_remote(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    repository.write('a.json', made(BINANCE))
    repository.commit()
    subprocess.run(
        ['git', 'clone', '-q', '--mirror', str(repository.folder), str(tmp_path / 'copy.git')],
        check=True,
    )
    answer = json.loads(keylint('publish', str(tmp_path / 'copy.git'), '--format', 'json').stdout)
    assert [leak['verdict']['action'] for leak in answer['leaks']] == ['rotate-now']


@pytest.mark.parametrize('name', ['text', 'markdown', 'json', 'html'])
def test_no_format_carries_a_value(
    repository: Repository, keylint: Run, tmp_path: Path, name: str
) -> None:
    texts = [made(BINANCE), made(KRAKEN), made(TESTNET)]
    for number, text in enumerate(texts):
        repository.write(f'{number}.py', text)
    repository.commit()
    done = keylint(
        'publish', str(repository.folder), '--format', name, '--plan', str(tmp_path / 'plan')
    )
    files = {path.name: path.read_text() for path in (tmp_path / 'plan').iterdir()}
    held = [value for text in texts for value in values(text)]
    assert len(held) == 6
    assert not any(value in text for value in held for text in (done.stdout, done.stderr))
    assert {key for key, text in files.items() if any(value in text for value in held)} == {SECRETS}
    assert not any(
        value in files[SECRETS] for value in values(texts[2])
    )  # the testnet's is harmless
    keylint(
        'publish', str(repository.folder), '--format', name, '--output', str(tmp_path / 'report')
    )
    assert not any(value in (tmp_path / 'report').read_text() for value in held)


def test_the_text(repository: Repository, keylint: Run) -> None:
    """Verdict, leaks, accidents, plan in this order; no name moves the cursor or steers a CI job."""
    repository.write('config.json', made(BINANCE))
    repository.write('\x1b[2J.log', 'x')
    repository.write('::error::.log', 'x')
    repository.commit()
    repository.write('config.json', '{}\n')
    repository.commit()
    text = keylint('publish', str(repository.folder)).stdout
    heads = [
        'No: do not publish this yet',
        'ROTATE BEFORE PUBLISHING',
        'Binance live credential',
        'WOULD TRAVEL BY ACCIDENT',
        'THE PLAN',
        '1. Revoke',
        '2. Purge',
        '3. Verify',
        '4. Publish',
    ]
    assert sorted(heads, key=text.index) == heads
    assert '\x1b' not in text
    assert not re.search(r'(?m)^\s*::', text)


@pytest.mark.parametrize(
    'arguments',
    [
        pytest.param(['init', '-q', '--object-format=sha256', 'other'], id='SHA-256'),
        pytest.param(['clone', '-q', '--shared', 'repository', 'other'], id='alternates'),
        pytest.param(['clone', '-q', '--bare', 'repository', 'other'], id='bare'),
        pytest.param(
            ['-C', 'repository', 'worktree', 'add', '-q', '../other', '-b', 'x'],
            id='a linked worktree',
        ),
    ],
)
def test_repositories_of_all_kinds(
    repository: Repository, keylint: Run, tmp_path: Path, arguments: list[str]
) -> None:
    repository.write('k.json', made(BINANCE))
    repository.commit()
    subprocess.run(['git', *arguments], cwd=tmp_path, check=True)
    if 'init' in arguments:
        other = Repository(tmp_path / 'other')
        other.write('k.json', made(BINANCE))
        other.commit()
    plan = ('--plan', str(tmp_path / 'plan'))
    answer = json.loads(keylint('publish', 'other', '--format', 'json', *plan).stdout)
    assert [leak['issuer'] for leak in answer['leaks']] == ['binance']
    assert keylint('publish', 'other', '--verify', *plan).returncode == 1


def test_a_shallow_clone_is_incomplete(
    repository: Repository, keylint: Run, tmp_path: Path
) -> None:
    for text in ('1', '2'):
        repository.write('a.txt', text)
        repository.commit()
    subprocess.run(
        ['git', 'clone', '-q', '--depth', '1', repository.folder.as_uri(), str(tmp_path / 'other')],
        check=True,
    )
    done = keylint('publish', 'other')
    assert (done.returncode, done.stdout.startswith('Not known')) == (2, True)
    (tmp_path / 'other' / 'k.json').write_text(made(BINANCE))
    assert keylint('publish', 'other').stdout.startswith(
        'No, and not everything could be looked at'
    )


# The plan


@pytest.mark.parametrize('inside', ['plan', '.git/plan', '.'])
def test_the_plan_is_refused_inside_a_repository(
    repository: Repository, keylint: Run, inside: str
) -> None:
    done = keylint('publish', '--plan', inside, cwd=repository.folder)
    assert (done.returncode, 'must lie outside of any repository' in done.stderr) == (2, True)
    assert not (repository.folder / 'plan').exists()


def test_the_plan_is_refused_inside_another_repository(
    repository: Repository, keylint: Run, tmp_path: Path
) -> None:
    other = Repository(tmp_path / 'other')
    done = keylint('publish', str(repository.folder), '--plan', str(other.folder / 'deep' / 'plan'))
    assert (done.returncode, 'must lie outside' in done.stderr) == (2, True)


def test_the_files_of_the_plan(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    repository.write('.gitignore', 'build/')  # no newline at the end
    repository.write('config.json', made(BINANCE))
    repository.write('old/#odd [x].env', 'A=1\n')
    repository.commit()
    repository.write('.env', 'BOT_MODE=dry\nexport OTHER=1\n')
    target = tmp_path / 'plan'
    target.mkdir()
    (tmp_path / 'precious').write_text('stays')
    (target / SECRETS).symlink_to(tmp_path / 'precious')
    done = keylint('publish', str(repository.folder), '--plan', str(target))
    assert done.returncode == 1
    assert (tmp_path / 'precious').read_text() == 'stays'
    assert sorted(path.name for path in target.iterdir()) == [
        'CHECKLIST.md',
        SECRETS,
        'drop-paths.txt',
        'env.example',
        'gitignore.patch',
        'objects.txt',
        'purge.sh',
        'strip-objects.txt',
    ]
    assert stat.S_IMODE((target / SECRETS).stat().st_mode) == 0o600
    assert (target / 'drop-paths.txt').read_text() == 'old/#odd [x].env\n'
    assert [
        line.split('=')[0] for line in (target / 'env.example').read_text().splitlines()[1:]
    ] == ['BOT_MODE', 'OTHER', 'BINANCE_API_KEY', 'BINANCE_API_SECRET']
    assert '- [ ] Binance' in (target / 'CHECKLIST.md').read_text()
    repository.git('apply', str(target / 'gitignore.patch'))
    assert (repository.folder / '.gitignore').read_text() == 'build/\n.env*\n*.env\n!.env.example\n'


def test_lines_of_replacements() -> None:
    weak, odd = Spot(b'a.b$c', b'pass = "'), Spot(b'regex:x==>y')
    rows = [Spot(b'k' * 20).line(), weak.line(), odd.line(), Spot(b'start1', b'').line()]
    assert rows[0] == b'k' * 20 + b'==>' + REMOVED
    apply = replacer(rows)
    before = b'a.b$c pass = "a.b$c" regex:x==>y ' + b'k' * 20 + b'\nstart1 start1\n'
    after = (
        b'a.b$c pass = "'
        + REMOVED
        + b'" '
        + REMOVED
        + b' '
        + REMOVED
        + b'\n'
        + REMOVED
        + b' start1\n'
    )
    assert apply(before) == after
    literals, expressions = parsed(rows)
    assert (len(literals), len(expressions)) == (2, 2)


# A purge for real


def purge(plan: Path) -> subprocess.CompletedProcess[str]:
    """Runs the plan's own commands."""
    path = f'{os.path.dirname(sys.executable)}{os.pathsep}{os.environ["PATH"]}'
    environment = {
        **os.environ,
        'PATH': path,
        'GIT_CONFIG_GLOBAL': os.devnull,
        'GIT_CONFIG_NOSYSTEM': '1',
    }
    return subprocess.run(
        ['sh', str(plan / 'purge.sh')], capture_output=True, text=True, check=False, env=environment
    )


def planted(repository: Repository) -> list[str]:
    """Leaks in many carriers and versions; returns the values. Nothing of them is in HEAD but the last."""
    import base64

    texts = {
        'config.json': made(BINANCE, 'a'),
        'k.py': made('KRAKEN_KEY = "{base64:42}"\nKRAKEN_SECRET = "{base64:64}"\n', 'b'),
        'joined.py': made(
            'BINANCE_API_KEY = "{alnum:64}"\nBINANCE_SECRET_KEY = ("{alnum:40}"\n    "{alnum:24}")\n',
            'c',
        ),
        'weak.py': made('DB_PASSWORD = "{alnum:12}"\n', 'd'),
        'key.pem': made('{pem:rsa}\n'),
    }
    for name, text in texts.items():
        repository.write(name, text)
    secret = made('{alnum:64}', 'e')
    encoded = base64.b64encode(secret.encode()).decode()
    key = base64.b64encode(made('{alnum:64}', 'f').encode()).decode()
    head = 'apiVersion: v1\nkind: Secret\nmetadata: {name: binance}\ndata:\n'
    repository.write(
        'secret.yaml', f'{head}  BINANCE_API_KEY: {key}\n  BINANCE_API_SECRET: {encoded}\n'
    )
    token = made('{digits:10}:AA{urlsafe:33}', 'h')
    wrapped = base64.b64encode(made(BINANCE, 'k').encode()).decode()
    repository.write('encoded.py', f'CONFIG = json.loads(base64.b64decode("{wrapped}"))\n')
    (repository.folder / 'wide.env.txt').write_bytes(made(KRAKEN, 'g').encode('utf-16'))
    (repository.folder / 'bot.bin').write_bytes(b'\x00\x01\x02' * 50 + token.encode() + b'\x00')
    repository.commit('first')
    repository.write('weak.py', made('DB_PASSWORD = "{lower:12}"\n', 'i'))
    repository.commit(f'settings\n\n{made(KRAKEN, "j")}')
    for name in (*texts, 'secret.yaml', 'encoded.py', 'wide.env.txt', 'bot.bin'):
        (repository.folder / name).unlink()
    repository.write('bot.py', 'print(1)\n')
    repository.commit('clean')
    found = [
        value for text in texts.values() for value in re.findall(r'"([A-Za-z0-9+/=]{12,})"', text)
    ]
    found += [line for line in texts['key.pem'].splitlines() if not line.startswith('---')]
    return [
        *found,
        secret,
        encoded,
        key,
        token,
        wrapped,
        *values(made(KRAKEN, 'g')),
        *values(made(KRAKEN, 'j')),
    ]


def everything(folder: Path) -> bytes:
    """All that the object database holds, and the files of the work tree."""
    listing = subprocess.run(
        ['git', 'cat-file', '--batch-all-objects', '--batch'],
        cwd=folder,
        capture_output=True,
        check=True,
    ).stdout
    return listing + b''.join(
        path.read_bytes()
        for path in folder.rglob('*')
        if path.is_file() and '.git' not in path.parts
    )


def test_a_purge_carried_out(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    held = planted(repository)
    before = everything(repository.folder)
    plan, clean = tmp_path / 'plan', tmp_path / 'repository-clean'
    done = keylint('publish', str(repository.folder), '--plan', str(plan))
    assert (done.returncode, 'Binance' in done.stdout, 'Kraken' in done.stdout) == (1, True, True)
    assert everything(repository.folder) == before  # keylint rewrites nothing
    verify = ('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert keylint(*verify).returncode == 1
    ran = purge(plan)
    assert (
        ran.returncode,
        ran.stdout.splitlines()[-1].startswith('nothing of the plan is left'),
    ) == (0, True), ran.stdout + ran.stderr
    assert not [
        value
        for value in held
        if value.encode() in everything(clean) or value.encode('utf-16-le') in everything(clean)
    ]
    assert b'***REMOVED***' in everything(clean)
    assert b'print(1)' in everything(clean)
    after = json.loads(keylint('publish', str(clean), '--format', 'json').stdout)
    assert (after['verdict'], after['leaks']) == ('publishable', [])


def test_a_purge_of_hostile_names(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    """No name of a file becomes a command of the script or a pattern of another name."""
    names = [
        'a\ntouch owned #.env',
        "b'; touch owned; '.env",
        '$(touch owned).env',
        '# c.env',
        'd==>e.env',
        ' f .env',
        '-rf.env',
    ]
    for name in names:
        repository.write(name, 'A=1\n')
    repository.write('kept.py', 'x = 1\n')
    repository.commit()
    keylint('publish', str(repository.folder), '--plan', str(tmp_path / 'plan'))
    ran = purge(tmp_path / 'plan')
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [
        path.name for path in (tmp_path / 'repository-clean').iterdir() if path.name != '.git'
    ] == ['kept.py']
    assert not list(tmp_path.rglob('owned'))
    assert not Path('owned').exists()


def committed(repository: Repository, text: str, *commands: str) -> None:
    """The text in a commit, then some commands of git."""
    repository.write('x', text)
    repository.commit('x')
    for command in commands:
        repository.git(*command.split())


def added(repository: Repository, text: str, command: str) -> None:
    """The text given to a command as the file x, which is gone afterwards."""
    path = repository.write('x', text)
    repository.git(*command.split(), 'x')
    path.unlink()


def stashed(repository: Repository, text: str) -> None:
    repository.write('bot.py', text)
    repository.git('stash')


def ignored(repository: Repository, text: str) -> None:
    repository.write('.git/info/exclude', 'x\n')
    repository.write('x', text)


UNDONE = 'reset -q --hard HEAD~1'
FORGOTTEN = 'reflog expire --expire=now --all'
HOLDERS: dict[str, tuple[Callable[[Repository, str], object], str]] = {
    'a stash': (stashed, 'the stash'),
    'a reflog': (lambda r, text: committed(r, text, UNDONE), 'reflog of HEAD'),
    'an unreachable commit': (lambda r, text: committed(r, text, UNDONE, FORGOTTEN), 'unreachable'),
    'an unreachable blob': (lambda r, text: added(r, text, 'hash-object -w'), 'unreachable'),
    'a backup': (
        lambda r, text: committed(r, text, 'update-ref refs/original/a HEAD', UNDONE, FORGOTTEN),
        'refs/original/a',
    ),
    'a pack': (lambda r, text: committed(r, text, 'gc -q'), 'refs/heads/main'),
    'the index': (lambda r, text: added(r, text, 'add'), 'index'),
    'the work tree': (lambda r, text: r.write('x', text), 'x'),
    'an ignored file': (ignored, 'x'),
    'a wide file': (lambda r, text: (r.folder / 'x').write_bytes(text.encode('utf-16')), 'x'),
    'a message': (
        lambda r, text: r.git('commit', '-q', '--allow-empty', '-m', text),
        'refs/heads/main',
    ),
    'a tag': (lambda r, text: r.git('tag', '-a', '-m', text, 'v1'), 'refs/tags/v1'),
    'a note': (lambda r, text: r.git('notes', 'add', '-m', text), 'refs/notes/commits'),
    'git filter-repo': (
        lambda r, text: r.write('.git/filter-repo/notes', text),
        '.git/filter-repo/notes',
    ),
    'a message being written': (
        lambda r, text: r.write('.git/COMMIT_EDITMSG', text),
        '.git/COMMIT_EDITMSG',
    ),
}


@pytest.mark.parametrize('holder', HOLDERS)
def test_verify_says_where(
    repository: Repository, keylint: Run, tmp_path: Path, holder: str
) -> None:
    text = made('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n')
    other = Repository(tmp_path / 'other')
    other.write('bot.py', text)
    other.commit()
    plan = tmp_path / 'plan'
    keylint('publish', str(other.folder), '--plan', str(plan))
    repository.write('bot.py', 'print(1)\n')
    repository.commit()
    verify = ('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert keylint(*verify).stdout.startswith('nothing of the plan is left')
    hide, where = HOLDERS[holder]
    hide(repository, text)
    done = keylint(*verify)
    assert (done.returncode, where in done.stdout) == (1, True), done.stdout
    assert not any(value in done.stdout for value in values(text))
    rows = json.loads(keylint(*verify, '--format', 'json').stdout)
    assert rows['clean'] is False


def test_verify_by_object_id(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    """A weak value is no needle in a haystack; the object that held it is."""
    repository.write('a.py', made('DB_PASSWORD = "{lower:12}"\n'))
    repository.commit()
    plan = tmp_path / 'plan'
    keylint('publish', str(repository.folder), '--plan', str(plan))
    (plan / SECRETS).write_text('')
    done = keylint('publish', str(repository.folder), '--verify', '--plan', str(plan))
    assert (done.returncode, 'an object of the plan' in done.stdout) == (1, True)


def test_verify_needs_a_plan(repository: Repository, keylint: Run, tmp_path: Path) -> None:
    assert '--plan DIR' in keylint('publish', str(repository.folder), '--verify').stderr
    done = keylint('publish', str(repository.folder), '--verify', '--plan', str(tmp_path))
    assert (done.returncode, 'no plan of keylint publish' in done.stderr) == (2, True)
