"""Show the lines of a file that `keylint fix` changes, without any value."""

from __future__ import annotations

from collections.abc import Sequence

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.spans import Lines
from keylint.findings.redaction import LineRedactor, collect_secrets
from keylint.fix.edits import MovedValue
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules
from keylint.sources.tree_places import place_file

BYTE_ORDER_MARK = b'\xef\xbb\xbf'


def redact_lines(path: str, data: bytes, moves: Sequence[MovedValue], rules: Rules) -> list[str]:
    """Return the lines of a file with an ellipsis for whatever could be a secret.

    That includes whatever any rule matches, however unsure, the values that move, and the text that
    an excerpt does not show.
    """
    config = Config(severity='info', confidence='low', show_secrets=True)
    text = data.removeprefix(BYTE_ORDER_MARK)
    lines = Lines(text)
    origin = Origin(path, place=place_file(path))
    found = [
        (*lines.span(part.place), (part.value or '').encode())
        for finding in scan_blob(Blob(text, origin), rules, config).findings
        for part in finding.parts
    ]
    found += [(0, 0, move.value.encode()) for move in moves]
    redactor = LineRedactor(lines, path, collect_secrets(lines, found), rules.pack.public_names)
    count = len(lines.starts) - (lines.starts[-1] == len(text))
    return [redactor.show_line(number) for number in range(1, count + 1)]
