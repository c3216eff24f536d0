"""Broken repositories: what is left is found, what is lost is named."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.hiding import Git, leak, secret
from tests.history.reports import HISTORY, of, report
from tests.history.victims import assert_found

pytestmark = pytest.mark.slow


# Damage


def packs(git: Git, suffix: str) -> list[Path]:
    found = sorted((git.folder / '.git' / 'objects' / 'pack').glob(f'*{suffix}'))
    for path in found:
        path.chmod(0o644)
    return found


def loose(git: Git, revision: str) -> Path:
    name = git('rev-parse', revision)
    path = git.folder / '.git' / 'objects' / name[:2] / name[2:]
    path.chmod(0o644)
    return path


def _truncate_blob(git: Git) -> None:
    path = loose(git, 'HEAD~1:old.env')
    path.write_bytes(path.read_bytes()[:20])


def _empty_blob(git: Git) -> None:
    loose(git, 'HEAD~1:old.env').write_bytes(b'')


def _spoil_blob(git: Git) -> None:
    loose(git, 'HEAD~1:old.env').write_bytes(os.urandom(100))


def _lose_tree(git: Git) -> None:
    loose(git, 'HEAD~1^{tree}').unlink()


def _truncate_tree(git: Git) -> None:
    path = loose(git, 'HEAD~1^{tree}')
    path.write_bytes(path.read_bytes()[:12])


def _lose_commit(git: Git) -> None:
    loose(git, 'HEAD~1').unlink()


def _truncate_commit(git: Git) -> None:
    path = loose(git, 'HEAD~1')
    path.write_bytes(path.read_bytes()[:30])


def _break_reference(git: Git) -> None:
    git.write('.git/refs/heads/lost', '1' * 40 + '\n')
    git.write('.git/refs/heads/nonsense', 'nonsense\n')


def _lose_head(git: Git) -> None:
    loose(git, 'HEAD').unlink()


def _truncate_pack(git: Git) -> None:
    _pack(git)
    path = packs(git, '.pack')[0]
    path.write_bytes(path.read_bytes()[:40])


def _spoil_pack(git: Git) -> None:
    _pack(git)
    path = packs(git, '.pack')[0]
    data = path.read_bytes()
    path.write_bytes(data[:14] + bytes(len(data) - 34) + data[-20:])


def _lose_index(git: Git) -> None:
    _pack(git)
    packs(git, '.idx')[0].unlink()


def _lose_pack(git: Git) -> None:
    _pack(git)
    packs(git, '.pack')[0].unlink()


def _truncate_index(git: Git) -> None:
    _pack(git)
    path = packs(git, '.idx')[0]
    path.write_bytes(path.read_bytes()[:900])


def _pack(git: Git) -> None:
    """Pack the first commit alone."""
    names = '\n'.join(
        line.split(' ')[0] for line in git('rev-list', '--objects', 'HEAD~1').splitlines()
    )
    git('pack-objects', '-q', '.git/objects/pack/pack', given=f'{names}\n'.encode())
    for name in names.splitlines():
        loose(git, name).unlink()


@pytest.mark.parametrize(
    ('damage', 'lost'),
    [
        (_truncate_blob, True),
        (_empty_blob, True),
        (_spoil_blob, True),
        (_lose_tree, False),
        (_truncate_tree, False),
        (_lose_commit, False),
        (_truncate_commit, False),
        (_break_reference, False),
        (_lose_head, False),
        (_truncate_pack, True),
        (_spoil_pack, True),
        (_lose_index, True),
        (_lose_pack, True),
        (_truncate_index, True),
    ],
    ids=lambda value: value.__name__.strip('_') if callable(value) else '',
)
def test_what_is_broken_is_named_and_the_rest_found(
    victim: Git, damage: Callable[[Git], None], lost: bool
) -> None:
    damage(victim)
    document = report(victim.folder, '--show-secrets', code=2)
    assert document['failures']
    assert len({(failure['path'], failure['error']) for failure in document['failures']}) == len(
        document['failures']
    )
    assert_found(document, 'new', 'staged')
    assert bool(of(document, secret('old'))) is not lost


def test_a_broken_object_in_the_middle_of_many(tmp_path: Path) -> None:
    git = Git(tmp_path / 'bot')
    for number in range(30):
        git.write(f'{number}.env', leak(f'many {number}'))
    git.commit()
    git('repack', '-q', '-a', '-d')
    git.write('loose.env', leak('loose'))
    git.commit()
    (path,) = packs(git, '.pack')
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)
    document = report(git.folder, '--show-secrets', code=2)
    found = [number for number in range(30) if of(document, secret(f'many {number}'))]
    assert 25 <= len(found) < 30
    assert_found(document, 'loose')


def test_json_of_a_broken_repository_is_json(victim: Git, keylint: Run) -> None:
    _truncate_pack(victim)
    for name in ('json', 'sarif', 'gitlab'):
        json.loads(keylint(*HISTORY, str(victim.folder), '--format', name).stdout)
