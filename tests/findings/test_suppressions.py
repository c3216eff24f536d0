"""Comments that accept a finding: which lines and rules they cover, and what is said of them."""

from __future__ import annotations

import pytest

from keylint.core.model import NO_RANGE, Finding, FindingPart, SourceRange, Suppression
from keylint.core.spans import Lines
from keylint.findings.suppressions import (
    apply_suppressions,
    complain_about_partial,
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
    unused = complain_about_suppressions('a.py', comments, (), ())
    assert [(one.line, 'covers no finding' in one.message) for one in unused] == [(1, True)]
    used = complain_about_suppressions('a.py', comments, comments, ())
    assert [(one.line, 'gives no reason' in one.message) for one in used] == [(1, True)]


@pytest.mark.parametrize(
    ('mark', 'is_accepted', 'said'),
    [
        ('Keylint: Ignore[generic-credential] why', True, ''),
        ('KEYLINT: IGNORE why', True, ''),
        ('keylint: a linter that may ignore', False, ''),
        ('keylint: ignore[okx-credential] why', False, 'covers no finding; remove it'),
        (
            'keylint: ignore[generic-] why',
            False,
            'unknown rule; did you mean generic-credential or generic-password?',
        ),
        ('keylint: ignore[okx-credentail] why', False, "did you mean 'okx-credential'?"),
        ('keylint: ignore[nothing-like-it] why', False, 'names an unknown rule'),
        ('keylint: disable', False, 'has no such mark: write `keylint: ignore[rule] reason`'),
        ('keylint: ignore-next-line why', False, 'has no such mark'),
        ('keylint: disable=generic-credential', False, 'has no such mark'),
        ('keylint: ignored-by-us', False, 'has no such mark'),
    ],
)
def test_what_is_no_mark_is_told_from_one(mark: str, is_accepted: bool, said: str) -> None:
    """Beside the value, and above it; what others wrote in the brackets is not repeated."""
    known = ('generic-credential', 'generic-password', 'okx-credential')
    for text, line in ((f'a = 1  # {mark}\n', 1), (f'# {mark}\na = 1\n', 2)):
        marks = found(text)
        shown, used = apply_suppressions(finding(line), marks)
        assert (shown.state == 'suppressed') is is_accepted
        messages = [one.message for one in complain_about_suppressions('a.py', marks, used, known)]
        assert said in ''.join(messages)
        assert bool(messages) is bool(said)
        assert 'nothing-like-it' not in ''.join(messages)


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
            assert complain_about_suppressions('a.py', marks, used, ()) == []


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


@pytest.mark.parametrize(
    ('path', 'text', 'lines'),
    [
        pytest.param('a.py', 'a = 1\n', [], id='none'),
        pytest.param('a.py', f'a = 1\nb = 2  # {OWN}\n\nc = 3  # {OWN}\n', [2, 4], id='two'),
        pytest.param('a.py', f'# {OWN.upper()}\n', [1], id='ours in capitals'),
        pytest.param('a.py', f'# {ALLOW.upper()}\n', [1], id='others in any'),
        pytest.param('a.py', f'# {OWN} # {OWN}\n', [1], id='one a line'),
        pytest.param('a.xyz', f'// {OWN}\n', [1], id='alone, of any form'),
        pytest.param('a.css', f'// {OWN}\n', [1], id='alone, a sign of other languages'),
        pytest.param('a.css', f'a // {OWN}\n', [], id='a sign of other languages'),
        pytest.param('a.py', f'"""\n# {OWN}\n"""\n', [], id='alone in a string'),
        pytest.param('a.py', f'a = 1  # {OWN}{" x" * 5000}\n', [], id='too long'),
        pytest.param('a.py', f'a = 1  # {OWN}{" x" * 4900}\n', [1], id='long'),
        pytest.param('a.py', f'{"x = 1" * (1 << 18)}\nb = 2  # {OWN}\n', [2], id='far'),
        pytest.param('a.py', f'{"x" * ((1 << 20) - 7)}  # {OWN}\n', [], id='over two pieces'),
        pytest.param('a.py', f'{"x" * ((1 << 20) - 13)}\nb = # {OWN}\n', [2], id='cut by a piece'),
    ],
)
def test_where_marks_are_found(path: str, text: str, lines: list[int]) -> None:
    assert [one.line for one in found(text, path)] == lines


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        pytest.param(f'# {OWN}', Suppression(1, (1, 2), (), 'why', True, None, True), id='bare'),
        pytest.param(f'a  # {OWN}', Suppression(1, (1,), (), 'why', True), id='beside'),
        pytest.param(
            f'# {ALLOW.replace("gitleaks:allow", "pragma: allowlist nextline secret")}',
            Suppression(1, (2,), (), 'pragma: allowlist nextline secret', False),
            id='of the next line',
        ),
        pytest.param(f'a  # {ALLOW}', Suppression(1, (1,), (), ALLOW, False), id='of others'),
        pytest.param(
            'a  # keylint: ' + 'ignore[b, c ,] - because -->',
            Suppression(1, (1,), ('b', 'c'), 'because', True),
            id='rules and reason',
        ),
        pytest.param(
            f'{"é" * 200}{"x" * 100} # {OWN}',
            Suppression(1, (1,), (), 'why', True, (2, 602)),
            id='reach',
        ),
        pytest.param(
            f'{"x" * 270} # {OWN}{"y" * 30}',
            Suppression(1, (1,), (), f'why{"y" * 30}', True, (1, 572)),
            id='reach from the start',
        ),
        pytest.param(
            f'{"x" * 300} # {ALLOW}',
            Suppression(1, (1,), (), ALLOW, False, (4, 604)),
            id='reach of others',
        ),
        pytest.param(
            f'{"x" * (300 - len(OWN) - 3)} # {OWN}',
            Suppression(1, (1,), (), 'why', True),
            id='300 characters',
        ),
    ],
)
def test_what_a_mark_says(text: str, want: Suppression) -> None:
    assert found(text, 'a.py') == [want]


def place_part(line: int, column: int, end_line: int, end_column: int) -> Finding:
    place = SourceRange(line, column, end_line, end_column)
    part = FindingPart('secret', place, '…')
    return finding(line)._replace(parts=(part,), place=place)


@pytest.mark.parametrize(
    ('place', 'is_accepted'),
    [
        pytest.param((1, 100, 1, 139), False, id='before'),
        pytest.param((1, 100, 1, 140), True, id='up to it'),
        pytest.param((1, 740, 1, 750), True, id='from its end'),
        pytest.param((1, 741, 1, 750), False, id='behind'),
        pytest.param((1, 741, 2, 5), False, id='begins behind, ends on the next line'),
        pytest.param((1, 300, 2, 5), True, id='begins within'),
        pytest.param((2, 1, 2, 5), False, id='another line'),
    ],
)
def test_a_mark_on_a_long_line_reaches_its_neighbours(
    place: tuple[int, int, int, int], is_accepted: bool
) -> None:
    mark = Suppression(1, (1,), (), 'why', True, (140, 740))
    shown, _ = apply_suppressions(place_part(*place), [mark])
    assert (shown.state == 'suppressed') is is_accepted


def test_a_part_that_ends_on_the_line_of_a_mark() -> None:
    mark = Suppression(2, (2,), (), 'why', True, (140, 740))
    for end, state in ((139, 'open'), (140, 'suppressed')):
        assert apply_suppressions(place_part(1, 900, 2, end), [mark])[0].state == state


def test_of_two_marks_the_first_gives_the_reason() -> None:
    marks = [Suppression(1, (1,), (), reason, True) for reason in ('one', 'two')]
    shown, used = apply_suppressions(finding(1), marks)
    assert (shown.reason, used) == ('one', tuple(marks))


def test_a_finding_without_parts_is_accepted_at_its_ends() -> None:
    whole = finding(3)._replace(parts=(), place=SourceRange(3, 1, 5, 2))
    for line, state in ((2, 'open'), (3, 'suppressed'), (4, 'open'), (5, 'suppressed')):
        mark = Suppression(line, (line,), (), 'why', True)
        assert apply_suppressions(whole, [mark])[0].state == state


def test_who_is_told_that_a_part_is_accepted() -> None:
    pair = finding(1, 2)
    pair = pair._replace(parts=(pair.parts[0]._replace(role='api-key'), pair.parts[1]))
    own = Suppression(1, (1,), (), 'why', True)
    (warned,) = complain_about_partial(pair, [own._replace(is_own=False), own])
    assert (warned.path, warned.line) == ('a.py', 1)
    assert 'put it on line 2, beside the secret' in warned.message
    assert list(complain_about_partial(pair._replace(state='suppressed'), [own])) == []
    assert list(complain_about_partial(pair._replace(parts=()), [own])) == []
    unnamed = pair._replace(parts=(pair.parts[0],))
    assert 'line 1, beside the API key' in next(complain_about_partial(unnamed, [own])).message


def test_marks_for_rules_of_the_whole_tree_are_never_unused() -> None:
    mark = Suppression(1, (1,), (), 'why', True)
    for rules, count in (
        (('key-unused',), 0),
        (('key-unused', 'keys-drift'), 0),
        (('key-unused', 'okx-credential'), 1),
        ((), 1),
    ):
        told = complain_about_suppressions(
            'a.py', [mark._replace(rules=rules)], (), ('okx-credential',)
        )
        assert len(told) == count
