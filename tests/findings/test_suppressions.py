"""Comments that accept a finding: which lines and rules they cover, and what is said of them."""

from __future__ import annotations

import pytest

from keylint.core.model import NO_RANGE, Finding, FindingPart, SourceRange, Suppression
from keylint.core.spans import Lines
from keylint.findings.suppressions import (
    apply_suppressions,
    complain_about_suppressions,
    find_suppressions,
    lines_of,
)


def found(text: str) -> list[Suppression]:
    data = text.encode()
    return find_suppressions(data, Lines(data).starts)


def finding(*lines: int, rule: str = 'generic-credential') -> Finding:
    parts = tuple(FindingPart('secret', SourceRange(line, 1, line, 9), '…') for line in lines)
    place = SourceRange(lines[0], 1, lines[-1], 9) if lines else NO_RANGE
    return Finding(
        'a.py', place, rule, 'high', 'high', None, (), 't', 'm', (), parts, '0' * 32, 'https://'
    )


@pytest.mark.parametrize(
    ('text', 'line', 'rule', 'want'),
    [
        pytest.param('a\nb\n', 1, 'x', None, id='none'),
        pytest.param('a = 1  # keylint: ignore why\n', 2, 'x', None, id='another line'),
        pytest.param('a = 1  # keylint: ignore[y] why\n', 1, 'x', None, id='another rule'),
        pytest.param('a = 1  # keylint: ignore why\n', 1, 'x', 'why', id='same line'),
        pytest.param('# keylint: ignore why\na = 1\n', 2, 'x', 'why', id='line above'),
        pytest.param('a = 1  # keylint: ignore[y, x] why\n', 1, 'x', 'why', id='one of two rules'),
        pytest.param('a = 1  # gitleaks:allow\n', 1, 'x', 'gitleaks:allow', id='another scanner'),
    ],
)
def test_what_a_comment_covers(text: str, line: int, rule: str, want: str | None) -> None:
    shown, used = apply_suppressions(finding(line, rule=rule), {line}, found(text))
    assert (shown.state, shown.reason) == (('open', None) if want is None else ('suppressed', want))
    assert (used is None) is (want is None)


def test_any_line_of_a_part_may_have_the_comment() -> None:
    assert lines_of(finding(3, 7)) == {3, 7}


def test_complaints_about_comments() -> None:
    comments = found(
        '# keylint: ignore\n\n# keylint: ignore[key-unused] later\n\n# gitleaks:allow\n'
    )
    unused = complain_about_suppressions('a.py', comments, ())
    assert [(one.line, 'covers no finding' in one.message) for one in unused] == [(1, True)]
    used = complain_about_suppressions('a.py', comments, comments)
    assert [(one.line, 'gives no reason' in one.message) for one in used] == [(1, True)]
