"""What `keylint fix` says is as wide as the terminal, and in the order of the lines."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Run
from tests.reporters.bots import on_a_terminal

LEAKY = Path(__file__).parents[2] / 'examples' / 'leaky-bot' / 'bot'
ASKED = ('fix', '--dry-run', '--isolated', '--today', '2026-11-30', str(LEAKY))


def list_sentences(said: str) -> list[str]:
    """Return the lines of the report without the differences."""
    return [line for line in said.splitlines() if re.match(r'  (left|would fix|  )', line)]


def test_sentences_fit_the_terminal() -> None:
    code, said = on_a_terminal(Path.cwd(), *ASKED, COLUMNS='80')
    assert code == 1
    lines = list_sentences(re.sub(r'\x1b\[[\d;]*m', '', said))
    assert len(lines) > 20
    assert [line for line in lines if len(line) > 80 and ' ' in line[9:].strip()] == []


def test_a_pipe_has_a_sentence_on_a_line_in_order(process: Run) -> None:
    said = process(*ASKED).stdout
    lines = list_sentences(said)
    told = [line for line in lines if not line.startswith('   ')]
    assert len(told) > 10
    assert all(re.match(r'  (left   |would fix  )line \d+: ', line) for line in told)
    inventory = said.partition('keys.yaml\n')[2].partition('\n---')[0]
    places = [int(number) for number in re.findall(r'left   line (\d+):', inventory)]
    assert len(places) > 3
    assert places == sorted(places)
