"""`--since`, `--range` and `--pre-push`.

What a range adds, all of it, and nothing that was there before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import Run
from tests.hiding import Git, leak, secret

pytestmark = pytest.mark.slow  # repositories of their own

ZERO = '0' * 40
HOOKS = {
    hook['id']: hook
    for hook in yaml.safe_load(
        (Path(__file__).parent.parent.parent / '.pre-commit-hooks.yaml').read_text()
    )
}
Scan = Callable[..., list[str]]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Provide a repository whose first commit leaks `base`."""
    git = Git(tmp_path / 'bot')
    git.write('base.py', leak('base') + '# end\n')
    git.write('README.md', 'A bot.\n')
    git.commit()
    return git


@pytest.fixture
def scan(git: Git, keylint: Run) -> Scan:
    """Return the places whose secrets a scan reports.

    Add a note of its exit code when it is not the one of its findings.
    """

    def run(*arguments: str, stdin: str = '', **variables: str) -> list[str]:
        done = keylint(
            'scan',
            *arguments,
            '--isolated',
            '--format',
            'json',
            '--show-secrets',
            cwd=git.folder,
            stdin=stdin.encode(),
            **variables,
        )
        findings = json.loads(done.stdout)['findings']
        assert done.returncode == (1 if findings else 0), done.stdout
        values = {part['value'] for finding in findings for part in finding['parts']}
        return sorted(
            place for place in ('base', 'one', 'two', 'three', 'four') if secret(place) in values
        )

    return run


def added(git: Git, place: str, name: str = '') -> str:
    git.write(name or f'{place}.env', leak(place))
    return git.commit()


# Ranges


def test_nothing_new_is_nothing(git: Git, scan: Scan) -> None:
    git.write('README.md', 'A grid bot.\n')
    git.commit()
    assert scan('--since', 'HEAD~1') == []
    assert scan('--since', 'HEAD') == []
    assert scan('--range', 'HEAD..HEAD') == []


def test_since_and_ranges(git: Git, scan: Scan) -> None:
    added(git, 'one')
    added(git, 'two')
    added(git, 'three')
    assert scan('--since', 'HEAD~3') == ['one', 'three', 'two']
    assert scan('--since', 'HEAD~1') == ['three']
    assert scan('--range', 'HEAD~3..HEAD~1') == ['one', 'two']
    assert scan('--range', 'HEAD~1..') == ['three']
    assert scan('--range', '..HEAD~1') == []
    assert scan('--range', 'HEAD..HEAD~3') == []


def test_what_was_removed_within_the_range_is_still_in_it(git: Git, scan: Scan) -> None:
    added(git, 'one')
    (git.folder / 'one.env').unlink()
    git.commit()
    assert scan('--since', 'HEAD~2') == ['one']
    assert scan('--since', 'HEAD~1') == []


@pytest.mark.parametrize(
    'change',
    [
        pytest.param(
            lambda git: git.write('base.py', '# touched\n' * 300 + leak('base') + '# end\n'),
            id='touched elsewhere',
        ),
        pytest.param(lambda git: git('mv', 'base.py', 'moved.py'), id='renamed'),
        pytest.param(
            lambda git: (
                git('mv', 'base.py', 'moved.py'),
                git.write('moved.py', f'x = 1\n{leak("base")}'),
            ),
            id='renamed and touched',
        ),
        pytest.param(
            lambda git: git.write('base.py', leak('base').splitlines()[0] + '\n'),
            id='its other half went away',
        ),
        pytest.param(
            lambda git: (
                git('rm', '-q', 'base.py'),
                git.commit(),
                git.write('base.py', leak('base') + '# again\n'),
            ),
            id='taken back',
        ),
    ],
)
def test_old_secrets_are_not_reported_again(
    git: Git, scan: Scan, keylint: Run, change: Callable[[Git], object]
) -> None:
    start = git('rev-parse', 'HEAD')
    change(git)
    git.commit()
    assert keylint('scan', '--since', start, '--isolated', cwd=git.folder).returncode == 0
    added(git, 'one', 'base.py')
    assert scan('--since', start) == ['one']


def test_a_key_and_its_secret_of_a_later_commit_are_one_credential(git: Git, keylint: Run) -> None:
    key, value = leak('one').splitlines()
    git.write('one.env', f'{key}\n')
    git.commit()
    git.write('one.env', f'{key}\n{value}\n')
    git.commit()
    for start in ('HEAD~2', 'HEAD~1'):
        done = keylint('scan', '--since', start, '--isolated', '--format', 'json', cwd=git.folder)
        (finding,) = json.loads(done.stdout)['findings']
        assert [part['role'] for part in finding['parts']] == ['api-key', 'secret']
        assert finding['commit'] == git('rev-parse', 'HEAD')
    life = finding['history']
    assert life['first']['commit'] == life['last']['commit'] == finding['commit']
    text = ' '.join(
        keylint(
            'scan', '--since', 'HEAD~1', '--isolated', '--format', 'full', cwd=git.folder
        ).stdout.split()
    )
    assert f'life: added by commit {finding["commit"][:12]} of 2021-01-04 why:' in text


@pytest.mark.parametrize(
    ('texts', 'shown', 'roles'),
    [
        (['{secret}', '{key}{secret}'], 1, ['api-key', 'secret']),
        (['{secret}', '{key}{secret}', '{secret}'], 1, ['api-key', 'secret']),
        (['{key}{secret}', '# moved\n{key}{secret}'], 1, ['api-key', 'secret']),
        (['{key}{secret}', '{secret}'], 0, ['api-key', 'secret']),
    ],
    ids=['the key comes later', 'the key comes and goes', 'both are moved', 'the key goes'],
)
def test_of_several_versions_the_newest_of_the_most_complete_is_shown(
    git: Git, keylint: Run, texts: list[str], shown: int, roles: list[str]
) -> None:
    key, value = leak('one').splitlines()
    names = []
    for text in texts:
        git.write('one.env', text.format(key=f'{key}\n', secret=f'{value}\n'))
        names.append(git.commit())
    options = ('--since', f'HEAD~{len(texts)}', '--isolated', '--format', 'json')
    done = keylint('scan', *options, cwd=git.folder)
    (finding,) = json.loads(done.stdout)['findings']
    assert [part['role'] for part in finding['parts']] == roles
    assert finding['commit'] == names[shown]
    life = finding['history']
    assert (life['first']['commit'], life['last']['commit']) == (names[0], names[shown])
    git('checkout', '-q', '--detach', names[shown])
    assert finding['line'] == (git.folder / 'one.env').read_text().splitlines().index(key) + 1


def test_merges(git: Git, scan: Scan) -> None:
    start = git('rev-parse', 'HEAD')
    git('checkout', '-q', '-b', 'side')
    added(git, 'one')
    git('checkout', '-q', 'main')
    added(git, 'two')
    before = git('rev-parse', 'HEAD')
    git('merge', '-q', '--no-ff', '--no-commit', 'side')
    git.write('three.env', leak('three'))
    git.commit('merge')
    assert scan('--since', start) == ['one', 'three', 'two']
    assert scan('--since', before) == ['one', 'three']
    assert scan('--range', 'HEAD^1..HEAD') == ['one', 'three']
    assert scan('--range', 'HEAD^2..HEAD') == ['three', 'two']


def test_both_sides(git: Git, scan: Scan) -> None:
    git('checkout', '-q', '-b', 'side')
    added(git, 'one')
    git('checkout', '-q', 'main')
    added(git, 'two')
    assert scan('--range', 'main..side') == ['one']
    assert scan('--range', 'side..main') == ['two']
    assert scan('--range', 'main...side') == ['one', 'two']
    assert scan('--range', '...side') == ['one', 'two']


def test_texts_of_commits(git: Git, scan: Scan) -> None:
    git.write('README.md', 'x\n')
    git.commit(f'fix\n\n{leak("one")}')
    assert scan('--since', 'HEAD~1') == ['one']


@pytest.mark.parametrize(
    ('option', 'value', 'said'),
    [
        ('--since', 'nowhere', "'nowhere' names no commit"),
        ('--since', '--all', '--all'),
        ('--range', 'HEAD', 'A..B'),
        ('--range', 'HEAD..HEAD..HEAD', 'A..B'),
        ('--range', 'HEAD..nowhere', "'nowhere' names no commit"),
        ('--range', '--all..HEAD', "'--all' names no commit"),
    ],
)
def test_what_names_nothing_is_one_clear_line(
    git: Git, keylint: Run, option: str, value: str, said: str
) -> None:
    done = keylint('scan', f'{option}={value}', '--isolated', cwd=git.folder)
    assert (done.returncode, done.stdout, done.stderr.count('\n')) == (2, '', 1)
    assert said in done.stderr


# Pushing: lines on standard input, as git gives them


def line(git: Git, local: str, old: str = ZERO, name: str = 'refs/heads/main') -> str:
    return f'{name} {git("rev-parse", local)} {name} {old}\n'


def test_pushes(git: Git, scan: Scan) -> None:
    base = git('rev-parse', 'HEAD')
    git('update-ref', 'refs/remotes/origin/main', base)
    one = added(git, 'one')
    two = added(git, 'two')
    deleted = f'(delete) {ZERO} refs/heads/gone {one}\n'
    assert scan('--pre-push', stdin='') == []
    assert scan('--pre-push', stdin=deleted) == []
    assert scan('--pre-push', stdin=line(git, two, one)) == ['two']
    assert scan('--pre-push', stdin=line(git, two, base) + deleted) == ['one', 'two']
    assert scan('--pre-push', stdin=line(git, two)) == ['one', 'two']
    assert scan('--pre-push', stdin=line(git, two, '1' * 40)) == ['one', 'two']


def test_the_first_push_of_all(git: Git, scan: Scan) -> None:
    one = added(git, 'one')
    assert scan('--pre-push', stdin=line(git, one)) == ['base', 'one']


def test_a_remote_that_has_less_than_another(git: Git, scan: Scan) -> None:
    one = added(git, 'one')
    git('update-ref', 'refs/remotes/private/main', one)
    assert scan('--pre-push', stdin=line(git, one), PRE_COMMIT_REMOTE_NAME='private') == []
    assert scan('--pre-push', stdin=line(git, one), PRE_COMMIT_REMOTE_NAME='public') == [
        'base',
        'one',
    ]


def test_a_forced_push_and_several_refs(git: Git, scan: Scan) -> None:
    git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    old = added(git, 'one')
    git('reset', '-q', '--hard', 'HEAD~1')
    new = added(git, 'two')
    assert scan('--pre-push', stdin=line(git, new, old)) == ['two']
    git('checkout', '-q', '--orphan', 'other')
    git('rm', '-q', '-r', '-f', '.')
    other = added(git, 'three')
    lines = (
        line(git, new, old)
        + line(git, other, name='refs/heads/other')
        + f'(delete) {ZERO} refs/heads/gone {old}\n'
    )
    assert scan('--pre-push', stdin=lines) == ['three', 'two']


def test_texts_of_tags(git: Git, scan: Scan) -> None:
    git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    git('tag', '-a', 'inner', '-m', leak('one'))
    git('tag', '-a', 'outer', '-m', leak('two'), 'inner')
    assert scan('--pre-push', stdin=line(git, 'outer', name='refs/tags/outer')) == ['one', 'two']


# Pushing for real


@pytest.fixture
def remote(git: Git, tmp_path: Path) -> Path:
    folder = tmp_path / 'remote.git'
    git('init', '-q', '--bare', '-b', 'main', str(folder))
    git('remote', 'add', 'origin', str(folder))
    return folder


def refs(remote: Path) -> list[str]:
    done = subprocess.run(
        ['git', '-C', str(remote), 'for-each-ref', '--format=%(refname) %(objectname)'],
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().split('\n')[:-1]


def push(git: Git, *arguments: str) -> tuple[int, str]:
    command = ['git', 'push', '-q', 'origin', *arguments]
    done = subprocess.run(command, cwd=git.folder, capture_output=True, check=False, timeout=120)
    return done.returncode, (done.stdout + done.stderr).decode()


def install_hook(git: Git) -> None:
    """Return the hook of docs/history.md."""
    text = (Path(__file__).parent.parent.parent / 'docs' / 'history.md').read_text()
    script = text.split('<!-- hook -->\n```sh\n')[1].split('```')[0]
    hook = git.write(
        '.git/hooks/pre-push', script.replace('keylint scan', f'{sys.executable} -m keylint scan')
    )
    hook.chmod(0o755)


def install_pre_commit(git: Git) -> None:
    """Return the hook `keylint-push` under the real pre-commit.

    `language: system` spares building an environment.
    """
    hook = {
        **HOOKS['keylint-push'],
        'language': 'system',
        'entry': f'{sys.executable} -m {HOOKS["keylint-push"]["entry"]}',
    }
    hook.pop('minimum_pre_commit_version')
    git.write(
        '.pre-commit-config.yaml', yaml.safe_dump({'repos': [{'repo': 'local', 'hooks': [hook]}]})
    )
    git.commit('set up')
    os.environ['PRE_COMMIT_HOME'] = str(git.folder.parent / 'pre-commit')
    command = [sys.executable, '-m', 'pre_commit', 'install', '--hook-type', 'pre-push']
    done = subprocess.run(command, cwd=git.folder, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout


def test_the_fields_of_the_hook() -> None:
    hook = HOOKS['keylint-push']
    assert (hook['stages'], hook['pass_filenames'], hook['always_run']) == (
        ['pre-push'],
        False,
        True,
    )
    assert list(HOOKS) == ['keylint', 'keylint-push', 'keylint-fix']


@pytest.mark.slow
@pytest.mark.parametrize('install', [install_hook, install_pre_commit])
def test_real_pushes(git: Git, remote: Path, install: Callable[[Git], None]) -> None:
    install(git)
    code, said = push(git, 'main')  # all of it is new, with the root
    assert code != 0, said
    assert ('base.py' in said, refs(remote)) == (True, [])
    assert push(git, '--no-verify', 'main')[0] == 0

    git.write('README.md', 'A grid bot.\n')
    clean = git.commit()
    assert push(git, 'main')[0] == 0
    assert refs(remote) == [f'refs/heads/main {clean}']

    git('checkout', '-q', '-b', 'side')
    added(git, 'one')
    git('rm', '-q', 'one.env')
    git.commit('removed')
    code, said = push(git, 'side')
    assert code != 0
    assert 'one.env' in said
    assert secret('one')[:16] not in said
    assert refs(remote) == [f'refs/heads/main {clean}']

    git('reset', '-q', '--hard', 'main')
    git('commit', '-q', '--amend', '-m', 'reworded')
    assert push(git, '--force', 'side:main')[0] == 0
    assert push(git, 'main:other')[0] == 0
    assert push(git, ':other')[0] == 0
    assert refs(remote) == [f'refs/heads/main {git("rev-parse", "side")}']


# Names: of files, folders and branches


def list_named(keylint: Run, git: Git, *arguments: str, stdin: str = '') -> list[str]:
    done = keylint(
        'scan', *arguments, '--isolated', '--format', 'json', cwd=git.folder, stdin=stdin.encode()
    )
    found = json.loads(done.stdout)['findings']
    return sorted(finding['title'] for finding in found)


NAMED = f'binance_{secret("name")}'
FILE, FOLDER = "a value in a file's name", "a value in a folder's name"
BRANCH, TAG = "a value in a branch's name", "a value in a tag's name"


def test_values_in_names_of_files_and_folders(git: Git, keylint: Run) -> None:
    git.write(f'{NAMED}.py', 'x = 1\n')
    git.commit()
    git.write(f'{NAMED}/a.py', 'y = 1\n')
    git.commit()
    git.write(f'{NAMED}/b.py', 'z = 1\n')
    git.write(f'{NAMED}.py', 'x = 2\n')
    git.commit()
    assert list_named(keylint, git, '--since', 'HEAD~3') == [FILE, FOLDER]
    assert list_named(keylint, git, '--since', 'HEAD~2') == [FOLDER]
    assert list_named(keylint, git, '--since', 'HEAD~1') == []
    assert list_named(keylint, git, '--range', 'HEAD~3..HEAD~2') == [FILE]
    assert list_named(
        keylint, git, '--pre-push', stdin=line(git, 'HEAD', git('rev-parse', 'HEAD~2'))
    ) == [FOLDER]


def test_a_name_in_an_excluded_folder_is_left_out(git: Git, keylint: Run) -> None:
    git.write(f'tests/{NAMED}.py', 'x = 1\n')
    git.commit()
    assert list_named(keylint, git, '--since', 'HEAD~1') == [FILE]
    assert list_named(keylint, git, '--since', 'HEAD~1', '--exclude', 'tests/') == []


def test_values_in_names_of_branches_and_tags(git: Git, keylint: Run) -> None:
    git('checkout', '-q', '-b', NAMED)
    git.commit()
    git('tag', NAMED, 'HEAD')
    assert list_named(keylint, git, '--since', 'main') == [BRANCH]
    assert list_named(keylint, git, '--range', f'main..heads/{NAMED}') == [BRANCH]
    base = git('rev-parse', 'main')
    branch, tag = (f'refs/{kind}/{NAMED}' for kind in ('heads', 'tags'))
    git('update-ref', 'refs/remotes/origin/main', base)
    assert list_named(keylint, git, '--pre-push', stdin=line(git, 'HEAD', name=branch)) == [BRANCH]
    assert list_named(keylint, git, '--pre-push', stdin=line(git, 'HEAD', name=tag)) == [TAG]
    known = line(git, 'HEAD', base, name=branch)
    assert list_named(keylint, git, '--pre-push', stdin=known) == []


# Marks


def test_a_mark_that_is_taken_away_makes_a_finding_new(git: Git, scan: Scan) -> None:
    marked = f'# keylint: ignore a sample\n{leak("one")}'
    git.write('one.env', marked)
    git.commit()
    git.write('one.env', f'{marked}# more\n')
    git.commit()
    git.write('one.env', f'{leak("one")}# more\n')
    git.commit()
    assert scan('--since', 'HEAD~1') == ['one']
    assert scan('--pre-push', stdin=line(git, 'HEAD', git('rev-parse', 'HEAD~1'))) == ['one']
    git.write('one.env', f'{leak("one")}# still more\n')
    git.commit()
    assert scan('--since', 'HEAD~1') == []


@pytest.mark.parametrize('names', [('a.env', 'b.env'), ('b.env', 'a.env')])
@pytest.mark.parametrize('mode', ['--since', '--history'])
def test_a_mark_in_one_file_accepts_nothing_in_another(
    git: Git, keylint: Run, names: tuple[str, str], mode: str
) -> None:
    accepted, open_one = names
    git.write(open_one, leak('one'))
    git.commit()
    git.write(accepted, f'# keylint: ignore a sample\n{leak("one")}')
    git.commit()
    arguments = [mode] if mode == '--history' else [mode, 'HEAD~2']
    done = keylint('scan', *arguments, '--isolated', '--format', 'json', cwd=git.folder)
    states = {f['path']: f['state'] for f in json.loads(done.stdout)['findings']}
    assert states[open_one] == 'open'
    assert states.get(accepted, 'suppressed') == 'suppressed'


# Remotes


def test_without_the_name_of_the_remote_all_that_not_all_remotes_have_is_new(
    git: Git, scan: Scan
) -> None:
    base = git('rev-parse', 'HEAD')
    one = added(git, 'one')
    two = added(git, 'two')
    git('update-ref', 'refs/remotes/public/main', base)
    assert scan('--pre-push', stdin=line(git, two)) == ['one', 'two']
    git('update-ref', 'refs/remotes/private/main', one)
    assert scan('--pre-push', stdin=line(git, two)) == ['one', 'two']
    git('remote', 'add', 'fresh', 'https://example.org/bot.git')
    assert scan('--pre-push', stdin=line(git, two)) == ['base', 'one', 'two']
    assert scan('--pre-push', stdin=line(git, two), PRE_COMMIT_REMOTE_NAME='private') == ['two']


@pytest.mark.skipif(os.name != 'posix', reason='a shell closes standard input')
def test_a_push_without_standard_input_is_that_of_the_branch(git: Git) -> None:
    """pre-commit may start the hook with it closed: then its variables name the branch."""
    added(git, 'one')
    branch = git('symbolic-ref', '--short', 'HEAD')
    done = subprocess.run(
        ['sh', '-c', 'exec "$0" -m keylint scan --pre-push --isolated <&-', sys.executable],
        cwd=git.folder,
        env={**os.environ, 'PRE_COMMIT_LOCAL_BRANCH': f'refs/heads/{branch}'},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'Traceback' not in done.stderr
    assert (done.returncode, done.stderr) == (1, '')
