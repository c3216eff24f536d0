"""The default text: blocks of at most four lines, advice once for each rule, by the moment."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from io import StringIO
from pathlib import Path

import pytest

from keylint.core.config import Config
from keylint.core.excerpt import ExcerptLine
from keylint.core.model import Finding, FindingPart, SourceRange
from keylint.core.report import Failure, Report
from keylint.reporters.advice import format_advice
from keylint.reporters.blocks import format_block
from keylint.reporters.overview import format_overview
from keylint.reporters.painter import Painter
from keylint.reporters.terminal import count_columns
from keylint.reporters.text_report import write
from tests.conftest import Run
from tests.reporters.bots import SCAN, same_as_golden, steady_text
from tests.reporters.hostile import finding

PLAIN = Painter(is_coloured=False)
LEAKY = Path(__file__).parents[2] / 'examples' / 'leaky-bot'
HEAD = re.compile(r'\S+:\d+:\d+(?: (?:critical|high|medium|low|cell) .*)?')


@pytest.mark.slow
@pytest.mark.parametrize('columns', ['80', '160'])
def test_the_whole_text(keylint: Run, tree: Path, columns: str) -> None:
    done = keylint(*SCAN, COLUMNS=columns)
    assert (done.returncode, done.stderr) == (1, '')
    assert same_as_golden(f'text-{columns}.txt', steady_text(done.stdout))


@pytest.mark.slow
@pytest.mark.parametrize(('columns', 'most'), [('80', 5), ('160', 4)])
def test_lines_for_each_finding(keylint: Run, columns: str, most: float) -> None:
    """Count all lines, those of the advice too; the finding's own are four at most."""
    asked = ('scan', 'bot', '--isolated', '--today', '2026-06-01')
    lines = keylint(*asked, cwd=LEAKY, COLUMNS=columns).stdout.splitlines()
    count = len(keylint(*asked, '--format', 'concise', cwd=LEAKY).stdout.splitlines()) - 1
    blocks = '\n'.join(lines[: lines.index('Revoke first, most urgent on top')]).strip()
    heads = [line for line in blocks.splitlines() if HEAD.fullmatch(line)]
    assert len(heads) == count >= 20
    assert len(lines) / count <= most
    sizes = [len(part.splitlines()) for part in re.split(r'(?m)^(?=bot/)', blocks)[1:]]
    assert max(sizes) <= 4


@pytest.mark.slow
def test_lines_for_each_finding_of_a_small_bot(keylint: Run, tree: Path) -> None:
    lines = keylint(*SCAN, COLUMNS='80').stdout.splitlines()
    count = len(keylint(*SCAN, '--format', 'concise').stdout.splitlines()) - 2
    assert count == 10
    assert len(lines) / count <= 5


@pytest.mark.parametrize('columns', [40, 80, 120, 160])
def test_no_block_is_longer_than_four_lines(columns: int) -> None:
    place = SourceRange(3, 9, 3, 40)
    parts = tuple(FindingPart('secret', place._replace(line=n), 'abcd…(64)') for n in range(1, 9))
    long = finding('a title of many words that goes on', path='bots/' + 'deep/' * 30 + 'a.py')
    shown = long._replace(
        title=long.title * 3,
        parts=parts,
        excerpt=(ExcerptLine('3', 'x' * 150 + "'…'", 151),),
        copies=(long, long),
    )
    lines = format_block(shown, columns, PLAIN)
    assert len(lines) <= 4
    assert lines[0].startswith('bots/' + 'deep/' * 30 + 'a.py:3:2')
    assert all(count_columns(line) <= columns for line in lines[2:])


def test_the_caret_stands_below_the_value() -> None:
    wide = ExcerptLine('12', "机器人 = '…' or '…'", 7)
    shown = finding('x')._replace(excerpt=(wide,), parts=(), message='why', why='')
    _, line, pointer, *_ = format_block(shown, 80, PLAIN)
    assert count_columns(line[: line.index('…')]) == pointer.index('^')


def test_the_only_value_of_a_line_has_its_note_beside_it() -> None:
    shown = finding('x')._replace(excerpt=(ExcerptLine('12', "KEY = '…'", 7),))
    _, line, *rest = format_block(shown, 80, PLAIN)
    assert line.startswith("  12 | KEY = '…'  ← ")
    assert not any('^' in one for one in rest)


@pytest.mark.parametrize(
    ('spare', 'head'),
    [
        (0, ['a.py:3:2 high a title, cell 2, line 2 (rule-id)']),
        (-1, ['a.py:3:2 cell 2, line 2', '  high a title (rule-id)']),
    ],
)
def test_a_head_without_room_has_the_place_alone(spare: int, head: list[str]) -> None:
    shown = finding('a title', path='a.py')._replace(rule='rule-id')
    columns = count_columns('a.py:3:2 high a title, cell 2, line 2 (rule-id)') + spare
    assert format_block(shown, columns, PLAIN)[: len(head)] == head


def test_a_title_is_cut_before_the_line_is_too_long() -> None:
    shown = finding('many words ' * 9, path='a.py')._replace(rule='rule-id')
    _, line, *_ = format_block(shown, 60, PLAIN)
    assert line.startswith('  high many words')
    assert line.endswith('… (rule-id)')
    assert count_columns(line) <= 60


def test_short_advice_has_one_line_for_a_rule() -> None:
    why, page = 'It costs you ' + 'very ' * 9 + 'much. More.', 'https://a.example/keys'
    found = [leak('okx-credential', why, f'Delete the key ({page})', 'Look around')]
    long = format_advice(found, 'paths', 80, PLAIN)
    short = format_advice(found, 'paths', 80, PLAIN, is_short=True)
    assert 'It costs you' in '\n'.join(long)
    assert short[1] == f'  - okx: Delete the key ({page})'
    assert len(short) == 4 < len(long)


def policy(rule: str, why: str, *steps: str) -> Finding:
    return finding('x')._replace(rule=rule, why=why, do=steps, parts=())


def leak(rule: str, why: str, *steps: str) -> Finding:
    return finding('x', path='conf/.env')._replace(rule=rule, why=why, do=steps)


def advise(mode: str, *findings: Finding, columns: int = 80) -> str:
    return '\n'.join(format_advice(list(findings), mode, columns, PLAIN))


def test_one_reason_is_said_once() -> None:
    rules = [leak(f'{name}-credential', 'Bad. Worse.', 'Delete it') for name in ('okx', 'mexc')]
    said = advise('paths', *rules, *rules)
    assert (said.count('Bad.'), said.count('Worse.'), said.count('- okx: Delete it')) == (1, 0, 1)


@pytest.mark.parametrize(
    ('steps', 'want'),
    [
        (('Open the page and delete the key; others stay. (https://a.example/k)',),
         'Open the page and delete the key (https://a.example/k)'),
        (('Choose the account. (https://a.example/k)', 'Press Regenerate there; the old one dies'),
         'Press Regenerate there (https://a.example/k)'),
        (('Revoke first: delete the key at A',), 'Delete the key at A'),
        (('Look at it',), 'Look at it'),
        (('',), ''),
    ],
)  # fmt: skip
def test_the_step_is_one_that_changes_something(steps: tuple[str, ...], want: str) -> None:
    assert f'- a: {want}'.rstrip() in advise('paths', leak('a-credential', '', *steps), columns=160)


def test_an_address_is_never_broken() -> None:
    page = 'https://exchange.example/' + 'settings/' * 8
    said = advise('paths', leak('a', 'Bad.', f'Delete it ({page})'), leak('b', 'Bad.', 'Delete it'))
    assert f' {page}\n' in said


@pytest.mark.parametrize(
    ('mode', 'first', 'says', 'not_said'),
    [
        ('staged', 'Nothing is committed yet', 'SKIP=keylint git commit', 'Revoke first'),
        ('first commit', 'Nothing is committed yet', 'git rm --cached conf/.env', 'git restore'),
        ('pre-push', 'Committed, but not pushed yet', 'SKIP=keylint-push git push', 'Revoke first'),
        ('paths', 'Revoke first, most urgent on top', 'keylint fix --dry-run', 'SKIP='),
        ('history', 'Revoke first, most urgent on top', 'keylint fix --dry-run', 'SKIP='),
    ],
)
def test_the_moment_decides(mode: str, first: str, says: str, not_said: str) -> None:
    said = advise(mode, leak('a-credential', 'Bad.', 'Delete it'))
    assert said.startswith(first)
    assert says in said
    assert not_said not in said


def test_before_a_commit_the_steps_stand_in_their_order() -> None:
    said = advise('staged', leak('a-credential', 'Bad.', 'Delete it'), policy('b', 'Why.', 'Do it'))
    order = ['git restore --staged conf/.env', 'keylint fix', 'ever shared', '- a: ', '- b: Why.']
    assert [said.index(text) for text in order] == sorted(said.index(text) for text in order)


@pytest.mark.slow
def test_the_hook_says_what_fits_before_a_commit(keylint: Run, bot: Path) -> None:
    """The command that it names is one that git takes, before the first commit and later."""
    (bot / 'bot.py').rename(bot / 'my bot.py')
    subprocess.run(['git', 'init', '-q', '.'], cwd=bot, check=True)
    for known in ('git rm --cached', 'git restore --staged'):
        subprocess.run(['git', 'add', '.'], cwd=bot, check=True)
        said = keylint('scan', '--staged', '--isolated').stdout
        assert 'Nothing is committed yet' in said
        command = next(line for line in said.splitlines() if line.startswith('1. Unstage: '))
        command = command.removeprefix('1. Unstage: ')
        assert command == f"{known} conf/.env 'my bot.py' research.ipynb"
        below = keylint('scan', '--staged', '--isolated', cwd=bot / 'conf').stdout
        command_below = f"{known} :/conf/.env ':/my bot.py' :/research.ipynb"
        assert f'1. Unstage: {command_below}\n' in below
        subprocess.run(shlex.split(command_below), cwd=bot / 'conf', check=True)
        subprocess.run(['git', 'add', '.'], cwd=bot, check=True)
        subprocess.run(shlex.split(command), cwd=bot, check=True, capture_output=True)
        assert keylint('scan', '--staged', '--isolated').returncode == 0
        person = ('-c', 'user.name=a', '-c', 'user.email=a@b.example')
        done = ['git', *person, 'commit', '-q', '--allow-empty', '-m', 'First']
        subprocess.run(done, cwd=bot, check=True)


def test_the_overview_counts_by_exchange() -> None:
    found = [
        finding('x', severity='critical')._replace(issuer='kraken'),
        finding('x')._replace(issuer='kraken'),
        finding('x', path='b.py'),
    ]
    assert format_overview(found, 80, PLAIN) == [
        '3 findings in 2 files: critical kraken 2; high no issuer'
    ]
    found = [finding('x')._replace(issuer=name) for name in ('okx', 'kraken')]
    assert format_overview(found, 80, PLAIN) == ['2 findings in 1 file: high okx, kraken']
    many = [finding('x')._replace(issuer=f'exchange-{number}') for number in range(200)]
    lines = format_overview(many, 80, PLAIN)
    assert len(lines) <= 10
    assert lines[-1].endswith('others 176')
    assert all(count_columns(line) <= 80 for line in lines)


@pytest.mark.parametrize(('lines', 'is_summed_up'), [('4', True), ('200', False)])
def test_the_overview_stands_above_what_does_not_fit(
    monkeypatch: pytest.MonkeyPatch, lines: str, is_summed_up: bool
) -> None:
    monkeypatch.setitem(os.environ, 'LINES', lines)
    report = Report()
    report.files, report.findings = 1, [finding('x'), finding('x', 'b.py', 'critical')]
    stream = StringIO()
    write(report, Config(), stream, False)
    said = stream.getvalue()
    assert said.startswith('2 findings in 2 files: critical no issuer 2') == is_summed_up
    assert said.index('b.py:3:2 critical') < said.index('a.py:3:2 high'), 'the worst first'


def test_files_that_fail_alike_are_named_a_few_times() -> None:
    report = Report()
    report.files = 1
    report.failures = [Failure(f'{number}.feather', 'read', 'is not opened') for number in range(9)]
    report.failures += [Failure('lost.env', 'read', 'Permission denied')]
    stream = StringIO()
    write(report, Config(), stream, False)
    lines = stream.getvalue().splitlines()
    assert [line for line in lines if 'feather' in line] == [
        f'not scanned {number}.feather: is not opened' for number in range(4)
    ]
    assert 'not scanned 5 more: is not opened (--format json names all)' in lines
    assert 'not scanned lost.env: Permission denied' in lines
