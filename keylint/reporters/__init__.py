"""A report in, text out: one format a module, one row in the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from keylint.config import Config
from keylint.model import Report

Reporter = Callable[[Report, Config, TextIO, bool], None]


def _text(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    from keylint.reporters import text  # noqa: PLC0415 - only the format that is asked for is imported

    text.write(report, config, stream, is_coloured)


def _json(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    from keylint.reporters import json_report  # noqa: PLC0415

    json_report.write(report, config, stream, is_coloured)


REPORTERS: dict[str, Reporter] = {'text': _text, 'json': _json}
