"""Comments that accept a finding: which lines and rules they cover, and what is said of them."""

from __future__ import annotations

import pytest

from keylint.core.model import NO_RANGE, Finding, FindingPart, SourceRange, Suppression
from keylint.core.spans import Lines
from keylint.findings.suppressions import (
    apply_suppressions,
    complain_about_suppressions,
    find_suppressions,
)


def found(text: str, path: str = 'a.py') -> list[Suppression]:
    data = text.encode()
    return find_suppressions(data, Lines(data).starts, path)


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
        pytest.param('a = 1  # gitleaks:allow\n', 1, 'x', None, id='another scanner, an issuer'),
        pytest.param(
            'a = 1  # gitleaks:allow\n',
            1,
            'generic-password',
            'gitleaks:allow',
            id='another scanner',
        ),
    ],
)
def test_what_a_comment_covers(text: str, line: int, rule: str, want: str | None) -> None:
    shown, used = apply_suppressions(finding(line, rule=rule), found(text))
    assert (shown.state, shown.reason) == (('open', None) if want is None else ('suppressed', want))
    assert bool(used) is (want is not None)


def test_complaints_about_comments() -> None:
    comments = found(
        '# keylint: ignore\n\n# keylint: ignore[key-unused] later\n\n# gitleaks:allow\n'
    )
    unused = complain_about_suppressions('a.py', comments, ())
    assert [(one.line, 'covers no finding' in one.message) for one in unused] == [(1, True)]
    used = complain_about_suppressions('a.py', comments, comments)
    assert [(one.line, 'gives no reason' in one.message) for one in used] == [(1, True)]


ALLOW = 'gitleaks' + ':allow'
NOQA = 'noqa' + ': S105'
OWN = 'keylint: ' + 'ignore why'


@pytest.mark.parametrize(
    ('path', 'line'),
    [
        ('a.py', f"a = '1'  # {ALLOW}"),
        ('a.py', f"a = 'it''s'  # {NOQA}, E501"),
        ('a.py', "a = '1'  # nosec"),
        ('a.py', "a = '1'  # nosec B105"),
        ('a.yaml', f"a: don't  # {ALLOW}"),
        ('a.env', f'A=1 # {ALLOW}'),
        ('a.ini', f'a = 1 ; {ALLOW}'),
        ('a.js', f"const a = '1'; // {ALLOW}"),
        ('a.ts', f"const a = '1'; /* {ALLOW} */"),
        ('a.html', f'<i>1</i> <!-- {ALLOW} -->'),
        ('a.sql', f"SELECT '1'; -- {ALLOW}"),
        ('a.ipynb', f'    "a = \'1\'  # {ALLOW}\\n",'),
        ('a.txt', f'a 1 # {ALLOW}'),
    ],
)
def test_words_of_others_count_in_comments(path: str, line: str) -> None:
    shown, _ = apply_suppressions(finding(1, rule='generic-password'), found(line + '\n', path))
    assert shown.state == 'suppressed'


@pytest.mark.parametrize(
    ('path', 'line'),
    [
        ('a.py', f"a = '1 # {ALLOW}'"),
        ('a.py', f"a = '{NOQA}'"),
        ('a.py', f'a = """x\n# {ALLOW}\n"""'),
        ('a.py', f"a = '1'  // {ALLOW}"),
        ('a.py', f'a = "https://h.example/?{ALLOW}"'),
        ('a.py', "a = '1'  # nosec B301"),
        ('a.json', f'{{"a": "1", "b": "# {ALLOW}"}}'),
        ('a.json', f'{{"a": "1", "b": "{NOQA}"}}'),
        ('a.json', f'{{"a": "1", "b": "// {OWN}"}}'),
        ('a.env', f'A=https://h.example/?x#{ALLOW}'),
        ('a.env', f'A=https://h.example/{ALLOW}'),
        ('a.yaml', f"a: 'x # {ALLOW}'"),
        ('a.js', f"const a = '1'; # {ALLOW}"),
        ('a.js', f'const a = `x // {ALLOW}`'),
        ('a.html', f'<i>{ALLOW}</i>'),
        ('a.txt', f'url https://h.example/?{ALLOW}'),
        ('a.ipynb', f'    "a = \'# {ALLOW}\'\\n",'),
        ('a.ipynb', f'{{"cells": [{{"source": ["a = 1 # {ALLOW}"]}}]}}'),
    ],
)
def test_words_in_strings_urls_and_values_accept_nothing(path: str, line: str) -> None:
    data = line + '\n'
    for number in range(1, data.count('\n') + 1):
        marked, _ = apply_suppressions(finding(number, rule='generic-password'), found(data, path))
        assert marked.state == 'open'


def test_a_mark_accepts_the_part_on_its_line() -> None:
    """A pair on two lines: the key's mark leaves the secret open, the secret's accepts both."""
    pair = finding(1, 2)
    pair = pair._replace(parts=(pair.parts[0]._replace(role='api-key'), pair.parts[1]))
    for text, state in (
        (f'a = 1  # {OWN}\nb = 2\n', 'open'),
        (f'a = 1\nb = 2  # {OWN}\n', 'suppressed'),
    ):
        marks = found(text)
        shown, used = apply_suppressions(pair, marks)
        assert shown.state == state, text
        if state == 'suppressed' or 'a = 1  #' in text:
            assert complain_about_suppressions('a.py', marks, used) == []


def test_a_mark_above_a_credential_accepts_all_of_it() -> None:
    pair = finding(2, 3)
    shown, _ = apply_suppressions(pair, found(f'# {OWN}\na = 1\nb = 2\n'))
    assert shown.state == 'suppressed'


@pytest.mark.parametrize(('column', 'state'), [(100, 'open'), (900, 'suppressed')])
def test_on_a_long_line_a_mark_reaches_what_is_near(column: int, state: str) -> None:
    text = f'a = {"b + " * 240}c  # {OWN}\n'
    part = FindingPart('secret', SourceRange(1, column, 1, column + 40), '…')
    shown, _ = apply_suppressions(finding(1)._replace(parts=(part,)), found(text))
    assert shown.state == state
