"""Send reports to `FILE`, `FORMAT:FILE` or `-`; a file is replaced only by a whole report.

Annotations are evaluated here, as those of a named tuple would be compiled on import.
"""

import os
import stat
import sys
from collections.abc import Sequence
from io import StringIO, TextIOWrapper

from keylint.core.atomic import replace_file
from keylint.core.config import Config
from keylint.core.errors import ConfigError, SourceError, suggest_word
from keylint.core.lazy_typing import TextIO
from keylint.core.records import NamedTuple
from keylint.core.report import Report
from keylint.reporters import REPORTERS, load_reporter

_STDOUT = '-'
# Formats for people, which are printed in the encoding of the terminal.
_IN_TERMINALS = ('text', 'full', 'concise')
# The formats of files whose name has such an ending, where nothing else names one.
_ENDINGS = {
    '.json': 'json',
    '.jsonl': 'jsonl',
    '.sarif': 'sarif',
    '.csv': 'csv',
    '.md': 'markdown',
    '.html': 'html',
    '.xml': 'junit',
}


class Output(NamedTuple):
    """Name a format and the file that it is written to; `-` is standard output."""

    format: str
    file: str


def parse_outputs(format_name: str | None, wanted: Sequence[str]) -> tuple[Output, ...]:
    """Read what `--format` and the `--output` options ask for.

    Raises ConfigError for an unknown format and for two reports in one place.
    """
    found = []
    for value in wanted:
        prefix, file = _split_output(value)
        if prefix and prefix not in REPORTERS:
            hint = suggest_word(prefix, list(REPORTERS)) or f'; allowed: {", ".join(REPORTERS)}'
            raise ConfigError(
                f"--output {value}: unknown format '{prefix}'{hint}; "
                f'a file of that name is ./{value}'
            )
        found.append(Output(prefix or format_name or _guess_format(file), file))
    is_unserved = (
        format_name
        and all(_split_output(value)[0] for value in wanted)
        and Output(format_name, _STDOUT) not in found
    )
    if not wanted or is_unserved:
        found.append(Output(format_name or 'text', _STDOUT))
    _check_conflicts([output.file for output in found])
    return tuple(found)


def _guess_format(file: str) -> str:
    """Return the format that the ending of a file's name says; text where it says none."""
    return _ENDINGS.get(os.path.splitext(file)[1].lower(), 'text')


def _check_conflicts(files: list[str]) -> None:
    """Raise ConfigError when two reports go to one place."""
    for file in files:
        if files.count(file) > 1:
            where = 'standard output' if file == _STDOUT else file
            raise ConfigError(
                f'--output: {where} can take one report only; give the others files of their own'
            )


def _split_output(value: str) -> tuple[str, str]:
    """Split `FORMAT:FILE`; a single letter before the colon is a drive of Windows."""
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


def write_reports(report: Report, rooted: Report, config: Config, wanted: Sequence[Output]) -> None:
    """Write every report to its place. Raises SourceError.

    `rooted` is the report with the paths that CI formats show. Both hold no value any more, as
    `reporters.places.prepare_reports` returns them.
    """
    for output in wanted:
        shown = rooted if REPORTERS[output.format].is_rooted else report
        if output.file == _STDOUT:
            _print_report(shown, config, output.format)
            continue
        text = StringIO(newline='')
        load_reporter(output.format)(shown, config, text, False)
        write_file(output.file, text.getvalue(), config.show_secrets)


def write_file(name: str, text: str, is_private: bool = False) -> None:
    """Write a text to a file, which else keeps what it held before. Raises SourceError."""
    try:
        _replace_or_write(name, text.encode('utf-8', 'replace'), is_private)
    except OSError as error:
        raise SourceError(f'{name}: cannot write the report: {error.strerror}') from None


def wants_colour(stream: TextIO) -> bool:
    """Tell whether a stream gets colours: a terminal, or any where the environment says so.

    no-color.org and force-color.org have the variables; the first counts where both are set.
    """
    if os.environ.get('NO_COLOR'):
        return False
    if os.environ.get('FORCE_COLOR') or os.environ.get('CLICOLOR_FORCE', '0') != '0':
        return True
    return stream.isatty() and os.environ.get('TERM') != 'dumb'


def _print_report(report: Report, config: Config, format_name: str) -> None:
    """Write to standard output. Raises SourceError, but lets BrokenPipeError through.

    What machines read is UTF-8 with its own line ends on every system; text is in the terminal's
    encoding.
    """
    is_coloured = wants_colour(sys.stdout)
    if format_name not in _IN_TERMINALS and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding='utf-8', errors='replace', newline='')
    try:
        load_reporter(format_name)(report, config, sys.stdout, is_coloured)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is still in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SourceError(f'standard output: cannot write the report: {error.strerror}') from None


def _replace_or_write(name: str, data: bytes, is_private: bool) -> None:
    """Write all of `data`, or leave what the file held before.

    A link is followed; a device or pipe is written to as it is.
    """
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
