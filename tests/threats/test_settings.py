"""What configurations, baselines, marks and rules of a hostile tree may do."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from keylint.core.errors import RuleError
from keylint.rules.form import Form
from tests.conftest import Repository, Run
from tests.threats.trees import LEAK, SCRIPTS, findings

resource = pytest.importorskip('resource', reason='limits of POSIX')


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == 'nt', reason='links, modes and limits of POSIX'),
]


# Settings in the tree


SILENCERS = {
    'paths left out': ('keylint.toml', 'exclude = ["*"]\n', 'excluded by configuration'),
    'rules left out': ('keylint.toml', 'ignore = ["binance-"]\n', 'no findings'),
    'rules left out of paths': (
        'pyproject.toml',
        '[tool.keylint.per-path-ignores]\n"*" = ["binance-"]\n',
        'no findings',
    ),
    'a threshold': (
        'keylint.toml',
        'fail-on = "critical"\nconfidence = "high"\nselect = ["key-"]\n',
        'no findings',
    ),
}


@pytest.mark.parametrize('name', SILENCERS)
def test_a_configuration_in_the_tree_silences_and_isolated_undoes_it(
    keylint: Run, tmp_path: Path, name: str
) -> None:
    file, text, says = SILENCERS[name]
    (tmp_path / '.env').write_text(LEAK)
    (tmp_path / file).write_text(text)
    silenced = keylint('scan')
    assert (silenced.returncode, says in silenced.stdout) == (0, True)
    assert keylint('scan', '--isolated').returncode == 1
    assert file in keylint('config').stdout


def test_a_baseline_in_the_tree_silences_and_isolated_undoes_it(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / '.env').write_text(LEAK)
    assert keylint('baseline', 'create', '--isolated').returncode == 0
    known = keylint('scan')
    assert (known.returncode, '1 known' in known.stdout) == (0, True)
    assert keylint('scan', '--isolated').returncode == 1
    assert keylint('scan', '--no-baseline').returncode == 1


def test_a_mark_silences_and_the_report_says_so(keylint: Run, tmp_path: Path) -> None:
    key, secret, _ = LEAK.split('\n')
    mark = ' '.join(
        ('keylint:', 'ignore', 'because')
    )  # in one piece it would be a mark of this file
    (tmp_path / '.env').write_text(f'# {mark}\n{key}\n# {mark}\n{secret}\n')
    done = keylint('scan', '--isolated', '--format', 'json')
    assert done.returncode == 0
    assert {finding['state'] for finding in findings(done)} == {'suppressed'}
    assert 'suppressed' in keylint('scan', '--isolated').stdout


def test_a_configuration_above_a_repository_is_not_read(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / 'keylint.toml').write_text('exclude = ["*"]\n')
    repository.write('bot/.env', LEAK)
    assert keylint('scan', cwd=repository.folder / 'bot').returncode == 1


def test_variables_in_an_env_file_of_the_tree_are_not_ours(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / '.env').write_text(f'KEYLINT_EXCLUDE=*\nKEYLINT_SELECT=key-\n{LEAK}')
    assert keylint('scan', '--isolated').returncode == 1


DOSSIER = """
id: evil
name: Evil
kind: exchange
aliases: [evil]
credentials:
  - {role: secret, shape: '%s', within: 'evil=(%s)', confidence: documented, alone: true}
help: {manage: null, revoke: [x]}
examples:
  loud: [{file: a.env, text: 'evil=abc1!', roles: [secret]}]
  silent: [{file: a.env, text: x}]
"""


def test_rules_of_the_tree_are_read_where_its_configuration_says_so_and_isolated_undoes_it(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'rules').mkdir()
    (tmp_path / 'rules' / 'evil.yaml').write_text(DOSSIER % ('[a-z]+[0-9]!', '[a-z]+[0-9]!'))
    (tmp_path / 'x.env').write_text('evil=abcdefgh1!\n')
    assert keylint('scan').returncode == 0, 'rules beside the tree are only files'
    (tmp_path / 'keylint.toml').write_text('rules = ["rules"]\n')
    assert keylint('scan').returncode == 1
    assert keylint('scan', '--isolated').returncode == 0


@pytest.mark.parametrize(
    'pattern', [r'(?=x)y', r'(?!x)y', r'(?<=x)y', r'(?<!x)y', r'(x)\1', r'(?P<a>x)(?P=a)']
)
def test_patterns_of_rules_know_no_look_around_and_no_back_reference(pattern: str) -> None:
    form = Form('evil.yaml')
    form.check_pattern(pattern, ('shape',))
    with pytest.raises(RuleError, match='not allowed'):
        form.raise_first()


HOSTILE_SETTINGS = (
    'pyproject.toml is a device',
    'pyproject.toml is a pipe',
    'keylint.toml is deep',
)


def _hostile_settings(folder: Path, name: str) -> None:
    (folder / '.env').write_text(LEAK)
    file = folder / name.split(' ')[0]
    if name.endswith('device'):
        file.symlink_to('/dev/zero')
    elif name.endswith('pipe'):
        os.mkfifo(file)
    else:
        file.write_text(f'exclude = {"[" * 100_000}')


def _bounded(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Keylint with a gigabyte of address space."""
    return subprocess.run(
        [SCRIPTS / 'keylint', *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
    )


@pytest.mark.parametrize('name', HOSTILE_SETTINGS)
def test_a_hostile_file_of_settings_does_nothing_where_none_is_read(
    tmp_path: Path, name: str
) -> None:
    _hostile_settings(tmp_path, name)
    assert _bounded(tmp_path, 'scan', '--isolated').returncode == 1


@pytest.mark.parametrize('name', HOSTILE_SETTINGS)
def test_a_hostile_file_of_settings_is_one_clear_line_or_nothing(tmp_path: Path, name: str) -> None:
    _hostile_settings(tmp_path, name)
    done = _bounded(tmp_path, 'scan')
    assert done.returncode in (1, 2)
    assert b'Traceback' not in done.stderr
