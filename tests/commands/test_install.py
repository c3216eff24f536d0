"""Nobody is told to install a name that is not ours yet; one constant changes all of it."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from keylint._version import IS_RELEASED, __version__
from keylint.core import install

ROOT = Path(__file__).parents[2]
FROM_INDEX = re.compile(
    r"\b(?:pip install|pipx install|uv tool install|uvx)(?: --\S+)* '?keylint\b(?!\[\w+\] @)"
)


@pytest.fixture(scope='module')
def pages() -> Any:
    """docs/install.py as docs/build.py loads it."""
    sys.path.insert(0, str(ROOT / 'docs'))
    try:
        return importlib.import_module('install')
    finally:
        sys.path.remove(str(ROOT / 'docs'))


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ('pip install git+https://github.com/keylint/keylint', 'pip install keylint'),
        (
            "pip install 'keylint[lsp] @ git+https://github.com/keylint/keylint' x",
            "pip install 'keylint[lsp]' x",
        ),
        ('`pipx install git+https://github.com/keylint/keylint`', '`pipx install keylint`'),
        ("pip install '.[dev]'", "pip install '.[dev]'"),
        ('pip install keylint-other', 'pip install keylint-other'),
        ('    rev: main\n', f'    rev: v{__version__}\n'),
        ('uses: keylint/keylint@main', f'uses: keylint/keylint@v{__version__}'),
        ('uses: actions/checkout@main', 'uses: actions/checkout@main'),
        ('There is no release yet: these lines install keylint from its repository. Then', 'Then'),
    ],
)
def test_a_page_before_and_after_the_first_release(pages: Any, before: str, after: str) -> None:
    assert pages.state_install(before, is_released=True) == after
    assert pages.state_install(before, is_released=False) == before
    if pages.NOTE not in before:
        assert pages.state_install(after, is_released=False) == before


def test_every_page_says_what_the_constant_says(pages: Any) -> None:
    stated = pages.state_pages()
    assert len(stated) > 25
    for name, text in stated.items():
        assert (ROOT / 'docs' / name).read_text(encoding='utf-8') == text, name


@pytest.mark.skipif(IS_RELEASED, reason='the name is ours')
def test_nothing_installs_the_name_from_an_index() -> None:
    files = [
        *ROOT.glob('*.md'),
        *ROOT.glob('docs/*.md'),
        *ROOT.glob('keylint/**/*.py'),
        *ROOT.glob('.gitlab/*'),
        ROOT / 'action.yml',
    ]
    assert [
        f'{path.name}: {found.group()}'
        for path in files
        if path.name != 'supply-chain.md'  # it speaks of the package as such
        for found in FROM_INDEX.finditer(path.read_text(encoding='utf-8'))
    ] == []


@pytest.mark.parametrize(
    ('url', 'commit'),
    [
        ('{"vcs_info": {"commit_id": "0123abc", "vcs": "git"}}', '0123abc'),
        ('{"dir_info": {"editable": true}}', ''),
        ('[]', ''),
        ('{', ''),
        (None, ''),
    ],
)
def test_the_commit_is_the_one_that_pip_noted(
    monkeypatch: pytest.MonkeyPatch, url: str | None, commit: str
) -> None:
    class Installed:
        """What pip noted about the installation; a real one would need a network."""

        def read_text(self, name: str) -> str | None:
            return url if name == 'direct_url.json' else None

    monkeypatch.setattr(install, 'distribution', lambda name: Installed())
    assert install.find_commit() == commit
    assert install.find_revision(is_released=False) == (commit or 'main')
    assert install.find_revision(is_released=True) == f'v{__version__}'
    pinned = install.pin_requirement(f'- {install.INSTALL}\n')
    assert pinned.endswith(f'@{commit}\n') == bool(commit and not IS_RELEASED)
