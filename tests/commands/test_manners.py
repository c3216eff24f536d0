"""How loud a run is, in which colours, and what the first one says."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from keylint.rules import load
from tests.conftest import Run
from tests.reporters.bots import BOT_SCAN, FILES, on_a_terminal


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding='utf-8')
    return tmp_path


@pytest.mark.parametrize('format_name', ['text', 'full', 'concise'])
def test_quiet_is_findings_alone(keylint: Run, bot: Path, format_name: str) -> None:
    loud = keylint(*BOT_SCAN, '--format', format_name)
    quiet = keylint(*BOT_SCAN, '--format', format_name, '-q')
    assert (quiet.returncode, quiet.stderr) == (1, '')
    lines = quiet.stdout.splitlines()
    assert set(lines) < set(loud.stdout.splitlines())
    assert not any(word in quiet.stdout for word in ('False positive', 'Next:', 'Revoke first,'))
    assert ' in 3 files (' not in quiet.stdout
    assert 'okx-credential' in quiet.stdout


def test_a_clean_run_is_silent_when_quiet(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('x = 1\n')
    done = keylint('scan', '--isolated', '--quiet')
    assert (done.returncode, done.stdout, done.stderr) == (0, '', '')


def test_verbose_is_the_full_text(keylint: Run, bot: Path) -> None:
    said = keylint(*BOT_SCAN, '-v').stdout
    assert said.count('      page:  ') == 7
    assert keylint(*BOT_SCAN, '-v', '--format', 'concise').stdout.count('page:') == 0
    refused = keylint(*BOT_SCAN, '-q', '-v')
    assert (refused.returncode, refused.stdout, refused.stderr.count('\n')) == (2, '', 1)


@pytest.mark.parametrize(
    ('asked', 'variables', 'is_coloured'),
    [
        ('always', {}, True),
        ('always', {'NO_COLOR': '1'}, True),
        ('auto', {}, False),
        ('auto', {'FORCE_COLOR': '1'}, True),
        ('never', {'FORCE_COLOR': '1', 'CLICOLOR_FORCE': '1'}, False),
    ],
)
def test_colours_in_a_pipe(
    keylint: Run, bot: Path, asked: str, variables: dict[str, str], is_coloured: bool
) -> None:
    done = keylint(*BOT_SCAN, '--color', asked, **variables)
    assert ('\x1b[' in done.stdout) == is_coloured


def test_a_terminal_may_go_without(bot: Path) -> None:
    assert '\x1b' not in on_a_terminal(bot, *BOT_SCAN, '--color', 'never')[1]


def test_a_wrong_colour_is_one_line(keylint: Run) -> None:
    done = keylint('scan', '--color', 'alway')
    assert (done.returncode, done.stderr.count('\n')) == (2, 1)
    assert "did you mean 'always'" in done.stderr


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ('stream', 'quiet', 'is_said'),
    [(_Terminal, '', True), (_Terminal, '1', False), (io.StringIO, '', False)],
)
def test_the_first_run_says_why_it_takes_seconds(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    stream: type[io.StringIO],
    quiet: str,
    is_said: bool,
) -> None:
    told = stream()
    monkeypatch.setattr('sys.stderr', told)
    monkeypatch.setenv('KEYLINT_QUIET', quiet)
    load._announce_compilation()
    assert told.getvalue().startswith('keylint: preparing rules') == is_said
