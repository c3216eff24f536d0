"""Mistakes in a command line: one line, what was probably meant, and code 2."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from keylint.reporters.outputs import parse_outputs, wants_colour
from keylint.reporters.text_report import format_size
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run


@pytest.mark.parametrize(
    ('line', 'said'),
    [
        ('scna', "keylint: unknown command 'scna'; did you mean 'scan'?"),
        ('baseline crate', "keylint baseline: unknown command 'crate'; did you mean 'create'?"),
        (
            'scan --version',
            "keylint: the option '--version' belongs to another command, or on the other side",
        ),
        ('scan --formt json', "keylint: unknown option '--formt'; did you mean '--format'?"),
        ('scan --format jsn', "keylint scan: --format: unknown value 'jsn'; did you mean 'json'?"),
        ('scan --severity dire', "keylint scan: --severity: unknown value 'dire'; allowed: info,"),
        ('scan --since', 'keylint scan: argument --since: expected one argument'),
        ('baseline', 'keylint baseline: choose one: create, update, audit, show, import, export '),
        ('completion', 'keylint completion: choose one: bash, '),
        ('explain', 'keylint explain: RULE is missing (see keylint explain --help)'),
        ('help scna', "keylint: unknown command 'scna'; did you mean 'scan'?"),
        ('explain a b', "keylint: unexpected argument 'b'"),
    ],
)
def test_a_mistake_is_one_line(keylint: Run, line: str, said: str) -> None:
    done = keylint(*line.split())
    assert done.returncode == 2
    assert done.stdout == ''
    assert done.stderr.startswith(said)
    assert done.stderr.count('\n') == 1


@pytest.mark.parametrize(
    ('line', 'command'),
    [
        ('scna', 'keylint'),
        ('publish --plam x', 'keylint publish'),
        ('explain a b', 'keylint explain'),
        ('baseline create --foo', 'keylint baseline'),
        ('baseline crate', 'keylint baseline'),
    ],
)
def test_a_mistake_names_the_help_of_its_command(keylint: Run, line: str, command: str) -> None:
    assert keylint(*line.split()).stderr.endswith(f' (see {command} --help)\n')


def test_a_value_in_a_mistake_is_not_repeated(keylint: Run) -> None:
    value = expand_recipes('{alnum:64}', 'usage')
    for line in (['scan', f'--secret={value}'], [value], ['explain', 'a', value]):
        done = keylint(*line)
        assert done.returncode == 2
        assert value not in done.stderr


def test_help(keylint: Run) -> None:
    asked, bare = keylint('help'), keylint()
    assert (asked.returncode, bare.returncode) == (0, 2)
    assert asked.stdout == bare.stdout == keylint('--help').stdout
    assert keylint('help', 'baseline').stdout == keylint('baseline', '--help').stdout != bare.stdout
    assert keylint('-V').stdout == keylint('--version').stdout


def test_severities_in_any_case(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('x = 1\n')
    assert keylint('scan', '--isolated', '--severity', 'HIGH', '--fail-on', 'High').returncode == 0


@pytest.mark.parametrize(
    ('file', 'format_name'),
    [
        ('x.json', 'json'),
        ('X.SARIF', 'sarif'),
        ('x.html', 'html'),
        ('x.xml', 'junit'),
        ('x.txt', 'text'),
        ('json', 'text'),
    ],
)
def test_the_ending_of_a_file_names_its_format(file: str, format_name: str) -> None:
    assert parse_outputs(None, [file])[0].format == format_name
    assert parse_outputs('csv', [file])[0].format == 'csv'
    assert parse_outputs(None, [f'csv:{file}'])[0].format == 'csv'


@pytest.mark.parametrize(
    ('variables', 'is_coloured'),
    [
        ({}, False),
        ({'FORCE_COLOR': '1'}, True),
        ({'CLICOLOR_FORCE': '1'}, True),
        ({'CLICOLOR_FORCE': '0'}, False),
        ({'FORCE_COLOR': '1', 'NO_COLOR': '1'}, False),
        ({'FORCE_COLOR': '1', 'TERM': 'dumb'}, True),
    ],
)
def test_colours_of_what_is_no_terminal(
    variables: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ('NO_COLOR', 'FORCE_COLOR', 'CLICOLOR_FORCE', 'TERM'):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with (tmp_path / 'a.txt').open('w') as file:
        assert wants_colour(file) == is_coloured


def test_a_dumb_terminal_has_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ('NO_COLOR', 'FORCE_COLOR', 'CLICOLOR_FORCE'):
        monkeypatch.delenv(name, raising=False)
    parent, child = pty.openpty()
    with os.fdopen(child, 'w') as terminal:
        monkeypatch.setenv('TERM', 'dumb')
        assert not wants_colour(terminal)
        monkeypatch.setenv('TERM', 'xterm')
        assert wants_colour(terminal)
    os.close(parent)


@pytest.mark.parametrize(
    ('count', 'text'),
    [(0, '0 bytes'), (1, '1 byte'), (812, '812 bytes'), (14_300, '14 kB'), (5_400_000, '5.4 MB')],
)
def test_sizes(count: int, text: str) -> None:
    assert format_size(count) == text


def test_the_concise_form_is_one_line_for_each_place(keylint: Run, tmp_path: Path) -> None:
    text = expand_recipes('BINANCE_API_SECRET={alnum:64}\n', 'usage')
    (tmp_path / 'a.env').write_text(text)
    (tmp_path / 'b.env').write_text(f'# again\n{text}')
    (tmp_path / 'a.zip').write_bytes(b'PK\x03\x04' + bytes(60))
    lines = keylint('scan', '--isolated', '--format', 'concise').stdout.splitlines()
    assert lines[0] == 'a.env:1:20: high: Binance secret (binance-credential)'
    assert lines[1].startswith('b.env:2:20: high: ')
    assert lines[2].startswith('a.zip:1:1: not scanned: ')
    assert len(lines) == 4


def test_a_reader_who_has_seen_enough_is_told_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, '-m', 'keylint', 'rules'],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b''
