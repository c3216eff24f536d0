"""Which paths a configuration speaks of: from its folder, from the working directory, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from keylint.core.config import Config


@pytest.mark.parametrize(
    ('path', 'want'),
    [('out/a.py', True), ('in/out/a.py', True), ('a.py', False), ('outer/a.py', False)],
)
def test_excluded_paths(path: str, want: bool) -> None:
    assert Config(exclude=('out/',)).is_excluded(path) is want
    assert Config().is_excluded(path) is False


def test_patterns_count_from_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / 'sub').mkdir()
    monkeypatch.chdir(tmp_path / 'sub')
    top = str(tmp_path)
    config = Config(exclude=('/sub/out/',), exclude_folder=top)
    assert config.is_excluded('out/a.py')
    assert config.is_excluded(f'{top}/sub/out/a.py')
    assert not config.is_excluded('../out/a.py')
    assert not config.is_excluded('/elsewhere/sub/out/a.py')
    rules = Config(folder=top)
    assert rules.matches_path('a.py', 'sub/')
    assert not rules.matches_path('../a.py', 'sub/')
    assert not rules.matches_path('a.py', '!sub/')
    assert rules.matches_path('../a.py', '!sub/')


def test_paths_of_the_run_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = Config(exclude=('/out/',))
    assert config.is_excluded('out/a.py')
    assert config.is_excluded(f'{tmp_path}/out/a.py')
    assert not config.is_excluded('../out/a.py')
    based = config._replace(base=str(tmp_path / 'base'))
    assert based.is_excluded(f'{tmp_path}/base/out/a.py')
    assert not based.is_excluded(f'{tmp_path}/out/a.py')


def test_names_of_inventories(tmp_path: Path) -> None:
    config = Config()
    assert [
        name
        for name in ('keys.yaml', 'x/keys.toml', 'x\\keys.json', 'key.yaml')
        if config.is_inventory(name)
    ] == [*('keys.yaml', 'x/keys.toml', 'x\\keys.json')]
    named = Config(
        inventory=('ops/*.yaml', 'ops/gone.yaml', 'gone.yaml'), source=str(tmp_path / 'k.toml')
    )
    assert named.is_inventory('ops/a.yaml')
    assert not named.is_inventory('keys.yaml')
    assert [one.message for one in named.lost_inventories()] == [
        "inventory: no file is called 'ops/gone.yaml'"
    ]
    (tmp_path / 'ops').mkdir()
    (tmp_path / 'ops' / 'gone.yaml').write_text('')
    assert named.lost_inventories() == []


def test_limits_and_days() -> None:
    assert Config(thresholds=(('a', 3),)).limits({'a': 1, 'b': 2}) == {'a': 3, 'b': 2}
    assert Config(today='2026-01-01').day() == '2026-01-01'
    assert len(Config().day()) == len('2026-01-01')
