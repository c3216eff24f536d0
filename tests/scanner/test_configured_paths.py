"""Which paths a configuration leaves out: the same from every folder and in every mode."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keylint import KeylintError, scan
from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

TEXT = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
LEAK = expand_recipes(TEXT, 'configured-paths')


def list_found(keylint: Run, *arguments: str, cwd: Path) -> set[str]:
    """Return the paths of the open findings of a scan."""
    done = keylint('scan', '--format', 'json', '--no-progress', *arguments, cwd=cwd)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)['findings']
    opened = [finding for finding in found if finding['state'] == 'open']
    return {place['path'] for finding in opened for place in finding['places']}


@pytest.fixture
def tree(repository: Repository) -> Repository:
    for name in ('docs/plans/p.env', 'docs/a.env', 'src/a.env', 'plans/b.env'):
        repository.write(name, expand_recipes(TEXT, name))  # one value is one item in a history
    return repository


MODES = ((), ('--staged',), ('--history',), ('--since', 'HEAD~1'))


@pytest.mark.parametrize('mode', MODES, ids=lambda mode: mode[0] if mode else 'files')
@pytest.mark.parametrize(
    ('settings', 'hidden'),
    [
        ('exclude = ["plans/"]', {'docs/plans/p.env', 'plans/b.env'}),
        ('exclude = ["/plans/"]', {'plans/b.env'}),
        ('exclude = ["docs/*.env"]', {'docs/a.env'}),
        ('exclude = ["docs/**", "!docs/a.env"]', {'docs/plans/p.env'}),
        ('exclude = ["docs/plans/*.env"]', {'docs/plans/p.env'}),
        ('[per-path-ignores]\n"docs/*.env" = ["binance-"]', {'docs/a.env'}),
        ('[per-path-ignores]\n"!docs/" = ["binance-"]', {'src/a.env', 'plans/b.env'}),
    ],
)
def test_one_answer_in_every_mode(
    keylint: Run, tree: Repository, mode: tuple[str, ...], settings: str, hidden: set[str]
) -> None:
    everything = {'docs/plans/p.env', 'docs/a.env', 'src/a.env', 'plans/b.env'}
    if '--since' in mode or '--history' in mode:
        tree.git('commit', '-q', '--allow-empty', '-m', 'first')
        tree.commit()
    else:
        tree.git('add', '-A')
    tree.write('keylint.toml', settings + '\n')
    assert list_found(keylint, *mode, cwd=tree.folder) == everything - hidden


@pytest.mark.parametrize('folder', ['docs', 'docs/plans', 'src'])
def test_one_answer_from_every_folder(keylint: Run, tree: Repository, folder: str) -> None:
    tree.write('keylint.toml', 'exclude = ["docs/plans/*.env"]\n')
    here = tree.folder / folder
    from_top = list_found(keylint, folder, cwd=tree.folder)
    from_here = {f'{folder}/{path}' for path in list_found(keylint, cwd=here)}
    by_name = {
        f'{folder}/{path}'
        for path in list_found(keylint, *(path.name for path in here.glob('*.env')), cwd=here)
        if path
    }
    assert from_top == from_here
    assert by_name <= from_here


def test_a_flag_counts_from_the_working_directory(keylint: Run, tree: Repository) -> None:
    assert list_found(keylint, '--exclude', '/plans/', cwd=tree.folder / 'docs') == {'a.env'}
    found = list_found(keylint, '--exclude', 'plans/*.env', cwd=tree.folder)
    assert found == {'docs/plans/p.env', 'docs/a.env', 'src/a.env'}


def test_a_named_file_counts_from_the_paths_of_the_run(keylint: Run, tree: Repository) -> None:
    tree.write('settings/ci.toml', 'exclude = ["/plans/"]\n')
    tree.commit()
    config = ('--config', 'settings/ci.toml')
    want = {'docs/plans/p.env', 'docs/a.env', 'src/a.env'}
    assert list_found(keylint, *config, cwd=tree.folder) == want
    assert list_found(keylint, *config, '--history', cwd=tree.folder) == want


def test_paths_with_different_configurations_are_refused(keylint: Run, tmp_path: Path) -> None:
    for name, rules in (('a', '["binance-"]'), ('b', '[]')):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'leak.env').write_text(LEAK)
        (tmp_path / name / 'keylint.toml').write_text(f'ignore = {rules}\n')
    for order in (('a', 'b'), ('b', 'a'), ('a/leak.env', 'b')):
        done = keylint('scan', *order, cwd=tmp_path)
        assert done.returncode == 2
        assert 'different configurations' in done.stderr
        assert 'a/keylint.toml' in done.stderr
        assert 'b/keylint.toml' in done.stderr
    assert keylint('scan', 'a', cwd=tmp_path).returncode == 0
    assert keylint('scan', 'b', cwd=tmp_path).returncode == 1
    assert keylint('scan', 'a', 'b', '--config', 'b/keylint.toml', cwd=tmp_path).returncode == 1


def test_no_order_decides_in_the_library(tmp_path: Path) -> None:
    for name, rules in (('a', '["binance-"]'), ('b', '[]')):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'leak.env').write_text(LEAK)
        (tmp_path / name / 'keylint.toml').write_text(f'ignore = {rules}\n')
    for order in (['a', 'b'], ['b', 'a']):
        with pytest.raises(KeylintError, match='different configurations'):
            scan([tmp_path / name for name in order])
    assert [len(scan(tmp_path / name).open) for name in ('a', 'b')] == [0, 1]


def test_a_file_has_the_configuration_of_its_own_tree(keylint: Run, tmp_path: Path) -> None:
    for name, rules in (('a', '["binance-"]'), ('b', '[]')):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'leak.env').write_text(LEAK)
        (tmp_path / name / 'keylint.toml').write_text(f'ignore = {rules}\n')
    assert list_found(keylint, 'a/leak.env', cwd=tmp_path) == set()
    assert list_found(keylint, '../b/leak.env', cwd=tmp_path / 'a') == {'../b/leak.env'}
    assert list_found(keylint, '../a/leak.env', cwd=tmp_path / 'b') == set()
    (tmp_path / 'list').write_text('a/leak.env\n')
    assert list_found(keylint, '--files-from', 'list', cwd=tmp_path) == set()
    (tmp_path / 'list').write_text('a/leak.env\nb/leak.env\n')
    done = keylint('scan', '--files-from', 'list', cwd=tmp_path)
    assert (done.returncode, 'different configurations' in done.stderr) == (2, True)
    for name, code in (('a', 0), ('b', 1)):
        options = ('-', '--stdin-filename', f'{name}/leak.env')
        done = keylint('scan', *options, cwd=tmp_path, stdin=LEAK.encode())
        assert done.returncode == code


@pytest.mark.parametrize('way', [('scan', '--staged'), ('scan', '--history'), ('publish',)])
def test_a_whole_repository_has_the_configuration_of_its_top(
    keylint: Run, repository: Repository, way: tuple[str, ...]
) -> None:
    repository.write('sub/keylint.toml', 'ignore = ["binance-"]\n')
    repository.write('bot/leak.env', LEAK)
    if way != ('scan', '--staged'):
        repository.commit()
    repository.git('add', '-A')
    answers = {
        keylint(*way, cwd=repository.folder / folder).returncode for folder in ('', 'sub', 'bot')
    }
    assert answers == {1}
    repository.write('keylint.toml', 'ignore = ["binance-"]\n')
    (repository.folder / 'sub/keylint.toml').write_text('')
    wanted = 1 if way == ('publish',) else 0
    answers = {
        keylint(*way, cwd=repository.folder / folder).returncode for folder in ('', 'sub', 'bot')
    }
    assert answers == {wanted}


def test_a_staged_name_is_a_name_and_no_pattern(keylint: Run, repository: Repository) -> None:
    for name in (':x.env', '*.env', '?.env', 'other.env'):
        repository.write(name, LEAK if name != 'other.env' else 'A=1\n')
    repository.git('--literal-pathspecs', 'add', '--', ':x.env', '*.env', '?.env', 'other.env')
    for name in (':x.env', '*.env', '?.env'):
        assert list_found(keylint, '--staged', '--', name, cwd=repository.folder) == {name}


def test_a_staged_name_that_git_does_not_track_is_named(
    keylint: Run, repository: Repository
) -> None:
    repository.write('new.env', LEAK)
    repository.write('old.env', 'A=1\n')
    repository.git('add', 'old.env')
    done = keylint('scan', '--staged', 'old.env', 'new.env', cwd=repository.folder)
    assert done.returncode == 2
    assert 'new.env' in done.stdout + done.stderr
    assert 'not in the index' in done.stdout + done.stderr


def test_a_broken_object_costs_its_own_file(keylint: Run, repository: Repository) -> None:
    """Git ends at a broken object: the staged files behind it are read all the same."""
    names = [f'{letter}.env' for letter in 'abcdef']
    for name in names:
        repository.write(name, LEAK if name in 'd.env f.env' else f'A={name}\n')
    repository.git('add', '-A')
    broken = repository.git('ls-files', '--stage', 'b.env').split()[1]
    loose = repository.folder / '.git' / 'objects' / broken[:2] / broken[2:]
    loose.chmod(0o644)
    loose.write_bytes(b'\x00' * loose.stat().st_size)
    done = keylint('scan', '--staged', '--format', 'json', cwd=repository.folder)
    report = json.loads(done.stdout)
    [finding] = report['findings']
    assert [place['path'] for place in finding['places']] == ['d.env', 'f.env']
    assert [failure['path'] for failure in report['failures']] == ['b.env']
    assert done.returncode == 2
