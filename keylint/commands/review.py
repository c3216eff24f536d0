"""Review findings in the terminal: one at a time, its code without its values, a key to judge.

Every verdict is written at once. No curses: a key is read raw where the terminal allows it; from a
pipe, and on Windows, a line is read and its first letter counts.
"""

from __future__ import annotations

import os
import re
import sys
from datetime import date, timedelta
from io import StringIO

from keylint.baseline.entries import Baseline, Entry
from keylint.baseline.file import write_baseline
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.terms import SEVERITIES
from keylint.reporters.blocks import format_block
from keylint.reporters.painter import Painter
from keylint.reporters.terminal import measure_terminal
from keylint.reporters.text import sanitize_text, wrap_words

if sys.platform != 'win32':
    from keylint.commands.raw_key import read_raw_key

_KEYS = {'f': 'false-positive', 'a': 'accepted', 'r': 'rotated'}
_HELP = """\
  f  false positive: not a secret, or one that never opened anything
  a  accepted: a real secret that stays for now (you can give a last day)
  r  rotated: a secret that no longer works: revoked and replaced
  s  skip    b  back    u  undo the last verdict    q  quit; your verdicts are saved
"""
_PROMPT = '[f]alse positive  [a]ccept  [r]otated  [s]kip  [b]ack  [u]ndo  [q]uit  [?] > '
_LATER = re.compile(r'(\d{1,4})\s*([dwmy])')
_DAYS = {'d': 1, 'w': 7, 'm': 30, 'y': 365}


class Case(NamedTuple):
    """An entry and one finding that it names, if the tree still holds one."""

    entry: Entry
    finding: Finding | None


class Console:
    """Keys and lines from standard input."""

    def __init__(self) -> None:
        # None where it was closed: that is its end.
        self._input = sys.stdin if sys.stdin is not None else StringIO()
        self._is_raw = self._input.isatty() and os.name == 'posix'

    def read_key(self, prompt: str) -> str:
        """Read one key, in small letters; empty at the end of the input."""
        if not self._is_raw:
            self.write(prompt)
            line = self._input.readline()
            return (line.strip()[:1].lower() or '\n') if line else ''
        found = self._read_raw_key(prompt)
        self.write((found if found.isprintable() else '') + '\n')
        return found

    def _read_raw_key(self, prompt: str) -> str:
        """Read one key without waiting for the end of a line."""
        data = read_raw_key(self._input.fileno(), lambda: self.write(prompt))
        return '' if data in (b'', b'\x04') else data.decode('latin-1').lower()

    def read_line(self, prompt: str) -> str:
        """Read a line without its end; empty at the end of the input."""
        self.write(prompt)
        return self._input.readline().strip()

    def write(self, text: str) -> None:
        """Write to the terminal, now."""
        sys.stdout.write(text)
        sys.stdout.flush()


def review_entries(
    baseline: Baseline, cases: list[Case], config: Config, by: str, is_all: bool
) -> Baseline:
    """Ask about every entry that somebody has to decide on, the worst first.

    With `is_all` about the others too.
    """
    today = config.day()
    todo = sorted((case for case in cases if is_all or case.entry.is_open(today)), key=_rank_case)
    if not todo:
        print(f'{os.path.relpath(baseline.path)}: nothing to review')
        return baseline
    return _Session(baseline, todo, by, today).run()


def _rank_case(case: Case) -> tuple[int, str, int, str]:
    finding = case.finding
    if finding is None:
        return len(SEVERITIES), case.entry.path, 0, case.entry.id
    return -SEVERITIES.index(finding.severity), finding.path, finding.place.line, case.entry.id


class _Session:
    """One sitting: where it stands, and what can be undone."""

    def __init__(self, baseline: Baseline, todo: list[Case], by: str, today: str) -> None:
        self.baseline = baseline
        self.todo = todo
        self.by = by
        self.today = today
        self.console = Console()
        self.place = 0
        self.undone: list[tuple[int, Entry]] = []

    def run(self) -> Baseline:
        """Ask until there is nothing left, or no answer."""
        while self.place < len(self.todo):
            self.console.write(self._describe_entry())
            if not self._handle_key():
                break
        left = sum(entry.is_open(self.today) for entry in self.baseline.entries.values())
        self.console.write(
            f'\n{len(self.undone)} reviewed now, {left} left; '
            '`keylint baseline audit` continues from here\n'
            if left
            else f'\n{len(self.undone)} reviewed now, none left\n'
        )
        return self.baseline

    def _current_entry(self) -> Entry:
        return self.baseline.entries[self.todo[self.place].entry.id]

    def _describe_entry(self) -> str:
        """Describe the finding without its values and without control characters of the tree."""
        entry, finding = self._current_entry(), self.todo[self.place].finding
        columns = measure_terminal(sys.stdout).columns
        lines = [f'\n[{self.place + 1}/{len(self.todo)}]']
        if finding is None:
            where = 'only in the history' if entry.history else 'not found in this tree'
            lines.append(f'{sanitize_text(entry.path)} ({sanitize_text(entry.rule)}), {where}')
        else:
            lines += format_block(finding, columns, Painter(is_coloured=False))
            if finding.why:
                why = wrap_words(sanitize_text(finding.why), columns, '  ', 2)
                lines += [line.rstrip('\n') for line in why]
        if entry.verdict != 'unreviewed':
            until = f', until {entry.until}' if entry.until else ''
            lines.append(f'  was: {entry.verdict}{until} {sanitize_text(entry.reason)}'.rstrip())
        return '\n'.join(lines) + '\n'

    def _handle_key(self) -> bool:
        """Do what one key says; False to leave."""
        while True:
            key = self.console.read_key(_PROMPT)
            if key in _KEYS:
                self._judge_entry(_KEYS[key])
            elif key in ('s', '\n', ' '):
                self.place += 1
            elif key == 'b':
                self.place = max(0, self.place - 1)
            elif key == 'u':
                if not self._undo_verdict():
                    continue
            elif key in ('q', ''):
                return False
            else:
                self.console.write(_HELP)
                continue
            return True

    def _judge_entry(self, verdict: str) -> None:
        reason = self.console.read_line('  reason (Enter for none): ')
        until = self._ask_last_day() if verdict == 'accepted' else ''
        old = self._current_entry()
        self.undone.append((self.place, old))
        self._set_entry(old._replace(verdict=verdict, reason=reason, by=self.by, until=until))
        self.place += 1

    def _ask_last_day(self) -> str:
        """Ask for the last day of an acceptance until the answer is a day."""
        while True:
            text = self.console.read_line(
                '  until (YYYY-MM-DD, or 30d, 8w, 3m, 1y; Enter for no end): '
            )
            day = read_day(text, self.today)
            if day is not None:
                return day
            self.console.write(f"  '{sanitize_text(text)}' is not a date\n")

    def _undo_verdict(self) -> bool:
        if not self.undone:
            self.console.write('  nothing to undo\n')
            return False
        self.place, entry = self.undone.pop()
        self._set_entry(entry)
        return True

    def _set_entry(self, entry: Entry) -> None:
        """Write the verdict to the file before the next question is asked."""
        self.baseline = self.baseline._replace(entries={**self.baseline.entries, entry.id: entry})
        write_baseline(self.baseline)


def read_day(text: str, today: str) -> str | None:
    """Read a day, or a time after today; empty for no end, None for what is neither."""
    if not text:
        return ''
    later = _LATER.fullmatch(text.lower())
    try:
        if later:
            return (
                date.fromisoformat(today) + timedelta(days=int(later[1]) * _DAYS[later[2]])
            ).isoformat()
        return date.fromisoformat(text).isoformat()
    except (ValueError, OverflowError):
        return None
