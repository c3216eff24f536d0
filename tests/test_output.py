"""The whole output, byte for byte, against golden files.

Colours on a terminal only; values nowhere.

To renew the golden files after a wanted change: `KEYLINT_WRITE_GOLDEN=1 pytest
tests/test_output.py`, then read the difference.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from keylint import __version__
from keylint.rules.recipes import expand
from tests.carriers.made import zipped_rows
from tests.conftest import Run

GOLDEN = Path(__file__).parent / 'golden'
SCHEMA = json.loads((Path(__file__).parent.parent / 'docs' / 'report.schema.json').read_text())

TEMPLATES = {
    'bot.py': """\
import ccxt

okx = ccxt.okx({{'apiKey': '{uuid}', 'secret': '{HEX:32}', 'password': '{pass:12}'}})
BINANCE_TESTNET_API_KEY = '{alnum:64}'
BINANCE_TESTNET_API_SECRET = '{alnum:64}'
kraken_secret = '{base64:64}'  # keylint: ignore[kraken-credential] an account without money
""",
    'conf/.env': """\
WALLET_PRIVATE_KEY=0x{evm}
MNEMONIC="{mnemonic:12}"
DB_PASSWORD={pass:16}
# keylint: ignore
""",
    'research.ipynb': """\
{{
 "cells": [
  {{"cell_type": "markdown", "metadata": {{}}, "source": ["# Research\\n"]}},
  {{"cell_type": "code", "execution_count": 1, "metadata": {{}}, "outputs": [], \
"source": ["import kucoin\\n", "KUCOIN_KEY = '{hex:24}'\\n",
   "KUCOIN_SECRET = '{uuid}'\\n", "KUCOIN_PASSPHRASE = '{pass:10}'\\n"]}},
  {{"cell_type": "code", "execution_count": 2, "metadata": {{}}, "outputs": [], "source": [
   "w3 = Web3(HTTPProvider('https://mainnet.infura.io/v3/{hex:32}'))\\n"]}}
 ],
 "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5
}}
""",
}
FILES = {name: expand(template, f'output/{name}') for name, template in TEMPLATES.items()}
# Every value that a recipe made: the runs by which an expanded file differs from its template.
RECIPE = re.compile(r'(?<!\{)\{[a-zA-Z][^{}]*\}(?!\})')


@pytest.fixture
def keylint(process: Run) -> Run:
    """Every run here is a process from nothing, as a user starts it."""
    return process


def values() -> list[str]:
    found: list[str] = []
    for name, template in TEMPLATES.items():
        literal = [
            re.escape(part.replace('{{', '{').replace('}}', '}')) for part in RECIPE.split(template)
        ]
        match = re.fullmatch('(.*?)'.join(literal), FILES[name], re.DOTALL)
        assert match is not None
        found += match.groups()
    assert len(found) == 13
    return found


VALUES = values()
SCAN = ('scan', 'bot.py', 'conf', 'research.ipynb', '--isolated')


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
    return tmp_path


def steady(text: str) -> str:
    """The output with what differs from run to run taken out.

    The seconds and keylint's own version.
    """
    text = re.sub(r'\d+\.\d\d s\)', '0.00 s)', text)
    text = re.sub(r'"seconds": [\d.]+', '"seconds": 0.0', text)
    return text.replace(f'"keylint": "{__version__}"', '"keylint": "0"')


def same_as_golden(name: str, text: str) -> bool:
    path = GOLDEN / name
    if os.environ.get('KEYLINT_WRITE_GOLDEN'):
        path.write_bytes(text.encode())
    return path.read_bytes().decode() == text


def leaked(text: str, length: int) -> list[str]:
    """Pieces of the generated values that stand in a text."""
    pieces = {
        value[i : i + length] for value in VALUES for i in range(max(1, len(value) - length + 1))
    }
    return sorted(piece for piece in pieces if piece in text)


# The formats


def test_the_whole_text(keylint: Run, bot: Path) -> None:
    done = keylint(*SCAN)
    assert (done.returncode, done.stderr) == (1, '')
    assert same_as_golden('text.txt', steady(done.stdout))


def test_the_whole_json(keylint: Run, bot: Path) -> None:
    done = keylint(*SCAN, '--format', 'json')
    assert (done.returncode, done.stderr) == (1, '')
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert same_as_golden('report.json', steady(done.stdout))
    assert document['summary']['bytes'] == sum(len(text.encode()) for text in FILES.values())


def test_the_schema_refuses_what_is_no_report(keylint: Run, bot: Path) -> None:
    document = json.loads(keylint(*SCAN, '--format', 'json').stdout)
    for change in (
        {'more': 1},
        {'summary': {**document['summary'], 'files': '3'}},
        {'findings': [{**document['findings'][0], 'severity': 'worse'}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, **change}, SCHEMA)


def test_both_formats_tell_the_same(keylint: Run, bot: Path) -> None:
    text = keylint(*SCAN).stdout
    document = json.loads(keylint(*SCAN, '--format', 'json').stdout)
    shown = [finding for finding in document['findings'] if finding['state'] == 'open']
    assert text.count('      page:  ') == len(shown)
    assert len(document['findings']) - len(shown) == document['summary']['suppressed'] == 1
    for finding in shown:
        assert f'  {finding["line"]}:{finding["column"]}' in text
        assert finding['title'] in text
        assert finding['help_url'] in text
    assert all(
        f'{warned["path"]}:{warned["line"]} {warned["message"]}' in text
        for warned in document['warnings']
    )


def test_places_are_those_of_the_values(keylint: Run, bot: Path) -> None:
    document = json.loads(keylint(*SCAN, '--format', 'json', '--show-secrets').stdout)
    parts = [
        (finding['path'], part) for finding in document['findings'] for part in finding['parts']
    ]
    assert len(parts) >= 12
    for path, part in parts:
        line = FILES[path].split('\n')[part['line'] - 1]
        assert line[part['column'] - 1 : part['end_column'] - 1] == part['value'], (
            path,
            part['role'],
        )


@pytest.mark.parametrize('format_name', ['text', 'json'])
def test_a_report_in_a_file_has_the_same_bytes(bot: Path, format_name: str) -> None:
    def scan(*arguments: str) -> bytes:
        command = [sys.executable, '-m', 'keylint', *SCAN, '--format', format_name, *arguments]
        done = subprocess.run(command, cwd=bot, capture_output=True, check=False)
        assert done.returncode == 1
        return done.stdout

    printed = scan()
    assert scan('--output', 'report') == b''
    written = (bot / 'report').read_bytes()
    assert len(written) > 1000
    assert steady(written.decode()) == steady(printed.decode())
    assert steady(scan('--output', '-').decode()) == steady(printed.decode())


def test_a_report_replaces_an_older_one(keylint: Run, bot: Path) -> None:
    (bot / 'report').write_text('x' * 100_000)
    keylint(*SCAN, '--output', 'report')
    assert steady((bot / 'report').read_text(encoding='utf-8')) == (GOLDEN / 'text.txt').read_text(
        encoding='utf-8'
    )


ASCII = {
    'LC_ALL': 'C',
    'LANG': 'C',
    'PYTHONUTF8': '0',
    'PYTHONCOERCECLOCALE': '0',
    'PYTHONIOENCODING': 'ascii',
}


def test_json_needs_no_utf_8_locale(keylint: Run, bot: Path) -> None:
    done = keylint(*SCAN, '--format', 'json', **ASCII)
    assert steady(done.stdout) == (GOLDEN / 'report.json').read_text(encoding='utf-8')


def test_text_needs_no_utf_8_locale(keylint: Run, bot: Path) -> None:
    done = keylint(*SCAN, **ASCII)
    assert done.returncode == 1
    assert done.stdout.count('      page:  ') == keylint(*SCAN).stdout.count('      page:  ')


# Colours


def on_a_terminal(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """What a scan prints on a pseudo-terminal, and its exit code."""
    pty = pytest.importorskip('pty')
    main, other = pty.openpty()
    environment = {
        name: value for name, value in os.environ.items() if name not in ('NO_COLOR', 'TERM')
    }
    command = [sys.executable, '-m', 'keylint', *arguments, '--no-progress']
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=other,
        stdout=other,
        stderr=other,
        env={**environment, 'TERM': 'xterm', **variables},
    ) as process:
        os.close(other)
        data = b''
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not part:
                break
            data += part
    os.close(main)
    return process.returncode, data.decode().replace('\r\n', '\n')


def test_a_terminal_has_colours_and_the_same_words(bot: Path) -> None:
    code, text = on_a_terminal(bot, *SCAN)
    assert code == 1
    assert '\x1b[1;37;41mcritical\x1b[0m' in text
    assert text.count('\x1b[') % 2 == 0
    assert steady(re.sub(r'\x1b\[[\d;]*m', '', text)) == (GOLDEN / 'text.txt').read_text(
        encoding='utf-8'
    )


@pytest.mark.parametrize('variables', [{'NO_COLOR': '1'}, {'TERM': 'dumb'}])
def test_a_terminal_that_wants_none_has_no_colours(bot: Path, variables: dict[str, str]) -> None:
    code, text = on_a_terminal(bot, *SCAN, **variables)
    assert code == 1
    assert steady(text) == (GOLDEN / 'text.txt').read_text(encoding='utf-8')


def test_an_empty_no_color_means_nothing(bot: Path) -> None:
    assert '\x1b[' in on_a_terminal(bot, *SCAN, NO_COLOR='')[1]


@pytest.mark.parametrize('arguments', [['--format', 'json'], ['--output', 'report']])
def test_only_text_on_the_terminal_itself_is_coloured(bot: Path, arguments: list[str]) -> None:
    _, text = on_a_terminal(bot, *SCAN, *arguments)
    assert '\x1b' not in text
    assert '\x1b' not in (
        (bot / 'report').read_text(encoding='utf-8')
        if '--output' in arguments
        else json.dumps(json.loads(text))
    )


def test_a_pipe_has_no_colours(keylint: Run, bot: Path) -> None:
    done = keylint(*SCAN, TERM='xterm-256color', COLORTERM='truecolor')
    assert 'critical' in done.stdout
    assert '\x1b' not in done.stdout + done.stderr


def test_a_hostile_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    name = 'a\x1b[2J\x07\u202eb\r.env'
    (tmp_path / name).write_text(FILES['conf/.env'])
    code, text = on_a_terminal(tmp_path, 'scan', '--isolated', NO_COLOR='1')
    assert code == 1
    assert 'a\ufffd[2J\ufffd\ufffdb\ufffd.env' in text
    assert not set('\x1b\x07\u202e\r') & set(text)


# Values


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
    done = keylint(*SCAN, *arguments)
    assert 'https://keylint.readthedocs.io/rules/' in done.stdout
    for text in (
        done.stdout,
        done.stderr,
        json.dumps(json.loads(done.stdout), ensure_ascii=False) if '--format' in arguments else '',
    ):
        assert leaked(text, 12) == []


def test_no_piece_of_a_value_is_written_or_painted(keylint: Run, bot: Path) -> None:
    keylint(*SCAN, '--output', 'report')
    assert leaked((bot / 'report').read_text(encoding='utf-8'), 12) == []
    assert leaked(on_a_terminal(bot, *SCAN)[1], 12) == []
    assert [
        path.name for path in GOLDEN.iterdir() if leaked(path.read_text(encoding='utf-8'), 12)
    ] == []


def test_no_word_of_a_phrase_and_nothing_of_a_short_value_is_printed(
    keylint: Run, bot: Path
) -> None:
    text = keylint(*SCAN, '--pedantic').stdout
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
    document = json.loads(keylint(*SCAN, '--format', 'json', '--show-secrets').stdout)
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
        expand(pair + "w3 = Web3('https://mainnet.infura.io/v3/{hex:32}')\n", 'beside')
    )
    found = json.loads(keylint('scan', 'a.py', '--format', 'json').stdout)['findings']
    assert [(finding['issuer'], finding['severity']) for finding in found] == [
        ('binance', 'critical'),
        ('infura', 'medium'),
    ]
