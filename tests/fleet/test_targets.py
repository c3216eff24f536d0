"""Which repositories a fleet has: folders of clones and mirrors, lists of paths and of JSON."""

from __future__ import annotations

import io
import itertools
import json
import tracemalloc
from pathlib import Path

import pytest

from keylint.core.errors import SourceError
from keylint.fleet.checked_targets import check_targets
from keylint.fleet.targets import FleetTarget, read_targets


def clone(folder: Path) -> Path:
    (folder / '.git').mkdir(parents=True)
    return folder


def mirror(folder: Path) -> Path:
    for name in ('objects', 'refs'):
        (folder / name).mkdir(parents=True)
    (folder / 'HEAD').write_text('ref: refs/heads/main\n')
    return folder


def test_clones_and_mirrors_below_a_folder(tmp_path: Path) -> None:
    expected = [
        clone(tmp_path / 'a'),
        mirror(tmp_path / 'team' / 'b.git'),
        clone(tmp_path / 'team' / 'deep' / 'c'),
    ]
    clone(tmp_path / 'a' / 'vendor' / 'inner')  # belongs to the repository around it
    (tmp_path / 'plain').mkdir()
    (tmp_path / 'worktree').mkdir()
    (tmp_path / 'worktree' / '.git').write_text('gitdir: ../a/.git/worktrees/x\n')
    (tmp_path / 'link').symlink_to(tmp_path / 'a')
    found = [target.path for target in read_targets([str(tmp_path)])]
    assert found == [*map(str, expected), str(tmp_path / 'worktree')]


def test_a_repository_is_a_target_itself(tmp_path: Path) -> None:
    folder = str(clone(tmp_path / 'a'))
    assert list(read_targets([folder])) == [FleetTarget(folder, folder)]


def test_a_list_of_paths_and_of_json(tmp_path: Path) -> None:
    entry = {'path': 'b', 'name': 'market maker', 'team': 'desk', 'tags': ['live', 'eu', 'live']}
    (tmp_path / 'fleet.txt').write_text(f'# ours\n\n a \r\n{json.dumps(entry)}\n/srv/c/../d\n')
    assert list(read_targets([str(tmp_path / 'fleet.txt')])) == [
        FleetTarget(str(tmp_path / 'a'), str(tmp_path / 'a')),
        FleetTarget('market maker', str(tmp_path / 'b'), 'desk', ('eu', 'live')),
        FleetTarget('/srv/d', '/srv/d'),
    ]


@pytest.mark.parametrize(
    ('line', 'why'),
    [
        ('{"path": "a"', 'not a JSON object'),
        ('{"name": "a"}', '`path` is missing'),
        ('{"path": 1}', 'are texts'),
        ('{"path": "a", "tags": "x"}', 'a list of texts'),
        ('{"path": "a", "url": "x"}', 'unknown field; allowed: name, path, tags, team'),
        ('a\0b', 'neither a path'),
        ('{' * 5000, 'not a JSON object'),
        ('a' * 70_000, 'longer than a path'),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / 'list'
    path.write_text(f'fine\n{line}\n')
    with pytest.raises(SourceError, match='line 2: ') as raised:
        list(read_targets([str(path)]))
    assert why in str(raised.value)


def test_nothing_to_scan_is_an_error(tmp_path: Path) -> None:
    (tmp_path / 'empty').write_text('\n# nothing\n')
    (tmp_path / 'folder').mkdir()
    for name in ('empty', 'folder', 'missing'):
        with pytest.raises(SourceError, match=name):
            list(read_targets([str(tmp_path / name)]))


def test_names_hold_no_control_characters(tmp_path: Path) -> None:
    path = tmp_path / 'list'
    path.write_text(json.dumps({'path': 'a', 'name': 'x\x1b[2Jy\n', 'team': 't\x07'}))
    [target] = read_targets([str(path)])
    assert not set('\x1b\x07\n') & set(target.name + target.team)


def test_a_list_on_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('sys.stdin', io.TextIOWrapper(io.BytesIO(b'bots/a\n')))
    monkeypatch.chdir(tmp_path)
    assert [target.path for target in read_targets(['-'])] == [str(tmp_path / 'bots' / 'a')]


def test_a_long_list_is_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / 'list'
    path.write_text(''.join(f'/srv/mirrors/{number}.git\n' for number in range(20_000)))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_targets([str(path)]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 1 << 19
    first = list(itertools.islice(read_targets([str(path)]), 2))
    assert [target.path for target in first] == ['/srv/mirrors/0.git', '/srv/mirrors/1.git']


def test_targets_come_back_as_they_were_and_each_once() -> None:
    given = [
        FleetTarget('a', '/srv/a', 'desk', ('eu', 'live')),
        FleetTarget('b\udce4', '/srv/b\udce4'),
        FleetTarget('two\u2028lines', '/srv/c'),
    ]
    with check_targets([*given, given[1], given[0]]) as targets:
        assert list(targets) == given


def test_two_paths_with_one_name_are_refused() -> None:
    same = [FleetTarget('a', '/srv/a'), FleetTarget('b', '/srv/b'), FleetTarget('a', '/srv/c')]
    with pytest.raises(SourceError, match='two paths have the name a'):
        check_targets(same).__enter__()


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    full = open('/dev/full', 'w+', encoding='ascii')  # noqa: SIM115 - it is closed by what is tested
    monkeypatch.setattr('keylint.fleet.checked_targets.TemporaryFile', lambda *mode, **how: full)
    targets = [FleetTarget(f'bot {number}', '/srv') for number in range(1000)]
    with pytest.raises(SourceError, match='a temporary file: No space left on device'):
        check_targets(targets).__enter__()
