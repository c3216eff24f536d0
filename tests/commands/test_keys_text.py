"""The table of `keylint keys`: whole at 80 and 160 columns, and never better news than is known."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from keylint.policies.key_table import KeyRow
from keylint.reporters.keys_text import KeysText
from keylint.reporters.terminal import count_columns
from tests.conftest import Run
from tests.reporters.bots import TREE, same_as_golden

INVENTORY = """\
keys:
  - {exchange: kraken, label: grid, permissions: [read, trade], ip_allowlist: [52.54.32.109],
     created: 2025-12-01, rotate_after: 90d, secret_ref: 'env:KRAKEN_SECRET'}
  - {exchange: okx, label: 机器人, permissions: [read, trade, transfer, withdraw], ip_allowlist: []}
  - {exchange: binance, label: tax, environment: testnet, permissions: [read]}
  - {exchange: bybit}
"""
ROW = KeyRow('kraken', '', 'unknown', 'inline', ('read',), ('read',), (), True, '1.2.3.4', None,
             'ok', 'a.py:1')  # fmt: skip


def write(*rows: KeyRow, has_details: bool = False) -> str:
    stream = StringIO()
    KeysText(has_details).write(rows, (), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ('columns', 'extra'), [('80', ()), ('160', ()), ('80', ('--details',))], ids=str
)
def test_the_whole_table(
    keylint: Run, tmp_path: Path, columns: str, extra: tuple[str, ...]
) -> None:
    (tmp_path / 'keys.yaml').write_text(INVENTORY)
    for name in ('grid.py', 'bot.py'):
        (tmp_path / name).write_text(TREE[name])
    asked = ('keys', '--isolated', '--no-progress', '--today', '2026-01-01', *extra)
    said = keylint(*asked, COLUMNS=columns).stdout
    assert same_as_golden(f'keys-{columns}{"".join(extra)}.txt', said)
    assert all(count_columns(line) <= int(columns) for line in said.splitlines())


def test_nothing_is_ok_that_is_not_known(keylint: Run, tmp_path: Path) -> None:
    """Without rights, IP list or code the inventory says too little to call a key right."""
    (tmp_path / 'keys.yaml').write_text(INVENTORY)
    verdicts = {
        line.split()[0]: line.split()[-1]
        for line in keylint('keys', '--isolated', '--today', '2026-01-01').stdout.splitlines()
        if line.startswith(('kraken', 'bybit', 'binance'))
    }
    assert 'ok' not in verdicts.values()
    (tmp_path / 'grid.py').write_text(TREE['grid.py'])
    said = keylint('keys', '--isolated', '--today', '2026-01-01').stdout
    assert next(line for line in said.splitlines() if line.startswith('kraken')).endswith('ok')


def test_a_narrow_table_keeps_every_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('COLUMNS', '60')
    rights = ('read', 'trade', 'margin', 'derivatives', 'transfer', 'withdraw')
    said = write(ROW._replace(declared=rights, restriction='works from anywhere'))
    assert [right for right in rights if right not in said] == []
    assert all(count_columns(line) <= 60 for line in said.splitlines())


@pytest.mark.parametrize(
    ('needed', 'is_exact', 'want'),
    [
        (None, True, 'unknown'),
        ((), True, 'nothing'),
        ((), False, 'unknown'),
        (('read', 'trade'), False, 'at least trade read'),
    ],
)
def test_what_the_code_needs(
    monkeypatch: pytest.MonkeyPatch, needed: tuple[str, ...] | None, is_exact: bool, want: str
) -> None:
    monkeypatch.setenv('COLUMNS', '160')
    row = ROW._replace(needed=needed, is_exact=is_exact, declared=None)
    head, line, *_ = write(row).splitlines()
    at = head.index('NEEDS')
    assert line[at:].split('  ')[0] == want
    assert line[head.index('MAY') :].startswith('not stated')


def test_columns_that_say_nothing_are_left_out() -> None:
    assert write(ROW).splitlines()[0].split() == [
        'EXCHANGE', 'FROM', 'MAY', 'NEEDS', 'IP', 'LIST', 'VERDICT',
    ]  # fmt: skip
    assert 'age' not in write(ROW, has_details=True)
    assert write() == 'no exchange keys: nothing declared, used or leaked\n'


def test_what_was_not_looked_at_is_said() -> None:
    """Files that the configuration excludes may hold keys: none seen is not none there."""
    stream = StringIO()
    KeysText(False, left_out=(('excluded by configuration', 9),)).write((), (), stream)
    assert stream.getvalue() == (
        'no exchange keys: nothing declared, used or leaked\n'
        'not looked at: 9 excluded by configuration\n'
    )
