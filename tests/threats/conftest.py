"""Fixtures of this room's tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from keylint.core import cache_files as caches
from keylint.core.write_cache import write_cache_file
from keylint.matcher.hyperscan import compile_database
from keylint.rules.gate_file import pack_gate, unpack_gate
from keylint.rules.load import load_rules
from tests.conftest import Run
from tests.threats.trees import LEAK

# Programs in the tree


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """Provide what a hostile program leaves behind."""
    return tmp_path / 'ran'


# The cache


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Provide a cache whose gate sees nothing: any keylint that loads it calls every tree clean.

    A leak is beside it in `bot`.
    """
    state = load_rules().state
    (file,) = (
        path
        for path in Path(caches.cache_folder()).glob('*.gate')
        if caches.read_cache_file(str(path), state) is not None
    )
    (tmp_path / 'bot').mkdir()
    (tmp_path / 'bot' / '.env').write_text(LEAK)
    folder = tmp_path / 'cache'
    folder.mkdir(0o700)
    shutil.copy(file.with_suffix('.pack'), folder)
    blind = unpack_gate(caches.read_cache_file(str(file), state) or b'')
    assert blind is not None
    blind.database = compile_database([b'never-in-any-file']).to_bytes()
    write_cache_file(str(folder / file.name), state, pack_gate(blind), ('.none',))
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


@pytest.fixture
def keylint(process: Run) -> Run:
    """Run keylint as a process from nothing, as a user starts it."""
    return process
