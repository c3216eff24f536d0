"""Write one JSON object a line.

`type` is `finding` (the object of the JSON report), `failure`, `warning`, and last `summary`.
"""

from __future__ import annotations

from typing import TextIO

from keylint._version import __version__
from keylint.core.config import Config
from keylint.core.report import Report
from keylint.reporters.json_report import count_summary, finding_object
from keylint.reporters.json_text import dump_json


def write(report: Report, config: Config, stream: TextIO, is_coloured: bool) -> None:
    """Write one object a line; the summary comes last, so that a run cut short lacks it."""
    rows = [{'type': 'finding', **finding_object(finding)} for finding in report.findings]
    rows += [{'type': 'failure', **failure._asdict()} for failure in report.failures]
    rows += [{'type': 'warning', **warned._asdict()} for warned in report.warnings]
    rows.append({'type': 'summary', 'keylint': __version__, **count_summary(report)})
    stream.writelines(dump_json(row) + '\n' for row in rows)
