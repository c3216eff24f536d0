"""What keylint writes, and that no link leads it elsewhere."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Repository, Run
from tests.threats.trees import LEAK, trapped

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == 'nt', reason='links, modes and limits of POSIX'),
]


# Writing


def test_a_scan_writes_nothing_into_the_tree(keylint: Run, repository: Repository) -> None:
    trapped(repository.folder, repository.folder.parent / 'ran', set())
    repository.commit()

    def state() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.lstat().st_mtime_ns, path.lstat().st_size)
            for path in repository.folder.rglob('*')
        }

    before = state()
    for arguments in (
        ('scan',),
        ('scan', '--history'),
        ('scan', '--staged'),
        ('keys',),
        ('publish',),
        ('fix', '--dry-run'),
        ('doctor',),
    ):
        keylint(*arguments, '--isolated', cwd=repository.folder)
        assert state() == before, arguments


def test_init_leaves_links_alone(keylint: Run, repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / 'outside'
    outside.mkdir()
    (outside / 'mine').write_text('mine\n')
    (repository.folder / '.github').symlink_to(outside)
    for name in ('keylint.toml', '.gitignore', '.pre-commit-config.yaml'):
        (repository.folder / name).symlink_to(outside / 'mine')
    keylint('init', cwd=repository.folder)
    assert {path.name: path.read_text() for path in outside.iterdir()} == {'mine': 'mine\n'}


def test_a_plan_replaces_links(keylint: Run, repository: Repository, tmp_path: Path) -> None:
    victim = tmp_path / 'mine'
    victim.write_text('mine\n')
    repository.write('.env', LEAK)
    repository.commit()
    plan = tmp_path / 'plan'
    keylint('publish', '--isolated', '--plan', str(plan), cwd=repository.folder)
    names = sorted(path.name for path in plan.iterdir())
    assert names
    for name in names:
        (plan / name).unlink()
        (plan / name).symlink_to(victim)
    keylint('publish', '--isolated', '--plan', str(plan), cwd=repository.folder)
    assert victim.read_text() == 'mine\n'
    assert not any((plan / name).is_symlink() for name in names)


def test_a_report_goes_where_the_link_of_its_name_leads(keylint: Run, tmp_path: Path) -> None:
    """So that `--output` can name a link that its user made; a tree can make one too."""
    (tmp_path / 'tree').mkdir()
    (tmp_path / 'tree' / '.env').write_text(LEAK)
    (tmp_path / 'tree' / 'report.json').symlink_to(tmp_path / 'elsewhere')
    keylint('scan', '--isolated', '--output', 'json:report.json', cwd=tmp_path / 'tree')
    assert json.loads((tmp_path / 'elsewhere').read_text())['findings']


def test_a_baseline_is_not_created_through_a_link(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    (repository.folder / '.keylint-baseline.json').symlink_to(tmp_path / 'outside')
    repository.write('.env', LEAK)
    assert keylint('baseline', 'create', '--isolated', cwd=repository.folder).returncode == 2
    assert not (tmp_path / 'outside').exists()


def test_an_export_is_not_written_through_a_link(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    victim = tmp_path / 'mine'
    victim.write_text('mine\n')
    repository.write('.env', LEAK)
    keylint('baseline', 'create', '--isolated', cwd=repository.folder)
    (repository.folder / '.secrets.baseline').symlink_to(victim)
    keylint('baseline', 'export', '--detect-secrets', '--isolated', cwd=repository.folder)
    assert victim.read_text() == 'mine\n'
