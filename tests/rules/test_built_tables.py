"""A wheel brings compiled rules; stale or damaged ones are compiled again from the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keylint.core.cache_files import name_state, pack_cache_file
from keylint.matcher.hyperscan import HAS_HYPERSCAN, Database, compile_database
from keylint.rules import built_files, built_tables, compile_pack, database_cache
from keylint.rules.built_files import write_built_file
from keylint.rules.built_tables import TABLES_SUFFIX, describe_sources, pack_tables
from keylint.rules.compile_sources import compile_all_tables
from keylint.rules.database_cache import DATABASE_SUFFIX
from keylint.rules.listing import find_builtin_rules
from keylint.rules.types import CompiledTables
from tests.rules.acme import DEFINITION, write_rules

PATTERNS = [b'(?i)secret', b'token']


@pytest.fixture(scope='module')
def tables() -> CompiledTables:
    return compile_all_tables((find_builtin_rules(),))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand for the folder in a wheel, with an empty cache beside it."""
    folder = tmp_path / 'built'
    folder.mkdir()
    monkeypatch.setattr(built_files, 'find_built_folder', lambda: str(folder))
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(tmp_path / 'cache'))
    return folder


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand for the rules and the modules: one file of each."""
    rules = tmp_path / 'rules'
    rules.mkdir()
    write_rules(rules, acme=DEFINITION)
    (tmp_path / 'module.py').write_text('A = 1\n')
    monkeypatch.setattr(built_tables, 'find_builtin_rules', lambda: str(rules))
    module = 'rules/module.py', str(tmp_path / 'module.py')
    monkeypatch.setattr(built_tables, 'list_pack_modules', lambda: [module])
    return rules


def test_the_tables_of_a_wheel_are_those_that_the_files_give(
    built: Path, tables: CompiledTables
) -> None:
    body = pack_tables(tables)
    write_built_file(str(built), describe_sources(), TABLES_SUFFIX, body)
    read = built_tables.read_built_tables((find_builtin_rules(),))
    assert read == tables
    assert pack_tables(read or tables) == body, 'a wheel must be the same bytes each time'


def _cut(data: bytes) -> bytes:
    return data[:-1]


def _flip(data: bytes) -> bytes:
    return data[:-900] + bytes([data[-900] ^ 1]) + data[-899:]


def _replace(_: bytes) -> bytes:
    return pack_cache_file(b'N', describe_sources())


def _give_other_state(data: bytes) -> bytes:
    return data.replace(b'keylint ', b'keylint 0', 1)


@pytest.mark.parametrize('damage', [_cut, _flip, _replace, _give_other_state, bytes.lower])
def test_damaged_tables_are_not_used(
    built: Path, sources: Path, tables: CompiledTables, damage: Callable[[bytes], bytes]
) -> None:
    state = describe_sources()
    write_built_file(str(built), state, TABLES_SUFFIX, pack_tables(tables))
    assert built_tables.read_built_tables((str(sources),)) == tables
    path = built / (name_state(state) + TABLES_SUFFIX)
    path.write_bytes(damage(path.read_bytes()))
    assert built_tables.read_built_tables((str(sources),)) is None


def _change_rule(rules: Path) -> None:
    path = rules / 'acme.yaml'
    path.write_text(path.read_text().replace('acme', 'acne'))


def _move_rule(rules: Path) -> None:
    (rules / 'acme.yaml').rename(rules / 'acme2.yaml')


def _add_rule(rules: Path) -> None:
    write_rules(rules, other=DEFINITION)


def _change_module(rules: Path) -> None:
    (rules.parent / 'module.py').write_text('A = 2\n')


@pytest.mark.parametrize('change', [_change_rule, _move_rule, _add_rule, _change_module])
def test_tables_of_other_rules_or_modules_are_not_used(
    built: Path, sources: Path, tables: CompiledTables, change: Callable[[Path], None]
) -> None:
    write_built_file(str(built), describe_sources(), TABLES_SUFFIX, pack_tables(tables))
    assert built_tables.read_built_tables((str(sources),)) is not None
    change(sources)
    assert built_tables.read_built_tables((str(sources),)) is None


def test_tables_of_another_version_are_not_used(
    built: Path, sources: Path, tables: CompiledTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_built_file(str(built), describe_sources(), TABLES_SUFFIX, pack_tables(tables))
    monkeypatch.setattr(built_tables, '__version__', '99')
    assert built_tables.read_built_tables((str(sources),)) is None


def test_rules_of_the_user_are_compiled_from_their_files(
    built: Path, sources: Path, tables: CompiledTables, tmp_path: Path
) -> None:
    write_built_file(str(built), describe_sources(), TABLES_SUFFIX, pack_tables(tables))
    (tmp_path / 'own').mkdir()
    write_rules(tmp_path / 'own', mine=DEFINITION)
    assert built_tables.read_built_tables((str(sources), str(tmp_path / 'own'))) is None


@pytest.mark.skipif(not HAS_HYPERSCAN, reason='a wheel holds databases of Hyperscan only')
def test_a_database_of_the_wheel_is_loaded_and_a_damaged_one_is_not(built: Path) -> None:
    state = database_cache.describe_database(PATTERNS)
    body = compile_database(PATTERNS).to_bytes()
    write_built_file(str(built), state, DATABASE_SUFFIX, body)
    known = database_cache.load_known_database(PATTERNS)
    assert known
    assert known.scan(b'my SECRET token') == [(0, 9), (1, 15)]
    assert database_cache.load_known_database(PATTERNS[::-1]) is None
    (path,) = built.iterdir()
    path.write_bytes(_cut(path.read_bytes()))
    assert database_cache.load_known_database(PATTERNS) is None
    write_built_file(str(built), state, DATABASE_SUFFIX, body[:-40])
    assert database_cache.load_known_database(PATTERNS) is None, 'Hyperscan refuses it'


def test_a_database_for_another_kind_of_machine_has_another_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = database_cache.describe_database(PATTERNS)
    monkeypatch.setattr(database_cache, 'describe_machine', lambda: 'linux sparc64')
    assert database_cache.describe_database(PATTERNS) != here


@pytest.mark.parametrize('is_known', [True, False])
def test_that_rules_are_compiled_is_said_once_and_only_then(
    built: Path, tables: CompiledTables, monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    said = []
    small = tables._replace(patterns=PATTERNS, words=[('acme', True, 'acme')])
    small = small._replace(placeholders=([b'(?s)^x+$'], 1))
    database = compile_database(PATTERNS)

    def find(_: list[bytes]) -> Database | None:
        return database if is_known else None

    monkeypatch.setattr(compile_pack, 'read_built_tables', lambda _: small)
    monkeypatch.setattr(compile_pack, 'load_known_database', find)
    compiled = compile_pack.compile_pack((find_builtin_rules(),), lambda: said.append(1))
    assert compiled.parts.tables == small
    assert compiled.database.scan(b'a token') == [(1, 7)]
    assert said == ([] if is_known else [1])
