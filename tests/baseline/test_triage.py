"""Triage in a terminal and from a pipe."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keylint.commands.review import read_day
from tests.baseline.common import EMPTY, LEAK, NAME, PASSWORD, TOKEN, entries, three, verdicts
from tests.conftest import Run


class Terminal:
    """`keylint baseline audit` behind a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._handle, other = pty.openpty()
        self._process = subprocess.Popen(
            [
                sys.executable,
                '-m',
                'keylint',
                'baseline',
                'audit',
                '--by',
                'tester',
                '--today',
                '2026-01-01',
                '--no-progress',
                *arguments,
            ],
            cwd=folder,
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
        )
        os.close(other)
        self.seen, self._place = '', 0

    def until(self, text: str) -> str:
        """Return what is shown after the last such text up to this one, which must come."""
        limit = time.monotonic() + 60
        while text not in self.seen[self._place :]:
            assert time.monotonic() < limit, self.seen
            if select.select([self._handle], [], [], 1)[0]:
                try:
                    self.seen += os.read(self._handle, 4096).decode()
                except OSError:
                    break
        start, self._place = self._place, self.seen.index(text, self._place) + len(text)
        return self.seen[start : self._place]

    def press(self, keys: str) -> None:
        os.write(self._handle, keys.encode())

    def end(self) -> int:
        code = self._process.wait(60)
        os.close(self._handle)
        return code


def test_triage_one_by_one_with_undo_and_resume(keylint: Run, tmp_path: Path) -> None:
    three(tmp_path)
    keylint('baseline', 'update')
    terminal = Terminal(tmp_path)
    first = terminal.until('[?] > ')
    assert 'a.env:1:17 critical' in first
    assert 'a.env:1' in first
    assert 'BINANCE_API_KEY=…' in first
    terminal.press('r')
    terminal.until('reason')
    terminal.press('revoked in May\n')
    terminal.until('[2/3]')
    assert verdicts(tmp_path)['a.env'] == ('rotated', 'revoked in May', ''), (
        'written before the next question'
    )
    terminal.until('[?] > ')
    terminal.press('u')
    terminal.until('[1/3]')
    assert verdicts(tmp_path)['a.env'] == ('unreviewed', '', '')
    terminal.until('[?] > ')
    terminal.press('a')
    terminal.until('reason')
    terminal.press('\n')
    terminal.until('until')
    terminal.press('soon\n')
    terminal.until("'soon' is not a date")
    terminal.press('3m\n')
    terminal.until('[2/3]')
    terminal.until('[?] > ')
    terminal.press('\x1b[A')  # an arrow is no answer
    terminal.until('false positive:')
    terminal.until('[?] > ')
    terminal.press('s')
    terminal.until('[3/3]')
    terminal.until('[?] > ')
    terminal.press('b')
    terminal.until('[2/3]')
    terminal.until('[?] > ')
    terminal.press('q')
    terminal.until('1 reviewed now, 2 left')
    assert terminal.end() == 0
    assert verdicts(tmp_path)['a.env'] == ('accepted', '', '2026-04-01')
    assert {entry.get('by') for entry in entries(tmp_path)} == {'tester', None}

    again = Terminal(tmp_path)
    assert 'a.env' not in again.until('[1/2]')
    for number in ('1', '2'):
        again.until('[?] > ')
        again.press('f')
        again.until('reason')
        again.press(f'no {number}\n')
    again.until('2 reviewed now, none left')
    assert again.end() == 0
    assert {verdict for verdict, _, _ in verdicts(tmp_path).values()} == {
        'accepted',
        'false-positive',
    }
    for shown in (terminal.seen, again.seen):
        assert not any(
            secret in shown
            for secret in (PASSWORD, TOKEN, *(line.split('=')[1] for line in LEAK.split()))
        )


def test_interrupting_triage_keeps_what_was_decided_and_the_terminal(
    keylint: Run, tmp_path: Path
) -> None:
    three(tmp_path)
    keylint('baseline', 'update')
    terminal = Terminal(tmp_path)
    terminal.until('[?] > ')
    terminal.press('f')
    terminal.until('reason')
    terminal.press('one\n')
    terminal.until('[2/3]')
    terminal.until('[?] > ')
    os.killpg(terminal._process.pid, 2)
    terminal.until('interrupted')
    assert terminal.end() == 130
    assert [verdict for verdict, _, _ in verdicts(tmp_path).values()].count('false-positive') == 1


def test_hostile_names_cannot_steer_the_terminal(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a\x1b[2J\n.env').write_text(LEAK)
    keylint('baseline', 'create')
    terminal = Terminal(tmp_path)
    terminal.until('[?] > ')
    terminal.press('q')
    terminal.until('left')
    assert terminal.end() == 0
    assert '\x1b' not in terminal.seen
    assert '\x1b' not in keylint('baseline', 'show').stdout


def test_triage_reads_lines_from_a_pipe_and_ends_with_them(keylint: Run, tmp_path: Path) -> None:
    three(tmp_path)
    keylint('baseline', 'update')
    done = keylint('baseline', 'audit', '--today', '2026-01-01', stdin=b'accept\nlater\n30d\nf\n\n')
    assert done.returncode == 0
    assert '2 reviewed now, 1 left' in done.stdout
    assert verdicts(tmp_path)['a.env'] == ('accepted', 'later', '2026-01-31')
    assert 'nothing to review' not in done.stdout
    everything = keylint(
        'baseline', 'audit', '--all', '--today', '2026-01-01', stdin=b'u\ns\ns\ns\n'
    )
    assert 'nothing to undo' in everything.stdout
    assert 'was: accepted, until 2026-01-31 later' in everything.stdout
    assert '0 reviewed now, 1 left' in everything.stdout


def test_findings_that_are_not_in_the_baseline_are_told(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(EMPTY)
    (tmp_path / 'a.env').write_text(LEAK)
    done = keylint('baseline', 'audit')
    assert '1 finding not in the baseline yet' in done.stdout
    assert 'nothing to review' in done.stdout


@pytest.mark.parametrize(
    ('text', 'day'),
    [
        ('', ''),
        ('2026-02-28', '2026-02-28'),
        ('1y', '2027-01-01'),
        ('2 w', '2026-01-15'),
        ('2026-02-30', None),
        ('tomorrow', None),
        ('9999y', None),
    ],
)
def test_days(text: str, day: str | None) -> None:
    assert read_day(text, '2026-01-01') == day
