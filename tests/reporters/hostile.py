"""Findings and reports that hold hostile text."""

from __future__ import annotations

from hypothesis import strategies as st

from keylint.core.excerpt import ExcerptLine
from keylint.core.model import Cell, Finding, FindingPart, RelatedLocation, SourceRange
from keylint.core.report import Failure, Report, ScanWarning
from keylint.core.terms import FindingState, Severity

HOSTILE = (
    # agents that read logs
    '\n::error::owned',
    '\r::set-output name=x::y',
    '::add-mask::x',
    ' ::stop-commands::x',
    '##vso[task.setvariable variable=x]y',
    '##[error]x',
    '##teamcity[x]',
    '%0A',
    '%',
    ',',
    ':',
    ',line=1',
    '::',
    # terminals and Unicode
    '\x1b[2J',
    '\x1b]8;;http://x\x07',
    '\x07',
    '\x00',
    '\x08',
    '\x7f',
    '\x85',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\ufffe',
    '\uffff',
    '\udcff',
    '\U0010ffff',
    '\x1b\\',
    '\r\n',
    'é',
    '中',
    '🔑',
    # XML and HTML
    ']]>',
    '<![CDATA[',
    '<script>alert(1)</script>',
    '</script>',
    '<img src=x onerror=y>',
    '<!--',
    '-->',
    '&',
    '&#x3c;',
    '"',
    "'",
    '" onload="x',
    # Markdown
    '|',
    '\\|',
    '\\',
    '`',
    '```',
    '| a | b |\n|---|---|',
    '[x](javascript:y)',
    '![x](http://y)',
    '[x]: y',
    '@someone',
    'www.example.org',
    'http://example.org',
    '$x$',
    '*x*',
    '_x_',
    '~~x~~',
    '# x',
    '- x',
    '1. x',
    # spreadsheets, templates, nothing
    '=cmd|x',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '＝1',
    '{0}',
    '{{',
    '}',
    '; drop',
    '',
)


TEXT = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), max_size=4).map(''.join)


PATHS = TEXT.filter(lambda text: text.strip('\x00') != '').map(
    lambda text: text.replace('\x00', '')
)


def finding(
    text: str = 'x',
    path: str = 'a.py',
    severity: Severity = 'high',
    state: FindingState = 'open',
    reason: str | None = None,
    line: int = 3,
) -> Finding:
    place = SourceRange(line, 2, line, 9)
    return Finding(
        path=path,
        place=place,
        rule='generic-credential',
        severity=severity,
        confidence='high',
        issuer=None,
        claims=(),
        title=text,
        message=text,
        do=(text,),
        parts=(FindingPart('secret', place, text, 'never-printed-value'),),
        fingerprint='0' * 32,
        help_url='https://keylint.readthedocs.io/rules/generic-credential/',
        excerpt=(ExcerptLine('3', text, min(1, len(text) - 1)),),
        cell=Cell(1, 'source', 2),
        state=state,
        reason=reason,
        related=(RelatedLocation(path, place, text),),
    )


def hostile_report(text: str, path: str) -> Report:
    report = Report()
    report.files = 2
    report.findings = [
        finding(text, path),
        finding(text, path, 'low', 'suppressed', text),
        finding(text, path, 'info', 'known', text),
    ]
    report.findings.append(finding(text, path)._replace(rule='key-exceeds-code', parts=()))
    report.failures = [Failure(path, 'read', text)]
    report.warnings = [ScanWarning(path, 1, text)]
    report.skipped = {text: 1}
    return report
