"""Tell on standard error what could not be scanned."""

from __future__ import annotations

import sys

from keylint.core.report import Report
from keylint.findings.foreign_text import quote_message, redact_report
from keylint.reporters.text import sanitize_text


def print_error(error: Exception) -> None:
    """Print what ended a run; what it repeats of files and arguments holds no value."""
    print(f'keylint: {quote_message(str(error))}', file=sys.stderr)


def print_failures(report: Report) -> int:
    """Print what could not be scanned and return the exit code: 2 if there is anything, else 0."""
    for failure in redact_report(report).failures:
        print(
            f'keylint: {sanitize_text(failure.path)}: {sanitize_text(failure.error)}',
            file=sys.stderr,
        )
    return 2 if report.failures else 0
