"""Tell on standard error what could not be scanned."""

from __future__ import annotations

import sys

from keylint.core.report import Report
from keylint.reporters.text import sanitize_text


def print_failures(report: Report) -> int:
    """Print what could not be scanned and return the exit code: 2 if there is anything, else 0."""
    for failure in report.failures:
        print(
            f'keylint: {sanitize_text(failure.path)}: {sanitize_text(failure.error)}',
            file=sys.stderr,
        )
    return 2 if report.failures else 0
