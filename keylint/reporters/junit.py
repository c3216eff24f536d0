"""JUnit XML as Jenkins reads it (junit-10.xsd of its xUnit plugin): a test for each finding, and one for the scan itself.

Names carry no line numbers: Jenkins keeps the history of a test by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TextIO

from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import Report
from keylint.core.terms import SEVERITIES
from keylint.reporters.order import counted
from keylint.reporters.text import clean, within_text


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Findings at or above `--fail-on` fail, those below pass with a note, accepted ones are skipped; what was not scanned is an error."""
    threshold = SEVERITIES.index(config.fail_on)
    failing = [
        finding.state == 'open' and SEVERITIES.index(finding.severity) >= threshold
        for finding in report.findings
    ]
    skipped = sum(finding.state != 'open' for finding in report.findings) + (not report.files)
    numbers = f'tests="{len(report.findings) + len(report.failures) + 1}" failures="{sum(failing)}" errors="{len(report.failures)}"'
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(
        f'<testsuites name="keylint" {numbers}>\n<testsuite name="keylint" {numbers} skipped="{skipped}">\n'
    )
    stream.write(_scan(report))
    for (name, finding), fails in zip(_named(report.findings), failing, strict=True):
        stream.write(_case(name, finding, fails))
    for failure in report.failures:
        stream.write(f'<testcase classname="keylint.not-scanned" name={_quoted(failure.path)}>\n')
        stream.write(f'<error type="not-scanned" message={_quoted(failure.error)}/>\n</testcase>\n')
    stream.write('</testsuite>\n</testsuites>\n')


def _scan(report: Report) -> str:
    """The test that is always there: Jenkins takes a report without tests for a mistake."""
    lines = [
        counted(report),
        *(
            f'{clean(warned.path)}:{warned.line} {clean(warned.message)}'
            for warned in report.warnings
        ),
    ]
    inner = (
        f'<system-out>{_text(lines)}</system-out>'
        if report.files
        else '<skipped message="nothing was scanned"/>'
    )
    return f'<testcase classname="keylint" name="scan">\n{inner}\n</testcase>\n'


def _named(findings: list[Finding]) -> Iterator[tuple[str, Finding]]:
    seen: dict[str, int] = {}
    for finding in findings:
        name = f'{finding.path}: {finding.title}'
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f'{name} ({seen[name]})'), finding


def _case(name: str, finding: Finding, fails: bool) -> str:
    head = f'<testcase classname="keylint.{finding.rule}" name={_quoted(name)}>\n'
    if finding.state != 'open':
        return f'{head}<skipped message={_quoted(f"{finding.state}: {finding.reason}" if finding.reason else finding.state)}/>\n</testcase>\n'
    body = _text(_lines(finding))
    if not fails:
        return f'{head}<system-out>{body}</system-out>\n</testcase>\n'
    return f'{head}<failure type="{finding.severity}" message={_quoted(finding.title)}>{body}</failure>\n</testcase>\n'


def _lines(finding: Finding) -> list[str]:
    place = f'{finding.path}:{finding.place.line}:{finding.place.column}'
    where = within_text(finding)
    parts = [
        f'{part.role.replace("-", " ")} {part.preview}, line {part.place.line}'
        for part in finding.parts
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


def _text(lines: list[str]) -> str:
    return '\n'.join(_escaped(line) for line in lines)


def _escaped(text: str) -> str:
    """No character that XML 1.0 forbids, and nothing that ends a text or an attribute; `##` is no command to a log's reader."""
    return escape(clean(text)).replace('##', '&#35;&#35;')


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'
