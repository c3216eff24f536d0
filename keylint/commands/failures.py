"""Tell on standard error what could not be scanned."""

from __future__ import annotations

import sys

from keylint.core.report import Report
from keylint.reporters.text import clean


def print_failures(report: Report) -> int:
    """Print what could not be scanned and return the exit code: 2 if there is anything, else 0."""
    if report.failures:
        from keylint.findings.foreign_text import redact_report  # noqa: PLC0415 - only with something to show

        for failure in redact_report(report).failures:
            print(f'keylint: {clean(failure.path)}: {clean(failure.error)}', file=sys.stderr)
    return 2 if report.failures else 0
