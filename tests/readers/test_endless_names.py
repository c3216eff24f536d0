"""A dotted name that would keep a parser busy for minutes is named, and its file is not parsed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keylint.readers import python_ast, python_cst
from keylint.readers.python_ast import ENDLESS, has_endless_name
from tests.conftest import Run
from tests.publish.leaks import made

_ENDLESS = 'import ' + '.'.join(['a'] * 100_000)


@pytest.mark.parametrize(
    'text',
    [
        '',
        'import os.path\n' * 3000,
        'from a.b.c.d import e\n' * 3000,
        'x = a.b().c().d()' + '.e()' * 900,
        'x = [' + ', '.join(['np.pi'] * 900) + ']',
        'x = "' + '. ' * 3000 + '"',
        '# ' + '.' * 5000,
        'x = ' + '.'.join(['a'] * 90),
    ],
)
def test_ordinary_texts_are_parsed(text: str) -> None:
    assert not has_endless_name(text.encode())
    assert python_ast.parse_module(text.encode()) is not None


@pytest.mark.parametrize(
    'text',
    [
        _ENDLESS,
        _ENDLESS.replace('.', ' . '),
        _ENDLESS.replace('.', '.\\\n'),
        'from ' + '.'.join(['a'] * 100_000) + ' import b',
        'import os\n\n' + _ENDLESS + '\n' + _ENDLESS,
        'import ' + '.'.join(['\N{LATIN SMALL LETTER E WITH ACUTE}'] * 100_000),
    ],
)
def test_endless_names_are_not_parsed(text: str) -> None:
    """Otherwise `ast` would take a minute here, and libcst end the process."""
    assert has_endless_name(text.encode())
    assert python_ast.parse_module(text.encode()) is None
    assert python_cst.parse_module(text.encode()) is None


def test_the_file_is_named(keylint: Run, tmp_path: Path) -> None:
    """A declaration is held against the code: what of it was not looked at is a failure."""
    key = made('{{alnum:64}}')
    inventory = (
        'keys:\n  - label: main\n    exchange: binance\n    permissions: [trade]\n'
        '    ip_allowlist: [52.54.32.109]\n    created: 2026-01-01\n'
    )
    (tmp_path / 'keys.yaml').write_text(inventory)
    (tmp_path / 'bot.py').write_text(f'import ccxt\n{_ENDLESS}\nx = "{key}"\n')
    done = keylint('scan', '--format', 'json', '--today', '2026-01-02', cwd=tmp_path)
    failures = json.loads(done.stdout)['failures']
    assert (done.returncode, failures) == (
        2,
        [{'path': 'bot.py', 'stage': 'scan', 'error': ENDLESS}],
    )
