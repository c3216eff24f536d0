"""Check the whole text and JSON, byte for byte, and colours.

To renew the golden files after a wanted change, run `KEYLINT_WRITE_GOLDEN=1 pytest tests/reporters`
and read the difference.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import Run
from tests.reporters.bots import (
    BOT_SCAN,
    FILES,
    GOLDEN,
    REPORT_SCHEMA,
    on_a_terminal,
    same_as_golden,
    steady_text,
)


@pytest.fixture
def keylint(process: Run) -> Run:
    """Start every run as a process of its own, as a user does."""
    return process


def test_the_whole_text(keylint: Run, bot: Path) -> None:
    done = keylint(*BOT_SCAN)
    assert (done.returncode, done.stderr) == (1, '')
    assert same_as_golden('text.txt', steady_text(done.stdout))


def test_the_whole_json(keylint: Run, bot: Path) -> None:
    done = keylint(*BOT_SCAN, '--format', 'json')
    assert (done.returncode, done.stderr) == (1, '')
    document = json.loads(done.stdout)
    jsonschema.validate(document, REPORT_SCHEMA)
    assert same_as_golden('report.json', steady_text(done.stdout))
    assert document['summary']['bytes'] == sum(len(text.encode()) for text in FILES.values())


def test_the_schema_refuses_what_is_no_report(keylint: Run, bot: Path) -> None:
    document = json.loads(keylint(*BOT_SCAN, '--format', 'json').stdout)
    for change in (
        {'more': 1},
        {'summary': {**document['summary'], 'files': '3'}},
        {'findings': [{**document['findings'][0], 'severity': 'worse'}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, **change}, REPORT_SCHEMA)


def test_json_and_the_full_text_tell_the_same(keylint: Run, bot: Path) -> None:
    text = keylint(*BOT_SCAN, '--format', 'full').stdout
    document = json.loads(keylint(*BOT_SCAN, '--format', 'json').stdout)
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
    document = json.loads(keylint(*BOT_SCAN, '--format', 'json', '--show-secrets').stdout)
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
        command = [sys.executable, '-m', 'keylint', *BOT_SCAN, '--format', format_name, *arguments]
        done = subprocess.run(command, cwd=bot, capture_output=True, check=False)
        assert done.returncode == 1
        return done.stdout

    printed = scan()
    assert scan('--output', 'report') == b''
    written = (bot / 'report').read_bytes()
    assert len(written) > 1000
    assert steady_text(written.decode()) == steady_text(printed.decode())
    assert steady_text(scan('--output', '-').decode()) == steady_text(printed.decode())


def test_a_report_replaces_an_older_one(keylint: Run, bot: Path) -> None:
    (bot / 'report').write_text('x' * 100_000)
    keylint(*BOT_SCAN, '--output', 'report')
    assert steady_text((bot / 'report').read_text(encoding='utf-8')) == (
        GOLDEN / 'text.txt'
    ).read_text(encoding='utf-8')


ASCII = {
    'LC_ALL': 'C',
    'LANG': 'C',
    'PYTHONUTF8': '0',
    'PYTHONCOERCECLOCALE': '0',
    'PYTHONIOENCODING': 'ascii',
}


def test_json_needs_no_utf_8_locale(keylint: Run, bot: Path) -> None:
    done = keylint(*BOT_SCAN, '--format', 'json', **ASCII)
    assert steady_text(done.stdout) == (GOLDEN / 'report.json').read_text(encoding='utf-8')


def test_text_needs_no_utf_8_locale(keylint: Run, bot: Path) -> None:
    done = keylint(*BOT_SCAN, **ASCII)
    assert done.returncode == 1
    assert done.stdout.count(' | ') == keylint(*BOT_SCAN).stdout.count(' | ') > 5


def test_a_terminal_has_colours_and_the_same_words(bot: Path) -> None:
    code, text = on_a_terminal(bot, *BOT_SCAN)
    assert code == 1
    assert '\x1b[1;37;41mcritical\x1b[0m' in text
    assert text.count('\x1b[') % 2 == 0
    assert steady_text(re.sub(r'\x1b\[[\d;]*m', '', text)) == (GOLDEN / 'text.txt').read_text(
        encoding='utf-8'
    )


@pytest.mark.parametrize('variables', [{'NO_COLOR': '1'}, {'TERM': 'dumb'}])
def test_a_terminal_that_wants_none_has_no_colours(bot: Path, variables: dict[str, str]) -> None:
    code, text = on_a_terminal(bot, *BOT_SCAN, **variables)
    assert code == 1
    assert steady_text(text) == (GOLDEN / 'text.txt').read_text(encoding='utf-8')


def test_an_empty_no_color_means_nothing(bot: Path) -> None:
    assert '\x1b[' in on_a_terminal(bot, *BOT_SCAN, NO_COLOR='')[1]


@pytest.mark.parametrize('arguments', [['--format', 'json'], ['--output', 'report']])
def test_only_text_on_the_terminal_itself_is_coloured(bot: Path, arguments: list[str]) -> None:
    _, text = on_a_terminal(bot, *BOT_SCAN, *arguments)
    assert '\x1b' not in text
    assert '\x1b' not in (
        (bot / 'report').read_text(encoding='utf-8')
        if '--output' in arguments
        else json.dumps(json.loads(text))
    )


def test_a_pipe_has_no_colours(keylint: Run, bot: Path) -> None:
    done = keylint(*BOT_SCAN, TERM='xterm-256color', COLORTERM='truecolor')
    assert 'critical' in done.stdout
    assert '\x1b' not in done.stdout + done.stderr


def test_a_hostile_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    name = 'a\x1b[2J\x07\u202eb\r.env'
    (tmp_path / name).write_text(FILES['conf/.env'])
    code, text = on_a_terminal(tmp_path, 'scan', '--isolated', NO_COLOR='1')
    assert code == 1
    assert 'a\ufffd[2J\ufffd\ufffdb\ufffd.env' in text
    assert not set('\x1b\x07\u202e\r') & set(text)
