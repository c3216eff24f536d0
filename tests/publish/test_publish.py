"""Hold the exit codes and the reports of `keylint publish`, on real repositories."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keylint.publish.plan import SECRETS
from tests.conftest import Repository, Run
from tests.publish.leaks import BINANCE, KRAKEN, TESTNET, made, values


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
        'Revoke and replace',
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
    assert all(value in files[SECRETS] for value in values(texts[2]))  # harmless, but purged
    keylint(
        'publish', str(repository.folder), '--format', name, '--output', str(tmp_path / 'report')
    )
    assert not any(value in (tmp_path / 'report').read_text() for value in held)


def test_the_text(repository: Repository, keylint: Run) -> None:
    """Verdict, leaks, exposures, plan in this order.

    No name moves the cursor or steers a CI job.
    """
    repository.write('config.json', made(BINANCE))
    repository.write('\x1b[2J.log', 'x')
    repository.write('::error::.log', 'x')
    repository.commit()
    repository.write('config.json', '{}\n')
    repository.commit()
    text = keylint('publish', str(repository.folder)).stdout
    heads = [
        'No: do not publish this yet',
        'Revoke today: 1 credential (1 Binance); none proven to be for tests only.',
        'No key was tried.',
        'ROTATE BEFORE PUBLISHING',
        'Binance credential',
        'WOULD BE PUBLISHED BY MISTAKE',
        'THE PLAN',
        '1. Revoke',
        '2. Purge',
        '3. Verify',
        '4. Publish',
    ]
    flat = ' '.join(text.split())
    assert sorted(heads, key=flat.index) == heads
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
    assert (done.returncode, done.stdout.startswith('Unknown')) == (2, True)
    (tmp_path / 'other' / 'k.json').write_text(made(BINANCE))
    assert keylint('publish', 'other').stdout.startswith('No, and not everything could be scanned')
