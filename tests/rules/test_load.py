"""The compiled rules are cached, and made anew whenever what they are made from changes."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import keylint
from keylint.core.write_cache import write_cache_file
from keylint.rules import cache_state
from keylint.rules.load import load_rules
from tests.rules.acme import DEFINITION, write_rules

PACKAGE = Path(keylint.__file__).parent
# Imported to compile the rules, without a say in what comes out.
INDIFFERENT = {
    'core/atomic.py',
    'core/cache_files.py',  # the cache of databases names each by its patterns
    'core/write_cache.py',
    'core/errors.py',
    '_version.py',  # is in the state by itself
    'core/digests.py',  # the same digests, whoever computes them
    'core/regex_cache.py',
    'core/lazy_modules.py',
    'core/lazy_patterns.py',
    'core/lazy_re.py',
    'core/lazy_typing.py',
    'core/library_errors.py',
    'core/value_traces.py',  # of `model`: names values in reports
    'core/start_method.py',  # the same
    'core/finding_text.py',  # prints findings
    'core/lifetime.py',  # what histories say of them
    'core/safe_yaml.py',
    'rules/builtin.py',  # of `rule_set`
    'rules/cache_state.py',  # makes the state
    'rules/built_files.py',  # each names what it was made from
    'rules/listing.py',  # what it lists is part of the state itself
    'rules/rule_set.py',  # reads what was compiled
    'validators/encodings.py',  # checks of values: only their names are compiled
    'validators/wallets.py',
}


def list_imports(path: Path) -> Iterator[Path]:
    """Yield the modules of the package that a module imports at its top."""
    for node in ast.parse(path.read_text(encoding='utf-8')).body:
        if isinstance(node, ast.ImportFrom) and (node.module or '').startswith('keylint.'):
            names = [str(node.module), *(f'{node.module}.{alias.name}' for alias in node.names)]
            files = (PACKAGE.parent / f'{name.replace(".", "/")}.py' for name in names)
            yield from (file for file in files if file.exists())


def test_every_module_that_compiles_the_rules_is_part_of_the_state() -> None:
    first = ('compile_pack.py', 'compile_sources.py')
    pending, seen = [PACKAGE / 'rules' / name for name in first], set[Path]()
    while pending:
        path = pending.pop()
        if path not in seen:
            seen.add(path)
            pending += list_imports(path)
    names = {path.relative_to(PACKAGE).as_posix() for path in seen}
    # The form of the cache is not compiled, but an old form must not be read either. The engine
    # without Hyperscan is imported only where there is none.
    others = {'rules/gate_file.py', 'matcher/expressions.py', 'matcher/python_engine.py'}
    assert set(cache_state._PACK_MODULES) == names - INDIFFERENT | others
    assert names >= INDIFFERENT
    assert len(names) > 20


@pytest.mark.parametrize('damage', ['missing', 'cut off', 'of another shape'])
def test_a_pack_that_does_not_load_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(tmp_path / 'cache'))
    write_rules(tmp_path, acme=DEFINITION)
    before = load_rules((str(tmp_path),))
    rules = load_rules((str(tmp_path),))
    (path,) = (tmp_path / 'cache').glob('*.pack')
    if damage == 'missing':
        path.unlink()
    elif damage == 'cut off':
        path.write_bytes(path.read_bytes()[:-1])
    else:
        write_cache_file(str(path), rules.state, b'N', ('.none',))
    assert rules.pack.rules['acme'] == before.pack.rules['acme']
    assert rules.pack.rules.keys() == before.pack.rules.keys()


def test_a_changed_byte_of_a_gate_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(tmp_path / 'cache'))
    write_rules(tmp_path, acme=DEFINITION)
    load_rules((str(tmp_path),))
    (path,) = (tmp_path / 'cache').glob('*.gate')
    whole = path.read_bytes()
    # The file has a checksum, the database in it another, but for 72 empty bytes at its end.
    for place in (400, len(whole) // 2, len(whole) - 200, len(whole) - 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        load_rules((str(tmp_path),))
        assert path.read_bytes() == whole


@pytest.mark.slow
def test_a_change_of_a_module_makes_another_state(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / 'keylint')
    shutil.copytree(PACKAGE.parent / 'rules', tmp_path / 'rules')
    code = 'from keylint.rules.cache_state import _own_files; print(_own_files())'
    environment = os.environ | {'PYTHONPATH': str(tmp_path), 'PYTHONDONTWRITEBYTECODE': '1'}

    def read_state() -> str:
        done = subprocess.run(
            [sys.executable, '-c', code],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode()

    before = read_state()
    assert read_state() == before
    with (tmp_path / 'keylint' / 'validators' / 'placeholders.py').open('a') as file:
        file.write('# changed\n')
    assert read_state() != before
