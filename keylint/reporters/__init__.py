"""Write a report as text: one module and one row of the table for each format."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TextIO

from keylint.core.config import Config
from keylint.core.model import Report

Reporter = Callable[[Report, Config, TextIO, bool], None]


class Format(NamedTuple):
    """Name the module whose `write` makes a format.

    `is_rooted`: paths start at the root of the repository, as CI systems expect them.
    """

    module: str
    is_rooted: bool = False


REPORTERS: dict[str, Format] = {
    'text': Format('text'),
    'json': Format('json_report'),
    'jsonl': Format('jsonl'),
    'sarif': Format('sarif', is_rooted=True),
    'github': Format('github', is_rooted=True),
    'gitlab': Format('gitlab', is_rooted=True),
    'codeclimate': Format('codeclimate', is_rooted=True),
    'junit': Format('junit', is_rooted=True),
    'csv': Format('csv_report'),
    'markdown': Format('markdown', is_rooted=True),
    'html': Format('html_report'),
}


def reporter(name: str) -> Reporter:
    """Return the function that writes a format; import no module but the one that holds it."""
    from importlib import import_module  # noqa: PLC0415 - only when a report is written

    write: Reporter = import_module(f'keylint.reporters.{REPORTERS[name].module}').write
    return write
