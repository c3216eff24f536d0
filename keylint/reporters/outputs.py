"""Where reports go: `FILE`, `FORMAT:FILE`, `-`; a file is replaced only by a whole report.

Annotations are evaluated here, as those of a named tuple would be compiled on import.
"""

import os
import stat
import sys
from collections.abc import Sequence
from io import StringIO, TextIOWrapper
from typing import NamedTuple

from keylint.core.atomic import replace_file
from keylint.core.config import Config
from keylint.core.errors import ConfigError, SourceError, suggest_word
from keylint.core.report import Report
from keylint.reporters import REPORTERS, reporter

_STDOUT = '-'


class Output(NamedTuple):
    """A format and the file that gets it; `-` is standard output."""

    format: str
    file: str


def outputs(format_name: str | None, wanted: Sequence[str]) -> tuple[Output, ...]:
    """What `--format` and the `--output` options ask for. Raises ConfigError for an unknown format and for two reports in one place."""
    found = []
    for value in wanted:
        prefix, file = _split(value)
        if prefix and prefix not in REPORTERS:
            hint = suggest_word(prefix, list(REPORTERS)) or f'; allowed: {", ".join(REPORTERS)}'
            raise ConfigError(
                f"--output {value}: unknown format '{prefix}'{hint}; a file of that name is ./{value}"
            )
        found.append(Output(prefix or format_name or 'text', file))
    is_unserved = (
        format_name
        and all(_split(value)[0] for value in wanted)
        and Output(format_name, _STDOUT) not in found
    )
    if not wanted or is_unserved:
        found.append(Output(format_name or 'text', _STDOUT))
    files = [output.file for output in found]
    for file in files:
        if files.count(file) > 1:
            where = 'standard output' if file == _STDOUT else file
            raise ConfigError(
                f'--output: {where} can take one report only; give the others files of their own'
            )
    return tuple(found)


def _split(value: str) -> tuple[str, str]:
    """Format and file of `FORMAT:FILE`; one letter is a drive of Windows."""
    prefix, mark, file = value.partition(':')
    is_prefixed = (
        mark
        and file
        and len(prefix) > 1
        and prefix.isascii()
        and prefix.isalpha()
        and prefix.islower()
    )
    return (prefix, file) if is_prefixed else ('', value)


def write(report: Report, rooted: Report, config: Config, wanted: Sequence[Output]) -> None:
    """Every report to its place; `rooted` is the report with the paths that CI formats show. Raises SourceError."""
    if report.findings or report.failures or report.warnings:
        from keylint.findings.foreign_text import redact_report  # noqa: PLC0415 - only with something to show

        is_same = rooted is report
        report = redact_report(report)
        rooted = report if is_same else redact_report(rooted)
    for output in wanted:
        shown = rooted if REPORTERS[output.format].is_rooted else report
        if output.file == _STDOUT:
            _print(shown, config, output.format)
            continue
        text = StringIO(newline='')
        reporter(output.format)(shown, config, text, False)
        write_file(output.file, text.getvalue(), config.show_secrets)


def write_file(name: str, text: str, is_private: bool = False) -> None:
    """A file that holds all of a text, or what it held before. Raises SourceError."""
    try:
        _replace(name, text.encode('utf-8', 'replace'), is_private)
    except OSError as error:
        raise SourceError(f'{name}: cannot write the report: {error.strerror}') from None


def _print(report: Report, config: Config, format_name: str) -> None:
    """To standard output. What machines read is UTF-8 with its own line ends on every system; text is in the terminal's encoding."""
    is_coloured = (
        sys.stdout.isatty() and not os.environ.get('NO_COLOR') and os.environ.get('TERM') != 'dumb'
    )
    if format_name != 'text' and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding='utf-8', errors='replace', newline='')
    try:
        reporter(format_name)(report, config, sys.stdout, is_coloured)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # what is still in the buffer goes nowhere
        raise SourceError(f'standard output: cannot write the report: {error.strerror}') from None


def _replace(name: str, data: bytes, is_private: bool) -> None:
    """The file holds all of `data` or what it held before. A link is followed; a device or pipe is written as it is."""
    target = os.path.realpath(name)
    try:
        mode: int | None = os.stat(target).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        with open(name, 'wb') as file:
            file.write(data)
        return
    kept = stat.S_IMODE(mode) if mode is not None and not is_private else None
    replace_file(target, data, 0o600 if is_private else 0o666, kept)
