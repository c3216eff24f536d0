"""A report in, text out: one format a module, one row in the table.

Annotations are evaluated here, as those of a named tuple would be compiled on import.
"""

from collections.abc import Callable
from typing import NamedTuple, TextIO

from keylint.core.config import Config
from keylint.core.report import Report

Reporter = Callable[[Report, Config, TextIO, bool], None]


class ReportFormat(NamedTuple):
    """The module whose `write` makes the format, and whether its paths start at the root of the repository, as CI systems want them."""

    module: str
    is_rooted: bool = False


REPORTERS: dict[str, ReportFormat] = {
    'text': ReportFormat('text'),
    'json': ReportFormat('json_report'),
    'jsonl': ReportFormat('jsonl'),
    'sarif': ReportFormat('sarif', is_rooted=True),
    'github': ReportFormat('github', is_rooted=True),
    'gitlab': ReportFormat('gitlab', is_rooted=True),
    'codeclimate': ReportFormat('codeclimate', is_rooted=True),
    'junit': ReportFormat('junit', is_rooted=True),
    'csv': ReportFormat('csv_report'),
    'markdown': ReportFormat('markdown', is_rooted=True),
    'html': ReportFormat('html_report'),
}


def reporter(name: str) -> Reporter:
    """The function that writes a format. Only the module of the format that is asked for is imported."""
    from importlib import import_module  # noqa: PLC0415

    write: Reporter = import_module(f'keylint.reporters.{REPORTERS[name].module}').write
    return write
