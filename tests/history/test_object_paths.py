"""Under which paths an object is looked at."""

from __future__ import annotations

import pytest

from keylint.core.config import Config
from keylint.history.object_paths import ObjectPaths, PathKinds
from keylint.rules.load import load_rules


def choose(*paths: str, config: Config | None = None) -> tuple[str, ...]:
    chosen = ObjectPaths(PathKinds(load_rules(), config or Config()))
    for path in paths:
        chosen.add('object', path)
    return chosen.list_paths('object')


@pytest.mark.parametrize(
    'paths',
    [
        pytest.param(('src/a.py', 'lib/a.py', 'deep/er/a.py'), id='folders that say nothing'),
        pytest.param(('a.py', 'a.py'), id='the same path'),
    ],
)
def test_paths_of_a_kind_are_looked_at_once(paths: tuple[str, ...]) -> None:
    assert choose(*paths) == paths[:1]


@pytest.mark.parametrize(
    'paths',
    [
        pytest.param(('keys.csv', 'keys.csv.bak', 'keys.txt'), id='endings'),
        pytest.param(('src/a.py', 'tests/a.py'), id='tests'),
        pytest.param(('src/a.py', 'docs/a.py'), id='documentation'),
        pytest.param(('src/a.py', 'node_modules/ip/a.py'), id='packages'),
        pytest.param(('src/a.py', 'kraken/a.py', 'bybit/a.py'), id='words for issuers'),
        pytest.param(('testnet.env', 'live.env'), id='words about environments'),
    ],
)
def test_every_kind_is_looked_at(paths: tuple[str, ...]) -> None:
    assert choose(*paths) == paths
    assert set(choose(*reversed(paths))) == set(paths)


def test_patterns_of_ignored_rules_make_kinds() -> None:
    config = Config(per_path_ignores=(('x/', ('generic-',)), ('!y/', ('binance-',))))
    assert choose('x/a.py', 'y/a.py', 'z/a.py', 'w/a.py', config=config) == (
        'x/a.py',
        'y/a.py',
        'z/a.py',
    )


def test_an_excluded_path_counts_only_alone() -> None:
    config = Config(exclude=('tests/',))
    assert choose('tests/a.py', 'src/a.py', config=config) == ('src/a.py',)
    assert choose('src/a.py', 'tests/a.py', config=config) == ('src/a.py',)
    assert choose('tests/a.py', 'tests/b.py', config=config) == ('tests/a.py',)


def test_what_has_no_path_is_called_by_its_label() -> None:
    chosen = ObjectPaths(PathKinds(load_rules(), Config(exclude=('*',))))
    chosen.add_nameless('object', 'object 0123')
    assert chosen.list_paths('object') == ('object 0123',)
    assert not chosen.is_excluded('object')
    chosen.add('other', 'a.py')
    assert chosen.is_excluded('other')
    assert chosen.list_names() == ['other', 'object']
