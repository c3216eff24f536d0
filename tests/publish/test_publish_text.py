"""The verdict on a terminal: short blocks, as wide as it is, in which no sentence is cut off."""

from __future__ import annotations

import re
from io import StringIO

import pytest

from keylint.core.model import CommitRef, Lifetime
from keylint.core.report import Report
from keylint.publish.assess import Leak, LocationContext, Verdict
from keylint.publish.plan import PlanAction, PlanStep, PublishReport
from keylint.reporters.publish_text import write
from keylint.reporters.terminal import count_columns
from tests.reporters.hostile import finding


def make_leak(path: str, first: str, last: str, *reasons: str, removed: str = '') -> Leak:
    start, end = (CommitRef('0' * 40, day, day) for day in (first, last))
    life = Lifetime(start, end, 3, (path,), ('HEAD',), (), not removed, True, False)
    found = finding('a title of some words', path=path, severity='critical')
    return Leak(
        found._replace(life=life, commit='1' * 40),
        Verdict('rotate', reasons),
        LocationContext(),
        removed=removed,
    )


def shown(
    columns: int, monkeypatch: pytest.MonkeyPatch, *leaks: Leak, span: tuple[str, str]
) -> str:
    monkeypatch.setenv('COLUMNS', str(columns))
    report = Report('object')
    report.files = 3
    action = PlanAction('OKX: 1 credential', 'https://www.okx.com/account/my-api', ('Delete it',))
    steps = (PlanStep('Revoke and replace', 'First.', (action,)),)
    answer = PublishReport('grid', leaks, (), steps, report, span)
    stream = StringIO()
    write(answer, stream, False)
    return stream.getvalue()


SPAN = ('2021-01-01T00:00:00+00:00', '2023-01-01T00:00:00+00:00')
YOUNG = ('2026-03-01T00:00:00+00:00', '2026-11-01T00:00:00+00:00')


@pytest.mark.parametrize(('columns', 'most'), [(60, 5), (80, 5), (160, 4)])
def test_few_lines_for_each_leak(columns: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    leaks = [
        make_leak(f'{"deep/" * 9}{name}.env', SPAN[0], SPAN[1], 'one reason', f'another {name}')
        for name in 'abc'
    ]
    said = shown(columns, monkeypatch, *leaks, span=SPAN)
    inside = said.partition('ROTATE BEFORE PUBLISHING\n')[2].partition('\n\n')[0]
    blocks = re.split(r'(?m)^(?=deep/)', inside)
    assert blocks[0] == 'One reason.\n', 'what holds for all of them is said once'
    assert [len(block.splitlines()) <= most for block in blocks[1:]] == [True] * 3
    for name, block in zip('abc', blocks[1:], strict=True):
        words = ' '.join(block.split())
        assert 'introduced 2021-01-01, still there, 3 commits' in words
        assert words.endswith(f'another {name}; in HEAD'), 'no sentence is cut off'
    assert all(count_columns(line) <= columns for line in said.splitlines())


@pytest.mark.parametrize(('span', 'want'), [(SPAN, '2021 ●━'), (YOUNG, '2026-03 ●━')])
def test_the_life_is_drawn_in_years_or_months(
    monkeypatch: pytest.MonkeyPatch, span: tuple[str, str], want: str
) -> None:
    said = shown(120, monkeypatch, make_leak('a.env', *span, 'reason'), span=span)
    assert want in said
    assert '▶' in said
    assert said.startswith('No: do not publish this yet (repository grid)\n')


def test_the_page_stands_whole_on_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in (40, 80):
        said = shown(columns, monkeypatch, make_leak('a.env', *SPAN, 'reason'), span=SPAN)
        assert 'https://www.okx.com/account/my-api\n' in said
