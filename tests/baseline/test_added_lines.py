"""`scan --diff`: only what a change adds, whatever the repository would do to hide it.

Also what pipelines say of their change.

Also what pipelines say of their change.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keylint.core.errors import ConfigError
from keylint.integrations.ci import find_base
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'diff')
TOKENS = [expand_recipes('ghp_{alnum:36}', f'diff/{number}') for number in range(4)]
ZEROS = '0' * 40


def tokens(*numbers: int) -> str:
    return ''.join(f"TOKEN_{number} = '{TOKENS[number]}'\n" for number in numbers)


@pytest.fixture
def changed(repository: Repository) -> Repository:
    """Provide a branch `work` on top of `main`, which holds two known leaks."""
    repository.write('old.py', 'import os\n' + tokens(0))
    repository.write('conf/.env', LEAK)
    repository.commit()
    repository.git('checkout', '-q', '-b', 'work')
    return repository


def found(keylint: Run, folder: Path, *arguments: str, **variables: str) -> list[tuple[str, int]]:
    done = keylint(
        'scan', '--format', 'json', *(arguments or ('--diff', 'main')), cwd=folder, **variables
    )
    assert done.returncode in (0, 1), done.stderr
    return [(finding['path'], finding['line']) for finding in json.loads(done.stdout)['findings']]


@pytest.mark.parametrize(
    ('name', 'text'),
    [
        pytest.param('old.py', 'import os\n' + tokens(0), id='nothing changed'),
        pytest.param('old.py', 'import os\nimport sys\n\n\n' + tokens(0), id='moved down'),
        pytest.param('old.py', 'import os\nif os:\n    ' + tokens(0), id='re-indented'),
        pytest.param(
            'old.py', ('import os\n' + tokens(0)).replace('\n', '\r\n'), id='other line ends'
        ),
        pytest.param('old.py', 'import os\n', id='taken out'),
        pytest.param('new.py', 'import os\n', id='a harmless new file'),
    ],
)
def test_what_was_there_is_not_told(
    keylint: Run, changed: Repository, name: str, text: str
) -> None:
    changed.write(name, text)
    assert found(keylint, changed.folder) == []


@pytest.mark.parametrize('is_committed', [True, False])
def test_what_is_added_is_told(keylint: Run, changed: Repository, is_committed: bool) -> None:
    changed.write('old.py', 'import os\n' + tokens(1, 0))
    changed.write('new.py', tokens(2))
    changed.write('conf/.env', LEAK + f'GITHUB_TOKEN={TOKENS[3]}\n')
    if is_committed:
        changed.commit()
    assert found(keylint, changed.folder) == [('conf/.env', 3), ('new.py', 1), ('old.py', 2)]
    done = keylint('scan', '--diff', 'main', cwd=changed.folder)
    assert '2 on lines that the change does not add' in done.stdout


def test_one_new_line_of_a_credential_is_enough_and_its_partner_is_read(
    keylint: Run, changed: Repository
) -> None:
    key = LEAK.split()[0]
    changed.write('conf/.env', f'{key}\n{expand_recipes("BINANCE_API_SECRET={alnum:64}", "new")}\n')
    done = keylint('scan', '--diff', 'main', '--format', 'json', cwd=changed.folder)
    (finding,) = json.loads(done.stdout)['findings']
    assert [part['role'] for part in finding['parts']] == ['api-key', 'secret']
    assert finding['severity'] == 'critical'


def test_a_renamed_file_and_a_moved_line_are_not_new_but_a_copy_is(
    keylint: Run, changed: Repository
) -> None:
    changed.git('mv', 'old.py', 'renamed.py')
    changed.git('mv', 'conf/.env', 'conf/prod.env')
    assert found(keylint, changed.folder) == []
    changed.write('renamed.py', 'import os\n')
    changed.write('other.py', tokens(0))
    assert found(keylint, changed.folder) == []
    changed.write('twin.py', tokens(0))
    assert found(keylint, changed.folder) == [('other.py', 1), ('twin.py', 1)]


def test_main_may_have_gone_on(keylint: Run, changed: Repository) -> None:
    changed.write('new.py', tokens(1))
    changed.commit()
    changed.git('checkout', '-q', 'main')
    changed.write('old.py', 'import os\n')
    changed.write('theirs.py', tokens(2))
    changed.commit()
    changed.git('checkout', '-q', 'work')
    assert found(keylint, changed.folder) == [('new.py', 1)]


def test_paths_and_folders_limit_it(keylint: Run, changed: Repository) -> None:
    for name in ('sub/a.py', 'sub/deep/b.py', 'c.py', '.gitignore'):
        changed.write(name, 'd.py\n' if name == '.gitignore' else tokens(1))
    changed.write('d.py', tokens(2))
    assert found(keylint, changed.folder, '--diff', 'main', 'sub') == [
        ('sub/a.py', 1),
        ('sub/deep/b.py', 1),
    ]
    assert found(keylint, changed.folder / 'sub') == [('a.py', 1), ('deep/b.py', 1)]
    assert found(keylint, changed.folder / 'sub', '--diff', 'main', '../c.py') == [('../c.py', 1)]
    assert found(
        keylint, changed.folder.parent, '--diff', 'main', str(changed.folder / 'c.py')
    ) == [(f'{changed.folder}/c.py', 1)]
    assert ('d.py', 1) in found(keylint, changed.folder, '--diff', 'main', '--no-ignore')


@pytest.mark.parametrize('encoding', ['utf-8', 'utf-16', 'utf-16-le', 'latin-1'])
@pytest.mark.parametrize('end', ['\n', '\r\n', '\r'])
def test_lines_are_those_of_the_findings(
    keylint: Run, changed: Repository, encoding: str, end: str
) -> None:
    text = '# caf\u00e9 and a few more words\n' + tokens(1)
    (changed.folder / 'odd.py').write_bytes(text.replace('\n', end).encode(encoding))
    changed.git('checkout', '-q', 'main')
    changed.commit()
    changed.git('checkout', '-q', '-b', 'more')
    assert found(keylint, changed.folder) == []
    (changed.folder / 'odd.py').write_bytes((text + tokens(2)).replace('\n', end).encode(encoding))
    assert found(keylint, changed.folder) == [('odd.py', 3)]


def test_the_repository_can_neither_run_code_nor_hide_lines(
    keylint: Run, changed: Repository
) -> None:
    marker = changed.folder.parent / 'ran'
    run = f"touch '{marker}'; cat"
    for key in (
        'filter.x.clean',
        'filter.x.process',
        'diff.x.textconv',
        'diff.x.command',
        'diff.external',
        'core.fsmonitor',
        'filter.x.smudge',
    ):
        changed.git('config', key, run)
    changed.git('config', 'filter.x.required', 'true')
    changed.write('.gitattributes', '* filter=x diff=x binary -text\n*.py -diff\n')
    changed.write('old.py', 'import os\n' + tokens(0, 1))
    assert found(keylint, changed.folder) == [('old.py', 3)]
    assert not marker.exists()
    changed.write(
        'old.py', 'import os\n' + tokens(0, 2)
    )  # as long as before and within the same second: git has to read it
    assert found(keylint, changed.folder) == [('old.py', 3)]
    assert not marker.exists()
    changed.git('diff', 'main')
    assert marker.exists(), 'the trap works'
    changed.git('config', 'filter.a=b.clean', run)
    done = keylint('scan', '--diff', 'main', cwd=changed.folder)
    assert (done.returncode, "a filter with '=' in its name" in done.stderr) == (2, True)


def test_false_all_clears_are_errors(keylint: Run, changed: Repository, tmp_path: Path) -> None:
    for arguments, message in (
        (('--diff', 'nope'), "'nope' names no commit"),
        (('--diff', '--all'), "'--all' names no commit"),
        (('--diff', 'main', '--staged'), 'does not go together with --staged'),
        (('--diff', 'main', 'gone'), 'no such file or folder'),
        (('--diff', 'main', '--history'), 'does not go together with'),
    ):
        done = keylint(
            'scan',
            *((f'--diff={arguments[1]}',) if arguments[1] == '--all' else arguments),
            cwd=changed.folder,
        )
        assert (done.returncode, message in done.stderr) == (2, True), (arguments, done.stderr)
    (tmp_path / 'plain').mkdir()
    assert (
        'needs a git repository' in keylint('scan', '--diff', 'main', cwd=tmp_path / 'plain').stderr
    )
    assert 'nothing was scanned' in keylint('scan', '--diff', 'main', cwd=changed.folder).stdout


def test_a_shallow_clone_says_what_it_lacks(
    keylint: Run, changed: Repository, tmp_path: Path
) -> None:
    changed.write('new.py', tokens(1))
    changed.commit()
    clone = Repository(tmp_path / 'clone')
    clone.git(
        'fetch',
        '-q',
        '--depth',
        '1',
        f'file://{changed.folder}',
        'work',
        '+main:refs/remotes/origin/main',
    )
    clone.git('checkout', '-q', 'FETCH_HEAD')
    done = keylint('scan', '--diff', 'origin/main', cwd=clone.folder)
    assert done.returncode == 2
    assert 'fetch-depth: 0' in done.stderr


def test_links_submodules_and_deleted_files(keylint: Run, changed: Repository) -> None:
    inner = Repository(changed.folder / 'module')
    inner.write('a.py', tokens(1))
    inner.commit()
    changed.git('add', 'module')
    (changed.folder / 'link.py').symlink_to('/etc/passwd')
    (changed.folder / 'old.py').unlink()
    changed.commit()
    assert found(keylint, changed.folder) == []
    assert (
        '1 submodule that the change moves'
        in keylint('scan', '--diff', 'main', cwd=changed.folder).stdout
    )


def test_baseline_and_change_go_together(keylint: Run, changed: Repository) -> None:
    changed.write('new.py', tokens(1))
    keylint('baseline', 'create', cwd=changed.folder)
    changed.write('new.py', tokens(1, 2))
    done = keylint('scan', '--diff', 'main', cwd=changed.folder)
    assert done.returncode == 1
    assert '1 high' in done.stdout
    assert '1 known' in done.stdout
    assert 'matches' not in done.stdout, 'what the change does not touch is not stale'


def test_keys_are_held_against_the_whole_tree(keylint: Run, repository: Repository) -> None:
    repository.write(
        'bot.py',
        'import ccxt\n\nexchange = ccxt.binance({"apiKey": KEY, "secret": SECRET})\n'
        'exchange.fetch_balance()\n',
    )
    repository.commit()
    repository.git('checkout', '-q', '-b', 'work')
    repository.write(
        'keys.yaml',
        'keys:\n  - exchange: binance\n    label: main\n    permissions: [read, withdraw]\n'
        '    ip_allowlist: [203.0.113.7]\n',
    )
    done = keylint(
        'scan', '--diff', 'main', '--format', 'json', '--pedantic', cwd=repository.folder
    )
    rules = {finding['rule'] for finding in json.loads(done.stdout)['findings']}
    assert 'key-exceeds-code' in rules
    assert 'key-unused' not in rules


# What pipelines say.


@pytest.mark.parametrize(
    ('variables', 'event', 'revision'),
    [
        ({'GITHUB_ACTIONS': 'true'}, {'pull_request': {'base': {'sha': 'a' * 40}}}, 'a' * 40),
        ({'GITHUB_ACTIONS': 'true'}, {'merge_group': {'base_sha': 'b' * 40}}, 'b' * 40),
        ({'GITHUB_ACTIONS': 'true', 'GITHUB_BASE_REF': 'main'}, {}, 'origin/main'),
        (
            {'GITHUB_ACTIONS': 'true', 'GITHUB_REF_NAME': 'x'},
            {'before': 'c' * 40, 'repository': {'default_branch': 'main'}},
            'c' * 40,
        ),
        (
            {'GITHUB_ACTIONS': 'true', 'GITHUB_REF_NAME': 'x'},
            {'before': ZEROS, 'repository': {'default_branch': 'main'}},
            'origin/main',
        ),
        (
            {'GITHUB_ACTIONS': 'true', 'GITHUB_REF_NAME': 'main'},
            {'before': ZEROS, 'repository': {'default_branch': 'main'}},
            '',
        ),
        ({'GITLAB_CI': 'true', 'CI_MERGE_REQUEST_DIFF_BASE_SHA': 'd' * 40}, None, 'd' * 40),
        (
            {
                'GITLAB_CI': 'true',
                'CI_MERGE_REQUEST_TARGET_BRANCH_NAME': 'main',
                'CI_COMMIT_BEFORE_SHA': ZEROS,
            },
            None,
            'origin/main',
        ),
        (
            {'GITLAB_CI': 'true', 'CI_COMMIT_BEFORE_SHA': 'e' * 40, 'CI_COMMIT_BRANCH': 'x'},
            None,
            'e' * 40,
        ),
        (
            {
                'GITLAB_CI': 'true',
                'CI_COMMIT_BEFORE_SHA': ZEROS,
                'CI_COMMIT_BRANCH': 'x',
                'CI_DEFAULT_BRANCH': 'main',
            },
            None,
            'origin/main',
        ),
        (
            {'BITBUCKET_BUILD_NUMBER': '1', 'BITBUCKET_PR_DESTINATION_COMMIT': 'f' * 12},
            None,
            'f' * 12,
        ),
        (
            {'BITBUCKET_BUILD_NUMBER': '1', 'BITBUCKET_PR_DESTINATION_BRANCH': 'main'},
            None,
            'origin/main',
        ),
        (
            {'TF_BUILD': 'True', 'SYSTEM_PULLREQUEST_TARGETBRANCH': 'refs/heads/release/1'},
            None,
            'origin/release/1',
        ),
        ({'JENKINS_URL': 'https://ci.example.org', 'CHANGE_TARGET': 'main'}, None, 'origin/main'),
        (
            {'JENKINS_URL': 'https://ci.example.org', 'GIT_PREVIOUS_SUCCESSFUL_COMMIT': '1' * 40},
            None,
            '1' * 40,
        ),
    ],
)
def test_what_a_pipeline_compares_with(
    tmp_path: Path, variables: dict[str, str], event: dict[str, object] | None, revision: str
) -> None:
    if event is not None:
        (tmp_path / 'event.json').write_text(json.dumps(event))
    assert find_base({**variables, 'GITHUB_EVENT_PATH': str(tmp_path / 'event.json')}) == revision


@pytest.mark.parametrize(
    'variables',
    [
        {},
        {'CI': 'true'},
        {'GITHUB_ACTIONS': 'true'},
        {'BITBUCKET_BUILD_NUMBER': '1'},
        {'TF_BUILD': 'True'},
        {'JENKINS_URL': 'x'},
        {'GITLAB_CI': 'true', 'CI_COMMIT_BEFORE_SHA': ZEROS},
    ],
)
def test_a_pipeline_that_says_nothing_is_an_error(variables: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match='--diff auto'):
        find_base(variables)


def test_a_pull_request_and_the_first_push_from_end_to_end(
    keylint: Run, changed: Repository, tmp_path: Path
) -> None:
    changed.write('new.py', tokens(1))
    changed.commit()
    changed.git('update-ref', 'refs/remotes/origin/main', 'main')
    (tmp_path / 'event.json').write_text(
        json.dumps({'before': ZEROS, 'repository': {'default_branch': 'work'}})
    )
    github = {
        'GITHUB_ACTIONS': 'true',
        'GITHUB_REF_NAME': 'work',
        'GITHUB_EVENT_PATH': str(tmp_path / 'event.json'),
    }
    arguments = ('--diff', 'auto')
    assert found(keylint, changed.folder, *arguments, **github, GITHUB_BASE_REF='main') == [
        ('new.py', 1)
    ]
    assert found(keylint, changed.folder, *arguments, **github) == [
        ('conf/.env', 1),
        ('new.py', 1),
        ('old.py', 2),
    ]


# Lines that were there, but were shown to nobody


@pytest.mark.parametrize(
    'settings',
    ['exclude = ["samples/"]', '[per-path-ignores]\n"samples/" = ["github-", "generic-"]'],
)
def test_a_file_that_moves_out_of_a_hidden_folder_is_new(
    keylint: Run, changed: Repository, settings: str
) -> None:
    changed.write('keylint.toml', f'{settings}\n')
    changed.write('samples/a.py', tokens(1))
    changed.commit()
    changed.git('branch', 'base')
    (changed.folder / 'src').mkdir()
    changed.git('mv', 'samples/a.py', 'src/a.py')
    assert found(keylint, changed.folder, '--diff', 'base') == [('src/a.py', 1)]
    changed.git('mv', 'old.py', 'src/old.py')  # what was shown before is not new
    assert found(keylint, changed.folder, '--diff', 'base') == [('src/a.py', 1)]


@pytest.mark.parametrize(
    'text',
    [
        pytest.param(f'# keylint: ignore a sample\n{tokens(1)}', id='above'),
        pytest.param(f'{tokens(1).rstrip()}  # keylint: ignore a sample\n', id='behind'),
    ],
)
def test_a_mark_that_is_taken_away_makes_a_finding_new(
    keylint: Run, changed: Repository, text: str
) -> None:
    changed.write('accepted.py', f'import os\n{text}')
    changed.commit()
    changed.git('branch', 'base')
    changed.write('accepted.py', f'import os\n{tokens(1)}')
    assert found(keylint, changed.folder, '--diff', 'base') == [('accepted.py', 2)]
    changed.commit()
    assert found(keylint, changed.folder, '--since', 'base') == [('accepted.py', 2)]
