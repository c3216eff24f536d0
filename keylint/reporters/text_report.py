"""Write text for people: findings with secrets redacted, what to do, a summary.

A clean run, as the hook makes most often, writes the summary alone and loads nothing for more.
"""

from __future__ import annotations

from collections import Counter
from io import TextIOWrapper

from keylint.core.config import Config
from keylint.core.lazy_typing import TextIO
from keylint.core.report import Report
from keylint.core.terms import SEVERITIES
from keylint.reporters.painter import SEVERITY_COLOURS, Painter, strip_controls

_KILO, _MEGA = 1_000, 1_000_000
# The option that scans what was left out, by the reason of `sources.files`.
_OPTIONS = {'ignored by git': ' (--no-ignore scans it)'}
_LFS = 'Git LFS pointer'  # as `sources.lfs` begins its failures


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write open findings, warnings, failures and the summary line."""
    accept_any_text(stream)
    paint = Painter(is_coloured)
    if report.open or report.warnings or report.failures:
        from keylint.reporters.short_text import write_details  # noqa: PLC0415 - not in the hook

        write_details(report, stream, paint)
    write_summary(report, config, stream, paint)


def accept_any_text(stream: TextIO) -> None:
    """Let a console that knows less than UTF-8 show a question mark for the rest."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors='replace')


def write_summary(report: Report, config: Config, stream: TextIO, paint: Painter) -> None:
    """Write the last line: what was found in how much, and what else there is to know."""
    if report.is_quiet:
        return
    shown = report.open
    counts = [
        (level, sum(finding.severity == level for finding in shown))
        for level in reversed(SEVERITIES)
    ]
    found = ', '.join(
        f'{count} {paint(SEVERITY_COLOURS[level], level)}' for level, count in counts if count
    )
    line = f'{found or "no findings"} in {_format_amount(report)}'
    if not report.files:
        line = 'nothing was scanned'
    stream.write('; '.join([line, *_list_extras(report, config)]) + '\n')


def list_hidden(report: Report, config: Config) -> list[str]:
    """Say how many findings each setting of the user hides: `3 findings hidden by ignore`."""
    usual = {'severity': Config().severity, 'confidence': Config().confidence}
    return [
        f'{count} finding{"s" * (count != 1)} hidden by {key}'
        for key, count in report.hidden_counts.items()
        if getattr(config, key, None) != usual.get(key, '')
    ]


def _format_amount(report: Report) -> str:
    """Format how much was scanned, and in how many seconds."""
    unchanged = f'{report.unchanged} unchanged, ' if report.unchanged else ''
    unit = f'{report.unit}{"s" * (report.files != 1)}'
    effort = f'{unchanged}{format_size(report.bytes)}, {report.seconds:.2f} s'
    return f'{report.files} {unit} ({effort})'


def format_size(count: int) -> str:
    """Format a number of bytes: `812 bytes`, `14 kB`, `5.4 MB`."""
    if count < _KILO:
        return f'{count} byte{"s" * (count != 1)}'
    if count < _MEGA:
        return f'{count / _KILO:.0f} kB'
    return f'{count / _MEGA:.1f} MB'


def _list_extras(report: Report, config: Config) -> list[str]:
    """Count what the summary names besides open findings; zeros are left out."""
    states = Counter(finding.state for finding in report.findings)
    counts = [(states[state], state) for state in ('suppressed', 'known')]
    extras = [f'{count} {state}' for count, state in counts if count]
    extras += list_hidden(report, config)
    if report.skipped:
        reasons = [
            f'{count} {strip_controls(why)}{_OPTIONS.get(why, "")}'
            for why, count in sorted(report.skipped.items())
        ]
        extras.append(f'skipped: {", ".join(reasons)}')
    if report.failures:
        extras.append(f'{len(report.failures)} not scanned')
        pointers = sum(_LFS in failure.error for failure in report.failures)
        if pointers:
            what = '1 LFS pointer: its' if pointers == 1 else f'{pointers} LFS pointers: their'
            extras.append(f'{what} content was not looked at')
    return extras
