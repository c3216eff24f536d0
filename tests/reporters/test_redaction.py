"""Check that no report shows a value, or a piece of one, unless asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.archives.made import zipped_rows
from tests.conftest import Run
from tests.reporters.bots import BOT_SCAN, GOLDEN, VALUES, leaked, on_a_terminal


@pytest.fixture
def keylint(process: Run) -> Run:
    """Start every run as a process of its own, as a user does."""
    return process


@pytest.mark.parametrize(
    'arguments',
    [
        (),
        ('--format', 'json'),
        ('--pedantic',),
        ('--pedantic', '--format', 'json'),
        ('--severity', 'critical'),
        ('--select', 'okx'),
        ('--ignore', 'okx,kucoin,binance'),
        ('--exit-zero', '--no-ignore'),
    ],
)
def test_no_piece_of_a_value_is_printed(
    keylint: Run, bot: Path, arguments: tuple[str, ...]
) -> None:
    done = keylint(*BOT_SCAN, *arguments)
    assert done.stdout.count('-credential') > 0
    for text in (
        done.stdout,
        done.stderr,
        json.dumps(json.loads(done.stdout), ensure_ascii=False) if '--format' in arguments else '',
    ):
        assert leaked(text, 12) == []


def test_no_piece_of_a_value_is_written_or_painted(keylint: Run, bot: Path) -> None:
    keylint(*BOT_SCAN, '--output', 'report')
    assert leaked((bot / 'report').read_text(encoding='utf-8'), 12) == []
    assert leaked(on_a_terminal(bot, *BOT_SCAN)[1], 12) == []
    assert [
        path.name for path in GOLDEN.iterdir() if leaked(path.read_text(encoding='utf-8'), 12)
    ] == []


def test_no_word_of_a_phrase_and_nothing_of_a_short_value_is_printed(
    keylint: Run, bot: Path
) -> None:
    text = keylint(*BOT_SCAN, '--pedantic').stdout
    phrase = next(value for value in VALUES if value.count(' ') == 11)
    assert not [
        pair
        for pair in zip(phrase.split(), phrase.split()[1:], strict=False)
        if ' '.join(pair) in text
    ]
    assert not [value for value in VALUES if len(value) <= 16 and value[:4] in text]


def test_what_a_message_of_failure_shows(keylint: Run, bot: Path) -> None:
    """Mistakes quote what the user typed.

    A value in a file name or in a configuration is not repeated beyond that.
    """
    (bot / 'keylint.toml').write_text(f'secret = "{VALUES[3]}"\n')
    done = keylint('scan')
    assert done.returncode == 2
    assert leaked(done.stdout + done.stderr, 12) == []


@pytest.mark.parametrize(('count', 'lines'), [(5, 5), (6, 5), (40, 5)])
def test_members_that_fail_alike_are_told_of_together(
    keylint: Run, tmp_path: Path, count: int, lines: int
) -> None:
    (tmp_path / 'a.zip').write_bytes(
        zipped_rows([(f'{number:02}.zip', b'PK\x03\x04 no directory') for number in range(count)])
    )
    done = keylint('scan', '--isolated', 'a.zip')
    told = [line for line in done.stdout.splitlines() if line.startswith('not scanned')]
    assert len(told) == lines
    assert (
        told[0] == 'not scanned a.zip: a.zip!/00.zip: '
        'the archive has no directory: cut off, or no zip at all'
    )
    assert told[-1].startswith(
        'not scanned a.zip: a.zip!/04.zip'
        if count == 5
        else f'not scanned a.zip: {count - 4} more: the archive has'
    )
    assert done.stdout.endswith(f'; {count} not scanned\n')


def test_values_are_shown_when_asked(keylint: Run, bot: Path) -> None:
    document = json.loads(keylint(*BOT_SCAN, '--format', 'json', '--show-secrets').stdout)
    shown: list[Any] = [
        part['value'] for finding in document['findings'] for part in finding['parts']
    ]
    missing = [value for value in VALUES if not any(value in text for text in shown)]
    assert missing == []


def test_an_exchange_key_beside_a_node_address_is_told_as_critical(
    keylint: Run, tmp_path: Path
) -> None:
    pair = "x = ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n"
    (tmp_path / 'a.py').write_text(
        expand_recipes(pair + "w3 = Web3('https://mainnet.infura.io/v3/{hex:32}')\n", 'beside')
    )
    found = json.loads(keylint('scan', 'a.py', '--format', 'json').stdout)['findings']
    assert [(finding['issuer'], finding['severity']) for finding in found] == [
        ('binance', 'critical'),
        ('infura', 'medium'),
    ]
