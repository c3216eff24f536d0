"""The formats of `keylint publish`, one module each. No format carries a value."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import TextIO

from keylint.core.report import Report
from keylint.core.value_traces import ValueTrace
from keylint.findings.foreign_text import mask_values, redact_report
from keylint.publish.plan import PublishReport, redact_answer
from keylint.publish.verify import Leftover

# Format → the module whose `write` makes it; only the one that is asked for is imported.
_MODULES = {
    'text': 'publish_text',
    'markdown': 'publish_markdown',
    'json': 'publish_json',
    'html': 'publish_html',
}
FORMATS = tuple(_MODULES)


def write_answer(
    answer: PublishReport, format_name: str, stream: TextIO, is_coloured: bool
) -> None:
    """Write whether a repository can be published, in one of FORMATS."""
    _replace_unencodable(stream)
    module = import_module(f'keylint.reporters.{_MODULES[format_name]}')
    module.write(redact_answer(answer), stream, is_coloured)


def write_verification(
    leftovers: Sequence[Leftover],
    report: Report,
    format_name: str,
    stream: TextIO,
    traces: Collection[ValueTrace] = (),
) -> None:
    """Write what a purge left behind, as text or JSON. `traces` are those of the plan's values."""
    _replace_unencodable(stream)
    module = import_module(f'keylint.reporters.{_MODULES[format_name]}')
    shown = [
        item._replace(place=mask_values(item.place, traces), kept=mask_values(item.kept, traces))
        for item in leftovers
    ]
    module.write_verification(shown, redact_report(report, traces), stream)


def _replace_unencodable(stream: TextIO) -> None:
    """Show a question mark for what the terminal's encoding lacks."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors='replace')
