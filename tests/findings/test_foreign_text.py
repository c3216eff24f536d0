"""Texts of others in reports: values are masked, whoever said them and wherever they stand."""

from __future__ import annotations

import pytest

from keylint.core.excerpt import ExcerptLine
from keylint.core.model import (
    NO_RANGE,
    DeclarationSummary,
    Finding,
    FindingPart,
    Lifetime,
    RelatedLocation,
)
from keylint.core.report import Failure, Report, ScanWarning
from keylint.core.value_traces import trace_value
from keylint.findings.foreign_text import (
    collect_traces,
    make_mask,
    mask_values,
    quote_message,
    quote_text,
    redact_report,
)
from keylint.rules.recipes import expand_recipes

VALUE = 'summer-rain-9'  # of a person: nothing but its trace tells that it is one
RANDOM = expand_recipes('{alnum:32}', 'foreign')
TRACE = trace_value(VALUE.encode())


def find() -> Finding:
    """Make a finding that names the value in each text that others wrote."""
    parts = (
        FindingPart('api-key', NO_RANGE, '…'),
        FindingPart('secret', NO_RANGE, '…', trace=TRACE),
    )
    text = f'a {VALUE} b'
    return Finding(
        *(text, NO_RANGE, 'okx-credential', 'high', 'high', 'okx', (), text, text, (text,)),
        *(parts, '0' * 32, '', (ExcerptLine('3', text, 2),)),
        container=text,
        reason=text,
        declaration=DeclarationSummary('okx', text, None, (text,), 'config'),
        related=(RelatedLocation(text, NO_RANGE, text),),
        life=Lifetime(None, None, 0, (text,), (text,), (text,), False, False, False),
    )


def test_traces_of_findings() -> None:
    found = find()
    assert collect_traces([found, found._replace(parts=found.parts[:1])]) == {TRACE}
    assert collect_traces([]) == frozenset()


def test_every_text_of_a_report_is_masked() -> None:
    report = Report()
    report.findings = [find()]
    report.failures = [Failure(f'x/{VALUE}', 'read', f'no {VALUE}')]
    report.warnings = [ScanWarning(f'x/{VALUE}', 1, f'no {VALUE}')]
    report.paths = [f'x/{VALUE}']
    shown = redact_report(report)
    shown_texts, texts = ([tuple(one) for one in by.findings] for by in (shown, report))
    assert VALUE not in repr((shown_texts, shown.failures, shown.warnings, shown.paths))
    assert repr(shown_texts).count('a … b') == repr(texts).count(f'a {VALUE} b') == 14
    assert (shown.failures, shown.paths) == ([Failure('x/…', 'read', 'no …')], ['x/…'])
    assert VALUE in repr(report.findings)


def test_values_that_are_known_beside_those_of_the_findings() -> None:
    assert TRACE is not None
    report = Report()
    report.warnings = [ScanWarning('a', 1, f'no {VALUE}')]
    assert redact_report(report).warnings[0].message == f'no {VALUE}'
    assert redact_report(report, [TRACE]).warnings[0].message == 'no …'
    assert make_mask([], [TRACE])(VALUE) == '…'
    nothing = Report()
    assert redact_report(nothing, [TRACE]) is nothing


@pytest.mark.parametrize(
    ('text', 'want'),
    [
        ('', ''),
        ('src/bots/my_long_strategy_name.py', None),
        (RANDOM, '…'),
        (f'x/{RANDOM}.py', 'x/….py'),
        (f'binance_{RANDOM}', 'binance_…'),
        (f'sk-proj-{RANDOM}', 'sk-proj-…'),
        (f'{RANDOM[:15]}', None),
        ('0123456789abcdef' * 2, None),
        ('0123456789abcdef' * 4, None),
        (f'{RANDOM}_ab', '…_ab'),
        (f'{RANDOM}_{RANDOM}', '…'),
    ],
)
def test_what_looks_like_a_value(text: str, want: str | None) -> None:
    assert mask_values(text, ()) == (text if want is None else want)


def test_quotes_are_one_short_line() -> None:
    assert quote_text('a\nb\x1b[1m\u202e') == 'a\\nb\\x1b[1m\\u202e'
    assert quote_message(f'a\n{RANDOM}') == 'a\\n…'
    assert quote_text('ab ' * 66 + 'cd') == 'ab ' * 66 + 'cd'
    assert quote_text('ab ' * 66 + 'cde') == 'ab ' * 66 + 'cd…'
    assert len(quote_message('ab ' * 99)) == 297
