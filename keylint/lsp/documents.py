"""Scan the texts of an editor and keep what was found, for what is asked next."""

from __future__ import annotations

import os

from keylint.core.errors import KeylintError, describe_crash
from keylint.core.model import Finding
from keylint.core.records import NamedTuple
from keylint.core.report import Failure, ScanWarning
from keylint.findings.foreign_text import quote_message, redact_report
from keylint.scanner.texts import ScannedText, is_ignored, scan_text

# What a save of these may change for other files.
SETTINGS = ('keylint.toml', 'pyproject.toml', '.keylint-baseline.json', '.gitignore')


class CheckedText(NamedTuple):
    """What is wrong with a text: findings that nobody has accepted, warnings, failures.

    All of them are redacted. `scanned` is None where the text was not scanned: it is left out on
    purpose, or `error` says what is wrong with the settings.
    """

    path: str
    data: bytes
    findings: tuple[Finding, ...] = ()
    warnings: tuple[ScanWarning, ...] = ()
    failures: tuple[Failure, ...] = ()
    scanned: ScannedText | None = None
    error: str = ''


def check_text(path: str, text: str, is_left_out: bool = False) -> CheckedText:
    """Scan the text of a file as it stands in the editor. Never raises.

    `is_left_out` says that git ignores the file.
    """
    data = text.encode('utf-8', 'replace')
    if is_left_out:
        return CheckedText(path, data)
    try:
        scanned = scan_text(path, data)
    except KeylintError as error:
        return CheckedText(path, data, error=quote_message(str(error)))
    except Exception as error:  # noqa: BLE001 - its text may quote the file
        return CheckedText(path, data, error=f'an error of keylint itself: {describe_crash(error)}')
    shown = redact_report(scanned.report)
    return CheckedText(
        path, data, tuple(shown.open), tuple(shown.warnings), tuple(shown.failures), scanned
    )


def is_left_out(path: str) -> bool:
    """Tell whether git ignores a file, so that a scan of its tree leaves it out. Never raises."""
    try:
        return is_ignored(path)
    except (KeylintError, OSError):
        return False


def is_setting(path: str) -> bool:
    """Tell whether a file says how others are scanned."""
    return os.path.basename(path) in SETTINGS
