"""Write a report as text: one module and one row of the table for each format.

Annotations are evaluated here, as those of a named tuple would be compiled on import.
"""

from collections.abc import Callable
from importlib import import_module

from keylint.core.config import Config
from keylint.core.lazy_typing import TextIO
from keylint.core.records import NamedTuple
from keylint.core.report import Report

Reporter = Callable[[Report, Config, TextIO, bool], None]


class ReportFormat(NamedTuple):
    """Name the module whose `write` makes a format.

    `is_rooted`: paths start at the root of the repository, as CI systems expect them.
    """

    module: str
    is_rooted: bool = False


REPORTERS: dict[str, ReportFormat] = {
    'text': ReportFormat('text_report'),
    'full': ReportFormat('full_text'),
    'concise': ReportFormat('concise'),
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


def load_reporter(name: str) -> Reporter:
    """Return the function that writes a format; import no module but the one that holds it."""
    write: Reporter = import_module(f'keylint.reporters.{REPORTERS[name].module}').write
    return write
