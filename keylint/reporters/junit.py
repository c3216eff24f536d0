"""Write JUnit XML as Jenkins reads it (junit-10.xsd of its xUnit plugin).

There is a test for each finding, and one for the scan itself. Names carry no line numbers:
Jenkins keeps the history of a test by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.core.terms import KIND_WORDS, SEVERITIES
from keylint.findings.copies import list_all_places
from keylint.reporters.order import format_counts
from keylint.reporters.text import format_inner_place, sanitize_text


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write a test for each place of a finding and for each file that could not be scanned.

    Findings at or above `--fail-on` fail, those below pass with a note, accepted ones are skipped.
    What was not scanned is an error.
    """
    threshold = SEVERITIES.index(config.fail_on)
    findings = list_all_places(report.findings)
    failing = [
        finding.state == 'open' and SEVERITIES.index(finding.severity) >= threshold
        for finding in findings
    ]
    skipped = sum(finding.state != 'open' for finding in findings) + (not report.files)
    tests = len(findings) + len(report.failures) + 1
    counts = f'tests="{tests}" failures="{sum(failing)}" errors="{len(report.failures)}"'
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(
        f'<testsuites name="keylint" {counts}>\n'
        f'<testsuite name="keylint" {counts} skipped="{skipped}">\n'
    )
    stream.write(_format_scan(report))
    for (name, finding), fails in zip(_name_tests(findings), failing, strict=True):
        stream.write(_format_case(name, finding, fails))
    for failure in report.failures:
        stream.write(
            f'<testcase classname="keylint.not-scanned" name={_quote_attribute(failure.path)}>\n'
        )
        stream.write(
            f'<error type="not-scanned" message={_quote_attribute(failure.error)}/>\n</testcase>\n'
        )
    stream.write('</testsuite>\n</testsuites>\n')


def _format_scan(report: Report) -> str:
    """Format the test that is always there: Jenkins rejects a report without tests."""
    lines = [format_counts(report)]
    lines += [
        f'{sanitize_text(w.path)}:{w.line} {sanitize_text(w.message)}' for w in report.warnings
    ]
    inner = '<skipped message="nothing was scanned"/>'
    if report.files:
        inner = f'<system-out>{_join_lines(lines)}</system-out>'
    return f'<testcase classname="keylint" name="scan">\n{inner}\n</testcase>\n'


def _name_tests(findings: list[Finding]) -> Iterator[tuple[str, Finding]]:
    """Yield each finding with a name that no other test has: a number tells equal ones apart."""
    seen: dict[str, int] = {}
    for finding in findings:
        name = f'{finding.path}: {finding.title}'
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f'{name} ({seen[name]})'), finding


def _format_case(name: str, finding: Finding, fails: bool) -> str:
    head = f'<testcase classname="keylint.{finding.rule}" name={_quote_attribute(name)}>\n'
    if finding.state != 'open':
        reason = f'{finding.state}: {finding.reason}' if finding.reason else finding.state
        return f'{head}<skipped message={_quote_attribute(reason)}/>\n</testcase>\n'
    body = _join_lines(_list_lines(finding))
    if not fails:
        return f'{head}<system-out>{body}</system-out>\n</testcase>\n'
    failure = f'<failure type="{finding.severity}" message={_quote_attribute(finding.title)}>'
    return f'{head}{failure}{body}</failure>\n</testcase>\n'


def _list_lines(finding: Finding) -> list[str]:
    place = f'{finding.path}:{finding.place.line}:{finding.place.column}'
    where = format_inner_place(finding)
    parts = [
        f'{KIND_WORDS[part.role]} {part.preview}, line {part.place.line}' for part in finding.parts
    ]
    parts += [f'{other.note}: {other.path}:{other.place.line}' for other in finding.related]
    steps = [f'{number}. {step}' for number, step in enumerate(finding.do, 1)]
    return [
        f'{place} ({where})' if where else place,
        f'{finding.severity}: {finding.message}',
        *parts,
        *steps,
        finding.help_url,
    ]


def _join_lines(lines: list[str]) -> str:
    return '\n'.join(_escape_xml(line) for line in lines)


def _escape_xml(text: str) -> str:
    """Escape text for an element or an attribute.

    Characters that XML 1.0 forbids are replaced, and `##`, with which commands to CI agents
    begin, becomes character references.
    """
    return escape(sanitize_text(text)).replace('##', '&#35;&#35;')


def _quote_attribute(text: str) -> str:
    return f'"{_escape_xml(text)}"'
