"""Write what a scan says besides its findings: marks that cover nothing, files not scanned."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from keylint.core.lazy_typing import TextIO
from keylint.core.report import Failure, Report
from keylint.reporters.painter import Painter
from keylint.reporters.text import sanitize_text

# Limit on lines about members of one archive that could not be read for the same reason.
_MAX_ALIKE_FAILURES = 5


def write_notes(report: Report, stream: TextIO, paint: Painter) -> None:
    """Write the warnings and the failures, a line each."""
    for warned in report.warnings:
        place = f'{sanitize_text(warned.path)}:{warned.line}'
        stream.write(f'{paint("33", "warning")} {place} {sanitize_text(warned.message)}\n')
    shown, more = _leave_out_alike(report.failures)
    for (path, why), failures in groupby(shown, key=_split_failure):
        head = f'{paint("31", "not scanned")} {sanitize_text(path)}'
        stream.writelines(f'{head}: {line}\n' for line in _list_failures(list(failures), why))
    for error, count in more.items():
        mark = paint('31', 'not scanned')
        stream.write(f'{mark} {count} more: {sanitize_text(error)} (--format json names all)\n')


def _leave_out_alike(failures: list[Failure]) -> tuple[list[Failure], Counter[str]]:
    """Keep a few of the files that fail for one reason; count the others by it."""
    total = Counter(failure.error for failure in failures)
    kept: Counter[str] = Counter()
    shown, more = [], Counter[str]()
    for failure in failures:
        error = failure.error
        if total[error] > _MAX_ALIKE_FAILURES and kept[error] >= _MAX_ALIKE_FAILURES - 1:
            more[error] += 1
        else:
            kept[error] += 1
            shown.append(failure)
    return shown, more


def _list_failures(failures: list[Failure], why: str) -> list[str]:
    """Say what is wrong with members of one archive; `why` is what all of them share."""
    if len(failures) <= _MAX_ALIKE_FAILURES:
        return [sanitize_text(failure.error) for failure in failures]
    shown = [sanitize_text(failure.error) for failure in failures[: _MAX_ALIKE_FAILURES - 1]]
    more = len(failures) - len(shown)
    return [*shown, f'{more} more: {sanitize_text(why)} (--format json names all)']


def _split_failure(failure: Failure) -> tuple[str, str]:
    """Return the path, and the error without the name of an archive's member."""
    member, found, why = failure.error.partition(': ')
    return failure.path, why if found and '!/' in member else failure.error
